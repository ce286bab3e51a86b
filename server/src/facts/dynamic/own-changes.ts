import type { Token } from '../../syntax/sql/lexer.ts';
import { firstWhere } from './first-where.ts';
import type { Write } from './writes.ts';

/** `x := lower(replace(x, 'a', ''))`: it is made of nothing but what it was, so that it has been looked at with that, but may look different. */
export function changesItself({ target, value, kind }: Write, tokens: readonly Token[], words: readonly string[]): boolean {
  if (value === undefined || kind === 'part' || kind === 'beside') return false;
  const first = firstWhere(tokens.length, (index) => tokens[index]!.start >= value.start);
  let itself = false;
  for (let at = first; at < tokens.length && tokens[at]!.start < value.end; at++) {
    if (at - first > longestChange || words[at] === 'select') return false;
    const { kind: token } = tokens[at]!;
    if ((token !== 'word' && token !== 'identifier' && token !== 'parameter') || words[at + 1] === '(') continue;
    if (words[at] !== target) return false;
    itself = true;
  }
  return itself;
}

/** In words. */
const longestChange = 40;

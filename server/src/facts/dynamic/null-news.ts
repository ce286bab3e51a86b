import { lex } from '../../syntax/sql/lexer.ts';
import type { Group, Slot } from './pieces.ts';
import type { Replacement } from './rewrite.ts';
import { nameOf } from '../sql/tokens.ts';

/** What becomes of a value that is NULL, where it was not so before. */
export type NullNews = 'the keyword NULL' | 'empty text' | 'an error';

/** `||` with a NULL gives no statement at all, while concat() and format() leave it out. */
export function nullsOf(replacements: readonly Replacement[], group: Group, source: string): NullNews[] {
  return replacements.flatMap(({ letter, only, changed, argument }): NullNews[] => {
    if (argument.startsWith('concat(')) return [];
    const leftOut = only === undefined ? leavesOut.test(source.slice(group.span.start, group.span.end)) : isLeftOut(only, group, source);
    const wasLeftOut = only !== undefined && !changed && isQuotedByCall(only, source);
    if (letter === 'L') return changed || wasLeftOut || only?.by === 'concat' ? ['the keyword NULL'] : [];
    if (letter === 'I' || (changed && only?.judged.list === true)) return (changed && leftOut) || wasLeftOut ? ['an error'] : [];
    if (changed) return [];
    return leftOut ? [] : ['empty text'];
  });
}

/** `format('%s', quote_literal(x))`, which becomes %L. */
function isQuotedByCall({ by, force, specifier, quoting }: Slot, source: string): boolean {
  return by === 'format' && force !== undefined && specifier === undefined && quoting !== undefined && /^quote_(literal|ident)\b/i.test(source.slice(quoting.start, quoting.end));
}

const leavesOut = /\b(concat|concat_ws|format)\s*\(/i;

/** An argument of format(), concat() or concat_ws(): those write a Boolean as t and a NULL not at all. */
export function isLeftOut({ by, span }: Slot, group: Group, source: string): boolean {
  if (by === 'format') return true;
  const before = source.slice(group.span.start, span.start);
  const open: boolean[] = [];
  const tokens = lex(before).filter((token) => token.kind !== 'comment');
  for (const [index, token] of tokens.entries()) {
    if (before[token.start] === '(') open.push(/^concat(_ws)?$/.test(nameOf(tokens[index - 1], before)));
    if (before[token.start] === ')') open.pop();
  }
  return open.at(-1) ?? false;
}

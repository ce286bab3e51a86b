import type { Token } from '../syntax/sql/lexer.ts';
import { nameOf } from './tokens.ts';

/**
 * The variables that can hold nothing but words of a list from some point on, because the body leaves or puts a constant into them
 * otherwise: `IF x NOT IN ('asc', 'desc') THEN RAISE EXCEPTION …`. Only checks that every way to a statement passes count.
 */
export function guardedNames(tokens: readonly Token[], text: string): ReadonlySet<string> {
  const words = tokens.map((token) => (token.kind === 'string' ? literalToken : nameOf(token, text)));
  const guarded = new Set<string>();
  let depth = 0;
  for (const [index, word] of words.entries()) {
    const starts = startsAfter.test(words[index - 1] ?? ';');
    // What runs before the check is not covered by it.
    if (/^(execute|query_to_xml\w*|ts_stat|crosstab)$/.test(word)) break;
    if (word === 'end') depth--;
    else if (word === 'begin' || word === 'case' || word === 'loop') depth += words[index - 1] === 'end' ? 0 : 1;
    else if (word === 'if' && starts) {
      const name = depth === 1 ? readGuard(words, index) : undefined;
      if (name !== undefined) guarded.add(name);
      depth++;
    }
  }
  return guarded;
}

const literalToken = "'";
const startsAfter = /^(;|then|else|begin|loop)$/;

function readGuard(words: readonly string[], start: number): string | undefined {
  const folded = /^(lower|upper)$/.test(words[start + 1]!) && words[start + 2] === '(' && words[start + 4] === ')';
  const name = words[folded ? start + 3 : start + 1]!;
  let at = start + (folded ? 5 : 2);
  if (words[at] !== 'not' || words[at + 1] !== 'in' || words[at + 2] !== '(') return undefined;
  at += 3;
  while (words[at] === literalToken && words[at + 1] === ',') at += 2;
  if (words[at] !== literalToken || words[at + 1] !== ')' || words[at + 2] !== 'then') return undefined;
  at += 3;
  const replaced = words[at] === name && /^(:=|=)$/.test(words[at + 1]!) && words[at + 2] === literalToken && words[at + 3] === ';';
  if (!replaced && !leaves(words, at)) return undefined;
  return isWritten(name, words.slice(replaced ? at + 4 : at)) ? undefined : name;
}

/** A handler could catch the exception and run the statement all the same. */
function leaves(words: readonly string[], at: number): boolean {
  const handled = words.some((word, index) => word === 'exception' && words[index + 1] === 'when');
  return words[at] === 'raise' && /^(exception|')$/.test(words[at + 1]!) && !handled;
}

/** A CALL may write to what is passed to it. */
function isWritten(name: string, words: readonly string[]): boolean {
  return words.includes('call') || words.some((word, index) => {
    if (word !== name) return false;
    if (words[index + 1] === ':=' || words[index + 1] === '[') return true;
    if (words[index + 1] === '=' && /^(;|,|then|else|begin|loop|diagnostics)$/.test(words[index - 1] ?? ';')) return true;
    let before = index - 1;
    while (/^[,.]$/.test(words[before] ?? '') || /^[,.]$/.test(words[before + 1] ?? '')) before--;
    return /^(into|strict|for|foreach|declare)$/.test(words[before] ?? '');
  });
}

import { startsStatement } from './word-ranges.ts';

/** How a branch ends such that nothing behind its statement runs: out of the routine, with an error, or to another turn or out of a loop. */
export type Leaving = 'return' | 'raise' | 'jump';

/** By the last statement of the words before `end`, which are those of a branch. */
export function leavingBefore(words: readonly string[], end: number, raises: ReadonlySet<string>): Leaving | undefined {
  if (words[end - 1] !== ';') return undefined;
  let first = end - 1;
  const least = Math.max(0, end - longestStatement);
  while (first > least && !startsStatement.has(words[first - 1]!)) first--;
  switch (words[first]) {
    case 'return': return /^(next|query)$/.test(words[first + 1] ?? '') ? undefined : 'return';
    case 'raise': return /^(notice|warning|info|log|debug)$/.test(words[first + 1] ?? '') ? undefined : 'raise';
    case 'exit': case 'continue': return words.slice(first, end).includes('when') ? undefined : 'jump';
    case 'perform': case 'select': case 'call': return raises.has(calledAt(words, first + 1)) ? 'raise' : undefined;
    default: return undefined;
  }
}

/** `app.fail` in `PERFORM app.fail('no such table')` */
function calledAt(words: readonly string[], first: number): string {
  let at = first;
  while (words[at + 1] === '.') at += 2;
  return words[at + 1] === '(' ? words[at]! : '';
}

/** In words. */
const longestStatement = 200;

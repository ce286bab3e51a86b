import { startsStatement } from './word-ranges.ts';

/** How a branch ends such that nothing behind its statement runs: out of the routine, with an error, or to another turn or out of a loop. */
export type Leaving = 'return' | 'raise' | 'jump';

/** By the last statement of the words before `end`, which are those of a branch. */
export function leavingBefore(words: readonly string[], end: number): Leaving | undefined {
  if (words[end - 1] !== ';') return undefined;
  let first = end - 1;
  const least = Math.max(0, end - longestStatement);
  while (first > least && !startsStatement.has(words[first - 1]!)) first--;
  switch (words[first]) {
    case 'return': return /^(next|query)$/.test(words[first + 1] ?? '') ? undefined : 'return';
    case 'raise': return /^(notice|warning|info|log|debug)$/.test(words[first + 1] ?? '') ? undefined : 'raise';
    case 'exit': case 'continue': return words.slice(first, end).includes('when') ? undefined : 'jump';
    default: return undefined;
  }
}

/** In words. */
const longestStatement = 200;

import { isOwnFunction } from './known-functions.ts';
import { closingOf, indexOf } from './word-ranges.ts';

/** `SELECT … FROM app.find_tables(x)`: where the arguments of the function stand that gives the rows. It may find none. */
export function argumentsOfRows(words: readonly string[], start: number, end: number): readonly [from: number, end: number] | undefined {
  const from = indexOf(words, 'from', start, end);
  if (from < 0) return undefined;
  let name = from + 1;
  while (words[name + 1] === '.') name += 2;
  if (words[name + 1] !== '(' || !isOwnFunction(words[name] ?? '')) return undefined;
  const close = closingOf(words, name + 1, end);
  // What is put together from several values says nothing of one of them.
  return words.slice(name + 2, close).includes('||') ? undefined : [name + 2, close];
}

// Parts of a body that is read by words; all numbers are indexes of words, `end` is the one behind the last.

/** The index of the parenthesis or bracket that closes the one at `open`; `end` when none does. */
export function closingOf(words: readonly string[], open: number, end: number): number {
  let depth = 0;
  for (let at = open; at < end; at++) {
    const word = words[at]!;
    if (opens(word)) depth++;
    else if (closes(word) && --depth === 0) return at;
  }
  return end;
}

/** What stands between these words, where they stand in no parentheses. */
export function partsOf(words: readonly string[], from: number, end: number, ...joins: readonly ('and' | 'or')[]): (readonly [from: number, end: number])[] {
  const parts: (readonly [number, number])[] = [];
  let depth = 0;
  let start = from;
  for (let at = from; at < end; at++) {
    const word = words[at]!;
    if (opens(word)) depth++;
    else if (closes(word)) depth--;
    else if (depth === 0 && (joins as readonly string[]).includes(word)) {
      parts.push([start, at]);
      start = at + 1;
    }
  }
  parts.push([start, end]);
  return parts;
}

/** The parts, when there are several. */
export function joinedBy(join: 'and' | 'or', words: readonly string[], from: number, end: number): (readonly [from: number, end: number])[] | undefined {
  if (indexOf(words, join, from, end) < 0) return undefined;
  const parts = partsOf(words, from, end, join);
  return parts.length > 1 ? parts : undefined;
}

/** The first of the sought words that stands in no parentheses; -1 when there is none. */
export function findOutside(words: readonly string[], from: number, end: number, sought: ReadonlySet<string>): number {
  let depth = 0;
  for (let at = from; at < end; at++) {
    const word = words[at]!;
    if (depth === 0 && sought.has(word)) return at;
    if (opens(word)) depth++;
    else if (closes(word)) depth--;
  }
  return -1;
}

/** The first such word, in parentheses or not; -1 when there is none. */
export function indexOf(words: readonly string[], word: string, from: number, end: number): number {
  for (let at = Math.max(0, from); at < end; at++) if (words[at] === word) return at;
  return -1;
}

/** The first word that is like that, in parentheses or not; -1 when there is none. */
export function findWord(words: readonly string[], from: number, end: number, is: (word: string, at: number) => boolean): number {
  for (let at = from; at < end; at++) if (is(words[at]!, at)) return at;
  return -1;
}

/** `SELECT … INTO STRICT a, b`, `INSERT INTO t … RETURNING x INTO a` */
export function targetsOf(words: readonly string[], start: number, end: number): { readonly into: readonly string[]; readonly strict: boolean } {
  let at = indexOf(words, 'into', start, end);
  if (words[start] === 'insert') at = indexOf(words, 'into', at + 1, end);
  if (at < 0) return { into: [], strict: false };
  const strict = words[at + 1] === 'strict';
  if (strict) at++;
  const into = [words[at + 1]!];
  for (at += 2; words[at] === ',' && at < end; at += 2) into.push(words[at + 1]!);
  return { into, strict };
}

function opens(word: string): boolean {
  return word === '(' || word === '[';
}

function closes(word: string): boolean {
  return word === ')' || word === ']';
}

/** The words behind which a statement begins. */
export const startsStatement = new Set([';', 'then', 'else', 'begin', 'loop', '>>']);

import type { HbaToken } from '../../syntax/hba.ts';
import type { Span } from '../../text.ts';

/** Where the text of a word stands, without quotes around it; undefined when quotes or a line break stand inside it. */
export function textSpan(text: string, { span: { start, end }, text: word }: HbaToken): Span | undefined {
  const written = text.slice(start, end);
  if (written === word) return { start, end };
  return written === `"${word}"` ? { start: start + 1, end: end - 1 } : undefined;
}

/** The words of a column as one text, to compare columns with. */
export function columnText(tokens: readonly HbaToken[]): string {
  return tokens.map(({ text, quoted }) => (quoted ? `"${text}"` : text)).join();
}

/** Things in groups of the same key, in the order in which the keys first occur. */
export function groupsBy<T>(things: readonly T[], keyOf: (thing: T) => string): readonly (readonly T[])[] {
  const groups = new Map<string, T[]>();
  for (const thing of things) {
    const key = keyOf(thing);
    const group = groups.get(key);
    if (group) group.push(thing);
    else groups.set(key, [thing]);
  }
  return [...groups.values()];
}

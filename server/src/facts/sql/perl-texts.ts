import type { Span } from '../../text.ts';
import { firstWhere } from '../dynamic/first-where.ts';

/** A text of Perl that begins behind the line that names it: `spi_exec_query(<<"END");` */
export interface HereDocument {
  /** `<<"END"`, where the text belongs. */
  readonly marker: Span;
  readonly body: Span;
  /** `<<'END'` takes no values. */
  readonly takesValues: boolean;
}

/** In the order of the text. Several on one line follow one another. */
export function hereDocuments(text: string): HereDocument[] {
  if (!text.includes('<<')) return [];
  const found: HereDocument[] = [];
  const lines = shortLines(text);
  let next = 0;
  for (const match of text.matchAll(/<<(~?)(?:"([^"\n]+)"|'([^'\n]+)'|([A-Za-z_]\w*))/g)) {
    const [written, indented, double, single, bare] = match;
    const last = found.at(-1);
    // What stands inside of another one is a part of its text.
    if (last !== undefined && match.index >= last.body.start && match.index < last.body.end) continue;
    const line = text.indexOf('\n', match.index) + 1;
    if (line === 0) break;
    const start = Math.max(line, next);
    const name = (double ?? single ?? bare)!;
    const end = firstBehind(lines.get(indented + name) ?? [], start)?.end;
    if (end === undefined) continue;
    found.push({ marker: { start: match.index, end: match.index + written.length }, body: { start, end }, takesValues: single === undefined });
    next = end;
  }
  return found;
}

/** The same length with blanks in their place, so that quotes in them count for nothing. */
export function withoutDocuments(text: string, documents: readonly HereDocument[]): string {
  const parts: string[] = [];
  let done = 0;
  for (const { body: { start, end } } of documents) {
    parts.push(text.slice(done, start), text.slice(start, end).replace(/[^\n]/g, ' '));
    done = end;
  }
  return parts.join('') + text.slice(done);
}

/** Where the lines are that may end a text, by what stands in them; behind `~` without the blanks before it. */
function shortLines(text: string): ReadonlyMap<string, readonly Span[]> {
  const lines = new Map<string, Span[]>();
  const add = (name: string, line: Span): void => {
    const known = lines.get(name);
    if (known) known.push(line);
    else lines.set(name, [line]);
  };
  for (let start = 0; start < text.length;) {
    const newline = text.indexOf('\n', start);
    const end = newline < 0 ? text.length : newline + 1;
    const line = text.slice(start, end).replace(/\r?\n$/, '');
    const name = line.trimStart();
    if (name !== '' && name.length <= longestName) {
      if (name === line) add(name, { start, end });
      add(`~${name}`, { start, end });
    }
    start = end;
  }
  return lines;
}

const longestName = 64;

/** Whether a text in double quotes takes a value that nothing quotes. */
export function interpolates(text: string): boolean {
  return /(?<!\\)\$\{?(?!\d)\w|(?<!\\)@\{?\$?\w|(?<!\\)[@$]\{\s*[[\\]/.test(text.replace(quotedInside, ''));
}

/** `@{[ quote_literal($x) ]}`, `${\ quote_ident($x)}` */
const quotedInside = /@\{\s*\[\s*quote_\w+\s*\([^()]*\)\s*\]\s*\}|\$\{\s*\\\s*quote_\w+\s*\([^()]*\)\s*\}/g;

function firstBehind(lines: readonly Span[], offset: number): Span | undefined {
  return lines[firstWhere(lines.length, (index) => lines[index]!.start >= offset)];
}

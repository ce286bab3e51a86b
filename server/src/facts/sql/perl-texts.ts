import type { Span } from '../../text.ts';

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
  const found: HereDocument[] = [];
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
    const end = endOf(text, start, name, indented !== '');
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

/** Where the line behind the one with the name begins. */
function endOf(text: string, start: number, name: string, indented: boolean): number | undefined {
  for (let at = start; at < text.length;) {
    const newline = text.indexOf('\n', at);
    const end = newline < 0 ? text.length : newline + 1;
    const line = text.slice(at, end).replace(/\r?\n$/, '');
    if ((indented ? line.trimStart() : line) === name) return end;
    at = end;
  }
  return undefined;
}

/** Whether a text in double quotes takes a value that nothing quotes. */
export function interpolates(text: string): boolean {
  return /(?<!\\)\$\{?(?!\d)\w|(?<!\\)@\{?\$?\w|(?<!\\)[@$]\{\s*[[\\]/.test(text.replace(quotedInside, ''));
}

/** `@{[ quote_literal($x) ]}`, `${\ quote_ident($x)}` */
const quotedInside = /@\{\s*\[\s*quote_\w+\s*\([^()]*\)\s*\]\s*\}|\$\{\s*\\\s*quote_\w+\s*\([^()]*\)\s*\}/g;

import { readLineAt, type HbaToken } from '../syntax/hba-tokens.ts';
import type { Span } from '../text.ts';

/** Where the cursor stands in a line of pg_hba.conf or pg_ident.conf; the line may be half written. */
export interface FieldPlace {
  /** The fields in front of the one with the cursor. */
  readonly before: readonly (readonly HbaToken[])[];
  /** The other entries of the field with the cursor. */
  readonly beside: readonly HbaToken[];
  /** The fields behind it. */
  readonly behind: readonly (readonly HbaToken[])[];
  /** What the cursor stands in or at the edge of; empty between blanks. */
  readonly word: Span;
  /** The word begins with a quote. */
  readonly quoted: boolean;
}

/** Undefined in comments. */
export function fieldAt(text: string, offset: number, version: number): FieldPlace | undefined {
  const { line } = readLineAt(text, logicalStart(text, offset, version), version, text.includes('\0'));
  if (line?.comment !== undefined && offset > line.comment.start) return undefined;

  const fields = line?.fields ?? [];
  const here = fields.findIndex((tokens) => tokens.some((token) => touches(token, offset)));
  if (here >= 0) {
    const token = fields[here]!.find((one) => touches(one, offset))!;
    return placeOf(text, fields, here, here + 1, token, offset);
  }
  const next = fields.findIndex((tokens) => tokens.at(-1)!.span.start > offset);
  const count = next < 0 ? fields.length : next;
  const last = count > 0 ? fields[count - 1]!.at(-1)! : undefined;
  const inside = next >= 0 && fields[next]![0]!.span.start < offset;
  if (inside) return placeOf(text, fields, next, next + 1, undefined, offset);
  // A comma joins what follows to the field before it.
  const joined = last !== undefined && /^,[ \t]*$/.test(text.slice(last.span.end, offset));
  return joined ? placeOf(text, fields, count - 1, count, undefined, offset) : placeOf(text, fields, count, count, undefined, offset);
}

function placeOf(text: string, fields: FieldPlace['before'], from: number, to: number, token: HbaToken | undefined, offset: number): FieldPlace {
  const quoted = token !== undefined && text[token.span.start] === '"';
  // A quote that is not closed takes the rest of the line with it.
  const open = quoted && (token.span.end - token.span.start < 2 || text[token.span.end - 1] !== '"');
  return {
    before: fields.slice(0, from), behind: fields.slice(to), quoted,
    beside: fields.slice(from, to).flat().filter((one) => one !== token),
    word: token === undefined ? { start: offset, end: offset } : { start: token.span.start, end: open ? offset : token.span.end },
  };
}

function touches({ span }: HbaToken, offset: number): boolean {
  return span.start <= offset && offset <= span.end;
}

/** A line that ends with a backslash goes on in the next one. */
function logicalStart(text: string, offset: number, version: number): number {
  let start = text.lastIndexOf('\n', offset - 1) + 1;
  while (version >= 14 && start > 0 && /\\\r*$/.test(text.slice(Math.max(0, start - 20), start - 1))) start = start < 2 ? 0 : text.lastIndexOf('\n', start - 2) + 1;
  return start;
}

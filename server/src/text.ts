/** A half-open range [start, end) of UTF-16 offsets into one text, counted from 0. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** Replaces `span` by `text`. An empty span inserts. */
export interface Edit {
  readonly span: Span;
  readonly text: string;
  /** Where in `text` the user has to write something of their own. Such an edit is never applied unattended. */
  readonly placeholders?: readonly Span[];
}

/** A place in a text: line and UTF-16 column, both counted from 0. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** In characters: JavaScript knows no longer one. */
export const longestText = 0x1fffffe8;

/** `text` with all `edits` made. The edits must not overlap; two insertions at one place keep their order. */
export function applyEdits(text: string, edits: readonly Edit[]): string {
  const ordered = edits.map((edit, order) => ({ edit, order })).sort(
    (a, b) => a.edit.span.start - b.edit.span.start || a.edit.span.end - b.edit.span.end || a.order - b.order,
  );
  let result = '';
  let done = 0;
  for (const { edit } of ordered) {
    if (edit.span.start < done) throw new RangeError(`edit at ${edit.span.start} overlaps one that ends at ${done}`);
    result += text.slice(done, edit.span.start) + edit.text;
    done = edit.span.end;
  }
  return result + text.slice(done);
}

/** True when the two spans share a character, or when one is empty and lies inside or at the edge of the other. */
export function overlaps(a: Span, b: Span): boolean {
  if (a.start === a.end || b.start === b.end) return a.start <= b.end && b.start <= a.end;
  return a.start < b.end && b.start < a.end;
}

/** The character at `offset` belongs to the span. */
export function contains({ start, end }: Span, offset: number): boolean {
  return start <= offset && offset < end;
}

/** `span`, moved by `distance`. */
export function shift(span: Span, distance: number): Span {
  return { start: span.start + distance, end: span.end + distance };
}

/** Turns offsets into lines and back. A line ends at `\n`, `\r\n` or a lone `\r`, as in the Language Server Protocol. */
export class Lines {
  readonly #starts: number[];
  readonly #length: number;

  constructor(text: string) {
    this.#length = text.length;
    this.#starts = [0];
    if (!text.includes('\r')) {
      for (let i = text.indexOf('\n'); i >= 0; i = text.indexOf('\n', i + 1)) this.#starts.push(i + 1);
      return;
    }
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      if (code === 13 && text.charCodeAt(i + 1) === 10) continue;
      if (code === 10 || code === 13) this.#starts.push(i + 1);
    }
  }

  get count(): number {
    return this.#starts.length;
  }

  /** Clamps an offset outside the text to its nearest end. */
  position(offset: number): Position {
    const inside = Math.max(0, Math.min(offset, this.#length));
    let low = 0;
    let high = this.#starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.#starts[middle]! <= inside) low = middle;
      else high = middle - 1;
    }
    return { line: low, column: inside - this.#starts[low]! };
  }

  /** Offset of the first character of `line`; the end of the text when there is no such line. */
  start(line: number): number {
    return this.#starts[line] ?? this.#length;
  }

  offset(position: Position): number {
    return Math.min(this.start(position.line) + position.column, this.start(position.line + 1), this.#length);
  }
}

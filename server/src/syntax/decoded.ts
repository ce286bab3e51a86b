import type { Span } from '../text.ts';

/** A text whose quotes and escapes are undone. Character `i` of `text` is written at `[starts[i], ends[i])` of the document. */
export interface Decoded {
  readonly text: string;
  readonly starts: readonly number[];
  readonly ends: readonly number[];
  /** Where something written behind the last character would go. */
  readonly end: number;
}

/** A text without quotes and escapes that stands at `offset`. */
export function undecoded(text: string, offset: number): Decoded {
  const starts = Array.from({ length: text.length }, (_, i) => offset + i);
  return { text, starts, ends: starts.map((start) => start + 1), end: offset + text.length };
}

/** Where the characters from `start` to before `end` are written. */
export function spanIn({ starts, ends, end: last }: Decoded, start: number, end: number): Span {
  return start < end ? { start: starts[start]!, end: ends[end - 1]! } : { start: starts[start] ?? last, end: starts[start] ?? last };
}

export function sliceOf(decoded: Decoded, start: number, end: number): Decoded {
  const { text, starts, ends } = decoded;
  return { text: text.slice(start, end), starts: starts.slice(start, end), ends: ends.slice(start, end), end: spanIn(decoded, start, end).end };
}

/** Puts a decoded text together piece by piece. */
export class DecodedBuilder {
  #text = '';
  readonly #starts: number[] = [];
  readonly #ends: number[] = [];

  add(char: string, start: number, end: number): void {
    for (let i = 0; i < char.length; i++) {
      this.#starts.push(start);
      this.#ends.push(end);
    }
    this.#text += char;
  }

  finish(end: number): Decoded {
    return { text: this.#text, starts: this.#starts, ends: this.#ends, end };
  }
}

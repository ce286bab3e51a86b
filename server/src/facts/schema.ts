import type { Span } from '../text.ts';

/** A function or procedure, as the file leaves it behind. Spans are offsets in the file. */
export interface Routine {
  readonly name: string;
  readonly at: Span;
}

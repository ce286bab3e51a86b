import type { Span } from '../text.ts';

/** A place where a routine body runs text as SQL. Spans are offsets in the file. */
export interface DynamicSql {
  readonly expression: Span;
}

import type { Span } from '../text.ts';

/** What is worth knowing about a place, in Markdown. */
export interface Note {
  readonly span: Span;
  readonly text: string;
}

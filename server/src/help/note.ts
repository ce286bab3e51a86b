import type { Span } from '../text.ts';

/** What is worth knowing about a place, in Markdown. */
export interface Note {
  readonly span: Span;
  readonly text: string;
}

/** Text that stands in Markdown for itself. */
export function escapeMarkdown(text: string): string {
  return text.replace(/[\\`*_{}[\]<>#|!~]/g, '\\$&');
}

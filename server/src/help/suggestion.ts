import type { Span } from '../text.ts';

/** What can be written at a place. */
export interface Suggestions {
  /** The word under the cursor, which the chosen suggestion takes the place of. */
  readonly span: Span;
  /** The best first. */
  readonly items: readonly Suggestion[];
}

export interface Suggestion {
  readonly label: string;
  readonly kind: 'parameter' | 'value' | 'keyword' | 'name' | 'option' | 'network';
  /** One short line. */
  readonly detail?: string;
  /** Markdown. */
  readonly documentation?: string;
  /** The parameter that the documentation is about; it is made when the editor asks for it. */
  readonly parameter?: string;
  readonly text: string;
  /** The same with places to fill in, for editors that can. */
  readonly snippet?: Snippet;
  /** What the typed text is compared with, when that is not the label. */
  readonly filter?: string;
  readonly deprecated?: boolean;
}

export interface Snippet {
  readonly before: string;
  /** One of several words, the first one unless another is chosen. */
  readonly choices: readonly string[];
  readonly after: string;
}

export const nothing: Suggestions = { span: { start: 0, end: 0 }, items: [] };

/** Every label once; the first one stays. */
export function distinct(items: readonly Suggestion[]): Suggestion[] {
  const seen = new Set<string>();
  return items.filter(({ label }) => !seen.has(label) && seen.add(label));
}

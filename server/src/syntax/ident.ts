import type { Written } from '../document.ts';

/** A pg_ident.conf as written. Every input gives one. */
export interface IdentFile extends Written {
  readonly records: readonly { readonly span: import('../text.ts').Span }[];
}

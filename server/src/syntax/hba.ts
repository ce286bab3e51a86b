import type { Written } from '../document.ts';
import type { Span } from '../text.ts';

/** A pg_hba.conf as written. Every input gives one. */
export interface HbaFile extends Written {
  readonly records: readonly HbaRecord[];
}

/** One token. `text` is without quotes; `quoted` tokens are never keywords. */
export interface HbaToken {
  readonly span: Span;
  readonly text: string;
  readonly quoted: boolean;
}

export interface HbaRecord {
  readonly span: Span;
  /** What a server of the given version would say, in our words; such a record makes it refuse the whole file. */
  readonly error?: { readonly at: Span; readonly message: string };
}

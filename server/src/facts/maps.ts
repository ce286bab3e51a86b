import type { Document } from '../document.ts';
import type { IdentFile } from '../syntax/ident.ts';

/** What a pg_ident.conf means. */
export interface IdentFacts {
  readonly document: Document;
  readonly file: IdentFile;
}

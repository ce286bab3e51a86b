import type { Document } from '../document.ts';
import { clusterOf, type Cluster } from './cluster.ts';
import { parseIdent, type IdentFile, type IdentRecord } from '../syntax/ident.ts';

/** What a pg_ident.conf means. */
export interface IdentFacts {
  readonly document: Document;
  readonly file: IdentFile;
  /** The entries of this document that the server would load, in order. */
  readonly records: readonly IdentRecord[];
  readonly cluster: Cluster;
}

export function identFacts(document: Document): IdentFacts {
  const file = parseIdent(document.text, document.version);
  return { document, file, records: file.records, cluster: clusterOf(document) };
}

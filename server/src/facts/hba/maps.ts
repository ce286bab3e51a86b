import type { Document } from '../../document.ts';
import { parseIdent, type IdentFile, type IdentName, type IdentRecord } from '../../syntax/ident.ts';
import type { HbaFacts } from '../access.ts';
import { matchesEverything } from './anchors.ts';
import { clusterOf, type Cluster } from '../cluster.ts';
import { optionOf } from './options.ts';

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

/** The entry lets its user be every role: the keyword `all`, or a regular expression that matches every name. */
export function isAnyRole({ kind, text }: IdentName): boolean {
  return kind === 'all' || (kind === 'regex' && matchesEverything(text.slice(1)));
}

/** The names of all maps; undefined when there may be more of them, or none that the server would load. */
export function mapNames({ file, records }: IdentFacts): ReadonlySet<string> | undefined {
  if (file.lines.some((line) => line.template || line.include || line.error)) return undefined;
  return new Set(records.map((record) => record.map.text));
}

/** The maps that records name; undefined when there may be other records. */
export function usedMaps({ file, records }: HbaFacts): ReadonlySet<string> | undefined {
  if (file.lines.some((line) => line.template || line.include || line.error)) return undefined;
  const elsewhere = records.some((record) => record.options.some((option) => option.token.file !== undefined));
  return elsewhere ? undefined : new Set(records.map((record) => optionOf(record, 'map')?.value ?? ''));
}

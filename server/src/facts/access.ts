import type { Document } from '../document.ts';
import type { HbaFile, HbaRecord } from '../syntax/hba.ts';
import type { Cluster } from './cluster.ts';

/** What a pg_hba.conf means. */
export interface HbaFacts {
  readonly document: Document;
  readonly file: HbaFile;
  /** The records of this document that the server would load, in order; template records and broken ones are left out. */
  readonly records: readonly HbaRecord[];
  readonly cluster: Cluster;
}

import type { Document } from '../document.ts';
import type { SqlFile } from '../syntax/sql/statements.ts';
import type { Routine } from './schema.ts';
import type { DynamicSql } from './flow.ts';

/** What a SQL file means. Everything is computed on first use. */
export interface SqlFacts {
  readonly document: Document;
  readonly file: SqlFile;
  /** The routines that the file leaves behind or changes, after replaying its statements in order. */
  readonly routines: readonly Routine[];
  /** Every place where a routine body runs text as SQL. */
  readonly dynamicSql: readonly DynamicSql[];
}

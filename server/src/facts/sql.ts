import type { Document } from '../document.ts';
import type { SqlFile } from '../syntax/sql/statements.ts';
import { splitStatements } from '../syntax/sql/statements.ts';
import { findDynamicSql } from './flow.ts';
import type { DynamicSql, FlowOptions } from './flow.ts';
import { emptySchema, readSchema } from './schema.ts';
import type { Routine, Schema } from './schema.ts';
import { sqlCommands } from './sql-commands.ts';
import type { SqlCommand } from './sql-commands.ts';

/** What a SQL file means. Everything is computed on first use. */
export interface SqlFacts {
  readonly document: Document;
  readonly file: SqlFile;
  /** Every command that the file runs or stores in a routine. */
  readonly commands: readonly SqlCommand[];
  /** What the file leaves behind, after replaying its statements in order. */
  readonly schema: Schema;
  /** The routines that the file leaves behind or changes. */
  readonly routines: readonly Routine[];
  /** Every place where text runs as SQL. */
  readonly dynamicSql: readonly DynamicSql[];
  dynamicSqlWith(options: FlowOptions): readonly DynamicSql[];
}

export function sqlFacts(document: Document): SqlFacts {
  return new LazyFacts(document);
}

class LazyFacts implements SqlFacts {
  readonly document: Document;
  #file: SqlFile | undefined;
  #commands: readonly SqlCommand[] | undefined;
  #schema: Schema | undefined;
  readonly #dynamicSql = new Map<string, readonly DynamicSql[]>();

  constructor(document: Document) {
    this.document = document;
  }

  get file(): SqlFile {
    return this.#file ??= splitStatements(this.document.text);
  }

  get commands(): readonly SqlCommand[] {
    return this.#commands ??= sqlCommands(this.file);
  }

  get schema(): Schema {
    return this.#schema ??= this.#hasDefiner() ? readSchema(this.file) : emptySchema();
  }

  get routines(): readonly Routine[] {
    return this.schema.routines;
  }

  get dynamicSql(): readonly DynamicSql[] {
    return this.dynamicSqlWith({});
  }

  dynamicSqlWith({ trusted = [], sinks = [] }: FlowOptions): readonly DynamicSql[] {
    const key = JSON.stringify([trusted, sinks]);
    const known = this.#dynamicSql.get(key) ?? findDynamicSql(this.file, { trusted, sinks });
    this.#dynamicSql.set(key, known);
    return known;
  }

  /** Without that word no routine runs with other rights than its caller's, and replaying would find nothing. */
  #hasDefiner(): boolean {
    return /\bdefiner\b/i.test(this.document.text) && this.file.postgres;
  }
}

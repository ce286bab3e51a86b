import generated from './extensions.json' with { type: 'json' };

/** What an extension's control file says. */
export interface Extension {
  /** Any role with CREATE on the database may create it. */
  readonly trusted: boolean;
  /** Its objects go into this schema, whatever CREATE EXTENSION says; `several` for one whose script makes schemas of its own. */
  readonly schema: string | undefined;
  readonly requires: readonly string[];
}

/** What is known of an extension as it comes with this major version; undefined for one that is not known. */
export function findExtension(name: string, version: number): Extension | undefined {
  const entries: readonly Entry[] = (generated as Readonly<Record<string, readonly Entry[]>>)[name] ?? [];
  const entry = entries.find(({ versions }) => versions!.includes(version)) ?? others[name];
  return entry && { trusted: entry.trusted ?? false, schema: entry.schema, requires: entry.requires ?? [] };
}

interface Entry {
  readonly versions?: readonly number[];
  readonly trusted?: boolean;
  readonly schema?: string;
  readonly requires?: readonly string[];
}

/**
 * Extensions that are packaged on their own, by their control files: those of Debian 12's packages postgresql-15-…, and for
 * age, citus, http, pgmq, timescaledb and vector those of their repositories.
 */
const others: Readonly<Record<string, Entry>> = {
  age: { schema: 'ag_catalog' },
  citus: { schema: 'pg_catalog' },
  debversion: {},
  http: {},
  hypopg: {},
  ip4r: {},
  mysql_fdw: {},
  ogr_fdw: {},
  orafce: { schema: 'several' },
  pg_cron: { schema: 'several' },
  pg_qualstats: {},
  pg_repack: { schema: 'several' },
  pg_similarity: {},
  pgaudit: { schema: 'several' },
  pglogical: { schema: 'pglogical' },
  pgmq: { schema: 'pgmq' },
  pgq: { schema: 'pg_catalog' },
  pgtap: { requires: ['plpgsql'] },
  plr: {},
  plsh: {},
  powa: { schema: 'public', requires: ['plpgsql', 'pg_stat_statements', 'btree_gist'] },
  prefix: {},
  q3c: {},
  rum: {},
  semver: {},
  tdigest: {},
  tds_fdw: {},
  timescaledb: { trusted: true, schema: 'several' },
  vector: {},
};

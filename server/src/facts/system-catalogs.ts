import { builtins } from '../catalog/builtins.ts';
import type { Name } from './cursor.ts';

/** A table of pg_catalog that holds what PostgreSQL itself lives on; its views and what it only reports are left out. */
export function isSystemCatalog({ parts }: Name): boolean {
  const name = parts.at(-1)!.name;
  const schema = parts.at(-2)?.name;
  if (parts.some(({ kind }) => kind === 'template') || (schema !== undefined && schema !== 'pg_catalog')) return false;
  return builtins.relation.has(name) && name.startsWith('pg_') && !views.test(name);
}

/** https://www.postgresql.org/docs/current/views.html and the statistics views; writing to most of them fails. */
const views = /^pg_(stat|statio)_|^pg_(aios|available_extension(s|_versions)|backend_memory_contexts|config|cursors|file_settings|group|hba_file_rules|ident_file_mappings|indexes|locks|matviews|policies|prepared_(statements|xacts)|publication_tables|replication_(origin_status|slots)|roles|rules|seclabels|sequences|settings|shadow|shmem_allocations(_numa)?|stats(_ext(_exprs)?)?|tables|timezone_(abbrevs|names)|user|user_mappings|views|wait_events)$|_index$/;

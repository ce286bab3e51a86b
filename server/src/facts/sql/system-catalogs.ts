import { builtins } from '../../catalog/builtins.ts';
import type { Name } from './cursor.ts';

/** A table of pg_catalog that holds what PostgreSQL itself lives on; its views and what it only reports are left out. */
export function isSystemCatalog({ parts }: Name): boolean {
  const name = parts.at(-1)!.name;
  const schema = parts.at(-2)?.name;
  if (parts.some(({ kind }) => kind === 'template') || (schema !== undefined && schema !== 'pg_catalog')) return false;
  return builtins.relation.has(name) && name.startsWith('pg_') && !/^pg_stat(io)?_|_index$/.test(name) && !views.has(name);
}

/** https://www.postgresql.org/docs/current/views.html: writing to most of them fails, and to pg_settings is like SET. */
const views = new Set((
  'pg_aios pg_available_extensions pg_available_extension_versions pg_backend_memory_contexts pg_config pg_cursors pg_file_settings pg_group '
  + 'pg_hba_file_rules pg_ident_file_mappings pg_indexes pg_locks pg_matviews pg_policies pg_prepared_statements pg_prepared_xacts '
  + 'pg_publication_tables pg_replication_origin_status pg_replication_slots pg_roles pg_rules pg_seclabels pg_sequences pg_settings pg_shadow '
  + 'pg_shmem_allocations pg_shmem_allocations_numa pg_stats pg_stats_ext pg_stats_ext_exprs pg_tables pg_timezone_abbrevs pg_timezone_names '
  + 'pg_user pg_user_mappings pg_views pg_wait_events'
).split(' '));

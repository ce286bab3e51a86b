import { readBoolean } from './numbers.ts';
import type { Parameter, Removal } from './parameters.ts';

/** What the views of a server do not tell: old names, hidden parameters and spellings, what other builds and later releases have. */

/** Names that the server itself still maps to the current one. */
export const oldNames: Readonly<Record<string, { readonly name: string; readonly since: number }>> = {
  sort_mem: { name: 'work_mem', since: 0 },
  vacuum_mem: { name: 'maintenance_work_mem', since: 0 },
  ssl_ecdh_curve: { name: 'ssl_groups', since: 18 },
};

type Hidden = Omit<Parameter, 'versions'> & { readonly versions?: readonly number[] };

const developer = 'Developer Options';

/** Parameters that pg_settings never lists, or lists only when the server was built for developers. */
export const hiddenParameters: readonly Hidden[] = [
  { name: 'default_with_oids', type: 'enum', values: ['off', 'of', 'false', 'fals', 'fal', 'fa', 'f', 'no', 'n', '0'], default: 'off', context: 'user', category: 'Version and Platform Compatibility / Previous PostgreSQL Versions' },
  { name: 'ssl_renegotiation_limit', type: 'integer', min: 0, max: 0, default: '0', context: 'user', category: 'Connections and Authentication / SSL' },
  { name: 'seed', type: 'real', min: -1, max: 1, default: '0', context: 'user', category: 'Client Connection Defaults / Statement Behavior' },
  { name: 'role', type: 'string', default: 'none', context: 'user', category: 'Client Connection Defaults / Statement Behavior' },
  { name: 'session_authorization', type: 'string', context: 'internal', category: 'Client Connection Defaults / Statement Behavior' },
  { name: 'is_superuser', type: 'bool', default: 'off', context: 'internal', category: 'Reporting and Logging / What to Log' },
  ...['trace_sort', 'wal_debug', 'trace_locks', 'trace_userlocks', 'trace_lwlocks', 'debug_deadlocks', 'trace_syncscan', 'optimize_bounded_sort', 'log_btree_build_stats',
    'debug_copy_parse_plan_trees', 'debug_write_read_parse_plan_trees', 'debug_raw_expression_coverage_test']
    .map((name): Hidden => ({ name, type: 'bool', context: 'superuser', category: developer })),
  ...['trace_lock_oidmin', 'trace_lock_table'].map((name): Hidden => ({ name, type: 'integer', min: 0, max: 2147483647, context: 'superuser', category: developer })),
];

/** Parameters of minor releases that are newer than the servers the table was made from. */
export const laterReleases: readonly Hidden[] = [
  { name: 'output_plugin_libraries', versions: [17, 18], type: 'string', default: 'pgoutput, test_decoding', context: 'superuser', category: 'Replication / Sending Servers' },
];

const booleans = ['true', 'false', 'yes', 'no', '1', '0'];

const byParameter: Readonly<Record<string, readonly string[]>> = {
  archive_mode: booleans,
  backslash_quote: booleans,
  compute_query_id: booleans,
  constraint_exclusion: booleans,
  debug_parallel_query: booleans,
  force_parallel_mode: booleans,
  huge_pages: booleans,
  recovery_prefetch: booleans,
  synchronous_commit: booleans,
  wal_compression: [...booleans, 'lz4', 'zstd'],
  wal_level: ['archive', 'hot_standby'],
  wal_sync_method: ['fsync_writethrough', 'open_datasync'],
  client_min_messages: ['debug', 'info'],
  log_min_messages: ['debug'],
  log_min_error_statement: ['debug'],
  trace_recovery_messages: ['debug', 'info'],
  icu_validation_level: ['debug', 'info'],
  default_toast_compression: ['lz4'],
  dynamic_shared_memory_type: ['windows', 'posix', 'sysv'],
  shared_memory_type: ['windows', 'sysv'],
  io_method: ['io_uring'],
  recovery_init_sync_method: ['syncfs'],
  file_copy_method: ['clone'],
};

/** Hidden spellings that mean the same as a listed one; the other hidden ones are members that other builds and platforms have. */
export const secondSpellings: ReadonlySet<string> = new Set([...booleans, 'on', 'off', 'archive', 'hot_standby', 'debug', 'info']);

/** What an enumeration accepts without listing it, and the members that only other builds and platforms have. */
export function hiddenSpellings(name: string, listed: readonly string[], versions: readonly number[]): readonly string[] {
  if (name === 'password_encryption') return versions.includes(13) ? ['on', 'true', 'yes', '1'] : [];
  return (byParameter[name] ?? []).filter((spelling) => !listed.includes(spelling));
}

/** The listed spelling that stands for this one in what a server shows. */
export function shownSpelling({ name, values, versions }: Pick<Parameter, 'name' | 'values' | 'versions'>, spelling: string): string {
  if (name === 'wal_level' && (spelling === 'archive' || spelling === 'hot_standby')) return 'replica';
  if (name === 'default_with_oids') return 'off';
  if (spelling === 'debug') return 'debug2';
  const flag = readBoolean(spelling);
  if (flag === undefined || spelling === 'on' || spelling === 'off') return name === 'password_encryption' && flag ? 'md5' : name === 'wal_compression' && flag && !versions.includes(14) ? 'pglz' : spelling;
  return shownSpelling({ name, values, versions }, flag ? 'on' : 'off');
}

/** A bare number of 16 MB segments. */
function segments(value: string, factor: number): string | undefined {
  return /^[0-9]{1,6}$/.test(value) ? `${Number(value) * factor * 16}MB` : undefined;
}

function same(value: string): string {
  return value;
}

const withoutSuccessor: readonly (readonly [string, ...string[]])[] = [
  ['12', 'standby_mode', 'trigger_file'],
  ['11', 'replacement_sort_tuples'],
  ['10', 'sql_inheritance'],
  ['9.4', 'krb_srvname', 'krb_server_hostname'],
  ['9.2', 'silent_mode', 'custom_variable_classes', 'wal_sender_delay'],
  ['9.0', 'add_missing_from', 'regex_flavor'],
  ['8.4', 'max_fsm_pages', 'max_fsm_relations', 'explain_pretty_print'],
  ['8.3', 'stats_start_collector', 'stats_reset_on_server_start', 'bgwriter_all_percent', 'bgwriter_all_maxpages', 'bgwriter_lru_percent'],
  ['8.2', 'australian_timezones'],
  ['8.0', 'tcpip_socket', 'max_expr_depth'],
];

/** Names that real files still carry, with the release that dropped them. What the table shows by itself is not repeated, unless it has a successor. */
export const removedNames: Readonly<Record<string, Removal>> = {
  force_parallel_mode: { version: '16', successor: 'debug_parallel_query', convert: same },
  wal_keep_segments: { version: '13', successor: 'wal_keep_size', convert: (value) => segments(value, 1) },
  checkpoint_segments: { version: '9.5', successor: 'max_wal_size', convert: (value) => segments(value, 3) },
  unix_socket_directory: { version: '9.3', successor: 'unix_socket_directories', convert: same },
  replication_timeout: { version: '9.3', successor: 'wal_sender_timeout', convert: same },
  min_parallel_relation_size: { version: '10', successor: 'min_parallel_table_scan_size', convert: same },
  redirect_stderr: { version: '8.3', successor: 'logging_collector', convert: same },
  preload_libraries: { version: '8.2', successor: 'shared_preload_libraries', convert: same },
  virtual_host: { version: '8.0', successor: 'listen_addresses', convert: same },
  stats_command_string: { version: '8.3', successor: 'track_activities', convert: same },
  stats_row_level: { version: '8.3', successor: 'track_counts', convert: same },
  stats_block_level: { version: '8.3', successor: 'track_counts', convert: same },
  ...Object.fromEntries(withoutSuccessor.flatMap(([version, ...names]) => names.map((name) => [name, { version }]))),
};

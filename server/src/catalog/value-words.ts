/** What is worth knowing about single values of parameters of postgresql.conf. */
export interface ValueWord {
  readonly value: string;
  readonly meaning: string;
  /** Nobody should choose it any more. */
  readonly weak?: true;
}

/** Libraries that servers preload, with what they are for. */
const libraries: readonly ValueWord[] = [
  { value: 'pg_stat_statements', meaning: 'Counts how often statements run and how long they take' },
  { value: 'auto_explain', meaning: 'Writes the plans of slow statements to the log' },
  { value: 'pgaudit', meaning: 'Writes an audit trail of statements and objects to the log' },
  { value: 'auth_delay', meaning: 'Waits before it reports a failed login, which slows down guessing' },
  { value: 'passwordcheck', meaning: 'Refuses weak passwords when they are set in clear text' },
  { value: 'credcheck', meaning: 'Enforces rules for names and passwords' },
  { value: 'set_user', meaning: 'Lets roles change identity in a way that is logged and limited' },
  { value: 'pg_cron', meaning: 'Runs statements at fixed times' },
  { value: 'pg_prewarm', meaning: 'Loads the shared buffers again after a restart' },
  { value: 'pg_hint_plan', meaning: 'Lets comments decide about query plans' },
  { value: 'pg_wait_sampling', meaning: 'Keeps statistics of what sessions wait for' },
  { value: 'pg_partman_bgw', meaning: 'Creates and drops partitions in the background' },
  { value: 'pglogical', meaning: 'Logical replication between servers' },
  { value: 'timescaledb', meaning: 'Time series tables' },
  { value: 'citus', meaning: 'Tables that are spread over several servers' },
  { value: 'sepgsql', meaning: 'Access decisions by SELinux labels' },
];

const protocols: readonly ValueWord[] = [
  { value: 'TLSv1', meaning: 'Broken and retired since 2021', weak: true },
  { value: 'TLSv1.1', meaning: 'Broken and retired since 2021', weak: true },
  { value: 'TLSv1.2', meaning: 'What every client of the last ten years speaks' },
  { value: 'TLSv1.3', meaning: 'Newest and strictest; very old clients cannot connect' },
];

/** Words by parameter. Of enumerations only the members that need a word; of texts and lists what is offered. */
export const valueWords: Readonly<Record<string, readonly ValueWord[]>> = {
  shared_preload_libraries: libraries,
  session_preload_libraries: libraries.filter(({ value }) => ['auto_explain', 'passwordcheck'].includes(value)),
  ssl_min_protocol_version: protocols,
  ssl_max_protocol_version: protocols,
  password_encryption: [
    { value: 'scram-sha-256', meaning: 'A stolen hash cannot be used to log in' },
    { value: 'md5', meaning: 'A stolen hash is as good as the password itself', weak: true },
  ],
  listen_addresses: [
    { value: 'localhost', meaning: 'Only programs on this machine can connect over TCP' },
    { value: '*', meaning: 'Every interface of this machine: pg_hba.conf and a firewall have to keep strangers out' },
    { value: '0.0.0.0', meaning: 'Every IPv4 interface of this machine' },
    { value: '::', meaning: 'Every IPv6 interface of this machine' },
  ],
  log_destination: [
    { value: 'stderr', meaning: 'Plain lines; logging_collector writes them to files' },
    { value: 'csvlog', meaning: 'Comma-separated columns; takes logging_collector' },
    { value: 'jsonlog', meaning: 'One JSON object a line; takes logging_collector' },
    { value: 'syslog', meaning: 'The syslog daemon, which may send it to another machine' },
    { value: 'eventlog', meaning: 'The event log of Windows' },
  ],
  log_connections: [
    { value: 'receipt', meaning: 'A connection has arrived' },
    { value: 'authentication', meaning: 'Who the client has proved to be, and by which record of pg_hba.conf' },
    { value: 'authorization', meaning: 'Which role came into which database' },
    { value: 'setup_durations', meaning: 'How long it took until the session was ready' },
    { value: 'all', meaning: 'All of it' },
    { value: 'on', meaning: 'receipt, authentication and authorization' },
    { value: 'off', meaning: 'Nobody can tell afterwards who connected' },
  ],
  log_statement: [
    { value: 'none', meaning: 'No statement is logged for its kind' },
    { value: 'ddl', meaning: 'Changes of objects and roles' },
    { value: 'mod', meaning: 'What ddl logs, and statements that change rows' },
    { value: 'all', meaning: 'Every statement, with the secrets that are written in it' },
  ],
  log_line_prefix: [{ value: '%m [%p] %q%u@%d/%a %h ', meaning: 'Time, process, role, database, application and client address' }],
  log_error_verbosity: [
    { value: 'terse', meaning: 'No details, hints and context' },
    { value: 'default', meaning: 'The usual messages' },
    { value: 'verbose', meaning: 'With error code and place in the source' },
  ],
  wal_level: [
    { value: 'minimal', meaning: 'Enough for a crash; no replicas, no archive' },
    { value: 'replica', meaning: 'Enough for standbys and backups' },
    { value: 'logical', meaning: 'Enough for logical replication as well' },
  ],
  synchronous_commit: [
    { value: 'off', meaning: 'The last transactions may be lost in a crash, but nothing is damaged' },
    { value: 'local', meaning: 'Waits for the own disk only' },
    { value: 'remote_write', meaning: 'Waits until the standby has received it' },
    { value: 'on', meaning: 'Waits until it is safe on disk, on synchronous standbys too' },
    { value: 'remote_apply', meaning: 'Waits until synchronous standbys show it' },
  ],
  backslash_quote: [
    { value: 'on', meaning: "\\' is taken in every encoding, which lets quotes be smuggled in", weak: true },
    { value: 'safe_encoding', meaning: "\\' is refused where it can be misread" },
    { value: 'off', meaning: "\\' is always refused" },
  ],
  timezone: [{ value: 'UTC', meaning: 'Coordinated universal time' }],
  log_timezone: [{ value: 'UTC', meaning: 'Coordinated universal time, the same on every machine' }],
  log_filename: [
    { value: 'postgresql-%Y-%m-%d_%H%M%S.log', meaning: 'A file of its own for every rotation' },
    { value: 'postgresql-%a.log', meaning: 'One file a weekday, overwritten after a week with log_truncate_on_rotation' },
  ],
  search_path: [{ value: '"$user", public', meaning: "The role's own schema, then public" }],
  hba_file: [{ value: 'pg_hba.conf', meaning: 'Beside this file or in the data directory' }],
  ident_file: [{ value: 'pg_ident.conf', meaning: 'Beside this file or in the data directory' }],
};

/** What is known about a value of a parameter, whatever the case of both. */
export function findValueWord(parameter: string, value: string): ValueWord | undefined {
  return valueWords[parameter.toLowerCase()]?.find((word) => word.value.toLowerCase() === value.toLowerCase());
}

/** The value is a list with commas between its entries. */
export function isList(parameter: string): boolean {
  return lists.has(parameter);
}

const lists: ReadonlySet<string> = new Set([
  'listen_addresses', 'unix_socket_directories', 'log_destination', 'log_connections', 'shared_preload_libraries', 'session_preload_libraries',
  'local_preload_libraries', 'createrole_self_grant', 'restrict_nonsystem_relation_kind', 'debug_io_direct', 'temp_tablespaces', 'output_plugin_libraries',
]);

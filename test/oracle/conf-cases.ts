/** postgresql.conf texts at the edges of what servers accept. What the answer is, the servers say. */
export const confCases: readonly string[] = [
  // Tokens and lines.
  '', '\n\n', '# only a comment', 'port=5432', 'port 5432', 'port = 5432', 'port=5432#c', 'port = 5432 # c', 'port\t=\t5432\r\n', 'port = 5432\r\nwork_mem = 4MB\r\n',
  'port5432', 'port = ', 'port', 'port =', '= 5432', 'port = = 5432', 'port == 5432', 'port := 5432', 'port: 5432', 'port : 5432', 'port = 5432;', 'port = 5432 5433',
  'port = 5432 -- c', 'port = 5432 // c', '// c', '-- c', '; c', '[server]', 'port = "5432"', "port = '5432'", "port'5432'", "port '5432'", "port = '5432", "port = 5432'",
  'port =\n5432', "application_name = 'a\nb'", 'port = \f5432', '\fport = 5432', 'PORT = 5432', 'Work_Mem = 4MB', 'set port = 5432;', 'port = 5432\\', '"port" = 5432', "'port' = 5432",
  '\uFEFFport = 5432', '\uFEFF# c\nport = 5432', 'port = 5432\u00a0', 'application_name = \u00fcmlaut', 'port\u00a0= 5432', 'application_name = \u2018x\u2019', '# c\u0000d', "application_name = 'a\u0000b'",
  // Unquoted values.
  'log_filename = a', 'log_filename = a.b', 'log_filename = a.b.c', 'log_filename = a-b', 'log_directory = /var/log', 'log_directory = pg_log/x-y.z:1', 'log_directory = a/', 'log_directory = a,b', 'log_directory = a*',
  'listen_addresses = *', 'listen_addresses = 10.0.0.1', 'listen_addresses = localhost', 'listen_addresses = a, b', "listen_addresses = 'a', 'b'", 'search_path = "$user", public', 'search_path = public',
  'log_timezone = UTC', 'timezone = Europe/Berlin', 'log_line_prefix = %m', 'archive_command = cp %p /x', 'default_text_search_config = pg_catalog.english', 'log_filename = -a', 'log_filename = _a', 'log_filename = 1a',
  // Strings.
  "application_name = ''", "application_name = 'it''s'", "application_name = 'it\\'s'", "application_name = 'a\\\\'", "application_name = 'a\\'", "application_name = 'a\\101\\tb'", "application_name = 'a' 'b'", "application_name = 'a'b", "application_name = '''",
  "application_name = ''''", "application_name = 'a#b'", "application_name = 'a#b", "application_name = a'b'", "port = '54\\0632'",
  // Names.
  'no_such_parameter = 1', 'a.b = 1', 'a.b.c = 1', 'a-b.c = 1', 'a.1b = 1', 'a. = 1', '.b = 1', 'a.b = ', 'a.b = a.b', 'A.B = on', '1a = 1', 'log-connections = on', 'work_mem.x = 4MB', '\u00fc.\u00e4 = 1',
  'sort_mem = 4MB', 'vacuum_mem = 4MB', 'ssl_ecdh_curve = prime256v1', 'default_with_oids = off', 'default_with_oids = on', 'default_with_oids = of', 'ssl_renegotiation_limit = 0', 'ssl_renegotiation_limit = 1', 'seed = 0.5', 'seed = 2',
  'role = none', 'role = postgres', 'session_authorization = postgres', 'is_superuser = on', 'server_version = 15', 'block_size = 8192', 'lc_collate = C', 'transaction_read_only = on', 'in_hot_standby = on',
  'stats_temp_directory = x', 'wal_keep_segments = 1', 'wal_keep_size = 16MB', 'db_user_namespace = off', 'force_parallel_mode = on', 'debug_parallel_query = on', 'old_snapshot_threshold = 1', 'promote_trigger_file = x', 'checkpoint_segments = 3',
  'standby_mode = on', 'vacuum_defer_cleanup_age = 1', 'transaction_timeout = 5s', 'restrict_nonsystem_relation_kind = view', 'autovacuum_worker_slots = 10', 'primary_conninfo = x', 'recovery_target_timeline = latest',
  // Booleans.
  ...['on', 'ON', 'of', 'off', 'o', 't', 'tru', 'true', 'truely', 'y', 'ye', 'n', 'N', 'f', 'fals', '1', '0', '2', '01', '+1', '1.0', 'enabled', "''", "'on '", "' on'", '0x1'].map((value) => `fsync = ${value}`),
  ...['on', 'tru', 'ON', 'all', "''", "'receipt, all'", "'receipt,,all'", 'none', "'on, all'", "'receipt, Authorization'", "'receipt foo'"].map((value) => `log_connections = ${value}`),
  // Enumerations.
  'wal_level = replica', 'wal_level = REPLICA', 'wal_level = archive', "wal_level = 'replica '", 'wal_level = rep', 'archive_mode = yes', 'archive_mode = y', 'backslash_quote = 1', 'huge_pages = TRY', 'wal_compression = on', 'wal_compression = tru',
  'client_min_messages = debug', 'client_min_messages = fatal', 'client_min_messages = info', 'log_min_messages = info', 'log_min_error_statement = debug6', 'password_encryption = md5', 'password_encryption = on', "password_encryption = 'scram-sha-256'",
  'password_encryption = scram-sha-256', 'password_encryption = scram_sha_256', 'ssl_min_protocol_version = TLSv1.2', "ssl_min_protocol_version = ''", "ssl_max_protocol_version = ''", 'ssl_min_protocol_version = TLSv1.4', 'ssl_min_protocol_version = 1.2',
  "default_transaction_isolation = 'read committed'", 'default_transaction_isolation = read committed', 'log_statement = dll', 'log_error_verbosity = terse', 'synchronous_commit = remote_apply', 'synchronous_commit = 1', 'synchronous_commit = o',
  // Integers and their units.
  ...['8MB', '8mb', '8 MB', "'8 MB'", "' 8MB '", "'8  MB'", '8M', '1GB', '0.5GB', "'0.5GB'", "'0.1 kB'", "'63.7kB'", '64', '63', '0x40', "'0x40'", '0100', '08', '+64', '-1', '1e3', "'1e3'", "'1e3kB'", '1.5e3', '1.5e3kB', '1_000', '5432.4',
    '2147483647', '2147483648', '3TB', "'2TB'", '99999999999999999999', 'nan', "'NaN'", 'inf', "''", 'abc', '.', "'.5MB'", '64.', '64.0', '1kBx', '1MBs', '1 s', '0x', '70000B', "'64\tkB'", "'0x40kB'", "'0x1p3'"].map((value) => `work_mem = ${value}`),
  ...['30', '30s', '30S', "'30 s'", '30sec', '1min', '1m', '1h', '1d', '500ms', '700000us', '0', '601', '600', "'0.5min'", "'1.6 s'", "'0.4 s'"].map((value) => `authentication_timeout = ${value}`),
  ...['777', '0777', '0o777', '511', '512', '01000', '0', "'0777'", '0888', '0x1FF'].map((value) => `unix_socket_permissions = ${value}`),
  'port = 0', 'port = 65535', 'port = 65536', 'port = -1', 'port = 5432.4', 'port = 5432.5', 'port = 5432kB', 'port = 5432s', 'port = 1e3', 'max_connections = 0', 'max_connections = 1', 'max_connections = 262143', 'max_connections = 262144',
  'shared_buffers = 128kB', 'shared_buffers = 127kB', 'shared_buffers = 15', 'shared_buffers = 16', 'wal_segment_size = 16MB', 'max_wal_size = 1GB', 'max_wal_size = 1MB', 'max_wal_size = 2', 'min_wal_size = 2048kB', 'log_rotation_age = 1d', 'log_rotation_age = 1.5d', "log_rotation_age = '1.5d'",
  'log_min_duration_statement = -1', 'log_min_duration_statement = -1ms', 'log_min_duration_statement = -2', 'track_activity_query_size = 100B', 'track_activity_query_size = 99', 'track_activity_query_size = 1MB', 'track_activity_query_size = 2MB', 'temp_file_limit = -1', 'huge_page_size = 0',
  // Reals.
  ...['1', '1.5', '.5', '-0.1', '1e2', "'1e2'", '1.e2', 'abc', "'1.5 '", "' 1.5'", "'1.5x'", 'inf', 'nan', '1e400', "'1e400'", '0x10', '9999999'].map((value) => `random_page_cost = ${value}`),
  "vacuum_cost_delay = '1.5 ms'", "vacuum_cost_delay = '1500us'", 'vacuum_cost_delay = 1.5ms', 'vacuum_cost_delay = 100ms', 'vacuum_cost_delay = 101ms', 'checkpoint_completion_target = 1.1', 'bgwriter_lru_multiplier = 2.0',
  // Lists that are checked as they are read.
  "log_destination = 'stderr, csvlog'", 'log_destination = foo', "log_destination = 'stderr jsonlog'", 'log_destination = jsonlog', "log_destination = 'STDERR'", "log_destination = ''", 'recovery_target = immediate', 'recovery_target = x',
  'createrole_self_grant = set', "restrict_nonsystem_relation_kind = 'view, foreign-table'", 'restrict_nonsystem_relation_kind = x',
  "recovery_target_timeline = '018446744073709551616'", "recovery_target_timeline = '18446744073709551616'", "log_connections = '1\\t'", "include_if_exists ''", "include ' '", "include_dir ''",
  'role = NONE', "search_path = 'a b'", "search_path = 'a,,b'", "synchronous_standby_names = 'ANY 0 (a)'", "synchronous_standby_names = 'a b'", "primary_slot_name = 'A'", "DateStyle = 'ISO, SQL'", "client_encoding = 'utf-8'", "client_encoding = 'utf-9'", 'vacuum_buffer_usage_limit = 1', 'transaction_buffers = 17', 'io_max_concurrency = 0', "recovery_target_lsn = '0/G'",
  // Duplicates: only the last one is looked at.
  'work_mem = bad\nwork_mem = 4MB', 'work_mem = 4MB\nwork_mem = bad', 'work_mem = bad\nWORK_MEM = 4MB', 'sort_mem = bad\nwork_mem = 4MB', 'work_mem = /bad\nwork_mem = 4MB', 'nonsense = 1\nnonsense = 2',
];

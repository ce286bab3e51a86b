/** What a role can do with a parameter that only superusers may set; undefined for the others. */
export interface ParameterPower {
  readonly severity: 'high' | 'medium';
  /** Completes `shop can …`. */
  readonly verb: string;
}

/** By https://www.postgresql.org/docs/current/runtime-config.html and the settings of the extensions that most installations have. */
export function powerOf(parameter: string): ParameterPower | undefined {
  return powers.find(([pattern]) => pattern.test(parameter))?.[1];
}

const powers: readonly (readonly [RegExp, ParameterPower])[] = [
  [
    /^((shared|session|local)_preload_libraries|dynamic_library_path|jit_provider|archive_library|extension_control_path|oauth_validator_libraries)$/,
    { severity: 'high', verb: 'load a library into the server, which runs any code' },
  ],
  [/^(archive|restore|archive_cleanup|recovery_end|ssl_passphrase)_command$/, { severity: 'high', verb: 'have the server run a command of the shell' }],
  [/^pl(perl|perlu|tcl|tclu|v8)\.(on_(plperlu?_)?init|start_proc)$/, { severity: 'high', verb: 'run code in the sessions of others' }],
  [/^session_replication_role$/, { severity: 'high', verb: 'skip triggers and foreign keys, those of an audit among them' }],
  [/^allow_system_table_mods$/, { severity: 'high', verb: 'change the system catalogs' }],
  [/^lo_compat_privileges$/, { severity: 'high', verb: 'read and write every large object' }],
  [/^(hba|ident)_file$/, { severity: 'high', verb: 'choose who can log in' }],
  [/^(password_encryption|scram_iterations|md5_password_warnings)$/, { severity: 'medium', verb: 'have passwords stored in a weaker form' }],
  [/^(ssl|krb|gss)(_|$)|^(listen_addresses|unix_socket_\w+|authentication_timeout)$/, { severity: 'medium', verb: 'weaken how clients connect' }],
  [/^(log_|logging_collector$|pgaudit\.|set_user\.|auto_explain\.)|^track_activities$|^event_triggers$/, { severity: 'medium', verb: 'keep actions out of the log' }],
  [/^(row_security|restrict_nonsystem_relation_kind)$/, { severity: 'medium', verb: 'change what protects rows' }],
  [/^(fsync|full_page_writes|zero_damaged_pages|ignore_(checksum_failure|invalid_pages|system_indexes))$/, { severity: 'medium', verb: 'damage data' }],
];

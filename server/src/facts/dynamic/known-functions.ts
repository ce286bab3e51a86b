/** What PostgreSQL's own functions give, as far as dynamic SQL needs it. */
export const quoting = new Set([
  'quote_ident', 'quote_literal', 'quote_nullable', 'format_type', 'pg_get_serial_sequence', 'pg_get_function_identity_arguments', 'pg_get_function_result', 'oidvectortypes',
]);
export const numbers = new Set([
  'length', 'char_length', 'character_length', 'octet_length', 'bit_length', 'count', 'array_length', 'array_upper', 'array_lower', 'array_ndims', 'array_position', 'cardinality',
  'strpos', 'position', 'hashtext', 'hashtextextended', 'nextval', 'currval', 'lastval', 'setval', 'txid_current', 'pg_current_xact_id', 'pg_backend_pid', 'extract', 'date_part',
  'random', 'floor', 'ceil', 'ceiling', 'round', 'trunc', 'abs', 'mod', 'power', 'sqrt', 'sign', 'div', 'to_number', 'width_bucket', 'pg_relation_size', 'pg_total_relation_size',
  'pg_table_size', 'pg_indexes_size', 'pg_column_size', 'ascii', 'num_nulls', 'num_nonnulls', 'row_number', 'rank', 'dense_rank', 'json_array_length', 'jsonb_array_length',
  'st_srid', 'st_ndims', 'st_zmflag', 'st_xmin', 'st_xmax', 'st_ymin', 'st_ymax', 'pg_my_temp_schema', 'lo_create', 'lo_creat', 'lo_import', 'lo_from_bytea', 'crc32', 'gcd', 'lcm',
]);
export const plains = new Set([
  'md5', 'to_hex', 'gen_random_uuid', 'uuid_generate_v4', 'uuid_generate_v1', 'uuidv4', 'uuidv7', 'make_date', 'make_interval', 'make_time', 'make_timestamp', 'to_date', 'age',
  'pg_current_wal_lsn', 'to_bin', 'to_oct', 'current_date', 'localtime', 'localtimestamp', 'inet_client_addr', 'inet_server_addr', 'inet_client_port', 'inet_server_port',
  'version', 'pg_client_encoding', 'getdatabaseencoding', 'pg_encoding_to_char', 'pg_size_pretty', 'pg_walfile_name', 'pg_export_snapshot',
]);
export const booleans = new Set([
  'bool_and', 'bool_or', 'every', 'exists', 'starts_with', 'isfinite', 'isempty', 'pg_is_in_recovery', 'pg_try_advisory_lock', 'pg_has_role', 'has_table_privilege',
  'has_schema_privilege', 'has_column_privilege', 'has_database_privilege', 'has_function_privilege', 'has_sequence_privilege', 'st_isvalid',
]);
export const names = new Set(['current_database', 'current_catalog', 'current_schema', 'current_user', 'current_role', 'session_user', 'user', 'pg_get_userbyid']);
/** Give text that is made of their arguments. */
export const texts = new Set([
  'lower', 'upper', 'initcap', 'trim', 'btrim', 'ltrim', 'rtrim', 'substr', 'substring', 'left', 'right', 'replace', 'regexp_replace', 'translate',
  'overlay', 'split_part', 'lpad', 'rpad', 'reverse', 'repeat', 'concat', 'concat_ws', 'array_append', 'array_prepend', 'array_cat', 'array_remove', 'array_replace', 'string_to_array',
  'regexp_split_to_array', 'regexp_match', 'regexp_matches', 'regexp_substr', 'jsonb_extract_path_text', 'json_extract_path_text', 'jsonb_extract_path', 'json_extract_path',
  'array_agg', 'parse_ident', 'normalize', 'convert_from', 'convert_to', 'convert', 'decode', 'unistr', 'casefold', 'unaccent', 'to_ascii', 'pgp_sym_decrypt', 'decrypt', 'json_object', 'jsonb_object',
  'jsonb_build_array', 'json_build_array', 'jsonb_set', 'jsonb_insert', 'array_to_json', 'jsonb_path_query_array', 'json_agg', 'jsonb_agg', 'json_object_agg', 'jsonb_object_agg', 'to_json', 'to_jsonb',
  'jsonb_build_object', 'json_build_object', 'jsonb_array_elements_text',
  'json_array_elements_text', 'jsonb_object_keys', 'json_object_keys', 'jsonb_each_text', 'json_each_text', 'jsonb_each', 'json_each', 'regexp_split_to_table', 'string_to_table',
  'jsonb_array_elements', 'json_array_elements', 'jsonb_strip_nulls', 'row_to_json', 'hstore', 'skeys', 'svals', 'each', 'generate_series',
  'generate_subscripts', 'row', 'array_fill', 'trim_array', 'xpath', 'jsonb_pretty',
  'jsonb_to_record', 'json_to_record', 'jsonb_to_recordset', 'json_to_recordset', 'jsonb_populate_record', 'json_populate_record', 'jsonb_populate_recordset', 'json_populate_recordset', 'jsonb_path_query', 'jsonb_path_query_first',
]);
/** Of these any argument may be the result. */
export const choosing = new Set(['unnest', 'coalesce', 'nullif', 'greatest', 'least', 'lag', 'lead', 'max', 'min', 'any_value', 'first_value', 'last_value', 'nth_value', 'mode']);

/** Neither PostgreSQL's own nor a keyword that stands before parentheses. */
export function isOwnFunction(name: string): boolean {
  return /^[a-z_][\w$]*$/.test(name) && !builtIn.test(name) && ![quoting, numbers, plains, booleans, names, texts, choosing].some((known) => known.has(name));
}

const builtIn = /^(pg_\w+|has_\w+_privilege|to_\w+|array_\w+|json_?\w*|jsonb?_?\w*|regexp_\w+|string_to_\w+|st_\w+|current_\w+|now|date_trunc|clock_timestamp|format|concat\w*|encode|decode|chr|row|array|set_config|obj_description|col_description|and|or|not|in|any|all|some|exists|when|then|else|case|if|elsif|elseif|from|where|on|select|values|using|by|cast|between|like|ilike|is|return|loop|while|raise|execute|perform|into|varchar|char|character|numeric|decimal|bit|timestamp|time|interval|isnull|over|filter|within|similar|limit|offset)$/;

/** A call of such a function by itself is there to fail: `PERFORM app.check_name(x)` */
export function namesCheck(name: string): boolean {
  return /check|valid|assert|verify|ensure|guard|sanit|allow|require|authoriz|permi|must/.test(name) && !/log|notify/.test(name);
}

/** Says yes to what must not be: `app.is_invalid(x)` */
export function namesTrouble(name: string): boolean {
  return /invalid|bad|unsafe|danger|forbid|illegal|reserved|inject|malicious|suspicious|missing|not_|notexist|block|denied/.test(name);
}

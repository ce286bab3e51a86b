import { readBoolean, readNumber } from '../../catalog/numbers.ts';
import { findParameter } from '../../catalog/parameters.ts';
import { isEveryInterface, isLocalAddress } from './listen.ts';
import { splitList } from './settings.ts';

/**
 * How much a value of a security parameter protects: the greater the more. Only values of one parameter compare. Undefined for
 * any other parameter and for what the server would refuse.
 */
export function protection(name: string, text: string, version: number): number | undefined {
  const parameter = findParameter(name, version);
  return parameter && scales[parameter.name]?.(text.toLowerCase(), parameter.unit);
}

/** True when `later` protects less than `earlier`. */
export function isWeaker(name: string, later: string, earlier: string, version: number): boolean {
  const [a, b] = [protection(name, later, version), protection(name, earlier, version)];
  return a !== undefined && b !== undefined && a < b;
}

type Scale = (text: string, unit: string | undefined) => number | undefined;

const on: Scale = (text) => numberOf(readBoolean(text));
const off: Scale = (text) => numberOf(invert(readBoolean(text)));

/** From the word that protects least to the one that protects most; words in one entry are equals. */
const words = (...order: readonly (readonly string[])[]): Scale => (text) => {
  const index = order.findIndex((equals) => equals.includes(text));
  return index < 0 ? undefined : index;
};

/** The fewer rights for others than the owner the better; the group counts less than everybody. */
const mode: Scale = (text) => {
  const value = readNumber(text, 'integer', undefined);
  return typeof value === 'number' ? -((value & 0o070) >> 3) - 8 * (value & 0o007) : undefined;
};

const listening: Scale = (text) => {
  const addresses = splitList(text);
  if (addresses.some(isEveryInterface)) return 0;
  return addresses.every(isLocalAddress) ? 2 : 1;
};

const number: Scale = (text, unit) => {
  const value = readNumber(text, 'integer', unit);
  return typeof value === 'number' ? value : undefined;
};

const scales: Readonly<Record<string, Scale>> = {
  ssl: on, ssl_prefer_server_ciphers: on, fsync: on, full_page_writes: on, standard_conforming_strings: on, escape_string_warning: on,
  log_connections: on, log_disconnections: on, log_replication_commands: on, logging_collector: on, event_triggers: on,
  lo_compat_privileges: off, allow_system_table_mods: off, zero_damaged_pages: off, ignore_checksum_failure: off, ignore_invalid_pages: off,
  db_user_namespace: off, krb_caseins_users: off, gss_accept_delegation: off,
  password_encryption: words(['md5', 'on', 'true', 'yes', '1'], ['scram-sha-256']),
  ssl_min_protocol_version: words(['', 'tlsv1'], ['tlsv1.1'], ['tlsv1.2'], ['tlsv1.3']),
  backslash_quote: words(['on', 'true', 'yes', '1'], ['safe_encoding'], ['off', 'false', 'no', '0']),
  log_statement: words(['none'], ['ddl', 'mod', 'all']),
  log_min_messages: words(['panic'], ['fatal'], ['log'], ['error'], ['warning', 'notice', 'info', 'debug', 'debug1', 'debug2', 'debug3', 'debug4', 'debug5']),
  log_error_verbosity: words(['terse'], ['default', 'verbose']),
  unix_socket_permissions: mode, log_file_mode: mode,
  listen_addresses: listening,
  scram_iterations: number,
};

function invert(value: boolean | undefined): boolean | undefined {
  return value === undefined ? undefined : !value;
}

function numberOf(value: boolean | undefined): number | undefined {
  return value === undefined ? undefined : Number(value);
}

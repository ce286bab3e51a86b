import { readBoolean } from '../catalog/numbers.ts';
import { findParameter } from '../catalog/parameters.ts';
import { isEveryInterface, isLocalAddress } from '../facts/conf/listen.ts';
import { isKnown, type ConfFacts, type Settings } from '../facts/conf/settings.ts';
import type { Effect, SecurityChange } from './change.ts';
import { Texts } from './change.ts';

/** Which settings that matter for security are in force now and were not before. */
export function confChanges(before: ConfFacts | undefined, after: ConfFacts | undefined): SecurityChange[] {
  return Object.keys(watched).flatMap((name) => changeOf(name, before, after));
}

function changeOf(name: string, before: ConfFacts | undefined, after: ConfFacts | undefined): SecurityChange[] {
  const [old, now] = [before?.settings.get(name), after?.settings.get(name)];
  if (!old && !now) return [];
  if (old?.setting.template || now?.setting.template) return [];
  const [was, is] = [valueOf(before, name), valueOf(after, name)];
  if (was === is || (was !== undefined && is !== undefined && isSame(name, was, is, before!, after!))) return [];
  const { path, setting } = (now ?? old)!;
  const side = (now ? after : before)!;
  const text = path === side.document.path ? side.document.text : side.document.files.read(path) ?? '';
  const place = new Texts([{ ...side.document, path, text }]).at({ path, at: setting.span });
  const effect = was === undefined || is === undefined ? 'changes' : watched[name]!(before!.settings, after!.settings, name);
  return [{ effect, text: wordsOf(name, was, is, Boolean(now), Boolean(old)), ...place, ...!now && { gone: true as const } }];
}

/** Undefined when it is not known. */
function valueOf(facts: ConfFacts | undefined, name: string): string | undefined {
  return facts && isKnown(facts, name) ? facts.settings.value(name) : undefined;
}

function isSame(name: string, was: string, is: string, before: ConfFacts, after: ConfFacts): boolean {
  const [old, now] = [before, after].map(({ settings }) => settings.flag(name) ?? settings.number(name));
  if (old !== undefined && now !== undefined) return old === now;
  const parameter = findParameter(name, after.document.version);
  return parameter?.type === 'enum' && was.toLowerCase() === is.toLowerCase();
}

/** Values that may hold a secret are not shown. */
const unsaid = /conninfo|command|passphrase/;

function wordsOf(name: string, was: string | undefined, is: string | undefined, set: boolean, wasSet: boolean): string {
  if (unsaid.test(name)) return set ? `${name} is ${wasSet ? 'another one now' : 'set now'}` : `${name} is no longer set`;
  const shown = (value: string) => (value === '' ? 'empty' : value.length > 60 ? `${value.slice(0, 59)}…` : value);
  if (is === undefined) return `${name} is no longer set here${was === undefined ? '' : `; it was ${shown(was)}`}`;
  const old = was === undefined ? '' : `; it was ${shown(was)}${wasSet ? '' : ', the default'}`;
  return `${name} is now ${shown(is)}${set ? '' : ', the default'}${old}`;
}

type Judge = (before: Settings, after: Settings, name: string) => Effect;

const unclear: Judge = () => 'changes';

/** Judges by a measure of which more is more open. */
function by(measure: (settings: Settings, name: string) => number | undefined): Judge {
  return (before, after, name) => {
    const [old, now] = [measure(before, name), measure(after, name)];
    return old === undefined || now === undefined || old === now ? 'changes' : now > old ? 'opens' : 'closes';
  };
}

const safeWhenOn = by((settings, name) => {
  const on = settings.flag(name) ?? readBoolean(settings.value(name) ?? '') ?? settings.value(name) !== '';
  return on ? 0 : 1;
});
const safeWhenOff = by((settings, name) => {
  const on = settings.flag(name);
  return on === undefined ? undefined : on ? 1 : 0;
});
const smallIsSafe = by((settings, name) => settings.number(name));
const greatIsSafe = by((settings, name) => {
  const number = settings.number(name);
  return number === undefined ? undefined : -number;
});

/** Words from the safest to the most open one. */
function words(...order: readonly string[]): Judge {
  return by((settings, name) => {
    const at = order.indexOf(settings.value(name)?.toLowerCase() ?? '');
    return at < 0 ? undefined : at;
  });
}

/** How many of the bits that let others in are set. */
const mode = by((settings, name) => {
  const value = settings.value(name) ?? '';
  const bits = /^0[0-7]+$/.test(value) ? Number.parseInt(value, 8) : /^\d+$/.test(value) ? Number.parseInt(value, 10) : undefined;
  return bits === undefined ? undefined : (bits & 0o077).toString(2).replaceAll('0', '').length;
});

const listen: Judge = (before, after) => {
  const [old, now] = [before.list('listen_addresses'), after.list('listen_addresses')];
  if (!old || !now) return 'changes';
  const open = (all: readonly string[]) => all.filter((address) => !isLocalAddress(address));
  const covers = (outer: readonly string[], inner: readonly string[]) => inner.every((address) => outer.some((other) => other === address || isEveryInterface(other)));
  const [wider, narrower] = [covers(open(now), open(old)), covers(open(old), open(now))];
  return wider === narrower ? 'changes' : wider ? 'opens' : 'closes';
};

/** The parameters that decide who gets in, what crosses the network readable, what programs run and what is written down. */
const watched: Readonly<Record<string, Judge>> = {
  listen_addresses: listen, port: unclear, hba_file: unclear, ident_file: unclear,
  unix_socket_directories: unclear, unix_socket_group: unclear, unix_socket_permissions: mode,
  authentication_timeout: smallIsSafe, password_encryption: words('scram-sha-256', 'md5'), scram_iterations: greatIsSafe, md5_password_warnings: safeWhenOn,
  db_user_namespace: safeWhenOff, krb_server_keyfile: unclear, krb_caseins_users: safeWhenOff, gss_accept_delegation: safeWhenOff, oauth_validator_libraries: unclear,
  ssl: safeWhenOn, ssl_cert_file: unclear, ssl_key_file: unclear, ssl_ca_file: unclear, ssl_crl_file: unclear, ssl_crl_dir: unclear, ssl_ciphers: unclear,
  ssl_tls13_ciphers: unclear, ssl_ecdh_curve: unclear, ssl_groups: unclear, ssl_prefer_server_ciphers: safeWhenOn, ssl_passphrase_command: unclear,
  ssl_min_protocol_version: words('tlsv1.3', 'tlsv1.2', 'tlsv1.1', 'tlsv1'), ssl_max_protocol_version: unclear,
  row_security: safeWhenOn, search_path: unclear, createrole_self_grant: unclear, lo_compat_privileges: safeWhenOff, allow_system_table_mods: safeWhenOff,
  backslash_quote: words('off', 'safe_encoding', 'on'), standard_conforming_strings: safeWhenOn, restrict_nonsystem_relation_kind: unclear, event_triggers: safeWhenOn,
  shared_preload_libraries: unclear, session_preload_libraries: unclear, local_preload_libraries: unclear, dynamic_library_path: unclear, extension_control_path: unclear,
  archive_command: unclear, archive_library: unclear, restore_command: unclear, archive_cleanup_command: unclear, recovery_end_command: unclear, primary_conninfo: unclear,
  logging_collector: unclear, log_destination: unclear, log_directory: unclear, log_file_mode: mode, log_connections: safeWhenOn, log_disconnections: safeWhenOn,
  log_replication_commands: safeWhenOn, log_statement: words('all', 'mod', 'ddl', 'none'), log_line_prefix: unclear, log_error_verbosity: words('verbose', 'default', 'terse'),
  log_min_messages: unclear, log_min_error_statement: unclear, 'pgaudit.log': unclear, 'pgaudit.role': unclear,
};

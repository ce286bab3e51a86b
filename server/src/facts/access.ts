import type { Document } from '../document.ts';
import { folderOf, resolvePath } from '../paths.ts';
import { formatIp, parseIp } from '../syntax/address.ts';
import { isKeyword, isRecord, parseHba, type HbaFile, type HbaLine, type HbaRecord, type HbaToken, type Method } from '../syntax/hba.ts';
import { tokenize } from '../syntax/hba-tokens.ts';
import { shown } from '../syntax/hba-words.ts';
import { applyEdits, Lines, shift, type Edit } from '../text.ts';
import { isAnyAddress, isLoopback, isNobody, isRemote } from './hba/address.ts';
import { clusterOf, type Cluster } from './cluster.ts';
import { orderOf, type Entry, type Order } from './hba/order.ts';
import { confFilesIn } from './conf/includes.ts';
import { isTrial } from './place.ts';
import { recordsOf } from './hba/selections.ts';
import type { SettingInForce } from './conf/settings.ts';

/** What a pg_hba.conf means. */
export interface HbaFacts {
  readonly document: Document;
  readonly file: HbaFile;
  /** The records of this document that the server would load, in order; template records and broken ones are left out. */
  readonly records: readonly HbaRecord[];
  readonly cluster: Cluster;
  /** The file is for a container, a test or an example. */
  readonly trial: boolean;
  /** Every record in the order in which the server reads them, those of included files among them. */
  readonly entries: readonly Entry[];
  /** Which record decides for whom, included files counted. */
  readonly order: Order;
  /** The earlier records, included files counted, that leave nothing for this one to match; undefined when it can match. */
  hiddenBy(record: HbaRecord): readonly HbaRecord[] | undefined;
  /** The databases of a record, `@file`s read where that is possible. */
  databasesOf(record: HbaRecord): readonly HbaToken[];
  usersOf(record: HbaRecord): readonly HbaToken[];
  /** Where a record stands: its line, counted from 1, and its file where that is another one. */
  placeOf(record: HbaRecord): Place;
}

export interface Place {
  readonly path?: string;
  readonly line: number;
}

export function hbaFacts(document: Document): HbaFacts {
  const file = parseHba(document.text, document.version);
  const places = new Map<HbaRecord, string>();
  const lines = new Map<string, Lines>();
  let entries: readonly Entry[] | undefined;
  let order: Order | undefined;
  const facts: HbaFacts = {
    document, file, records: file.records,
    cluster: clusterOf(document),
    trial: isTrial(document),
    get entries() {
      return entries ??= entriesOf(document, document.path, file, new Set(), places);
    },
    get order() {
      return order ??= orderOf(facts.entries, document.version);
    },
    hiddenBy(record) {
      const hiders = facts.order.isHidden(record) ? facts.order.before(record) : [];
      return hiders.length > 0 ? hiders : undefined;
    },
    databasesOf: (record) => namesOf(document, document.path, record.databases),
    usersOf: (record) => namesOf(document, document.path, record.users),
    placeOf(record) {
      const path = places.get(record);
      const key = path ?? document.path;
      let ofFile = lines.get(key);
      if (!ofFile) lines.set(key, (ofFile = new Lines(path === undefined ? document.text : (document.files.read(path) ?? ''))));
      return { ...(path !== undefined && { path }), line: ofFile.position(record.span.start).line + 1 };
    },
  };
  return facts;
}

/** A record that lets clients in, if they pass its method. */
export function admits(record: HbaRecord): boolean {
  return record.method.text !== 'reject';
}

/** Some connection gets as far as this record. */
export function isReachable(facts: HbaFacts, record: HbaRecord): boolean {
  return !facts.order.isHidden(record);
}

/**
 * The records in which a method has a say. Not one that no client can match, and not one that lies wholly behind earlier
 * records of other methods; behind records of its own method it is only said twice.
 */
export function recordsWith(facts: HbaFacts, method: Method): HbaRecord[] {
  return recordsOf(facts, method).filter((record) => {
    if (record.address && isNobody(record.address)) return false;
    return facts.hiddenBy(record)?.some((hider) => hider.method.text === method) ?? true;
  });
}

export type Passwordless = 'replication' | 'any' | 'network' | 'loopback' | 'local';

/** The trust records of one kind. Every trust record is of exactly one; one that asks for the certificate of the role is none. */
export function passwordless(facts: HbaFacts, kind: Passwordless): HbaRecord[] {
  return recordsWith(facts, 'trust').filter((record) => passwordlessKind(facts, record) === kind);
}

/** What certificate a client must show: the one of the role, any one of the CA, or none. */
export function certificateOf(record: HbaRecord): 'role' | 'any' | undefined {
  const value = record.options.length === 0 ? undefined : record.options.findLast((option) => option.name === 'clientcert')?.value;
  if (record.method.text === 'cert' || value === 'verify-full') return 'role';
  return value === 'verify-ca' || value === '1' ? 'any' : undefined;
}

/** The roles that a record speaks of, as in `log in as any role`. */
export function rolesText(facts: HbaFacts, record: HbaRecord): string {
  const users = facts.usersOf(record);
  const [first] = users;
  if (!first || users.some((user) => isKeyword(user, 'all'))) return 'any role';
  if (users.length > 1) return `one of ${users.length} roles`;
  if (first.file !== undefined) return `the roles of ${shown(`@${first.file}`)}`;
  if (!first.quoted && first.text.startsWith('+')) return `any member of ${shown(first.text.slice(1))}`;
  if (facts.document.version >= 16 && first.text.startsWith('/')) return `any role that matches ${shown(first.text)}`;
  return shown(first.text);
}

/** postgresql.conf keeps every account but the server's own away from the socket. */
export function socketsForOwnerOnly({ cluster }: HbaFacts): boolean {
  const mode = cluster.conf?.settings.value('unix_socket_permissions');
  if (mode === undefined || !/^(0x[\da-f]+|\d+)$/i.test(mode)) return false;
  return (Number.parseInt(mode, /^0x/i.test(mode) ? 16 : mode.startsWith('0') ? 8 : 10) & 0o077) === 0;
}

/** The postgresql.conf beside this file stores new passwords as SCRAM secrets. */
export function newPasswordsAreScram({ cluster }: HbaFacts): boolean {
  return cluster.conf?.settings.value('password_encryption')?.toLowerCase() === 'scram-sha-256';
}

/** The postgresql.conf beside this file is known to leave TLS off. */
export function tlsIsOff({ cluster: { conf } }: HbaFacts): boolean {
  return conf?.settings.flag('ssl') === false && (conf.settings.get('ssl') !== undefined || (conf.root && conf.settings.complete));
}

/** The listen_addresses in force, when the server listens where clients of the record on other machines can reach it. */
export function listensFor({ cluster }: HbaFacts, record: HbaRecord): SettingInForce | undefined {
  const inForce = cluster.conf?.settings.get('listen_addresses');
  if (!inForce || inForce.setting.template) return undefined;
  const { address } = record;
  const family = address?.kind === 'ip' ? address.family : undefined;
  return inForce.setting.value.text.split(',').some((listen) => isOpen(listen.trim().replace(/^"(.*)"$/, '$1'), family)) ? inForce : undefined;
}

/** One entry of listen_addresses is reachable from other machines over the given IP version. A host name may stand for both. */
function isOpen(listen: string, family: 4 | 6 | undefined): boolean {
  if (listen === '' || /^localhost$/i.test(listen)) return false;
  const ip = parseIp(listen);
  if (!ip) return true;
  if (ip.length === 4 ? ip[0] === 127 : formatIp(ip) === '::1') return false;
  return family === undefined || (family === 4) === (ip.length === 4);
}

/** The edit that turns a broken line into a record the server accepts, where it is clear what was meant. */
export function repairOf({ document }: HbaFacts, { line, error }: HbaLine): Edit | undefined {
  if (error?.instead === undefined) return undefined;
  const edit = { span: error.at, text: error.instead };
  const repaired = applyEdits(document.text.slice(line.start, line.end), [{ ...edit, span: shift(error.at, -line.start) }]);
  const { lines } = parseHba(repaired, document.version);
  return lines.every((parsed) => parsed.error === undefined) ? edit : undefined;
}

function passwordlessKind(facts: HbaFacts, record: HbaRecord): Passwordless | undefined {
  if (certificateOf(record) === 'role') return undefined;
  if (facts.databasesOf(record).some((database) => isKeyword(database, 'replication'))) return 'replication';
  if (!record.address) return 'local';
  if (isLoopback(record.address)) return 'loopback';
  if (isAnyAddress(record.address)) return 'any';
  return isRemote(record) ? 'network' : undefined;
}

/**
 * The records in the order in which the server reads them, those of included files among them. A file counts once: what
 * it says a second time changes nothing.
 */
function entriesOf(document: Document, path: string, file: HbaFile, seen: Set<string>, places: Map<HbaRecord, string>): Entry[] {
  seen.add(path);
  const entries: Entry[] = [];
  for (const line of file.lines) {
    if (isRecord(line)) {
      if (path !== document.path) places.set(line, path);
      entries.push({ record: line, databases: namesOf(document, path, line.databases), users: namesOf(document, path, line.users) });
    }
    if (!line.include) continue;
    for (const included of includedPaths(document, path, line)) {
      const text = seen.has(included) ? undefined : document.files.read(included);
      if (text !== undefined) for (const entry of entriesOf(document, included, parseHba(text, document.version), seen, places)) entries.push(entry);
    }
  }
  return entries;
}

/** The files that an include line in the file at `path` names, in the order in which the server reads them. */
export function includedPaths({ files }: Document, path: string, { include }: HbaLine): string[] {
  const target = resolvePath(folderOf(path), include!.target.text);
  if (include!.kind !== 'include_dir') return [target];
  return confFilesIn(files, target);
}

function namesOf(document: Document, path: string, tokens: readonly HbaToken[]): readonly HbaToken[] {
  for (const token of tokens) if (token.file !== undefined) return expanded(document, path, tokens, new Set([path]));
  return tokens;
}

/** A token `@file` becomes the tokens of that file; it stays where the file is not known. */
function expanded(document: Document, path: string, tokens: readonly HbaToken[], seen: Set<string>): HbaToken[] {
  return tokens.flatMap((token) => {
    if (token.file === undefined) return [token];
    const target = resolvePath(folderOf(path), token.file);
    if (seen.has(target)) return [];
    const text = document.files.read(target);
    if (text === undefined) return [token];
    seen.add(target);
    return expanded(document, target, tokenize(text, document.version).flatMap((line) => line.fields.flat()), seen);
  });
}

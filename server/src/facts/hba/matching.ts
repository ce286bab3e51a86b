import { formatIp } from '../../syntax/address.ts';
import { isKeyword, type ConnectionType, type HbaAddress, type HbaLine, type HbaRecord, type HbaToken } from '../../syntax/hba.ts';
import { shown } from '../../syntax/hba-words.ts';
import { regexMatches } from '../../syntax/regex-match.ts';
import type { HbaFacts } from '../access.ts';
import { isLoopback, isNobody, networkText } from './address.ts';
import { isLoadedRecord, loadedLines, type Loaded, type LoadedProblem, type LoadedRecord } from './loaded.ts';

/** Somebody who asks to be let in. */
export interface HbaClient {
  readonly role: string;
  /** Absent: physical replication, which names no database. */
  readonly database?: string;
  readonly transport: 'socket' | Network;
  /** The roles that it is a member of, directly or through others; absent when that is not known. */
  readonly memberOf?: readonly string[];
}

export interface Network {
  /** 4 or 16 bytes. */
  readonly address: Uint8Array;
  readonly encryption: Encryption;
  /** The DNS name that the address has and that leads back to it; absent when that is not known. */
  readonly name?: string;
}

export type Encryption = 'none' | 'tls' | 'gss';

/** One address of the server's machine with the mask of its network. */
export interface Interface {
  readonly address: Uint8Array;
  readonly mask: Uint8Array;
}

/** What the server makes of a client. */
export interface Decision {
  /** `record`: the first that matches. `none`: no record matches. `undecided`: too little is known. `refused`: the server does not load this file. */
  readonly kind: 'record' | 'none' | 'undecided' | 'refused';
  /** The record that decides; when undecided, the one that does if none of the doubtful ones matches. */
  readonly decides?: LoadedRecord;
  /** The lines before it, in the order in which the server reads them, and why they do not decide. */
  readonly earlier: readonly Passed[];
  /** What the server refuses the file for. */
  readonly problems: readonly LoadedProblem[];
  /** What else has to be known to understand the answer; sentences without a full stop. */
  readonly notes: readonly string[];
}

/** A line that does not decide, or, when `doubtful`, may do so. */
export interface Passed {
  readonly path: string;
  readonly line: HbaLine;
  readonly doubtful: boolean;
  /** A clause with the record as its subject: `is for TLS connections only`. */
  readonly why: string;
}

/** The decision as the server takes it: the first record that matches, and no other after it. */
export function decide(facts: HbaFacts, client: HbaClient, interfaces?: readonly Interface[]): Decision {
  const loaded = [...loadedLines(facts.document, facts.file)];
  const problems = loaded.filter(isRefused);
  const nobody: Decision = { kind: 'refused', earlier: [], problems, notes: [] };
  if (problems.length > 0) return nobody;
  if (loaded.length === 0) return { ...nobody, notes: ['The file holds no record, and the server does not load such a file'] };

  const { seen, notes } = asServerSees(client, facts);
  const situation: Situation = { client: seen, version: facts.document.version, tls: serverTls(facts), interfaces };
  const earlier: Passed[] = [];
  for (const line of loaded) {
    if (!isLoadedRecord(line)) {
      earlier.push({ path: line.path, line: line.line, doubtful: true, why: line.why });
      continue;
    }
    const verdict = compare(line, situation);
    if (verdict === matches) return { kind: kindOf('record', earlier), decides: line, earlier, problems, notes };
    earlier.push({ path: line.path, line: line.record, ...verdict });
  }
  return { kind: kindOf('none', earlier), earlier, problems, notes };
}

function isRefused(line: Loaded): line is LoadedProblem {
  return !isLoadedRecord(line) && line.refused;
}

function kindOf(kind: 'record' | 'none', earlier: readonly Passed[]): Decision['kind'] {
  return earlier.some(({ doubtful }) => doubtful) ? 'undecided' : kind;
}

/** Names longer than the server keeps are cut, and a server without TLS makes a plain connection of one that asks for it. */
function asServerSees(client: HbaClient, facts: HbaFacts): { seen: HbaClient; notes: readonly string[] } {
  const named = { ...client, role: asName(client.role), ...(client.database !== undefined && { database: asName(client.database) }) };
  const { transport } = client;
  if (transport === 'socket' || transport.encryption !== 'tls' || serverTls(facts) !== false) return { seen: named, notes: [] };
  return {
    seen: { ...named, transport: { ...transport, encryption: 'none' } },
    notes: ['TLS is off in postgresql.conf, so this client comes in without it or not at all'],
  };
}

/** A name as the server keeps it: 63 bytes at most. */
function asName(name: string): string {
  const bytes = new TextEncoder().encode(name);
  return bytes.length < 64 ? name : new TextDecoder().decode(bytes.subarray(0, 63));
}

/** `ssl` in the postgresql.conf beside the file; undefined when that is not known. */
function serverTls({ cluster: { conf } }: HbaFacts): boolean | undefined {
  if (!conf || (conf.settings.get('ssl') === undefined && !(conf.root && conf.settings.complete))) return undefined;
  return conf.settings.flag('ssl');
}

/** What a record is compared with. */
export interface Situation {
  readonly client: HbaClient;
  readonly version: number;
  /** `ssl` of the server; undefined when that is not known. */
  readonly tls?: boolean | undefined;
  /** The addresses of the server's machine; undefined when they are not known. */
  readonly interfaces?: readonly Interface[] | undefined;
}

export type Verdict = typeof matches | { readonly doubtful: boolean; readonly why: string };

export const matches = 'matches';

/** Does the record match? What surely does not fit outweighs what is not known. */
export function compare({ record, databases, users }: Pick<LoadedRecord, 'record' | 'databases' | 'users'>, situation: Situation): Verdict {
  let doubtful: Verdict = matches;
  for (const verdict of [compareType(record, situation), compareAddress(record, situation), compareDatabases(databases, situation), compareUsers(users, situation)]) {
    if (verdict === matches) continue;
    if (!verdict.doubtful) return verdict;
    if (doubtful === matches) doubtful = verdict;
  }
  return doubtful;
}

export function compareType({ type: { text: type } }: Pick<HbaRecord, 'type'>, { client: { transport }, tls }: Situation): Verdict {
  if (transport === 'socket') return type === 'local' ? matches : miss('is for TCP connections, not for the socket');
  if (type === 'local') return miss('is for the Unix-domain socket only');
  if (type === 'hostssl' && tls === false) return miss('is for TLS connections only, and ssl is off');
  return encryptionsOf[type].includes(transport.encryption) ? matches : miss(`is for ${typeWords[type]} only`);
}

const encryptionsOf: Readonly<Record<ConnectionType, readonly Encryption[]>> = {
  local: [], host: ['none', 'tls', 'gss'], hostssl: ['tls'], hostnossl: ['none', 'gss'], hostgssenc: ['gss'], hostnogssenc: ['none', 'tls'],
};
const typeWords: Readonly<Record<ConnectionType, string>> = {
  local: 'the Unix-domain socket', host: 'TCP connections', hostssl: 'TLS connections', hostnossl: 'connections without TLS',
  hostgssenc: 'connections with GSSAPI encryption', hostnogssenc: 'connections without GSSAPI encryption',
};

export function compareAddress({ address }: Pick<HbaRecord, 'address'>, { client: { transport }, interfaces }: Situation): Verdict {
  if (!address || transport === 'socket') return matches;
  const ip = formatIp(transport.address);
  if (address.kind === 'all') return matches;
  if (isNobody(address)) return miss(`is for ${addressWords(address)}, which no client has`);
  if (address.kind !== 'ip') return address.kind === 'host' || address.kind === 'suffix' ? compareName(address, transport) : compareSame(address.kind, transport.address, interfaces);
  if (address.mask.length !== transport.address.length) return miss(`is for IPv${address.family} clients, and ${ip} is IPv${transport.address.length === 4 ? 4 : 6}`);
  const inside = liesIn(transport.address, address.network, address.mask);
  return inside ? matches : miss(`${networkText(address)} does not contain ${ip}`);
}

function addressWords({ tokens: [address], kind }: HbaAddress): string {
  return kind === 'ip' ? address.text : `the host ${shown(address.text)}`;
}

/** True when both agree in every bit of the mask. */
export function liesIn(address: Uint8Array, network: Uint8Array, mask: Uint8Array): boolean {
  return address.length === mask.length && mask.every((byte, i) => ((address[i]! ^ network[i]!) & byte) === 0);
}

/** The name has to lead back to the address, which `localhost` only does on the server's own machine. */
function compareName(address: HbaAddress, { address: ip, name }: Network): Verdict {
  const written = address.tokens[0].text;
  const wanted = written.toLowerCase();
  if (isLoopback(address) && !isLoopbackClient(ip)) return miss("is for the server's own machine only");
  if (name === undefined) return doubt(`is for ${shown(written)}, and whether ${formatIp(ip)} has that name is not known`);
  const fits = address.kind === 'suffix' ? name.toLowerCase().endsWith(wanted) : name.toLowerCase() === wanted;
  return fits ? matches : miss(`is for ${shown(written)}, and the client is ${shown(name)}`);
}

/** Every machine has the loopback addresses; what else it has must be known. */
function compareSame(kind: 'samehost' | 'samenet', ip: Uint8Array, interfaces: readonly Interface[] | undefined): Verdict {
  const whole = (address: Uint8Array) => new Uint8Array(address.length).fill(255);
  const own = [...loopback, ...(interfaces ?? [])];
  if (own.some(({ address, mask }) => liesIn(ip, address, kind === 'samehost' ? whole(address) : mask))) return matches;
  const where = kind === 'samehost' ? 'an address of the server' : 'in a network of the server';
  return interfaces ? miss(`${formatIp(ip)} is not ${where}`) : doubt(`whether ${formatIp(ip)} is ${where} is not known`);
}

const loopback: readonly Interface[] = [
  { address: Uint8Array.of(127, 0, 0, 1), mask: Uint8Array.of(255, 0, 0, 0) },
  { address: new Uint8Array(16).fill(1, 15), mask: new Uint8Array(16).fill(255) },
];

function isLoopbackClient(ip: Uint8Array): boolean {
  return loopback.some(({ address, mask }) => liesIn(ip, address, mask));
}

export function compareDatabases(databases: readonly HbaToken[], { client, version }: Situation): Verdict {
  const { database, role } = client;
  if (database === undefined) {
    return anyOf(databases, 'does not name the keyword replication', (token) => (token.file === undefined ? isKeyword(token, 'replication') : undefined));
  }
  return anyOf(databases, `is for ${namesText('database', databases)}`, (token) => {
    if (isKeyword(token, 'replication')) return false;
    if (isKeyword(token, 'all')) return true;
    if (isKeyword(token, 'sameuser')) return database === role;
    if (isKeyword(token, 'samerole') || isKeyword(token, 'samegroup')) return isMember(client, database);
    return nameMatches(token, database, version);
  });
}

export function compareUsers(users: readonly HbaToken[], { client, version }: Situation): Verdict {
  return anyOf(users, `is for ${namesText('role', users)}`, (token) => {
    if (!token.quoted && token.text.startsWith('+')) return isMember(client, token.text.slice(1));
    return isKeyword(token, 'all') || nameMatches(token, client.role, version);
  });
}

/** Every role counts as a member of itself. */
function isMember({ role, memberOf }: HbaClient, group: string): boolean | undefined {
  return group === role || memberOf?.includes(group);
}

/** A regular expression (from 16 on) may match anywhere in the name. */
function nameMatches(token: HbaToken, name: string, version: number): boolean | undefined {
  if (token.file !== undefined) return undefined;
  return version >= 16 && token.text.startsWith('/') ? regexMatches(token.text.slice(1), name) : token.text === name;
}

function anyOf(tokens: readonly HbaToken[], other: string, fits: (token: HbaToken) => boolean | undefined): Verdict {
  let unknown: HbaToken | undefined;
  for (const token of tokens) {
    const fit = fits(token);
    if (fit) return matches;
    if (fit === undefined) unknown ??= token;
  }
  return unknown ? doubt(unknownText(unknown)) : miss(other);
}

function unknownText(token: HbaToken): string {
  if (token.file !== undefined) return `what ${shown(token.text)} holds is not known`;
  if (token.text.startsWith('/')) return `whether ${shown(token.text)} matches is not known`;
  return `whether the role is a member of ${token.text.startsWith('+') ? shown(token.text.slice(1)) : 'one named like the database'} is not known`;
}

function namesText(what: 'database' | 'role', tokens: readonly HbaToken[]): string {
  if (tokens.length > 1) return `${tokens.length} other ${what}s`;
  const token = tokens[0]!;
  const keyword = what === 'database' ? ['replication', 'sameuser', 'samerole', 'samegroup'].find((name) => isKeyword(token, name)) : undefined;
  if (keyword === 'replication') return 'physical replication only';
  if (keyword === 'sameuser') return 'the database of the same name as the role';
  if (keyword !== undefined) return 'databases named like a role that the role is a member of';
  if (what === 'role' && !token.quoted && token.text.startsWith('+')) return `members of role ${shown(token.text.slice(1))}`;
  return `${what} ${shown(token.text)}`;
}

function miss(why: string): Verdict {
  return { doubtful: false, why };
}

function doubt(why: string): Verdict {
  return { doubtful: true, why };
}

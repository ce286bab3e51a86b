import fc from 'fast-check';
import { parseIp } from '../../server/src/syntax/address.ts';

/** A record of a generated file, as its words. */
export interface Words {
  readonly type: string;
  readonly databases: readonly string[];
  readonly users: readonly string[];
  /** Absent on local records. */
  readonly address?: readonly string[];
  readonly method: string;
}

export function lineOf({ type, databases, users, address, method }: Words): string {
  return [type, databases.join(','), users.join(','), ...(address ?? []), method].join(' ');
}

/**
 * Files over a world so small that every client of it can be tried. `+g` and `+a` are the only member lists, `/^x`, `/q$` and
 * `/^(g|h|k)$` the only expressions that are understood, `/(?i)zz` one that is not.
 */
export function files(most: number): fc.Arbitrary<World> {
  return fc.nat(2).chain((at) => fc.array(words(at), { minLength: 1, maxLength: most }).map((records) => ({ at, records }))).filter(isDecided);
}

/** What `samerole` and an expression for databases have in common depends on who is a member of what. */
function isDecided({ records }: World): boolean {
  const words = records.flatMap((record) => record.databases);
  return !words.some((word) => /^same(role|group)$/.test(word)) || !words.some((word) => /^"?\/[^.]/.test(word));
}

/** A file, and which bits of its addresses differ. */
export interface World {
  readonly at: number;
  readonly records: readonly Words[];
}

export function textOf({ records }: World): string {
  return records.map(lineOf).join('\n');
}

const names = (...all: string[]) => fc.oneof(
  { weight: 3, arbitrary: fc.constant(['all']) },
  { weight: 3, arbitrary: fc.constantFrom(...all).map((name) => [name]) },
  { weight: 2, arbitrary: fc.array(fc.constantFrom('all', ...all), { minLength: 2, maxLength: 3 }) },
);
const databases = names('a', 'xa', 'g', '"all"', 'sameuser', 'samerole', 'samegroup', 'replication', '"replication"', '/^x', '/(?i)zz', '/^a$', '"/q$"', '/^(g|h|k)$', '/.*');
const users = names('a', 'xa', 'g', '"all"', '+g', '+a', '"+g"', '/^x', '/(?i)zz', '/^a$', '"/q$"', '/^(g|h|k)$', '/.*');

/** Masks fix any of four bits behind a prefix that is whole or absent, or the first bit alone: 48 addresses of each version stand for all. */
const starts = { 4: [0, 6, 28], 6: [0, 30, 124] } as const;
const network = (at: number) => fc.record({ family: fc.constantFrom(4 as const, 6 as const), prefix: fc.boolean(), fixed: fc.oneof(fc.constantFrom(0, 8, 12, 14, 15), fc.nat(15)), value: fc.nat(15) })
  .map(({ family, prefix, fixed, value }) => {
    const [size, start] = [family === 4 ? 32 : 128, starts[family][at]!];
    const mask = (prefix ? ones(start) << BigInt(size - start) : 0n) | (BigInt(fixed) << BigInt(size - start - 4));
    const address = (prefix ? insideOf(size, start) : 0n) | (BigInt(value) << BigInt(size - start - 4));
    const bits = prefixLength(mask, size);
    return bits === undefined || value % 2 === 1 ? [written(address, size), written(mask, size)] : [`${written(address, size)}/${bits}`];
  });
const address = (at: number) => fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(['all'], ['0.0.0.0/0'], ['::/0'], ['0.0.0.0/1'], ['128.0.0.0/1'], ['samenet'], ['db.example'], ['DB.Example']) },
  { weight: 4, arbitrary: network(at) },
);
const method = fc.constantFrom('trust', 'reject', 'password', 'md5', 'scram-sha-256');
const words = (at: number): fc.Arbitrary<Words> => fc.oneof(
  { weight: 1, arbitrary: fc.record({ type: fc.constant('local'), databases, users, method }) },
  { weight: 6, arbitrary: fc.record({ type: fc.constantFrom('host', 'host', 'host', 'hostssl', 'hostnossl', 'hostgssenc', 'hostnogssenc'), databases, users, address: address(at), method }) },
);

function ones(bits: number): bigint {
  return (1n << BigInt(bits)) - 1n;
}

/** The prefix that masks fix: bits in turn. */
function insideOf(size: number, start: number): bigint {
  return (BigInt(`0b0${'10'.repeat(64)}`) & ones(start)) << BigInt(size - start);
}

function prefixLength(mask: bigint, size: number): number | undefined {
  const bits = mask.toString(2).padStart(size, '0');
  return /^1*0*$/.test(bits) ? bits.replace(/0/g, '').length : undefined;
}

function written(value: bigint, size: number): string {
  if (size === 32) return [24n, 16n, 8n, 0n].map((by) => (value >> by) & 255n).join('.');
  return Array.from({ length: 8 }, (_, i) => ((value >> BigInt(112 - 16 * i)) & 0xffffn).toString(16)).join(':');
}

/** Where and how a client comes in. `names` are the words of the address column that mean it without a number. */
interface Way {
  readonly transport: 'socket' | 'plain' | 'tls' | 'gss';
  readonly ip?: bigint;
  readonly size?: number;
  readonly name?: string;
}

/** What a client asks for; without a database it asks for physical replication. */
interface Request {
  readonly database: string | undefined;
  readonly role: string;
}

const named = ['a', 'xa', 'g', 'all', 'replication', '+g', '/^x', '/q$', '/^a$', '/.*', '/(?i)zz', '/^(g|h|k)$'];
const roles = [...named, ...named.map((name) => `of-${name}`), 'nobody', 'xyz', 'xxx', 'zz', 'ZZ', 'qq-q', 'q-q', 'h', 'k'];
const isMember = (role: string, group: string) => role === group || role === `of-${group}` || group === 'everybody';
const requests: readonly Request[] = roles.flatMap((role) => [undefined, 'empty', 'everybody', ...roles].map((database) => ({ database, role })));

/** Inside the prefix, outside of it with the same first bit, and with the other one. */
const waysAt: readonly (readonly Way[])[] = [0, 1, 2].map((at) => [{ transport: 'socket' }, ...([4, 6] as const).flatMap((family) => {
  const [size, start] = [family === 4 ? 32 : 128, starts[family][at]!];
  const inside = insideOf(size, start);
  const others = start === 0 ? [] : [inside ^ (ones(start - 1) << BigInt(size - start)), inside ^ (ones(start) << BigInt(size - start))];
  const ips = [inside, ...others].flatMap((prefix) => Array.from({ length: 16 }, (_, value) => prefix | (BigInt(value) << BigInt(size - start - 4))));
  return ips.flatMap((ip) => (['plain', 'tls', 'gss'] as const).flatMap((transport) =>
    [undefined, 'samenet', 'db.example'].map((name) => ({ transport, ip, size, name }))));
})]);

const typesOf = {
  socket: ['local'], plain: ['host', 'hostnossl', 'hostnogssenc'], tls: ['host', 'hostssl', 'hostnogssenc'], gss: ['host', 'hostnossl', 'hostgssenc'],
} as const;

function takesWay({ type, address: column }: Words, way: Way): boolean {
  if (!(typesOf[way.transport] as readonly string[]).includes(type)) return false;
  if (way.transport === 'socket') return true;
  const [word, mask] = column!;
  if (word === 'all') return true;
  if (!/\d/.test(word!) && !word!.includes(':')) return word!.toLowerCase() === way.name;
  const [ip, bits] = word!.split('/');
  const bytes = parseIp(ip!)!;
  if (bytes.length * 8 !== way.size) return false;
  const fixed = mask === undefined ? ones(Number(bits)) << BigInt(way.size! - Number(bits)) : numberOf(parseIp(mask)!);
  return ((numberOf(bytes) ^ way.ip!) & fixed) === 0n;
}

function numberOf(bytes: Uint8Array): bigint {
  return bytes.reduce((value, byte) => (value << 8n) | BigInt(byte), 0n);
}

function takesRequest({ databases: column, users: roleColumn }: Words, request: Request, regexes: boolean): boolean {
  return column.some((word) => takesDatabase(word, request, regexes)) && roleColumn.some((word) => takesRole(word, request.role, regexes));
}

function takesDatabase(word: string, { database, role }: Request, regexes: boolean): boolean {
  if (database === undefined) return word === 'replication';
  if (word === 'all') return true;
  if (word === 'sameuser') return database === role;
  if (word === 'samerole' || word === 'samegroup') return isMember(role, database);
  return word !== 'replication' && takesName(word, database, regexes);
}

function takesRole(word: string, role: string, regexes: boolean): boolean {
  if (word === 'all') return true;
  return word.startsWith('+') ? isMember(role, word.slice(1)) : takesName(word, role, regexes);
}

function takesName(word: string, name: string, regexes: boolean): boolean {
  const plain = word.replace(/"/g, '');
  if (!regexes || !plain.startsWith('/')) return plain === name;
  return plain === '/(?i)zz' ? name.toLowerCase() === 'zz' : new RegExp(plain.slice(1)).test(name);
}

/** For every kind of client, which records take it: one bit a record. Clients that the same records take are of one kind. */
export function kindsOfClients({ at, records }: World, version: number): number[] {
  const asked = new Set(requests.map((request) => bits(records, (record) => takesRequest(record, request, version >= 16))));
  const come = new Set(waysAt[at]!.map((way) => bits(records, (record) => takesWay(record, way))));
  return [...new Set([...asked].flatMap((some) => [...come].map((others) => some & others)))];
}

function bits(records: readonly Words[], takes: (record: Words) => boolean): number {
  return records.reduce((set, record, order) => (takes(record) ? set | (1 << order) : set), 0);
}

/** The first record of a set of them, -1 for none. */
export function firstOf(set: number): number {
  return 31 - Math.clz32(set & -set);
}

/** For every record the records before it that decide for some of its clients, and whether nothing is left for it. */
export function bruteForce(world: World, version: number): { hidden: boolean; by: number[] }[] {
  const kinds = kindsOfClients(world, version);
  return world.records.map((record, order) => {
    const deciders = new Set(kinds.filter((set) => set & (1 << order)).map(firstOf));
    const hidden = !deciders.has(order);
    return { hidden, by: [...deciders].filter((other) => other < order && isCertain(world.records[other]!, record)).sort((a, b) => a - b) };
  });
}

/** Whether a name and a part of the network meet is not known. */
function isCertain(a: Words, b: Words): boolean {
  if (!a.address || !b.address) return true;
  const [one, other] = [kindOf(a.address), kindOf(b.address)];
  return one === other || one === 'whole' || other === 'whole';
}

function kindOf([word, mask]: readonly string[]): 'whole' | 'part' | 'name' {
  if (word === 'all') return 'whole';
  if (!/\d/.test(word!) && !word!.includes(':')) return 'name';
  return (mask === undefined ? word!.endsWith('/0') : /^[0.:]+$/.test(mask)) ? 'whole' : 'part';
}

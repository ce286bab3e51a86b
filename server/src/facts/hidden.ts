import { byteOfMask } from '../syntax/address.ts';
import { isKeyword, type ConnectionType, type HbaNamedAddress, type HbaNetwork, type HbaRecord, type HbaToken } from '../syntax/hba.ts';

/** A record with the names that its `@file`s hold put in their place. */
export interface Entry {
  readonly record: HbaRecord;
  readonly databases: readonly HbaToken[];
  readonly users: readonly HbaToken[];
}

/**
 * For every record that can never match: the earlier records that take all its connections away. The server looks at
 * records in order and the first that matches decides. A record is split into its smallest parts (one database, one
 * role, one way in); it is hidden when one earlier record swallows each part.
 */
export function hiddenRecords(entries: Iterable<Entry>, version: number): Map<HbaRecord, readonly HbaRecord[]> {
  const hidden = new Map<HbaRecord, readonly HbaRecord[]>();
  const seen = new Earlier();
  let order = 0;
  for (const { record, databases, users } of entries) {
    if (databases.length * users.length > mostPairs) continue;
    const parts: Parts = {
      record, order: order++, ways: waysOf(record),
      databases: databases.map((token) => databaseKey(token, version)),
      users: users.map((token) => userKey(token, version)),
    };
    const hiders = seen.hidersOf(parts);
    if (hiders) hidden.set(record, hiders);
    seen.add(parts);
  }
  return hidden;
}

/** Records with longer lists neither hide nor count as hidden. */
const mostPairs = 2000;

interface Parts {
  readonly record: HbaRecord;
  readonly order: number;
  readonly ways: readonly number[];
  readonly databases: readonly string[];
  readonly users: readonly string[];
}

/** The records before the one in question, found by database, role and way in. */
class Earlier {
  readonly #matchers = new Map<string, (Matcher | undefined)[]>();

  add(parts: Parts): void {
    for (const database of parts.databases) {
      for (const user of parts.users) {
        const pair = pairKey(database, user);
        let byWay = this.#matchers.get(pair);
        if (!byWay) this.#matchers.set(pair, (byWay = new Array<Matcher | undefined>(ways)));
        for (const way of parts.ways) (byWay[way] ??= new Matcher()).add(parts);
      }
    }
  }

  hidersOf(parts: Parts): readonly HbaRecord[] | undefined {
    const hiders = new Set<HbaRecord>();
    for (const database of parts.databases) {
      for (const user of parts.users) {
        for (const way of parts.ways) {
          const first = this.#first(parts.record, database, user, way);
          if (!first) return undefined;
          hiders.add(first.record);
        }
      }
    }
    return hiders.size > 0 ? [...hiders] : undefined;
  }

  /** `all` takes in every database but replication, and every role. */
  #first(record: HbaRecord, database: string, user: string, way: number): Parts | undefined {
    let first: Parts | undefined;
    for (const db of database === everything || database === replication ? [database] : [database, everything]) {
      first = earliest(first, this.#matchers.get(pairKey(db, user))?.[way]?.find(record));
      if (user !== everything) first = earliest(first, this.#matchers.get(pairKey(db, everything))?.[way]?.find(record));
    }
    return first;
  }
}

/** No name holds a line feed. */
function pairKey(database: string, user: string): string {
  return `${database}\n${user}`;
}

function earliest(a: Parts | undefined, b: Parts | undefined): Parts | undefined {
  return a && b ? (a.order <= b.order ? a : b) : (a ?? b);
}

/** A way in is a number: the socket, or plain, TLS and GSS connections over IPv4 and over IPv6. */
const ways = 7;
const socket = 0;
const [plain, tls, gss] = [1, 2, 3] as const;
const transportsOf: Readonly<Record<ConnectionType, readonly number[]>> = {
  local: [], host: [plain, tls, gss], hostssl: [tls], hostnossl: [plain, gss], hostgssenc: [gss], hostnogssenc: [plain, tls],
};

function waysOf({ type, address }: HbaRecord): readonly number[] {
  if (!address) return [socket];
  const transports = transportsOf[type.text];
  if (address.kind !== 'ip') return [...transports, ...transports.map((transport) => transport + 3)];
  return address.family === 4 ? transports : transports.map((transport) => transport + 3);
}

const everything = 'keyword all';
const replication = 'keyword replication';

function databaseKey(token: HbaToken, version: number): string {
  if (isKeyword(token, 'samegroup')) return 'keyword samerole';
  for (const keyword of ['all', 'sameuser', 'samerole', 'replication']) if (isKeyword(token, keyword)) return `keyword ${keyword}`;
  return nameKey(token, version);
}

function userKey(token: HbaToken, version: number): string {
  if (isKeyword(token, 'all')) return everything;
  return !token.quoted && token.text.startsWith('+') ? `member ${token.text}` : nameKey(token, version);
}

/** A file that could not be read equals itself and nothing else. */
function nameKey(token: HbaToken, version: number): string {
  if (token.file !== undefined) return `file ${token.file}`;
  return version >= 16 && token.text.startsWith('/') ? `regex ${token.text}` : `name ${token.text}`;
}

/** The addresses of earlier records with the same database, role and way in. Looking one up costs a step per distinct prefix length. */
class Matcher {
  #all: Parts | undefined;
  /** Most matchers hold a single address: what they do not need is not made. */
  #names: Map<string, Parts> | undefined;
  #networks: Map<number, Map<string | number, Parts>> | undefined;

  add(parts: Parts): void {
    const { address } = parts.record;
    if (!address || address.kind === 'all' || (address.kind === 'ip' && address.bits === 0)) {
      this.#all ??= parts;
    } else if (address.kind !== 'ip') {
      const name = nameOf(address);
      this.#names ??= new Map();
      if (!this.#names.has(name)) this.#names.set(name, parts);
    } else if (address.bits !== undefined) {
      this.#networks ??= new Map();
      let networks = this.#networks.get(address.bits);
      if (!networks) this.#networks.set(address.bits, (networks = new Map()));
      const network = prefixOf(address, address.bits);
      if (!networks.has(network)) networks.set(network, parts);
    }
  }

  /** The earliest record whose address takes in the whole address of `record`. */
  find({ address }: HbaRecord): Parts | undefined {
    let first = this.#all;
    if (!address || address.kind === 'all') return first;
    if (address.kind !== 'ip') return earliest(first, this.#names?.get(nameOf(address)));
    if (address.bits === undefined) return first;
    for (const [bits, networks] of this.#networks ?? []) {
      if (bits <= address.bits) first = earliest(first, networks.get(prefixOf(address, bits)));
    }
    return first;
  }
}

/** Host names do not depend on case; samehost and samenet stand for themselves. */
function nameOf({ kind, tokens }: HbaNamedAddress): string {
  return `${kind} ${tokens[0].text.toLowerCase()}`;
}

function prefixOf({ network }: HbaNetwork, bits: number): string | number {
  if (network.length > 4) return network.map((byte, i) => byte & byteOfMask(bits, i)).join();
  let prefix = 0;
  for (let i = 0; i < 4; i++) prefix = prefix * 256 + (network[i]! & byteOfMask(bits, i));
  return prefix;
}

import { formatIp } from '../syntax/address.ts';
import { isKeyword, type ConnectionType, type HbaNetwork, type HbaRecord, type HbaToken } from '../syntax/hba.ts';

/** A record with the names that its `@file`s hold put in their place. */
export interface Entry {
  readonly record: HbaRecord;
  readonly databases: readonly HbaToken[];
  readonly users: readonly HbaToken[];
}

/**
 * For every record that can never match: the earlier records that take all its connections away. The server looks at
 * records in order and the first that matches decides. A record is split into its smallest parts (one database, one
 * role, one transport, one IP version); it is hidden when one earlier record swallows each part.
 */
export function hiddenRecords(entries: readonly Entry[], version: number): Map<HbaRecord, readonly HbaRecord[]> {
  const hidden = new Map<HbaRecord, readonly HbaRecord[]>();
  const earlier = new Map<string, Matcher>();
  for (const [order, entry] of [...entries].entries()) {
    const { record } = entry;
    if (entry.databases.length * entry.users.length > mostPairs) continue;
    const hiders = hidersOf(entry, earlier, version);
    if (hiders) hidden.set(record, hiders);
    for (const part of partsOf(entry, version)) {
      const key = keyOf(part.database, part.user, part.way);
      let matcher = earlier.get(key);
      if (!matcher) earlier.set(key, (matcher = new Matcher()));
      matcher.add({ record, order });
    }
  }
  return hidden;
}

/** Records with longer lists neither hide nor count as hidden. */
const mostPairs = 2000;

function hidersOf(entry: Entry, earlier: ReadonlyMap<string, Matcher>, version: number): readonly HbaRecord[] | undefined {
  const hiders = new Set<HbaRecord>();
  for (const { database, user, way } of partsOf(entry, version)) {
    let first: Earlier | undefined;
    for (const db of database === replication || database === everything ? [database] : [database, everything]) {
      for (const role of user === everything ? [user] : [user, everything]) {
        first = earliest(first, earlier.get(keyOf(db, role, way))?.find(entry.record));
      }
    }
    if (!first) return undefined;
    hiders.add(first.record);
  }
  return hiders.size > 0 ? [...hiders] : undefined;
}

interface Earlier {
  readonly record: HbaRecord;
  readonly order: number;
}

function earliest(a: Earlier | undefined, b: Earlier | undefined): Earlier | undefined {
  return a && b ? (a.order <= b.order ? a : b) : (a ?? b);
}

/** A way in: a transport, and for TCP the IP version. */
interface Way {
  readonly transport: 'socket' | 'plain' | 'ssl' | 'gss';
  readonly family: 0 | 4 | 6;
}
interface Part {
  readonly database: string;
  readonly user: string;
  readonly way: Way;
}

const transportsOf: Readonly<Record<ConnectionType, readonly Way['transport'][]>> = {
  local: ['socket'], host: ['plain', 'ssl', 'gss'], hostssl: ['ssl'], hostnossl: ['plain', 'gss'], hostgssenc: ['gss'], hostnogssenc: ['plain', 'ssl'],
};

function* partsOf({ record, databases, users }: Entry, version: number): Iterable<Part> {
  const { address } = record;
  const families = !address ? [0] as const : address.kind === 'ip' ? [address.family] : [4, 6] as const;
  for (const transport of transportsOf[record.type.text]) {
    for (const family of families) {
      for (const database of databases) {
        for (const user of users) yield { database: databaseKey(database, version), user: userKey(user, version), way: { transport, family } };
      }
    }
  }
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

function keyOf(database: string, user: string, { transport, family }: Way): string {
  return `${transport}${family}\n${database}\n${user}`;
}

/** The addresses of earlier records with the same database, role and way in. Looking one up costs a step per distinct prefix length. */
class Matcher {
  #all: Earlier | undefined;
  readonly #names = new Map<string, Earlier>();
  readonly #networks = new Map<number, Map<string, Earlier>>();

  add(earlier: Earlier): void {
    const { address } = earlier.record;
    if (!address || address.kind === 'all' || (address.kind === 'ip' && address.bits === 0)) {
      this.#all ??= earlier;
    } else if (address.kind !== 'ip') {
      const name = nameOf(earlier.record);
      if (!this.#names.has(name)) this.#names.set(name, earlier);
    } else if (address.bits !== undefined) {
      let networks = this.#networks.get(address.bits);
      if (!networks) this.#networks.set(address.bits, (networks = new Map()));
      const network = prefixOf(address, address.bits);
      if (!networks.has(network)) networks.set(network, earlier);
    }
  }

  /** The earliest record whose address takes in the whole address of `record`. */
  find(record: HbaRecord): Earlier | undefined {
    const { address } = record;
    let first = this.#all;
    if (!address || address.kind === 'all') return first;
    if (address.kind !== 'ip') return earliest(first, this.#names.get(nameOf(record)));
    if (address.bits === undefined) return first;
    for (const [bits, networks] of this.#networks) {
      if (bits <= address.bits) first = earliest(first, networks.get(prefixOf(address, bits)));
    }
    return first;
  }
}

/** Host names do not depend on case; samehost and samenet stand for themselves. */
function nameOf({ address }: HbaRecord): string {
  return `${address!.kind} ${address!.tokens[0].text.toLowerCase()}`;
}

function prefixOf({ network }: HbaNetwork, bits: number): string {
  return formatIp(network.map((byte, i) => byte & (0xff00 >> Math.max(0, Math.min(8, bits - i * 8)))));
}

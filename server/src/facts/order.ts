import type { ConnectionType, HbaAddress, HbaRecord, HbaToken } from '../syntax/hba.ts';
import { isNobody } from './address.ts';
import { AddressSet, blockOf, common, isCovered, type Block, type Effort } from './address-set.ts';
import { Names, type Pair, type Term } from './order-names.ts';

/** A record with the names that its `@file`s hold put in their place. */
export interface Entry {
  readonly record: HbaRecord;
  readonly databases: readonly HbaToken[];
  readonly users: readonly HbaToken[];
}

/** Which clients are spoken of: a record without its method. */
export type Region = Pick<HbaRecord, 'type' | 'address'> & Pick<Entry, 'databases' | 'users'>;

/**
 * Who decides for whom. The server looks at records in order and the first that matches decides. A client is a way in, an
 * address, a database or physical replication, and a role; the answers are exact for all of them. What cannot be known is
 * never claimed: what a host name or a network of the server stands for, and which roles are members of which.
 */
export interface Order {
  /** No client gets as far as this record. */
  isHidden(record: HbaRecord): boolean;
  /** The earlier records that decide for some of its clients, in order; among those that `only` lets pass. */
  before(record: HbaRecord, only?: (earlier: HbaRecord) => boolean): readonly HbaRecord[];
  /** The two may share more clients than is certain: those of a host name, of a list of members. */
  mayShareMore(a: HbaRecord, b: HbaRecord): boolean;
  /** The later records that decide for some clients of the region, in order. */
  after(record: HbaRecord, region: Region, only?: (later: HbaRecord) => boolean): readonly HbaRecord[];
}

/** Longer answers break off here: nobody reads on. */
export const mostDeciders = 200;

export function orderOf(entries: Iterable<Entry>, version: number): Order {
  const index = new Index([...entries], version);
  return {
    isHidden: (record) => index.isHidden(record),
    before: (record, only) => index.before(record, only),
    mayShareMore: (a, b) => index.mayShareMore(a, b),
    after: (record, region, only) => index.after(record, region, only),
  };
}

/** Records with longer lists, and those behind as many pairs of names in one file, neither hide nor count as hidden. */
const mostPairs = 2000;
const mostPairsOfFile = 200_000;
/** Steps for all questions of one kind about one file, and for one of them. */
const mostSteps = 1_000_000;
const mostStepsOfOne = 50_000;
/** Masks that are no prefix cost time; nobody has many of them. */
const mostHoles = 200;

interface Claimant {
  readonly order: number;
  readonly claim: Claim;
  /** Answers that were given already. */
  hidden?: boolean;
  before?: readonly HbaRecord[];
}

/** The clients of a record or a region. */
interface Claim {
  readonly pairs: readonly Pair[];
  readonly ways: readonly number[];
  readonly address: Place;
}

/** A block for each IP version, the empty block of the socket, or a name that stands for addresses of either version. */
interface Place {
  readonly name?: string;
  readonly blocks: readonly [socket: Block, four: Block, six: Block];
}

/** What the records with one database word and one role word say, by way in. */
interface Store {
  readonly pair: Pair;
  readonly addresses: (AddressSet | undefined)[];
  /** The first record for each address that is not a number. */
  readonly named: (Map<string, number> | undefined)[];
}

class Index {
  readonly #names: Names;
  readonly #ways: Ways;
  readonly #records: HbaRecord[] = [];
  readonly #byRecord = new Map<HbaRecord, Claimant>();
  readonly #stores = new Map<number, Store>();
  /** From here on a record in between may not be known. */
  #known = Infinity;
  #pairs = 0;
  #holes = 0;
  readonly #steps = { hidden: mostSteps, deciders: mostSteps };
  #byDatabase: Map<Term, Store[]> | undefined;
  #byUser: Map<Term, Store[]> | undefined;

  constructor(entries: readonly Entry[], version: number) {
    this.#names = new Names(version);
    this.#ways = new Ways(entries);
    for (const [order, entry] of entries.entries()) this.#add(entry, order);
  }

  isHidden(record: HbaRecord): boolean {
    const claimant = this.#byRecord.get(record);
    return claimant !== undefined && (claimant.hidden ??= this.#hasNothingLeft(claimant));
  }

  #hasNothingLeft(claimant: Claimant): boolean {
    const { pairs, ways, address } = claimant.claim;
    if (pairs.length === 0) return false;
    return this.#within('hidden', (effort) => pairs.every((pair) => {
      const stores = this.#over(pair);
      return stores.length > 0 && ways.every((way) => this.#isTaken(stores, way, address, claimant.order, effort));
    }));
  }

  before(record: HbaRecord, only?: (earlier: HbaRecord) => boolean): readonly HbaRecord[] {
    const claimant = this.#byRecord.get(record);
    if (!claimant) return [];
    return only ? this.#before(claimant, only) : (claimant.before ??= this.#before(claimant));
  }

  #before(claimant: Claimant, only?: (earlier: HbaRecord) => boolean): readonly HbaRecord[] {
    return this.#within('deciders', (effort) => this.#deciders(claimant.claim, 0, claimant.order, only, effort));
  }

  after(record: HbaRecord, region: Region, only?: (later: HbaRecord) => boolean): readonly HbaRecord[] {
    const claimant = this.#byRecord.get(record);
    const claim = claimant && this.#claim(region);
    return claim ? this.#within('deciders', (effort) => this.#deciders(claim, claimant.order + 1, Infinity, only, effort)) : [];
  }

  mayShareMore(a: HbaRecord, b: HbaRecord): boolean {
    const [one, other] = [this.#byRecord.get(a), this.#byRecord.get(b)];
    if (!one || !other) return true;
    const [place, another] = [one.claim.address, other.claim.address];
    const meet = (way: number) => other.claim.ways.includes(way) && common(place.blocks[this.#ways.family(way)]!, another.blocks[this.#ways.family(way)]!);
    if (!one.claim.ways.some(meet)) return false;
    const named = place.name !== another.name;
    return one.claim.pairs.some((pair) => other.claim.pairs.some((wanted) =>
      this.#names.isUnclear(pair, wanted) || (named && this.#names.common(pair, wanted) !== undefined)));
  }

  #within<T>(kind: 'hidden' | 'deciders', question: (effort: Effort) => T): T {
    const granted = Math.min(mostStepsOfOne, this.#steps[kind]);
    const effort: Effort = { left: granted };
    const answer = question(effort);
    this.#steps[kind] -= granted - Math.max(0, effort.left);
    return answer;
  }

  #add(entry: Entry, order: number): void {
    const { record } = entry;
    this.#records.push(record);
    const claim = this.#claim({ type: record.type, address: record.address, databases: entry.databases, users: entry.users });
    if (record.address?.kind === 'ip' && record.address.bits === undefined) this.#holes++;
    if (!claim || this.#holes > mostHoles || (this.#pairs += claim.pairs.length) > mostPairsOfFile) {
      this.#known = Math.min(this.#known, order);
      return;
    }
    this.#byRecord.set(record, { order, claim });
    if (record.address?.kind === 'host' && isNobody(record.address)) return;
    for (const pair of claim.pairs) this.#insert(this.#store(pair), claim, order);
  }

  #insert({ addresses, named }: Store, { ways, address }: Claim, order: number): void {
    for (const way of ways) {
      if (address.name === undefined) (addresses[way] ??= new AddressSet()).add(address.blocks[this.#ways.family(way)]!, order);
      else {
        const names = (named[way] ??= new Map<string, number>());
        if (!names.has(address.name)) names.set(address.name, order);
      }
    }
  }

  #claim({ type, address, databases, users }: Region): Claim | undefined {
    if (databases.length * users.length > mostPairs) return undefined;
    const databaseTerms = this.#names.databases(databases);
    const userTerms = this.#names.users(users);
    const pairs: Pair[] = [];
    for (const database of databaseTerms) for (const user of userTerms) pairs.push(this.#names.pair(database, user));
    return { pairs, ways: this.#ways.of(type.text, address), address: placeOf(address) };
  }

  #store(pair: Pair): Store {
    const key = keyOf(pair.database, pair.user);
    let store = this.#stores.get(key);
    if (!store) this.#stores.set(key, (store = { pair, addresses: [], named: [] }));
    return store;
  }

  /** The stores whose pairs take in the whole of `pair`. */
  #over(pair: Pair): Store[] {
    const stores: Store[] = [];
    const users = this.#names.usersOver(pair.user);
    for (const database of this.#names.databasesOver(pair)) {
      for (const user of users) {
        const store = this.#stores.get(keyOf(database, user));
        if (store) stores.push(store);
      }
    }
    return stores;
  }

  /** Records before `before` take every address of the place on this way. */
  #isTaken(stores: readonly Store[], way: number, { name, blocks }: Place, before: number, effort: Effort): boolean {
    const sets: AddressSet[] = [];
    for (const { addresses, named } of stores) {
      if (name !== undefined && (named[way]?.get(name) ?? Infinity) < before) return true;
      if (addresses[way]) sets.push(addresses[way]);
    }
    return sets.length > 0 && isCovered(blocks[this.#ways.family(way)]!, sets, before, effort);
  }

  #deciders(claim: Claim, from: number, before: number, only: ((record: HbaRecord) => boolean) | undefined, effort: Effort): readonly HbaRecord[] {
    const found = new Set<number>();
    const last = Math.min(before, this.#known);
    for (const pair of claim.pairs) {
      for (const store of this.#meeting(pair)) {
        if (--effort.left < 0 || found.size >= mostDeciders) break;
        const shared = this.#names.common(pair, store.pair);
        if (!shared) continue;
        let over: readonly Store[] | undefined;
        for (const way of claim.ways) {
          for (const { order, place } of this.#placesMeeting(store, way, claim.address, effort)) {
            if (order < from || order >= last || found.has(order) || (only && !only(this.#records[order]!))) continue;
            over ??= this.#over(shared);
            if (!this.#isTaken(over, way, place, order, effort) && effort.left >= 0) found.add(order);
          }
        }
      }
    }
    return [...found].sort((a, b) => a - b).map((order) => this.#records[order]!);
  }

  /** What the store says of addresses of the place: who says it first, and of which of them. */
  *#placesMeeting({ addresses, named }: Store, way: number, place: Place, effort: Effort): Iterable<{ order: number; place: Place }> {
    const family = this.#ways.family(way);
    const block = place.blocks[family]!;
    for (const [name, order] of named[way] ?? []) {
      // Of a name and a part of the network nobody knows whether they meet.
      if (--effort.left >= 0 && (place.name === undefined ? isWhole(block) : place.name === name)) yield { order, place: { name, blocks: whole } };
    }
    for (const claim of addresses[way]?.meeting(block, effort) ?? []) {
      if (place.name !== undefined) {
        if (isWhole(claim.block)) yield { order: claim.order, place };
        continue;
      }
      const shared = common(block, claim.block)!;
      yield { order: claim.order, place: { blocks: [shared, shared, shared] } };
    }
  }

  /** The stores that may have something in common with `pair`. */
  *#meeting({ database, user }: Pair): Iterable<Store> {
    const users = this.#names.usersMeeting(user);
    const databases = this.#names.databasesMeeting(database);
    if (users && databases) {
      for (const one of databases) {
        for (const other of users) {
          const store = this.#stores.get(keyOf(one, other));
          if (store) yield store;
        }
      }
    } else if (users) {
      this.#byUser ??= grouped(this.#stores.values(), (store) => store.pair.user);
      for (const term of users) yield* this.#byUser.get(term) ?? [];
    } else if (databases) {
      this.#byDatabase ??= grouped(this.#stores.values(), (store) => store.pair.database);
      for (const term of databases) yield* this.#byDatabase.get(term) ?? [];
    } else yield* this.#stores.values();
  }
}

function keyOf(database: Term, user: Term): number {
  return database * 0x4000000 + user;
}

function grouped(stores: Iterable<Store>, by: (store: Store) => Term): Map<Term, Store[]> {
  const groups = new Map<Term, Store[]>();
  for (const store of stores) {
    const group = groups.get(by(store));
    if (group) group.push(store);
    else groups.set(by(store), [store]);
  }
  return groups;
}

const transports = ['plain', 'tls', 'gss'] as const;
const transportsOf: Readonly<Record<ConnectionType, readonly (typeof transports)[number][]>> = {
  local: [], host: ['plain', 'tls', 'gss'], hostssl: ['tls'], hostnossl: ['plain', 'gss'], hostgssenc: ['gss'], hostnogssenc: ['plain', 'tls'],
};

const socketOnly = [0] as const;

/** The ways in, as numbers: the socket, and over each IP version the transports; those that no record of the file tells apart are one. */
class Ways {
  readonly #ofType = new Map<ConnectionType, readonly number[]>();
  readonly #known = new Map<string, readonly number[]>();

  constructor(entries: readonly Entry[]) {
    const types = new Set(entries.map(({ record }) => record.type.text));
    const classes: string[] = [];
    const classOf = transports.map((transport) => {
      const signature = [...types].filter((type) => transportsOf[type].includes(transport)).join();
      const known = classes.indexOf(signature);
      return known < 0 ? classes.push(signature) - 1 : known;
    });
    for (const type of types) this.#ofType.set(type, [...new Set(transportsOf[type].map((transport) => classOf[transports.indexOf(transport)]!))]);
  }

  of(type: ConnectionType, address: HbaAddress | undefined): readonly number[] {
    if (!address) return socketOnly;
    const family = address.kind === 'ip' ? address.family : 0;
    const key = `${type}${family}`;
    let ways = this.#known.get(key);
    if (!ways) {
      const families = family === 0 ? [1, 2] : family === 4 ? [1] : [2];
      ways = (this.#ofType.get(type) ?? []).flatMap((transport) => families.map((each) => transport * 2 + each));
      this.#known.set(key, ways);
    }
    return ways;
  }

  /** 0 for the socket, 1 for IPv4, 2 for IPv6. */
  family(way: number): 0 | 1 | 2 {
    return way === 0 ? 0 : way % 2 === 1 ? 1 : 2;
  }
}

const whole: Place['blocks'] = [{ net: [], mask: [] }, { net: [0], mask: [0] }, { net: [0, 0, 0, 0], mask: [0, 0, 0, 0] }];

function placeOf(address: HbaAddress | undefined): Place {
  if (!address || address.kind === 'all') return { blocks: whole };
  // Host names do not depend on case; samehost and samenet stand for themselves.
  if (address.kind !== 'ip') return { name: `${address.kind} ${address.tokens[0].text.toLowerCase()}`, blocks: whole };
  const block = blockOf(address.network, address.mask);
  return { blocks: [block, block, block] };
}

function isWhole({ mask }: Block): boolean {
  return mask.every((word) => word === 0);
}

import { connectionTypes, type ConnectionType, type HbaAddress, type HbaRecord, type HbaToken } from '../../syntax/hba.ts';
import { grouped } from '../../grouped.ts';
import { isNobody } from './address.ts';
import { AddressSet, blockOf, common, isCovered, type Block, type Effort } from './address-set.ts';
import { Names, type Pair, type Term } from './order-names.ts';
import { PairNumbers } from './pair-numbers.ts';

/** A record with the names that its `@file`s hold put in their place. */
export interface Entry {
  readonly record: HbaRecord;
  readonly databases: readonly HbaToken[];
  readonly users: readonly HbaToken[];
}

/** Which clients are spoken of: a record without its method. `plain`: connections without encryption, for which there is no type. */
export interface Region extends Pick<Entry, 'databases' | 'users'> {
  readonly type: ConnectionType | 'plain';
  readonly address: HbaAddress | undefined;
}

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
  /** The earlier records that decide for the clients of the region, in order, where they leave none of them to the record. */
  takingAll(record: HbaRecord, region: Region): readonly HbaRecord[] | undefined;
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
    takingAll: (record, region) => index.takingAll(record, region),
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

/** The clients of a record or a region. */
interface Claim {
  readonly pairs: readonly Pair[];
  readonly ways: readonly number[];
  readonly address: HbaAddress | undefined;
}

interface Claimant extends Claim {
  readonly order: number;
  /** The answer that was given already. */
  before: readonly HbaRecord[] | undefined;
}

/** Addresses: a block, a name that stands for addresses of either IP version, or with neither of them all there are. */
interface Place {
  readonly name: string | undefined;
  readonly block: Block | undefined;
}

/** The records with one database word, one role word and one way in. */
interface Store {
  readonly pair: Pair;
  readonly way: number;
  readonly first: Claimant;
  others: Claimant[] | undefined;
  /** What they say of addresses, put in order when it is first asked for: of most stores nobody asks. */
  said: Said | undefined;
}

interface Said {
  readonly addresses: AddressSet;
  /** The first record for each address that is not a number. */
  readonly named: Map<string, number>;
}

class Index {
  readonly #names: Names;
  readonly #ways: Ways;
  readonly #records: readonly HbaRecord[];
  readonly #byRecord = new Map<HbaRecord, Claimant>();
  readonly #stores: Store[] = [];
  /** Where among them the one for a database word, a role word and a way is. */
  readonly #places = new PairNumbers();
  /** From here on a record in between may not be known. */
  #known = Infinity;
  #pairs = 0;
  #holes = 0;
  readonly #steps = { hidden: mostSteps, deciders: mostSteps };
  #hidden: ReadonlySet<HbaRecord> | undefined;
  #byDatabase: Map<Term, Store[]> | undefined;
  #byUser: Map<Term, Store[]> | undefined;

  constructor(entries: readonly Entry[], version: number) {
    this.#names = new Names(version);
    this.#ways = new Ways(entries);
    this.#records = entries.map(({ record }) => record);
    for (let order = 0; order < entries.length; order++) this.#add(entries[order]!, order);
  }

  isHidden(record: HbaRecord): boolean {
    this.#hidden ??= this.#findHidden();
    return this.#hidden.has(record);
  }

  #findHidden(): ReadonlySet<HbaRecord> {
    const hidden = new Set<HbaRecord>();
    for (const [record, claimant] of this.#byRecord) if (this.#hasNothingLeft(claimant, claimant.order)) hidden.add(record);
    return hidden;
  }

  /** The records before `order` take every client of the claim. */
  #hasNothingLeft({ pairs, ways, address }: Claim, order: number): boolean {
    if (pairs.length === 0 || this.#over(pairs[0]!, ways[0]!, order).length === 0) return false;
    const place = placeOf(address);
    const effort = this.#effort('hidden');
    const isTaken = pairs.every((pair) => ways.every((way) => isTakenBy(this.#over(pair, way, order), way, place, order, effort)));
    this.#charge('hidden', effort);
    return isTaken;
  }

  before(record: HbaRecord, only?: (earlier: HbaRecord) => boolean): readonly HbaRecord[] {
    const claimant = this.#byRecord.get(record);
    if (!claimant) return nobody;
    return only ? this.#deciders(claimant, 0, claimant.order, only) : (claimant.before ??= this.#deciders(claimant, 0, claimant.order));
  }

  takingAll(record: HbaRecord, region: Region): readonly HbaRecord[] | undefined {
    const order = this.#byRecord.get(record)?.order;
    const claim = order === undefined ? undefined : this.#claim(region);
    if (order === undefined || !claim || !this.#hasNothingLeft(claim, order)) return undefined;
    const deciders = this.#deciders(claim, 0, order);
    return deciders.length > 0 ? deciders : undefined;
  }

  after(record: HbaRecord, region: Region, only?: (later: HbaRecord) => boolean): readonly HbaRecord[] {
    const order = this.#byRecord.get(record)?.order;
    const claim = order === undefined ? undefined : this.#claim(region);
    return order === undefined || !claim ? nobody : this.#deciders(claim, order + 1, Infinity, only);
  }

  mayShareMore(a: HbaRecord, b: HbaRecord): boolean {
    const [one, other] = [this.#byRecord.get(a), this.#byRecord.get(b)];
    if (!one || !other) return true;
    const [place, another] = [placeOf(one.address), placeOf(other.address)];
    const meet = (way: number) => other.ways.includes(way) && common(blockFor(place, way), blockFor(another, way)) !== undefined;
    if (!one.ways.some(meet)) return false;
    const named = place.name !== another.name;
    return one.pairs.some((pair) => other.pairs.some((wanted) =>
      this.#names.isUnclear(pair, wanted) || (named && this.#names.common(pair, wanted) !== undefined)));
  }

  #effort(kind: 'hidden' | 'deciders'): Effort {
    return { left: Math.min(mostStepsOfOne, this.#steps[kind]) };
  }

  #charge(kind: 'hidden' | 'deciders', { left }: Effort): void {
    this.#steps[kind] -= Math.min(mostStepsOfOne, this.#steps[kind]) - Math.max(0, left);
  }

  #add({ record, databases, users }: Entry, order: number): void {
    const { address } = record;
    const claim = this.#claim({ type: record.type.text, address, databases, users });
    if (address?.kind === 'ip' && address.bits === undefined) this.#holes++;
    if (!claim || this.#holes > mostHoles || (this.#pairs += claim.pairs.length) > mostPairsOfFile) {
      this.#known = Math.min(this.#known, order);
      return;
    }
    const { pairs, ways } = claim;
    const claimant = { pairs, ways, address, order, before: undefined };
    this.#byRecord.set(record, claimant);
    if (address?.kind === 'host' && isNobody(address)) return;
    for (const pair of pairs) for (const way of ways) this.#store(pair, way, claimant);
  }

  #store(pair: Pair, way: number, claimant: Claimant): void {
    const place = this.#places.add(pair.database, pair.user * mostWays + way);
    const store = this.#stores[place];
    if (store) (store.others ??= []).push(claimant);
    else this.#stores[place] = { pair, way, first: claimant, others: undefined, said: undefined };
  }

  #claim({ type, address, databases, users }: Region): Claim | undefined {
    if (databases.length * users.length > mostPairs) return undefined;
    return { pairs: this.#names.pairs(databases, users), ways: this.#ways.of(type, address), address };
  }

  /** The store, when it has something from before `order`. */
  #storeBefore(order: number, database: Term, user: Term, way: number): Store | undefined {
    const place = this.#places.find(database, user * mostWays + way);
    const store = place < 0 ? undefined : this.#stores[place]!;
    return store && store.first.order < order ? store : undefined;
  }

  /** The stores with something from before `order` whose pairs take in the whole of `pair`. */
  #over(pair: Pair, way: number, order: number): readonly Store[] {
    return this.#storesOf(this.#names.databasesOver(pair), this.#names.usersOver(pair.user), way, order);
  }

  #storesOf(databases: readonly Term[], users: readonly Term[], way: number, order: number): readonly Store[] {
    let stores: Store[] | undefined;
    for (const database of databases) {
      for (const user of users) {
        const store = this.#storeBefore(order, database, user, way);
        if (store) (stores ??= []).push(store);
      }
    }
    return stores ?? noStores;
  }

  /** The records from `from` to before `before` that decide for some of the claim. */
  #deciders({ pairs, ways, address }: Claim, from: number, before: number, only?: (record: HbaRecord) => boolean): readonly HbaRecord[] {
    const last = Math.min(before, this.#known);
    const effort = this.#effort('deciders');
    let place: Place | undefined;
    let found: Set<number> | undefined;
    for (const pair of pairs) {
      for (const way of ways) {
        for (const store of this.#meeting(pair, way, last, effort)) {
          if (--effort.left < 0 || (found && found.size >= mostDeciders)) break;
          const shared = this.#names.common(pair, store.pair);
          if (!shared) continue;
          let over: readonly Store[] | undefined;
          for (const { order, place: part } of placesMeeting(store, place ??= placeOf(address), effort)) {
            if (order < from || order >= last || found?.has(order) || (only && !only(this.#records[order]!))) continue;
            over ??= this.#over(shared, way, last);
            if (!isTakenBy(over, way, part, order, effort) && effort.left >= 0) (found ??= new Set()).add(order);
          }
        }
      }
    }
    this.#charge('deciders', effort);
    return found ? [...found].sort((a, b) => a - b).map((order) => this.#records[order]!) : nobody;
  }

  /** The stores with something from before `order` that may have something in common with `pair`. */
  #meeting({ database, user }: Pair, way: number, order: number, effort: Effort): Iterable<Store> {
    const users = this.#names.usersMeeting(user);
    const databases = this.#names.databasesMeeting(database);
    if (users && databases) return this.#storesOf(databases, users, way, order);
    if (users) {
      this.#byUser ??= grouped(this.#stores, (store) => store.pair.user);
      return storesAmong(users.map((term) => this.#byUser!.get(term) ?? noStores), way, order, effort);
    }
    if (databases) {
      this.#byDatabase ??= grouped(this.#stores, (store) => store.pair.database);
      return storesAmong(databases.map((term) => this.#byDatabase!.get(term) ?? noStores), way, order, effort);
    }
    return storesAmong([this.#stores], way, order, effort);
  }
}

/** Those of one way in with something from before `order`. */
function* storesAmong(groups: readonly (readonly Store[])[], way: number, order: number, effort: Effort): Iterable<Store> {
  for (const stores of groups) {
    for (const store of stores) {
      if (store.way === way && store.first.order < order) yield store;
      else if (--effort.left < 0) return;
    }
  }
}

const noStores: readonly Store[] = [];
const nobody: readonly HbaRecord[] = [];

/** Records before `before` take every address of the place on this way. */
function isTakenBy(stores: readonly Store[], way: number, place: Place, before: number, effort: Effort): boolean {
  const { name } = place;
  if (name !== undefined && stores.some((store) => (saidIn(store).named.get(name) ?? Infinity) < before)) return true;
  return isCovered(blockFor(place, way), stores.map((store) => saidIn(store).addresses), before, effort);
}

function saidIn(store: Store): Said {
  return store.said ??= putInOrder(store);
}

function putInOrder({ way, first, others = [] }: Store): Said {
  const said: Said = { addresses: new AddressSet(), named: new Map() };
  for (const { address, order } of [first, ...others]) {
    const place = placeOf(address);
    if (place.name === undefined) said.addresses.add(blockFor(place, way), order);
    else if (!said.named.has(place.name)) said.named.set(place.name, order);
  }
  return said;
}

/** What the store says of addresses of the place: who says it first, and of which of them. */
function* placesMeeting(store: Store, place: Place, effort: Effort): Iterable<{ order: number; place: Place }> {
  const block = blockFor(place, store.way);
  const { addresses, named } = saidIn(store);
  for (const [name, order] of named) {
    // Of a name and a part of the network nobody knows whether they meet.
    if (--effort.left >= 0 && (place.name === undefined ? isWhole(block) : place.name === name)) yield { order, place: { name, block: undefined } };
  }
  for (const claim of addresses.meeting(block, effort)) {
    if (place.name === undefined) yield { order: claim.order, place: { name: undefined, block: common(block, claim.block)! } };
    else if (isWhole(claim.block)) yield { order: claim.order, place };
  }
}

const transports = ['plain', 'tls', 'gss'] as const;
const transportsOf: Readonly<Record<Region['type'], readonly (typeof transports)[number][]>> = {
  plain: ['plain'], local: [], host: ['plain', 'tls', 'gss'], hostssl: ['tls'], hostnossl: ['plain', 'gss'], hostgssenc: ['gss'], hostnogssenc: ['plain', 'tls'],
};

const socketOnly = [0] as const;

/** The socket, and over two IP versions three transports; a power of two. */
const mostWays = 8;

/** The ways in, as numbers: the socket, and over each IP version the transports; those that no record of the file tells apart are one. */
class Ways {
  readonly #over: ReadonlyMap<Region['type'], readonly [either: readonly number[], four: readonly number[], six: readonly number[]]>;

  constructor(entries: readonly Entry[]) {
    const types = [...new Set(entries.map(({ record }) => record.type.text))];
    const signatures = transports.map((transport) => types.filter((type) => transportsOf[type].includes(transport)).join());
    this.#over = new Map((['plain', ...connectionTypes] as const).map((type) => {
      const classes = [...new Set(transportsOf[type].map((transport) => signatures.indexOf(signatures[transports.indexOf(transport)]!)))];
      const [four, six] = [1, 2].map((family) => classes.map((transport) => transport * 2 + family));
      return [type, [[...four!, ...six!], four!, six!]];
    }));
  }

  of(type: Region['type'], address: HbaAddress | undefined): readonly number[] {
    if (!address) return socketOnly;
    return this.#over.get(type)![address.kind !== 'ip' ? 0 : address.family === 4 ? 1 : 2];
  }
}

/** For the socket and for each IP version. */
const whole: readonly [socket: Block, four: Block, six: Block] = [{ net: [], mask: [] }, { net: [0], mask: [0] }, { net: [0, 0, 0, 0], mask: [0, 0, 0, 0] }];

/** The addresses of a place on one way in. */
function blockFor({ block }: Place, way: number): Block {
  return block ?? whole[way === 0 ? 0 : way % 2 === 1 ? 1 : 2];
}

const anywhere: Place = { name: undefined, block: undefined };

function placeOf(address: HbaAddress | undefined): Place {
  if (!address || address.kind === 'all') return anywhere;
  if (address.kind === 'ip') return { name: undefined, block: blockOf(address) };
  // Host names do not depend on case; samehost and samenet stand for themselves.
  return { name: `${address.kind} ${address.tokens[0].text.toLowerCase()}`, block: undefined };
}

function isWhole({ mask }: Block): boolean {
  return mask.every((word) => word === 0);
}

/** Maps that change together. It takes changes back while a transaction is open, and notes what one file finds and leaves. */
export class Journal {
  /** Map, key and old value, one after the other. Copying everything at each BEGIN would cost far more. */
  #undo: unknown[] = [];
  readonly #maps: Kept<unknown>[] = [];
  open = false;

  add(map: Kept<unknown>): void {
    this.#maps.push(map);
  }

  /** A point to which `back` can return. */
  get mark(): number {
    return this.#undo.length;
  }

  note(map: Kept<unknown>, key: string, old: unknown): void {
    if (this.open) this.#undo.push(map, key, old);
  }

  back(mark: number): void {
    while (this.#undo.length > mark) {
      const old = this.#undo.pop();
      const key = this.#undo.pop() as string;
      (this.#undo.pop() as Kept<unknown>).put(key, old);
    }
  }

  /** The transaction has ended. */
  close(): void {
    this.#undo = [];
    this.open = false;
  }

  /** A file begins. */
  begin(): void {
    for (const map of this.#maps) map.begin();
  }

  /** The file has ended. Of what it left, `older` keeps what is still the same: who finds that finds nothing new. */
  end(older: Trace | undefined): Trace {
    return this.#maps.flatMap((map, index) => map.end(index, older?.find((part) => part.index === index)) ?? []);
  }

  /** The file would find what it found then, so it would leave the same. */
  fits(trace: Trace): boolean {
    return trace.every((part) => this.#maps[part.index]!.fits(part));
  }

  /** Leaves what the file left then. */
  repeat(trace: Trace): void {
    for (const part of trace) this.#maps[part.index]!.repeat(part);
  }
}

/** What a file found and left in each of the maps that it has used. */
export type Trace = readonly Part[];

interface Part {
  /** Of the map. */
  readonly index: number;
  /** What it asked for or changed, and what had been there; undefined: nothing. */
  readonly keys: readonly string[];
  readonly found: readonly unknown[];
  /** What it changed, in the order of the last change, and what is there since; undefined: nothing. */
  readonly changed: readonly string[];
  readonly left: readonly unknown[];
  /** It has gone through all of the map. */
  readonly all: boolean;
  readonly before: Age;
  readonly after: Age;
}

/** Maps of the same age hold the same. */
type Age = object;

/** A map whose changes a journal can take back. Its values are replaced, never changed. A changed key comes last. */
export class Kept<V> {
  readonly #map = new Map<string, V>();
  readonly #journal: Journal;
  /** Of the current file: what it found under each key, and what it has left there so far. */
  readonly #found = new Map<string, V | undefined>();
  readonly #left = new Map<string, V | undefined>();
  #all = false;
  #noting = false;
  #age: Age = newest;

  constructor(journal: Journal) {
    this.#journal = journal;
    journal.add(this as Kept<unknown>);
  }

  get(key: string): V | undefined {
    const value = this.#map.get(key);
    if (this.#noting && !this.#found.has(key)) this.#found.set(key, value);
    return value;
  }

  set(key: string, value: V): void {
    this.#journal.note(this as Kept<unknown>, key, this.get(key));
    this.put(key, value);
  }

  delete(key: string): void {
    const old = this.get(key);
    if (old === undefined) return;
    this.#journal.note(this as Kept<unknown>, key, old);
    this.put(key, undefined);
  }

  entries(): IterableIterator<[string, V]> {
    this.#all = true;
    return this.#map.entries();
  }

  values(): IterableIterator<V> {
    this.#all = true;
    return this.#map.values();
  }

  /** Without a note; undefined: nothing is there. */
  put(key: string, value: V | undefined): void {
    this.#map.delete(key);
    if (value !== undefined) this.#map.set(key, value);
    if (!this.#noting) return;
    this.#left.delete(key);
    this.#left.set(key, value);
  }

  begin(): void {
    this.#noting = true;
    this.#all = false;
    if (this.#found.size > 0) this.#found.clear();
    if (this.#left.size > 0) this.#left.clear();
  }

  end(index: number, older: Part | undefined): Part | undefined {
    this.#noting = false;
    if (this.#found.size === 0 && !this.#all) return undefined;
    if (older) this.#settle(older);
    const before = this.#age;
    const changed = [...this.#left.keys()];
    const left = [...this.#left.values()];
    const isRepeated = older && older.before === before && isEqual(changed, older.changed) && isEqual(left, older.left);
    if (changed.length > 0) this.#age = isRepeated ? older.after : {};
    return { index, keys: [...this.#found.keys()], found: [...this.#found.values()], changed, left, all: this.#all, before, after: this.#age };
  }

  /** Takes older values where they are the same as the new ones. */
  #settle({ changed, left }: Part): void {
    for (const [i, key] of changed.entries()) {
      const older = left[i] as V | undefined;
      const value = this.#left.get(key);
      if (value === undefined || value === older || !isSame(value, older)) continue;
      this.#map.set(key, older!);
      this.#left.set(key, older);
    }
  }

  fits({ keys, found, all, before }: Part): boolean {
    if (all && this.#age !== before) return false;
    for (let i = 0; i < keys.length; i++) if (this.#map.get(keys[i]!) !== found[i]) return false;
    return true;
  }

  repeat({ changed, left, before, after }: Part): void {
    if (changed.length === 0) return;
    for (let i = 0; i < changed.length; i++) this.put(changed[i]!, left[i] as V | undefined);
    this.#age = this.#age === before ? after : {};
  }
}

/** Nothing has happened yet. */
const newest: Age = {};

function isEqual(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((value, i) => value === b[i]);
}

/**
 * What has a class of its own, as statements have, is the same only when it is the same object. So is what lies very deep: the tail of
 * a long list.
 */
function isSame(a: unknown, b: unknown, depth = 0): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null || depth > 100) return false;
  if (Array.isArray(a)) return Array.isArray(b) && a.length === b.length && a.every((value, i) => isSame(value, b[i], depth + 1));
  if (a instanceof Map) return b instanceof Map && isSame([...a], [...b], depth + 1);
  if (Object.getPrototypeOf(a) !== Object.prototype || Object.getPrototypeOf(b) !== Object.prototype) return false;
  const keys = Object.keys(a) as (keyof typeof a)[];
  return keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && isSame(a[key], b[key], depth + 1));
}

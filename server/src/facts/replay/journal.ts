import { withTightLists } from '../compact.ts';
import type { Statement } from '../../syntax/sql/statements.ts';

/** Maps that change together. It takes changes back while a transaction is open, and notes what a file finds and leaves in them. */
export class Journal {
  readonly #maps: Kept<unknown>[] = [];
  /** Map, key and old value, one after the other. Copying everything at each BEGIN would cost far more. */
  #undo: unknown[] = [];
  open = false;

  /** Returns the number of the map. */
  add(map: Kept<unknown>): number {
    return this.#maps.push(map) - 1;
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

  /** The file has ended. What it left last time stays where it would leave the same: who finds that finds nothing new. */
  end(last: Trace | undefined): Trace {
    const older = new Map<string, unknown>();
    for (let i = 0; i < (last?.left.length ?? 0); i += 3) older.set(`${last!.left[i]} ${last!.left[i + 1]}`, last!.left[i + 2]);
    const trace: Trace = { found: [], left: [], ages: [] };
    for (const map of this.#maps) map.end(trace, last, older);
    // A list that has grown has room for more.
    return { found: [...trace.found], left: [...trace.left], ages: [...trace.ages] };
  }

  /** The file would find what it found then, so it would leave the same. */
  fits({ found, ages }: Trace): boolean {
    for (let i = 0; i < ages.length; i += 4) if (ages[i + 1] && this.#maps[ages[i] as number]!.age !== ages[i + 2]) return false;
    for (let i = 0; i < found.length; i += 3) if (this.#maps[found[i] as number]!.get(found[i + 1] as string) !== found[i + 2]) return false;
    return true;
  }

  /** Leaves what the file left then. */
  repeat({ left, ages }: Trace): void {
    for (let i = 0; i < left.length; i += 3) this.#maps[left[i] as number]!.put(left[i + 1] as string, left[i + 2]);
    for (let i = 0; i < ages.length; i += 4) {
      const map = this.#maps[ages[i] as number]!;
      map.age = map.age === ages[i + 2] ? ages[i + 3] as Age : {};
    }
  }
}

/** What a file found and left, in flat lists because there are thousands of files. */
export interface Trace {
  /** The number of a map, a key that was asked for or changed, and what had been there; undefined: nothing. */
  readonly found: unknown[];
  /** The number of a map, a key that was changed, and what is there since; undefined: nothing. In the order of the last change. */
  readonly left: unknown[];
  /** The number of a map that was changed or gone through, whether it was gone through, and its ages before and after. */
  readonly ages: unknown[];
}

/** Maps of the same age hold the same. */
type Age = object;

/** A map whose changes a journal can take back. Its values are replaced, never changed. A changed key comes last. */
export class Kept<V> {
  readonly #map = new Map<string, V>();
  readonly #journal: Journal;
  readonly #number: number;
  age: Age = newest;
  /** A file is at work: what it has found under each key, what it has left there so far, and whether it has looked at everything. */
  #noting = false;
  readonly #found = new Map<string, V | undefined>();
  readonly #left = new Map<string, V | undefined>();
  #all = false;

  constructor(journal: Journal) {
    this.#journal = journal;
    this.#number = journal.add(this as Kept<unknown>);
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

  end(trace: Trace, last: Trace | undefined, older: ReadonlyMap<string, unknown>): void {
    this.#noting = false;
    for (const [key, value] of this.#found) trace.found.push(this.#number, key, value);
    const start = trace.left.length;
    for (const [key, value] of this.#left) trace.left.push(this.#number, key, this.#settled(key, value, older.get(`${this.#number} ${key}`) as V | undefined));
    const changed = trace.left.length > start;
    if (!changed && !this.#all) return;
    const before = this.age;
    if (changed) this.age = ageAfter(last, this.#number, before, trace.left.slice(start)) ?? {};
    trace.ages.push(this.#number, this.#all, before, this.age);
  }

  /** The older value when it is the same. */
  #settled(key: string, value: V | undefined, older: V | undefined): V | undefined {
    if (value === undefined || value === older) return value;
    const kept = older !== undefined && isSame(value, older) ? older : withTightLists(value, this.#found.get(key));
    if (this.#map.has(key)) this.#map.set(key, kept);
    return kept;
  }
}

/** Nothing has happened yet. */
const newest: Age = {};

/** How old the map was after the file had changed it in the same way. */
function ageAfter(last: Trace | undefined, map: number, before: Age, left: readonly unknown[]): Age | undefined {
  if (!last) return undefined;
  const start = last.left.indexOf(map);
  const isRepeated = left.every((value, i) => value === last.left[start + i]) && last.left[start + left.length] !== map;
  const at = last.ages.findIndex((value, i) => i % 4 === 0 && value === map);
  return isRepeated && last.ages[at + 2] === before ? last.ages[at + 3] as Age : undefined;
}

/** Statements are the same when they say the same at the same place. What lies very deep, as the tail of a long list, is taken for another. */
function isSame(a: unknown, b: unknown, depth = 0): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null || depth > 100) return false;
  if (Array.isArray(a)) return Array.isArray(b) && a.length === b.length && a.every((value, i) => isSame(value, b[i], depth + 1));
  if (a instanceof Map) return b instanceof Map && isSame([...a], [...b], depth + 1);
  if (isStatement(a)) return isStatement(b) && a.end === b.end && isSame(a.span, b.span) && a.written.text === b.written.text;
  if (Object.getPrototypeOf(a) !== Object.prototype || Object.getPrototypeOf(b) !== Object.prototype) return false;
  const keys = Object.keys(a) as (keyof typeof a)[];
  return keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && isSame(a[key], b[key], depth + 1));
}

function isStatement(value: object): value is Statement {
  return 'written' in value && 'terminated' in value;
}

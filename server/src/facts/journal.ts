/** Remembers how to take changes back, while a transaction is open. Copying everything at each BEGIN would cost far more. */
export class Journal {
  /** Map, key and old value, one after the other; `missing` where there was none. */
  #undo: unknown[] = [];
  open = false;

  /** A point to which `back` can return. */
  get mark(): number {
    return this.#undo.length;
  }

  note(map: Map<string, unknown>, key: string): void {
    if (this.open) this.#undo.push(map, key, map.has(key) ? map.get(key) : missing);
  }

  back(mark: number): void {
    while (this.#undo.length > mark) {
      const value = this.#undo.pop();
      const key = this.#undo.pop() as string;
      const map = this.#undo.pop() as Map<string, unknown>;
      if (value === missing) map.delete(key);
      else map.set(key, value);
    }
  }

  /** The transaction has ended. */
  close(): void {
    this.#undo = [];
    this.open = false;
  }
}

const missing = Symbol('missing');

/** A map whose changes a journal can take back. Its values are replaced, never changed. */
export class Kept<V> {
  readonly #map = new Map<string, V>();
  readonly #journal: Journal;

  constructor(journal: Journal) {
    this.#journal = journal;
  }

  get(key: string): V | undefined {
    return this.#map.get(key);
  }

  set(key: string, value: V): void {
    this.#journal.note(this.#map, key);
    this.#map.set(key, value);
  }

  delete(key: string): void {
    if (!this.#map.has(key)) return;
    this.#journal.note(this.#map, key);
    this.#map.delete(key);
  }

  entries(): IterableIterator<[string, V]> {
    return this.#map.entries();
  }

  values(): IterableIterator<V> {
    return this.#map.values();
  }
}

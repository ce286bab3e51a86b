/**
 * Keeps what was used of late, up to a number of entries and of characters in their keys. There are two generations: what is used goes
 * into the young one, and when that holds half of what may be kept, the old one is let go of as a whole. So nothing has to be moved
 * when it is used again, as a list in the order of use would ask for.
 */
export class Lru<T> {
  #young = new Map<string, T>();
  #old = new Map<string, T>();
  readonly #maximum: number;
  readonly #maximumSize: number;
  #size = 0;

  constructor(maximum: number, maximumSize: number) {
    this.#maximum = maximum;
    this.#maximumSize = maximumSize;
  }

  /** `make` gets a copy of the key: a piece of a document would keep that whole document in memory. */
  get(key: string, make: (key: string) => T): T {
    const known = this.#young.get(key);
    if (known !== undefined) return known;
    const own = copy(key);
    const kept = this.#old.get(own) ?? make(own);
    if (this.#young.size >= this.#maximum / 2 || this.#size >= this.#maximumSize / 2) this.#age();
    this.#young.set(own, kept);
    this.#size += own.length;
    return kept;
  }

  /** The key will not be asked for again, as far as anybody can tell. */
  forget(key: string): void {
    if (this.#young.delete(key)) this.#size -= key.length;
    this.#old.delete(key);
  }

  clear(): void {
    this.#age();
    this.#age();
  }

  #age(): void {
    this.#old = this.#young;
    this.#young = new Map();
    this.#size = 0;
  }
}

function copy(text: string): string {
  return text.length > 1_000_000 ? text : JSON.parse(JSON.stringify(text)) as string;
}

/** Keeps what was used last, up to a number of entries and of characters in their keys. */
export class Lru<T> {
  readonly #entries = new Map<string, T>();
  readonly #maximum: number;
  readonly #maximumSize: number;
  #size = 0;

  constructor(maximum: number, maximumSize: number) {
    this.#maximum = maximum;
    this.#maximumSize = maximumSize;
  }

  /** `make` gets a copy of the key: a piece of a document would keep that whole document in memory. */
  get(key: string, make: (key: string) => T): T {
    const known = this.#entries.get(key);
    if (known !== undefined) {
      this.#entries.delete(key);
      this.#entries.set(key, known);
      return known;
    }
    const own = copy(key);
    const made = make(own);
    this.#entries.set(own, made);
    this.#size += own.length;
    this.#trim();
    return made;
  }

  clear(): void {
    this.#entries.clear();
    this.#size = 0;
  }

  /** Makes room for some more at once: finding the oldest entry of a map takes longer the more have been deleted before it. */
  #trim(): void {
    if (this.#entries.size <= this.#maximum && this.#size <= this.#maximumSize) return;
    for (const key of this.#entries.keys()) {
      if (this.#entries.size <= 1 || (this.#entries.size <= this.#maximum * 0.9 && this.#size <= this.#maximumSize * 0.9)) return;
      this.#entries.delete(key);
      this.#size -= key.length;
    }
  }
}

function copy(text: string): string {
  return text.length > 1_000_000 ? text : JSON.parse(JSON.stringify(text)) as string;
}

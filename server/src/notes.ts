/**
 * What is found out about an object, kept with the object itself: nothing that copies it, compares it or writes it as JSON sees that.
 * A WeakMap does the same, but the collector of young objects takes what stands in one for alive, and with every keystroke there is much of it.
 */
export class Notes<K extends object, V> {
  readonly #key = Symbol('note');

  get(of: K): V | undefined {
    return (of as Noted<V>)[this.#key];
  }

  has(of: K): boolean {
    return this.#key in of;
  }

  set(of: K, value: V): void {
    Object.defineProperty(of, this.#key, { value, configurable: true });
  }
}

type Noted<V> = Readonly<Record<symbol, V | undefined>>;

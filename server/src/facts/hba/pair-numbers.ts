/** Numbers pairs of numbers from 0 in the order in which they are added. A hash table: thousands of pairs are looked up for one file. */
export class PairNumbers {
  /** Each slot holds the two and, after them, the number of the pair and 1; 0 where the slot is free. */
  #slots = new Int32Array(64 * 3);
  #count = 0;

  /** The number of the pair, a new one if it has none. */
  add(a: number, b: number): number {
    const slot = this.#slotOf(a, b);
    const known = this.#slots[slot + 2]!;
    if (known > 0) return known - 1;
    this.#slots[slot] = a;
    this.#slots[slot + 1] = b;
    this.#slots[slot + 2] = ++this.#count;
    if (this.#count * 6 > this.#slots.length) this.#grow();
    return this.#count - 1;
  }

  /** -1 when the pair was not added. */
  find(a: number, b: number): number {
    return this.#slots[this.#slotOf(a, b) + 2]! - 1;
  }

  /** Where the pair is, or the free slot where it would go. */
  #slotOf(a: number, b: number): number {
    const slots = this.#slots;
    const last = slots.length / 3 - 1;
    let at = Math.imul(Math.imul(a, 0x9e3779b1) ^ b, 0x85ebca6b);
    for (at = (at ^ (at >>> 15)) & last; ; at = (at + 1) & last) {
      const slot = at * 3;
      if (slots[slot + 2] === 0 || (slots[slot] === a && slots[slot + 1] === b)) return slot;
    }
  }

  #grow(): void {
    const old = this.#slots;
    this.#slots = new Int32Array(old.length * 2);
    for (let from = 0; from < old.length; from += 3) {
      if (old[from + 2] === 0) continue;
      const to = this.#slotOf(old[from]!, old[from + 1]!);
      this.#slots[to] = old[from]!;
      this.#slots[to + 1] = old[from + 1]!;
      this.#slots[to + 2] = old[from + 2]!;
    }
  }
}

import { firstWhere } from './first-where.ts';

/** A statement that puts something into variables; `end` is the index of its last word. */
interface Fills {
  readonly into: readonly string[];
  readonly end: number;
}

/** Statements by the variables that they fill, each list in the order of their ends. */
export class Filling<T extends Fills> {
  readonly #byName = new Map<string, T[]>();

  /** `all`: in the order of their ends. */
  constructor(all: readonly T[]) {
    for (const one of all) {
      for (const name of new Set(one.into)) {
        const before = this.#byName.get(name);
        if (before) before.push(one);
        else this.#byName.set(name, [one]);
      }
    }
  }

  countOf(name: string): number {
    return this.#byName.get(name)?.length ?? 0;
  }

  /** The last one that ends before the word at `index`. */
  before(name: string, index: number): T | undefined {
    return lastBefore(this.#byName.get(name) ?? [], index);
  }
}

/** The last of `all`, which are in the order of their ends, that ends before the word at `index`. */
export function lastBefore<T extends Pick<Fills, 'end'>>(all: readonly T[], index: number): T | undefined {
  return all[firstWhere(all.length, (at) => all[at]!.end >= index) - 1];
}

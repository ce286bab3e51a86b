import { Kept } from './journal.ts';
import type { Journal } from './journal.ts';

/**
 * Which relations may speak of which others, by name alone: views of what they read, partitions and children of their parents, sequences of
 * their tables, tables of the functions of their triggers. It only grows, so who asks has to look whether it is still so.
 */
export class Dependents {
  readonly #dependents: Names;
  /** The other way round. */
  readonly #speaksOf: Names;
  readonly #later: Names;

  constructor(journal: Journal) {
    this.#dependents = new Names(journal);
    this.#speaksOf = new Names(journal);
    this.#later = new Names(journal);
  }

  note(name: string, dependent: string): void {
    this.#dependents.add(name, dependent);
    this.#speaksOf.add(dependent, name);
  }

  of(name: string): readonly string[] {
    return this.#dependents.of(name);
  }

  /** An object has another name now. */
  renamed(from: string, to: string): void {
    this.#later.add(from, to);
    for (const dependent of this.of(from)) this.note(to, dependent);
    for (const name of this.#speaksOf.of(from)) this.note(name, to);
  }

  /** The name, and those that its bearers got later. */
  laterNames(name: string): ReadonlySet<string> {
    const names = new Set([name]);
    for (const one of names) for (const next of this.#later.of(one)) names.add(next);
    return names;
  }
}

/** Names by name. */
class Names {
  /** The last one first; one list is the end of the next, because thousands of files may each add one. */
  readonly #lists: Kept<List>;
  readonly #pairs: Kept<true>;

  constructor(journal: Journal) {
    this.#lists = new Kept(journal);
    this.#pairs = new Kept(journal);
  }

  add(key: string, name: string): void {
    const pair = `${key}\0${name}`;
    if (this.#pairs.get(pair)) return;
    this.#pairs.set(pair, true);
    this.#lists.set(key, { name, rest: this.#lists.get(key) });
  }

  of(key: string): readonly string[] {
    const names: string[] = [];
    for (let list = this.#lists.get(key); list; list = list.rest) names.push(list.name);
    return names.reverse();
  }
}

interface List {
  readonly name: string;
  readonly rest: List | undefined;
}

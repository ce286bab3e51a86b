import { Kept } from './journal.ts';
import type { Journal } from './journal.ts';

/**
 * Which relations may speak of which others, by name alone: views of what they read, partitions and children of their parents, sequences of
 * their tables, tables of the functions of their triggers. It only grows, so who asks has to look whether it is still so.
 */
export class Dependents {
  readonly #names: Kept<Names>;
  readonly #later: Kept<Names>;

  constructor(journal: Journal) {
    this.#names = new Kept(journal);
    this.#later = new Kept(journal);
  }

  note(name: string, dependent: string): void {
    add(this.#names, name, dependent);
  }

  of(name: string): ReadonlySet<string> {
    return all(this.#names, name);
  }

  /** An object has another name now. What it speaks of itself is to be noted again. */
  renamed(from: string, to: string): void {
    add(this.#later, from, to);
    for (const dependent of this.of(from)) this.note(to, dependent);
  }

  /** The name, and those that its bearers got later. */
  laterNames(name: string): ReadonlySet<string> {
    const names = new Set([name]);
    for (const one of names) for (const next of all(this.#later, one)) names.add(next);
    return names;
  }
}

/** The last one first. One list is the end of the next, because thousands of files may each add a name. */
interface Names {
  readonly name: string;
  readonly others: Names | undefined;
}

function add(lists: Kept<Names>, key: string, name: string): void {
  const others = lists.get(key);
  if (others?.name !== name) lists.set(key, { name, others });
}

function all(lists: Kept<Names>, key: string): ReadonlySet<string> {
  const names: string[] = [];
  for (let list = lists.get(key); list; list = list.others) names.push(list.name);
  return new Set(names.reverse());
}

/**
 * Which relations may speak of which others, by name alone: views of what they read, partitions and children of their parents, sequences of
 * their tables, tables of the functions of their triggers. It only grows, so who asks has to look whether it is still so.
 */
export class Dependents {
  readonly #names = new Map<string, Set<string>>();
  readonly #later = new Map<string, Set<string>>();

  note(name: string, dependent: string): void {
    add(this.#names, name, dependent);
  }

  of(name: string): Iterable<string> {
    return this.#names.get(name) ?? [];
  }

  /** An object has another name now. */
  renamed(from: string, to: string): void {
    add(this.#later, from, to);
    for (const dependent of this.of(from)) this.note(to, dependent);
    for (const [name, dependents] of this.#names) if (dependents.has(from)) this.note(name, to);
  }

  /** The name, and those that its bearers got later. */
  laterNames(name: string): ReadonlySet<string> {
    const names = new Set([name]);
    for (const one of names) for (const next of this.#later.get(one) ?? []) names.add(next);
    return names;
  }
}

function add(map: Map<string, Set<string>>, key: string, value: string): void {
  const known = map.get(key);
  if (known) known.add(value);
  else map.set(key, new Set([value]));
}

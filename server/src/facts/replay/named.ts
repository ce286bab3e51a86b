import type { Name, NamePart } from '../sql/cursor.ts';
import { Kept } from './journal.ts';
import type { Journal } from './journal.ts';

export interface InSchema {
  readonly name: string;
  /** Undefined: where the files are run, which they do not say. */
  readonly schema: string | undefined;
}

/** The search_path of the session; undefined while the files have not set it. */
export type SearchPath = readonly PathEntry[] | undefined;

export interface PathEntry extends NamePart {
  /** The role may not use the schema. */
  readonly closed?: boolean;
}

/** Objects that stand in schemas, by name. */
export class Named<T extends InSchema> {
  readonly #byName: Kept<readonly T[]>;

  constructor(journal: Journal) {
    this.#byName = new Kept(journal);
  }

  *all(): Iterable<T> {
    for (const list of this.#byName.values()) yield* list;
  }

  /** Each as it is when its turn comes: what happens to one may change others. */
  *in(schema: string): Iterable<T> {
    const names = new Set<string>();
    for (const object of this.all()) if (object.schema === schema) names.add(object.name);
    for (const name of names) for (const object of this.named(name)) if (object.schema === schema) yield object;
  }

  named(name: string): readonly T[] {
    return this.#byName.get(name) ?? [];
  }

  add(object: T): void {
    this.#byName.set(object.name, [...this.named(object.name), object]);
  }

  remove(object: T): void {
    this.#byName.set(object.name, this.named(object.name).filter((other) => other !== object));
  }

  /** In the place of the old one, unless the name has changed. */
  replace(old: T, object: T): void {
    if (old === object) return;
    if (old.name === object.name) {
      this.#byName.set(old.name, this.named(old.name).map((other) => (other === old ? object : other)));
    } else {
      this.remove(old);
      this.add(object);
    }
  }

  /**
   * Those that a name means. One whose schema is not known may be any; with `loose` it is, unless a better one is there, and without
   * it only where nothing else is said or meant.
   */
  find(name: Name, path: SearchPath, loose: boolean, fits: (object: T) => boolean = () => true): readonly T[] {
    const all = this.named(lastPart(name).name).filter(fits);
    const schema = schemaOf(name);
    if (schema !== undefined) {
      const exact = all.filter((object) => object.schema === schema);
      if (exact.length > 0) return exact;
      return loose || schema === 'public' ? all.filter((object) => object.schema === undefined) : [];
    }
    // Temporary relations and types come first where the path does not say otherwise.
    const temporary = all.filter((object) => object.schema === 'pg_temp');
    if (temporary.length > 0 && !path?.some((entry) => entry.name === 'pg_temp')) return temporary;
    for (const entry of path ?? []) {
      if (entry.kind === 'template') return all;
      if (entry.closed && name.ifExists) continue;
      const here = all.filter((object) => object.schema === entry.name);
      if (here.length > 0) return here;
    }
    const nowhere = all.filter((object) => object.schema === undefined);
    if (path || nowhere.length > 0) return nowhere;
    const usual = all.filter((object) => object.schema === 'public');
    return usual.length > 0 ? usual : all;
  }
}

export function lastPart(name: Name): NamePart {
  return name.parts[name.parts.length - 1]!;
}

/** The schema that a name says. */
export function schemaOf(name: Name): string | undefined {
  return name.parts.length > 1 ? name.parts[name.parts.length - 2]!.name : undefined;
}

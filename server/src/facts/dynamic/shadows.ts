import type { Declaration } from '../../syntax/sql/plpgsql.ts';
import type { Regions } from './regions.ts';

/** Variables of one name in several blocks. */
export interface Shadows {
  /** The name by which the one is known that `name` is at `offset`; a field stays behind it. */
  at(name: string, offset: number): string;
  /** The same of a declaration itself. */
  of(declaration: Declaration): string;
  /** The names of all that are called so. */
  all(name: string): readonly string[];
}

interface Shadow {
  readonly key: string;
  /** From behind its declaration, where its name stands for another one still, to the end of its block. */
  readonly start: number;
  readonly end: number;
}

/** `parameters`: the names that the header declares, whose block is the whole body. */
export function readShadows(declarations: readonly Declaration[], parameters: ReadonlySet<string>, regions: Regions): Shadows {
  const counts = new Map<string, number>();
  for (const name of parameters) counts.set(name, 1);
  for (const { name } of declarations) counts.set(name, (counts.get(name) ?? 0) + 1);
  const shadows = new Map<string, Shadow[]>();
  const keys = new Map<Declaration, string>();
  for (const declaration of declarations) {
    const { name, at, value } = declaration;
    if (counts.get(name) === 1) continue;
    const known = shadows.get(name) ?? [];
    shadows.set(name, known);
    const number = known.length + (parameters.has(name) ? 1 : 0);
    const key = number === 0 ? name : `${name} ${number}`;
    known.push({ key, start: value?.end ?? at.end, end: regions.at(at.start)?.end ?? Number.MAX_SAFE_INTEGER });
    keys.set(declaration, key);
  }
  return {
    at(name, offset) {
      if (shadows.size === 0) return name;
      const dot = name.indexOf('.');
      const first = dot < 0 ? name : name.slice(0, dot);
      const inner = shadows.get(first)?.findLast(({ start, end }) => start <= offset && offset < end);
      return inner === undefined ? name : inner.key + name.slice(first.length);
    },
    of: (declaration) => keys.get(declaration) ?? declaration.name,
    all: (name) => [...new Set([name, ...shadows.get(name)?.map(({ key }) => key) ?? []])],
  };
}

/** The name as it is written. */
export function shownName(key: string): string {
  return key.replace(/ \d+(?=\.|$)/, '');
}

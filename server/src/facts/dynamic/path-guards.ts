import type { Asking, Guard } from './guards.ts';
import { readGuards } from './guards.ts';
import type { IsVariable } from './lookups.ts';
import type { Regions } from './regions.ts';
import type { ValuePath } from './value-paths.ts';
import { pathsIn } from './value-paths.ts';
import type { Words } from '../sql/tokens.ts';
import { wordsOf } from '../sql/tokens.ts';
import { grouped } from '../../grouped.ts';
import { lex } from '../../syntax/sql/lexer.ts';
import type { Write } from './writes.ts';
import { ofTarget } from './writes.ts';

/** A part of a variable that stands at several places of a body. */
interface Named {
  readonly key: string;
  readonly roots: readonly string[];
  /** What stands for it. */
  readonly name: string;
}

/**
 * What checks leave of values that are parts of variables: the body is read once more as if each of them were a variable of its own, whose name
 * takes its place in the text.
 */
export class PathGuards {
  readonly #named = new Map<string, Named>();
  readonly #read: () => ReadonlyMap<string, readonly Guard[]>;
  #guards: ReadonlyMap<string, readonly Guard[]> | undefined;

  /** `plain`: the same code without the labels of blocks. */
  constructor(code: Words, text: string, regions: Regions, writes: readonly Write[], isVariable: IsVariable, asking: Asking, plain: (code: Words) => Words) {
    const paths = pathsIn(code, text, isVariable);
    this.#name(paths, code, isVariable);
    this.#read = () => {
      const names = new Map([...this.#named.values()].map((one) => [one.name, one]));
      const changed = this.#written(paths, code, text);
      const parameter = (name: string) => [name, ...names.get(name)?.roots ?? []].some((one) => asking.isParameter(one));
      const spread = this.#spread(writes);
      if (spread === undefined) return new Map();
      return readGuards(plain(wordsOf(lex(changed, 'body'), changed)), changed, regions, spread, (name) => names.has(name) || isVariable(name), { ...asking, isParameter: parameter });
    };
  }

  /** By the key of a path. */
  of(key: string): readonly Guard[] {
    return [key, key.replace(/ ->> (\S+)$/, ' -> $1')].flatMap((one, index, all) => {
      const named = index > 0 && one === all[0] ? undefined : this.#named.get(one);
      if (named === undefined) return [];
      this.#guards ??= this.#read();
      return this.#guards.get(named.name) ?? [];
    });
  }

  /** What `key` changes with. */
  rootsOf(key: string): readonly string[] {
    return this.#named.get(key)?.roots ?? [key];
  }

  #name(paths: readonly ValuePath[], { words }: Words, isVariable: IsVariable): void {
    const seen = new Set<string>();
    const used = new Set(words);
    let tried = 0;
    for (const { key, roots, first } of paths) {
      if (this.#named.has(key)) continue;
      if (plainName.test(key)) {
        this.#named.set(key, { key, roots, name: key });
        continue;
      }
      // What kind of JSON it is counts for the text that is taken out of it.
      if (!seen.has(key) && !isAskedForKind(words, first)) {
        seen.add(key);
        continue;
      }
      let name: string | undefined;
      while (name === undefined && tried < shortNames) {
        const next = shortName(tried++);
        if (!used.has(next) && !isVariable(next)) name = next;
      }
      if (name !== undefined) this.#named.set(key, { key, roots, name });
    }
  }

  /** Every offset stays as it is. */
  #written(paths: readonly ValuePath[], { tokens }: Words, text: string): string {
    const parts: string[] = [];
    let done = 0;
    for (const { key, first, last } of paths) {
      const { start } = tokens[first]!;
      const { end } = tokens[last]!;
      const name = this.#named.get(key)?.name;
      // Within one that has a name already.
      if (name === undefined || start < done || name.length > end - start) continue;
      parts.push(text.slice(done, start), name.padEnd(end - start));
      done = end;
    }
    return parts.join('') + text.slice(done);
  }

  /** What is put into a variable is put into its parts, though nobody can tell what that is. Undefined when that is too much to look through. */
  #spread(writes: readonly Write[]): readonly Write[] | undefined {
    const parts = [...this.#named.values()].filter(({ key, name }) => key !== name);
    if (parts.length === 0) return writes;
    const byTarget = grouped(writes, ({ target }) => target);
    const byRecord = grouped(writes.filter(({ target }) => target.includes('.')), ({ target }) => recordOf(target));
    const spread: Write[] = [];
    for (const { key, roots, name } of parts) {
      // A field changes what is made of the whole row, and none of its other fields.
      const rows = roots.filter((root) => !root.includes('.') && !roots.some((one) => one.startsWith(`${root}.`)));
      const changing = new Set([...roots.flatMap((root) => byTarget.get(root) ?? []), ...rows.flatMap((root) => byRecord.get(root) ?? [])]);
      for (const write of changing) spread.push(write.target === key ? ofTarget(write, name) : partOf(write, name));
      if (spread.length > mostWrites) return undefined;
    }
    return [...writes, ...spread].sort((a, b) => a.at - b.at);
  }
}

const mostWrites = 20_000;

function recordOf(target: string): string {
  return target.slice(0, target.indexOf('.'));
}

const plainName = /^([a-z_][\w$]*|\$\d+)$/;

/** As short as the shortest path, `r.x`. */
function shortName(number: number): string {
  return `${signs[Math.floor(number / signs.length)]!}$${signs[number % signs.length]!}`;
}

const signs = 'abcdefghijklmnopqrstuvwxyz';
const shortNames = signs.length * signs.length;

/** `jsonb_typeof(p -> 'k')` */
function isAskedForKind(words: readonly string[], first: number): boolean {
  return words[first - 1] === '(' && /^jsonb?_typeof$/.test(words[first - 2] ?? '');
}

function partOf(write: Write, target: string): Write {
  const { at, statement } = write;
  return { target, at, statement, value: undefined, get origin() { return write.origin; }, calls: [], fields: [], derived: [], kind: 'part', element: false, number: false };
}

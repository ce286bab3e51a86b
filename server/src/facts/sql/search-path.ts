import type { Span } from '../../text.ts';
import { bodyNames, isBuiltin } from './body-names.ts';
import { quoteName, spell } from './cursor.ts';
import type { NamePart } from './cursor.ts';
import type { Creator, Routine, Schema } from '../schema.ts';

/** A list for SET search_path. */
export interface ProposedPath {
  readonly text: string;
  /** The part of `text` that only a person can know. */
  readonly placeholder?: Span;
}

/** What the unqualified names of a routine's body say about the path that it needs. */
export interface NeededPath {
  /** The schemas of this file's objects that it names, in order of use. */
  readonly schemas: readonly string[];
  /** Nothing else has to be found: every other name is built in. */
  readonly complete: boolean;
}

export function neededPath(schema: Schema, routine: Routine): NeededPath {
  const schemas = new Set<string>();
  const all = withCallees(schema, routine);
  let complete = all.size < mostCallees;
  for (const called of all) {
    const body = bodyNames(called.created.written);
    complete &&= body.complete;
    for (const { kind, name } of [...body.names, ...body.parameters]) {
      const homes = schema.homes(kind, name);
      const [home] = homes;
      if (homes.size === 1 && home !== undefined) schemas.add(home);
      else if (homes.size > 0 || !isBuiltin(kind, name)) complete = false;
    }
  }
  schemas.delete('pg_catalog');
  schemas.delete('pg_temp');
  return { schemas: [...schemas], complete };
}

/** Whoever calls more routines than that needs a person who knows them. */
const mostCallees = 100;

/** The routine and all that it calls, up to so many, and that has no path of its own: they look their names up in its path too. */
function withCallees(schema: Schema, routine: Routine): ReadonlySet<Routine> {
  const all = new Set([routine]);
  for (const caller of all) {
    if (all.size >= mostCallees) break;
    const { names, calls } = bodyNames(caller.created.written);
    const called = [...names.flatMap(({ kind, name }) => (kind === 'routine' ? [{ schema: undefined, name }] : [])), ...calls];
    for (const { schema: home, name } of called) {
      if (home === undefined && isBuiltin('routine', name)) continue;
      for (const callee of schema.routinesNamed(home, name)) {
        if (callee.path.kind === 'none' && /^(sql|plpgsql)$/.test(callee.text.language ?? '')) all.add(callee);
      }
    }
  }
  return all;
}

/** The path that finds what the body names and nothing that others put in its way. */
export function proposePath(schema: Schema, routine: Routine, version: number): ProposedPath {
  const { schemas, complete } = neededPath(schema, routine);
  if (complete) return writePath(schemas.map((name) => ({ text: spell(name), ask: openTo(schema, name, version) !== undefined })));
  const home = likelyHome(schema, routine, version);
  const texts = new Set([...schemas.map(spell), home]);
  return writePath([...texts].map((text) => ({ text, ask: text === home })));
}

/** The given list, without what makes it unsafe. */
export function repairPath(schema: Schema, routine: Routine, entries: readonly NamePart[], version: number): ProposedPath {
  const { schemas, complete } = neededPath(schema, routine);
  const kept = new Map<string, { text: string; ask: boolean }>();
  for (const { name, text } of entries.flatMap(splitEntry)) {
    if (['pg_catalog', 'pg_temp', '$user', ''].includes(name)) continue;
    const open = openTo(schema, name, version) !== undefined;
    if (open && complete && !schemas.includes(name)) continue;
    kept.set(name, { text, ask: open });
  }
  return writePath([...kept.values()]);
}

/** `'app, pg_temp'` is one name that nobody has; two were meant. */
function splitEntry(entry: NamePart): { name: string; text: string }[] {
  if (!isMisquoted(entry)) return [entry];
  return entry.name.split(',').map((text) => text.trim()).filter((text) => text !== '').map((text) => {
    const name = text.startsWith('"') ? text.slice(1, -1) : text.toLowerCase();
    return { name, text: quoteName(name) };
  });
}

export function isMisquoted(entry: NamePart): boolean {
  return entry.kind !== 'template' && /^\s*"?[\w$.@{}]+"?\s*(,\s*"?[\w$.@{}]+"?\s*)+$/.test(entry.name);
}

/** Everybody, or the roles that a GRANT in this file lets create objects in the schema; undefined: nobody that we know of. */
export function openTo(schema: Schema, name: string, version: number): 'public' | Creator | undefined {
  const creator = schema.creators(name).find(({ role }) => role.toLowerCase() === 'public');
  if (creator) return creator;
  // Up to version 14 a new database lets every role create objects in the schema public.
  return name === 'public' && version < 15 && !schema.closed(name) ? 'public' : undefined;
}

function likelyHome(schema: Schema, routine: Routine, version: number): string {
  // What a script of an extension creates without a schema goes into the one it is installed in.
  const home = routine.schema ?? (routine.created.written.text.includes('@extschema@') ? '@extschema@' : 'public');
  return openTo(schema, home, version) ? 'schema_name' : spell(home);
}

/** The schema that a person has to name, if any. */
export function asked({ text, placeholder }: ProposedPath): readonly string[] {
  return placeholder ? [text.slice(placeholder.start, placeholder.end)] : [];
}

function writePath(entries: readonly { readonly text: string; readonly ask: boolean }[]): ProposedPath {
  const texts = ['pg_catalog', ...entries.map((entry) => entry.text), 'pg_temp'];
  const text = texts.join(', ');
  const asked = entries.findIndex((entry) => entry.ask);
  if (asked < 0) return { text };
  const start = texts.slice(0, asked + 1).join(', ').length + 2;
  return { text, placeholder: { start, end: start + entries[asked]!.text.length } };
}

import { bodyNames, isBuiltin } from './body-names.ts';
import type { NamePart } from './cursor.ts';
import type { Creator, Routine, Schema } from '../schema.ts';
import { isMisquoted, openTo } from './search-path.ts';
import { isTrustedRole } from './trusted-roles.ts';

/** The worst thing about a path that a routine with its owner's rights brings along. */
export type PathProblem =
  /** `'a, b'`: one name instead of a list. */
  | { readonly kind: 'misquoted' }
  /** Everybody may create objects in the schema. */
  | { readonly kind: 'open'; readonly schema: string; readonly by: Creator | undefined }
  /**
   * Temporary tables and types of the caller come first (`first`), or before the schemas behind pg_temp (`listed`),
   * or only before the built-in ones because the path is empty (`empty`). `used`: the body names such objects, or may do so;
   * `tables`: not only types that are built in, or perhaps so.
   */
  | { readonly kind: 'temporary'; readonly how: 'first' | 'listed' | 'empty'; readonly used: boolean; readonly tables: boolean | 'perhaps' }
  | { readonly kind: 'user' }
  /** A role may create objects in the schema. */
  | { readonly kind: 'creator'; readonly schema: string; readonly by: Creator }
  /** public, which old databases leave open. */
  | { readonly kind: 'public' };

export function findPathProblem(schema: Schema, routine: Routine, entries: readonly NamePart[], version: number): PathProblem | undefined {
  if (entries.some(isMisquoted)) return { kind: 'misquoted' };
  const list = entries.map((entry) => entry.name);
  for (const name of list) {
    const open = openTo(schema, name, version);
    if (open) return { kind: 'open', schema: name, by: open === 'public' ? undefined : open };
  }
  const temporary = findTemporary(routine, list);
  if (temporary) return temporary;
  if (list.includes('$user')) return { kind: 'user' };
  for (const name of list) {
    const by = schema.creators(name).find(({ role }) => role !== routine.owner.role && !isTrustedRole(role));
    if (by) return { kind: 'creator', schema: name, by };
  }
  return list.includes('public') && !schema.closed('public') ? { kind: 'public' } : undefined;
}

/** The server looks for relations and types, but never for functions, in pg_temp first unless the path says where. */
function findTemporary(routine: Routine, list: readonly string[]): PathProblem | undefined {
  if (list.indexOf('pg_temp') === list.length - 1) return undefined;
  const { names, complete } = bodyNames(routine.created.written);
  const relationsAndTypes = names.filter(({ kind }) => kind !== 'routine');
  if (list.every((name) => name === '')) {
    // Other names are found nowhere else, so temporary tables may be meant.
    const used = relationsAndTypes.filter(({ kind, name }) => isBuiltin(kind, name));
    return used.length > 0 ? { kind: 'temporary', how: 'empty', used: true, tables: used.some(({ kind }) => kind === 'relation') } : undefined;
  }
  // A type may be the row of a table.
  const rows = relationsAndTypes.some(({ kind, name }) => !isBuiltin(kind, name));
  const tables = relationsAndTypes.some(({ kind }) => kind === 'relation') || ((rows || !complete) && 'perhaps');
  return { kind: 'temporary', how: list.includes('pg_temp') ? 'listed' : 'first', used: relationsAndTypes.length > 0 || !complete, tables };
}

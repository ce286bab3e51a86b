import type { Cursor, Name } from './cursor.ts';
import type { ObjectKind } from './schema.ts';

/** The relations, types and aggregates that a CREATE statement makes; temporary ones live elsewhere and are left out. */
export function createdObjects(cursor: Cursor): readonly { readonly kind: ObjectKind; readonly name: Name }[] {
  cursor.index++;
  cursor.take('OR', 'REPLACE');
  for (let word = cursor.word(); modifiers.has(word); word = cursor.word()) {
    if (word === 'TEMP' || word === 'TEMPORARY') return [];
    cursor.index++;
  }
  const kinds = created[cursor.word()];
  if (!kinds) return [];
  cursor.index++;
  cursor.take('IF', 'NOT', 'EXISTS');
  const name = cursor.name();
  return name ? kinds.map((kind) => ({ kind, name })) : [];
}

const modifiers = new Set(['TEMP', 'TEMPORARY', 'GLOBAL', 'LOCAL', 'UNLOGGED', 'FOREIGN', 'MATERIALIZED', 'RECURSIVE']);

/** A table is also the type of its rows. */
const created: Readonly<Record<string, readonly ObjectKind[]>> = {
  TABLE: ['relation', 'type'], VIEW: ['relation', 'type'], SEQUENCE: ['relation'],
  TYPE: ['type'], DOMAIN: ['type'], AGGREGATE: ['routine'],
};

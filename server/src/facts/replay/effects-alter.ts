import type { Cursor, Name, NamePart } from '../sql/cursor.ts';
import type { Effect, RelationAction, RelationKind } from './effects.ts';
import { readColumn, readIdentity, readOptions, readOwnedBy, split } from './effects-relations.ts';
import { readType } from '../sql/parameters.ts';

/** The cursor is behind ALTER TABLE, VIEW, SEQUENCE … */
export function readAlterRelation(cursor: Cursor, kind: RelationKind): readonly Effect[] {
  const ifExists = cursor.take('IF', 'EXISTS');
  cursor.take('ONLY');
  const found = cursor.name();
  if (!found) return [];
  const name = { ...found, ifExists };
  cursor.takeText('*');
  if (kind === 'sequence') {
    const owned = readOwnedBy(cursor);
    if (owned) return [{ do: 'alter relation', kind, name, action: { set: 'column of sequence', ...owned } }];
  }
  return [...split(cursor, cursor.index, cursor.tokens.length)].flatMap((action) => readAction(action, kind, name));
}

function readAction(cursor: Cursor, kind: RelationKind, name: Name): readonly Effect[] {
  const object = { on: 'relation', name, types: undefined } as const;
  if (cursor.take('OWNER', 'TO')) return withName(cursor, (to) => ({ do: 'set owner', object, to }));
  if (cursor.take('SET', 'SCHEMA')) return withName(cursor, (to) => ({ do: 'set schema', object, to }));
  if (cursor.take('RENAME', 'TO')) return withName(cursor, (to) => ({ do: 'rename', object, to }));
  const action = readRls(cursor) ?? readRest(cursor);
  return action ? [{ do: 'alter relation', kind, name, action }] : [];
}

export function withName(cursor: Cursor, make: (name: NamePart) => Effect): readonly Effect[] {
  const name = cursor.part();
  return name ? [make(name)] : [];
}

function readRls(cursor: Cursor): RelationAction | undefined {
  const { start = 0 } = cursor.token() ?? {};
  const done = (set: 'rls' | 'forced', on: boolean): RelationAction => ({ set, on, at: { start, end: cursor.token(-1)!.end } });
  if (cursor.take('ENABLE', 'ROW', 'LEVEL', 'SECURITY')) return done('rls', true);
  if (cursor.take('DISABLE', 'ROW', 'LEVEL', 'SECURITY')) return done('rls', false);
  if (cursor.take('FORCE', 'ROW', 'LEVEL', 'SECURITY')) return done('forced', true);
  return cursor.take('NO', 'FORCE', 'ROW', 'LEVEL', 'SECURITY') ? done('forced', false) : undefined;
}

function readRest(cursor: Cursor): RelationAction | undefined {
  if (cursor.word() === 'SET' && cursor.here(1) === '(') {
    cursor.index++;
    return { set: 'options', options: readOptions(cursor) };
  }
  if (cursor.take('RESET')) return { set: 'no options', names: readOptions(cursor).map(({ name }) => name) };
  if (cursor.take('ADD')) return readAdd(cursor);
  if (cursor.take('DROP')) return readDrop(cursor);
  if (cursor.take('RENAME')) return readRename(cursor);
  if (cursor.take('ALTER')) return readAlterColumn(cursor);
  if (cursor.take('ATTACH', 'PARTITION')) return parent(cursor.name(), true, true);
  if (cursor.take('DETACH', 'PARTITION')) return parent(cursor.name(), false, true);
  if (cursor.take('NO', 'INHERIT')) return parent(cursor.name(), false, false);
  return cursor.take('INHERIT') ? parent(cursor.name(), true, false) : undefined;
}

function parent(name: Name | undefined, added: boolean, partition: boolean): RelationAction | undefined {
  return name && { set: added ? 'parent' : 'no parent', parent: name, partition };
}

function readAdd(cursor: Cursor): RelationAction | undefined {
  cursor.take('COLUMN');
  const ifNotExists = cursor.take('IF', 'NOT', 'EXISTS');
  const column = readColumn(cursor);
  return column && { set: 'column', column, ifNotExists };
}

function readDrop(cursor: Cursor): RelationAction | undefined {
  if (cursor.word() === 'CONSTRAINT') return undefined;
  cursor.take('COLUMN');
  cursor.take('IF', 'EXISTS');
  const name = cursor.part();
  return name && { set: 'no column', name: name.name, cascade: cursor.take('CASCADE') };
}

function readRename(cursor: Cursor): RelationAction | undefined {
  if (cursor.word() === 'CONSTRAINT') return undefined;
  cursor.take('COLUMN');
  const from = cursor.part();
  const to = cursor.take('TO') ? cursor.part() : undefined;
  return from && to && { set: 'column name', from: from.name, to };
}

function readAlterColumn(cursor: Cursor): RelationAction | undefined {
  if (cursor.word() === 'CONSTRAINT') return undefined;
  cursor.take('COLUMN');
  const name = cursor.part();
  if (!name) return undefined;
  if (cursor.take('TYPE') || cursor.take('SET', 'DATA', 'TYPE')) {
    const read = readType(cursor, new Set(['USING', 'COLLATE']));
    return read && { set: 'column type', name, ...read };
  }
  if (cursor.take('DROP', 'IDENTITY')) return { set: 'no column sequence', name: name.name };
  const identity = cursor.take('ADD', 'GENERATED') ? readIdentity(cursor) : undefined;
  return identity && { set: 'column sequence', name: name.name, identity };
}

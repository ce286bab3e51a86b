import type { Cursor, Name, NamePart } from '../sql/cursor.ts';
import type { Effect, ObjectClass, ObjectReference, OptionText } from './effects.ts';
import { withName } from './effects-alter.ts';
import { readCreateTrigger } from './effects-policies.ts';
import { readCreateRelation, readOptions } from './effects-relations.ts';
import { readGrant } from '../sql/grants.ts';
import { readParameters } from '../sql/parameters.ts';

/** The words that name a kind of object in ALTER and DROP. */
const classes: readonly (readonly [string, ObjectClass])[] = [
  ['MATERIALIZED VIEW', 'relation'], ['FOREIGN TABLE', 'relation'], ['TABLE', 'relation'], ['VIEW', 'relation'], ['SEQUENCE', 'relation'],
  ['FUNCTION', 'routine'], ['PROCEDURE', 'routine'], ['ROUTINE', 'routine'], ['AGGREGATE', 'aggregate'],
  ['TYPE', 'type'], ['DOMAIN', 'type'], ['SCHEMA', 'schema'], ['DATABASE', 'database'], ['EXTENSION', 'extension'],
  ['ROLE', 'role'], ['USER', 'role'], ['GROUP', 'role'], ['EVENT TRIGGER', 'event trigger'], ['PUBLICATION', 'publication'],
  ['SUBSCRIPTION', 'subscription'], ['SERVER', 'foreign server'], ['FOREIGN DATA WRAPPER', 'foreign data wrapper'],
  ['PROCEDURAL LANGUAGE', 'language'], ['LANGUAGE', 'language'], ['TABLESPACE', 'tablespace'],
];
const wordsOf = classes.map(([words, on]) => ({ words: words.split(' '), on }));

export function readClass(cursor: Cursor): ObjectClass | undefined {
  return wordsOf.find(({ words }) => cursor.take(...words))?.on;
}

/** The cursor is behind DROP. */
export function readDrop(cursor: Cursor): readonly Effect[] {
  const on = readClass(cursor);
  if (!on) return [];
  const ifExists = cursor.take('IF', 'EXISTS');
  const objects: ObjectReference[] = [];
  do {
    const object = readReference(cursor, on);
    // All names are looked up before anything goes: written twice, it is the same object.
    if (object && !objects.some((other) => isSameReference(other, object))) objects.push({ ...object, name: { ...object.name, ifExists } });
  } while (cursor.takeText(','));
  if (on === 'role') return [{ do: 'drop role', names: objects.map(({ name }) => name.parts[0]!) }];
  return [{ do: 'drop', objects, cascade: cursor.take('CASCADE') }];
}

function isSameReference(a: ObjectReference, b: ObjectReference): boolean {
  const written = ({ name, types }: ObjectReference): string => JSON.stringify([name.parts.map((part) => part.name), types]);
  return written(a) === written(b);
}

export function readReference(cursor: Cursor, on: ObjectClass): ObjectReference | undefined {
  const name = cursor.name();
  if (!name) return undefined;
  const routine = on === 'routine' || on === 'aggregate';
  return { on, name, types: routine ? readParameters(cursor)?.filter(({ mode }) => mode !== 'out').map(({ type }) => type) : undefined };
}

/** RENAME TO, SET SCHEMA and OWNER TO behind the name of an object; undefined for anything else. */
export function readMove(cursor: Cursor, object: ObjectReference): readonly Effect[] | undefined {
  if (cursor.take('RENAME', 'TO')) return withName(cursor, (to) => ({ do: 'rename', object, to }));
  if (cursor.take('OWNER', 'TO')) return withName(cursor, (to) => ({ do: 'set owner', object, to }));
  if (cursor.word() !== 'SET' || cursor.word(1) !== 'SCHEMA' || cursor.token(2)?.kind === 'string') return undefined;
  cursor.index += 2;
  return withName(cursor, (to) => ({ do: 'set schema', object, to }));
}

/** The cursor is behind CREATE SCHEMA. */
export function readCreateSchema(cursor: Cursor): readonly Effect[] {
  const ifNotExists = cursor.take('IF', 'NOT', 'EXISTS');
  const named = cursor.word() === 'AUTHORIZATION' ? undefined : cursor.part();
  const owner = cursor.take('AUTHORIZATION') ? cursor.part() : undefined;
  const name = named ?? owner;
  if (!name) return [];
  const elements = [...schemaElements(cursor)];
  return [{ do: 'create schema', name, owner, ifNotExists }, ...elements.length > 0 ? [{ do: 'enter schema', name, owner } as const, ...elements, { do: 'leave schema' } as const] : []];
}

/** What the server makes of the statements in CREATE SCHEMA, in the order in which it takes them. */
function schemaElements(cursor: Cursor): readonly Effect[] {
  const parts: Cursor[] = [];
  let begin = cursor.index;
  for (; !cursor.done; cursor.skip()) {
    if (!/^(CREATE|GRANT)$/.test(cursor.word()) || cursor.word(-1) === 'WITH' || cursor.index === begin) continue;
    parts.push(cursor.between(begin, cursor.index));
    begin = cursor.index;
  }
  if (begin < cursor.index) parts.push(cursor.between(begin, cursor.index));
  const found = parts.map((part) => readElement(part));
  return elementOrder.flatMap((kind) => found.filter((one) => one.kind === kind).flatMap(({ effects }) => effects));
}

const elementOrder = ['sequence', 'table', 'view', 'trigger', 'grant'];

function readElement(cursor: Cursor): { readonly kind: string; readonly effects: readonly Effect[] } {
  if (cursor.word() === 'GRANT') {
    const grant = readGrant(cursor);
    return { kind: 'grant', effects: grant ? [{ do: 'grant', grant }] : [] };
  }
  if (!cursor.take('CREATE')) return { kind: '', effects: [] };
  const replace = cursor.take('OR', 'REPLACE');
  if (cursor.take('TRIGGER') || cursor.take('CONSTRAINT', 'TRIGGER')) return { kind: 'trigger', effects: readCreateTrigger(cursor) };
  const effects = readCreateRelation(cursor, replace);
  return { kind: effects[0]?.do === 'create relation' ? effects[0].kind : '', effects };
}

/** The cursor is behind CREATE EXTENSION. */
export function readCreateExtension(cursor: Cursor): readonly Effect[] {
  const ifNotExists = cursor.take('IF', 'NOT', 'EXISTS');
  const name = cursor.part();
  if (!name) return [];
  let schema: NamePart | undefined;
  let cascade = false;
  while (!cursor.done) {
    if (cursor.take('SCHEMA')) schema = cursor.part();
    else if (cursor.take('CASCADE')) cascade = true;
    else cursor.skip();
  }
  return [{ do: 'create extension', name, schema, cascade, ifNotExists }];
}

/** The cursor is behind CREATE EVENT TRIGGER. */
export function readCreateEventTrigger(cursor: Cursor): readonly Effect[] {
  const name = cursor.part();
  const event = cursor.take('ON') ? cursor.part() : undefined;
  while (!cursor.done && !cursor.take('EXECUTE', 'FUNCTION') && !cursor.take('EXECUTE', 'PROCEDURE')) cursor.skip();
  const routine = cursor.name();
  return name && event && routine ? [{ do: 'create event trigger', name, event: event.name, routine }] : [];
}

/** The cursor is behind CREATE or ALTER PUBLICATION name. */
export function readPublication(cursor: Cursor, create: boolean): readonly Effect[] {
  const name = cursor.part();
  if (!name) return [];
  const change = cursor.word();
  if (!create && !/^(ADD|SET|DROP)$/.test(change)) return [];
  if (!create) cursor.index++;
  else cursor.take('FOR');
  const tables: Name[] = [];
  const alone: boolean[] = [];
  const schemas: NamePart[] = [];
  const allTables = cursor.take('ALL', 'TABLES');
  let of: 'table' | 'schema' | undefined;
  do {
    if (cursor.take('TABLES', 'IN', 'SCHEMA')) of = 'schema';
    else if (cursor.take('TABLE')) of = 'table';
    const only = cursor.take('ONLY');
    const next = of && cursor.name();
    if (next && of === 'table') {
      tables.push(next);
      alone.push(only);
    }
    if (next && of === 'schema') schemas.push(next.parts[0]!);
    while (!cursor.done && cursor.here() !== ',' && cursor.word() !== 'WITH') cursor.skip();
  } while (cursor.takeText(','));
  const verb = create ? 'create publication' : change === 'ADD' ? 'add to publication' : change === 'SET' ? 'set publication' : 'drop from publication';
  if (verb === 'set publication' && of === undefined && !allTables) return [];
  return [{ do: verb, name, allTables, tables, alone, schemas }];
}

/** The cursor is behind CREATE or ALTER SUBSCRIPTION. */
export function readSubscription(cursor: Cursor, create: boolean): readonly Effect[] {
  const name = cursor.part();
  if (!name) return [];
  let options: readonly OptionText[] = [];
  while (!cursor.done) {
    if ((cursor.word() === 'WITH' || cursor.word() === 'SET') && cursor.here(1) === '(') {
      cursor.index++;
      options = readOptions(cursor);
    } else cursor.skip();
  }
  return [{ do: create ? 'create subscription' : 'alter subscription', name, options }];
}

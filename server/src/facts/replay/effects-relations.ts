import type { Cursor, Name } from '../sql/cursor.ts';
import { lastPart } from './named.ts';
import type { ColumnText, Identity, OptionText, RelationEffect, RelationKind } from './effects.ts';
import { readType } from '../sql/parameters.ts';
import { calledNames, queryRelations } from './query-relations.ts';

type Created = Extract<RelationEffect, { do: 'create relation' }>;

/** CREATE TABLE, VIEW, SEQUENCE and their variants; the cursor is behind CREATE and OR REPLACE. */
export function readCreateRelation(cursor: Cursor, replace: boolean): readonly RelationEffect[] {
  const { temporary, recursive } = readModifiers(cursor);
  const kind = readRelationKind(cursor);
  if (!kind) return [];
  const ifNotExists = cursor.take('IF', 'NOT', 'EXISTS');
  const name = cursor.name();
  if (!name) return [];
  const head = { ...nothing, kind, name, temporary: temporary || name.parts[0]!.name === 'pg_temp', replace, ifNotExists };
  switch (kind) {
    case 'sequence': return [{ ...head, ownedBy: readOwnedBy(cursor)?.column }];
    case 'view': case 'materialized view': return [readView(cursor, head, recursive)];
    default: return [readTable(cursor, head)];
  }
}

const nothing = {
  do: 'create relation', columns: [], more: false, like: [], parents: [], partition: false, partitioned: false, options: [], reads: [], calls: [], ownedBy: undefined,
} as const;

function readModifiers(cursor: Cursor): { readonly temporary: boolean; readonly recursive: boolean } {
  let temporary = false;
  let recursive = false;
  for (let word = cursor.word(); /^(TEMP|TEMPORARY|GLOBAL|LOCAL|UNLOGGED|RECURSIVE)$/.test(word); word = cursor.word()) {
    temporary ||= word.startsWith('TEMP');
    recursive ||= word === 'RECURSIVE';
    cursor.index++;
  }
  return { temporary, recursive };
}

/** Steps over the words for a kind of relation; undefined, without moving, when there are none. */
export function readRelationKind(cursor: Cursor): RelationKind | undefined {
  if (cursor.take('TABLE')) return 'table';
  if (cursor.take('VIEW')) return 'view';
  if (cursor.take('MATERIALIZED', 'VIEW')) return 'materialized view';
  if (cursor.take('SEQUENCE')) return 'sequence';
  return cursor.take('FOREIGN', 'TABLE') ? 'foreign table' : undefined;
}

/** OWNED BY of a sequence, which may say NONE. Does not move when there is none. */
export function readOwnedBy(cursor: Cursor): { readonly column: Name | undefined } | undefined {
  const begin = cursor.index;
  for (; !cursor.done; cursor.skip()) {
    if (cursor.take('OWNED', 'BY')) return { column: cursor.word() === 'NONE' ? undefined : cursor.name() };
  }
  cursor.index = begin;
  return undefined;
}

function readView(cursor: Cursor, head: Created, recursive: boolean): Created {
  let options: readonly OptionText[] = [];
  while (!cursor.done && !cursor.take('AS')) {
    if (cursor.take('WITH')) options = readOptions(cursor);
    else cursor.skip();
  }
  const calls = calledNames(cursor);
  const own = recursive ? lastPart(head.name).name : undefined;
  const reads = queryRelations(cursor).filter(({ parts }) => parts.length > 1 || parts[0]!.name !== own);
  const end = cursor.tokens.slice(-4).map((token) => cursor.of(token).toUpperCase()).join(' ');
  const check = /WITH (?:(LOCAL|CASCADED) )?CHECK OPTION$/.exec(end);
  if (check && head.kind === 'view') {
    const at = { start: cursor.token(check[1] ? -4 : -3)!.start, end: cursor.token(-1)!.end };
    options = [...options, { name: 'check_option', value: check[1]?.toLowerCase() ?? 'cascaded', at }];
  }
  return { ...head, options, reads, calls, more: true };
}

function readTable(cursor: Cursor, head: Created): Created {
  const parents: Name[] = [];
  const columns: ColumnText[] = [];
  const like: { name: Name; identity: boolean }[] = [];
  let { partition, partitioned, more } = head as { partition: boolean; partitioned: boolean; more: boolean };
  let options: readonly OptionText[] = [];
  if (cursor.take('PARTITION', 'OF')) {
    const parent = cursor.name();
    if (parent) parents.push(parent);
    partition = true;
  } else if (cursor.take('OF')) {
    cursor.name();
    more = true;
  } else if (cursor.here() === '(') {
    for (const element of elements(cursor)) {
      if (element.take('LIKE')) {
        const source = element.name();
        if (source) like.push({ name: source, identity: includesIdentity(element.rest()) });
      } else {
        const column = readColumn(element);
        if (column) columns.push(column);
      }
    }
  }
  while (!cursor.done) {
    if (cursor.take('INHERITS') && cursor.takeText('(')) parents.push(...cursor.names());
    else if (cursor.take('PARTITION', 'BY')) partitioned = true;
    else if (cursor.word() === 'WITH' && cursor.here(1) === '(') {
      cursor.index++;
      options = readOptions(cursor);
    } else if (cursor.take('AS')) {
      more = true;
      break;
    } else cursor.skip();
  }
  return { ...head, columns, like, parents, partition, partitioned, options, more };
}

/** Each element of the list in parentheses that is here, with a cursor of its own. */
function* elements(cursor: Cursor): Iterable<Cursor> {
  const begin = cursor.index + 1;
  cursor.skip();
  const end = cursor.here(-1) === ')' ? cursor.index - 1 : cursor.index;
  yield* split(cursor, begin, end);
}

/** The parts between the commas outside of all parentheses. */
export function* split(cursor: Cursor, begin: number, end: number): Iterable<Cursor> {
  let from = begin;
  let depth = 0;
  for (let i = begin; i < end; i++) {
    const text = cursor.tokens[i]!.kind === 'punctuation' ? cursor.of(cursor.tokens[i]!) : '';
    if (text === '(' || text === '[') depth++;
    else if (text === ')' || text === ']') depth--;
    else if (text === ',' && depth === 0) {
      yield cursor.between(from, i);
      from = i + 1;
    }
  }
  if (from < end) yield cursor.between(from, end);
}

/** Undefined for a constraint of the table. */
export function readColumn(cursor: Cursor): ColumnText | undefined {
  if (constraints.has(cursor.word())) return undefined;
  const name = cursor.part();
  const read = name && readType(cursor, afterType);
  if (!name || !read) return undefined;
  const identity = readIdentity(cursor);
  const sequence = identity !== undefined || /^(big|small)?serial[248]?$/.test(read.type);
  return { name, type: serialTypes.get(read.type) ?? read.type, written: read.written, sequence, identity };
}

/** What comes last counts: `INCLUDING ALL EXCLUDING IDENTITY`. */
function includesIdentity(options: string): boolean {
  return /\b(including|excluding)\s+(?:all|identity)\b(?!.*\b(?:including|excluding)\s+(?:all|identity)\b)/is.exec(options)?.[1]?.toLowerCase() === 'including';
}

/** Looks for it from here on, without moving. */
export function readIdentity(cursor: Cursor): Identity | undefined {
  const begin = cursor.index;
  while (!cursor.done && !cursor.take('AS', 'IDENTITY')) cursor.index++;
  const found = !cursor.done || cursor.word(-1) === 'IDENTITY';
  const [options] = found && cursor.here() === '(' ? elements(cursor) : [];
  while (options && !options.done && !options.take('SEQUENCE', 'NAME')) options.index++;
  cursor.index = begin;
  return found ? { sequence: options?.name() } : undefined;
}

const serialTypes: ReadonlyMap<string, string> = new Map(Object.entries({
  serial: 'int4', serial4: 'int4', bigserial: 'int8', serial8: 'int8', smallserial: 'int2', serial2: 'int2',
}));
const constraints = new Set(['CONSTRAINT', 'PRIMARY', 'UNIQUE', 'FOREIGN', 'CHECK', 'EXCLUDE']);
const afterType = new Set([
  'NOT', 'NULL', 'DEFAULT', 'PRIMARY', 'UNIQUE', 'CHECK', 'REFERENCES', 'CONSTRAINT', 'GENERATED', 'COLLATE', 'STORAGE', 'COMPRESSION',
  'OPTIONS', 'DEFERRABLE', 'INITIALLY', 'USING',
]);

/** `(name [= value], …)`; PostgreSQL keeps `true` where no value is given. */
export function readOptions(cursor: Cursor): readonly OptionText[] {
  if (cursor.here() !== '(') return [];
  const options: OptionText[] = [];
  for (const element of elements(cursor)) {
    const { start } = element.tokens[0]!;
    const name = element.name();
    if (!name) continue;
    const given = element.takeText('=');
    const value = given ? element.rest() : 'true';
    options.push({ name: name.parts.map((part) => part.name).join('.').toLowerCase(), value: value.replace(/^'(.*)'$/s, '$1'), at: { start, end: element.tokens.at(-1)!.end } });
  }
  return options;
}

import { lex } from '../../syntax/sql/lexer.ts';
import { constantOf } from './constant-text.ts';
import { truthOf, valueOf, type Constants } from './constant-value.ts';
import { Cursor, type Name } from '../sql/cursor.ts';

/** What a branch of a DO block asks, as far as the files can tell. */
export type Condition =
  | { readonly kind: 'constant'; readonly value: boolean }
  | { readonly kind: 'exists'; readonly object: Sought }
  | { readonly kind: 'not'; readonly of: Condition }
  | { readonly kind: 'all' | 'any'; readonly of: readonly Condition[] }
  /** The major version of the server against a number. */
  | { readonly kind: 'version'; readonly sign: string; readonly major: number }
  | { readonly kind: 'unknown' };

/** An object that is looked up in a catalog. */
export interface Sought {
  readonly what: 'role' | 'login role' | 'relation' | 'column' | 'schema' | 'routine' | 'type' | 'trigger' | 'policy' | 'extension' | 'publication' | 'publication table' | 'event trigger';
  readonly name: string;
  readonly schema: string | undefined;
  /** Of a column, trigger, policy or published table. */
  readonly table: string | undefined;
}

/** What a block knows about its variables. */
export interface Variables {
  readonly constants: Constants;
  /** Those that hold what a query of catalogs found: the condition says whether it found anything. `found` is FOUND. */
  readonly asked: ReadonlyMap<string, Condition>;
}

/** `IF …` without THEN. */
export function readCondition(text: string, variables: Variables): Condition {
  const value = truthOf(valueOf(text, variables.constants));
  // NULL is as good as false where a branch asks.
  if (value !== undefined) return { kind: 'constant', value: value === true };
  const cursor = new Cursor(text, lex(text, 'body'));
  const read = readAny(cursor, variables);
  return cursor.done ? read : unknown;
}

const unknown: Condition = { kind: 'unknown' };

function readAny(cursor: Cursor, variables: Variables): Condition {
  const parts = [readAll(cursor, variables)];
  while (cursor.take('OR')) parts.push(readAll(cursor, variables));
  return parts.length === 1 ? parts[0]! : { kind: 'any', of: parts };
}

function readAll(cursor: Cursor, variables: Variables): Condition {
  const parts = [readOne(cursor, variables)];
  while (cursor.take('AND')) parts.push(readOne(cursor, variables));
  return parts.length === 1 ? parts[0]! : { kind: 'all', of: parts };
}

function readOne(cursor: Cursor, variables: Variables): Condition {
  if (cursor.take('NOT')) return { kind: 'not', of: readOne(cursor, variables) };
  const begin = cursor.index;
  const { constants } = variables;
  const read = readExists(cursor, constants) ?? readLookUp(cursor, constants) ?? readVersion(cursor) ?? readFound(cursor, variables) ?? readBrackets(cursor, variables);
  if (read && (cursor.done || /^(AND|OR)$/.test(cursor.word()))) return read;
  cursor.index = begin;
  cursor.skipTo('AND', 'OR');
  const value = truthOf(valueOf(cursor.between(begin, cursor.index).rest(), constants));
  return value === undefined ? unknown : { kind: 'constant', value: value === true };
}

function readBrackets(cursor: Cursor, variables: Variables): Condition | undefined {
  const inner = brackets(cursor);
  if (!inner) return undefined;
  const read = inner.word() === 'SELECT' ? readSelected(inner, variables.constants) : readAny(inner, variables);
  return inner.done ? read : undefined;
}

/** `(SELECT true FROM catalog WHERE …)`, `(SELECT EXISTS (…))`: the cursor is on SELECT. */
function readSelected(cursor: Cursor, constants: Constants): Condition | undefined {
  if (cursor.word(1) === 'EXISTS') {
    cursor.index++;
    return readExists(cursor, constants);
  }
  const object = /^(true|1)$/i.test(cursor.here(1)) ? readQuery(cursor, constants) : undefined;
  return object && { kind: 'exists', object };
}

/** A variable, or a query in its place, that holds how many objects there are, or one of them: alone, or with what it is compared with. */
function readFound(cursor: Cursor, { constants, asked }: Variables): Condition | undefined {
  const begin = cursor.index;
  const found = readCount(cursor, constants) ?? asked.get(cursor.here().toLowerCase());
  if (!found) {
    cursor.index = begin;
    return undefined;
  }
  if (cursor.index === begin) cursor.index++;
  const none: Condition = { kind: 'not', of: found };
  if (cursor.take('IS', 'NOT', 'NULL') || cursor.take('IS', 'TRUE') || cursor.take('IS', 'NOT', 'FALSE')) return found;
  if (cursor.take('IS', 'NULL') || cursor.take('IS', 'FALSE') || cursor.take('IS', 'NOT', 'TRUE')) return none;
  const compared = `${cursor.here()} ${cursor.here(1)}`.toLowerCase();
  if (!/^(=|<>|!=|<|>|<=|>=) /.test(compared)) return found;
  cursor.index += 2;
  if (/^(= 0|< 1|<= 0|= false|<> true|!= true)$/.test(compared)) return none;
  return /^(= 1|> 0|>= 1|<> 0|!= 0|= true|<> false|!= false)$/.test(compared) ? found : unknown;
}

/** `(SELECT count(*) FROM catalog WHERE …)` */
function readCount(cursor: Cursor, constants: Constants): Condition | undefined {
  const inner = brackets(cursor);
  if (inner?.word() !== 'SELECT' || inner.word(1) !== 'COUNT') return undefined;
  const object = readQuery(inner, constants);
  return object && { kind: 'exists', object };
}

/** The condition that a query of catalogs finds something; undefined for any other query. */
export function readFinds(query: string, constants: Constants): Condition | undefined {
  const object = readQuery(new Cursor(query, lex(query, 'body')), constants);
  return object && { kind: 'exists', object };
}

/** What stands in the parentheses that are here; the cursor is behind them afterwards. */
function brackets(cursor: Cursor): Cursor | undefined {
  if (cursor.here() !== '(') return undefined;
  const begin = cursor.index + 1;
  cursor.skip();
  return cursor.between(begin, cursor.index - 1);
}

function readExists(cursor: Cursor, constants: Constants): Condition | undefined {
  if (!cursor.take('EXISTS')) return undefined;
  const inner = brackets(cursor);
  const object = inner && readQuery(inner, constants);
  return object ? { kind: 'exists', object } : unknown;
}

/** `to_regclass('app.t') IS NULL` and its siblings. */
function readLookUp(cursor: Cursor, constants: Constants): Condition | undefined {
  const begin = cursor.index;
  if (cursor.word() === 'PG_CATALOG' && cursor.here(1) === '.') cursor.index += 2;
  const what = lookUps[cursor.word()];
  if (what) {
    cursor.index++;
    const text = constantOf(brackets(cursor)?.rest() ?? '', constants);
    const name = text === undefined ? undefined : new Cursor(text, lex(text, 'body')).name();
    if (cursor.takeText('::')) cursor.name();
    const there = cursor.take('IS', 'NOT', 'NULL');
    if (name && (there || cursor.take('IS', 'NULL'))) {
      const found: Condition = { kind: 'exists', object: { what, ...partsOf(name), table: undefined } };
      return there ? found : { kind: 'not', of: found };
    }
  }
  cursor.index = begin;
  return undefined;
}

const lookUps: Readonly<Record<string, Sought['what']>> = {
  TO_REGCLASS: 'relation', TO_REGTYPE: 'type', TO_REGROLE: 'role', TO_REGNAMESPACE: 'schema', TO_REGPROC: 'routine',
};

function partsOf({ parts }: Name): { readonly name: string; readonly schema: string | undefined } {
  return { name: parts.at(-1)!.name, schema: parts.at(-2)?.name };
}

/** `current_setting('server_version_num')::int >= 150000` */
function readVersion(cursor: Cursor): Condition | undefined {
  const found = /^\(*\s*(?:pg_catalog\s*\.\s*)?current_setting\s*\(\s*'server_version_num'\s*\)\s*\)*(?:\s*::\s*int\w*)?\s*\)*\s*(>=|>|<=|<)\s*(\d+)(?=\s*$|\s+(?:and|or)\b)/i.exec(cursor.rest());
  if (!found) return undefined;
  const number = Number(found[2]);
  const end = (cursor.token()?.start ?? 0) + found[0].length;
  while (!cursor.done && cursor.token()!.start < end) cursor.index++;
  return number % 10_000 === 0 ? { kind: 'version', sign: found[1]!, major: number / 10_000 } : unknown;
}

type Slot = 'name' | 'schema' | 'table';

/** Which column of which catalog names what. `''`: it says nothing that matters here. */
const catalogs: Readonly<Record<string, { readonly what: Sought['what']; readonly columns: Readonly<Record<string, Slot | ''>> }>> = {
  pg_roles: { what: 'role', columns: { rolname: 'name' } },
  pg_authid: { what: 'role', columns: { rolname: 'name' } },
  pg_user: { what: 'login role', columns: { usename: 'name' } },
  pg_shadow: { what: 'login role', columns: { usename: 'name' } },
  pg_type: { what: 'type', columns: { typname: 'name', typnamespace: 'schema', typtype: '' } },
  pg_class: { what: 'relation', columns: { relname: 'name', relnamespace: 'schema', oid: 'name' } },
  pg_tables: { what: 'relation', columns: { tablename: 'name', schemaname: 'schema' } },
  pg_views: { what: 'relation', columns: { viewname: 'name', schemaname: 'schema' } },
  pg_matviews: { what: 'relation', columns: { matviewname: 'name', schemaname: 'schema' } },
  pg_sequences: { what: 'relation', columns: { sequencename: 'name', schemaname: 'schema' } },
  'information_schema.tables': { what: 'relation', columns: { table_name: 'name', table_schema: 'schema' } },
  'information_schema.views': { what: 'relation', columns: { table_name: 'name', table_schema: 'schema' } },
  'information_schema.sequences': { what: 'relation', columns: { sequence_name: 'name', sequence_schema: 'schema' } },
  'information_schema.columns': { what: 'column', columns: { column_name: 'name', table_name: 'table', table_schema: 'schema' } },
  pg_attribute: { what: 'column', columns: { attname: 'name', attrelid: 'table' } },
  'information_schema.schemata': { what: 'schema', columns: { schema_name: 'name' } },
  pg_namespace: { what: 'schema', columns: { nspname: 'name' } },
  pg_proc: { what: 'routine', columns: { proname: 'name', pronamespace: 'schema' } },
  'information_schema.routines': { what: 'routine', columns: { routine_name: 'name', routine_schema: 'schema' } },
  pg_trigger: { what: 'trigger', columns: { tgname: 'name', tgrelid: 'table' } },
  'information_schema.triggers': { what: 'trigger', columns: { trigger_name: 'name', event_object_table: 'table', event_object_schema: 'schema', trigger_schema: 'schema' } },
  pg_policies: { what: 'policy', columns: { policyname: 'name', tablename: 'table', schemaname: 'schema' } },
  pg_policy: { what: 'policy', columns: { polname: 'name', polrelid: 'table' } },
  pg_extension: { what: 'extension', columns: { extname: 'name' } },
  pg_publication: { what: 'publication', columns: { pubname: 'name' } },
  pg_publication_tables: { what: 'publication table', columns: { pubname: 'name', tablename: 'table', schemaname: 'schema' } },
  pg_event_trigger: { what: 'event trigger', columns: { evtname: 'name' } },
};

/** `SELECT … FROM catalog WHERE column = 'name' AND …`; undefined when anything else is asked too. */
function readQuery(cursor: Cursor, constants: Constants): Sought | undefined {
  if (!cursor.take('SELECT')) return undefined;
  cursor.skipTo('FROM');
  const tables: string[] = [];
  while (!cursor.done && (cursor.take('FROM') || cursor.take('JOIN') || cursor.take('INNER', 'JOIN') || cursor.takeText(','))) {
    const parts = cursor.name()?.parts.map((part) => part.name) ?? [];
    tables.push(parts[0] === 'information_schema' ? parts.join('.') : parts.at(-1) ?? '');
    while (!cursor.done && !/^(JOIN|INNER|WHERE|ON)$/.test(cursor.word()) && cursor.here() !== ',') cursor.skip();
    if (cursor.word() !== 'ON') continue;
    // What joins catalogs with each other goes without saying.
    cursor.skipTo('JOIN', 'INNER', 'WHERE');
  }
  const found = tables.map((table) => catalogs[table]);
  const main = found.find((one, i) => one && (tables[i] !== 'pg_namespace' || tables.length === 1) && !(one.what === 'relation' && found.some((other) => /^(trigger|policy|column)$/.test(other?.what ?? ''))));
  if (!main || found.includes(undefined) || !cursor.take('WHERE')) return undefined;
  const slots: Partial<Record<Slot, string>> = {};
  do {
    if (!readComparison(cursor, main, constants, slots)) return undefined;
  } while (cursor.take('AND'));
  if (cursor.take('LIMIT')) cursor.index++;
  const { name, schema, table } = slots;
  return cursor.done && name !== undefined ? { what: main.what, name, schema, table } : undefined;
}

/** One condition of the query; false for one that cannot be told. */
function readComparison(cursor: Cursor, { what, columns }: (typeof catalogs)[string], constants: Constants, slots: Partial<Record<Slot, string>>): boolean {
  const not = cursor.take('NOT');
  const column = cursor.name()?.parts.at(-1)?.name ?? '';
  if (/^(attisdropped|tgisinternal|attnum|relkind|typtype|typcategory)$/.test(column)) {
    cursor.skipTo('AND');
    return true;
  }
  const slot = column === 'nspname' && what !== 'schema' ? 'schema' : column === 'relname' && what !== 'relation' ? 'table' : columns[column];
  if (not || slot === undefined) return false;
  if (slot === 'schema' && (cursor.takeText('!=') || cursor.takeText('<>'))) return isSystemSchema(cursor);
  const listed = cursor.take('IN');
  if (!listed && !cursor.takeText('=')) return false;
  const begin = cursor.index;
  const inner = listed || cursor.here() === '(' ? brackets(cursor) : undefined;
  if (inner?.word() === 'SELECT') {
    const object = readQuery(inner, constants);
    if (object?.what === 'relation' && slot === 'table') Object.assign(slots, { table: object.name, schema: object.schema ?? slots.schema });
    else if (object?.what === 'schema' && slot === 'schema') slots.schema = object.name;
    else return false;
    return true;
  }
  if (!inner) cursor.skipTo('AND', 'OR', 'LIMIT');
  const written = inner ?? cursor.between(begin, cursor.index);
  if (slot === 'schema' && /^(pg_catalog\s*\.\s*)?current_schema(\s*\(\s*\))?$/i.test(written.rest())) return true;
  const value = constantOf(written.rest(), constants);
  if (value === undefined) return false;
  if (!/::\s*(pg_catalog\s*\.\s*)?reg\w+\s*$/i.test(written.rest())) return put(slots, slot, value);
  const named = new Cursor(value, lex(value, 'body')).name();
  if (!named) return false;
  const parts = partsOf(named);
  return put(slots, slot, parts.name) && (parts.schema === undefined || put(slots, 'schema', parts.schema));
}

/** Files make nothing in there. */
function isSystemSchema(cursor: Cursor): boolean {
  return /^'(?:information_schema|pg_catalog)'$/.test(cursor.here()) && cursor.part() !== undefined;
}

function put(slots: Partial<Record<Slot, string>>, slot: Slot | '', value: string): boolean {
  if (slot === '') return true;
  const free = slots[slot] === undefined || slots[slot] === value;
  slots[slot] = value;
  return free;
}

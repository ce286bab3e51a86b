import { lex } from '../syntax/sql/lexer.ts';
import { constantOf, type Constants } from './constant-text.ts';
import { Cursor } from './cursor.ts';
import type { Relation } from './objects.ts';
import type { State } from './replay-state.ts';

/** A query that asks a catalog for objects of the database by their names. */
export interface CatalogQuery {
  readonly catalog: keyof typeof catalogs;
  /** The columns of the result; undefined: all of the catalog. */
  readonly columns: readonly { readonly name: string; readonly from: string }[] | undefined;
  readonly tests: readonly ColumnTest[];
}

interface ColumnTest {
  readonly column: string;
  readonly is: boolean;
  /** Patterns for LIKE. */
  readonly values: readonly RegExp[];
}

type Row = Readonly<Record<string, string>>;

/** The views that list objects by name, as far as files tell. */
const catalogs = {
  pg_tables: (state: State) => relations(state, 'table', (relation) => ({ schemaname: homeOf(relation), tablename: relation.name })),
  pg_views: (state: State) => relations(state, 'view', (relation) => ({ schemaname: homeOf(relation), viewname: relation.name })),
  pg_sequences: (state: State) => relations(state, 'sequence', (relation) => ({ schemaname: homeOf(relation), sequencename: relation.name })),
  'information_schema.tables': (state: State) => [
    ...relations(state, 'table', (relation) => ({ table_schema: homeOf(relation), table_name: relation.name, table_type: 'BASE TABLE' })),
    ...relations(state, 'view', (relation) => ({ table_schema: homeOf(relation), table_name: relation.name, table_type: 'VIEW' })),
  ],
  pg_policies: (state: State) => [...state.relations.all()].flatMap((relation) => (
    relation.policies.map((policy) => ({ schemaname: homeOf(relation), tablename: relation.name, policyname: policy.name })))),
} as const satisfies Readonly<Record<string, (state: State) => readonly Row[]>>;

function relations(state: State, kind: Relation['kind'], row: (relation: Relation) => Row): readonly Row[] {
  return [...state.relations.all()].filter((relation) => relation.known && !relation.temporary && relation.kind === kind).map(row);
}

function homeOf({ schema }: Relation): string {
  return schema ?? 'public';
}

const columnsOf: Readonly<Record<keyof typeof catalogs, readonly string[]>> = {
  pg_tables: ['schemaname', 'tablename'], pg_views: ['schemaname', 'viewname'], pg_sequences: ['schemaname', 'sequencename'],
  'information_schema.tables': ['table_schema', 'table_name', 'table_type'], pg_policies: ['schemaname', 'tablename', 'policyname'],
};

/** Undefined when more than names is asked for. */
export function readCatalogQuery(text: string, constants: Constants): CatalogQuery | undefined {
  const whole = new Cursor(text, lex(text, 'body'));
  const cursor = whole.here() === '(' ? whole.between(1, whole.tokens.length - 1) : whole;
  if (!cursor.take('SELECT')) return undefined;
  cursor.take('DISTINCT');
  const columns = readColumns(cursor);
  if (columns === 'unknown' || !cursor.take('FROM')) return undefined;
  const parts = cursor.name()?.parts.map((part) => part.name) ?? [];
  const catalog = (parts[0] === 'pg_catalog' ? parts.slice(1) : parts).join('.');
  if (!isCatalog(catalog)) return undefined;
  cursor.take('AS');
  if (!/^(WHERE|ORDER)$/.test(cursor.word())) cursor.part();
  const tests: ColumnTest[] = [];
  if (cursor.take('WHERE')) {
    do {
      const test = readTest(cursor, constants);
      if (!test) return undefined;
      tests.push(test);
    } while (cursor.take('AND'));
  }
  const known = columnsOf[catalog];
  const named = [...columns?.map(({ from }) => from) ?? [], ...tests.map(({ column }) => column)];
  return (cursor.done || cursor.word() === 'ORDER') && named.every((name) => known.includes(name)) ? { catalog, columns, tests } : undefined;
}

function isCatalog(name: string): name is keyof typeof catalogs {
  return Object.hasOwn(catalogs, name);
}

function readColumns(cursor: Cursor): CatalogQuery['columns'] | 'unknown' {
  if (cursor.takeText('*')) return undefined;
  const columns: { name: string; from: string }[] = [];
  do {
    const from = cursor.name()?.parts.at(-1)?.name;
    if (from === undefined) return 'unknown';
    const named = cursor.take('AS') || (cursor.word() !== 'FROM' && cursor.here() !== ',');
    const name = named ? cursor.part()?.name : undefined;
    columns.push({ name: name ?? from, from });
  } while (cursor.takeText(','));
  return columns;
}

/** `column = 'x'`, `<>`, `[NOT] IN (…)`, `= ANY (ARRAY[…])`, `[NOT] LIKE` */
function readTest(cursor: Cursor, constants: Constants): ColumnTest | undefined {
  const column = cursor.name()?.parts.at(-1)?.name;
  if (column === undefined) return undefined;
  const not = cursor.take('NOT');
  const kind = cursor.take('IN') || cursor.take('LIKE') ? cursor.word(-1) : !not && /^(=|<>|!=)$/.test(cursor.here()) ? cursor.here() : undefined;
  if (kind === undefined) return undefined;
  if (kind === '=' || kind === '<>' || kind === '!=') cursor.index++;
  const begin = cursor.index;
  while (!cursor.done && !/^(AND|OR|ORDER)$/.test(cursor.word())) cursor.skip();
  const written = cursor.between(begin, cursor.index);
  const values = kind === 'IN' ? inList(written, constants) : [constantOf(written.rest(), constants)];
  const patterns = values.map((value) => (value === undefined ? undefined : kind === 'LIKE' ? likePattern(value) : new RegExp(`^${escaped(value)}$`)));
  return patterns.every((pattern) => pattern !== undefined) && patterns.length > 0 ? { column, is: !not && kind !== '<>' && kind !== '!=', values: patterns } : undefined;
}

function inList(written: Cursor, constants: Constants): readonly (string | undefined)[] {
  const inner = written.between(1, written.tokens.length - 1);
  const values: (string | undefined)[] = [];
  while (!inner.done) {
    const from = inner.index;
    while (!inner.done && inner.here() !== ',') inner.skip();
    values.push(constantOf(inner.between(from, inner.index).rest(), constants));
    inner.index++;
  }
  return values;
}

function likePattern(like: string): RegExp {
  return new RegExp(`^${like.replace(/\\(.)|[%_]|[^%_\\]+/gs, (part, literal: string | undefined) => (
    literal ? escaped(literal) : part === '%' ? '.*' : part === '_' ? '.' : escaped(part)))}$`, 's');
}

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}

/** What the query finds, each row by the names of its columns. */
export function rowsOf(state: State, { catalog, columns, tests }: CatalogQuery): readonly ReadonlyMap<string, string>[] {
  const rows: readonly Row[] = catalogs[catalog](state);
  const found = rows.filter((row) => tests.every(({ column, values, is }) => values.some((value) => value.test(row[column]!)) === is));
  return found.map((row) => new Map(columns ? columns.map(({ name, from }) => [name, row[from]!]) : Object.entries(row)));
}

import { lex } from '../../syntax/sql/lexer.ts';
import { constantOf } from './constant-text.ts';
import { likePattern, type Constants } from './constant-value.ts';
import { Cursor, quoteName } from '../sql/cursor.ts';
import type { Relation, Routine } from '../objects.ts';
import { groupsOf } from './replay-privileges.ts';
import type { State } from './replay-state.ts';

/** A query that asks a catalog for objects of the database by their names. */
export interface CatalogQuery {
  readonly catalog: keyof typeof catalogs;
  /** The columns of the result; undefined: all of the catalog. */
  readonly columns: readonly { readonly name: string; readonly expression: string }[] | undefined;
  readonly tests: readonly ColumnTest[];
  /** What the catalogs are called in the query. */
  readonly aliases: readonly string[];
}

interface ColumnTest {
  readonly column: string;
  readonly is: boolean;
  /** Patterns for LIKE. */
  readonly values: readonly RegExp[];
}

type Row = Readonly<Record<string, string>>;

/** The views that list objects by name, as far as files tell. `pg_class` and `pg_proc` are joined with `pg_namespace`. */
const catalogs = {
  pg_tables: {
    columns: ['schemaname', 'tablename'],
    rows: (state: State) => relations(state, 'table', (relation) => ({ schemaname: homeOf(relation), tablename: relation.name })),
  },
  pg_views: {
    columns: ['schemaname', 'viewname'],
    rows: (state: State) => relations(state, 'view', (relation) => ({ schemaname: homeOf(relation), viewname: relation.name })),
  },
  pg_sequences: {
    columns: ['schemaname', 'sequencename'],
    rows: (state: State) => relations(state, 'sequence', (relation) => ({ schemaname: homeOf(relation), sequencename: relation.name })),
  },
  'information_schema.tables': {
    columns: ['table_schema', 'table_name', 'table_type'],
    rows: (state: State) => (['table', 'view'] as const).flatMap((kind) => relations(state, kind, (relation) => (
      { table_schema: homeOf(relation), table_name: relation.name, table_type: kind === 'table' ? 'BASE TABLE' : 'VIEW' }), (relation) => isVisible(state, relation))),
  },
  pg_policies: {
    columns: ['schemaname', 'tablename', 'policyname'],
    rows: (state: State) => [...state.relations.all()].flatMap((relation) => (
      relation.policies.map((policy) => ({ schemaname: homeOf(relation), tablename: relation.name, policyname: policy.name })))),
  },
  pg_class: {
    columns: ['nspname', 'relname', 'relkind'],
    rows: (state: State) => relations(state, undefined, (relation) => ({ nspname: homeOf(relation), relname: relation.name, relkind: kindOf(relation) })),
  },
  pg_proc: {
    columns: ['oid', 'nspname', 'pronamespace', 'proname', 'prokind', 'prosecdef', 'identity_arguments', 'regprocedure'],
    rows: (state: State) => [...state.routines.all()].map(routineRow),
  },
} as const satisfies Readonly<Record<string, { readonly columns: readonly string[]; rows(state: State): readonly Row[] }>>;

function relations(state: State, kind: Relation['kind'] | undefined, row: (relation: Relation) => Row, shown = (_relation: Relation): boolean => true): readonly Row[] {
  return [...state.relations.all()].filter((relation) => relation.known && !relation.temporary && (!kind || relation.kind === kind) && shown(relation)).map(row);
}

/** The information schema shows what a role owns or may use in some way. */
function isVisible(state: State, { owner, acl }: Relation): boolean {
  const role = state.role === undefined ? undefined : state.roles.get(state.role);
  if (!role?.known || role.attributes.superuser.on !== false) return true;
  const roles = groupsOf(state.memberships.values(), role.name);
  return (owner.role !== undefined && roles.has(owner.role)) || acl.some(({ grantee }) => grantee === 'public' || roles.has(grantee));
}

function homeOf({ schema }: { readonly schema: string | undefined }): string {
  return schema ?? 'public';
}

function kindOf({ kind, partitioned }: Relation): string {
  if (kind === 'table') return partitioned ? 'p' : 'r';
  return { 'foreign table': 'f', view: 'v', 'materialized view': 'm', sequence: 'S' }[kind];
}

function routineRow(routine: Routine): Row {
  const [schema, types] = [homeOf(routine), routine.types.join(', ')];
  const regprocedure = `${quoteName(schema)}.${quoteName(routine.name)}(${types})`;
  return {
    // Whoever selects it asks later what it stands for.
    oid: regprocedure, regprocedure, nspname: schema, pronamespace: schema, proname: routine.name, prokind: routine.procedure ? 'p' : 'f', prosecdef: routine.definer ? 't' : 'f',
    identity_arguments: types,
  };
}

/** Undefined when more than names is asked for. */
export function readCatalogQuery(text: string, constants: Constants): CatalogQuery | undefined {
  const whole = new Cursor(withNames(text), lex(withNames(text), 'body'));
  const cursor = whole.here() === '(' ? whole.between(1, whole.tokens.length - 1) : whole;
  if (!cursor.take('SELECT')) return undefined;
  cursor.take('DISTINCT');
  const columns = readColumns(cursor);
  const from = readFrom(cursor);
  if (!from) return undefined;
  const tests: ColumnTest[] = [];
  if (cursor.take('WHERE')) {
    do {
      const test = readTest(cursor, constants);
      if (!test) return undefined;
      if (test !== 'always') tests.push(test);
    } while (cursor.take('AND'));
  }
  const known: readonly string[] = catalogs[from.catalog].columns;
  const example = rowConstants(Object.fromEntries(known.map((name) => [name, name])), from.aliases);
  const all = tests.every(({ column }) => known.includes(column)) && (columns ?? []).every(({ expression }) => constantOf(expression, example) !== undefined);
  return all && (cursor.done || cursor.word() === 'ORDER' || (cursor.word() === 'GROUP' && !/\bhaving\b/i.test(cursor.rest()))) ? { ...from, columns, tests } : undefined;
}

/** What stands for the name of a routine in ALTER and REVOKE becomes a column of its own. */
function withNames(text: string): string {
  return text.replace(/(?:\bpg_catalog\s*\.\s*)?\bpg_get_function_(?:identity_)?arguments\s*\(\s*(?:\w+\s*\.\s*)?oid\s*\)/gi, 'identity_arguments')
    .replace(/\b(?:\w+\s*\.\s*)?oid\s*::\s*regprocedure\b/gi, 'regprocedure');
}

function readColumns(cursor: Cursor): CatalogQuery['columns'] {
  if (cursor.takeText('*')) return undefined;
  const columns: { name: string; expression: string }[] = [];
  do {
    const begin = cursor.index;
    while (!cursor.done && cursor.here() !== ',' && !/^(AS|FROM)$/.test(cursor.word())) cursor.skip();
    const written = cursor.between(begin, cursor.index);
    const last = written.tokens.at(-1);
    const name = last ? written.of(last).toLowerCase() : '';
    if (cursor.take('AS')) columns.push({ name: cursor.part()?.name ?? '', expression: written.rest() });
    // `a.b c`: two words without anything between them.
    else if (written.tokens.length > 1 && /^[\w"]/.test(written.of(written.tokens.at(-2)!))) columns.push({ name, expression: written.between(0, written.tokens.length - 1).rest() });
    else columns.push({ name: /::\s*text$/i.test(written.rest()) ? written.of(written.tokens.at(-3)!).toLowerCase() : name, expression: written.rest() });
  } while (cursor.takeText(','));
  return columns;
}

/** One catalog, with or without `pg_namespace`. */
function readFrom(cursor: Cursor): Pick<CatalogQuery, 'catalog' | 'aliases'> | undefined {
  const names: string[] = [];
  const aliases: string[] = [];
  while (cursor.take('FROM') || cursor.take('JOIN') || cursor.take('INNER', 'JOIN') || cursor.takeText(',')) {
    const parts = cursor.name()?.parts.map((part) => part.name) ?? [];
    const name = (parts[0] === 'pg_catalog' ? parts.slice(1) : parts).join('.');
    names.push(name);
    cursor.take('AS');
    const alias = /^(WHERE|ORDER|JOIN|INNER|ON|)$/.test(cursor.word()) ? undefined : cursor.part()?.name;
    aliases.push(alias ?? name.split('.').at(-1)!);
    if (cursor.take('ON')) while (!cursor.done && !/^(WHERE|ORDER|JOIN|INNER)$/.test(cursor.word())) cursor.skip();
  }
  const [catalog, ...others] = names.filter((name) => name !== 'pg_namespace');
  return catalog !== undefined && others.length === 0 && isCatalog(catalog) ? { catalog, aliases } : undefined;
}

function isCatalog(name: string): name is keyof typeof catalogs {
  return Object.hasOwn(catalogs, name);
}

/** `column = 'x'`, `<>`, `[NOT] IN (…)`, `[NOT] LIKE`; `always` for how catalogs are joined, and for what keeps the members of extensions out. */
function readTest(cursor: Cursor, constants: Constants): ColumnTest | 'always' | undefined {
  const begin = cursor.index;
  while (!cursor.done && !/^(AND|OR|GROUP|ORDER)$/.test(cursor.word())) cursor.skip();
  const test = cursor.between(begin, cursor.index);
  const written = test.rest();
  if (/^not\s+exists\s*\(.*\bpg_depend\b/is.test(written) || /^(\w+\.)?oid\s*=\s*(\w+\.)?(pro|rel)namespace$|^(\w+\.)?(pro|rel)namespace\s*=\s*(\w+\.)?oid$/i.test(written)) return 'always';
  const negated = test.take('NOT');
  const column = test.name()?.parts.at(-1)?.name;
  if (column === undefined) return undefined;
  if (test.done) return { column, is: !negated, values: [/^t$/] };
  const not = test.take('NOT') || negated;
  const kind = test.take('IN') || test.take('LIKE') ? test.word(-1) : /^(=|<>|!=)$/.test(test.here()) ? test.here() : undefined;
  if (kind === undefined || (negated && kind.length < 2)) return undefined;
  if (kind !== 'IN' && kind !== 'LIKE') test.index++;
  const right = test.between(test.index, test.tokens.length);
  const truth = /^(true|false)$/i.exec(right.rest())?.[1]?.[0]!.toLowerCase();
  const values = kind === 'IN' ? inList(right, constants) : [truth ?? constantOf(right.rest(), constants)];
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

function escaped(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&');
}

/** What the query finds, each row by the names of its columns. */
export function rowsOf(state: State, { catalog, columns, tests, aliases }: CatalogQuery): readonly ReadonlyMap<string, string>[] {
  const rows: readonly Row[] = catalogs[catalog].rows(state);
  const found = rows.filter((row) => tests.every(({ column, values, is }) => values.some((value) => value.test(row[column]!)) === is));
  return found.map((row) => new Map(columns ? columns.map(({ name, expression }) => [name, constantOf(expression, rowConstants(row, aliases)) ?? '']) : Object.entries(row)));
}

function rowConstants(row: Row, aliases: readonly string[]): Constants {
  return new Map(Object.entries(row).flatMap(([name, value]) => [[name, value] as const, ...aliases.map((alias) => [`${alias}.${name}`, value] as const)]));
}

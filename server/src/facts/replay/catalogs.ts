import { quoteName } from '../sql/cursor.ts';
import type { Relation, Routine } from '../objects.ts';
import type { Value } from './constant-value.ts';
import { groupsOf } from './replay-privileges.ts';
import type { State } from './replay-state.ts';

/** What a catalog says of one object, by the names of its columns. Who selects an oid asks later what it stands for. */
export type Row = Readonly<Record<string, Value>>;

export type CatalogName = keyof typeof catalogs;

/** The catalogs and views that list objects by name, as far as files tell. */
export const catalogs = {
  pg_tables: (state: State) => relations(state, ['table'], (one) => (
    { schemaname: homeOf(one), tablename: one.name, rowsecurity: one.rls.on === true, ...one.owner.role === undefined ? {} : { tableowner: one.owner.role } })),
  pg_views: (state: State) => relations(state, ['view'], (one) => ({ schemaname: homeOf(one), viewname: one.name })),
  pg_matviews: (state: State) => relations(state, ['materialized view'], (one) => ({ schemaname: homeOf(one), matviewname: one.name })),
  pg_sequences: (state: State) => relations(state, ['sequence'], (one) => ({ schemaname: homeOf(one), sequencename: one.name })),
  pg_class: (state: State) => relations(state, undefined, (one) => ({
    oid: qualified(one), relname: one.name, relnamespace: homeOf(one), relkind: kindOf(one), relrowsecurity: one.rls.on === true, relforcerowsecurity: one.forced.on === true,
    relispartition: one.parents.some(({ partition }) => partition), relpersistence: 'p',
  })),
  pg_namespace: (state: State) => [...state.schemas.values()].filter(({ known, name }) => known && name !== 'public').map(({ name }) => ({ oid: name, nspname: name })),
  'information_schema.schemata': (state: State) => [...state.schemas.values()].filter(({ known, name }) => known && name !== 'public').map(({ name }) => ({ schema_name: name })),
  pg_proc: (state: State) => [...state.routines.all()].map((one) => ({
    oid: signature(one), proname: one.name, pronamespace: homeOf(one), prokind: one.procedure ? 'p' : 'f', prosecdef: one.definer !== undefined, proisagg: false, proiswindow: false,
  })),
  pg_policies: (state: State) => [...state.relations.all()].flatMap((relation) => relation.policies.map(({ name, command, permissive }) => (
    { schemaname: homeOf(relation), tablename: relation.name, policyname: name, cmd: command, permissive: permissive ? 'PERMISSIVE' : 'RESTRICTIVE' }))),
  pg_policy: (state: State) => [...state.relations.all()].flatMap((relation) => relation.policies.map(({ name }) => ({ polname: name, polrelid: qualified(relation) }))),
  'information_schema.tables': (state: State) => visible(state, ['table', 'view', 'foreign table'], (one) => (
    { table_schema: homeOf(one), table_name: one.name, table_type: one.kind === 'table' ? 'BASE TABLE' : one.kind === 'view' ? 'VIEW' : 'FOREIGN' })),
  'information_schema.views': (state: State) => visible(state, ['view'], (one) => ({ table_schema: homeOf(one), table_name: one.name })),
  'information_schema.sequences': (state: State) => visible(state, ['sequence'], (one) => ({ sequence_schema: homeOf(one), sequence_name: one.name })),
  'information_schema.columns': (state: State) => [...state.relations.all()].filter((one) => isListed(one) && one.columnsComplete && isVisible(state, one)).flatMap((one) => (
    one.columns.map(({ name }) => ({ table_schema: homeOf(one), table_name: one.name, column_name: name })))),
  'information_schema.routines': (state: State) => [...state.routines.all()].map((one) => (
    { routine_schema: homeOf(one), specific_schema: homeOf(one), routine_name: one.name, routine_type: one.procedure ? 'PROCEDURE' : 'FUNCTION' })),
} as const satisfies Readonly<Record<string, (state: State) => readonly Row[]>>;

function isListed({ known, temporary }: Relation): boolean {
  return known && !temporary;
}

function relations(state: State, kinds: readonly Relation['kind'][] | undefined, row: (relation: Relation) => Row): readonly Row[] {
  return [...state.relations.all()].filter((one) => isListed(one) && (!kinds || kinds.includes(one.kind))).map(row);
}

/** The information schema shows what a role owns or may use in some way; tables come before views. */
function visible(state: State, kinds: readonly Relation['kind'][], row: (relation: Relation) => Row): readonly Row[] {
  return kinds.flatMap((kind) => [...state.relations.all()].filter((one) => isListed(one) && one.kind === kind && isVisible(state, one)).map(row));
}

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

/** As `regclass` and `regprocedure` are written. */
function qualified(one: { readonly name: string; readonly schema: string | undefined }): string {
  return `${quoteName(homeOf(one))}.${quoteName(one.name)}`;
}

function signature(routine: Routine): string {
  return `${qualified(routine)}(${routine.types.join(', ')})`;
}

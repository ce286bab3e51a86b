import { allPrivileges, builtInAcl, everybody, granted, isBuiltIn, withAlmost } from './acl.ts';
import type { Acl, Granting } from './acl.ts';
import type { Span } from '../../text.ts';
import { spell } from '../sql/cursor.ts';
import type { Name } from '../sql/cursor.ts';
import { typesOf } from './column-types.ts';
import type { Effect } from './effects.ts';
import { isPublic } from '../sql/grants.ts';
import type { Grant, GrantKind } from '../sql/grants.ts';
import { lastPart } from './named.ts';
import type { DefaultPrivileges, Membership, OtherObject, Owner, Place, Privilege, PublicExecute, Relation, SchemaObject, TypeObject } from '../objects.ts';
import { relationOf } from './replay-relations.ts';
import type { KnownRoutine, Run, State } from './replay-state.ts';

/** What a new object has, before anybody grants anything on it. */
export function firstAcl(state: State, kind: 'table' | 'sequence' | 'function' | 'type' | 'schema', schema: string | undefined, owner: Owner): Acl {
  const on = defaultsOf[kind];
  const everywhere = state.defaultPrivileges.get(defaultsKey(owner.role, undefined, on));
  const here = on === 'schemas' ? undefined : state.defaultPrivileges.get(defaultsKey(owner.role, schema ?? 'public', on));
  // Default privileges that leave nothing, not even to the owner, count as none.
  const nothing = everywhere?.acl.length === 0 && !here?.acl.length && allPrivileges(kind, state.version).every((privilege) => everywhere.withheld.includes(privilege));
  const acl = [...everywhere && !nothing ? everywhere.acl : builtInAcl(kind), ...here?.acl ?? []];
  // The role that runs the files may be one that they name.
  const closed = owner.role === undefined && [...state.defaultPrivileges.values()].some((other) => other.on === on && other.schema === undefined && !isOpen(other.acl));
  return {
    acl: closed ? acl.filter((item) => item.grantee !== 'public' || item.place) : acl,
    withheld: nothing ? [] : everywhere?.withheld ?? [], almost: here?.almost ?? [], shutOut: owner.role === undefined ? shutOutOf(state, on, schema ?? 'public') : here?.shutOut ?? [],
  };
}

/** The role that runs the files may be any for which they set defaults. */
function shutOutOf(state: State, on: DefaultPrivileges['on'], schema: string): readonly string[] {
  return [...new Set([...state.defaultPrivileges.values()].flatMap((defaults) => (defaults.on === on && defaults.schema === schema ? defaults.shutOut : [])))];
}

const defaultsOf = { table: 'tables', sequence: 'sequences', function: 'functions', type: 'types', schema: 'schemas' } as const;

function isOpen(acl: readonly Privilege[]): boolean {
  return acl.some(({ grantee }) => grantee === 'public');
}

export function defaultsKey(role: string | undefined, schema: string | undefined, on: DefaultPrivileges['on']): string {
  return JSON.stringify([role ?? null, schema ?? null, on]);
}

export function replayDefaultPrivileges(run: Run, { roles, schemas, grant }: Extract<Effect, { do: 'default privileges' }>): void {
  const { state } = run;
  const on = defaultKinds[grant.on];
  if (!on) return;
  for (const role of roles.length > 0 ? roles.map((part) => state.roleOf(part)) : [state.role]) {
    for (const schema of schemas.length > 0 ? schemas.map(({ name }) => name) : [undefined]) {
      const key = defaultsKey(role, schema, on);
      const place = run.place(grant.at);
      const acl = schema === undefined ? builtInAcl(kindOfDefaults[on]) : [];
      const before = state.defaultPrivileges.get(key) ?? { role, schema, on, acl, withheld: [], almost: [], shutOut: [], place, own: false };
      const granting = { ...grantingOn(run, { role, place: undefined }, kindOfDefaults[on]), grantor: undefined, may: () => true, byDefault: true };
      const own = grant.roles.some((part) => state.roleOf(part) === role) ? grant.option !== undefined && !grant.revoke : before.own;
      const after = granted(before, grant, granting);
      // Those of a schema only add to what an object has, so they take nothing from its owner.
      const changed = { ...after, withheld: schema === undefined ? after.withheld : [], place, own };
      if (isUsual(changed)) state.defaultPrivileges.delete(key);
      else state.defaultPrivileges.set(key, changed);
    }
  }
}

/** New objects get what they would get anyway: the server forgets such defaults. */
export function isUsual(defaults: DefaultPrivileges): boolean {
  return defaults.schema === undefined ? !defaults.own && isBuiltIn(kindOfDefaults[defaults.on], defaults) : defaults.acl.length === 0 && defaults.almost.length === 0;
}

const defaultKinds: Readonly<Partial<Record<GrantKind, DefaultPrivileges['on']>>> = {
  table: 'tables', sequence: 'sequences', function: 'functions', procedure: 'functions', routine: 'functions', type: 'types', schema: 'schemas', 'large object': 'large objects',
};
const kindOfDefaults = {
  tables: 'table', sequences: 'sequence', functions: 'function', types: 'type', schemas: 'schema', 'large objects': 'large object',
} as const;

export function replayGrant(run: Run, grant: Grant): void {
  const { state } = run;
  switch (grant.on) {
    case 'function': case 'procedure': case 'routine': return grantOnRoutines(run, grant);
    case 'table': case 'sequence': return grantOnRelations(run, grant);
    case 'schema': {
      for (const { name, start, end } of grant.schemas) {
        const schema = state.schemas.get(name) ?? unknownSchema(state, name, run.place({ start, end }));
        const changed = granted(schema, grant, grantingOn(run, schema.owner, 'schema', schema.acl));
        state.schemas.set(name, aboutCreate(grant) ? { ...changed, closed: grant.revoke ? run.place(grant.at) : undefined } : changed);
      }
      return;
    }
    case 'type': {
      for (const { name } of grant.objects) {
        const found = state.types.find(name, state.path, grant.revoke);
        for (const type of found) state.types.replace(type, granted(type, grant, grantingOn(run, type.owner, 'type', type.acl)));
        if (found.length === 0) state.types.add(granted(unknownType(run, name), grant, grantingOn(run, nobody, 'type')));
      }
      return;
    }
    default: return grantOnOthers(run, grant, grant.on);
  }
}

export const nobody: Owner = { role: undefined, place: undefined };
export const untouched = { withheld: [], almost: [], shutOut: [] };

function aboutCreate(grant: Grant): boolean {
  if (grant.revoke && grant.option) return false;
  return grant.roles.some(isPublic) && grant.privileges.some(({ name }) => name === 'ALL' || name === 'CREATE');
}

/** Up to version 14 a new database lets every role create objects in the schema public. */
export function unknownSchema(state: State, name: string, place: Place): SchemaObject {
  const open = name !== 'public' ? [] : state.version < 15 ? ['USAGE', 'CREATE'] : ['USAGE'];
  const acl = open.map((privilege) => ({ ...everybody, privilege }));
  const owner = name === 'public' && state.version >= 14 ? { role: 'pg_database_owner', place: undefined } : nobody;
  return { kind: 'schema', name, schema: undefined, place, known: false, owner, acl, ...untouched, closed: undefined };
}

function unknownType(run: Run, name: Parameters<State['homeOf']>[0]): TypeObject {
  return { kind: 'type', name: lastPart(name).name, schema: run.state.homeOf(name), place: run.place(name), known: false, owner: nobody, acl: builtInAcl('type'), ...untouched };
}

function grantOnRelations(run: Run, grant: Grant): void {
  const { state } = run;
  const change = (relation: Relation): void => {
    const kind = relation.kind === 'sequence' ? 'sequence' : 'table';
    state.relations.replace(relation, granted(relation, grant, grantingOn(run, relation.owner, kind, relation.acl)));
  };
  for (const { name } of grant.objects) {
    for (const relation of relationOf(run, name, grant.on === 'sequence' ? 'sequence' : 'table', grant.revoke)) change(relation);
  }
  if (!grant.everything) return;
  for (const { name } of grant.schemas) {
    for (const relation of [...state.relations.all()]) {
      if ((relation.kind === 'sequence') === (grant.on === 'sequence') && isIn(relation.schema, name, grant.revoke) && !relation.temporary && (relation.known || grant.revoke)) change(relation);
    }
  }
}

/** An object whose schema is not known may be in any when that makes things safer, and is in public where nothing else is said, or in that of its extension. */
function isIn(home: string | undefined, schema: string, safer: boolean): boolean {
  return home === schema || (home === undefined && (safer || schema === 'public' || schema === '@extschema@'));
}

function grantOnRoutines(run: Run, grant: Grant): void {
  const { state } = run;
  for (const { name, parameters } of grant.objects) {
    const types = parameters && typesOf(state, parameters.filter(({ mode }) => mode !== 'out').map(({ type }) => type));
    const fits = (routine: KnownRoutine): boolean => !types || sameTypes(routine.types, types);
    const found = state.routines.find(name, state.path, grant.revoke, fits);
    for (const routine of found) grantOnRoutine(run, grant, routine);
    if (found.length === 0 && grant.revoke) missedRoutine(run, name, grant.at);
  }
  if (!grant.everything) return;
  for (const { name } of grant.schemas) {
    for (const routine of [...state.routines.all()]) {
      const meant = grant.on === 'routine' || (grant.on === 'procedure') === routine.procedure;
      if (meant && isIn(routine.schema, name, grant.revoke)) grantOnRoutine(run, grant, routine);
    }
  }
}

/** A statement names a routine of other types or in another schema than those that are there. */
export function missedRoutine({ state, place }: Run, name: Name, at: Span): void {
  for (const routine of state.routines.named(lastPart(name).name)) {
    state.routines.replace(routine, { ...routine, almost: withAlmost(routine.almost, place(at)) });
  }
}

export function sameTypes(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((type, i) => type === b[i]);
}

function grantOnRoutine(run: Run, grant: Grant, routine: KnownRoutine): void {
  const changed = granted(routine, grant, grantingOn(run, routine.owner, 'function', routine.acl));
  run.state.routines.replace(routine, withExecute(changed, run.state.transaction, grant.revoke ? run.place(grant.at) : undefined));
}

/** `publicExecute` and `grantees` as the privileges say. */
export function withExecute(routine: KnownRoutine, transaction: string, revoke?: Place): KnownRoutine {
  const open = routine.acl.find(({ grantee }) => grantee === 'public');
  const grantees = routine.acl.filter(({ grantee }) => grantee !== 'public').map(({ grantee }) => spell(grantee));
  return { ...routine, grantees: [...new Set(grantees)], publicExecute: executeOf(routine, open, transaction, revoke) };
}

function executeOf({ publicExecute, transaction }: KnownRoutine, open: Privilege | undefined, now: string, revoke: Place | undefined): PublicExecute {
  if (open?.place) return { kind: 'granted', place: open.place };
  if (open) return publicExecute.kind === 'assumed' ? publicExecute : { kind: 'default' };
  if (publicExecute.kind === 'revoked') return publicExecute;
  const late = publicExecute.kind === 'default' && revoke && transaction !== now;
  return { kind: 'revoked', ...revoke && { by: revoke }, ...late && { late: revoke } };
}

function grantOnOthers(run: Run, grant: Grant, kind: OtherObject['kind']): void {
  const { others } = run.state;
  for (const { name } of grant.objects) {
    const text = name.parts.map((part) => part.name).join('.');
    const key = `${kind} ${text}`;
    const object = others.get(key) ?? {
      kind, name: text, schema: undefined, place: run.place(name), known: false, owner: nobody, acl: builtInAcl(kind), ...untouched,
    };
    others.set(key, granted(object, grant, grantingOn(run, object.owner, kind, object.acl)));
  }
}

function grantingOn(run: Run, owner: Owner, kind: GrantKind, acl: readonly Privilege[] = []): Granting {
  const { state } = run;
  const grantor = grantorOf(state, owner, acl);
  return {
    owner: owner.role,
    grantor,
    may: (privilege, column) => grantor === undefined || acl.some((item) => (
      item.grantee === grantor && item.privilege === privilege && item.grantable && (item.column === undefined || item.column === column))),
    byDefault: false,
    all: allPrivileges(kind, state.version),
    place: run.place,
    role: (part) => state.roleOf(part),
  };
}

/** Superusers and members of the owner grant as the owner, undefined; others as themselves or as a role that they belong to. */
export function grantorOf(state: State, owner: Owner, acl: readonly Privilege[]): string | undefined {
  const { role } = state;
  const known = role === undefined ? undefined : state.roles.get(role);
  if (role === undefined || role === owner.role || !known?.known || known.attributes.superuser.on === true) return undefined;
  const roles = groupsOf(state.memberships.values(), role);
  if (owner.role !== undefined && roles.has(owner.role)) return undefined;
  return [...roles].find((name) => acl.some((item) => item.grantee === name && item.grantable)) ?? role;
}

/** The role itself and those that it belongs to, directly or through others. */
export function groupsOf(memberships: Iterable<Membership>, role: string): ReadonlySet<string> {
  const all = [...memberships];
  const found = new Set([role]);
  for (const name of found) for (const membership of all) if (membership.member === name) found.add(membership.role);
  return found;
}

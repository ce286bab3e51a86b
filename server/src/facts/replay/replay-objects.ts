import { ownedBy } from './acl.ts';
import type { Name, NamePart } from '../sql/cursor.ts';
import type { Effect, ObjectReference } from './effects.ts';
import { Kept } from './journal.ts';
import { lastPart } from './named.ts';
import type { Named } from './named.ts';
import type { Owner, RelationName, Securable, TypeObject } from '../objects.ts';
import { defaultsKey, firstAcl, unknownSchema } from './replay-privileges.ts';
import { dropRelation, dropRoutine, followRoutine, isSame, moveRelation, takes } from './replay-moves.ts';
import { dropColumn, relationOf } from './replay-relations.ts';
import { renameRole } from './replay-roles.ts';
import { routineName } from './replay-policies.ts';
import { routinesOf } from './replay-routines.ts';
import { dependentsOf, isSameSchema } from './sequences.ts';
import type { KnownRoutine, Run, State } from './replay-state.ts';

export function createSchema(run: Run, { name, owner, ifNotExists }: Extract<Effect, { do: 'create schema' }>): void {
  const { state } = run;
  const older = state.schemas.get(name.name);
  if (older?.known || (ifNotExists && name.name === 'public')) return;
  const place = run.place(name);
  const by: Owner = owner ? { role: state.roleOf(owner), place: run.place(owner) } : { role: state.role, place: undefined };
  const fresh = { ...unknownSchema(state, name.name, place), known: true, owner: by, ...firstAcl(state, 'schema', undefined, by) };
  state.goneSchemas.delete(name.name);
  state.schemas.set(name.name, older ? { ...fresh, acl: [...fresh.acl, ...older.acl], closed: older.closed } : fresh);
}

export function createType(run: Run, { kind, name }: Extract<Effect, { do: 'create type' }>): void {
  const { state } = run;
  state.addHome('type', name);
  const schema = state.homeOf(name);
  const last = lastPart(name).name;
  if (state.types.named(last).some((other) => isSameSchema(other.schema, schema) && other.known)) return;
  const owner = { role: state.role, place: undefined };
  state.types.add({ kind, name: last, schema, place: run.place(name), known: true, owner, ...firstAcl(state, 'type', schema, owner) });
}

export function createExtension(run: Run, { name, schema, cascade }: Extract<Effect, { do: 'create extension' }>): void {
  const { extensions, path } = run.state;
  if (extensions.get(name.name)) return;
  const home = schema?.name ?? path?.find((entry) => entry.name !== 'pg_catalog' && entry.name !== '$user')?.name;
  extensions.set(name.name, { name: name.name, schema: home, cascade, place: run.place(name) });
}

export function createEventTrigger(run: Run, { name, event, routine }: Extract<Effect, { do: 'create event trigger' }>): void {
  const owner = { role: run.state.role, place: undefined };
  run.state.eventTriggers.set(name.name, { name: name.name, event, routine: routineName(run, routine), owner, place: run.place(name) });
}

type PublicationEffect = Extract<Effect, { do: 'create publication' | 'add to publication' | 'set publication' | 'drop from publication' }>;

export function changePublication(run: Run, { do: verb, name, allTables, tables, alone, schemas }: PublicationEffect): void {
  const { publications } = run.state;
  const named = tables.flatMap((table, i) => (alone[i] ? [relationName(run, table)] : withChildren(run, relationName(run, table))));
  const names = schemas.map((part) => part.name);
  const older = publications.get(name.name);
  const base = older ?? { name: name.name, allTables: false, tables: [], schemas: [], owner: { role: run.state.role, place: undefined }, place: run.place(name) };
  const isNamed = (one: RelationName): boolean => named.some((other) => other.name === one.name && other.schema === one.schema);
  if (verb === 'drop from publication') {
    publications.set(name.name, { ...base, tables: base.tables.filter((one) => !isNamed(one)), schemas: base.schemas.filter((one) => !names.includes(one)) });
  } else if (verb === 'add to publication') {
    publications.set(name.name, { ...base, tables: [...base.tables, ...named], schemas: [...base.schemas, ...names] });
  } else {
    publications.set(name.name, { ...base, allTables, tables: named, schemas: names });
  }
}

/** The tables that inherit from a table come with it; partitions do not. */
function withChildren(run: Run, table: RelationName): readonly RelationName[] {
  const found = [table];
  for (const one of found) {
    for (const { name, schema, parents } of dependentsOf(run.state, one.name)) {
      const inherits = parents.some((parent) => !parent.partition && isSame(parent, one));
      if (inherits && !found.some((other) => isSame(other, { name, schema }))) found.push({ name, schema, place: table.place });
    }
  }
  return found;
}

function relationName(run: Run, name: Name): RelationName {
  const [found] = run.state.relations.find(name, run.state.path, true);
  return { name: lastPart(name).name, schema: found ? found.schema : run.state.homeOf(name), place: run.place(name) };
}

export function changeSubscription(run: Run, { do: verb, name, options }: Extract<Effect, { do: 'create subscription' | 'alter subscription' }>): void {
  const { subscriptions } = run.state;
  const given = options.map(({ name: option, value, at }) => [option, { value, place: run.place(at) }] as const);
  const older = subscriptions.get(name.name);
  if (verb === 'create subscription' || !older) {
    const owner = { role: run.state.role, place: undefined };
    subscriptions.set(name.name, { name: name.name, options: new Map(given), owner, place: run.place(name) });
  } else subscriptions.set(name.name, { ...older, options: new Map([...older.options, ...given]) });
}

export function rename(run: Run, object: ObjectReference, to: NamePart): void {
  const { state } = run;
  const from = lastPart(object.name).name;
  const move = <T extends { readonly name: string }>(map: Kept<T>): void => {
    const found = map.get(from);
    if (!found) return;
    map.delete(from);
    map.set(to.name, { ...found, name: to.name });
  };
  switch (object.on) {
    case 'relation': return update(run, object, (found) => ({ ...found, name: to.name }));
    case 'routine': return update(run, object, (found) => ({ ...found, name: to.name, moved: true }));
    case 'type': return update(run, object, (found) => ({ ...found, name: to.name }));
    case 'role': return renameRole(run, from, to.name);
    case 'schema': return renameSchema(state, from, to.name);
    case 'event trigger': return move(state.eventTriggers);
    case 'publication': return move(state.publications);
    case 'subscription': return move(state.subscriptions);
    default:
  }
}

export function setSchema(run: Run, object: ObjectReference, to: NamePart): void {
  const { extensions } = run.state;
  const extension = object.on === 'extension' ? extensions.get(lastPart(object.name).name) : undefined;
  if (extension) extensions.set(extension.name, { ...extension, schema: to.name });
  else update(run, object, (found) => ({ ...found, schema: to.name, ...object.on === 'routine' ? { moved: true } : {} }));
}

export function setOwner(run: Run, object: ObjectReference, to: NamePart): void {
  const { state } = run;
  const role = state.roleOf(to);
  const owner = { role, place: run.place(to) };
  const own = <T extends Securable>(found: T): T => (role === found.owner.role ? { ...found, owner } : ownedBy({ ...found, owner }, role));
  const name = lastPart(object.name).name;
  const schema = object.on === 'schema' ? state.schemas.get(name) ?? unknownSchema(state, name, run.place(object.name)) : undefined;
  const eventTrigger = object.on === 'event trigger' ? state.eventTriggers.get(name) : undefined;
  const subscription = object.on === 'subscription' ? state.subscriptions.get(name) : undefined;
  const publication = object.on === 'publication' ? state.publications.get(name) : undefined;
  if (schema) state.schemas.set(name, own(schema));
  else if (publication) state.publications.set(name, { ...publication, owner });
  else if (eventTrigger) state.eventTriggers.set(name, { ...eventTrigger, owner });
  else if (subscription) state.subscriptions.set(name, { ...subscription, owner });
  else update(run, object, own);
}

/** Changes the relations, routines or types that a statement names. */
function update(run: Run, object: ObjectReference, change: <T extends Securable>(found: T) => T): void {
  const { state } = run;
  switch (object.on) {
    case 'relation': return relationOf(run, object.name, 'table', true).forEach((found) => moveRelation(state, found, change(found)));
    case 'routine': return routinesOf(run, object).forEach((found) => moveRoutine(state, found, change(found)));
    case 'type': return state.types.find(object.name, state.path, true).forEach((found) => moveType(state, found, change(found)));
    default:
  }
}

function moveRoutine(state: State, old: KnownRoutine, routine: KnownRoutine): void {
  state.routines.replace(old, routine);
  if (isSame(old, routine)) return;
  if (old.name !== routine.name) state.dependents.renamed(old.name, routine.name);
  state.noteHome('routine', routine.name, routine.schema);
  followRoutine(state, old, routine);
}

function moveType(state: State, old: TypeObject, type: TypeObject): void {
  state.types.replace(old, type);
  if (old.name !== type.name) {
    state.dependents.renamed(old.name, type.name);
    if (state.types.named(old.name).length === 0) followType(state, old.name, type.name);
  }
  state.noteHome('type', type.name, type.schema);
}

/** Columns and parameters keep their type under its new name. */
function followType(state: State, from: string, to: string): void {
  const swap = (type: string): string => (type === from ? to : type === `${from}[]` ? `${to}[]` : type);
  const isOf = (type: string): boolean => swap(type) !== type;
  for (const relation of [...state.relations.all()]) {
    if (!relation.columns.some(({ type }) => isOf(type))) continue;
    state.relations.replace(relation, { ...relation, columns: relation.columns.map((column) => (isOf(column.type) ? { ...column, type: swap(column.type) } : column)) });
  }
  for (const routine of [...state.routines.all()]) {
    if (routine.types.some(isOf)) state.routines.replace(routine, { ...routine, types: routine.types.map(swap) });
  }
}

function renameSchema(state: State, from: string, to: string): void {
  const schema = state.schemas.get(from);
  state.dependents.renamed(from, to);
  if (schema) {
    state.schemas.delete(from);
    state.goneSchemas.set(from, true);
    state.goneSchemas.delete(to);
    state.schemas.set(to, { ...schema, name: to });
  }
  for (const [key, defaults] of [...state.defaultPrivileges.entries()]) {
    if (defaults.schema !== from) continue;
    state.defaultPrivileges.delete(key);
    state.defaultPrivileges.set(defaultsKey(defaults.role, to, defaults.on), { ...defaults, schema: to });
  }
  for (const publication of state.publications.values()) {
    if (publication.schemas.includes(from)) state.publications.set(publication.name, { ...publication, schemas: publication.schemas.map((one) => (one === from ? to : one)) });
  }
  const move = <T extends Securable>(object: T): T => ({ ...object, schema: to });
  for (const relation of state.relations.in(from)) moveRelation(state, relation, move(relation));
  for (const routine of state.routines.in(from)) moveRoutine(state, routine, move(routine));
  for (const type of state.types.in(from)) moveType(state, type, move(type));
}

export function drop(run: Run, { objects, cascade }: Extract<Effect, { do: 'drop' }>): void {
  const { state } = run;
  for (const object of objects) {
    const { name } = lastPart(object.name);
    switch (object.on) {
      case 'relation': {
        for (const found of state.relations.find(object.name, state.path, true)) dropRelation(state, found, cascade);
        break;
      }
      case 'routine': routinesOf(run, object).forEach((found) => dropNamedRoutine(run, object.name, found, cascade)); break;
      case 'type': state.types.find(object.name, state.path, true).forEach((found) => dropType(run, found, cascade)); break;
      case 'schema': dropSchema(state, name); break;
      case 'extension': state.extensions.delete(name); break;
      case 'event trigger': state.eventTriggers.delete(name); break;
      case 'publication': state.publications.delete(name); break;
      case 'subscription': state.subscriptions.delete(name); break;
      default:
    }
  }
}

function dropNamedRoutine(run: Run, name: Name, routine: KnownRoutine, cascade: boolean): void {
  const { place: { path, at }, created } = routine;
  run.state.goneRoutines.set(`${path} ${at.start}`, { created, by: run.place(lastPart(name)).path === path ? 'own file' : 'later file' });
  dropRoutine(run.state, routine, cascade);
}

/** With CASCADE the columns and functions that use it go along. */
function dropType(run: Run, type: TypeObject, cascade: boolean): void {
  const { state } = run;
  state.types.remove(type);
  if (!cascade || state.types.named(type.name).length > 0) return;
  const isOf = (one: string): boolean => one === type.name || one === `${type.name}[]`;
  for (const relation of [...state.relations.all()]) {
    for (const column of relation.columns) if (isOf(column.type)) dropColumn(run, relation, column.name);
  }
  for (const routine of [...state.routines.all()]) if (takes(routine, type.name)) dropRoutine(state, routine);
}

export function dropSchema(state: State, name: string): void {
  state.schemas.delete(name);
  state.goneSchemas.set(name, true);
  for (const [key, { schema }] of [...state.defaultPrivileges.entries()]) if (schema === name) state.defaultPrivileges.delete(key);
  for (const relation of state.relations.in(name)) dropRelation(state, relation);
  for (const routine of state.routines.in(name)) dropRoutine(state, routine);
  for (const type of state.types.in(name)) state.types.remove(type);
  for (const publication of state.publications.values()) {
    if (publication.schemas.includes(name)) state.publications.set(publication.name, { ...publication, schemas: publication.schemas.filter((one) => one !== name) });
  }
}

/** Gives everything that has an owner and privileges to `change`; undefined drops it. */
export function everyObject(state: State, change: <T extends Securable>(object: T) => T | undefined): void {
  inSchemas(state.relations, change);
  inSchemas(state.routines, change);
  inSchemas(state.types, change);
  for (const map of [state.schemas, state.others] as Kept<any>[]) {
    for (const [key, object] of [...map.entries()]) {
      const changed = change(object);
      if (!changed) map.delete(key);
      else if (changed !== object) map.set(key, changed);
    }
  }
}

function inSchemas<T extends Securable>(named: Named<T>, change: (object: T) => T | undefined): void {
  for (const object of [...named.all()]) {
    const changed = change(object);
    if (changed) named.replace(object, changed);
    else named.remove(object);
  }
}


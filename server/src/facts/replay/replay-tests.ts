import type { Name } from '../sql/cursor.ts';
import type { Condition, Sought } from './do-conditions.ts';
import type { Circumstance, Test } from './block-steps.ts';
import type { Effect } from './effects.ts';
import { isPublic } from '../sql/grants.ts';
import { lastPart } from './named.ts';
import type { SearchPath } from './named.ts';
import { sameTypes } from './replay-privileges.ts';
import { typesOf } from './column-types.ts';
import type { State } from './replay-state.ts';
import { callers, isSame } from './replay-moves.ts';
import { dependentsOf, isSameSchema } from './sequences.ts';

/** What is known about tests; each is made once, when the first command comes that it decides about. */
export type Answers = Map<Test, boolean | undefined>;

/** Whether a command runs; undefined when nobody knows. */
export function runs(state: State, only: readonly Circumstance[], answers: Answers): boolean | undefined {
  let sure = true;
  for (const { test, is } of only) {
    if (!answers.has(test)) answers.set(test, answer(state, test));
    const found = answers.get(test);
    if (found === undefined) sure = false;
    else if (found !== is) return false;
  }
  return sure ? true : undefined;
}

/** Undefined when nobody knows. */
export function answer(state: State, test: Test): boolean | undefined {
  switch (test.kind) {
    case 'if': return holds(state, test.condition, true, test.creates);
    case 'block': return succeeds(state, test);
    case 'unknown': return undefined;
  }
}

/**
 * What is not there yet may come from elsewhere. So nothing is known about a branch for the case that it exists; but when the files
 * create what does not exist, they do. `wanted`: the answer with which the branch runs.
 */
function holds(state: State, condition: Condition, wanted: boolean, creates: boolean): boolean | undefined {
  switch (condition.kind) {
    case 'constant': return condition.value;
    case 'not': return negated(holds(state, condition.of, !wanted, creates));
    case 'all': return combined(condition.of.map((one) => holds(state, one, wanted, creates)), false);
    case 'any': return combined(condition.of.map((one) => holds(state, one, wanted, creates)), true);
    case 'version': return compare(state.version, condition.sign, condition.major);
    case 'exists': {
      const there = exists(state, condition.object);
      return there === 'absent' ? (wanted && !creates ? undefined : false) : there;
    }
    case 'unknown': return undefined;
  }
}

function negated(value: boolean | undefined): boolean | undefined {
  return value === undefined ? undefined : !value;
}

/** AND and OR; `decisive` decides alone. */
function combined(values: readonly (boolean | undefined)[], decisive: boolean): boolean | undefined {
  if (values.includes(decisive)) return decisive;
  return values.includes(undefined) ? undefined : !decisive;
}

function compare(version: number, sign: string, major: number): boolean {
  return sign.startsWith('>') ? version >= major : version < major;
}

/** `absent`: these files have not made it so far. */
function exists(state: State, { what, name, schema, table }: Sought): boolean | 'absent' | undefined {
  const path: SearchPath = state.path;
  const inSchema = <T extends { readonly schema: string | undefined; readonly known: boolean }>(all: readonly T[]): T | undefined => (
    all.find((one) => one.known && (schema === undefined || (one.schema ?? path?.[0]?.name ?? 'public') === schema)));
  const there = (found: unknown): true | 'absent' => (found === undefined ? 'absent' : true);
  switch (what) {
    case 'role': case 'login role': {
      if (/^pg_/.test(name)) return undefined;
      const role = state.roles.get(name);
      return name === 'postgres' || (role?.known && (what === 'role' || role.attributes.login.on === true)) ? true : 'absent';
    }
    case 'schema': return name === 'public' || state.schemas.get(name)?.known ? true : 'absent';
    case 'extension': return there(name === 'plpgsql' ? name : state.extensions.get(name));
    case 'publication': return there(state.publications.get(name));
    case 'publication table': return there(state.publications.get(name)?.tables.find((one) => one.name === table));
    case 'event trigger': return there(state.eventTriggers.get(name));
    case 'relation': return there(inSchema(state.relations.named(name)));
    case 'routine': return there(inSchema(state.routines.named(name)));
    case 'type': return there(inSchema(state.types.named(name)) ?? inSchema(state.relations.named(name)));
    case 'column': case 'trigger': case 'policy': return onTable(state, what, name, table === undefined ? undefined : inSchema(state.relations.named(table)), table);
  }
}

function onTable(state: State, what: 'column' | 'trigger' | 'policy', name: string, relation: ReturnType<State['relations']['named']>[number] | undefined, table: string | undefined): boolean | 'absent' | undefined {
  const lists = { column: 'columns', trigger: 'triggers', policy: 'policies' } as const;
  const has = (one: typeof relation): boolean => one !== undefined && one[lists[what]].some((other) => other.name === name);
  if (table === undefined) return [...state.relations.all()].some(has) ? true : 'absent';
  if (has(relation)) return true;
  return relation && (what !== 'column' || relation.columnsComplete) ? false : what === 'column' ? undefined : 'absent';
}

/** The block does not raise what its handlers catch. */
function succeeds(state: State, { effects, duplicates, other }: Extract<Test, { kind: 'block' }>): boolean | undefined {
  const made = new Set<string>();
  let sure = true;
  for (const effect of effects) {
    const places = madeBy(effect).map((name) => `${effect.do} ${homeIn(state, effect)}.${name}`);
    if (isDouble(state, effect) || isMissing(state, effect) || (!mayRepeat(effect) && places.some((place) => made.has(place)))) return false;
    sure &&= isPossible(state, effect, made);
    for (const name of [...madeBy(effect), ...places]) made.add(name);
  }
  return duplicates || (sure && !other) ? true : undefined;
}

/** It makes what is there already. */
function isDouble(state: State, effect: Effect): boolean {
  const inHome = (all: readonly { readonly schema: string | undefined; readonly known: boolean }[], name: Name): boolean => (
    all.some((one) => one.known && isSameSchema(one.schema, state.homeOf(name))));
  const named = (name: Name): string => lastPart(name).name;
  switch (effect.do) {
    case 'create role': return state.roles.get(effect.name.name)?.known === true;
    case 'create schema': return !effect.ifNotExists && (effect.name.name === 'public' || state.schemas.get(effect.name.name)?.known === true);
    case 'create relation': return !effect.ifNotExists && !effect.replace && inHome(state.relations.named(named(effect.name)), effect.name);
    case 'create type': return inHome(state.types.named(named(effect.name)), effect.name);
    case 'create extension': return !effect.ifNotExists && state.extensions.get(effect.name.name) !== undefined;
    case 'create publication': return state.publications.get(effect.name.name) !== undefined;
    case 'create event trigger': return state.eventTriggers.get(effect.name.name) !== undefined;
    case 'create routine': {
      const { name, parameters, replace } = effect.text;
      const types = typesOf(state, parameters.map(({ type }) => type));
      return !replace && inHome(state.routines.named(named(name)).filter((routine) => sameTypes(routine.types, types)), name);
    }
    case 'create policy': return state.relations.find(effect.table, state.path, true).some(({ policies }) => policies.some(({ name }) => name === effect.name.name));
    case 'create trigger': return state.relations.find(effect.table, state.path, true).some(({ triggers }) => triggers.some(({ name }) => name === effect.name.name));
    case 'add to publication': {
      const tables = state.publications.get(effect.name.name)?.tables ?? [];
      return effect.tables.some((name) => tables.some((one) => one.name === named(name)));
    }
    case 'alter relation': {
      const { action } = effect;
      return action.set === 'column' && !action.ifNotExists
        && state.relations.find(effect.name, state.path, true).some(({ columns }) => columns.some(({ name }) => name === action.column.name.name));
    }
    default: return false;
  }
}

function homeIn(state: State, effect: Effect): string {
  return effect.do === 'create relation' || effect.do === 'create type' ? state.homeOf(effect.name) ?? 'public' : '';
}

/** IF NOT EXISTS, or another function of the same name. */
function mayRepeat(effect: Effect): boolean {
  return effect.do === 'create routine' || ('ifNotExists' in effect && effect.ifNotExists) || ('replace' in effect && effect.replace);
}

function madeBy(effect: Effect): readonly string[] {
  switch (effect.do) {
    case 'create relation': case 'create type': return [lastPart(effect.name).name];
    case 'create routine': return [lastPart(effect.text.name).name];
    case 'create role': case 'create schema': return [effect.name.name];
    default: return [];
  }
}

/** Views, children or policies would keep it from being dropped. */
function isUsed(state: State, name: Name): boolean {
  return state.relations.find(name, state.path, true).some((relation) => dependentsOf(state, relation.name).some(({ reads, parents, policies }) => (
    [...reads, ...parents, ...policies.flatMap(({ using, check }) => [...using?.reads ?? [], ...check?.reads ?? []])].some((one) => isSame(one, relation)))));
}

/** Triggers, views or policies would keep it from being dropped. */
function mayDropRoutine(state: State, name: Name, written: readonly string[] | undefined, cascade: boolean): boolean {
  const types = written && typesOf(state, written);
  const found = state.routines.find(name, state.path, true, (routine) => !types || sameTypes(routine.types, types));
  if (found.length === 0) return name.ifExists === true;
  return cascade || !found.some((routine) => dependentsOf(state, callers(routine.name)).some(({ triggers, calls, policies }) => (
    [...triggers.map((trigger) => trigger.routine), ...calls, ...policies.flatMap(({ using, check }) => [...using?.calls ?? [], ...check?.calls ?? []])].some((one) => isSame(one, routine)))));
}

/** It changes a column that is not there. */
function isMissing(state: State, effect: Effect): boolean {
  if (effect.do !== 'alter relation' || effect.action.set !== 'column name') return false;
  const { from } = effect.action;
  const [found] = state.relations.find(effect.name, state.path, true);
  return found?.known === true && found.columnsComplete && !found.columns.some(({ name }) => name === from);
}

/** Everything that it needs has been made. */
function isPossible(state: State, effect: Effect, made: ReadonlySet<string>): boolean {
  const relation = (name: Name): boolean => made.has(lastPart(name).name) || state.relations.find(name, state.path, true).some(({ known }) => known);
  const role = (part: Parameters<typeof isPublic>[0]): boolean => {
    const name = isPublic(part) ? undefined : state.roleOf(part);
    return name === undefined || made.has(name) || state.roles.get(name)?.known === true;
  };
  switch (effect.do) {
    case 'create role': case 'create type': case 'create schema': case 'create routine': return true;
    case 'create trigger': return relation(effect.table) && (made.has(lastPart(effect.routine).name) || state.routines.find(effect.routine, state.path, true).length > 0);
    case 'create relation': return effect.reads.length === 0;
    case 'alter role': return role(effect.name);
    case 'grant role': return effect.roles.every(role) && effect.members.every(role);
    case 'alter relation': return relation(effect.name);
    case 'rename': case 'set schema': return effect.object.on === 'relation' && relation(effect.object.name);
    case 'set owner': return effect.object.on === 'relation' && relation(effect.object.name) && role(effect.to);
    case 'drop': return effect.objects.every(({ on, name, types }) => (
      on === 'relation' ? relation(name) && (effect.cascade || !isUsed(state, name))
        : on === 'routine' && mayDropRoutine(state, name, types, effect.cascade)));
    case 'create policy': return relation(effect.table) && (effect.changes.roles ?? []).every(role);
    case 'grant': {
      const { on, objects, schemas, roles } = effect.grant;
      return roles.every(role) && (on === 'table' || on === 'sequence') && objects.every(({ name }) => relation(name))
        && schemas.every(({ name }) => name === 'public' || made.has(name) || state.schemas.get(name)?.known === true);
    }
    default: return false;
  }
}

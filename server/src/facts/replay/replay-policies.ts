import { withAlmost } from './acl.ts';
import type { Name } from '../sql/cursor.ts';
import type { CallName, Effect, ExpressionText, PolicyChanges } from './effects.ts';
import type { Called, NamedIn, Policy, PolicyExpression, Relation } from '../objects.ts';
import { callers } from './replay-moves.ts';
import { relationOf } from './replay-relations.ts';
import type { KnownRoutine, Run } from './replay-state.ts';
import { lastPart } from './named.ts';

export function createPolicy(run: Run, { name, table, command, permissive, changes }: Extract<Effect, { do: 'create policy' }>): void {
  const place = run.place(name);
  const policy: Policy = { name: name.name, command, permissive, roles: ['public'], to: undefined, using: undefined, check: undefined, place };
  onTable(run, table, (relation) => {
    // PostgreSQL refuses policies for views and foreign tables.
    if (relation.known && relation.kind !== 'table') return relation;
    const others = relation.policies.filter((other) => other.name !== name.name);
    if (run.certainty === 'perhaps' && others.length < relation.policies.length) return relation;
    return { ...relation, policies: [...others, changed(run, relation.name, policy, changes)] };
  });
}

export function alterPolicy(run: Run, { name, table, changes }: Extract<Effect, { do: 'alter policy' }>): void {
  onTable(run, table, (relation) => withPolicy(relation, name.name, (policy) => changed(run, relation.name, policy, changes)));
}

export function renamePolicy(run: Run, { name, table, to }: Extract<Effect, { do: 'rename policy' }>): void {
  onTable(run, table, (relation) => withPolicy(relation, name.name, (policy) => ({ ...policy, name: to.name })));
}

export function dropPolicy(run: Run, { name, table }: Extract<Effect, { do: 'drop policy' }>): void {
  onTable(run, table, (relation) => {
    const policies = relation.policies.filter((policy) => policy.name !== name.name);
    return policies.length < relation.policies.length ? { ...relation, policies } : { ...relation, almost: withAlmost(relation.almost, run.place(name)) };
  });
}

export function createTrigger(run: Run, { name, table, routine }: Extract<Effect, { do: 'create trigger' }>): void {
  run.state.dependents.note(callers(lastPart(routine).name), lastPart(table).name);
  const trigger = { name: name.name, routine: routineName(run, routine), place: run.place(name) };
  onTable(run, table, (relation) => ({ ...relation, triggers: [...relation.triggers.filter((other) => other.name !== name.name), trigger] }));
}

export function renameTrigger(run: Run, { name, table, to }: Extract<Effect, { do: 'rename trigger' }>): void {
  onTable(run, table, (relation) => ({
    ...relation, triggers: relation.triggers.map((trigger) => (trigger.name === name.name ? { ...trigger, name: to.name } : trigger)),
  }));
}

export function dropTrigger(run: Run, { name, table }: Extract<Effect, { do: 'drop trigger' }>): void {
  onTable(run, table, (relation) => ({ ...relation, triggers: relation.triggers.filter((trigger) => trigger.name !== name.name) }));
}

export function routineName(run: Run, name: Name): { readonly name: string; readonly schema: string | undefined } {
  const [found] = run.state.routines.find(name, run.state.path, true);
  return { name: lastPart(name).name, schema: found ? found.schema : run.state.homeOf(name) };
}

function onTable(run: Run, table: Name, change: (relation: Relation) => Relation): void {
  for (const relation of relationOf(run, table, 'table', true)) run.state.relations.replace(relation, change(relation));
}

function withPolicy(relation: Relation, name: string, change: (policy: Policy) => Policy): Relation {
  return { ...relation, policies: relation.policies.map((policy) => (policy.name === name ? change(policy) : policy)) };
}

function changed(run: Run, table: string, policy: Policy, { roles, to, using, check }: PolicyChanges): Policy {
  return {
    ...policy,
    ...roles && to ? { roles: [...new Set(roles.map((role) => run.state.roleOf(role) ?? 'current_user'))], to: run.place(to) } : {},
    ...using ? { using: expression(run, table, using) } : {},
    ...check ? { check: expression(run, table, check) } : {},
  };
}

function expression(run: Run, table: string, { text, at, clause, reads, calls }: ExpressionText): PolicyExpression {
  return { text, place: run.place(at), clause: run.place(clause).at, reads: readNames(run, reads, table), calls: calledRoutines(run, calls, table) };
}

function readNames({ state }: Run, names: readonly Name[], by: string): readonly NamedIn[] {
  return names.flatMap((name) => {
    const [found] = state.relations.find(name, state.path, true);
    if (found) state.dependents.note(found.name, by);
    return found ? [{ name: found.name, schema: found.schema }] : [];
  });
}

/** Of what looks like a call the functions that are there. */
export function calledRoutines({ state }: Run, names: readonly CallName[], by: string): readonly Called[] {
  return names.flatMap((name) => {
    const [found, ...others] = state.routines.find(name, state.path, false, (routine) => takes(routine, name.count));
    if (found) state.dependents.note(callers(found.name), by);
    return found ? [{ name: found.name, schema: found.schema, types: others.length === 0 ? found.types : undefined }] : [];
  });
}

/** So many arguments. */
function takes({ text: { parameters } }: KnownRoutine, count: number): boolean {
  const variadic = parameters.some(({ mode }) => mode === 'variadic');
  const required = parameters.filter(({ optional, mode }) => !optional && mode !== 'variadic').length;
  return count >= required && (variadic || count <= parameters.length);
}

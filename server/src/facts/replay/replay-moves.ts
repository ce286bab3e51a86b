import type { Called, NamedIn, Policy, PolicyExpression, Relation, Routine } from '../objects.ts';
import type { KnownRoutine, State } from './replay-state.ts';
import { ownedBy } from './acl.ts';
import { dependentsOf, sequencesOf } from './sequences.ts';

/** A relation under another name, schema or owner. Sequences of its columns go along, and what speaks of it keeps meaning it. */
export function moveRelation(state: State, old: Relation, relation: Relation): void {
  const sequences = sequencesOf(state, old);
  state.relations.replace(old, relation);
  const moved = old.name !== relation.name || old.schema !== relation.schema;
  for (const sequence of sequences) {
    const owner = relation.owner !== old.owner ? ownedBy({ ...sequence, owner: relation.owner }, relation.owner.role) : sequence;
    const { name, schema } = relation;
    state.relations.replace(sequence, { ...owner, schema, ownedBy: { ...sequence.ownedBy!, name, schema } });
  }
  if (!moved) return;
  if (old.name !== relation.name) {
    state.dependents.renamed(old.name, relation.name);
    for (const name of spokenOf(relation)) state.dependents.note(name, relation.name);
  }
  state.noteHome('relation', relation.name, relation.schema);
  if (relation.kind !== 'sequence') state.noteHome('type', relation.name, relation.schema);
  const follow = <T extends NamedIn>(names: readonly T[]): readonly T[] => names.map((one) => (isSame(one, old) ? { ...one, name: relation.name, schema: relation.schema } : one));
  for (const other of dependentsOf(state, old.name)) {
    const policies = changedExpressions(other, (one) => (one.reads.some((read) => isSame(read, old)) ? { ...one, reads: follow(one.reads) } : one));
    if (policies === other.policies && ![...other.parents, ...other.reads].some((one) => isSame(one, old))) continue;
    state.relations.replace(other, { ...other, parents: follow(other.parents), reads: follow(other.reads), policies });
  }
  for (const publication of state.publications.values()) {
    if (publication.tables.some((one) => isSame(one, old))) state.publications.set(publication.name, { ...publication, tables: follow(publication.tables) });
  }
}

/** The names under which a relation is noted. */
function spokenOf({ parents, reads, triggers, ownedBy: table }: Relation): readonly string[] {
  return [...[...parents, ...reads].map(({ name }) => name), ...triggers.map(({ routine }) => callers(routine.name)), ...table ? [table.name] : []];
}

/**
 * With CASCADE what depends on it goes along. Without it nothing does, or the server would have refused: what seems to depend on it has been
 * made anew since then, in a way that the files do not tell.
 */
export function dropRelation(state: State, relation: Relation, cascade = true): void {
  if (!state.relations.named(relation.name).includes(relation)) return;
  for (const sequence of sequencesOf(state, relation)) state.relations.remove(sequence);
  state.relations.remove(relation);
  for (const publication of state.publications.values()) {
    if (publication.tables.some((one) => isSame(one, relation))) {
      state.publications.set(publication.name, { ...publication, tables: publication.tables.filter((one) => !isSame(one, relation)) });
    }
  }
  for (const other of dependentsOf(state, relation.name)) {
    if (!cascade && !other.parents.some((one) => one.partition && isSame(one, relation))) continue;
    if ([...other.parents, ...other.reads].some((one) => isSame(one, relation))) dropRelation(state, other);
    else withoutPolicies(state, other, ({ reads }) => reads.some((one) => isSame(one, relation)));
  }
  // Its rows are a type.
  if (cascade && relation.known && state.relations.named(relation.name).length === 0) for (const routine of [...state.routines.all()]) if (takes(routine, relation.name)) dropRoutine(state, routine);
}

/** Objects of the type are among its parameters. */
export function takes({ types }: Routine, type: string): boolean {
  return types.some((one) => one === type || one === `${type}[]`);
}

function withoutPolicies(state: State, relation: Relation, uses: (expression: PolicyExpression) => boolean): void {
  const policies = relation.policies.filter(({ using, check }) => !(using && uses(using)) && !(check && uses(check)));
  if (policies.length < relation.policies.length) state.relations.replace(relation, { ...relation, policies });
}

/** The policies with other expressions; the same list when none has changed. */
function changedExpressions({ policies }: Relation, change: (expression: PolicyExpression) => PolicyExpression): readonly Policy[] {
  const next = policies.map((policy) => {
    const [using, check] = [policy.using && change(policy.using), policy.check && change(policy.check)];
    return using === policy.using && check === policy.check ? policy : { ...policy, using, check };
  });
  return next.some((policy, i) => policy !== policies[i]) ? next : policies;
}

export function dropRoutine(state: State, routine: KnownRoutine, cascade = true): void {
  state.routines.remove(routine);
  if (!cascade) return;
  const left = state.routines.named(routine.name).some((other) => isSame(other, routine));
  for (const relation of dependentsOf(state, callers(routine.name))) {
    // Another one of the same name may be the one that is called.
    const calls = (names: readonly Called[]): boolean => names.some((one) => isMeant(one, routine) && (one.types !== undefined || !left));
    if (calls(relation.calls)) {
      dropRelation(state, relation);
      continue;
    }
    const triggers = relation.triggers.filter((trigger) => !isSame(trigger.routine, routine));
    const changed = triggers.length < relation.triggers.length ? { ...relation, triggers } : relation;
    state.relations.replace(relation, changed);
    withoutPolicies(state, changed, (one) => calls(one.calls));
  }
  for (const [key, trigger] of [...state.eventTriggers.entries()]) if (isSame(trigger.routine, routine)) state.eventTriggers.delete(key);
}

/** A routine under another name or schema: triggers keep calling it. */
export function followRoutine(state: State, old: Routine, routine: Routine): void {
  const { name, schema } = routine;
  if (old.name !== name) state.dependents.renamed(callers(old.name), callers(name));
  for (const relation of dependentsOf(state, callers(old.name))) {
    const follow = (names: readonly Called[]): readonly Called[] => (
      names.some((one) => isMeant(one, old)) ? names.map((one) => (isMeant(one, old) ? { ...one, name, schema } : one)) : names);
    const policies = changedExpressions(relation, (one) => (follow(one.calls) === one.calls ? one : { ...one, calls: follow(one.calls) }));
    const triggers = relation.triggers.map((trigger) => (isSame(trigger.routine, old) ? { ...trigger, routine: { name, schema } } : trigger));
    state.relations.replace(relation, { ...relation, triggers, policies, calls: follow(relation.calls) });
  }
  for (const [key, trigger] of [...state.eventTriggers.entries()]) {
    if (isSame(trigger.routine, old)) state.eventTriggers.set(key, { ...trigger, routine: { name, schema } });
  }
}

/** Under this name the relations are noted whose triggers call a function. */
export function callers(routine: string): string {
  return `${routine}()`;
}

function isMeant(call: Called, routine: Routine): boolean {
  return isSame(call, routine) && (call.types === undefined || call.types.join() === routine.types.join());
}

export function isSame(a: NamedIn, b: NamedIn): boolean {
  return a.name === b.name && a.schema === b.schema;
}

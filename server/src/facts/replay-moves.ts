import type { Relation, Routine } from './objects.ts';
import type { KnownRoutine, State } from './replay-state.ts';
import { ownedBy } from './acl.ts';
import { dependentsOf, sequencesOf } from './sequences.ts';

interface Named {
  readonly name: string;
  readonly schema: string | undefined;
}

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
  if (old.name !== relation.name) state.dependents.renamed(old.name, relation.name);
  state.noteHome('relation', relation.name, relation.schema);
  if (relation.kind !== 'sequence') state.noteHome('type', relation.name, relation.schema);
  const follow = <T extends Named>(names: readonly T[]): readonly T[] => names.map((one) => (isSame(one, old) ? { ...one, name: relation.name, schema: relation.schema } : one));
  for (const other of dependentsOf(state, old.name)) {
    if (![...other.parents, ...other.reads].some((one) => isSame(one, old))) continue;
    state.relations.replace(other, { ...other, parents: follow(other.parents), reads: follow(other.reads) });
  }
  for (const publication of state.publications.values()) {
    if (publication.tables.some((one) => isSame(one, old))) state.publications.set(publication.name, { ...publication, tables: follow(publication.tables) });
  }
}

/** What depends on it goes with it: without CASCADE the server would have refused. */
export function dropRelation(state: State, relation: Relation): void {
  if (!state.relations.named(relation.name).includes(relation)) return;
  for (const sequence of sequencesOf(state, relation)) state.relations.remove(sequence);
  state.relations.remove(relation);
  for (const publication of state.publications.values()) {
    if (publication.tables.some((one) => isSame(one, relation))) {
      state.publications.set(publication.name, { ...publication, tables: publication.tables.filter((one) => !isSame(one, relation)) });
    }
  }
  for (const other of dependentsOf(state, relation.name)) {
    if ([...other.parents, ...other.reads].some((one) => isSame(one, relation))) dropRelation(state, other);
  }
}

export function dropRoutine(state: State, routine: KnownRoutine): void {
  state.routines.remove(routine);
  for (const relation of dependentsOf(state, callers(routine.name))) {
    const triggers = relation.triggers.filter((trigger) => !isSame(trigger.routine, routine));
    if (triggers.length < relation.triggers.length) state.relations.replace(relation, { ...relation, triggers });
  }
  for (const [key, trigger] of [...state.eventTriggers.entries()]) if (isSame(trigger.routine, routine)) state.eventTriggers.delete(key);
}

/** A routine under another name or schema: triggers keep calling it. */
export function followRoutine(state: State, old: Routine, routine: Routine): void {
  const { name, schema } = routine;
  if (old.name !== name) state.dependents.renamed(callers(old.name), callers(name));
  for (const relation of dependentsOf(state, callers(old.name))) {
    if (!relation.triggers.some((trigger) => isSame(trigger.routine, old))) continue;
    const triggers = relation.triggers.map((trigger) => (isSame(trigger.routine, old) ? { ...trigger, routine: { name, schema } } : trigger));
    state.relations.replace(relation, { ...relation, triggers });
  }
  for (const [key, trigger] of [...state.eventTriggers.entries()]) {
    if (isSame(trigger.routine, old)) state.eventTriggers.set(key, { ...trigger, routine: { name, schema } });
  }
}

/** Under this name the relations are noted whose triggers call a function. */
export function callers(routine: string): string {
  return `${routine}()`;
}

export function isSame(a: Named, b: Named): boolean {
  return a.name === b.name && a.schema === b.schema;
}

import { statementText } from '../../syntax/sql/statements.ts';
import { callsIn } from './calls.ts';
import { ownRowQueries, type OwnRowQuery } from './own-rows.ts';
import { remembered } from '../remembered.ts';
import type { Place, PolicyExpression, Relation, Routine, Schema } from '../schema.ts';

/** The routines that policies call, directly or through others. */
export const routinesOfPolicies = remembered((schema: Schema): ReadonlySet<Routine> => {
  const found = new Set<Routine>();
  const follow = (text: string): void => {
    for (const { schema: home, name } of callsIn(statementText(text))) {
      for (const routine of schema.routinesNamed(home, name)) {
        if (found.has(routine)) continue;
        found.add(routine);
        follow(routine.created.written.body?.text ?? '');
      }
    }
  };
  for (const { text } of expressionsOf(schema)) follow(text);
  return found;
});

/** A query for the row of whoever is asking, on which it depends what that one may do. */
export interface OwnRowCheck extends OwnRowQuery {
  readonly place: Place;
  /** Undefined: it stands in a policy. */
  readonly routine: Routine | undefined;
}

/** Those of policies and of the routines that they call, and the EXISTS of routines that run with the rights of their owner; by the table whose row it is. */
export const ownRowChecks = remembered((schema: Schema): ReadonlyMap<Relation, readonly OwnRowCheck[]> => {
  const found = new Map<Relation, OwnRowCheck[]>();
  const asked = routinesOfPolicies(schema);
  const add = (text: string, place: Place, routine: Routine | undefined): void => {
    for (const query of ownRowQueries(text)) {
      if (routine && !asked.has(routine) && !query.exists) continue;
      const [name, home] = [...query.relation.parts].reverse().map((part) => part.name);
      const relation = schema.relation(home, name!);
      if (relation) found.set(relation, [...found.get(relation) ?? [], { ...query, place, routine }]);
    }
  };
  for (const { text, place } of expressionsOf(schema)) add(text, place, undefined);
  const checking = new Set([...asked, ...schema.routines.filter(({ definer, text }) => definer && !text.trigger)]);
  for (const routine of checking) add(routine.created.written.body?.text ?? '', routine.place, routine);
  return found;
});

function expressionsOf(schema: Schema): readonly PolicyExpression[] {
  return schema.relations.flatMap(({ policies }) => policies.flatMap(({ using, check }) => [using, check].filter((one) => one !== undefined)));
}

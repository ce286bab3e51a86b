import { statementText } from '../../syntax/sql/statements.ts';
import { callsIn } from './calls.ts';
import { remembered } from '../remembered.ts';
import type { Routine, Schema } from '../schema.ts';

/** Whether a text asks who the caller is, by itself or through the routines of the schema that it calls. */
export const askers = remembered((schema: Schema): ((text: string) => boolean) => {
  const known = new Map<Routine, boolean>();
  const asks = (text: string): boolean => asking.test(text) || callsIn(statementText(text)).some(({ schema: home, name }) => schema.routinesNamed(home, name).some(isAsker));
  const isAsker = (routine: Routine): boolean => {
    const before = known.get(routine);
    if (before !== undefined) return before;
    known.set(routine, false);
    const found = asks(routine.created.written.body?.text ?? routine.created.written.text);
    known.set(routine, found);
    return found;
  };
  return asks;
});

/** In Supabase, PostgREST, PostGraphile, Hasura and in PostgreSQL itself, or by a parameter that the application sets for its user; within a routine of SECURITY DEFINER `current_user` is its owner. */
const asking = /\bauth\s*\.\s*(uid|role|jwt|email)\s*\(|\bsession_user\b|\bcurrent_setting\s*\(\s*'+(\w+\.\w|role')|\bx-hasura-|\bhasura_session\b/i;

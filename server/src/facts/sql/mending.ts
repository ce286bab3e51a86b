import type { Fix } from '../../rules/rule.ts';
import { append } from './append.ts';
import { spell } from './cursor.ts';
import type { SqlFacts } from '../sql.ts';
import type { Place, Routine } from '../schema.ts';

/**
 * `ALTER FUNCTION app.f(text) SET …;`, `REVOKE ALL ON FUNCTION app.f(text) FROM PUBLIC;`: a statement about a routine that can run
 * later, in another file. Undefined when a later statement gives the routine another name.
 */
export function laterStatement(routine: Routine, head: 'ALTER' | 'REVOKE ALL ON', tail: string): string | undefined {
  if (routine.moved || routine.target.includes('{')) return undefined;
  const qualified = routine.text.name.parts.length > 1 || routine.schema === undefined;
  const target = qualified ? routine.target : `${spell(routine.schema!)}.${routine.target}`;
  return `${head} ${routine.procedure ? 'PROCEDURE' : 'FUNCTION'} ${target} ${tail};`;
}

/** What a new migration holds, with the words that a person has to write in it; nothing where there is no such statement. */
export function later(statement: string | undefined, ...blanks: readonly string[]): Pick<Fix, 'statements' | 'blanks'> {
  return statement === undefined ? {} : { statements: [statement], ...blanks.length > 0 && { blanks } };
}

/**
 * Writes statements behind the one that a place is in; nothing where that stands in another file or a DO block, or the file ends inside of it.
 * `later`: the statements behind all files, where names have changed.
 */
export function mendBehind(facts: SqlFacts, place: Place, statements: string | readonly string[], title: string, later = statements): Fix[] {
  const edit = facts.here(place) && isTopLevel(place) ? append(facts.document.text, place.statement, [statements].flat()) : undefined;
  return edit ? [{ title, safety: 'review', edits: [edit], statements: [later].flat() }] : [];
}

/** The statement is one of the file itself. */
export function isTopLevel({ statement }: Place): boolean {
  return statement.written.head !== 'DO';
}

import { spell } from './cursor.ts';
import type { Routine } from './schema.ts';

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

import type { Context, Judgement } from './judgement.ts';
import { afterCheck } from './origin.ts';
import type { Slot } from './pieces.ts';

/** A check between the place where a text is put together and the one where it runs says as much of a value in it, as long as the value is still the same. */
export function checkedBefore({ expression, judged, span }: Slot, offset: number, { scope }: Context): Judgement {
  const name = expression.kind === 'reference' ? expression.path.join('.') : expression.kind === 'parameter' ? `$${expression.number}` : undefined;
  const guard = name === undefined ? undefined : scope.guard(name, offset);
  if (guard === undefined || name!.startsWith('$')) return judged;
  return scope.find(name!, span.start) === scope.find(name!, offset) ? afterCheck(judged, guard.leaves) : judged;
}

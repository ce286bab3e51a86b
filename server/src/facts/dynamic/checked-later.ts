import type { Expression } from '../../syntax/sql/expression.ts';
import type { Context, Judgement } from './judgement.ts';
import { afterCheck } from './origin.ts';
import type { Slot } from './pieces.ts';

/** A check between the place where a text is put together and the one where it runs says as much of a value in it, as long as the value is still the same. */
export function checkedBefore({ expression, judged, span }: Slot, offset: number, { scope }: Context): Judgement {
  const [name, ...others] = new Set(namesIn(expression));
  if (name === undefined || others.length > 0 || name.startsWith('$')) return judged;
  // Whoever comes out of the branches in which it is put together has come to their ends.
  for (const at of [offset, ...scope.endsBetween(span.start, offset)]) {
    const guard = scope.guard(name, at);
    if (guard === undefined || scope.find(name, span.start) !== scope.find(name, at)) continue;
    // What a function makes of the value has been looked at with it, but may look different.
    return afterCheck(judged, expression.kind === 'reference' ? guard.leaves : 'asked');
  }
  return judged;
}

/** The variables and columns in an expression, and something else for what is none. */
export function namesIn(expression: Expression): readonly string[] {
  switch (expression.kind) {
    case 'reference': return [expression.path.join('.')];
    case 'parameter': return [`$${expression.number}`];
    case 'cast': return namesIn(expression.operand);
    case 'concat': return expression.parts.flatMap(namesIn);
    case 'call': return expression.args.length === 0 ? [`${expression.name}()`] : expression.args.flatMap(namesIn);
    case 'case': return expression.results.flatMap(namesIn);
    case 'other': return ['?'];
    default: return [];
  }
}

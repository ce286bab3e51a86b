import type { Expression } from '../../syntax/sql/expression.ts';
import type { Context, Judgement } from './judgement.ts';
import { afterCheck } from './origin.ts';
import type { Slot } from './pieces.ts';

/** A check between the place where a text is put together and the one where it runs says as much of a value in it, as long as the value is still the same. */
export function checkedBefore({ expression, judged, span }: Slot, offset: number, { scope }: Context): Judgement {
  const { names, since } = madeOf(expression, span.start, scope);
  const [name, ...others] = new Set(names);
  if (name === undefined || others.length > mostOthers || [name, ...others].some((one) => one.startsWith('$'))) return judged;
  // Whoever comes out of the branches in which it is put together has come to their ends.
  for (const at of [offset, ...scope.endsBetween(span.start, offset)]) {
    const [guard, ...more] = [name, ...others].map((one) => (scope.find(one, since) === scope.find(one, at) ? scope.guard(one, at) : undefined));
    if (guard === undefined || more.includes(undefined)) continue;
    // What a function makes of the value has been looked at with it, but may look different.
    return afterCheck(judged, expression.kind === 'reference' ? guard.leaves : 'asked');
  }
  return judged;
}

/** The names in it, and since when they are meant; of a variable that holds `app.name_of(schema, t)` and nothing else those that it is made of. */
function madeOf(expression: Expression, offset: number, scope: Context['scope']): { readonly names: readonly string[]; readonly since: number } {
  const names = namesIn(expression);
  const variable = expression.kind === 'reference' ? scope.find(names[0]!, offset) : undefined;
  const [write, ...others] = variable === undefined || variable.parameter !== undefined ? [] : variable.values;
  const value = others.length === 0 && write?.kind === 'set' && write.value !== undefined ? scope.expressionAt(write.value)?.expression : undefined;
  const parts = value?.kind === 'call' ? new Set(namesIn(value)) : undefined;
  return parts !== undefined && parts.size > 1 && scope.guard(names[0]!, offset) === undefined ? { names: [...parts], since: write!.value!.start } : { names, since: offset };
}

/** `app.name_of(schema, t)` is checked when all are that it is made of. */
const mostOthers = 3;

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

import type { Span } from '../../text.ts';
import type { Expression } from './expression.ts';

/** `a || b + 1`: three operands, two operators. */
export interface Chain {
  readonly operands: readonly Expression[];
  readonly operators: readonly string[];
}

/**
 * Groups the operands as PostgreSQL does. For it `||` binds as every operator without a rank of its own: weaker than `+`,
 * stronger than a comparison, and `'a' || x ->> 'y'` is `('a' || x) ->> 'y'`. Only concatenations keep their operands.
 */
export function build(chain: Chain, span: Span): Expression {
  let at = 0;
  const result = climb(0);
  return { ...result, span };

  function climb(minimum: number): Expression {
    let left = chain.operands[at]!;
    while (at < chain.operators.length) {
      const operator = chain.operators[at]!;
      const rank = rankOf(operator);
      if (rank < minimum) break;
      at++;
      left = combine(operator, left, climb(rank + 1));
    }
    return left;
  }
}

function combine(operator: string, left: Expression, right: Expression): Expression {
  const span = { start: left.span.start, end: right.span.end };
  if (operator !== '||' && operator !== 'operator||') return { kind: 'other', span };
  return { kind: 'concat', span, parts: [...partsOf(left), ...partsOf(right)] };
}

function partsOf(expression: Expression): readonly Expression[] {
  return expression.kind === 'concat' ? expression.parts : [expression];
}

const ranks: Readonly<Record<string, number>> = {
  or: 1, and: 2, '<': 4, '>': 4, '=': 4, '<=': 4, '>=': 4, '<>': 4, '!=': 4,
  in: 5, 'not in': 5, like: 5, 'not like': 5, ilike: 5, 'not ilike': 5,
  '+': 7, '-': 7, '*': 8, '/': 8, '%': 8, '^': 9, 'at time zone': 10,
};

function rankOf(operator: string): number {
  return ranks[operator] ?? 6;
}

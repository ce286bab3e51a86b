import type { Expression } from '../../syntax/sql/expression.ts';
import { lex } from '../../syntax/sql/lexer.ts';
import type { ExecuteSite } from '../../syntax/sql/plpgsql.ts';
import { Expressions } from './expressions.ts';
import type { Context, Judgement } from './judgement.ts';
import { isTame, newMemo } from './judgement.ts';
import { readQuery } from './queries.ts';
import type { Variable } from './scope.ts';

type Judge = (expression: Expression, context: Context) => Judgement;

/**
 * What a column of the query is that EXECUTE runs, when its text is known: `EXECUTE 'SELECT lower($1)' INTO v USING x` puts a text of x into v.
 * `column`: its place, or its name.
 */
export function judgeExecuted({ expression, using }: Pick<ExecuteSite, 'expression' | 'using'>, column: number | string, context: Context, judge: Judge): Judgement | undefined {
  const { scope } = context;
  const query = scope.expressionAt(expression)?.expression;
  const passed = using.map((span) => scope.expressionAt(span)?.expression);
  const text = query && textOf(query, passed);
  if (text === undefined) return query && judgeSpliced(query, context, judge);
  const { items, origin } = readQuery(lex(text).filter(({ kind }) => kind !== 'comment'), text);
  const item = typeof column === 'number' ? items[column] : items.find(({ name }) => name === column);
  const expressions = new Expressions(text);
  const read = item && expressions.at(item.span)?.expression;
  if (read === undefined) return undefined;
  const values = passed.map((one) => one && judge(one, context));
  const row = values[Number(fieldOfRow.exec(text.slice(item!.span.start, item!.span.end))?.[1]) - 1];
  // Nobody knows the type of a column that is found while it runs.
  if (row !== undefined && (row.origin === 'row' || row.origin === 'fetched')) return { ...row, type: 'unknown' };
  const parameter = (number: number): Variable | undefined => values[number - 1] && variableOf(values[number - 1]!);
  const inside = { ...scope, text, find: () => undefined, guard: () => undefined, columnOf: () => undefined, parameter, expressionAt: (span: { start: number; end: number }) => expressions.at(span) };
  const judged = judge(read, { ...context, scope: inside, others: origin, built: undefined, derived: [], depth: context.depth + 1, through: [], memo: newMemo() });
  if (isTame(judged)) return judged;
  const { trail } = values.find((one) => one !== undefined && !isTame(one) && one.origin === judged.origin) ?? {};
  return { ...judged, origin: judged.origin === 'unknown' ? 'fetched' : judged.origin, ...(trail && { trail }) };
}

/** `EXECUTE 'SELECT lower(''' || x || ''')' INTO v`: who writes x writes what comes out. */
function judgeSpliced(query: Expression, context: Context, judge: Judge): Judgement | undefined {
  if (query.kind !== 'concat') return undefined;
  const [first, second] = query.parts;
  if (first?.kind !== 'literal' || !/^\s*select\b(?!.*\bfrom\b)/is.test(first.value) || second === undefined) return undefined;
  const judged = judge(second, context);
  return isTame(judged) || judged.origin !== 'param' ? undefined : { ...judged, type: 'text' };
}

/** `($1).name` */
const fieldOfRow = /^\(\s*\$(\d+)\s*\)\s*\.\s*\w+$/;

function variableOf({ type, origin, quoted }: Judgement): Variable {
  return { name: '', type, element: 'unknown', origin: quoted ? 'constant' : origin, values: [], declared: '', parameter: undefined };
}

/** The text with `$n` for every value that stands in it as one; what they are is added to `values`. Undefined when it is put together otherwise. */
function textOf(expression: Expression, values: (Expression | undefined)[]): string | undefined {
  switch (expression.kind) {
    case 'literal': return expression.value;
    case 'concat': {
      const parts = expression.parts.map((part) => textOf(part, values));
      return parts.includes(undefined) ? undefined : parts.join('');
    }
    case 'call': {
      const [first, ...others] = expression.args;
      if (/^quote_(literal|nullable)$/.test(expression.name)) return `$${values.push(first)}`;
      if (expression.name !== 'format' || first?.kind !== 'literal' || /%(?:\d|-|\*)/.test(first.value)) return undefined;
      let at = 0;
      return first.value.replace(/%([sIL%])/g, (_, letter: string) => {
        const value = letter === '%' ? undefined : others[at++];
        return letter === '%' ? '%' : letter === 'L' ? `$${values.push(value)}` : 'pgsxz';
      });
    }
    default: return undefined;
  }
}

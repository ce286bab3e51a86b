import type { Span } from '../../text.ts';
import type { Expression } from '../../syntax/sql/expression.ts';
import { givesPairs } from './element-queries.ts';
import type { Context } from './judgement.ts';

type Call = Extract<Expression, { kind: 'call' }>;

/** `jsonb_object_keys(to_jsonb(NEW))`: the keys are the names of the columns, which nobody chooses who writes a row. */
export function givesColumnNames({ name, args: [row] }: Call, context: Context): boolean {
  return /^(jsonb?_object_keys|skeys|akeys)$/.test(name) && row !== undefined && isMadeOfRow(row, context);
}

/** `key` of `FROM jsonb_each_text(to_jsonb(NEW))`, where nothing else makes the rows. */
export function isColumnName(expression: Expression, calls: readonly Span[], context: Context): boolean {
  if (expression.kind !== 'reference' || expression.path.at(-1) !== 'key' || calls.length !== 1) return false;
  const call = context.scope.expressionAt(calls[0]!)?.expression;
  return call?.kind === 'call' && givesPairs(call.name) && call.args[0] !== undefined && isMadeOfRow(call.args[0], context);
}

/** Also a variable that holds nothing else, and what is left of it without some keys. */
function isMadeOfRow(expression: Expression, context: Context, depth = 0): boolean {
  if (depth > deepest) return false;
  if (expression.kind === 'call') {
    const [row] = expression.args;
    if (row === undefined || !/^(to_jsonb?|row_to_json|hstore|jsonb_strip_nulls)$/.test(expression.name)) return false;
    return row.kind === 'reference' && isRow.test(row.path.join('.')) ? expression.args.length === 1 : isMadeOfRow(row, context, depth + 1);
  }
  if (expression.kind === 'other') return partOfRow.test(context.scope.text.slice(expression.span.start, Math.min(expression.span.end, expression.span.start + longestPart)));
  if (expression.kind !== 'reference') return false;
  const variable = context.scope.find(expression.path.join('.'), expression.span.start);
  return variable?.origin === 'constant' && variable.values.length > 0 && variable.values.every(({ value, kind }) => {
    const read = value && kind === 'set' ? context.scope.expressionAt(value)?.expression : undefined;
    return read !== undefined && isMadeOfRow(read, context, depth + 1);
  });
}

/** `hstore(NEW) - hstore(OLD)`, `to_jsonb(NEW) - 'changed_at'` */
const partOfRow = /^\(*\s*(?:to_jsonb?|row_to_json|hstore)\s*\(\s*(?:new|old)(?:\.\*)?\s*\)\s*-[^|#>]*$/i;
const longestPart = 400;
const isRow = /^(new|old)$/;
const deepest = 3;

import type { Expression } from '../../syntax/sql/expression.ts';
import { booleans } from './known-functions.ts';
import type { Scope } from './scope.ts';

/** The type of an expression as somebody has written it, where the body tells. */
export function typeOf(expression: Expression, scope: Scope): string | undefined {
  switch (expression.kind) {
    case 'reference': return scope.find(expression.path.join('.'), expression.span.start)?.declared || undefined;
    case 'parameter': return scope.parameter(expression.number, expression.span.start)?.declared || undefined;
    case 'cast': return expression.type;
    case 'concat': return 'text';
    case 'call': return typeOfCall(expression.name);
    default: return undefined;
  }
}

function typeOfCall(name: string): string | undefined {
  if (booleans.has(name)) return 'boolean';
  if (/^inet_(client|server)_addr$/.test(name)) return 'inet';
  return /^(lower|upper|trim|btrim|ltrim|rtrim|replace|format|concat|substr|substring|left|right)$/.test(name) ? 'text' : undefined;
}

/** Without what restricts it: comparing rounds and cuts nothing, and storing does it again. */
export function baseType(written: string): string {
  const type = written.toLowerCase().replace(/^pg_catalog\./, '').replace(/\([^)]*\)/g, '').replace(/\s+/g, ' ').trim();
  return otherNames.get(type) ?? type;
}

const otherNames: ReadonlyMap<string, string> = new Map([
  ['int', 'integer'], ['int4', 'integer'], ['serial', 'integer'], ['int8', 'bigint'], ['bigserial', 'bigint'], ['int2', 'smallint'],
  ['smallserial', 'smallint'],
  ['varchar', 'character varying'], ['char', 'bpchar'], ['character', 'bpchar'], ['bool', 'boolean'], ['decimal', 'numeric'], ['float8', 'double precision'],
  ['float', 'double precision'], ['float4', 'real'], ['timestamp without time zone', 'timestamp'], ['timestamp with time zone', 'timestamptz'],
]);

/** `||` casts to text, which cuts blanks, adds a mask or writes `true`; format() takes the value as it is shown. */
export function isShownOtherwise(expression: Expression, scope: Scope): boolean {
  const type = typeOf(expression, scope);
  return type !== undefined && /^(boolean|bpchar|inet)$/.test(baseType(type));
}

import type { Node } from '@pgsql/types';
import { lex } from '../../syntax/sql/lexer.ts';
import { parsePostgres } from '../../syntax/sql/postgres.ts';
import type { Edit } from '../../text.ts';
import type { Candidate, Reading } from './candidates.ts';
import { covers, formatCall, repeatedCalls } from './format-call.ts';
import { baseType, typeOf } from './expression-types.ts';
import type { KnownTypes } from './known-types.ts';
import type { Context } from './judgement.ts';
import type { Slot } from './pieces.ts';
import type { Order, Replacement } from './rewrite.ts';
import { replacementsOf } from './rewrite.ts';
import type { Scope } from './scope.ts';
import type { SinkSite } from './sinks.ts';
import { isHarmless } from './sql-types.ts';
import { targetsOf } from './targets.ts';
import type { Template } from './template.ts';
import { isWordByDefault } from './word-defaults.ts';
import { castTo, sourceOf, writerFor } from './written.ts';

export interface UsingCandidate extends Candidate {
  /** Every value has the type that is wanted. */
  readonly first: boolean;
}

/** The statement with its values passed as parameters, for EXECUTE of a query whose types are known. */
export function usingCandidate(reading: Reading, site: SinkSite, { scope }: Context, types: KnownTypes, arrays: boolean): UsingCandidate | undefined {
  const { group, templates: [template, other] } = reading;
  const source = scope.text;
  const direct = group.agreed && group.pieces.every(({ kind }) => kind !== 'choice');
  if (template === undefined || other !== undefined || !direct || !isStatement(site)) return undefined;
  const unsafe = new Set(reading.unsafe.map(({ piece }) => piece));
  const order: Order = { source, scope, needs: (slot) => unsafe.has(slot), regclass: false, arrays };
  const writer = writerFor(source, group);
  const replacements = replacementsOf(group, template, order, writer);
  if (replacements === undefined || !replacements.some(isQuotedValue)) return undefined;
  const passed = valuesToPass(replacements, template, site.using.length + 1, scope, types);
  const repeated = repeatedCalls(template);
  if (passed === undefined || [...passed.keys()].some((one) => covers(one, repeated, template))) return undefined;
  const numbers = new Map([...passed.keys()].map((one, index) => [one, site.using.length + 1 + index]));
  // The parser takes `date $1` for a statement, the server does not; neither takes `date coalesce(1)`.
  const probe = withValues(template.text, [...passed.keys()], ({ array }) => (array ? `${array} (coalesce(1))` : 'coalesce(1)'));
  if (parsePostgres(probe).kind !== 'tree') return undefined;
  const parameters = replacements.map((one) => {
    const how = passed.get(one);
    return how === undefined ? one : { ...one, parameter: parameterOf(one, numbers.get(one)!, how.cast) };
  });
  const text = formatCall(group, parameters, template, writer);
  if (text === undefined) return undefined;
  const how = [...passed.values()];
  const casts = how.some(({ cast }) => cast !== '') ? ' and a cast' : '';
  return {
    title: `Pass with USING${casts}; ${arrays ? 'an empty list or NULL finds nothing' : 'a NULL value is passed as NULL'}`,
    edits: [{ span: group.span, text }, usingClause(site, how.map(({ argument }) => argument).join(', '), source)],
    first: how.every(({ exact }) => exact),
  };
}

function parameterOf({ array }: Replacement, number: number, cast: string): string {
  return array === undefined ? `$${number}${cast}` : `${array} ($${number}${cast})`;
}

function isQuotedValue({ changed, letter }: Replacement): boolean {
  return changed && letter === 'L';
}

/** Every value that would be quoted, and the harmless ones that have the right type; undefined when one of the first cannot be passed. */
function valuesToPass(
  replacements: readonly Replacement[], template: Template, first: number, scope: Scope, types: KnownTypes,
): Map<Replacement, Passed> | undefined {
  const values = replacements.filter((one) => isQuotedValue(one) || isLoneValue(one, template));
  const statement = parsePostgres(withValues(template.text, values, (one) => parameterOf(one, first + values.indexOf(one), '')));
  if (statement.kind !== 'tree' || !takesParameters(statement.node)) return undefined;
  const targets = targetsOf(statement.node, (table) => types.columnsOf(table));
  const passed = new Map<Replacement, Passed>();
  for (const [index, one] of values.entries()) {
    const how = passedAs(one, targets.get(first + index), scope, types);
    if (isQuotedValue(one) && (how === undefined || (one.only && isWordByDefault(one.only, 'value', scope)))) return undefined;
    if (how !== undefined && (how.exact || isQuotedValue(one))) passed.set(one, how);
  }
  return passed;
}

/** A number, or what quote_literal() quotes. */
function isLoneValue({ changed, only }: Replacement, template: Template): boolean {
  if (changed || only === undefined || only.force === 'identifier' || template.place(only)?.kind !== 'bare') return false;
  return only.force === 'literal' || isHarmless(only.judged.type);
}

/** EXECUTE in one of its forms, which takes USING. */
export function isStatement({ kind }: SinkSite): boolean {
  return kind === 'execute' || kind === 'for' || kind === 'return-query' || kind === 'open';
}

function withValues(text: string, values: readonly Replacement[], write: (one: Replacement) => string): string {
  let written = '';
  let done = 0;
  for (const one of values) {
    written += text.slice(done, one.start) + write(one);
    done = one.end;
  }
  return written + text.slice(done);
}

function takesParameters(node: Node): boolean {
  if ('CreateTableAsStmt' in node) return node.CreateTableAsStmt.objtype === 'OBJECT_TABLE';
  return ['SelectStmt', 'InsertStmt', 'UpdateStmt', 'DeleteStmt', 'MergeStmt', 'ExplainStmt'].some((kind) => kind in node);
}

interface Passed {
  readonly argument: string;
  /** `::integer` */
  readonly cast: string;
  /** The value has the type that is wanted. */
  readonly exact: boolean;
}

function passedAs(one: Replacement, target: string | undefined, scope: Scope, types: KnownTypes): Passed | undefined {
  if (one.array !== undefined) return passedAsArray(one, target, scope, types);
  const { only } = one;
  const source = only && sourceOf(only, scope.text);
  const whole = only !== undefined && source !== undefined && (one.argument === source || one.argument === castTo(source, only, 'text'));
  const argument = whole ? source : one.argument;
  const declared = whole ? typeOf(only.expression, scope) : 'text';
  if (target === undefined || declared === undefined) return undefined;
  if (target === 'any' || target === 'pattern') return isText(declared) ? { argument, cast: '', exact: false } : undefined;
  const wanted = baseType(target);
  const inner = whole ? withoutCast(only, scope) : undefined;
  if (inner !== undefined && baseType(inner.type) === wanted && !isText(wanted)) return { argument: inner.argument, cast: '', exact: true };
  if (baseType(declared) === wanted || (isText(declared) && isText(target))) return { argument, cast: '', exact: true };
  const castable = isText(declared) && types.classOf(wanted) !== 'unknown' && !/^(bit|varbit|interval)\b/.test(wanted);
  return castable ? { argument, cast: `::${wanted}`, exact: false } : undefined;
}

function passedAsArray({ argument, only }: Replacement, target: string | undefined, scope: Scope, types: KnownTypes): Passed | undefined {
  const { expression } = only!;
  const array = expression.kind === 'call' && expression.name === 'array_to_string' ? expression.args[0] : undefined;
  const declared = array === undefined ? 'text[]' : typeOf(array, scope);
  if (target === undefined || !declared?.endsWith('[]')) return undefined;
  const wanted = baseType(target.slice(0, -2));
  const given = baseType(declared.slice(0, -2));
  // The items of a text that is a list of texts have quotes of their own.
  if (isText(wanted)) return isText(given) && array !== undefined ? { argument, cast: '', exact: true } : undefined;
  if (given === wanted) return { argument, cast: '', exact: true };
  return isText(given) && types.classOf(wanted) !== 'unknown' ? { argument, cast: `::${wanted}[]`, exact: false } : undefined;
}

/** `x` for `x::text` */
function withoutCast({ expression }: Slot, scope: Scope): { type: string; argument: string } | undefined {
  if (expression.kind !== 'cast' || !isText(expression.type)) return undefined;
  const type = typeOf(expression.operand, scope);
  return type === undefined ? undefined : { type, argument: scope.text.slice(expression.operand.span.start, expression.operand.span.end) };
}

function isText(type: string): boolean {
  return /^(text|character varying)$/.test(baseType(type));
}

/** Behind INTO, as people write it; behind the values that are passed already. */
function usingClause({ kind, expression, using }: SinkSite, list: string, source: string): Edit {
  const last = using.at(-1);
  if (last !== undefined) return { span: { start: last.end, end: last.end }, text: `, ${list}` };
  let end = expression.end;
  if (kind === 'execute') {
    const rest = lex(source.slice(end), 'body').filter((token) => token.kind !== 'comment');
    const stop = rest.findIndex((token) => source[expression.end + token.start] === ';');
    end += rest[(stop < 0 ? rest.length : stop) - 1]?.end ?? 0;
  }
  return { span: { start: end, end }, text: ` USING ${list}` };
}

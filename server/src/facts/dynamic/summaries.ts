import type { StatementText } from '../../syntax/sql/statements.ts';
import { codeOf, decodeLiteral, lex, tokenText, type Token } from '../../syntax/sql/lexer.ts';
import type { RoutineBody } from '../../syntax/sql/plpgsql.ts';
import { withoutQuotes } from '../../syntax/sql/written-type.ts';
import type { Span } from '../../text.ts';
import type { Judgement, Passed, Result, Summaries } from './judgement.ts';
import { contextIn, isTame, outputName, together, unknown } from './judgement.ts';
import { readHeader, type HeaderParameter } from './header.ts';
import type { Overload } from './overloads.ts';
import { overloadsOf } from './overloads.ts';
import type { Returned } from './returned.ts';
import { judgeReturned, outputsOf, resultsOf } from './returned.ts';
import type { Scope, Variable } from './scope.ts';
import { onlyRaising, readScope, worse } from './scope.ts';
import { classOfType, isHarmless, type TypeClass } from './sql-types.ts';
import { readableBody } from './wrappers.ts';
import { nameOf, spanOf } from '../sql/tokens.ts';
import { grouped } from '../../grouped.ts';

/** What the functions that a file creates give back, where that is known to be harmless. */
export function summariesOf(read: readonly Summary[]): Summaries {
  const known = new Map<string, Result>();
  const all = read.flatMap(({ name, gives, outputs = [], onlyReads }) => (onlyReads ? [] : outputs.length === 0 ? [{ name, gives }] : outputs.map((one, argument) => ({ name: outputName(name, argument), gives: one }))));
  for (const [name, [first, ...others]] of grouped(all, (one) => one.name)) {
    // A second function of the same name may do something else.
    const gives = others.reduce((before, one) => either(before, one.gives), first!.gives);
    if (gives !== undefined) known.set(name, gives);
  }
  const functions = read.flatMap(({ name, gives, inputs }) => (inputs === undefined ? [] : [{ name, gives, ...inputs }]));
  for (const [name, all] of grouped(functions, (one) => one.name)) {
    const overloads = overloadsOf(all);
    if (overloads !== undefined) known.set(name, { ...known.get(name) ?? unknown, overloads });
  }
  return known;
}

const mostArguments = 16;

/** Of two of one name nobody can tell which is called: what one of them lets through gets through. */
function either(before: Summary['gives'], gives: Summary['gives']): Summary['gives'] {
  if (before === undefined || gives === undefined) return undefined;
  if (JSON.stringify(before) === JSON.stringify(gives)) return before;
  const passed = [before, gives].flatMap((one) => ('passes' in one ? [one] : []));
  const [first] = passed;
  const besides = together([before, gives].flatMap((one) => ('passes' in one ? one.besides ?? [] : [one])));
  if (first === undefined) return besides;
  return {
    passes: [...new Set(passed.flatMap(({ passes }) => passes))], keeps: first.keeps.filter((index) => passed.every(({ passes, keeps }) => keeps.includes(index) || !passes.includes(index))),
    names: passed.every(({ names }) => names.join() === first.names.join()) ? first.names : [], rest: first.rest,
    besides: isTame(besides) ? undefined : besides, builds: [...new Set(passed.flatMap(({ builds }) => builds))],
  };
}

export interface Summary {
  readonly name: string;
  readonly gives: Judgement | Passed | undefined;
  /** What a function is given. */
  readonly inputs?: Pick<Overload, 'types' | 'takes'>;
  /** What a procedure leaves in each of its arguments. */
  readonly outputs?: readonly (Judgement | Passed | undefined)[];
  /** A procedure without arguments that it could leave something in. */
  readonly onlyReads?: true;
}

/** The name of the routine that a statement creates, without its schema. */
export function createdFunction({ head, tokens, text }: StatementText): string | undefined {
  if (!/^CREATE (OR REPLACE )?(FUNCTION|PROCEDURE)\b/.test(head)) return undefined;
  const open = tokens.findIndex((token) => token.kind === 'punctuation' && text[token.start] === '(');
  const name = tokens.slice(0, Math.max(open, 0)).findLast((token) => token.kind !== 'comment');
  return name && nameOf(name, text);
}

/** What one statement tells about the function that it creates. `raises`: functions that always do. */
export function readSummary(written: StatementText, routines: Summaries = new Map(), raises: ReadonlySet<string> = new Set()): Summary | undefined {
  const name = createdFunction(written);
  if (name === undefined) return undefined;
  const { parameters } = readHeader(written);
  const outputs = parameters.filter((one) => one.output);
  const type = outputs.length > 0 ? undefined : returnedType(written);
  if (outputs.length === 0 && isProcedure.test(written.head)) return { name, gives: undefined, onlyReads: true };
  if (outputs.length === 0 && type === undefined) return undefined;
  const inputs = parameters.filter((one) => one.input);
  if (type !== undefined && (isHarmless(type) || type === 'object')) return { name, gives: { type, origin: 'unknown', quoted: false }, inputs: givenTo(inputs) };
  const body = written.body ?? atomicBody(written);
  const inside = written.body === undefined ? body?.sql : readableBody(written);
  if (body === undefined || inside === undefined) return { name, gives: undefined, inputs: givenTo(inputs) };
  const scope = readScope(written, body.text, inside, onlyRaising(raises));
  if (isProcedure.test(written.head)) {
    return { name, gives: undefined, outputs: parameters.map((one) => (one.output ? givenBy(outputsOf([one], inside, body), parameters, scope, routines) : undefined)) };
  }
  const results = outputs.length > 0 ? outputsOf(outputs, inside, body) : resultsOf(body.text, inside.tokens, body.language);
  return { name, gives: givenBy(results, inputs, scope, routines), inputs: givenTo(inputs) };
}

const isProcedure = /^CREATE (OR REPLACE )?PROCEDURE\b/;

function givenTo(inputs: readonly HeaderParameter[]): NonNullable<Summary['inputs']> {
  const least = inputs.filter(({ fallback, variadic }) => fallback === undefined && !variadic).length;
  return { types: inputs.map(({ type }) => type), takes: [least, inputs.some(({ variadic }) => variadic) ? mostArguments : inputs.length] };
}

/** What `results` hold: always the same, or something made of some of `inputs`. */
function givenBy(results: readonly Returned[], inputs: readonly HeaderParameter[], scope: Scope, routines: Summaries): Judgement | Passed | undefined {
  if (results.length === 0) return undefined;
  const judgeIn = (from: Scope) => results.map((result) => judgeReturned(result, contextIn(from, routines)));
  const judged = judgeIn(scope);
  if (judged.every(isTame)) return quotedOf(judged);
  const others = [...judgeIn(withParameters(scope, () => fixed)), ...judged.filter((one) => !isGiven(one))];
  const { trail: _, ...besides } = together(others);
  // Settings, too, are the caller's.
  if (isGiven(besides)) return besides;
  const given = inputs.map(({ at }) => judgeIn(withParameters(scope, (one) => (isAt(one, at) ? {} : fixed))).filter(isGiven));
  const passes = given.flatMap((all, index) => (all.length > 0 ? [index] : []));
  if (passes.length === 0) return isTame(besides) || besides.origin === 'unknown' ? undefined : besides;
  const keeps = writesQuotes(scope) ? [] : passes.filter((index) => judgeIn(withParameters(scope, (one) => (isAt(one, inputs[index]!.at) ? { quoted: true } : fixed))).every((one) => isTame(one) || !isGiven(one)));
  const rest = inputs.findIndex(({ variadic }) => variadic);
  return {
    passes, keeps, names: inputs.map(({ name }) => name), rest: rest < 0 ? undefined : rest,
    besides: isTame(besides) ? undefined : besides, builds: passes.filter((index) => given[index]!.some(({ built }) => built)),
  };
}

/** It is made of what the caller gives. */
function isGiven(one: Judgement): boolean {
  return !isTame(one) && one.origin === 'param';
}

/** What it puts around a text may be quotes. */
function writesQuotes({ code: { tokens }, text }: Scope): boolean {
  return tokens.some((token) => (token.kind === 'string' || token.kind === 'dollar') && /['"$]|--|\/\*/.test(decodeLiteral(tokenText(token, text))));
}

/** `RETURN x` and `BEGIN ATOMIC SELECT x; END` stand in the statement as they are. */
function atomicBody({ tokens: all, text }: StatementText): Pick<RoutineBody, 'text' | 'language' | 'sql'> | undefined {
  const tokens = codeOf(all);
  const word = (index: number): string => nameOf(tokens[index], text);
  const at = tokens.findIndex((_, index) => word(index) === 'return' || (word(index) === 'begin' && word(index + 1) === 'atomic'));
  if (at < 0) return undefined;
  const isReturn = word(at) === 'return';
  const end = isReturn ? tokens.length : tokens.findLastIndex((_, index) => word(index) === 'end');
  // The rest of the statement is blank, so that offsets stay what they are.
  const first = tokens[isReturn ? at + 1 : at + 2];
  const last = tokens[end - 1];
  if (first === undefined || last === undefined || last.end <= first.start) return undefined;
  const own = (isReturn ? 'select ' : '').padStart(first.start) + text.slice(first.start, last.end);
  return { text: own, language: 'sql', sql: { tokens: lex(own, 'body'), declarations: [], assignments: [], executes: [], statements: [] } };
}

/** Undefined when the statement does not say it. */
function returnedType({ tokens: all, text }: StatementText): TypeClass | undefined {
  const tokens = codeOf(all);
  const returns = tokens.findIndex((token) => token.kind === 'word' && nameOf(token, text) === 'returns');
  return returns < 0 ? undefined : classOfType(typeAfter(tokens.slice(returns + 1), text));
}

/** Every way out gives constants or quoted text. */
function quotedOf(judged: readonly Judgement[]): Judgement {
  const ready = judged.filter((one) => one.quoted);
  return { type: 'text', origin: ready.map(({ origin }) => origin).reduce(worse, 'constant'), quoted: ready.length > 0 };
}

const fixed: Partial<Variable> = { origin: 'constant' };

function isAt({ parameter }: Variable, { start }: Span): boolean {
  return parameter?.start === start;
}

/** The scope as it is when its parameters are something else than known. */
function withParameters(scope: Scope, as: (parameter: Variable) => Partial<Variable>): Scope {
  const changed = new Map<Variable, Variable>();
  const change = (variable: Variable | undefined): Variable | undefined => {
    if (variable?.parameter === undefined) return variable;
    const other = changed.get(variable) ?? { ...variable, ...as(variable) };
    changed.set(variable, other);
    return other;
  };
  return { ...scope, find: (name, offset) => change(scope.find(name, offset)), parameter: (number, offset) => change(scope.parameter(number, offset)) };
}

function typeAfter(tokens: readonly Token[], text: string): string {
  const end = tokens.findIndex((token) => /^(language|as|stable|immutable|volatile|strict|security|set|cost|rows|parallel|called|leakproof|window|support|return|begin)$/.test(nameOf(token, text)));
  const { start, end: last } = spanOf(end < 0 ? tokens : tokens.slice(0, end));
  return withoutQuotes(text.slice(start, last));
}

import type { StatementText } from '../../syntax/sql/statements.ts';
import type { Expression } from '../../syntax/sql/expression.ts';
import { codeOf, lex, type Token } from '../../syntax/sql/lexer.ts';
import type { PlpgsqlBody, RoutineBody } from '../../syntax/sql/plpgsql.ts';
import type { Span } from '../../text.ts';
import type { Judgement, Passed, Summaries } from './judgement.ts';
import { contextIn, isTame, outputName } from './judgement.ts';
import { judge } from './origin.ts';
import { readHeader, type HeaderParameter } from './header.ts';
import type { Scope, Variable } from './scope.ts';
import { readScope, worse } from './scope.ts';
import { classOfType, isHarmless, type TypeClass } from './sql-types.ts';
import { readableBody } from './wrappers.ts';
import { nameOf, spanOf, wordsOf } from '../sql/tokens.ts';

/** What the functions that a file creates give back, where that is known to be harmless. */
export function summariesOf(read: readonly Summary[]): Summaries {
  const known = new Map<string, Judgement | Passed>();
  const seen = new Map<string, string>();
  const all = read.flatMap(({ name, gives, outputs = [] }) => (outputs.length === 0 ? [{ name, gives }] : outputs.map((one, argument) => ({ name: outputName(name, argument), gives: one }))));
  for (const { name, gives } of all) {
    const before = seen.get(name);
    seen.set(name, JSON.stringify(gives ?? null));
    // A second function of the same name may do something else.
    if (before !== undefined && before !== seen.get(name)) forget(name, gives, known);
    else if (gives) known.set(name, gives);
  }
  return known;
}

/** Of two of one name nobody can tell which is called: what one of them lets through gets through. */
function forget(name: string, gives: Judgement | Passed | undefined, known: Map<string, Judgement | Passed>): void {
  const before = known.get(name);
  const passed = [before, gives].flatMap((one) => (one !== undefined && 'passes' in one ? [one] : []));
  if (before === undefined || gives === undefined || passed.length === 0) known.delete(name);
  else known.set(name, { passes: [...new Set(passed.flatMap(({ passes }) => passes))], builds: passed.some(({ builds }) => builds) });
}

export interface Summary {
  readonly name: string;
  readonly gives: Judgement | Passed | undefined;
  /** What a procedure leaves in each of its arguments. */
  readonly outputs?: readonly (Judgement | Passed | undefined)[];
}

/** The name of the routine that a statement creates, without its schema. */
export function createdFunction({ head, tokens, text }: StatementText): string | undefined {
  if (!/^CREATE (OR REPLACE )?(FUNCTION|PROCEDURE)\b/.test(head)) return undefined;
  const open = tokens.findIndex((token) => token.kind === 'punctuation' && text[token.start] === '(');
  const name = tokens.slice(0, Math.max(open, 0)).findLast((token) => token.kind !== 'comment');
  return name && nameOf(name, text);
}

/** What one statement tells about the function that it creates. */
export function readSummary(written: StatementText): Summary | undefined {
  const name = createdFunction(written);
  if (name === undefined) return undefined;
  const { parameters } = readHeader(written);
  const outputs = parameters.filter((one) => one.output);
  const type = outputs.length > 0 ? undefined : returnedType(written);
  if (outputs.length === 0 && type === undefined) return undefined;
  if (type !== undefined && (isHarmless(type) || type === 'object')) return { name, gives: { type, origin: 'unknown', quoted: false } };
  const body = written.body ?? atomicBody(written);
  const inside = written.body === undefined ? body?.sql : readableBody(written);
  if (body === undefined || inside === undefined) return { name, gives: undefined };
  const scope = readScope(written, body.text, inside);
  const inputs = parameters.filter((one) => one.input);
  if (/^CREATE (OR REPLACE )?PROCEDURE\b/.test(written.head)) {
    return { name, gives: undefined, outputs: parameters.map((one) => (one.output ? givenBy(outputsOf([one], inside, body), parameters, scope) : undefined)) };
  }
  const results = outputs.length > 0 ? outputsOf(outputs, inside, body) : resultsOf(body.text, inside.tokens, body.language);
  return { name, gives: givenBy(results, inputs, scope) };
}

/** What `results` hold: always the same, or something made of some of `inputs`. */
function givenBy(results: readonly (Reference | Span)[], inputs: readonly HeaderParameter[], scope: Scope): Judgement | Passed | undefined {
  if (results.length === 0) return undefined;
  const judgeIn = (from: Scope) => results.map((result) => {
    const expression = 'path' in result ? result : from.expressionAt(result)?.expression;
    return expression && judge(expression, contextIn(from, new Map()));
  });
  const judged = judgeIn(scope);
  if (judged.some((one) => one === undefined || (!isTame(one) && one.origin !== 'param'))) return undefined;
  if (judged.every((one) => isTame(one!))) return quotedOf(judged.map((one) => one!));
  return { passes: inputs.flatMap(({ at }, index) => (judgeIn(withOnly(at, scope)).every((one) => isTame(one!)) ? [] : [index])), builds: judged.some((one) => !isTame(one!) && one!.built === true) };
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

type Reference = Extract<Expression, { kind: 'reference' }>;

/** The parameters that give something back, as they are at every way out. Nothing when rows come from a query. */
function outputsOf(outputs: readonly HeaderParameter[], { tokens }: PlpgsqlBody, { text, language }: Pick<RoutineBody, 'text' | 'language'>): (Reference | Span)[] {
  if (language !== 'plpgsql') return outputs.length === 1 ? resultsOf(text, tokens, language) : [];
  const { tokens: code, words } = wordsOf(tokens, text);
  const ends = code.flatMap((token, index) => (words[index] === 'return' && token.kind === 'word' ? [{ at: token.start, next: words[index + 1] }] : []));
  if (ends.some(({ next }) => next === 'query')) return [];
  return outputs.flatMap(({ name, type }): Reference[] => {
    if (isHarmless(classOfType(type))) return [];
    const path = [name ?? ''];
    return [...ends.map(({ at }) => at), text.length].map((at) => ({ kind: 'reference', span: { start: at, end: at }, path }));
  });
}

/** Every way out gives constants or quoted text. */
function quotedOf(judged: readonly Judgement[]): Judgement {
  const ready = judged.filter((one) => one.quoted);
  return { type: 'text', origin: ready.map(({ origin }) => origin).reduce(worse, 'constant'), quoted: ready.length > 0 };
}

/** The scope as it is when all parameters but one are constants. */
function withOnly(parameter: Span, scope: Scope): Scope {
  const changed = new Map<Variable, Variable>();
  const change = (variable: Variable | undefined): Variable | undefined => {
    if (variable?.parameter === undefined || variable.parameter.start === parameter.start) return variable;
    const other = changed.get(variable) ?? { ...variable, origin: 'constant' };
    changed.set(variable, other);
    return other;
  };
  return { ...scope, find: (name, offset) => change(scope.find(name, offset)), parameter: (number) => change(scope.parameter(number)) };
}

function typeAfter(tokens: readonly Token[], text: string): string {
  const end = tokens.findIndex((token) => /^(language|as|stable|immutable|volatile|strict|security|set|cost|rows|parallel|called|leakproof|window|support|return|begin)$/.test(nameOf(token, text)));
  const { start, end: last } = spanOf(end < 0 ? tokens : tokens.slice(0, end));
  return text.slice(start, last);
}

/** The expression of `SELECT …` without FROM, or of every RETURN. */
function resultsOf(text: string, all: readonly Token[], language: string | undefined): Span[] {
  const { tokens, words } = wordsOf(all, text);
  if (language === 'sql') {
    const last = words.at(-1) === ';' ? words.length - 1 : words.length;
    const list = words.slice(1, last);
    return words[0] === 'select' && list.length > 0 && !list.includes('from') && !list.includes(';') ? [spanOf(tokens.slice(1, last))] : [];
  }
  return tokens.flatMap((token, index) => {
    if (token.kind !== 'word' || words[index] !== 'return') return [];
    const first = words[index + 1] === 'next' ? index + 2 : index + 1;
    let end = first;
    while (end < tokens.length && words[end] !== ';') end++;
    return end > first && end < tokens.length ? [{ start: tokens[first]!.start, end: tokens[end - 1]!.end }] : [];
  });
}

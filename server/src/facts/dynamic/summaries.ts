import type { StatementText } from '../../syntax/sql/statements.ts';
import type { Token } from '../../syntax/sql/lexer.ts';
import type { Span } from '../../text.ts';
import type { Judgement, Passed, Summaries } from './judgement.ts';
import { contextIn, isTame } from './judgement.ts';
import { judge } from './origin.ts';
import { readHeader } from './header.ts';
import type { Scope, Variable } from './scope.ts';
import { readScope, worse } from './scope.ts';
import { classOfType, isHarmless } from './sql-types.ts';
import { readableBody } from './wrappers.ts';
import { nameOf, spanOf } from '../sql/tokens.ts';

/** What the functions that a file creates give back, where that is known to be harmless. */
export function summariesOf(read: readonly Summary[]): Summaries {
  const known = new Map<string, Judgement | Passed>();
  const seen = new Map<string, string>();
  for (const { name, gives } of read) {
    const before = seen.get(name);
    seen.set(name, JSON.stringify(gives ?? null));
    // A second function of the same name may do something else.
    if (before !== undefined && before !== seen.get(name)) known.delete(name);
    else if (gives) known.set(name, gives);
  }
  return known;
}

export interface Summary {
  readonly name: string;
  readonly gives: Judgement | Passed | undefined;
}

/** The name of the function that a statement creates, without its schema. */
export function createdFunction({ head, tokens, text }: StatementText): string | undefined {
  if (!/^CREATE (OR REPLACE )?FUNCTION\b/.test(head)) return undefined;
  const open = tokens.findIndex((token) => token.kind === 'punctuation' && text[token.start] === '(');
  const name = tokens.slice(0, Math.max(open, 0)).findLast((token) => token.kind !== 'comment');
  return name && nameOf(name, text);
}

/** What one statement tells about the function that it creates. */
export function readSummary(written: StatementText): Summary | undefined {
  const name = createdFunction(written);
  const { text, body } = written;
  const tokens = written.tokens.filter((token) => token.kind !== 'comment');
  const returns = tokens.findIndex((token) => token.kind === 'word' && nameOf(token, text) === 'returns');
  if (name === undefined || returns < 0) return undefined;
  const type = classOfType(typeAfter(tokens.slice(returns + 1), text));
  if (isHarmless(type) || type === 'object') return { name, gives: { type, origin: 'unknown', quoted: false } };
  const inside = readableBody(written);
  const results = body === undefined ? [] : resultsOf(body.text, inside?.tokens, body.language);
  if (body === undefined || inside === undefined || results.length === 0) return { name, gives: undefined };
  const scope = readScope(written, body.text, inside);
  const judgeIn = (from: Scope) => results.map((span) => {
    const read = from.expressionAt(span);
    return read && judge(read.expression, contextIn(from, new Map()));
  });
  const judged = judgeIn(scope);
  if (judged.some((one) => one === undefined || (!isTame(one) && one.origin !== 'param'))) return { name, gives: undefined };
  if (judged.every((one) => isTame(one!))) return { name, gives: quotedOf(judged.map((one) => one!)) };
  const inputs = readHeader(written).parameters.filter((one) => one.input);
  return { name, gives: { passes: inputs.flatMap(({ at }, index) => (judgeIn(withOnly(at, scope)).every((one) => isTame(one!)) ? [] : [index])), builds: judged.some((one) => !isTame(one!) && one!.built === true) } };
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
function resultsOf(text: string, tokens: readonly Token[] | undefined, language: string | undefined): Span[] {
  if (language === 'sql') {
    const select = /^\s*select\s+([\s\S]*?)\s*;?\s*$/i.exec(text);
    if (select === null || /\bfrom\b|;/i.test(select[1]!)) return [];
    const start = text.indexOf(select[1]!, select[0].search(/select/i) + 6);
    return [{ start, end: start + select[1]!.length }];
  }
  if (tokens === undefined) return [];
  return tokens.flatMap((token, index) => {
    if (token.kind !== 'word' || nameOf(token, text) !== 'return') return [];
    const first = nameOf(tokens[index + 1], text) === 'next' ? index + 2 : index + 1;
    let end = first;
    while (end < tokens.length && text[tokens[end]!.start] !== ';') end++;
    return end > first && end < tokens.length ? [{ start: tokens[first]!.start, end: tokens[end - 1]!.end }] : [];
  });
}

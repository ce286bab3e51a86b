import type { Span } from '../../text.ts';
import type { Expression } from '../../syntax/sql/expression.ts';
import type { Context } from './judgement.ts';
import { isTame } from './judgement.ts';
import { judge } from './origin.ts';
import type { Scope } from './scope.ts';
import type { Slot } from './pieces.ts';
import type { Template } from './template.ts';
import type { Problem } from './threat.ts';
import type { Write } from './writes.ts';

/** The value is the whole statement, with clauses or another statement behind it or without, or what EXPLAIN, CREATE … AS, a sub-select or WITH is told to run. */
export function takesQuery({ text, placed }: Template, start: number, end: number): boolean {
  const before = text.slice(0, start).trimStart();
  const after = text.slice(end).trim();
  if (before.trimEnd().endsWith('(') && inParentheses.test(before)) return after.startsWith(')') && !fromOfNoQuery.test(before.slice(-longestCall));
  if (before !== '' && !beforeQuery.test(before)) return false;
  return behindQuery.test(after) || placed.every(({ piece }) => piece.kind !== 'text' || /^[\s;]*$/.test(piece.value));
}

/** `query || ' FROM ' || t`: whoever writes what the statement begins with chooses what it is, as far as somebody else does. */
export function beginsQuery({ text }: Template, start: number, end: number): boolean {
  return text.slice(0, start).trim() === '' && behindSelect.test(text.slice(end));
}

const behindSelect = /^\s*from\b/i;
const beforeQuery = /^(?:explain(?:\s*\([^)]*\)|\s+analy[sz]e|\s+verbose)*\s*|(?:create\s+(?:(?!\bselect\b)[^;()])*\bas|prepare\s+\w+\s+as|declare\s(?:(?!\bselect\b)[^;])*\bfor)\s+)$/is;
const behindQuery = /^(?:;|$)|^(?:where|and|or|group\s+by|having|union|except|intersect|order\s+by|limit|offset|fetch|for|returning)\b/i;
const inParentheses = /(?:\b(?:from|join|lateral|exists|array|as(?:\s+(?:not\s+)?materialized)?|union(?:\s+all)?|except|intersect)|^copy)\s*\(+\s*$/i;

/** `FOR VALUES FROM (x) TO (y)`, `IS DISTINCT FROM (x)`, `extract(year FROM (x))` */
const fromOfNoQuery = /(?:\b(?:values|distinct)|\b(?:extract|trim|substring|overlay|position)\s*\((?:[^()]|\([^()]*\))*)\s+from\s*\(+\s*$/i;

/** In characters, up to FROM. */
const longestCall = 300;

/** A statement that is nothing but one value is reported only when somebody else is known to choose it. */
export function wholeProblem({ force, judged, expression }: Slot, context: Context): Problem | undefined {
  if (force !== undefined || judged.quoted || judged.type === 'number') return undefined;
  if (expression.kind === 'call' && judged.origin === 'unknown' && judged.type === 'unknown') return 'result';
  if (/^(unknown|fetched)$/.test(judged.origin) && !isTame(judged) && holdsResults(expression, context)) return 'result';
  if (expression.kind === 'call' && isMadeElsewhere(expression.name, judged, context)) return 'result';
  if (judged.built && judged.origin === 'catalog') return 'concatenated';
  const chosen = /^(param|row|trigger)$/.test(judged.origin) || (/^(fetched|list|error|setting)$/.test(judged.origin) && isRead(expression, context));
  if (!chosen) return undefined;
  if (judged.built) return 'concatenated';
  // A template that the caller gives is a statement of the caller's.
  if (expression.kind === 'call' && /^(format|concat|concat_ws)$/.test(expression.name)) return /^(reference|parameter)$/.test(expression.args[0]?.kind ?? '') ? 'whole' : 'formatted';
  const subject = subjectOf(expression);
  return subject !== expression && isTame(judge(subject, context)) ? 'concatenated' : 'whole';
}

/** `v := app.build(x)`: all that is put into it are results of functions that nothing is known about. */
function holdsResults(expression: Expression, context: Context): boolean {
  if (expression.kind !== 'reference') return false;
  const values = context.scope.find(expression.path.join('.'), expression.span.start)?.values ?? [];
  return values.length > 0 && values.length <= mostResults && values.every(({ value, kind, calls }) => {
    // `SELECT * INTO v FROM app.build(x)`
    const given = value ?? (calls.length === 1 ? calls[0] : undefined);
    const read = kind === 'set' && given !== undefined ? context.scope.expressionAt(given)?.expression : undefined;
    if (read?.kind !== 'call') return false;
    const { origin, type } = judge(read, context);
    return origin === 'unknown' && type === 'unknown';
  });
}

/** In a variable that runs whole. */
const mostResults = 10;

/** A query of the routine's own reads it, of which nothing but tables gives the rows; what else is put there gives no worse. */
function isRead(expression: Expression, { scope }: Context): boolean {
  const subject = subjectOf(expression);
  if (subject.kind !== 'reference') return false;
  const { path, span } = subject;
  const variable = scope.find(path.join('.'), span.start) ?? (path.length === 2 ? scope.find(path[0]!, span.start) : undefined);
  const isOwn = ({ executed, calls, called }: Write) => executed === undefined && called === undefined && calls.length === 0;
  return variable === undefined || variable.values.every(isOwn) || variable.values.some((write) => isOwn(write) && write.origin === 'fetched');
}

/** A function of the workspace makes the statement of what is stored. */
function isMadeElsewhere(name: string, judged: Slot['judged'], { routines }: Context): boolean {
  if (isTame(judged) || !/^(catalog|fetched|setting|list)$/.test(judged.origin)) return false;
  const own = routines.get(name) ?? routines.get(name.split('.').at(-1)!);
  return own !== undefined && !('passes' in own);
}

/** The statement is the caller's own, whatever the routine has put into it. */
export function isCallersQuery({ expression }: Slot, problem: Problem | undefined, context: Context): boolean {
  if (problem !== 'whole') return false;
  const subject = judge(subjectOf(expression), context);
  return subject.origin === 'param' && !isTame(subject);
}

/** What functions that change a part of a text are given: `query` in `replace(trim(query), ':id', '1')`. */
function subjectOf(expression: Expression): Expression {
  if (expression.kind === 'cast') return subjectOf(expression.operand);
  const [first] = expression.kind === 'call' && changing.has(expression.name) ? expression.args : [];
  return first === undefined ? expression : subjectOf(first);
}

/** What a statement runs whole: `q` of `trim(q)`, `q::text`, `'EXPLAIN ' || q`. Only texts that look like that are read. */
export function wholePart(span: Span, scope: Scope): Span {
  const written = scope.text.slice(span.start, Math.min(span.end, span.start + longestWhole + 1));
  if (written.length > longestWhole || !mayPassWhole.test(written)) return span;
  const expression = scope.expressionAt(span)?.expression;
  return expression === undefined ? span : partOf(expression) ?? span;
}

function partOf(expression: Expression): Span | undefined {
  const subject = subjectOf(expression);
  if (subject.kind !== 'concat') return subject.kind === 'reference' || subject.kind === 'parameter' ? subject.span : undefined;
  const at = subject.parts.findIndex(({ kind }) => kind !== 'literal');
  const texts = [subject.parts.slice(0, at), subject.parts.slice(at + 1)].map((parts) => parts.map((part) => (part.kind === 'literal' ? part.value : ' x ')).join('').trimStart());
  const inside = inParentheses.test(texts[0]!) && texts[1]!.startsWith(')');
  const runs = at >= 0 && (inside || ((texts[0] === '' || beforeQuery.test(texts[0]!)) && behindQuery.test(texts[1]!)) || (texts[0] === '' && behindSelect.test(texts[1]!)));
  return runs ? partOf(subject.parts[at]!) : undefined;
}

const longestWhole = 300;
const gap = String.raw`(?:\s|--[^\n]*\n|/\*.*?\*/)*`;
const mayPassWhole = new RegExp(String.raw`^\(*\s*(?:[lrb]?trim|replace|regexp_replace|coalesce)\s*\(|::|^'\s*(?:explain|create|prepare|declare)\b|\(\s*'${gap}\|\||^(?:[\w.$\u0080-\uffff]|"[^"]+")+${gap}\|\|${gap}'`, 'is');

const changing = new Set(['replace', 'regexp_replace', 'translate', 'overlay', 'trim', 'btrim', 'ltrim', 'rtrim', 'lower', 'upper', 'left', 'right', 'substr', 'substring', 'split_part', 'format', 'coalesce', 'nullif']);

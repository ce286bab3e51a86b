import { shift, type Span } from '../text.ts';
import { lex } from '../syntax/sql/lexer.ts';
import type { Expression } from '../syntax/sql/expression.ts';
import type { Context, Judgement } from './origin.ts';
import { expressionAt, judge } from './origin.ts';
import type { Variable } from './scope.ts';
import { nameOf } from './tokens.ts';

/** The text of a dynamic statement, taken apart. All spans count from the start of the routine body. */
export type Piece = Text | Slot | Choice;

export interface Text {
  readonly kind: 'text';
  readonly value: string;
  readonly span: Span;
  /** In the template of format(): where every character of the value stands in the source, and where the last one ends. */
  readonly places?: readonly number[];
}

/** A value that becomes part of the statement. */
export interface Slot {
  readonly kind: 'slot';
  /** The value, without the quoting call around it. */
  readonly span: Span;
  readonly expression: Expression;
  readonly judged: Judgement;
  /** quote_ident() or %I, quote_literal() or %L. */
  readonly force: 'identifier' | 'literal' | undefined;
  /** The quoting call, or the specifier when a template of format() quotes it. */
  readonly quoting: Span | undefined;
  /** The specifier of a template that is one literal: where it stands in the source. */
  readonly specifier: Span | undefined;
  readonly by: 'concat' | 'format';
  /** Somebody doubles the quotes by hand. */
  readonly escaped: boolean;
  /** A width in the specifier, as in `%-10s`. */
  readonly padded: boolean;
}

/** One of several texts: the branches of CASE, the values of a variable. */
export interface Choice {
  readonly kind: 'choice';
  readonly span: Span;
  readonly branches: readonly Group[];
}

/** One expression whose text goes into the statement, or the part of it behind `q ||`. */
export interface Group {
  readonly span: Span;
  readonly pieces: readonly Piece[];
  readonly shape: 'concat' | 'format' | 'single';
  readonly agreed: boolean;
  /** A call of format() that has nothing around it: its template and its arguments. */
  readonly format: { readonly template: Span; readonly args: readonly Span[] } | undefined;
}

/** Undefined when the expression cannot be read. */
export function readGroup(span: Span, context: Context): Group | undefined {
  const read = expressionAt(context.scope.text, span);
  context.memo.budget = 200;
  return read && groupOf(read.expression, read.agreed, context);
}

/** All slots below `group`, each once for every way to it. */
export function slotsOf(group: Group): Slot[] {
  return group.pieces.flatMap((piece) => {
    if (piece.kind === 'slot') return [piece];
    return piece.kind === 'choice' ? piece.branches.flatMap(slotsOf) : [];
  });
}

function groupOf(expression: Expression, agreed: boolean, context: Context): Group {
  const bare = withoutTextCast(expression);
  const plainFormat = bare.kind === 'call' && bare.name === 'format' && bare === expression && bare.args[0]?.kind === 'literal';
  const shape = bare.kind === 'concat' || isConcat(bare) ? 'concat' : plainFormat ? 'format' : 'single';
  return {
    span: expression.span,
    pieces: flatten(expression, context, 'concat'),
    shape,
    agreed,
    format: plainFormat ? { template: bare.args[0]!.span, args: bare.args.slice(1).map((argument) => argument.span) } : undefined,
  };
}

type Call = Extract<Expression, { kind: 'call' }>;

function isConcat(expression: Expression): boolean {
  return expression.kind === 'call' && (expression.name === 'concat' || expression.name === 'concat_ws');
}

function flatten(expression: Expression, context: Context, by: Slot['by']): Piece[] {
  switch (expression.kind) {
    case 'literal': return literalTexts(expression, context);
    case 'number': return [{ kind: 'text', value: context.scope.text.slice(expression.span.start, expression.span.end), span: expression.span }];
    case 'null': return [];
    case 'concat': return expression.parts.flatMap((part) => flatten(part, context, by));
    case 'cast': {
      const inner = withoutTextCast(expression);
      return inner.kind === 'literal' || inner.kind === 'concat' ? flatten(inner, context, by) : [slot(expression, context, by)];
    }
    case 'case': return [choiceOf(expression, expression.results, context, by)];
    case 'call': return flattenCall(expression, context, by);
    case 'reference': return [flattenReference(expression, context, by)];
    default: return [slot(expression, context, by)];
  }
}

/** Literals continued on the next line keep their lines. */
function literalTexts(literal: Extract<Expression, { kind: 'literal' }>, context: Context): Piece[] {
  const source = context.scope.text.slice(literal.span.start, literal.span.end);
  const parts = literal.quoting === 'single' ? lex(source).filter((token) => token.kind === 'string') : [];
  const values = parts.map((part) => source.slice(part.start + 1, part.end - 1).replaceAll("''", "'"));
  if (parts.length < 2 || values.join('') !== literal.value) return [{ kind: 'text', value: literal.value, span: literal.span }];
  return values.map((value, index) => ({ kind: 'text', value, span: shift(parts[index]!, literal.span.start) }));
}

function flattenCall(call: Call, context: Context, by: Slot['by']): Piece[] {
  const [first] = call.args;
  if (call.variadic || first === undefined) return [slot(call, context, by)];
  switch (call.name) {
    case 'quote_ident': return [quotedSlot(first, call, 'identifier', context, by)];
    case 'quote_literal': case 'quote_nullable': return [quotedSlot(first, call, 'literal', context, by)];
    case 'concat': return call.args.flatMap((argument) => flatten(argument, context, by));
    case 'concat_ws': {
      if (first.kind !== 'literal') break;
      return call.args.slice(1).flatMap((argument, index) => [...(index > 0 ? flatten(first, context, by) : []), ...flatten(argument, context, by)]);
    }
    case 'coalesce': {
      if (call.args.some((argument) => isBuilt(argument))) return [choiceOf(call, call.args, context, by)];
      break;
    }
    case 'format': {
      const pieces = flattenFormat(call, context);
      if (pieces !== undefined) return pieces;
      break;
    }
    case 'replace': {
      if (doublesQuotes(call)) return [{ ...slot(first, context, by), escaped: true }];
    }
  }
  return [slot(call, context, by)];
}

function isBuilt(expression: Expression): boolean {
  return expression.kind === 'concat' || (expression.kind === 'call' && /^(format|concat|quote_\w+)$/.test(expression.name));
}

function doublesQuotes({ args }: Call): boolean {
  const [, from, to] = args;
  return args.length === 3 && from?.kind === 'literal' && from.value === "'" && to?.kind === 'literal' && to.value === "''";
}

function flattenFormat(call: Call, context: Context): Piece[] | undefined {
  const template = constantTemplate(call.args[0]!, context);
  if (template === undefined) return undefined;
  const pieces: Piece[] = [];
  let next = 1;
  let done = 0;
  for (const match of template.value.matchAll(/%(?:%|(?:(\d+)\$)?(-?(?:\d+|\*(?:\d+\$)?)?)([sIL])|)/g)) {
    const [written, position, width, letter] = match;
    if (written !== '%%' && (letter === undefined || width!.includes('*'))) return undefined;
    pieces.push(textOf(template, done, match.index, written === '%%'));
    done = match.index + written.length;
    if (written === '%%') continue;
    const number: number = position === undefined ? next : Number(position);
    next = number + 1;
    const argument = call.args[number];
    if (argument === undefined) return undefined;
    const specifier = template.place(match.index, done);
    if (letter === 's') {
      const parts = flatten(argument, context, 'format');
      const only = parts.length === 1 ? parts[0] : undefined;
      const padded = width !== '';
      if (padded && only?.kind !== 'slot') return undefined;
      pieces.push(...(only?.kind === 'slot' && !only.escaped && only.force === undefined ? [{ ...only, specifier, padded }] : parts));
    } else {
      const force = letter === 'I' ? 'identifier' : 'literal';
      pieces.push({ ...slot(argument, context, 'format'), force, specifier, quoting: specifier ?? argument.span, padded: width !== '' });
    }
  }
  pieces.push(textOf(template, done, template.value.length, false));
  return pieces.filter((piece) => piece.kind !== 'text' || piece.value !== '');
}

/** A stretch of the template, with the percent sign that `%%` behind it stands for. */
function textOf(template: Template, start: number, end: number, percent: boolean): Text {
  const places: number[] = [];
  for (let at = start; at <= end; at++) places.push(template.place(at, at)?.start ?? NaN);
  if (percent) places.push(template.place(end + 2, end + 2)?.start ?? NaN);
  const known = places.every((place) => !Number.isNaN(place));
  return { kind: 'text', value: template.value.slice(start, end) + (percent ? '%' : ''), span: template.span, ...(known ? { places } : {}) };
}

interface Template {
  readonly value: string;
  readonly span: Span;
  /** Where a part of the value stands in the source; undefined when it is not written there as it is. */
  place(start: number, end: number): Span | undefined;
}

/** The template of format() when it is known: a literal, literals joined, or a variable that never holds anything else. */
function constantTemplate(expression: Expression, context: Context): Template | undefined {
  const pieces = flatten(expression, context, 'format');
  if (expression.kind === 'literal') {
    const { text } = context.scope;
    const map = placesOf(text.slice(expression.span.start, expression.span.end), expression);
    return {
      value: expression.value,
      span: expression.span,
      place: (start, end) => map && shift({ start: map[start]!, end: map[end]! }, expression.span.start),
    };
  }
  const texts = pieces.flatMap((piece) => (piece.kind === 'choice' && piece.branches.length === 1 ? piece.branches[0]!.pieces : [piece]));
  if (!texts.every((piece) => piece.kind === 'text')) return undefined;
  return { value: texts.map((piece) => piece.value).join(''), span: expression.span, place: () => undefined };
}

/** For every offset of a literal's value the offset in its source. */
function placesOf(source: string, literal: Extract<Expression, { kind: 'literal' }>): number[] | undefined {
  if (literal.quoting === 'dollar') {
    const open = source.indexOf('$', 1) + 1;
    return source.slice(open, open + literal.value.length) === literal.value ? Array.from({ length: literal.value.length + 1 }, (_, index) => open + index) : undefined;
  }
  const open = literal.quoting === 'single' ? 1 : literal.quoting === 'escape' ? 2 : 0;
  if (open === 0 || source.includes('\\')) return undefined;
  const places: number[] = [];
  let value = '';
  let at = open;
  for (; at < source.length - 1; at++) {
    places.push(at);
    value += source[at];
    if (source[at] === "'" && source[at + 1] === "'") at++;
  }
  places.push(at);
  return value === literal.value ? places : undefined;
}

function choiceOf(expression: Expression, results: readonly Expression[], context: Context, by: Slot['by']): Piece {
  const branches = results.map((result) => groupOf(result, true, context));
  const built = branches.every((branch) => branch.pieces.every((piece) => piece.kind === 'text')) || results.some((result) => isBuilt(result));
  return built ? { kind: 'choice', span: expression.span, branches } : slot(expression, context, by);
}

/** A variable whose every value is written in this body stands for these values. */
function flattenReference(reference: Extract<Expression, { kind: 'reference' }>, context: Context, by: Slot['by']): Piece {
  const variable = context.scope.find(reference.path.join('.'));
  if (variable === undefined || context.depth > 4 || !isBuiltHere(variable) || context.memo.budget < variable.values.length) return slot(reference, context, by);
  context.memo.budget -= variable.values.length;
  const branches = runsOf(variable, { ...context, depth: context.depth + 1 });
  if (branches === undefined || branches.length === 0 || !branches.some(isText)) return slot(reference, context, by);
  return { kind: 'choice', span: reference.span, branches };
}

function isBuiltHere(variable: Variable): boolean {
  return variable.origin === 'constant' && variable.values.length > 0 && (variable.type === 'text' || variable.type === 'unknown');
}

/** Only text that is put together is worth following; `v := x` stays a value named v. */
function isText(group: Group): boolean {
  return group.pieces.some((piece) => piece.kind !== 'slot' || piece.force !== undefined) || group.pieces.length === 0 || group.pieces.length > 1;
}

/** `q := a; q := q || b; q := c` can hold two texts: ab and c. */
function runsOf(variable: Variable, context: Context): Group[] | undefined {
  const runs: Group[][] = [];
  for (const value of variable.values) {
    const read = expressionAt(context.scope.text, value.span);
    if (read === undefined) return undefined;
    const inner = { ...context, others: value.origin };
    const { expression } = read;
    const head = expression.kind === 'concat' ? expression.parts[0] : undefined;
    if (expression.kind === 'concat' && head?.kind === 'reference' && head.path.join('.') === variable.name) {
      const span = { start: expression.parts[1]!.span.start, end: expression.parts.at(-1)!.span.end };
      const parts = expression.parts.slice(1);
      const only = parts.length === 1 ? groupOf(parts[0]!, read.agreed, inner) : undefined;
      const group: Group = only ?? { span, pieces: parts.flatMap((part) => flatten(part, inner, 'concat')), shape: 'concat', agreed: read.agreed, format: undefined };
      if (runs.length === 0) runs.push([]);
      runs.at(-1)!.push(group);
    } else if (mentions(expression, variable.name, context.scope.text)) {
      return undefined;
    } else {
      runs.push([groupOf(expression, read.agreed, inner)]);
    }
  }
  return runs.map((run) => (run.length === 1 ? run[0]! : joined(run)));
}

/** Several assignments after one another: each stays a group of its own for the rewrite. */
function joined(run: readonly Group[]): Group {
  const pieces = run.map((group): Piece => ({ kind: 'choice', span: group.span, branches: [group] }));
  return { span: run[0]!.span, pieces, shape: 'single', agreed: run.every((group) => group.agreed), format: undefined };
}

function mentions(expression: Expression, name: string, text: string): boolean {
  const source = text.slice(expression.span.start, expression.span.end);
  return lex(source).some((token) => (token.kind === 'word' || token.kind === 'identifier') && nameOf(token, source) === name);
}

function slot(expression: Expression, context: Context, by: Slot['by']): Slot {
  return { kind: 'slot', span: expression.span, expression, judged: judge(expression, context), force: undefined, quoting: undefined, specifier: undefined, by, escaped: false, padded: false };
}

function quotedSlot(argument: Expression, call: Call, force: Slot['force'], context: Context, by: Slot['by']): Slot {
  return { ...slot(argument, context, by), force, quoting: call.span };
}

function withoutTextCast(expression: Expression): Expression {
  return expression.kind === 'cast' && /^(text|varchar|character varying|name)$/.test(expression.type) ? withoutTextCast(expression.operand) : expression;
}

import { shift, type Span } from '../../text.ts';
import { lex } from '../../syntax/sql/lexer.ts';
import type { Expression } from '../../syntax/sql/expression.ts';
import type { FormatTemplate } from './format-template.ts';
import { joinedTemplate, literalTemplate, piecesOf } from './format-template.ts';
import { elementsOf } from './array-elements.ts';
import { changedText } from './changed-text.ts';
import type { Context } from './judgement.ts';
import { isTame, outputName } from './judgement.ts';
import { isAskedForNull } from './null-checks.ts';
import { asksForTypes, judge, judgeWrite, originOf } from './origin.ts';
import { columnsMade, readQuery, selectedWithFrom, withoutColumn } from './queries.ts';
import type { Scope, Variable } from './scope.ts';
import { changedSlot, slot } from './slots.ts';
import { withArguments } from './template-values.ts';
import type { Write } from './writes.ts';
import type { Choice, Group, Piece, Slot, Text } from './statement-text.ts';

export type { Choice, Group, Piece, Slot, Text };

/** Undefined when the expression cannot be read. */
export function readGroup(span: Span, context: Context): Group | undefined {
  const read = context.scope.expressionAt(span);
  context.memo.budget = 200;
  if (read !== undefined) return groupOf(read.expression, read.agreed, context);
  const query = selectedWithFrom(context.scope.text, span);
  const selected = query && context.scope.expressionAt(query.item);
  return selected && groupOf(selected.expression, false, { ...context, others: query.origin });
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
    keepsNull: context.nullCounts === true && !plainFormat && !isConcat(bare),
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
    case 'case': return [choiceOf(expression, expression.results, asksForTypes(expression.span, context.scope) ? { ...context, asked: true } : context, by)];
    case 'call': return flattenCall(expression, context, by);
    case 'reference': return [flattenColumn(expression, context) ?? flattenReference(expression, context, by)];
    default: return flattenQuery(expression.span, context) ?? flattenElement(expression, context) ?? [slot(expression, context, by)];
  }
}

/** `(SELECT string_agg('a = ' || x, ' AND ') FROM …)`, also where a sub-select in FROM puts the text together. */
function flattenQuery({ start, end }: Span, context: Context): Piece[] | undefined {
  const source = context.scope.text.slice(start, end);
  if (context.depth > mostNested || !/^\(\s*(?:select|with)\b/i.test(source)) return undefined;
  const { items: [item, ...others], branches, origin, calls, derived } = readQuery(lex(source, 'body').filter(({ kind }) => kind !== 'comment').slice(1, -1), source);
  const read = item && context.scope.expressionAt(shift(item.span, start));
  if (read === undefined || others.length > 0 || branches.length > 0) return undefined;
  const rows = originOf({ origin, calls: calls.map((call) => shift(call, start)) }, context);
  const inner = { ...context, depth: context.depth + 1, others: rows, derived: derived.map((one) => ({ ...one, span: shift(one.span, start) })) };
  const pieces = flatten(read.expression, inner, 'concat');
  const [only] = pieces;
  if (pieces.length === 1 && only?.kind === 'choice') return [{ ...only, span: { start, end } }];
  const built = pieces.some((piece) => piece.kind === 'text') && pieces.some((piece) => piece.kind !== 'text');
  return built ? [{ kind: 'choice', span: { start, end }, branches: [groupOf(read.expression, read.agreed, inner)] }] : undefined;
}

/** `statements[i]`, and `ARRAY[…]` whose elements run one by one. */
function flattenElement({ span }: Expression, context: Context): Piece[] | undefined {
  const name = /^([a-z_]\w*)\s*\[[^[\]]*\]$/i.exec(context.scope.text.slice(span.start, span.end))?.[1]?.toLowerCase();
  const branches = textsIn(name === undefined || name === 'array' ? { kind: 'other', span } : { kind: 'reference', span, path: [name] }, context);
  return branches && [{ kind: 'choice', span, branches }];
}

/** A column that a sub-select puts together: `x` of `FROM (SELECT 'a' || b AS x …) s`. */
function flattenColumn({ path, span }: Extract<Expression, { kind: 'reference' }>, context: Context): Piece | undefined {
  if (context.derived.length === 0 || context.depth > mostNested || context.scope.find(path.join('.'), span.start) !== undefined) return undefined;
  const made = columnsMade(path, context.derived);
  if (made.some(({ type, elements, again }) => type !== undefined || elements || again)) return undefined;
  const inner = { ...context, depth: context.depth + 1, derived: withoutColumn(path, context.derived) };
  const branches = made.map((item) => {
    const read = context.scope.expressionAt(item.span);
    return read && groupOf(read.expression, read.agreed, inner);
  });
  if (branches.length === 0 || branches.length > 4 || !branches.every((one) => one !== undefined) || !branches.some(isText) || made.some(({ likened }) => likened !== undefined)) return undefined;
  return { kind: 'choice', span, branches };
}

/** Literals continued on the next line keep their lines. */
function literalTexts(literal: Extract<Expression, { kind: 'literal' }>, context: Context): Piece[] {
  const source = context.scope.text.slice(literal.span.start, literal.span.end);
  const parts = literal.quoting === 'single' && source.includes('\n') ? lex(source).filter((token) => token.kind === 'string') : [];
  const values = parts.map((part) => source.slice(part.start + 1, part.end - 1).replaceAll("''", "'"));
  if (parts.length < 2 || values.join('') !== literal.value) return [{ kind: 'text', value: literal.value, span: literal.span }];
  return values.map((value, index) => ({ kind: 'text', value, span: shift(parts[index]!, literal.span.start) }));
}

function flattenCall(call: Call, context: Context, by: Slot['by']): Piece[] {
  const [first] = call.args;
  if (call.variadic || first === undefined) return [slot(call, context, by)];
  switch (call.name) {
    case 'chr': {
      const sign = first.kind === 'number' ? Number(context.scope.text.slice(first.span.start, first.span.end)) : NaN;
      if (sign > 0 && sign < 128) return [{ kind: 'text', value: String.fromCharCode(sign), span: call.span }];
      break;
    }
    case 'quote_ident': return [slot(first, context, by, { force: 'identifier', quoting: call.span })];
    case 'quote_literal': case 'quote_nullable': return [slot(first, context, by, { force: 'literal', quoting: call.span })];
    case 'concat': return flattenOptional(call.args, undefined, context, by);
    case 'string_agg': case 'array_agg': {
      if (!areTame(call.args.slice(1), context)) break;
      if (!isPutTogether(first) && (first.kind !== 'reference' || flattenColumn(first, context) === undefined)) break;
      return [{ kind: 'choice', span: call.span, branches: [groupOf(first, true, { ...context, nullCounts: true })] }];
    }
    case 'array_to_string': {
      const elements = areTame(call.args.slice(1), context) && textsIn(first, { ...context, nullCounts: true });
      if (elements) return [{ kind: 'choice', span: call.span, branches: elements }];
      const [, separator] = call.args;
      const joined = separator?.kind === 'literal' ? joinedElements(first, separator, context, by) : undefined;
      if (joined === undefined) break;
      return joined;
    }
    case 'concat_ws': {
      if (first.kind !== 'literal') break;
      return flattenOptional(call.args.slice(1), first, context, by);
    }
    case 'coalesce': {
      const choice = choiceOf(call, call.args, { ...context, nullCounts: true }, by);
      if (choice.kind === 'choice') return [choice];
      break;
    }
    case 'format': {
      const pieces = flattenFormat(call, context);
      if (pieces !== undefined) return pieces;
      break;
    }
    case 'replace': {
      if (doublesQuotes(call)) return [slot(first, context, by, { escaped: true, quoting: call.span })];
    }
  }
  const changed = changedText(call, context.scope.text, (expression) => flatten(expression, context, by));
  if (changed !== undefined) return [changed];
  return [slot(call, context, by)];
}

/** Separators hold what nobody else chooses, such as `chr(10)`. */
function areTame(separators: readonly Expression[], context: Context): boolean {
  return separators.every((one) => isTame(judge(one, context)) || flatten(one, context, 'concat').every(({ kind }) => kind === 'text'));
}

/** Arguments that are left out when they are NULL, with the separator: `' AND a = ''' || x || ''''`. */
function flattenOptional(args: readonly Expression[], separator: Expression | undefined, context: Context, by: Slot['by'], before: readonly Piece[] = []): Piece[] {
  const inner = { ...context, nullCounts: true } as const;
  const pieces: Piece[] = [];
  for (const [index, argument] of args.entries()) {
    if (index > 0 && separator !== undefined) pieces.push(...flatten(separator, context, by));
    const bare = withoutTextCast(argument);
    const apart = bare.kind === 'concat' && isWhole(bare.parts) && !endsInQuotes([...before, ...pieces]);
    pieces.push(...(apart ? [{ kind: 'choice', span: argument.span, branches: [groupOf(argument, true, inner)] } as const] : flatten(argument, inner, by)));
  }
  return pieces;
}

/** The elements of a list that is one statement, or one clause, for every row. */
function isPutTogether(expression: Expression): boolean {
  const bare = withoutTextCast(expression);
  return bare.kind === 'concat' || (bare.kind === 'call' && /^(format|concat)$/.test(bare.name) && bare.args.length > 1);
}

/** The texts that the body, or array_agg() alone, has put into an array. */
function textsIn(array: Expression, context: Context): Group[] | undefined {
  if (context.depth > mostNested) return undefined;
  if (array.kind === 'call' && array.name === 'array_agg') {
    const pieces = flatten(array, context, 'concat');
    return pieces.length === 1 && pieces[0]!.kind === 'choice' ? [...pieces[0]!.branches] : undefined;
  }
  const inner = { ...context, depth: context.depth + 1 };
  const built = elementsOf(array, context.scope)?.map(({ expression, agreed, write }) => groupOf(expression, agreed, write ? within(write, inner) : inner));
  // What stands beside nothing else is a part of a text that the order of the elements makes.
  if (built !== undefined && built.length > 0 && built.every(isText)) return built;
  const variable = array.kind === 'reference' ? variableAt(array.path, array.span.start, context.scope) : undefined;
  if (variable === undefined || variable.origin !== 'constant' || variable.values.length === 0) return undefined;
  const groups = runsOf(variable, array, inner);
  const whole = groups?.every(({ pieces: [only, ...others] }) => only?.kind === 'choice' && others.length === 0) && variable.values.every(({ kind }) => kind === 'set');
  return whole ? groups : undefined;
}

/** `array_to_string(ARRAY['SELECT', x], ' ')`, and what the body has put into an array one after the other, when it begins like a statement. */
function joinedElements(array: Expression, separator: Expression, context: Context, by: Slot['by']): Piece[] | undefined {
  const inner = { ...context, depth: context.depth + 1, nullCounts: true } as const;
  const elements = context.depth > mostNested ? undefined : elementsOf(array, context.scope);
  if (elements === undefined || elements.length < 2 || elements.length > mostElements || !beginsStatement(elements[0]!.expression)) return undefined;
  return elements.flatMap(({ expression, write }, index) => [...(index > 0 ? flatten(separator, context, by) : []), ...flatten(expression, write ? within(write, inner) : inner, by)]);
}

const mostElements = 100;

function beginsStatement(expression: Expression): boolean {
  const [first] = expression.kind === 'concat' ? expression.parts : [expression];
  return first?.kind === 'literal' && /^\s*(?:select|with|insert|update|delete|merge|create|alter|drop|truncate|grant|revoke|comment|copy|call|do|set|refresh|lock)\b/i.test(first.value);
}

/** What a write says of the expression in it. */
function within(write: Write, context: Context): Context {
  const step = { at: write.statement, header: false, message: `It becomes part of ${write.target.slice(0, 40)}` };
  return { ...context, others: originOf(write, context), derived: write.derived, through: [step, ...context.through], continued: undefined };
}

function endsInQuotes(pieces: readonly Piece[]): boolean {
  return pieces.map((piece) => (piece.kind === 'text' ? piece.value : '')).join('').split("'").length % 2 === 0;
}

/** Every literal that begins in it ends there. */
function isWhole(parts: readonly Expression[]): boolean {
  const text = parts.map((part) => (part.kind === 'literal' ? part.value : '')).join('');
  return (text.split("'").length + text.split('"').length) % 2 === 0 && text.split("'").length % 2 === 1;
}

function isBuilt(expression: Expression): boolean {
  return expression.kind === 'concat' || (expression.kind === 'call' && /^(format|concat|quote_\w+)$/.test(expression.name));
}

function doublesQuotes({ args }: Call): boolean {
  const [, from, to] = args;
  return args.length === 3 && from?.kind === 'literal' && from.value === "'" && to?.kind === 'literal' && to.value === "''";
}

function flattenFormat(call: Call, context: Context): Piece[] | undefined {
  const templates = constantTemplates(call.args[0]!, context);
  const expanded = templates.map((template) => expand(call, template, context));
  if (expanded.length === 0 || !expanded.every((pieces) => pieces !== undefined)) return undefined;
  if (expanded.length === 1) return expanded[0];
  const branches = expanded.map((pieces): Group => ({ span: call.span, pieces, shape: 'single', agreed: false, keepsNull: false, format: undefined }));
  return [{ kind: 'choice', span: call.span, branches }];
}

function expand(call: Call, template: FormatTemplate, context: Context): Piece[] | undefined {
  const pieces: Piece[] = [];
  let next = 1;
  let done = 0;
  for (const match of template.value.matchAll(/%(?:%|(?:(\d+)\$)?(-?(?:\d+|\*(?:(\d+)\$)?)?)([sIL])|)/g)) {
    const [written, position, width, widthAt, letter] = match;
    if (written !== '%%' && letter === undefined) return undefined;
    pieces.push(...piecesOf(template, done, match.index, written === '%%'));
    done = match.index + written.length;
    if (written === '%%') continue;
    // A width may be an argument too, and the next value is the one behind it.
    if (width!.includes('*')) next = (widthAt === undefined ? next : Number(widthAt)) + 1;
    const number: number = position === undefined ? next : Number(position);
    next = number + 1;
    const argument = call.args[number];
    if (argument === undefined) return undefined;
    const specifier = template.place(match.index, done);
    if (letter === 's') {
      const padded = width !== '';
      const flat = flattenOptional([argument], undefined, context, 'format', pieces);
      // Nobody knows the length of what is put together.
      const parts = padded && (flat.length !== 1 || flat[0]!.kind !== 'slot') ? [slot(argument, context, 'format', { specifier, padded })] : flat;
      const only = parts.length === 1 ? parts[0] : undefined;
      pieces.push(...(only?.kind === 'slot' && !only.escaped && only.force === undefined ? [changedSlot(only, { specifier, padded })] : parts));
    } else {
      const force = letter === 'I' ? 'identifier' : 'literal';
      pieces.push(slot(argument, context, 'format', { force, specifier, quoting: specifier ?? argument.span, padded: width !== '' }));
    }
  }
  pieces.push(...piecesOf(template, done, template.value.length, false));
  const written = template.joined.size === 0 ? pieces : withArguments(pieces, template, call.args.slice(1), context, judge);
  return written.filter((piece) => piece.kind !== 'text' || piece.value !== '');
}

/** The templates of format() when they are known: a literal, texts that are joined, or a variable that holds nothing else. */
function constantTemplates(expression: Expression, context: Context): FormatTemplate[] {
  if (expression.kind === 'literal') return [literalTemplate(expression, context.scope.text)];
  const pieces = flatten(expression, context, 'format');
  const [only] = pieces;
  const choices = pieces.length === 1 && only?.kind === 'choice' ? only.branches.map(({ pieces: inner }) => inner) : [pieces];
  const templates = choices.map((inner) => inner.flatMap((piece) => (piece.kind === 'choice' && piece.branches.length === 1 ? piece.branches[0]!.pieces : [piece])));
  if (templates.length > 8 || !templates.every((inner) => inner.length < 1_000 && (inner.length === 0 || inner.some((piece) => piece.kind === 'text')))) return [];
  return templates.map((inner) => joinedTemplate(inner, expression.span));
}

function choiceOf(expression: Expression, results: readonly Expression[], context: Context, by: Slot['by']): Piece {
  const branches = results.map((result) => groupOf(result, true, context));
  const built = branches.every((branch) => branch.pieces.every((piece) => piece.kind === 'text'))
    || branches.some((branch) => branch.pieces.some((piece) => piece.kind === 'choice')) || results.some((result) => isBuilt(result));
  return built ? { kind: 'choice', span: expression.span, branches } : slot(expression, context, by);
}

/** `q := format('%s AND …', q, …)` nests with every step. */
const mostNested = 7;

/** A variable whose every value is written in this body stands for these values. */
function flattenReference(reference: Extract<Expression, { kind: 'reference' }>, context: Context, by: Slot['by']): Piece {
  if (context.continued !== undefined && context.scope.plain(reference.path).join('.') === context.continued) return standsBefore(reference.span);
  const found = variableAt(reference.path, reference.span.start, context.scope);
  // A procedure that nothing is known of is taken for one that only reads what it is given.
  const isChanged = ({ called }: Write): boolean => called === undefined || context.routines.has(outputName(called.routine, called.argument));
  const variable = found?.values.every(isChanged) === false ? { ...found, values: found.values.filter(isChanged) } : found;
  if (variable === undefined || context.depth > mostNested || !isBuiltHere(variable) || context.memo.budget < variable.values.length) return slot(reference, context, by);
  context.memo.budget -= variable.values.length;
  const asked = context.scope.guard(context.scope.plain(reference.path).join('.'), reference.span.start)?.leaves === 'asked';
  const branches = runsOf(variable, reference, { ...context, depth: context.depth + 1, ...(asked && { asked }) });
  if (branches === undefined || branches.length === 0 || !branches.some(isText)) return slot(reference, context, by);
  return { kind: 'choice', span: reference.span, branches };
}

/** What the variable has held until there is read by itself. */
function standsBefore(span: Span): Piece {
  return { kind: 'choice', span, branches: [{ span, pieces: [], shape: 'single', agreed: true, keepsNull: false, format: undefined }] };
}

/** Also the field of a record, as a variable that holds what the queries select under that name. */
function variableAt(written: readonly string[], offset: number, scope: Scope): Variable | undefined {
  const path = scope.plain(written);
  const name = path.join('.');
  if ((scope.guard(name, offset)?.leaves ?? 'asked') !== 'asked') return undefined;
  const variable = scope.find(written.join('.'), offset);
  const record = path.length === 2 ? scope.find(path[0]!, offset) : undefined;
  if (record === undefined || variable?.values.some(({ at }) => scope.dominates(at, offset))) return variable;
  // What fills the record may have put something else there.
  if (variable !== undefined) return record.values.length === 0 ? variable : undefined;
  const values = record.values.flatMap((write): Write[] => {
    const item = write.fields.find((one) => one.name === path[1]);
    const { target, at, statement, origin, calls, derived, kind, element, number } = write;
    return item ? [{ target, at, statement, origin, calls, derived, kind, element, number, value: item.span, fields: [] }] : [];
  });
  return values.length < record.values.length ? undefined : { ...record, name, type: 'text', values };
}

function isBuiltHere(variable: Variable): boolean {
  if (variable.origin !== 'constant' || variable.values.length === 0) return false;
  return (variable.type === 'text' || variable.type === 'unknown') && variable.values.every((write) => write.kind !== 'part' && !write.number);
}

/** Only text that is put together is worth following; `v := x` stays a value named v. */
function isText(group: Group): boolean {
  return group.pieces.some((piece) => piece.kind !== 'slot' || piece.force !== undefined || piece.escaped) || group.pieces.length === 0 || group.pieces.length > 1;
}

/** `q := a; q := q || b; q := c` can hold two texts: ab and c. */
function runsOf(variable: Variable, reference: Expression, context: Context): Group[] | undefined {
  const runs: Group[][] = [];
  for (const write of variable.values) {
    const read = write.value && context.scope.expressionAt(write.value);
    if (read === undefined) {
      if (write.value !== undefined || write.kind === 'append') return undefined;
      runs.push([filledGroup(reference, write, context)]);
      continue;
    }
    const asked = context.nullCounts === true || isAskedForNull(variable.name, context.scope);
    const inner: Context = { ...within(write, context), ...(asked && { nullCounts: true }) };
    const { expression } = read;
    if (write.element) {
      const elements = textsIn(expression, inner);
      if (elements === undefined) return undefined;
      runs.push(...elements.map((one) => [one]));
      continue;
    }
    if (write.kind === 'append') {
      if (runs.length === 0) runs.push([]);
      const added = expression.kind === 'concat' ? appended(expression.parts.slice(1), read.agreed, inner) : groupOf(expression, read.agreed, { ...inner, continued: variable.name });
      runs.at(-1)!.push(added);
    } else {
      runs.push([groupOf(expression, read.agreed, inner)]);
    }
  }
  return runs.map((run) => (run.length === 1 ? run[0]! : joined(run)));
}

/** `SELECT * INTO q FROM app.parts()`: the variable by itself, as that has filled it. */
function filledGroup(reference: Expression, write: Write, context: Context): Group {
  const inner = within(write, context);
  const piece: Slot = {
    kind: 'slot', span: reference.span, expression: reference, by: 'concat', judged: judgeWrite(write, inner), through: inner.through,
    force: undefined, quoting: undefined, specifier: undefined, escaped: false, padded: false, given: undefined,
  };
  return { span: reference.span, pieces: [piece], shape: 'single', agreed: false, keepsNull: context.nullCounts === true, format: undefined };
}

function appended(parts: readonly Expression[], agreed: boolean, context: Context): Group {
  if (parts.length === 1) return groupOf(parts[0]!, agreed, context);
  const span = { start: parts[0]!.span.start, end: parts.at(-1)!.span.end };
  return { span, pieces: parts.flatMap((part) => flatten(part, context, 'concat')), shape: 'concat', agreed, keepsNull: context.nullCounts === true, format: undefined };
}

/** Several assignments after one another: each stays a group of its own for the rewrite. */
function joined(run: readonly Group[]): Group {
  const pieces = run.map((group): Piece => ({ kind: 'choice', span: group.span, branches: [group] }));
  return { span: run[0]!.span, pieces, shape: 'single', agreed: run.every((group) => group.agreed), keepsNull: false, format: undefined };
}

function withoutTextCast(expression: Expression): Expression {
  return expression.kind === 'cast' && /^(text|varchar|character varying|name)$/.test(expression.type) ? withoutTextCast(expression.operand) : expression;
}

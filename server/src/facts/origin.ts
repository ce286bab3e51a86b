import { shift, type Span } from '../text.ts';
import { lex } from '../syntax/sql/lexer.ts';
import type { Expression } from '../syntax/sql/expression.ts';
import { parseExpression } from '../syntax/sql/expression.ts';
import type { Origin, Scope, Value, Variable } from './scope.ts';
import { worse } from './scope.ts';
import type { TypeClass } from './sql-types.ts';
import { classOfType, isHarmless } from './sql-types.ts';
import { nameOf } from './tokens.ts';

/** What is known of a value before it becomes part of a statement. */
export interface Judgement {
  readonly type: TypeClass;
  readonly origin: Origin;
  /** quote_ident() and the like have been there, so it is SQL already. */
  readonly quoted: boolean;
  /** Several values in one text. */
  readonly list?: true;
}

/** What a call of a routine in the same file gives. */
export type Summaries = ReadonlyMap<string, Judgement>;

export interface Context {
  readonly scope: Scope;
  readonly routines: Summaries;
  /** Where names come from that the routine does not declare: the tables of a query. */
  readonly others: Origin;
  readonly depth: number;
  readonly memo: Memo;
}

/** What is known of the variables of one scope. */
export interface Memo {
  readonly done: Map<Variable, Judgement>;
  /** Those that are being looked at, because `q := q || x` speaks of itself. */
  readonly open: Set<Variable>;
  /** An open one was met, so the answer holds only for it. */
  cut: boolean;
  /** How many variables may still be replaced by their texts: a chain of them grows with every link. */
  budget: number;
}

export function contextIn(scope: Scope, routines: Summaries): Context {
  return { scope, routines, others: 'unknown', depth: 0, memo: { done: new Map(), open: new Set(), cut: false, budget: 0 } };
}

/** The expression at `span`, its spans counted from the start of the body; undefined when no parser accepts it. */
export function expressionAt(text: string, span: Span): { expression: Expression; agreed: boolean } | undefined {
  const parsed = parseExpression(text.slice(span.start, span.end));
  return parsed && { expression: relocate(parsed.expression, span.start), agreed: parsed.agreed };
}

export function judge(expression: Expression, context: Context): Judgement {
  if (context.depth > 8) return unknown;
  switch (expression.kind) {
    case 'literal': case 'null': return constant;
    case 'number': return { ...constant, type: 'number' };
    case 'parameter': return judgeVariable(context.scope.parameter(expression.number), context);
    case 'reference': return judgeReference(expression.path, context);
    case 'cast': return judgeCast(judge(expression.operand, context), expression.type);
    case 'concat': return { ...together(expression.parts.map((part) => judge(part, context))), type: 'text' };
    case 'case': return together(expression.results.map((result) => judge(result, context)));
    case 'call': return judgeCall(expression, context);
    case 'other': return judgeText(expression.span, context);
  }
}

const unknown: Judgement = { type: 'unknown', origin: 'unknown', quoted: false };
const constant: Judgement = { type: 'text', origin: 'constant', quoted: false };
const quoted: Judgement = { type: 'text', origin: 'constant', quoted: true };

function relocate(expression: Expression, by: number): Expression {
  const moved = { ...expression, span: shift(expression.span, by) };
  switch (moved.kind) {
    case 'concat': return { ...moved, parts: moved.parts.map((part) => relocate(part, by)) };
    case 'call': return { ...moved, nameSpan: shift(moved.nameSpan, by), args: moved.args.map((argument) => relocate(argument, by)) };
    case 'cast': return { ...moved, operand: relocate(moved.operand, by) };
    case 'case': return { ...moved, results: moved.results.map((result) => relocate(result, by)) };
    default: return moved;
  }
}

function judgeReference(path: readonly string[], context: Context): Judgement {
  const { scope } = context;
  const names = path.length > 1 && path[0] === scope.routine && scope.find(path[1]!) ? path.slice(1) : path;
  const whole = scope.find(names.join('.'));
  if (whole !== undefined) return judgeVariable(whole, context);
  const record = scope.find(names[0]!);
  if (record === undefined && context.others === 'catalog' && readyColumns.has(names.at(-1)!)) return quoted;
  if (record === undefined) return { type: harmlessColumns.has(names.at(-1)!) ? 'number' : 'unknown', origin: context.others, quoted: false };
  const field = record.fields.get(names[1] ?? '');
  if (field !== undefined) return judgeValue(field, context);
  if (record.origin === 'catalog' && readyColumns.has(names[1] ?? '')) return quoted;
  const column = record.origin === 'catalog' && harmlessColumns.has(names[1] ?? '');
  return { type: column ? 'number' : 'unknown', origin: record.origin === 'constant' ? 'unknown' : record.origin, quoted: false };
}

/** Columns of the system catalogues that hold numbers or single letters. */
const harmlessColumns = new Set(['oid', 'attnum', 'relkind', 'attrelid', 'relnatts', 'ordinal_position', 'pid', 'indexrelid', 'indrelid', 'conrelid']);

/** Columns that PostgreSQL fills with SQL or with words of its own. */
const readyColumns = new Set([
  'object_identity', 'object_type', 'command_tag', 'indexdef', 'definition', 'privilege_type', 'is_grantable', 'constraint_type', 'view_definition',
]);

function judgeVariable(variable: Variable | undefined, context: Context): Judgement {
  if (variable === undefined) return unknown;
  if (isHarmless(variable.type) || variable.type === 'object') return { type: variable.type, origin: variable.origin, quoted: false };
  const { memo } = context;
  const known = memo.done.get(variable);
  if (known !== undefined) return known;
  if (memo.open.has(variable)) {
    memo.cut = true;
    return constant;
  }
  const outer = memo.cut;
  memo.cut = false;
  memo.open.add(variable);
  const judged = judgeValues(variable, context);
  memo.open.delete(variable);
  if (!memo.cut || memo.open.size === 0) memo.done.set(variable, judged);
  memo.cut = outer || (memo.cut && memo.open.size > 0);
  return judged;
}

function judgeValues(variable: Variable, context: Context): Judgement {
  const values = variable.values.map((value) => judgeValue(value, context));
  const result = together(variable.origin === 'constant' && values.length > 0 ? values : [...values, { type: variable.type, origin: variable.origin, quoted: false }]);
  return result.type === 'unknown' ? { ...result, type: variable.type } : result;
}

function judgeValue(value: Value, context: Context): Judgement {
  const parsed = expressionAt(context.scope.text, value.span);
  if (parsed === undefined) return { ...unknown, origin: value.origin };
  return judge(parsed.expression, { ...context, others: value.origin, depth: context.depth + 1 });
}

/** A cast to text keeps what the value can look like; every other cast decides it. */
function judgeCast(operand: Judgement, type: string): Judgement {
  const target = classOfType(type);
  if (target !== 'text' && target !== 'unknown') return { ...operand, type: target };
  return isHarmless(operand.type) || operand.type === 'object' || operand.quoted ? operand : { ...operand, type: target === 'unknown' ? operand.type : 'text' };
}

/** Several values that can stand at one place. */
function together(all: readonly Judgement[]): Judgement {
  const unsafe = all.filter((one) => !one.quoted && one.origin !== 'constant' && !isHarmless(one.type));
  if (unsafe.length > 0) {
    return {
      type: unsafe.every((one) => one.type === unsafe[0]!.type) ? unsafe[0]!.type : 'text',
      origin: unsafe.map((one) => one.origin).reduce(worse),
      quoted: false,
      ...(unsafe.some((one) => one.list) ? { list: true } : {}),
    };
  }
  const ready = all.filter((one) => one.quoted);
  if (ready.length > 0) return { ...quoted, origin: ready.map((one) => one.origin).reduce(worse) };
  return all.find((one) => one.origin !== 'constant') ?? all[0] ?? constant;
}

function judgeCall(call: Extract<Expression, { kind: 'call' }>, context: Context): Judgement {
  const { name, args } = call;
  const judged = () => together(args.map((argument) => judge(argument, context)));
  const own = context.routines.get(name) ?? context.routines.get(name.split('.').at(-1)!);
  if (own !== undefined) return own;
  if (quoting.has(name) || /^pg_get_\w*(def|expr|arguments|constraintdef)$/.test(name)) return { ...quoted, origin: judged().origin };
  if (numbers.has(name)) return { ...constant, type: 'number', origin: 'unknown' };
  if (plains.has(name)) return { ...constant, type: 'plain', origin: 'unknown' };
  if (/^(to_reg[a-z]+|pg_typeof)$/.test(name)) return { ...constant, type: 'object', origin: 'unknown' };
  if (names.has(name)) return { type: 'text', origin: 'catalog', quoted: false };
  if (name === 'current_setting') return { type: 'text', origin: isServerSetting(args[0]) ? 'constant' : context.scope.routine === undefined ? 'setting' : 'param', quoted: false };
  if (name === 'to_char' || name === 'encode') return judgeFormatted(args[1], judged());
  if (name === 'format') return judgeFormat(args, context);
  if (name === 'array_to_string' || name === 'string_agg') return asList(judged());
  if (name === 'unnest' || name === 'coalesce' || name === 'nullif' || name === 'greatest' || name === 'least') return judged();
  if (texts.has(name)) {
    const result = judged();
    return { type: 'text', origin: result.origin, quoted: result.quoted && name === 'concat' };
  }
  return args.length > 0 && judged().origin === 'constant' && name.startsWith('pg_') ? { ...constant, origin: 'unknown' } : unknown;
}

const quoting = new Set(['quote_ident', 'quote_literal', 'quote_nullable', 'format_type', 'pg_get_serial_sequence', 'pg_get_function_identity_arguments', 'pg_get_function_result', 'oidvectortypes']);
const numbers = new Set([
  'length', 'char_length', 'octet_length', 'count', 'array_length', 'array_upper', 'array_lower', 'cardinality', 'strpos', 'position', 'hashtext',
  'hashtextextended', 'nextval', 'currval', 'lastval', 'txid_current', 'pg_backend_pid', 'extract', 'date_part', 'random', 'floor', 'ceil', 'ceiling',
  'round', 'trunc', 'abs', 'mod', 'power', 'sqrt', 'to_number', 'width_bucket', 'pg_relation_size', 'pg_total_relation_size', 'ascii', 'num_nulls',
]);
const plains = new Set(['md5', 'to_hex', 'gen_random_uuid', 'uuid_generate_v4', 'uuidv7', 'make_date', 'make_interval', 'to_date', 'age', 'bool_and', 'bool_or', 'exists']);
const names = new Set(['current_database', 'current_schema', 'current_user', 'session_user', 'pg_get_userbyid']);
const texts = new Set([
  'lower', 'upper', 'initcap', 'trim', 'btrim', 'ltrim', 'rtrim', 'substr', 'substring', 'left', 'right', 'replace', 'regexp_replace', 'translate',
  'overlay', 'split_part', 'lpad', 'rpad', 'reverse', 'repeat', 'concat', 'concat_ws', 'array_append', 'array_cat', 'array_remove', 'string_to_array',
  'regexp_split_to_array', 'jsonb_extract_path_text', 'json_extract_path_text', 'array_agg', 'max', 'min',
]);

function isServerSetting(argument: Expression | undefined): boolean {
  return argument?.kind === 'literal' && /^(server_version(_num)?|block_size|data_directory|wal_segment_size|max_identifier_length|port|is_superuser)$/.test(argument.value);
}

/** to_char() and encode() with a constant picture give digits and the picture's own letters. */
function judgeFormatted(picture: Expression | undefined, value: Judgement): Judgement {
  const plain = picture?.kind === 'literal' && !/tz|['\\]|escape/i.test(picture.value);
  return plain ? { type: 'plain', origin: value.origin, quoted: false } : { type: 'text', origin: value.origin, quoted: false };
}

function judgeFormat(args: readonly Expression[], context: Context): Judgement {
  const template = args[0];
  if (template?.kind !== 'literal') {
    const text = template === undefined ? unknown : judge(template, context);
    return text.origin === 'constant' || text.quoted ? { ...unknown, type: 'text' } : text;
  }
  const specifiers = [...template.value.matchAll(/%(?:\d+\$)?-?\d*([sIL])/g)];
  const spliced = specifiers.some((one) => one[1] === 's') ? args.slice(1).map((argument) => judge(argument, context)) : [];
  const result = together(spliced);
  return specifiers.length === 0 ? constant : { ...result, quoted: result.origin === 'constant' || result.quoted, type: result.origin === 'constant' ? 'text' : result.type };
}

function asList(value: Judgement): Judgement {
  if (value.quoted || value.origin === 'constant' || isHarmless(value.type)) return value;
  return { type: 'text', origin: value.origin === 'catalog' || value.origin === 'unknown' ? value.origin : worse(value.origin, 'list'), quoted: false, list: true };
}

/** What no operand tree tells, judged by its words: sub-selects, arithmetic, subscripts. */
function judgeText(span: Span, context: Context): Judgement {
  const source = context.scope.text.slice(span.start, span.end);
  const tokens = lex(source).filter((token) => token.kind !== 'comment');
  const words = tokens.map((token) => nameOf(token, source));
  // trim() and the like may take the quotes away again.
  if (!texts.has(words[0] ?? '') && words.some((word) => quoting.has(word) || word === 'format')) return quoted;
  const select = words.includes('select');
  const found = tokens.flatMap((token, index) => {
    if (token.kind !== 'word' && token.kind !== 'identifier' || words[index - 1] === '.' || words[index - 1] === '::') return [];
    const variable = context.scope.find(words[index]!);
    if (variable === undefined) return [];
    const type = words[index + 1] === '[' ? variable.element : variable.type;
    return [{ ...judgeVariable(variable, context), type }];
  });
  const lists = words.some((word) => word === 'string_agg' || word === 'array_to_string');
  if (select) {
    const sources = words.filter((_, index) => /^(from|join)$/.test(words[index - 1] ?? ''));
    const catalog = sources.length > 0 && sources.every((word) => /^(pg_|information_schema$|unnest$|\()/.test(word)) && sources.some((word) => /^(pg_|info)/.test(word));
    const spread = sources.length === 0 || sources.includes('unnest') ? together(found).origin : 'fetched';
    const judged: Judgement = { type: 'unknown', origin: catalog ? 'catalog' : worse(spread, 'unknown'), quoted: false };
    return lists ? asList(judged) : judged;
  }
  const last = words.lastIndexOf('::');
  if (last > 0 && isHarmless(classOfType(words.slice(last + 1).join(' ').replace(/\)+$/, '')))) return { ...constant, type: 'plain', origin: 'unknown' };
  if (found.length === 0) return tokens.some((token) => token.kind === 'word') ? { ...unknown, type: 'unknown' } : constant;
  const arithmetic = tokens.every((token) => token.kind !== 'operator' || /^[-+*/%<>=:.]+$/.test(source.slice(token.start, token.end)));
  const result = together(found);
  if (!isHarmless(result.type)) return lists ? asList(result) : { ...result, type: result.type === 'object' ? 'object' : 'text', quoted: false };
  return arithmetic ? result : { ...result, type: 'unknown', origin: 'unknown' };
}

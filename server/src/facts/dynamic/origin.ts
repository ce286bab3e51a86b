import type { Span } from '../../text.ts';
import type { Expression } from '../../syntax/sql/expression.ts';
import { judgeCall } from './function-results.ts';
import { guardOfElement } from './element-keys.ts';
import { judgeExecuted } from './executed-queries.ts';
import { judgeText } from './expression-words.ts';
import type { Left } from './conditions.ts';
import { givesPairs, givesParts, partsGiven } from './element-queries.ts';
import type { Guard } from './guards.ts';
import type { Context, Judgement } from './judgement.ts';
import { constant, isTame, outputName, passing, quoted, together, unknown } from './judgement.ts';
import { judgePassed } from './passed-arguments.ts';
import type { Derived } from './queries.ts';
import { columnsMade, selectedWithFrom, withoutColumn } from './queries.ts';
import { isColumnName } from './row-keys.ts';
import type { Origin, Variable } from './scope.ts';
import { worse } from './scope.ts';
import type { TypeClass } from './sql-types.ts';
import { classOfElement, classOfType, isHarmless } from './sql-types.ts';
import type { Write } from './writes.ts';
import { Notes } from '../../notes.ts';

export type { Context, Judgement, Summaries } from './judgement.ts';
export { contextIn } from './judgement.ts';

export function judge(expression: Expression, context: Context): Judgement {
  if (context.depth > deepest) return unknown;
  switch (expression.kind) {
    case 'literal': case 'null': return constant;
    case 'number': return { ...constant, type: 'number' };
    case 'parameter': {
      const guard = context.scope.guard(`$${expression.number}`, expression.span.start);
      const judged = judgeVariable(context.scope.parameter(expression.number, expression.span.start), context);
      return guard === undefined ? judged : afterCheck(judged, guard.leaves);
    }
    case 'reference': return judgeReference(expression.path, expression.span, context);
    case 'cast': return judgeCast(judge(expression.operand, context), expression.type, context);
    case 'concat': return joined(together(expression.parts.map((part) => judge(part, context))));
    case 'case': return afterTypes(expression.span, together(expression.results.map((result) => judge(result, context))), context);
    case 'call': return callIn(expression, context);
    case 'other': return judgeOther(expression.span, context);
  }
}

function judgeOther(span: Span, context: Context): Judgement {
  const [, inside, number, field] = fieldOfRow.exec(context.scope.text.slice(span.start, Math.min(span.end, span.start + longestElement))) ?? [];
  const row = inside ?? number;
  if (row !== undefined) return judgeReference([row.toLowerCase(), field!.toLowerCase()], span, context);
  const judged = judgeText(span, context, { judgeVariable, judgeSpan });
  const guard = isTame(judged) ? undefined : guardOfElement(span, context) ?? context.scope.guardAt(span) ?? guardOfArray(span, context);
  return guard === undefined ? judged : afterCheck(judged, guard.leaves);
}

/** `CASE jsonb_typeof(v) WHEN 'string' THEN quote_literal(…) ELSE v ->> 'x' END`: what is no string in JSON begins with a digit, a word or a bracket. */
function afterTypes(span: Span, judged: Judgement, { scope }: Context): Judgement {
  return !isTame(judged) && judged.doubt === undefined && asksForTypes(span, scope) ? { ...judged, doubt: 'asked' } : judged;
}

export function asksForTypes({ start, end }: Span, { text }: Context['scope']): boolean {
  return /\bjsonb?_typeof\s*\(/i.test(text.slice(start, Math.min(end, start + longestCase)));
}

const longestCase = 1_000;

/** `names[i]`, where something is asked about elements of the array: nobody can tell about which. */
function guardOfArray({ start, end }: Span, { scope }: Context): Pick<Guard, 'leaves'> | undefined {
  const [, array] = element.exec(scope.text.slice(start, Math.min(end, start + longestElement))) ?? [];
  return array !== undefined && scope.guard(array.toLowerCase(), start) !== undefined ? { leaves: 'asked' } : undefined;
}

/** `(r).name`, `$1.name` */
const fieldOfRow = /^(?:\(\s*([a-z_]\w*|\$\d+)\s*\)|(\$\d+))\s*\.\s*([a-z_]\w*)$/i;
const element = /^\s*([a-z_]\w*)\s*\[[^\][]+\]\s*$/i;
const longestElement = 100;

const deepest = 10;

/** `replace(replace(…))`: who asks about a call asks about its arguments more than once. */
function callIn(call: Extract<Expression, { kind: 'call' }>, context: Context): Judgement {
  let known = calls.get(context);
  if (known === undefined) calls.set(context, (known = new Map()));
  let judged = known.get(call);
  if (judged === undefined) known.set(call, (judged = judgeChecked(call, context)));
  return judged;
}

function judgeChecked(call: Extract<Expression, { kind: 'call' }>, context: Context): Judgement {
  const judged = judgeCall(call, context, judge);
  const guard = isTame(judged) ? undefined : context.scope.guardAt(call.span) ?? (givesPairs(call.name) ? undefined : guardOfParts(call, context));
  return guard === undefined ? judged : afterCheck(judged, guard.leaves);
}

/** What a check has left of the keys, or the elements, of JSON: `jsonb_object_keys(p)`. */
function guardOfParts(call: Expression | undefined, { scope }: Context): Guard | undefined {
  if (call?.kind !== 'call' || !givesParts(call.name)) return undefined;
  const [taken] = call.args;
  const name = taken?.kind === 'reference' ? taken.path.join('.') : taken?.kind === 'parameter' ? `$${taken.number}` : undefined;
  return name === undefined ? undefined : scope.guard(partsGiven(call.name, name), call.span.start);
}

const calls = new Notes<Context, Map<Expression, Judgement>>();

/** Names that are quoted already stay so beside constants. */
function joined(parts: Judgement): Judgement {
  // A number beside a constant holds nothing more, whoever gives it.
  if (isTame(parts)) return { ...parts, type: parts.quoted || parts.origin === 'constant' ? 'text' : 'plain' };
  return { ...parts, type: parts.type === 'object' || parts.type === 'unknown' ? parts.type : 'text', built: true };
}

function judgeReference(path: readonly string[], { start }: Span, context: Context): Judgement {
  const { scope } = context;
  const names = scope.plain(path);
  const guard = scope.guard(names.join('.'), start);
  const judged = judgeNames(names, scope.find(path.join('.'), start), start, context);
  return guard === undefined ? judged : afterCheck(judged, guard.leaves);
}

/** What is known of a value behind a check. */
export function afterCheck(judged: Judgement, leaves: Left): Judgement {
  switch (leaves) {
    case 'listed': return constant;
    case 'word': return { ...judged, type: 'plain' };
    case 'quoteless': return isHarmless(judged.type) ? judged : { ...judged, type: leaves };
    case 'digits': return isHarmless(judged.type) ? judged : { ...judged, type: 'quoteless', doubt: leaves };
    case 'words': case 'type': case 'checked': case 'asked': return { ...judged, doubt: leaves };
    case 'existing': return lessThan(judged, 'catalog');
    case 'stored': return lessThan(judged, 'fetched');
    default: return { ...judged, lacks: leaves.slice('without '.length) };
  }
}

/** Nobody can choose it more freely than that. */
function lessThan(judged: Judgement, origin: Origin): Judgement {
  return worse(judged.origin, origin) === judged.origin ? { ...judged, origin } : judged;
}

function judgeNames(names: readonly string[], whole: Variable | undefined, offset: number, context: Context): Judgement {
  const { scope } = context;
  // A record that is filled field by field holds what they hold.
  const fields = names.length === 1 && whole?.values.length === 0 && whole.origin === 'constant' && whole.type === 'unknown' ? scope.fieldsOf(names[0]!) : [];
  if (fields.length > 0) return together(fields.map((field) => judgeNames([names[0]!, field], scope.find(`${names[0]!}.${field}`, offset), offset, context)));
  const record = names.length > 1 ? scope.find(names[0]!, offset) : undefined;
  if (whole !== undefined && (record === undefined || whole.values.length === 0 || isRow.test(names[0]!))) return judgeVariable(whole, context);
  if (record !== undefined) {
    const field = judgeField(record, names[1]!, context);
    const replaced = whole?.origin === 'constant' && whole.values.some(({ at }) => scope.dominates(at, offset));
    return whole === undefined ? field : replaced ? judgeVariable(whole, context) : together([judgeVariable(whole, context), field]);
  }
  const column = names.at(-1)!;
  const made = columnsMade(names, context.derived);
  if (made.length === 0 || made.length > 4 || context.depth >= deepest) {
    const viewed = columnOfView(names, context);
    if (viewed !== undefined) return viewed;
    const typed = columnType(names, context);
    if (typed !== undefined && (isHarmless(typed) || typed === 'quoteless')) return { type: typed, origin: originOfColumn(names, context), quoted: false };
    return withBuilt(judgeColumn(column, originOfColumn(names, context), context), context.built);
  }
  const from = { calls: [], derived: withoutColumn(names, context.derived), kind: 'set', element: false } as const;
  return together(made.map((item) => {
    const judged = columnOfCall(item, context.others, context) ?? judgeSpan(item.span, { ...from, origin: item.catalog ? 'catalog' : context.others }, context);
    return item.likened === undefined ? judged : lessThan(judged, item.likened);
  }));
}

const isRow = /^(new|old)$/;

/** What a call in FROM gives is as good as its type, and as what the rows are made of; the elements of an array are as good as the array. */
function columnOfCall({ again, type, elements, span, keys }: Pick<Derived, 'again' | 'type' | 'elements' | 'span' | 'keys'>, rows: Origin, context: Context): Judgement | undefined {
  if (again) return constant;
  const guard = keys && guardOfParts(context.scope.expressionAt(span)?.expression, context);
  if (guard !== undefined) return afterCheck({ type: 'text', origin: rows, quoted: false }, guard.leaves);
  const judgeIt = () => judgeSpan(span, { origin: 'fetched', calls: [], derived: [], kind: 'set', element: false }, context);
  // What else the query reads is nothing that the call gives.
  if (type !== undefined) return { type: classOfType(type), origin: rows === 'catalog' || rows === 'fetched' ? originOfCall(judgeIt(), rows) : rows, quoted: false };
  if (!elements) return undefined;
  const judged = judgeIt();
  const array = context.scope.expressionAt(span)?.expression;
  const declared = array?.kind === 'cast' ? classOfElement(array.type) : array?.kind === 'reference' ? context.scope.find(array.path.join('.'), span.start)?.element : undefined;
  return isTame(judged) ? judged : { ...judged, type: declared ?? judged.type };
}

function originOfCall({ origin, quoted, type }: Judgement, rows: Origin): Origin {
  return origin === 'unknown' ? rows : quoted || isHarmless(type) ? 'constant' : origin;
}

/** What tables that are created here say of a column that a query reads; of several that have it all have to say the same. */
function columnType(names: readonly string[], { derived, scope }: Context): TypeClass | undefined {
  if (derived.some(({ name, held }) => name !== '*' && !held)) return undefined;
  const [first, ...others] = tablesOf(names, derived).flatMap(({ table }) => scope.columnIn(table!, names.at(-1)!) ?? []);
  return others.every((one) => one === first) ? first : undefined;
}

/** What a view that is created here has in a column that a query reads. */
function columnOfView(names: readonly string[], { derived, scope }: Context): Judgement | undefined {
  const [first, ...others] = tablesOf(names, derived).flatMap(({ table }) => scope.viewColumn(table!, names.at(-1)!) ?? []);
  return others.length === 0 ? first : undefined;
}

/** The tables and views that a column can belong to. */
function tablesOf(names: readonly string[], derived: readonly Derived[]): readonly Derived[] {
  return derived.filter(({ table, called }) => table !== undefined && (names.length === 1 || called.includes(names.at(-2)!)));
}

/** Where a query reads tables and what describes objects, the alias tells, or a name that only the latter has. */
function originOfColumn(names: readonly string[], { others, derived }: Context): Origin {
  if (others !== 'fetched') return others;
  const tables = derived.filter(({ name }) => name === '*');
  const [table, ...more] = names.length > 1 ? tables.filter(({ called }) => called.includes(names.at(-2)!)) : [];
  if (table !== undefined && more.length === 0) return table.catalog ? 'catalog' : others;
  return names.length === 1 && tables.some(({ catalog }) => catalog) && objectColumns.test(names[0]!) ? 'catalog' : others;
}

const objectColumns = /^(relname|nspname|attname|proname|typname|rolname|conname|tgname|schemaname|tablename|schema_name|table_schema|table_name|column_name|constraint_name)$/;

/** A column of a table that a query reads. */
function judgeColumn(name: string, origin: Origin, { scope }: Context): Judgement {
  if (name === 'object_identity') return { ...quoted, origin: 'catalog' };
  if ((origin === 'catalog' || privileges.has(name)) && readyColumns.has(name)) return quoted;
  // What the tables of the workspace call so is no number, whatever it is called like and wherever it stands.
  const text = origin === 'fetched' && !harmlessColumns.has(name) && scope.holdsText(name);
  return { type: harmlessColumns.has(name) ? 'number' : text ? 'text' : 'unknown', origin, quoted: false };
}

/** Columns of the system catalogues that hold numbers or single letters. */
const harmlessColumns = new Set(['oid', 'attnum', 'relkind', 'attrelid', 'relnatts', 'ordinal_position', 'pid', 'indexrelid', 'indrelid', 'conrelid', 'relid', 'ordinality', 'attstattarget', 'attlen', 'attndims', 'atttypmod', 'atttypid',
  'relpages', 'reltuples', 'relallvisible', 'relnamespace', 'relowner', 'relfilenode', 'reltablespace', 'confrelid', 'conindid', 'tgrelid', 'tgfoid', 'typlen', 'pronargs', 'proowner', 'n_live_tup', 'n_dead_tup', 'seq_scan', 'idx_scan']);

/** Columns that PostgreSQL fills with SQL or with words of its own. */
const readyColumns = new Set([
  'object_identity', 'object_type', 'command_tag', 'indexdef', 'definition', 'privilege_type', 'is_grantable', 'constraint_type', 'view_definition',
  'data_type', 'is_nullable', 'is_identity', 'identity_generation', 'table_type', 'routine_type', 'event_manipulation', 'action_timing', 'action_orientation', 'action_statement',
  'column_default', 'check_clause',
]);

/** Called so nowhere else. */
const privileges = new Set(['privilege_type', 'is_grantable', 'object_identity']);

function judgeField(record: Variable, field: string, context: Context): Judgement {
  const typed = context.scope.columnOf(record, field);
  if (typed !== undefined && (isHarmless(typed) || typed === 'object')) return { type: typed, origin: worse(record.origin, 'fetched'), quoted: false };
  const values = record.values.map((write): Judgement => {
    const listed = write.fields.find((one) => one.name === field);
    const isKey = listed === undefined && isColumnName({ kind: 'reference', span: write.statement, path: [field] }, write.calls, context);
    if (isKey) return passing({ type: 'text', origin: 'catalog', quoted: false }, stepOf(record, write));
    const viewed = listed ? undefined : columnOfView([field], { ...context, derived: write.derived });
    if (viewed !== undefined) return passing(viewed, stepOf(record, write));
    const column = listed ? undefined : columnType([field], { ...context, derived: write.derived });
    if (column !== undefined && (isHarmless(column) || column === 'quoteless')) return passing({ type: column, origin: 'fetched', quoted: false }, stepOf(record, write));
    const made: readonly Pick<Derived, 'span' | 'type' | 'elements' | 'again' | 'keys'>[] = listed ? [listed] : write.derived.filter((one) => one.name === field && (one.held || one.given || one.type !== undefined || one.elements));
    const inner = { origin: write.origin, calls: write.calls, kind: write.kind, element: write.element, derived: listed ? write.derived : withoutColumn([field], write.derived) };
    const executed = write.executed && context.depth < deepest ? judgeExecuted(write.executed.site, field, { ...context, depth: context.depth + 1 }, judge) : undefined;
    const judged = executed ?? (made.length > 0 ? together(made.map((item) => columnOfCall(item, originOf(write, context), context) ?? judgeSpan(item.span, inner, context))) : write.value ? judgeColumn(field, judgeSpan(write.value, write, context).origin, context)
      : fieldOfElements(field, write, context) ?? withBuilt(judgeColumn(field, originOf(write, context), context), rowsOf(write, context)?.built));
    return passing(judged.type === 'unknown' && typed !== undefined ? { ...judged, type: typed } : judged, stepOf(record, write));
  });
  if (record.origin !== 'constant' || values.length === 0) {
    const origin = record.origin === 'constant' ? 'unknown' : record.origin;
    // The caller makes up the types of a row as well.
    const type = typed ?? (origin === 'param' && /^record$/i.test(record.declared) ? 'text' : undefined);
    values.push(withSource({ ...judgeColumn(field, origin, context), ...(type && { type }) }, record));
  }
  return together(values);
}

/** `FOR r IN SELECT * FROM unnest(a)`: a field of the rows that the array holds, where the workspace tells its type. */
function fieldOfElements(field: string, write: Write, context: Context): Judgement | undefined {
  const elements = write.derived.filter((one) => one.elements);
  const array = elements.length === 1 ? context.scope.expressionAt(elements[0]!.span)?.expression : undefined;
  const variable = array?.kind === 'reference' ? context.scope.find(array.path.join('.'), array.span.start) : undefined;
  const type = variable && context.scope.columnOf(variable, field);
  return type === undefined ? undefined : { type, origin: originOf(write, context), quoted: false };
}

function judgeVariable(variable: Variable | undefined, context: Context): Judgement {
  if (variable === undefined) return unknown;
  if (isHarmless(variable.type)) return { type: variable.type, origin: variable.origin, quoted: false };
  // Somebody has to give an object such a name first.
  if (variable.type === 'object') return { type: 'object', origin: worse(variable.origin, 'catalog') === variable.origin ? 'catalog' : variable.origin, quoted: false };
  const { memo } = context;
  const known = memo.done.get(variable);
  if (known !== undefined) return known;
  const found = memo.found.get(variable);
  if (found !== undefined || memo.open.has(variable)) {
    memo.cut = true;
    return found ?? memo.taken.get(variable) ?? constant;
  }
  const outer = memo.cut;
  const judged = judgeOpen(variable, context);
  if (!memo.cut) memo.done.set(variable, judged);
  else if (memo.open.size > 0) memo.found.set(variable, judged);
  else settleLoops(variable, judged, context);
  memo.cut = outer || (memo.cut && memo.open.size > 0);
  return memo.done.get(variable) ?? judged;
}

function judgeOpen(variable: Variable, context: Context): Judgement {
  const { memo } = context;
  memo.cut = false;
  memo.open.add(variable);
  const judged = judgeValues(variable, context);
  memo.open.delete(variable);
  return judged;
}

/** Loops lead back to `variable`: what was taken of the others in them has to be what comes out. */
function settleLoops(variable: Variable, first: Judgement, context: Context): void {
  const { memo } = context;
  memo.found.set(variable, first);
  for (let round = 1; round < mostRounds; round++) {
    const before = memo.found;
    memo.taken = before;
    memo.found = new Map();
    memo.found.set(variable, judgeOpen(variable, context));
    const settled = [...memo.found].every(([one, judged]) => isSame(judged, before.get(one)));
    if (!settled) continue;
    // The way through a loop says no more than the one that comes into it.
    for (const one of memo.found.keys()) memo.found.set(one, before.get(one)!);
    break;
  }
  for (const [one, judged] of memo.found) memo.done.set(one, judged);
  memo.found = new Map();
  memo.taken = new Map();
}

/** Each of them can make what is known of a variable worse, and there is not much that is worse. */
const mostRounds = 6;

function isSame(judged: Judgement, before: Judgement | undefined): boolean {
  if (before === undefined) return false;
  const { trail: _, ...rest } = judged;
  const { trail: __, ...others } = before;
  return JSON.stringify(rest, Object.keys(rest).sort()) === JSON.stringify(others, Object.keys(others).sort());
}

function judgeValues(variable: Variable, context: Context): Judgement {
  const values = variable.values.map((write) => passing(judgeWrite(write, context), stepOf(variable, write)));
  const own: Judgement = { type: variable.type, origin: variable.origin, quoted: variable.quoted ?? false, ...(writtenBySettings.test(variable.declared) && { doubt: 'session' }), ...(variable.doubt && { doubt: variable.doubt }) };
  const itself = variable.origin === 'constant' && values.length > 0 ? [] : [withSource(own, variable)];
  const given = together([...values, ...itself]);
  // What is put there is written anew, as the settings say.
  const held: Judgement = writtenBySettings.test(variable.declared) && values.length > 0 && isTame(given) ? { ...unknown, doubt: 'session' } : given;
  // More signs raise an error, except in a parameter, whose length nobody looks at.
  const doubt = variable.parameter !== undefined ? undefined : typeOfFewSigns.test(variable.declared) ? 'short' : isForeign(variable.declared, variable.type) && !isTame(held) ? 'typed' : undefined;
  const result = doubt === undefined ? held : { ...held, doubt: held.doubt ?? doubt };
  if (result.type !== 'unknown') return result;
  // A text that a column of an unknown type is put into says nothing of that type.
  const stored = result.origin === 'row' || result.origin === 'fetched';
  return { ...result, ...(!stored && { type: variable.type }), ...(typeOfNumber.test(variable.declared) && { numbered: true }) };
}

/** TimeZone and DateStyle, bytea_output, lc_monetary. */
const writtenBySettings = /^\s*(timestamptz|timestamp(\s*\(\d\))?\s+with\s+time\s+zone|tstzrange|bytea|money)\b/i;

/** `char`, `varchar(3)` */
const typeOfFewSigns = /^\s*(?:(?:char|character)(?:\s*\(\s*[1-3]\s*\))?|(?:varchar|character\s+varying|bpchar)\s*\(\s*[1-3]\s*\))\s*$/i;

/** A type that nothing here creates, which may take no more than a few words: `app.kind`. */
function isForeign(type: string, known: TypeClass): boolean {
  return known === 'unknown' && /^\s*[\w"$]+(?:\s*\.\s*[\w"$]+)?\s*$/.test(type) && !/^\s*(?:pg_catalog\s*\.\s*)?(?:record|trigger|void|any\w*|geometry|geography|raster)\s*$/i.test(type);
}

/** `app.revisions.id%TYPE` */
const typeOfNumber = /\.\s*(?:\w*_)?(?:id|gid|fid|oid)\s*%\s*type$/i;

export function judgeWrite(write: Write, context: Context): Judgement {
  if (write.number) return { ...constant, type: 'number' };
  if (write.called !== undefined) return judgeCalled(write.called, context);
  const executed = write.executed && context.depth < deepest ? judgeExecuted(write.executed.site, write.executed.column ?? 0, { ...context, depth: context.depth + 1 }, judge) : undefined;
  if (executed !== undefined) return executed;
  if (write.value === undefined) return withBuilt({ ...unknown, origin: originOf(write, context) }, rowsOf(write, context)?.built);
  return judgeSpan(write.value, write, context);
}

/** What a procedure of the workspace puts into one of its arguments; others are taken for what only reads them. */
function judgeCalled({ routine, argument, call }: NonNullable<Write['called']>, context: Context): Judgement {
  const gives = context.routines.get(outputName(routine, argument));
  if (gives === undefined || context.depth >= deepest) return constant;
  if (!('passes' in gives)) return gives;
  const read = context.scope.expressionAt(call)?.expression;
  const args = read?.kind === 'call' ? read.args : [];
  // What was in it before and something else: it is put together.
  const builds = gives.passes.length > 1 && gives.passes.includes(argument) ? gives.passes : gives.builds;
  return judgePassed(args, { ...gives, builds }, { ...context, depth: context.depth + 1 }, judge);
}

/** As much of a write as an expression in it needs to be judged. */
type Source = Pick<Write, 'origin' | 'calls' | 'derived' | 'kind' | 'element'>;

/** What is written at `span`, as a part of `write`. */
export function judgeSpan(span: Span, write: Source, context: Context): Judgement {
  const parsed = context.scope.expressionAt(span);
  if (parsed === undefined) return judgeSelected(span, write.origin, context);
  const inner = { ...context, others: originOf(write, context), built: rowsOf(write, context)?.built, derived: write.derived, depth: context.depth + 1 };
  const { expression } = parsed;
  if (isColumnName(expression, write.calls, context)) return { type: 'text', origin: 'catalog', quoted: false };
  // What `q := q || x` leaves as it was is a value of q by itself.
  const added = write.kind !== 'append' ? undefined : expression.kind === 'concat' ? expression.parts : expression.kind === 'call' && expression.name === 'concat' ? expression.args : undefined;
  if (added !== undefined) return joined(together(added.slice(1).map((part) => judge(part, inner))));
  const judged = judge(expression, inner);
  const array = write.element && expression.kind === 'reference' ? context.scope.find(expression.path.join('.'), span.start) : undefined;
  return array && array.element !== 'unknown' && array.element !== 'text' ? { ...judged, type: array.element } : judged;
}

/** `v := name FROM app.tables` */
function judgeSelected(span: Span, origin: Origin, context: Context): Judgement {
  const query = origin === 'unknown' && context.depth < deepest ? selectedWithFrom(context.scope.text, span) : undefined;
  const read = query && context.scope.expressionAt(query.item)?.expression;
  if (read === undefined) return { ...unknown, origin };
  return judge(read, { ...context, others: query!.origin, built: undefined, derived: query!.derived, depth: context.depth + 1 });
}

/** Rows that nothing but calls make are as good as the arguments of these, as far as it is known what becomes of them. */
export function originOf(write: Pick<Write, 'origin' | 'calls'>, context: Context): Origin {
  const rows = rowsOf(write, context);
  if (rows === undefined || (rows.origin === 'unknown' && !rows.quoted && write.origin === 'fetched')) return write.origin;
  return rows.quoted || isHarmless(rows.type) ? 'constant' : rows.origin;
}

/** What the calls give that alone make the rows of a query. */
function rowsOf({ calls }: Pick<Write, 'calls'>, context: Context): Judgement | undefined {
  if (calls.length === 0 || context.depth >= deepest) return undefined;
  const inner = { ...context, depth: context.depth + 1 };
  return together(calls.map((call) => judgeSpan(call, { origin: 'fetched', calls: [], derived: [], kind: 'set', element: false }, inner)));
}

function withBuilt(judged: Judgement, built: true | undefined): Judgement {
  return built === undefined || isTame(judged) ? judged : { ...judged, built };
}

function stepOf({ name }: Variable, { statement, fields, origin, value }: Write): { at: Span; header: boolean; message: string } {
  const query = value === undefined || fields.length > 0 || origin !== 'unknown';
  return { at: statement, header: false, message: query ? `${shortened(name)} is filled here` : `${shortened(name)} takes it over` };
}

function withSource(judged: Judgement, { parameter, name, origin }: Variable): Judgement {
  if (parameter === undefined || origin !== 'param') return judged;
  return passing(judged, { at: parameter, header: true, message: name === '' ? 'The caller gives it' : `The caller gives ${shortened(name)}` });
}

function shortened(name: string): string {
  return name.length <= 40 ? name : 'the variable';
}

/** A cast to text keeps what the value can look like; every other cast decides it. */
function judgeCast(operand: Judgement, type: string, { scope }: Context): Judgement {
  const target = classOfType(type);
  if (target === 'unknown' && operand.type === 'text' && isForeign(type, scope.classOf(type))) return { ...operand, doubt: operand.doubt ?? 'typed' };
  if (target !== 'text' && target !== 'unknown') return { ...(target === 'object' ? lessThan(operand, 'catalog') : operand), type: target };
  // Nobody casts what is text already: a column of an unknown type most likely holds something else.
  if (operand.type === 'unknown' && /^(row|fetched|param)$/.test(operand.origin)) return operand;
  const keeps = isHarmless(operand.type) || operand.type === 'object' || operand.type === 'quoteless' || operand.quoted;
  return keeps ? operand : { ...operand, type: target === 'unknown' ? operand.type : 'text', ...(typeOfFewSigns.test(type) && { doubt: operand.doubt ?? 'short' }) };
}

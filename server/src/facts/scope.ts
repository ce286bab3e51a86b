import type { Span } from '../text.ts';
import type { Token } from '../syntax/sql/lexer.ts';
import type { PlpgsqlBody } from '../syntax/sql/plpgsql.ts';
import type { StatementText } from '../syntax/sql/statements.ts';
import type { TypeClass } from './sql-types.ts';
import { classOfElement, classOfType } from './sql-types.ts';
import { guardedNames } from './guards.ts';
import type { KnownTypes } from './known-types.ts';
import { noKnownTypes } from './known-types.ts';
import { closing, nameOf, spanOf, splitAtCommas } from './tokens.ts';

/**
 * Who chooses a value, from nobody to the caller; of several the last one counts. `row`: whoever writes the row of a trigger,
 * `setting`: whoever sets a parameter for a block that nobody calls.
 */
const origins = ['constant', 'unknown', 'catalog', 'fetched', 'setting', 'list', 'row', 'param'] as const;
export type Origin = (typeof origins)[number];

/** An expression that is put into a variable. What it refers to outside the body comes from `origin`. */
export interface Value {
  readonly span: Span;
  readonly origin: Origin;
}

export interface Variable {
  readonly name: string;
  readonly type: TypeClass;
  /** The type as it is written. */
  readonly declared: string;
  /** The type of the elements of an array. */
  readonly element: TypeClass;
  /** Who else than the body's own expressions puts values into it. */
  readonly origin: Origin;
  /** What the body puts into it, in the order of the text. */
  readonly values: readonly Value[];
  /** The fields of a record, by the select list that fills it. */
  readonly fields: ReadonlyMap<string, Value>;
}

/** The names that a routine body can use. Offsets count from the start of the body. */
export interface Scope {
  readonly text: string;
  readonly routine: string | undefined;
  find(name: string, offset?: number): Variable | undefined;
  /** `$1` */
  parameter(number: number): Variable | undefined;
}

export function readScope(statement: StatementText, text: string, body: PlpgsqlBody, known: KnownTypes = noKnownTypes): Scope {
  const header = readHeader(statement);
  const variables = new Map<string, Draft>();
  for (const { name, type, input } of header.parameters) {
    if (name !== undefined) variables.set(name, { ...draft(name, type, input ? 'param' : 'constant'), type: known.classOf(type) });
  }
  declare(variables, body, header.parameters, text, known);
  const tokens = body.tokens.filter((token) => token.kind !== 'comment');
  for (const { target, value } of body.assignments) {
    const name = target.replace(/\[.*$/, '').trim();
    const variable = variables.get(name) ?? add(variables, name);
    if (target.includes('[')) variable.origin = worse(variable.origin, 'unknown');
    variable.values.push({ span: value, origin: 'unknown' });
  }
  readLoops(variables, tokens, text);
  readInto(variables, tokens, text);
  for (const name of guardedNames(tokens, text)) {
    const once = body.declarations.filter((one) => one.name === name).length + header.parameters.filter((one) => one.name === name).length === 1;
    const variable = once ? variables.get(name) : undefined;
    if (variable) variables.set(name, { ...variable, type: 'plain', origin: 'constant', values: [] });
  }
  const numbered = header.parameters.filter((one) => one.input).map((one) => ({ ...draft(one.name ?? '', one.type, 'param'), type: known.classOf(one.type) }));
  return {
    text,
    routine: header.name,
    find: (name) => variables.get(name) ?? columnOfRow(name, header.name, known) ?? special(name),
    parameter: (number) => numbered[number - 1],
  };
}

export function worse(a: Origin, b: Origin): Origin {
  return origins.indexOf(a) > origins.indexOf(b) ? a : b;
}

type Draft = { -readonly [K in keyof Variable]: Variable[K] } & { values: Value[]; fields: Map<string, Value> };

function draft(name: string, type: string, origin: Origin): Draft {
  return { name, type: classOfType(type), declared: type, element: classOfElement(type), origin, values: [], fields: new Map() };
}

function add(variables: Map<string, Draft>, name: string): Draft {
  const made = draft(name, '', 'constant');
  variables.set(name, made);
  return made;
}

interface Parameter {
  readonly name: string | undefined;
  readonly type: string;
  readonly input: boolean;
}

/** Read by tokens, so that a statement which does not parse still has parameters. */
function readHeader(statement: StatementText): { name: string | undefined; parameters: Parameter[] } {
  const { text } = statement;
  const tokens = statement.tokens.filter((token) => token.kind !== 'comment');
  const keyword = tokens.findIndex((token) => /^(function|procedure)$/i.test(text.slice(token.start, token.end)));
  if (keyword < 0 || !/^CREATE\b/.test(statement.head)) return { name: undefined, parameters: [] };
  const open = tokens.findIndex((token, index) => index > keyword && text[token.start] === '(' && token.kind === 'punctuation');
  if (open < 0) return { name: undefined, parameters: [] };
  const parameters = parametersAt(tokens, open, text);
  const close = closing(tokens, open, text);
  if (nameOf(tokens[close + 1], text) === 'returns' && nameOf(tokens[close + 2], text) === 'table') {
    parameters.push(...parametersAt(tokens, close + 3, text).map((one) => ({ ...one, input: false })));
  }
  return { name: nameOf(tokens[open - 1], text), parameters };
}

function parametersAt(tokens: readonly Token[], open: number, text: string): Parameter[] {
  const inside = tokens.slice(open + 1, closing(tokens, open, text));
  return splitAtCommas(inside, text).map((part) => readParameter(part, text));
}

function readParameter(part: readonly Token[], text: string): Parameter {
  const end = part.findIndex((token) => /^(default|=|:=)$/i.test(text.slice(token.start, token.end)));
  let words = end < 0 ? part : part.slice(0, end);
  let mode = 'in';
  // PostgreSQL accepts the mode before and behind the name.
  const modes = words.findIndex((token, index) => index < 2 && token.kind === 'word' && /^(in|out|inout|variadic)$/.test(nameOf(token, text)));
  if (modes >= 0 && words.length > 1) {
    mode = nameOf(words[modes], text);
    words = words.filter((_, index) => index !== modes);
  }
  const first = nameOf(words[0], text);
  const second = nameOf(words[1], text);
  const unnamed = words.length < 2 || !/^[\w"$]/.test(second) || (typeHeads.has(first) && typeTails.has(second));
  const type = words.slice(unnamed ? 0 : 1);
  const { start, end: last } = spanOf(type);
  return { name: unnamed ? undefined : first, type: text.slice(start, last), input: mode !== 'out' };
}

const typeHeads = new Set(['double', 'character', 'char', 'bit', 'timestamp', 'time', 'national', 'interval']);
const typeTails = new Set(['precision', 'varying', 'with', 'without', 'character', 'year', 'month', 'day', 'hour', 'minute', 'second']);

function declare(variables: Map<string, Draft>, body: PlpgsqlBody, parameters: readonly Parameter[], text: string, known: KnownTypes): void {
  const inputs = parameters.filter((parameter) => parameter.input);
  for (const { name, type, value } of body.declarations) {
    if (type === 'alias') {
      const target = value === undefined ? '' : text.slice(value.start, value.end);
      const parameter = /^\$\d+$/.test(target) ? inputs[Number(target.slice(1)) - 1] : undefined;
      variables.set(name, parameter ? draft(name, parameter.type, 'param') : { ...(variables.get(target.toLowerCase()) ?? draft(name, '', 'unknown')), name });
      continue;
    }
    const made = { ...draft(name, type, 'constant'), type: known.classOf(type) };
    if (value !== undefined) made.values.push({ span: value, origin: 'unknown' });
    variables.set(name, made);
  }
}

/** `FOR i IN 1..3 LOOP`, `FOR r IN SELECT … LOOP`, `FOREACH x IN ARRAY a LOOP` */
function readLoops(variables: Map<string, Draft>, tokens: readonly Token[], text: string): void {
  for (const [index, token] of tokens.entries()) {
    const word = token.kind === 'word' ? nameOf(token, text) : '';
    if (word !== 'for' && word !== 'foreach') continue;
    const into = tokens.findIndex((one, at) => at > index && one.kind === 'word' && nameOf(one, text) === 'in');
    const loop = tokens.findIndex((one, at) => at > into && one.kind === 'word' && nameOf(one, text) === 'loop');
    if (into < 0 || loop < 0 || into - index > 12) continue;
    const targets = splitAtCommas(tokens.slice(index + 1, into), text).map((part) => nameOf(part[0], text));
    const source = tokens.slice(into + 1, loop);
    if (word === 'for' && source.some((one) => text.slice(one.start, one.end) === '..')) {
      variables.set(targets[0]!, draft(targets[0]!, 'integer', 'constant'));
      continue;
    }
    if (word === 'foreach') {
      const array = nameOf(source[1], text);
      const from = variables.get(array);
      const known = variables.get(targets[0]!) ?? add(variables, targets[0]!);
      if (from && from.element !== 'unknown' && from.element !== 'text') known.type = from.element;
      known.origin = worse(known.origin, from === undefined ? 'fetched' : worse(from.origin, 'unknown'));
      for (const value of from?.values ?? []) known.values.push(value);
      continue;
    }
    fill(variables, targets, source, text);
  }
}

/** `SELECT … INTO x`, `FETCH c INTO x`, `… RETURNING … INTO x`, `EXECUTE … INTO x` */
function readInto(variables: Map<string, Draft>, tokens: readonly Token[], text: string): void {
  for (const [index, token] of tokens.entries()) {
    if (token.kind !== 'word' || nameOf(token, text) !== 'into' || /^(insert|merge)$/.test(nameOf(tokens[index - 1], text))) continue;
    const begin = startOfStatement(tokens, index, text);
    const end = tokens.findIndex((one, at) => at > index && text.slice(one.start, one.end) === ';');
    const strict = nameOf(tokens[index + 1], text) === 'strict' ? 1 : 0;
    const targets: string[] = [];
    let at = index + 1 + strict;
    for (;;) {
      let name = nameOf(tokens[at], text);
      while (text.slice(tokens[at + 1]?.start, tokens[at + 1]?.end) === '.') {
        name += '.' + nameOf(tokens[at + 2], text);
        at += 2;
      }
      targets.push(name);
      if (text.slice(tokens[at + 1]?.start, tokens[at + 1]?.end) !== ',') break;
      at += 2;
    }
    const rest = tokens.slice(at + 1, end < 0 ? tokens.length : end);
    fill(variables, targets, [...tokens.slice(begin, index), ...rest], text);
  }
}

function startOfStatement(tokens: readonly Token[], from: number, text: string): number {
  for (let i = from - 1; i >= 0; i--) {
    const written = text.slice(tokens[i]!.start, tokens[i]!.end);
    if (written === ';' || (tokens[i]!.kind === 'word' && /^(begin|then|else|loop)$/i.test(written) && !insideCase(tokens, i, from, text))) return i + 1;
  }
  return 0;
}

/** THEN and ELSE between CASE and END belong to an expression. */
function insideCase(tokens: readonly Token[], at: number, from: number, text: string): boolean {
  const ends = tokens.slice(at, from).filter((token) => nameOf(token, text) === 'end').length;
  const cases = tokens.slice(at, from).filter((token) => nameOf(token, text) === 'case').length;
  return ends > cases;
}

/** Notes what a query puts into its targets: item by item for scalars, field by field for a record. */
function fill(variables: Map<string, Draft>, targets: readonly string[], query: readonly Token[], text: string): void {
  const origin = originOfQuery(query, text);
  const items = selectList(query, text);
  const record = targets.length === 1 && (items.length > 1 || items.length === 0 || isRecord(variables.get(targets[0]!)));
  for (const [index, target] of targets.entries()) {
    const known = variables.get(target) ?? add(variables, target);
    const item = items[index];
    if (record || item === undefined) known.origin = worse(known.origin, origin);
    if (record) {
      for (const one of items) known.fields.set(one.name, { span: one.span, origin });
    } else if (item !== undefined) {
      known.values.push({ span: item.span, origin });
    }
  }
}

function isRecord(variable: Draft | undefined): boolean {
  return variable === undefined || (variable.type === 'unknown' && variable.values.length === 0);
}

function originOfQuery(query: readonly Token[], text: string): Origin {
  const first = nameOf(query[0], text);
  if (first !== 'select' && first !== 'with' && first !== '(') return 'fetched';
  const sources = query.filter((_, index) => /^(from|join)$/.test(nameOf(query[index - 1], text))).map((token) => nameOf(token, text));
  if (sources.length === 0) return 'unknown';
  return sources.every((name) => /^(pg_|information_schema$|\($|lateral$|unnest$)/.test(name)) && sources.some((name) => /^(pg_|info)/.test(name)) ? 'catalog' : 'fetched';
}

function selectList(query: readonly Token[], text: string): { name: string; span: Span }[] {
  if (nameOf(query[0], text) !== 'select') return [];
  let depth = 0;
  let end = query.length;
  for (const [index, token] of query.entries()) {
    const written = text.slice(token.start, token.end);
    if (token.kind === 'punctuation' && written === '(') depth++;
    if (token.kind === 'punctuation' && written === ')') depth--;
    if (depth === 0 && token.kind === 'word' && /^(from|where|union|order|limit|group)$/i.test(written)) {
      end = index;
      break;
    }
  }
  const start = /^(distinct|all)$/.test(nameOf(query[1], text)) ? 2 : 1;
  const items = splitAtCommas(query.slice(start, end), text).map((part) => readItem(part, text));
  return items.some((item) => item.name === '*') ? [] : items;
}

function readItem(part: readonly Token[], text: string): { name: string; span: Span } {
  const name = nameOf(part.at(-1), text);
  const before = part.at(-2);
  if (nameOf(before, text) === 'as') return { name, span: spanOf(part.slice(0, -2)) };
  const plain = /^[a-z_"]/i.test(name) && before !== undefined && (before.kind === 'word' || before.kind === 'identifier' || text[before.start] === ')');
  if (plain) return { name, span: spanOf(part.slice(0, -1)) };
  // Without an alias PostgreSQL names the column by the function.
  return { name: text[part.at(-1)!.start] === ')' ? nameOf(part[0], text) : name, span: spanOf(part) };
}

/** A column of NEW or OLD whose table is created in the same file. */
function columnOfRow(name: string, routine: string | undefined, known: KnownTypes): Variable | undefined {
  const column = /^(?:new|old)\.(.+)$/s.exec(name)?.[1];
  const type = column === undefined || routine === undefined ? undefined : known.columnOfRow(routine, column);
  return type === undefined ? undefined : { ...draft(name, '', 'row'), type };
}

/** What PL/pgSQL itself puts into every trigger function and block. */
function special(name: string): Variable | undefined {
  const known = specials.get(name);
  return known && draft(name, known[0], known[1]);
}

const specials: ReadonlyMap<string, readonly [type: string, origin: Origin]> = new Map([
  ['new', ['', 'row']], ['old', ['', 'row']],
  ['tg_table_name', ['name', 'catalog']], ['tg_table_schema', ['name', 'catalog']], ['tg_relname', ['name', 'catalog']], ['tg_name', ['name', 'catalog']],
  ['tg_argv', ['text[]', 'catalog']], ['tg_op', ['text', 'constant']], ['tg_when', ['text', 'constant']], ['tg_level', ['text', 'constant']],
  ['tg_tag', ['text', 'constant']], ['tg_event', ['text', 'constant']], ['tg_relid', ['oid', 'constant']], ['tg_nargs', ['int', 'constant']],
  ['found', ['boolean', 'constant']], ['sqlstate', ['text', 'constant']], ['sqlerrm', ['text', 'fetched']],
  ['current_user', ['name', 'catalog']], ['session_user', ['name', 'catalog']], ['user', ['name', 'catalog']], ['current_role', ['name', 'catalog']],
  ['current_schema', ['name', 'catalog']], ['current_catalog', ['name', 'catalog']],
  ['current_date', ['date', 'constant']], ['localtimestamp', ['timestamp', 'constant']], ['current_timestamp', ['timestamptz', 'constant']],
]);

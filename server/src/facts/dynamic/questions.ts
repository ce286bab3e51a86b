import { Filling } from './filling.ts';
import type { Token } from '../../syntax/sql/lexer.ts';
import { tokenText } from '../../syntax/sql/lexer.ts';
import { isOwnFunction, namesCheck, namesTrouble } from './known-functions.ts';
import { firstWhere } from './first-where.ts';
import type { IsVariable } from './lookups.ts';
import { argumentsAt } from './refusals.ts';
import { argumentsOfRows } from './row-functions.ts';
import { closingOf, findOutside, findWord, indexOf, joinedBy, targetsOf } from './word-ranges.ts';

/** A statement that asks about variables of the routine, and what holds its answer. Numbers are indexes of words. */
export interface Question {
  readonly start: number;
  /** Of the semicolon, or of the word LOOP. */
  readonly end: number;
  readonly names: readonly string[];
  readonly into: readonly string[];
  /** FOUND speaks of it. */
  readonly found: boolean;
  /** It gives a row whatever it finds: a count, something else that is never NULL, or NULL when it has found nothing. */
  readonly always: 'count' | 'value' | 'null' | undefined;
  /** It fails, or nothing of its loop runs, unless it finds something. */
  readonly passes: 'behind' | 'inside' | undefined;
  /** It says yes to what is bad. */
  readonly trouble: boolean;
  /** A function gives the answer, whatever it says of what it does not know. */
  readonly called: boolean;
}

export interface Questions {
  /** In the order of their ends; also statements that set FOUND and ask nothing. */
  readonly all: readonly Question[];
  readonly filling: Filling<Question>;
  readonly copies: Copies;
}

/** What is made of nothing but one other variable, both ways, and what a text is joined from. */
export class Copies {
  readonly #copies = new Map<string, { name: string; end: number }[]>();
  /** What holds the same as a variable since one was put into the other. */
  readonly #same = new Map<string, { name: string; end: number }[]>();

  /** `end`: the index of the semicolon; `same`: nothing is made of the other. */
  add([made, ...from]: readonly [string, ...string[]], end: number, same: boolean): void {
    if (same) {
      this.#equal(made, from[0]!, end);
      this.#equal(from[0]!, made, end);
    }
    for (const one of from) this.#relate(made, one, end);
    // Of the joined text nobody knows by what is asked about one of its parts.
    if (from.length === 1) this.#relate(from[0]!, made, end);
  }

  #equal(one: string, other: string, end: number): void {
    this.#same.set(one, [...(this.#same.get(one) ?? []).slice(1 - mostRelated), { name: other, end }]);
  }

  #relate(one: string, other: string, end: number): void {
    this.#copies.set(one, [...(this.#copies.get(one) ?? []).slice(1 - mostRelated), { name: other, end }]);
  }

  hasSame(name: string): boolean {
    return this.#same.has(name);
  }

  /** The variables that this one was put into as it is, or that were put into it, before the word at `index`, and where; of one of them the last place. */
  sameAs(name: string, index: number): ReadonlyMap<string, number> {
    return new Map((this.#same.get(name) ?? []).flatMap(({ name: one, end }) => (end < index ? [[one, end] as const] : [])));
  }

  /** The names, and those that hold the same, or a part of it, before the word at `index`. */
  with(names: readonly string[], index: number): readonly string[] {
    if (!names.some((name) => this.#copies.has(name))) return names;
    const related = (of: readonly string[]) => [...new Set(of.flatMap((one) => [one, ...(this.#copies.get(one) ?? []).flatMap(({ name, end }) => (end < index ? [name] : []))]))];
    // `low := lower(x); part := x || '_1'`: part is made of what low is made of.
    return related(related(names));
  }
}

export function readQuestions(tokens: readonly Token[], words: readonly string[], text: string, isVariable: IsVariable, idle: ReadonlySet<string>, finds: ReadonlyMap<string, readonly number[]>): Questions {
  const all: Question[] = [];
  const copies = new Copies();
  const cursors = new Map<string, Cursor>();
  const calls: number[] = [];
  for (let at = 0; at < words.length; at++) if (words[at + 1] === '(' && isOwnFunction(words[at]!) && !idle.has(words[at]!)) calls.push(at);
  const mayFail = words.includes(failsOnStrangers);
  let start = 0;
  /** Of CASE within a statement, whose THEN and ELSE begin no other. */
  let cases = 0;
  for (let at = 0; at < words.length; at++) {
    const word = words[at]!;
    const loops = word === 'loop' && words[start] === 'for';
    if (word !== ';' && !loops) {
      if (word === 'case' && at > start && words[at - 1] !== 'end') cases++;
      else if (word === 'end' && cases > 0) cases--;
      else if (cases === 0 && (startsStatement.has(word) || word === 'declare')) start = at + 1;
      continue;
    }
    cases = 0;
    const question = at - start > longestStatement ? undefined : readQuestion(start, at, { tokens, words, text, isVariable, calls, finds, mayFail, cursors, last: all.at(-1) });
    if (question) all.push(question);
    const copied = loops || at - start > longestCopy ? undefined : copiedIn(words, start, at, isVariable);
    if (copied) copies.add(copied, at, isSame(words, start, at));
    start = at + 1;
  }
  return { all, filling: new Filling(all), copies };
}

const startsStatement = new Set(['then', 'else', 'begin', 'loop', '>>']);
/** In words. */
const longestStatement = 2_000;
const longestCopy = 40;
const mostRelated = 8;

interface Cursor {
  /** By their place in the parentheses. */
  readonly parameters: readonly number[];
  readonly names: readonly string[];
}

interface Body {
  readonly tokens: readonly Token[];
  readonly words: readonly string[];
  readonly text: string;
  readonly isVariable: IsVariable;
  /** Where functions of somebody's own are called that may ask something of a text. */
  readonly calls: readonly number[];
  /** Functions that give NULL unless they find what they are given at these places. */
  readonly finds: ReadonlyMap<string, readonly number[]>;
  readonly mayFail: boolean;
  readonly cursors: Map<string, Cursor>;
  readonly last: Question | undefined;
}

function readQuestion(start: number, end: number, body: Body): Question | undefined {
  const { words, isVariable, cursors, mayFail } = body;
  const question = (names: readonly string[], more: Partial<Question>): Question => ({ start, end, names, into: [], found: true, always: undefined, passes: undefined, trouble: false, called: false, ...more });
  const sequence = mayFail ? indexOf(words, failsOnStrangers, start, end) : -1;
  if (sequence >= 0) {
    const names = variablesBetween(words, sequence + 2, closingOf(words, sequence + 1, end), isVariable);
    return question(names, { into: targetsOf(words, start, end).into, passes: words[start] === 'for' ? undefined : 'behind' });
  }
  switch (words[start]) {
    case 'select': case 'with': case 'update': case 'delete': case 'insert': {
      const withoutTable = indexOf(words, 'from', start, end) < 0;
      const found = withoutTable && words[start] === 'select' ? foundByCall(start + 1, indexOf(words, 'into', start, end), body) : undefined;
      if (found !== undefined) return question(found, { into: targetsOf(words, start, end).into, found: false, always: 'null' });
      const called = withoutTable ? calledIn(start, end, body) : undefined;
      const rows = words[start] === 'select' ? argumentsOfRows(words, start, end) : undefined;
      const names = called?.names ?? [...askedIn(words, start, end, isVariable), ...(rows ? variablesBetween(words, ...rows, isVariable) : [])];
      const { into, strict } = targetsOf(words, start, end);
      return question(names, { into, always: alwaysGiven(words, start, end), trouble: called?.trouble ?? false, called: called !== undefined || rows !== undefined, ...(strict && { passes: 'behind' }) });
    }
    case 'perform': case 'call': {
      const called = calledIn(start, end, body);
      const fails = called !== undefined && namesCheck(called.name) && indexOf(words, 'from', start, end) < 0;
      return fails ? question(called.names, { passes: 'behind' }) : question(askedIn(words, start, end, isVariable), {});
    }
    case 'open': {
      const names = words[start + 2] === 'for' ? askedIn(words, start + 3, end, isVariable) : argumentsOf(words, start + 1, isVariable, cursors);
      cursors.set(words[start + 1]!, { parameters: [], names });
      return undefined;
    }
    case 'fetch': {
      const into = indexOf(words, 'into', start, end);
      return into < 0 ? undefined : question(cursors.get(words[into - 1]!)?.names ?? [], { into: targetsOf(words, start, end).into });
    }
    case 'for': {
      const from = indexOf(words, 'in', start, end);
      if (from < 0) return undefined;
      return question(askedByLoop(from + 1, end, body), { found: false, passes: 'inside' });
    }
    case 'execute': {
      const literals = literalsIn(start, end, body);
      const fails = literals.some((literal) => literal.includes(failsOnStrangers));
      const names = fails || literals.some((literal) => /\bwhere\b/i.test(literal)) ? passedIn(start, end, literals, body) : [];
      const given = /^\W*select\s+(?:(count)|coalesce|exists)\b/i.exec(literals[0] ?? '');
      const always = given === null ? undefined : given[1] === undefined ? 'value' : 'count';
      return question(names, { found: false, into: targetsOf(words, start, end).into, always, ...(fails && { passes: 'behind' }) });
    }
    case 'get': {
      const count = /^get (?:current )?diagnostics (\S+) :?= row_count$/.exec(words.slice(start, Math.min(end, start + 8)).join(' '))?.[1];
      return count !== undefined && body.last?.found ? question(body.last.names, { found: false, into: [count] }) : undefined;
    }
  }
  if (words[start + 1] === 'cursor' || words[start + 2] === 'cursor' || words[start + 3] === 'cursor') return void readCursor(start, end, body);
  return readAssigned(start, end, body, question);
}

/** Whom the query of a loop asks about: that of a cursor, one that EXECUTE runs, or the one that stands there; `from`: behind IN. */
function askedByLoop(from: number, end: number, body: Body): readonly string[] {
  const { words, isVariable, cursors } = body;
  const literals = words[from] === 'execute' ? literalsIn(from, end, body) : [];
  if (literals.some((literal) => /\bwhere\b/i.test(literal))) return passedIn(from, end, literals, body);
  return cursors.has(words[from]!) ? argumentsOf(words, from, isVariable, cursors) : askedIn(words, from, end, isVariable);
}

/** It fails for tables and columns that do not exist. */
const failsOnStrangers = 'pg_get_serial_sequence';

/** `v := (SELECT …)`, `v boolean := app.is_known(x)`, `v := x = ANY (list)` */
function readAssigned(start: number, end: number, body: Body, question: (names: readonly string[], more: Partial<Question>) => Question): Question | undefined {
  const { words, isVariable } = body;
  const equals = equalsBehind(words, start);
  if (equals < 0 || !/^[a-z_][\w$]*$/.test(words[start]!)) return undefined;
  const into = [nameAt(words, start)];
  const negated = words[equals + 1] === 'not';
  const first = negated ? equals + 2 : equals + 1;
  const exists = words[first] === 'exists';
  const select = words[first] === '(' || exists ? indexOf(words, 'select', first, end) : -1;
  if (select >= 0) {
    if (closingOf(words, exists ? first + 1 : first, end) !== end - 1) return undefined;
    return question(askedIn(words, select, end - 1, isVariable), { into, found: false, trouble: negated, always: exists ? 'value' : alwaysGiven(words, select, end) });
  }
  // `v := max(name) FROM app.t WHERE name = x`
  const from = findOutside(words, equals + 1, end, fromSet);
  if (from >= 0) return question(askedIn(words, from, end, isVariable), { into, found: false, always: alwaysGiven(words, equals, end) });
  const found = foundByCall(first, end, body);
  if (found !== undefined) return question(found, { into, found: false, trouble: negated, always: 'null' });
  const called = calledIn(equals, end, body);
  return called && question(called.names, { into, found: false, trouble: called.trouble !== negated, called: true });
}

const fromSet: ReadonlySet<string> = new Set(['from']);

/** The index of `:=` or `=` behind a name and its type; -1 when the statement is no assignment. */
export function equalsBehind(words: readonly string[], start: number): number {
  for (let at = start + 1; at <= start + 6; at++) {
    const word = words[at];
    if (word === ':=' || word === '=') return at;
    if (word === undefined || !/^[\w$.]+$/.test(word)) return -1;
  }
  return -1;
}

/** By the first item of its list. */
function alwaysGiven(words: readonly string[], select: number, end: number): Question['always'] {
  let at = select + 1;
  if (words[at] === 'into') for (at += 2; words[at] === ',' && at < end; at += 2);
  if (words[at] === 'count') return 'count';
  if (words[at] === 'array_to_string' && words[at + 1] === '(') at += 2;
  return words[at] === 'coalesce' || words[at] === 'exists' ? 'value' : nullOfNothing.test(words[at] ?? '') ? 'null' : undefined;
}

/** Aggregates that give NULL when there are no rows. */
const nullOfNothing = /^(max|min|sum|avg|bool_or|bool_and|every|array_agg|string_agg|json_agg|jsonb_agg)$/;

/** `c CURSOR (n text) FOR SELECT … WHERE name = n` */
function readCursor(start: number, end: number, { words, isVariable, cursors }: Body): void {
  const keyword = indexOf(words, 'cursor', start, end);
  const open = words[keyword + 1] === '(' ? keyword + 1 : -1;
  const close = open < 0 ? keyword : closingOf(words, open, end);
  const parameters = words.slice(open + 1, open < 0 ? 0 : close).filter((_word, index, inside) => index === 0 || inside[index - 1] === ',');
  const asked = askedIn(words, close + 1, end, (name) => parameters.includes(name) || isVariable(name));
  cursors.set(words[start]!, {
    parameters: parameters.flatMap((name, index) => (asked.includes(name) ? [index] : [])),
    names: asked.filter((name) => !parameters.includes(name)),
  });
}

/** What the cursor is opened with, as far as its query compares it. */
function argumentsOf(words: readonly string[], at: number, isVariable: IsVariable, cursors: ReadonlyMap<string, Cursor>): readonly string[] {
  const cursor = cursors.get(words[at]!);
  if (cursor === undefined) return [];
  if (words[at + 1] !== '(') return cursor.names;
  const close = closingOf(words, at + 1, words.length);
  const given: string[][] = [[]];
  for (let index = at + 2, depth = 0; index < close; index++) {
    if (words[index] === '(') depth++;
    else if (words[index] === ')') depth--;
    if (depth === 0 && words[index] === ',') given.push([]);
    else given.at(-1)!.push(...variablesBetween(words, index, index + 1, isVariable));
  }
  return [...cursor.names, ...cursor.parameters.flatMap((index) => given[index] ?? [])];
}

/** What a statement that is put together here gets as a value, so that it can only be compared: `USING x`, `quote_literal(x)`, `%L`. */
function passedIn(start: number, end: number, literals: readonly string[], { words, isVariable }: Body): readonly string[] {
  const using = indexOf(words, 'using', start, end);
  const names = using < 0 ? [] : variablesBetween(words, using + 1, end, isVariable);
  const formats = words[start + 1] === 'format' && literals.every((literal) => !/%(?:\d+\$)?[sI]/.test(literal));
  if (formats) names.push(...variablesBetween(words, start + 2, using < 0 ? end : using, isVariable));
  for (let at = start; at < end; at++) if (/^quote_(literal|nullable)$/.test(words[at]!) && words[at + 1] === '(') names.push(...variablesBetween(words, at + 2, closingOf(words, at + 1, end), isVariable));
  return names.filter((name) => words.filter((word, at) => at > start && at < end && word === name && words[at - 1] === '||').length === 0);
}

/** `app.table_of(x)` and nothing else up to `end`, which gives NULL unless it finds x; undefined when it is something else. */
function foundByCall(from: number, end: number, { words, isVariable, finds }: Body): readonly string[] | undefined {
  if (finds.size === 0) return undefined;
  let at = from;
  while (words[at + 1] === '.' && at < end) at += 2;
  const places = finds.get(words[at] ?? '');
  if (places === undefined || words[at + 1] !== '(' || closingOf(words, at + 1, end) !== end - 1) return undefined;
  const names = argumentsAt(places, words, at + 1, end).flatMap(([start, last]) => variablesBetween(words, start, last, isVariable));
  return names.length === 0 ? undefined : names;
}

function literalsIn(start: number, end: number, { tokens, text }: Body): string[] {
  return tokens.slice(start, end).filter(({ kind }) => kind === 'string' || kind === 'dollar').map((token) => tokenText(token, text));
}

/** `app.check(x)`: the first call of a function of somebody's own that gets variables. */
function calledIn(start: number, end: number, { words, isVariable, calls }: Body): { name: string; names: readonly string[]; trouble: boolean } | undefined {
  for (let index = firstWhere(calls.length, (one) => calls[one]! >= start); index < calls.length && calls[index]! < end; index++) {
    const at = calls[index]!;
    const close = closingOf(words, at + 1, end);
    const names = argumentsAskedAbout(words, at + 2, close, isVariable);
    if (names.length > 0) return { name: words[at]!, names, trouble: namesTrouble(words[at]!) };
  }
  return undefined;
}

/** `v := lower(split_part(x, '.', 2))`, `v := x || '.' || y`: its name, and those of which alone it is made. */
function copiedIn(words: readonly string[], start: number, end: number, isVariable: IsVariable): readonly [string, ...string[]] | undefined {
  const equals = equalsBehind(words, start);
  if (equals < 0 || !isVariable(words[start]!)) return undefined;
  const names = variablesBetween(words, equals + 1, end, isVariable);
  const joins = names.length > 1 && words.slice(equals + 1, end).every((word, index, inside) => isJoined.test(word) || (/^[\w$.]+$/.test(word) && inside[index + 1] !== '('));
  return names.length === 0 || (names.length > 1 && !joins) || names.includes(words[start]!) ? undefined : [nameAt(words, start), ...names];
}

/** `v := x`, `v := r.name` */
function isSame(words: readonly string[], start: number, end: number): boolean {
  const first = equalsBehind(words, start) + 1;
  return end - first === 1 || (end - first === 3 && words[first + 1] === '.');
}

/** Words of `quote_ident(x) || '.' || y`, besides the names. */
const isJoined = /^(\|\||'|\(|\)|quote_ident|lower|trim)$/;

/** The variables that a query compares with something of its rows, so that it has none for others. */
export function askedIn(words: readonly string[], from: number, end: number, isVariable: IsVariable): string[] {
  if (findWord(words, from, end, (word) => word === 'union' || word === 'except') >= 0) return [];
  const names: string[] = [];
  let depth = 0;
  for (let at = from; at < end; at++) {
    const word = words[at]!;
    if (word === '(' && words[from] === 'with' && depth === 0 && isUnusedQuery(words, at, end)) {
      at = closingOf(words, at, end);
      continue;
    }
    if (word === '(' || word === '[') depth++;
    else if (word === ')' || word === ']') depth--;
    if (depth > 1 || (word !== 'where' && word !== 'on' && word !== 'having') || (word === 'on' && keepsRows(words, from, at))) continue;
    const last = endOfConditions(words, at + 1, end);
    names.push(...comparedBetween(words, at + 1, last, isVariable));
    at = last - 1;
  }
  return [...new Set(names)];
}

/** `WITH x AS (…)` where nothing behind names x. `open`: its parenthesis. */
function isUnusedQuery(words: readonly string[], open: number, end: number): boolean {
  const as = words[open - 1] === 'materialized' ? (words[open - 2] === 'not' ? open - 3 : open - 2) : open - 1;
  const behind = closingOf(words, open, end);
  return words[as] === 'as' && indexOf(words, words[as - 1]!, behind, end) < 0;
}

/** `a LEFT JOIN b ON …`: the rows of one side are there whatever the condition says. */
function keepsRows(words: readonly string[], from: number, on: number): boolean {
  for (let at = on - 1, depth = 0; at > from; at--) {
    if (words[at] === ')') depth++;
    else if (words[at] === '(') depth--;
    if (depth < 0) return false;
    if (depth === 0 && words[at] === 'join') return outerJoins.has(words[at - 1]!);
  }
  return false;
}

const outerJoins = new Set(['left', 'right', 'full', 'outer']);

function endOfConditions(words: readonly string[], from: number, end: number): number {
  for (let at = from, depth = 0; at < end; at++) {
    const word = words[at]!;
    if (word === '(' || word === '[') depth++;
    else if ((word === ')' || word === ']') && --depth < 0) return at;
    if (depth === 0 && endsConditions.has(word)) return at;
  }
  return end;
}

const endsConditions = new Set(['where', 'on', 'group', 'order', 'limit', 'having', 'returning', 'into', 'join', 'left', 'inner', 'for', 'loop', ';']);

/** Of AND one operand is enough, of OR each has to say it. */
function comparedBetween(words: readonly string[], from: number, end: number, isVariable: IsVariable): string[] {
  if (words[from] === '(' && closingOf(words, from, end) === end - 1) return comparedBetween(words, from + 1, end - 1, isVariable);
  const either = joinedBy('or', words, from, end);
  if (either !== undefined) {
    const [first, ...others] = either.map(([a, b]) => comparedBetween(words, a, b, isVariable));
    return first!.filter((name) => others.every((names) => names.includes(name)));
  }
  const both = joinedBy('and', words, from, end);
  if (both !== undefined) return both.flatMap(([a, b]) => comparedBetween(words, a, b, isVariable));
  if (words[from] === 'not') return [];
  if (words[from] === 'exists') return askedIn(words, from, end, isVariable);
  const pattern = patternOf(words, from, end, isVariable);
  if (pattern !== undefined) return [pattern];
  if (findWord(words, from, end, (word) => compares.has(word)) < 0 || findWord(words, from, end, (word, at) => word === 'not' || saysLittle.has(word) || (cuts.has(word) && isCut(words, at, end, isVariable))) >= 0) return [];
  const select = indexOf(words, 'select', from, end);
  // A query that finds nothing is NULL, which equals nothing.
  const sought = select > from && equals.has(words[select - 2]!) ? askedIn(words, select, end, isVariable) : [];
  if (sought.length > 0) return sought;
  const names = variablesBetween(words, from, select < 0 ? end : select, isVariable);
  const isOther = (word: string, at: number) => !compares.has(word) && !(at > from && words[at - 1] === '::') && !(at < end - 1 && words[at + 1] === '(') && /^[a-z_][\w$]*$/.test(word) && !isVariable(word);
  return names.length > 0 && findWord(words, from, end, isOther) >= 0 ? names : [];
}

/** `column_name ILIKE x`: apart from `%` and `_`, all of x stands in a name that is there. */
function patternOf(words: readonly string[], from: number, end: number, isVariable: IsVariable): string | undefined {
  const operator = findWord(words, from + 1, end, (word) => likes.has(word));
  if (operator < 0 || words[operator - 1] === 'not' || operator + 1 >= end || findWord(words, from, operator, (word) => word === '||' || isVariable(word)) >= 0) return undefined;
  const name = nameAt(words, operator + 1);
  const behind = operator + 2 + (name.includes('.') ? 2 : 0);
  const alone = behind === end || (words[behind] === '[' && closingOf(words, behind, end) === end - 1) || (words[behind] === '::' && behind + 2 === end);
  return alone && isVariable(name) && /^([a-z_]|\$\d)/.test(name) ? name : undefined;
}

const likes = new Set(['like', 'ilike', '~~', '~~*']);

const equals = new Set(['=', 'in']);
const compares = new Set(['=', 'in', 'any', '@>', '<@', 'distinct']);
const saysLittle = new Set([...likes, '<>', '!=']);
const cuts = new Set(['length', 'char_length', 'left', 'right', 'substr', 'substring']);

/** `left(x, 3) = prefix`, and not `left(column_name, 3) = x`. */
function isCut(words: readonly string[], at: number, end: number, isVariable: IsVariable): boolean {
  return words[at + 1] !== '(' || variablesBetween(words, at + 2, closingOf(words, at + 1, end), isVariable).length > 0;
}

/** The variables in the arguments of a call; what is put together from several says nothing of one of them, `x || '_old'` does. */
export function argumentsAskedAbout(words: readonly string[], from: number, end: number, isVariable: IsVariable): readonly string[] {
  if (indexOf(words, '||', from, end) < 0) return variablesBetween(words, from, end, isVariable);
  const names: string[] = [];
  for (let at = from, start = from, depth = 0; at <= end; at++) {
    const word = at < end ? words[at]! : ',';
    if (word === '(' || word === '[') depth++;
    else if (word === ')' || word === ']') depth--;
    if (depth > 0 || word !== ',') continue;
    const inside = variablesBetween(words, start, at, isVariable);
    if (inside.length === 1 || indexOf(words, '||', start, at) < 0) names.push(...inside);
    start = at + 1;
  }
  return [...new Set(names)];
}

/** Each once, in the order of the text; not those in subscripts of others or behind a dot. */
export function variablesBetween(words: readonly string[], from: number, end: number, isVariable: IsVariable): string[] {
  const names = new Set<string>();
  for (let at = from; at < end; at++) {
    const word = words[at]!;
    if (words[at - 1] === '.' || words[at + 1] === '(') continue;
    const name = nameAt(words, at);
    if (isVariable(name) && /^([a-z_]|\$\d)/.test(word)) names.add(name);
  }
  return [...names];
}

/** `new.name` */
export function nameAt(words: readonly string[], at: number): string {
  return words[at + 1] === '.' && words[at + 2] !== undefined ? `${words[at]}.${words[at + 2]}` : words[at] ?? '';
}

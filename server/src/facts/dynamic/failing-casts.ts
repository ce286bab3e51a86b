import type { Token } from '../../syntax/sql/lexer.ts';
import { decodeLiteral, tokenText } from '../../syntax/sql/lexer.ts';
import type { Left } from './conditions.ts';
import { joinedBefore } from './joined-names.ts';
import { takesWords } from './settings-text.ts';
import { startsStatement } from './word-ranges.ts';
import type { Write } from './writes.ts';

export interface FailingCast {
  readonly name: string;
  readonly leaves: Left;
  /** Behind the statement, or the condition. */
  readonly at: number;
  /** Where it begins: a text is not used before all of it is there. */
  readonly from?: number;
  /** Others come past it: it stands behind ELSIF, and only the branch behind it has seen it. */
  readonly passable?: true;
}

/** `t := x::regclass` and `PERFORM x::int` fail unless x names a relation or is a number. Dates may hold other signs. `declaredOf`: the type of a variable. */
export function* castsThatFail(tokens: readonly Token[], words: readonly string[], writes: readonly Write[], text: string, declaredOf: (name: string) => string | undefined): Iterable<FailingCast> {
  yield* conditionsOfText(words, tokens);
  yield* castsByAssignment(words, tokens, declaredOf);
  if (!castToName.test(text)) return;
  for (const { value, at, kind } of writes) {
    const leaves = value !== undefined && kind === 'set' && leftByCastIn(text, value.start, value.end);
    if (leaves) yield { ...leaves, at };
  }
  for (let index = words.indexOf('perform'); index >= 0; index = words.indexOf('perform', index + 1)) {
    const end = words.indexOf(';', index);
    const leaves = end >= 0 && leftByCastIn(text, tokens[index]!.end, tokens[end]!.start);
    if (leaves) yield { ...leaves, at: tokens[end]!.end };
  }
  yield* executedCasts(tokens, words, text);
  yield* castsOfOperands(tokens, words, text);
}

/** `IF x THEN`: a text has to be a word for true or false. */
function* conditionsOfText(words: readonly string[], tokens: readonly Token[]): Iterable<FailingCast> {
  for (let index = 0; index < words.length; index++) {
    if (!startsCondition.has(words[index]!)) continue;
    const at = words[index + 1] === 'not' ? index + 2 : index + 1;
    const end = words[at + 1] === '.' ? at + 3 : at + 1;
    if (endsOperands.has(words[end] ?? ';') && words[end] !== ';' && /^([a-z_][\w$]*|\$\d+)$/.test(words[at]!)) yield { name: words.slice(at, end).join(''), leaves: 'word', at: tokens[end]!.end, ...(words[index]!.startsWith('els') && { passable: true }) };
  }
}

/** `n := x;`, `n int := x;` */
function* castsByAssignment(words: readonly string[], tokens: readonly Token[], declaredOf: (name: string) => string | undefined): Iterable<FailingCast> {
  for (let at = words.indexOf(':='); at >= 0; at = words.indexOf(':=', at + 1)) {
    if (words[at + 2] !== ';' || words[at - 2] === '.' || !/^([a-z_][\w$]*|\$\d+)$/.test(words[at + 1]!)) continue;
    const type = startsStatement.has(words[at - 2] ?? ';') ? declaredOf(words[at - 1]!) : words[at - 1];
    const leaves = leftByCast[type?.toLowerCase() ?? ''];
    if (leaves !== undefined) yield { name: words[at + 1]!, leaves, at: tokens[at + 2]!.end };
  }
}

const startsCondition = new Set(['if', 'elsif', 'elseif', 'while']);

function leftByCastIn(text: string, start: number, end: number): { name: string; leaves: Left } | undefined {
  const value = text.slice(start, Math.min(end, start + 200)).trim();
  const [, list, element] = /^string_to_array\s*\(\s*([a-z_][\w$]*|\$\d+)\s*,\s*'[\s,|:/-]*'\s*\)\s*::\s*([a-z]\w*)\s*\[\s*\]$/i.exec(value) ?? [];
  if (list !== undefined) return numbers.has(element!.toLowerCase()) ? { name: list.toLowerCase(), leaves: 'word' } : undefined;
  const [, numbersOf, type] = /^replace\s*\(\s*([a-z_][\w$]*|\$\d+)\s*,\s*'[\s,]*'\s*,\s*''\s*\)\s*::\s*([a-z]\w*)$/i.exec(value) ?? [];
  if (numbersOf !== undefined) return numbers.has(type!.toLowerCase()) ? { name: numbersOf.toLowerCase(), leaves: 'word' } : undefined;
  const [, name, short, long] = /^(?:cast\s*\(\s*)?([a-z_][\w$]*|\$\d+)(?:\s*::\s*([a-z]\w*)|\s+as\s+([a-z]\w*)\s*\))(?:\s*::\s*(?:oid|text))?$/i.exec(value) ?? [];
  return leftBy(name, short ?? long);
}

function leftBy(name: string | undefined, type: string | undefined): { name: string; leaves: Left } | undefined {
  const leaves = leftByCast[(type ?? '').toLowerCase()];
  return leaves && { name: name!.toLowerCase(), leaves };
}

/** `p := (p::int - 1) * n::int`, `IF n::int > 10 THEN`, `size := pg_relation_size(t)`, `EXECUTE 'DELETE … WHERE id = ' || t::regclass::oid`: every operand is looked at, and fails unless it is what the cast says. */
function castsOfOperands(tokens: readonly Token[], words: readonly string[], text: string): FailingCast[] {
  return words.flatMap((word, index) => {
    const relation = takesRelation.has(word) && words[index + 1] === '(' && /^[),]$/.test(words[index + 3] ?? '');
    const sets = word === 'set_config' && words[index + 3] === ',' && words[index + 5] === ',' && takesWords(decodeLiteral(tokenText(tokens[index + 2]!, text)));
    const leaves = relation ? 'existing' : sets ? 'listed' : word === '::' ? leftByCast[words[index + 1] ?? ''] : undefined;
    if (leaves === undefined) return [];
    const given = relation ? words[index + 2]! : sets ? words[index + 4]! : undefined;
    const names = given !== undefined ? isName.test(given) ? [given] : [] : leaves === 'existing' && words[index - 1] === ')' ? joinedBefore(words, index) : isName.test(words[index - 1]!) && words[index - 2] !== '.' ? [words[index - 1]!] : [];
    if (names.length === 0) return [];
    const end = nextOf(endsOperands, index, words, mostOperands);
    if (end < 0) return [];
    let first = index - 1;
    while (first > 0 && end - first <= mostOperands && !startsStatement.has(words[first - 1]!)) first--;
    const performs = words[first] === 'perform' && !words.slice(first, end).includes('from');
    const begins = words[first] === 'if' || performs || /^(:=|=)$/.test(words[first + 1] ?? '') || words.slice(first, index).some((one) => one === 'execute' || one === ':=');
    if (!begins || end - first > mostOperands || leavesUnread(words, first, end)) return [];
    return names.map((name) => ({ name, leaves, at: tokens[end]!.end, from: tokens[first]!.start }));
  });
}

const isName = /^([a-z_][\w$]*|\$\d+)$/;

/** Their first argument is a regclass, which a text is cast to. */
const takesRelation = new Set(['pg_relation_size', 'pg_total_relation_size', 'pg_table_size', 'pg_indexes_size', 'pg_relation_filepath', 'pg_relation_filenode', 'nextval', 'currval', 'setval']);

/** In words, of one statement or condition; it is looked through for each of its casts. */
const mostOperands = 60;
const endsOperands = new Set([';', 'then', 'loop']);

/** The index of the next of these words behind `index`, when it is at most so many words away; else -1. */
function nextOf(sought: ReadonlySet<string>, index: number, words: readonly string[], most: number): number {
  const last = Math.min(words.length - 1, index + most);
  for (let at = index + 1; at <= last; at++) if (sought.has(words[at]!)) return at;
  return -1;
}

const numbers = new Set(['int', 'integer', 'smallint', 'bigint', 'int2', 'int4', 'int8', 'numeric']);

function leavesUnread(words: readonly string[], from: number, end: number): boolean {
  let ranges = 0;
  for (let at = from; at < end; at++) {
    if (words[at] === 'between') ranges++;
    else if (words[at] === 'and' && ranges > 0) ranges--;
    else if (mayStop.has(words[at]!)) return true;
  }
  return false;
}

/** What leaves operands unread, and queries, where a name may be a column. */
const mayStop = new Set(['case', 'and', 'or', 'coalesce', 'select', 'greatest', 'least', 'nullif', 'in', 'any', 'all', 'some', 'exists']);

/** `EXECUTE format('SELECT %L::regclass', x)`, `EXECUTE 'SELECT ' || quote_literal(x) || '::regclass'`, `EXECUTE 'SELECT $1::regclass' USING x` */
function* executedCasts(tokens: readonly Token[], words: readonly string[], text: string): Iterable<{ name: string; leaves: Left; at: number }> {
  for (let index = words.indexOf('execute'); index >= 0; index = words.indexOf('execute', index + 1)) {
    const end = nextOf(endsStatement, index, words, 16);
    if (end < 0) continue;
    const written = text.slice(tokens[index]!.end, tokens[end]!.start);
    const found = castInStatement.map((pattern) => pattern.exec(written)).find((match) => match !== null);
    const leaves = found && leftBy(found.groups!['name'], found.groups!['type']);
    if (leaves) yield { ...leaves, at: tokens[end]!.end };
  }
}

const endsStatement = new Set([';']);
const castInStatement = [
  /^\s*format\s*\(\s*'select\s+%(?:1\$)?L\s*::\s*(?<type>\w+)\s*;?'\s*,\s*(?<name>[a-z_][\w$]*|\$\d+)\s*\)/i,
  /^\s*'select\s+'\s*\|\|\s*quote_literal\s*\(\s*(?<name>[a-z_][\w$]*|\$\d+)\s*\)\s*\|\|\s*'\s*::\s*(?<type>\w+)\s*;?'/i,
  /^\s*'select\s+\$1\s*::\s*(?<type>\w+)\s*;?'\s+(?:into\s+\w+\s+)?using\s+(?<name>[a-z_][\w$]*|\$\d+)\s*$/i,
];

const leftByCast: Readonly<Record<string, Left | undefined>> = {
  regclass: 'existing', regproc: 'existing', regnamespace: 'existing', regrole: 'existing', regtype: 'type',
  int: 'word', integer: 'word', smallint: 'word', bigint: 'word', int2: 'word', int4: 'word', int8: 'word', numeric: 'word', decimal: 'word', uuid: 'word', boolean: 'word', bool: 'word',
  oid: 'word', float4: 'word', float8: 'word', real: 'word', double: 'word', inet: 'word', cidr: 'word', macaddr: 'word',
  date: 'checked', time: 'checked', timetz: 'checked', timestamp: 'checked', timestamptz: 'checked', interval: 'checked',
};

/** Most bodies have none, and need not have all their queries read. */
const castToName = new RegExp(`\\bset_config\\b|(?:::|\\bas)\\s*"?(?:${Object.keys(leftByCast).join('|')})\\b|\\b(?:${[...takesRelation].join('|')})\\b`, 'i');

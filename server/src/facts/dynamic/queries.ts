import type { Token } from '../../syntax/sql/lexer.ts';
import { decodeLiteral, lex, tokenText } from '../../syntax/sql/lexer.ts';
import { shift, type Span } from '../../text.ts';
import { closing, nameOf, spanOf, splitAtCommas } from '../sql/tokens.ts';
import { heldByConditions, valuesAt } from './held.ts';
import { otherBranches } from './query-branches.ts';
import type { Member } from './recursive-anchors.ts';
import { isLeftOut } from './recursive-anchors.ts';
import { columnsOfCalls } from './source-columns.ts';
import { catalogName } from './catalog-names.ts';
import { withLikened } from './likened.ts';
import type { Origin } from './scope.ts';
import { holdsNoText } from './settings-text.ts';

/** What a query inside of a body gives, read by its words. Spans count from the start of the text. */
export interface Query {
  /** Where its columns come from. */
  readonly origin: Origin;
  /** The calls in FROM that make the rows, when nothing else does: `unnest(a)`. Who fills them fills the columns. */
  readonly calls: readonly Span[];
  /** The select list; empty when it is not known. */
  readonly items: readonly Item[];
  /** What stands in their places in the other parts of a UNION, and in the other rows of VALUES, by the same names. */
  readonly branches: readonly (readonly Item[])[];
  /** The select lists of the sub-selects that stand in FROM or WITH, and `*` for every table that has an alias. */
  readonly derived: readonly Derived[];
}

export interface Item {
  readonly name: string;
  readonly span: Span;
}

/** A column that a sub-select makes. */
export interface Derived extends Item {
  /** What the query around it calls the sub-select. */
  readonly called: readonly string[];
  /** It reads nothing but what describes objects. */
  readonly catalog: boolean;
  /** Constants are all that it holds: `WHERE kind IN ('a', 'b')`, `(VALUES ('a'), ('b')) AS v (kind)`. */
  readonly held?: true;
  /** What a call in FROM gives under this name, where its type is told; `span` is the call. */
  readonly type?: string;
  /** It holds the keys of what the call at `span` takes apart. */
  readonly keys?: true;
  /** A query of WITH RECURSIVE makes it, which may read it as well. */
  readonly recursive?: true;
  /** It is read where it is made. */
  readonly again?: true;
  /** It holds the elements of the array at `span`. */
  readonly elements?: true;
  /** The query around it gives every column of the sub-select. */
  readonly given?: true;
  /** The query lets nothing through but what is the same in a column that comes from there. */
  readonly likened?: Origin;
  /** Of `*`: the table, without its schema. */
  readonly table?: string;
}

export function readQuery(tokens: readonly Token[], text: string): Query {
  const words = tokens.map((token) => nameOf(token, text));
  // `FOR x IN (WITH … SELECT …) LOOP`
  if (words[0] === '(' && words[1] === 'with' && closing(tokens, 0, text) === tokens.length - 1) return readQuery(tokens.slice(1, -1), text);
  if (words[0] === 'values') return readValues(tokens, words, text);
  const returning = words.indexOf('returning');
  if (/^(insert|update|delete|merge)$/.test(words[0] ?? '') || (words[0] === 'with' && returning > 0)) {
    return { ...nothing, items: returning < 0 ? [] : readItems(tokens.slice(returning + 1), text) };
  }
  const select = words[0] === 'with' ? mainSelect(words) : words[0] === '(' ? words.indexOf('select') : 0;
  if (words[select] !== 'select') return nothing;
  const { origin, calls } = readSources(tokens, words, text);
  const listed = listOf(tokens, words, select, text);
  const made = readDerived(tokens, words, text);
  const star = nameOf(listed[1], text) === '.' ? 2 : 0;
  const everything = nameOf(listed[star], text) === '*' && nameOf(listed[star + 1], text) === 'from' && sourcesOf(words).length === 1;
  const items = everything ? made.filter(({ held }) => held) : readItems(listed, text);
  const derived = everything ? made.map((one): Derived => ({ ...one, given: true })) : made;
  const typed = columnsOfCalls(tokens, words, text, sourcesOf(words));
  const branches = otherBranches(tokens, words, text).map(({ from, end }) => {
    const at = words.indexOf('select', from);
    const own = words[from] === 'values' ? valuesAt(tokens, from, text) ?? [] : at < 0 || at >= end ? [] : readItems(listOf(tokens.slice(0, end), words, at, text), text);
    return own.flatMap((item, index): Item[] => (items[index] ? [{ ...item, name: items[index].name }] : []));
  });
  const held = heldByConditions(tokens, words, text);
  const given = typed.filter(({ name, called }) => !held.some((one) => one.name === name && (one.called.length === 0 || called.includes(one.called[0]!))));
  return { origin, calls, items, branches, derived: withLikened([...derived, ...given, ...held, ...tablesIn(words)], words) };
}

const nothing: Query = { origin: 'fetched', calls: [], items: [], branches: [], derived: [] };

/** Constants need no more than the first row. */
function readValues(tokens: readonly Token[], words: readonly string[], text: string): Query {
  const constants = valuesAt(tokens, 0, text);
  if (constants) return { ...nothing, items: constants };
  const rows = [{ from: 2, end: closing(tokens, 1, text) }, ...otherBranches(tokens, words, text)];
  const [items = [], ...branches] = rows.map(({ from, end }) => splitAtCommas(tokens.slice(from, end), text).map((part, index): Item => ({ name: `column${index + 1}`, span: spanOf(part) })));
  return { ...nothing, origin: 'unknown', items, branches };
}

/** What stands behind SELECT, DISTINCT and ON (…). */
function listOf(tokens: readonly Token[], words: readonly string[], select: number, text: string): readonly Token[] {
  const distinct = /^(distinct|all)$/.test(words[select + 1] ?? '') ? 1 : 0;
  const on = distinct === 1 && words[select + 2] === 'on' ? closing(tokens, select + 3, text) - select : 0;
  return tokens.slice(select + 1 + Math.max(distinct, on));
}

/** What is known of other columns where it is told what this one is made of: `q.val` in the sub-select that makes `c.val`. */
export function withoutColumn(names: readonly string[], derived: readonly Derived[]): Derived[] {
  const made = new Set(names.length > 1 ? columnsMade(names, derived) : derived.filter(({ name }) => name === names[0]));
  return derived.flatMap((item) => (!made.has(item) ? [item] : item.recursive ? [{ ...item, again: true }] : []));
}

/** `EXECUTE 'SELECT ' || t.name FROM app.tables t`, `v := name FROM app.tables`: PL/pgSQL takes everything that can stand behind SELECT. */
export function selectedWithFrom(text: string, { start, end }: Span): { readonly item: Span; readonly origin: Origin; readonly derived: readonly Derived[] } | undefined {
  const source = `SELECT ${text.slice(start, end)}`;
  const { items: [item], origin, derived } = readQuery(lex(source, 'body').filter((token) => token.kind !== 'comment'), source);
  const by = start - 'SELECT '.length;
  return item && item.span.end < source.length ? { item: shift(item.span, by), origin, derived: derived.map((one) => ({ ...one, span: shift(one.span, by) })) } : undefined;
}

/** What the sub-selects put into a column as a query names it. */
export function columnsMade(names: readonly string[], derived: readonly Derived[]): Derived[] {
  return derived.filter((item) => item.name === names.at(-1) && (names.length === 1 || item.called.length === 0 || item.called.includes(names.at(-2)!)));
}

function readDerived(tokens: readonly Token[], words: readonly string[], text: string): Derived[] {
  const opened = new Map<number, Called>();
  const recursive = words[0] === 'with' && words[1] === 'recursive' ? { recursive: true } as const : {};
  const members = selectsIn(words, 'select').flatMap((index): DerivedSelect[] => {
    const opens = isDerived(words, index);
    const joined = words[index - 1] === 'union' || words[index - 1] === 'all';
    const names = opens ? namesOfQuery(words, index - 1, closing(tokens, index - 1, text)) : joined ? opened.get(openAround(words, index)) : undefined;
    if (names === undefined) return [];
    const distinct = words[index + 1] === 'distinct' ? 1 : 0;
    const end = opens ? closing(tokens, index - 1, text) : tokens.length;
    const { origin } = readSources(tokens.slice(index, end), words.slice(index, end), text);
    const items = readItems(tokens.slice(index + 1 + distinct), text);
    const columns = names.columns.length > 0 ? names.columns : items.map(({ name }) => name);
    if (opens) opened.set(index - 1, { ...names, columns });
    const made = items.map((item, at) => ({ ...item, name: columns[at] ?? item.name, called: names.called, catalog: opens && origin === 'catalog', ...recursive }));
    return [{ open: opens ? index - 1 : openAround(words, index), opens, made, columns, called: names.called, items: items.map(({ span }) => text.slice(span.start, span.end)) }];
  });
  const isAnchorLeftOut = (one: DerivedSelect) => one.opens && words.includes('recursive')
    && isLeftOut(one, members.filter(({ open, opens }) => open === one.open && !opens), words, one.open, closing(tokens, one.open, text));
  const selected = members.flatMap((one) => (isAnchorLeftOut(one) ? [] : one.made));
  const listed = selectsIn(words, 'values').flatMap((index): Derived[] => {
    if (!isDerived(words, index)) return [];
    const end = closing(tokens, index - 1, text);
    const names = namesOfQuery(words, index - 1, end);
    const constants = valuesAt(tokens, index, text);
    if (constants) return constants.map((column, at) => ({ ...column, name: names.columns[at] ?? column.name, called: names.called, catalog: false, held: true }));
    return splitAtCommas(tokens.slice(index + 1, end), text).slice(0, mostSelects).flatMap((row) => splitAtCommas(row.slice(1, -1), text)
      .map((value, at) => ({ name: names.columns[at] ?? `column${at + 1}`, span: spanOf(value), called: names.called, catalog: false })));
  });
  return [...selected, ...listed];
}

interface DerivedSelect extends Member {
  /** The index of the parenthesis around it. */
  readonly open: number;
  /** It is the first one there. */
  readonly opens: boolean;
  readonly made: readonly Derived[];
}

/** The index of the parenthesis around `index`; -1 when there is none. */
function openAround(words: readonly string[], index: number): number {
  let depth = 0;
  for (let at = index - 1; at >= 0; at--) {
    if (words[at] === ')') depth++;
    else if (words[at] === '(' && depth-- === 0) return at;
  }
  return -1;
}

/** `FROM (SELECT …`, `WITH name AS (VALUES …` */
function isDerived(words: readonly string[], index: number): boolean {
  return words[index - 1] === '(' && /^(from|join|,|lateral|as|materialized)$/.test(words[index - 2] ?? '');
}

/** The indexes of the first sub-selects; nobody writes more of them into one query. */
function selectsIn(words: readonly string[], keyword: 'select' | 'values'): number[] {
  const found: number[] = [];
  for (let index = words.indexOf(keyword, 1); index > 0 && found.length < mostSelects; index = words.indexOf(keyword, index + 1)) found.push(index);
  return found;
}

const mostSelects = 100;

/** `pg_class c`, `app.tables AS t` */
function tablesIn(words: readonly string[]): Derived[] {
  return sourcesOf(words).flatMap((at): Derived[] => {
    let last = at;
    while (words[last + 1] === '.') last += 2;
    const alias = words[words[last + 1] === 'as' ? last + 2 : last + 1] ?? '';
    if (words[at] === '(' || words[last + 1] === '(') return [];
    const called = /^[a-z_]\w*$/.test(alias) && !behindTable.test(alias) ? [alias] : [words[last]!];
    return [{ name: '*', span: { start: 0, end: 0 }, called, catalog: catalogName.test(words[at]!), table: words[last]! }];
  });
}

const behindTable = /^(where|on|using|join|inner|left|right|full|cross|natural|group|order|limit|having|union|except|intersect|window|offset|fetch|for|loop|into|tablesample|lateral)$/;

interface Called {
  readonly called: readonly string[];
  /** The names that stand for those of its own columns. */
  readonly columns: readonly string[];
}

/** `name (a, b) AS (SELECT …)` with all its aliases, `(SELECT …) AS name (a, b)` */
function namesOfQuery(words: readonly string[], open: number, close: number): Called {
  const keyword = words[open - 1] === 'materialized' ? (words[open - 2] === 'not' ? open - 3 : open - 2) : open - 1;
  if (words[keyword] !== 'as') {
    const at = words[close + 1] === 'as' ? close + 2 : close + 1;
    return { called: [words[at] ?? ''], columns: namesIn(words, at + 1) };
  }
  const first = words[keyword - 1] === ')' ? words.lastIndexOf('(', keyword) - 1 : keyword - 1;
  const name = words[first]!;
  const aliases = words.flatMap((word, index) => {
    if (word !== name || !/^(from|join|,)$/.test(words[index - 1] ?? '')) return [];
    return [words[words[index + 1] === 'as' ? index + 2 : index + 1] ?? ''];
  });
  return { called: [name, ...aliases], columns: namesIn(words, first + 1) };
}

/** `(a, b)` at `open` */
function namesIn(words: readonly string[], open: number): readonly string[] {
  if (words[open] !== '(') return [];
  const close = words.indexOf(')', open);
  return close < 0 ? [] : words.slice(open + 1, close).filter((word) => word !== ',');
}

/** Behind the queries that WITH names. */
function mainSelect(words: readonly string[]): number {
  let depth = 0;
  return words.findIndex((word) => {
    if (word === '(') depth++;
    if (word === ')') depth--;
    return depth === 0 && word === 'select';
  });
}

function readSources(tokens: readonly Token[], words: readonly string[], text: string): Pick<Query, 'origin' | 'calls'> {
  const starts = sourcesOf(words);
  if (starts.length === 0) return { origin: 'unknown', calls: [] };
  const calls: Span[] = [];
  const queries = new Set(words.filter((_word, index) => words[index + 1] === 'as' && /^(\(|materialized|not)$/.test(words[index + 2] ?? '') && /^(with|recursive|,)$/.test(words[index - 1] ?? '')));
  const kinds = starts.map((at): 'spread' | 'call' | 'catalog' | 'rest' | 'query' => {
    if (words[at] === '(' || (queries.has(words[at]!) && words[at + 1] !== '.')) return 'query';
    let last = at;
    while (words[last + 1] === '.') last += 2;
    if (words[last + 1] === '(' && tokens[at]!.kind !== 'punctuation') {
      if (catalogName.test(words[at]!)) return 'catalog';
      const close = Math.min(closing(tokens, last + 1, text), tokens.length - 1);
      calls.push(passedTo(tokens, words, last + 1, close) ?? { start: tokens[at]!.start, end: tokens[close]!.end });
      return spreading.has(words[last]!) ? 'spread' : 'call';
    }
    return catalogName.test(words[at]!) ? 'catalog' : 'rest';
  });
  const named = kinds.filter((kind) => kind !== 'query');
  if (named.length > 0 && named.every((kind) => kind === 'spread')) return { origin: 'unknown', calls };
  // What a routine gives may be stored, and made of its arguments as well.
  if (named.length > 0 && named.every((kind) => kind === 'spread' || kind === 'call')) return { origin: 'fetched', calls };
  if (named.includes('rest') || named.includes('call') || !named.includes('catalog')) return { origin: 'fetched', calls: [] };
  if (words.includes('pg_settings') && named.length === 1) return { origin: settingsOrigin(tokens, words, text), calls: [] };
  return { origin: words.some((word) => madeBySuperusers.test(word)) ? 'unknown' : 'catalog', calls: [] };
}

/** `xmltable('/a' PASSING x COLUMNS …)`: its rows are made of x. */
function passedTo(tokens: readonly Token[], words: readonly string[], open: number, close: number): Span | undefined {
  if (words[open - 1] !== 'xmltable') return undefined;
  const passing = words.indexOf('passing', open);
  const columns = words.indexOf('columns', passing);
  if (passing < 0 || columns < 0 || columns > close) return undefined;
  const first = words[passing + 1] === 'by' ? passing + 3 : passing + 1;
  return first < columns ? spanOf(tokens.slice(first, columns)) : undefined;
}

/** `FROM pg_settings WHERE name = 'data_directory'`: no user sets that. */
function settingsOrigin(tokens: readonly Token[], words: readonly string[], text: string): Origin {
  const asked = tokens.filter(({ kind }, index) => kind === 'string' && words[index - 1] === '=' && words[index - 2] === 'name');
  return asked.length > 0 && asked.every((token) => holdsNoText(decodeLiteral(tokenText(token, text)), noSettings)) ? 'constant' : 'setting';
}

const noSettings: ReadonlySet<string> = new Set();

/** The indexes behind FROM and JOIN and behind the commas of a FROM list. */
function sourcesOf(words: readonly string[]): number[] {
  const found: number[] = [];
  let inList: number | undefined;
  let depth = 0;
  for (let index = 0; index < words.length; index++) {
    const word = words[index]!;
    if (word === '(') depth++;
    if (word === ')') depth--;
    if (inList !== undefined && (depth < inList || (depth === inList && endsList.test(word)))) inList = undefined;
    const isFrom = word === 'from' && !insideCall(words, index);
    if (!isFrom && word !== 'join' && !(word === ',' && depth === inList)) continue;
    if (isFrom) inList = depth;
    let at = index + 1;
    while (words[at] === 'lateral' || words[at] === 'only') at++;
    if (at < words.length) found.push(at);
    if (found.length === mostSources) break;
  }
  return found;
}

const mostSources = 500;

/** `extract(year FROM x)`, `trim(both FROM x)`, `substring(x FROM 2)` */
function insideCall(words: readonly string[], at: number): boolean {
  if (words[at - 1] === 'distinct') return true;
  let depth = 0;
  const first = Math.max(0, at - longestArgument);
  for (let i = at - 1; i >= first; i--) {
    if (words[i] === ')') depth++;
    else if (words[i] === 'select' && depth === 0) return false;
    else if (words[i] === '(' && depth-- === 0) return /^(extract|trim|substring|overlay|position)$/.test(words[i - 1] ?? '');
  }
  return false;
}

/** In words. */
const longestArgument = 2_000;
const endsList = /^(where|group|order|limit|having|union|except|intersect|window|offset|fetch|for)$/;
/** Whoever installs an extension is no attacker, and with it its schema. */
const madeBySuperusers = /^(pg_extension|pg_available_extensions|pg_language|pg_am|pg_tablespace)$/;
/** Functions whose rows are made of their arguments. */
const spreading = new Set([
  'unnest', 'generate_series', 'generate_subscripts', 'jsonb_each', 'jsonb_each_text', 'json_each', 'json_each_text', 'jsonb_object_keys', 'json_object_keys',
  'jsonb_array_elements', 'jsonb_array_elements_text', 'json_array_elements', 'json_array_elements_text', 'regexp_split_to_table', 'string_to_table',
  'regexp_matches', 'each', 'skeys', 'svals', 'jsonb_to_record', 'jsonb_to_recordset', 'json_to_record', 'json_to_recordset', 'xmltable', 'jsonb_populate_record',
]);

function readItems(tokens: readonly Token[], text: string): Item[] {
  let depth = 0;
  const end = tokens.findIndex((token) => {
    const written = nameOf(token, text);
    if (token.kind === 'punctuation') depth += /[([]/.test(written) ? 1 : /[)\]]/.test(written) ? -1 : 0;
    return depth < 0 || (depth === 0 && token.kind === 'word' && /^(from|where|union|except|intersect|order|limit|group|having)$/.test(written));
  });
  const items = splitAtCommas(end < 0 ? tokens : tokens.slice(0, end), text).map((part) => readItem(part, text));
  return items.some((item) => item.name === '*') ? [] : items;
}

function readItem(part: readonly Token[], text: string): Item {
  const name = nameOf(part.at(-1), text);
  const before = part.at(-2);
  if (nameOf(before, text) === 'as') return { name, span: spanOf(part.slice(0, -2)) };
  const plain = /^[a-z_"]/i.test(name) && before !== undefined && (before.kind === 'word' || before.kind === 'identifier' || text[before.start] === ')') && nameOf(before, text) !== 'end' && name !== 'end';
  if (plain) return { name, span: spanOf(part.slice(0, -1)) };
  // Without an alias PostgreSQL names the column by the function, without its schema.
  const open = text[part.at(-1)!.start] === ')' ? part.findIndex((token) => text[token.start] === '(') : -1;
  return { name: open > 0 ? nameOf(part[open - 1], text) : nameBeforeCast(part, text), span: spanOf(part) };
}

/** `c.relname::text` is called relname. */
function nameBeforeCast(part: readonly Token[], text: string): string {
  const cast = part.findIndex((token) => text.slice(token.start, token.end) === '::');
  return nameOf(cast > 0 ? part[cast - 1] : part.at(-1), text);
}

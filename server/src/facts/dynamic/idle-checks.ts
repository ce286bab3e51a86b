import type { Token } from '../../syntax/sql/lexer.ts';
import { decodeLiteral, tokenText } from '../../syntax/sql/lexer.ts';
import type { StatementText } from '../../syntax/sql/statements.ts';
import { readHeader } from './header.ts';
import { isOwnFunction } from './known-functions.ts';
import type { Refusals } from './refusals.ts';
import { readRefusals } from './refusals.ts';
import type { Refusing } from './refusing-calls.ts';
import { readableBody } from './wrappers.ts';
import { wordsOf } from '../sql/tokens.ts';

/** What a function can refuse, as far as its statement tells. */
export interface Check {
  readonly name: string;
  /** The functions that it asks, when it asks by itself for no more than NULL, an empty text or a length; undefined when it may refuse more. */
  readonly asks: readonly string[] | undefined;
  /** What it hands to others and looks for in JSON, by the texts that are written in it. */
  readonly keys: readonly string[];
  /** What it finds in JSON has to be a number. */
  readonly counts: boolean;
  readonly refusals: Refusals | undefined;
}

export interface IdleFunctions {
  /** Those that restrict no text, with the keys of JSON under which they let nothing but numbers through. */
  readonly keys: ReadonlyMap<string, ReadonlySet<string>>;
  /** Those that give the number under whatever key they are asked for. */
  readonly counting: ReadonlySet<string>;
}

export const noIdleFunctions: IdleFunctions = { keys: new Map(), counting: new Set() };

/** Those that say nothing of any text that a routine with this body can take out of JSON. */
export function idleIn(text: string, { keys: functions, counting }: IdleFunctions): ReadonlySet<string> {
  return new Set([...functions].flatMap(([name, keys]) => ([...keys].some((key) => takesText(key, text, counting)) ? [] : [name])));
}

/** The key stands somewhere else than in `app.json_number(p, 'id')`. */
function takesText(key: string, text: string, counting: ReadonlySet<string>): boolean {
  const written = `'${key}'`;
  for (let at = text.indexOf(written); at >= 0; at = text.indexOf(written, at + 1)) {
    const [, called] = callBefore.exec(text.slice(Math.max(0, at - longestCall), at)) ?? [];
    if (called === undefined || !counting.has(called.toLowerCase())) return true;
  }
  return false;
}

const callBefore = /([a-z_]\w*)\s*\([^()']*$/i;
const longestCall = 200;

/** The functions that restrict no text that they are asked about: none that is called so does, and none that they ask. */
export function idleFunctions(read: readonly Check[]): IdleFunctions {
  const idle = new Set(read.map(({ name }) => name));
  let before = Infinity;
  while (idle.size < before) {
    before = idle.size;
    for (const { name, asks } of read) if (asks?.every((one) => idle.has(one)) !== true) idle.delete(name);
  }
  const checks = new Map<string, Check[]>();
  for (const one of read) checks.set(one.name, [...(checks.get(one.name) ?? []), one]);
  const counted = [...idle].map((name) => [name, countedBy(name, checks)] as const);
  return {
    keys: new Map(counted.flatMap(([name, keys]) => (keys === undefined ? [] : [[name, keys] as const]))),
    counting: new Set(counted.flatMap(([name, keys]) => (keys === undefined ? [name] : []))),
  };
}

/** Under which keys it lets numbers alone through; undefined when its caller names the key. */
function countedBy(name: string, checks: ReadonlyMap<string, readonly Check[]>): ReadonlySet<string> | undefined {
  const names = new Set([name]);
  const keys = new Set<string>();
  let counts = false;
  for (const one of names) {
    if (names.size > mostAsked) return undefined;
    for (const check of checks.get(one) ?? []) {
      counts ||= check.counts;
      for (const asked of check.asks ?? []) names.add(asked);
      for (const key of check.keys) keys.add(key);
    }
  }
  return counts ? (keys.size === 0 ? undefined : keys) : new Set();
}

const mostAsked = 50;

/** What all functions of a name do with their parameters. `idle`: those that restrict no text. */
export function refusalsOf(read: readonly Check[], { keys, counting }: IdleFunctions): Refusing & { readonly raises: ReadonlySet<string> } {
  const all = new Map<string, Refusals[]>();
  for (const { name, refusals } of read) all.set(name, [...all.get(name) ?? [], refusals ?? { raises: false, refuses: [], seeks: [], finds: [] }]);
  const shared = (of: (one: Refusals) => readonly number[]) => new Map([...all].flatMap(([name, [first, ...others]]) => {
    const places = of(first!).filter((place) => others.every((one) => of(one).includes(place)));
    return places.length > 0 ? [[name, places] as const] : [];
  }));
  const restricts = (name: string) => !keys.has(name) && !counting.has(name);
  return {
    refuses: shared(({ refuses }) => refuses.flatMap(({ parameter, asking }) => (asking.length === 0 || asking.some(restricts) ? [parameter] : []))),
    seeks: shared(({ seeks }) => seeks),
    finds: shared(({ finds }) => finds),
    raises: new Set([...all].flatMap(([name, ones]) => (ones.every(({ raises }) => raises) ? [name] : []))),
  };
}

export function readCheck(written: StatementText, name: string): Check {
  const body = readableBody(written);
  if (body === undefined) return { name, asks: undefined, keys: [], counts: false, refusals: undefined };
  const { parameters } = readHeader(written);
  const { text } = written.body!;
  const { tokens, words } = wordsOf(body.tokens, text);
  const refusals = readRefusals(withoutOwnName(words, name), parameters.filter(({ input }) => input).map((one) => one.name));
  const isJson = parameters.some(({ type }) => /^jsonb?$/i.test(type));
  const types = [...parameters, ...body.declarations].map(({ type }) => type);
  if (!types.every((type) => plainType.test(type) || (isJson && jsonType.test(type)))) return { name, asks: undefined, keys: [], counts: false, refusals };
  const asked = askedBy(tokens, words, isJson);
  if (!isJson || asked === undefined) return { name, asks: asked?.calls, keys: [], counts: false, refusals };
  const keys = asked.strings.map((token) => decodeLiteral(tokenText(token, text)));
  return { name, asks: asked.calls, keys, refusals, counts: types.some((type) => numberType.test(type)) || words.some((word, at) => word === '::' && numberType.test(words[at + 1] ?? '')) };
}

/** `columns_of.x` is the parameter x. */
function withoutOwnName(words: readonly string[], name: string): readonly string[] {
  return words.filter((word, at) => !(word === name && words[at + 1] === '.') && !(word === '.' && words[at - 1] === name));
}

/** Anything else may refuse what is put into it, such as a domain. */
const plainType = /^(text|varchar|character varying|name|boolean|bool|int|integer|bigint|anyelement|any)(\s*\(\s*\d+\s*\))?(\s*\[\s*\])*$/i;
/** What takes a value out of JSON says nothing of the other values there. */
const jsonType = /^(jsonb?|numeric)$/i;
const numberType = /^(int|integer|bigint|numeric)$/i;

function askedBy(tokens: readonly Token[], words: readonly string[], isJson: boolean): { readonly calls: readonly string[]; readonly strings: readonly Token[] } | undefined {
  const calls: string[] = [];
  const strings: Token[] = [];
  for (let at = 0; at < words.length; at++) {
    const word = words[at]!;
    const token = tokens[at]!;
    if (word === 'raise') at = endOfStatement(words, at);
    else if (token.kind === 'string') strings.push(token);
    else if (isCall(words, at) && (words[at - 1] === '.' || isOwnFunction(word))) calls.push(word);
    else if (token.kind === 'operator' ? !isPlainOperator(tokens, words, at, isJson) : mayRestrict(words, at)) return undefined;
  }
  return { calls, strings };
}

function isCall(words: readonly string[], at: number): boolean {
  return words[at + 1] === '(' && /^[a-z_][\w$]*$/.test(words[at]!);
}

function endOfStatement(words: readonly string[], from: number): number {
  const end = words.indexOf(';', from);
  return end < 0 ? words.length : end;
}

/** `x = ''`, `length(x) > 63`, `x || '.'`, `x::text` */
function isPlainOperator(tokens: readonly Token[], words: readonly string[], at: number, isJson: boolean): boolean {
  const word = words[at]!;
  if (word === '::') return numberType.test(words[at + 1] ?? '') ? isNumberCast(words, at, isJson) : plainType.test(words[at + 1] ?? '') || (isJson && /^jsonb?$/.test(words[at + 1] ?? ''));
  if (isJson && /^(->>?|#>>?)$/.test(word)) return true;
  if (/^(:=|\|\||\+|-|\*|\.\.)$/.test(word)) return true;
  return /^(=|<>|!=|<|>|<=|>=)$/.test(word) && (isAssignment(words, at) || isPlainOperand(tokens[at - 1], words[at - 1]) || isPlainOperand(tokens[at + 1], words[at + 1]));
}

/** `v = lower(x)`, `v text = lower(x)` */
function isAssignment(words: readonly string[], at: number): boolean {
  let first = at;
  while (first > 0 && at - first < longestTarget && !startsStatement.has(words[first - 1]!)) first--;
  return words[at] === '=' && startsStatement.has(words[first - 1] ?? '') && words.slice(first, at).every((word) => /^[\w$.%]+$/.test(word) && !asksSomething.has(word));
}

/** In words. */
const longestTarget = 6;
const startsStatement = new Set([';', 'begin', 'declare', 'then', 'else', 'loop', '>>']);
const asksSomething = new Set(['if', 'elsif', 'elseif', 'when', 'while', 'return', 'select', 'perform', 'for', 'foreach', 'exit', 'continue', 'call', 'case', 'not', 'and', 'or', 'where', 'on']);

/** `length(x)::int`, `(p ->> 'id')::int`: of a text it would fail unless that is a number. */
function isNumberCast(words: readonly string[], at: number, isJson: boolean): boolean {
  if (words[at - 1] !== ')') return false;
  let open = at - 2;
  for (let depth = 1; open >= 0; open--) {
    if (words[open] === ')') depth++;
    else if (words[open] === '(' && --depth === 0) break;
  }
  return lengths.has(words[open - 1] ?? '') || (isJson && words.slice(Math.max(open, 0), at).some((word) => /^[-#]>>?$/.test(word)));
}

function isPlainOperand(token: Token | undefined, word: string | undefined): boolean {
  if (token === undefined || word === undefined) return false;
  return token.kind === 'number' || word === "''" || /^(true|false|null)$/.test(word);
}

function mayRestrict(words: readonly string[], at: number): boolean {
  const word = words[at]!;
  if (word === 'case') return words[at + 1] !== 'when';
  if (word === 'in') return words[at + 1] !== 'array' && words[at - 2] !== 'for';
  return isCall(words, at) ? !plainCalls.has(word) : restricting.has(word);
}

const lengths = new Set(['length', 'char_length', 'character_length', 'octet_length', 'num_nulls', 'num_nonnulls', 'array_length', 'cardinality']);

/** What stands before parentheses and restricts nothing by itself. */
const plainCalls = new Set([
  ...lengths, 'trim', 'btrim', 'ltrim', 'rtrim', 'lower', 'upper', 'coalesce', 'nullif', 'json_extract_path_text', 'jsonb_extract_path_text', 'json_extract_path', 'jsonb_extract_path',
  'if', 'elsif', 'elseif', 'and', 'or', 'not', 'when', 'return', 'then', 'select', 'numeric', 'varchar',
]);

const restricting = new Set([
  'like', 'ilike', 'similar', 'any', 'all', 'some', 'between', 'distinct', 'from', 'exists', 'execute', 'open', 'fetch', 'with', 'insert', 'update', 'delete', 'assert',
]);

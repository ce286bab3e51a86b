import type { Token } from '../../syntax/sql/lexer.ts';
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
  readonly refusals: Refusals | undefined;
}

/** The functions that restrict no text that they are asked about: none that is called so does, and none that they ask. */
export function idleFunctions(read: readonly Check[]): ReadonlySet<string> {
  const idle = new Set(read.map(({ name }) => name));
  let before = Infinity;
  while (idle.size < before) {
    before = idle.size;
    for (const { name, asks } of read) if (asks?.every((one) => idle.has(one)) !== true) idle.delete(name);
  }
  return idle;
}

/** What all functions of a name do with their parameters. `idle`: those that restrict no text. */
export function refusalsOf(read: readonly Check[], idle: ReadonlySet<string>): Refusing & { readonly raises: ReadonlySet<string> } {
  const all = new Map<string, Refusals[]>();
  for (const { name, refusals } of read) all.set(name, [...all.get(name) ?? [], refusals ?? { raises: false, refuses: [], seeks: [] }]);
  const shared = (of: (one: Refusals) => readonly number[]) => new Map([...all].flatMap(([name, [first, ...others]]) => {
    const places = of(first!).filter((place) => others.every((one) => of(one).includes(place)));
    return places.length > 0 ? [[name, places] as const] : [];
  }));
  return {
    refuses: shared(({ refuses }) => refuses.flatMap(({ parameter, asking }) => (asking.length === 0 || asking.some((one) => !idle.has(one)) ? [parameter] : []))),
    seeks: shared(({ seeks }) => seeks),
    raises: new Set([...all].flatMap(([name, ones]) => (ones.every(({ raises }) => raises) ? [name] : []))),
  };
}

export function readCheck(written: StatementText, name: string): Check {
  const body = readableBody(written);
  if (body === undefined) return { name, asks: undefined, refusals: undefined };
  const { parameters } = readHeader(written);
  const types = [...parameters.map(({ type }) => type), ...body.declarations.map(({ type }) => type)];
  const code = wordsOf(body.tokens, written.body!.text);
  const asks = types.every((type) => plainType.test(type)) ? askedBy(code.tokens, code.words) : undefined;
  return { name, asks, refusals: readRefusals(code.words, parameters.filter(({ input }) => input).map((one) => one.name)) };
}

/** Anything else may refuse what is put into it, such as a domain. */
const plainType = /^(text|varchar|character varying|name|boolean|bool|int|integer|bigint|anyelement|any)(\s*\(\s*\d+\s*\))?(\s*\[\s*\])*$/i;

function askedBy(tokens: readonly Token[], words: readonly string[]): readonly string[] | undefined {
  const asks: string[] = [];
  for (let at = 0; at < words.length; at++) {
    const word = words[at]!;
    if (word === 'raise') at = endOfStatement(words, at);
    else if (isCall(words, at) && (words[at - 1] === '.' || isOwnFunction(word))) asks.push(word);
    else if (tokens[at]!.kind === 'operator' ? !isPlainOperator(tokens, words, at) : tokens[at]!.kind !== 'string' && mayRestrict(words, at)) return undefined;
  }
  return asks;
}

function isCall(words: readonly string[], at: number): boolean {
  return words[at + 1] === '(' && /^[a-z_][\w$]*$/.test(words[at]!);
}

function endOfStatement(words: readonly string[], from: number): number {
  const end = words.indexOf(';', from);
  return end < 0 ? words.length : end;
}

/** `x = ''`, `length(x) > 63`, `x || '.'`, `x::text` */
function isPlainOperator(tokens: readonly Token[], words: readonly string[], at: number): boolean {
  const word = words[at]!;
  if (word === '::') return plainType.test(words[at + 1] ?? '');
  if (/^(:=|\|\||\+|-|\*|\.\.)$/.test(word)) return true;
  return /^(=|<>|!=|<|>|<=|>=)$/.test(word) && (isPlainOperand(tokens[at - 1], words[at - 1]) || isPlainOperand(tokens[at + 1], words[at + 1]));
}

function isPlainOperand(token: Token | undefined, word: string | undefined): boolean {
  if (token === undefined || word === undefined) return false;
  return token.kind === 'number' || word === "''" || /^(true|false|null)$/.test(word);
}

function mayRestrict(words: readonly string[], at: number): boolean {
  const word = words[at]!;
  if (word === 'case') return words[at + 1] !== 'when';
  if (word === 'select') return at > 0;
  if (word === 'in') return words[at + 1] !== 'array' && words[at - 2] !== 'for';
  return isCall(words, at) ? !plainCalls.has(word) : restricting.has(word);
}

/** What stands before parentheses and restricts nothing by itself. */
const plainCalls = new Set([
  'length', 'char_length', 'character_length', 'octet_length', 'trim', 'btrim', 'ltrim', 'rtrim', 'lower', 'upper', 'coalesce', 'nullif', 'num_nulls', 'num_nonnulls', 'array_length', 'cardinality',
  'if', 'elsif', 'elseif', 'and', 'or', 'not', 'when', 'return', 'then', 'select', 'numeric', 'varchar',
]);

const restricting = new Set([
  'like', 'ilike', 'similar', 'any', 'all', 'some', 'between', 'distinct', 'from', 'exists', 'perform', 'execute', 'call', 'open', 'fetch', 'into', 'with', 'insert', 'update', 'delete', 'assert',
]);

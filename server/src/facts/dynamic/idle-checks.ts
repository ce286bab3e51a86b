import type { Token } from '../../syntax/sql/lexer.ts';
import type { StatementText } from '../../syntax/sql/statements.ts';
import { readHeader } from './header.ts';
import { isOwnFunction } from './known-functions.ts';
import { createdFunction } from './summaries.ts';
import { closingOf } from './word-ranges.ts';
import { readableBody } from './wrappers.ts';
import { wordsOf } from '../sql/tokens.ts';

/** The functions that restrict no text that they are asked about, when all that are called so restrict none. */
export function idleFunctions(read: readonly { readonly name: string; readonly idle: boolean }[]): ReadonlySet<string> {
  const idle = new Set(read.map(({ name }) => name));
  for (const one of read) if (!one.idle) idle.delete(one.name);
  return idle;
}

/** Whether a function asks for no more than NULL, an empty text or a length, whatever it is called. False when that cannot be told. */
export function isIdle(written: StatementText): boolean {
  const body = readableBody(written);
  if (body === undefined || createdFunction(written) === undefined) return false;
  const { parameters } = readHeader(written);
  const types = [...parameters.map(({ type }) => type), ...body.declarations.map(({ type }) => type)];
  if (!types.every((type) => plainType.test(type))) return false;
  const code = wordsOf(body.tokens, written.body!.text);
  return !restricts(code.tokens, code.words);
}

/** Anything else may refuse what is put into it, such as a domain. */
const plainType = /^(text|varchar|character varying|name|boolean|bool|int|integer|bigint|anyelement|any)(\s*\(\s*\d+\s*\))?(\s*\[\s*\])*$/i;

function restricts(tokens: readonly Token[], words: readonly string[]): boolean {
  for (let at = 0; at < words.length; at++) {
    const word = words[at]!;
    if (word === 'raise') at = endOfStatement(words, at);
    else if (tokens[at]!.kind === 'operator' ? !isPlainOperator(tokens, words, at) : tokens[at]!.kind !== 'string' && mayRestrict(words, at)) return true;
  }
  return false;
}

function endOfStatement(words: readonly string[], from: number): number {
  const end = words.indexOf(';', from);
  return end < 0 ? words.length : end;
}

/** `x = ''`, `length(x) > 63`, `x || '.'`, `x::text` */
function isPlainOperator(tokens: readonly Token[], words: readonly string[], at: number): boolean {
  const word = words[at]!;
  if (word === '::') return plainType.test(words[at + 1] ?? '');
  if (/^(:=|\|\||\+|-|\*)$/.test(word)) return true;
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
  if (words[at + 1] === '(' && closingOf(words, at + 1, words.length) < words.length) return !plainCalls.has(word);
  return restricting.has(word) || (words[at - 1] !== '.' && isOwnFunction(word) && words[at + 1] === '.');
}

/** What stands before parentheses and restricts nothing by itself. */
const plainCalls = new Set([
  'length', 'char_length', 'character_length', 'octet_length', 'trim', 'btrim', 'ltrim', 'rtrim', 'lower', 'upper', 'coalesce', 'nullif', 'num_nulls', 'num_nonnulls', 'array_length', 'cardinality',
  'if', 'elsif', 'elseif', 'and', 'or', 'not', 'when', 'return', 'then', 'select', ':=', '=', '(', ',', 'numeric', 'varchar',
]);

const restricting = new Set([
  'like', 'ilike', 'similar', 'in', 'any', 'all', 'some', 'between', 'distinct', 'from', 'exists', 'perform', 'execute', 'call', 'open', 'fetch', 'into', 'with', 'insert', 'update', 'delete', 'for', 'foreach', 'while', 'loop', 'assert',
]);

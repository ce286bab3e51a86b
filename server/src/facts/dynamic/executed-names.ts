import type { Token } from '../../syntax/sql/lexer.ts';
import { decodeLiteral, tokenText } from '../../syntax/sql/lexer.ts';
import { madeBefore } from './made-names.ts';
import { findWord } from './word-ranges.ts';
import type { Write } from './writes.ts';

/** A name that a statement has to find, and where that is done. */
export interface FoundName {
  readonly name: string;
  readonly leaves: 'existing';
  readonly at: number;
}

/** `EXECUTE format('SELECT count(*) FROM %I', t)`, `EXECUTE 'DELETE FROM ' || quote_ident(t)` fail unless there is such a table. */
export function* executedNames(tokens: readonly Token[], words: readonly string[], text: string, writes: readonly Write[]): Iterable<FoundName> {
  const first = words.indexOf('execute');
  if (first < 0) return;
  // Whatever the name is, there is such a table when the routine has made it.
  const made = madeBefore(makesTable, tokens, text);
  const madeServer = madeBefore(makesServer, tokens, text);
  const madeOther = madeBefore(makesOther, tokens, text);
  for (let index = first; index >= 0; index = words.indexOf('execute', index + 1)) {
    const isBehind = (one: number) => one < tokens[index]!.start;
    const names = [
      ...isBehind(made) ? [] : namesIn(tokens, words, index + 1, text, writes),
      ...isBehind(made) ? [] : lastNamesIn(readsCopied, tokens, words, index + 1, text),
      ...isBehind(madeServer) ? [] : lastNamesIn(readsServer, tokens, words, index + 1, text),
      ...isBehind(madeOther) ? [] : quotedIn(readsOther, tokens, words, index + 1, text),
    ];
    const end = names.length === 0 ? -1 : endOf(words, index);
    if (end >= 0) yield* names.map((name): FoundName => ({ name, leaves: 'existing', at: tokens[end]!.end }));
  }
}

export const makesTable = /\bcreate\s+(?:\w+\s+){0,3}(?:table|view|schema|sequence)\b|\brename\s+to\b/i;

export const makesServer = /\bcreate\s+server\b/i;
const makesOther = /\bcreate\b|\brename\s+to\b/i;

/** `EXECUTE format('CREATE FOREIGN TABLE %I (a int) SERVER %I', t, s)`, `… 'IMPORT FOREIGN SCHEMA a FROM SERVER %I INTO b'`: what the last specifier of `reads` quotes, and its schema. */
function lastNamesIn(reads: RegExp, tokens: readonly Token[], words: readonly string[], first: number, text: string): string[] {
  const template = literalAt(first + 2, tokens, text);
  if (words[first] !== 'format' || words[first + 1] !== '(' || template === undefined) return [];
  const before = reads.exec(template.written)?.[0];
  const specifiers = before?.match(/%(?:\d+\$)?[sIL]/g) ?? [];
  const sought = before === undefined ? 0 : withSchema.test(before) ? 2 : 1;
  return specifiers.slice(specifiers.length - sought).flatMap((specifier, at) => variable(argument(words, template.end, Number(/\d+/.exec(specifier)?.[0] ?? specifiers.length - sought + at + 1))));
}

const withSchema = /%(?:\d+\$)?I\s*\.\s*%(?:\d+\$)?I$/;

/** `CREATE TABLE a AS TABLE %I`, `CREATE TABLE %I (LIKE %I …)`; with IF NOT EXISTS it may not be looked for. */
const readsCopied = /^\s*create\s+(?:(?:temp|temporary|unlogged)\s+)?table\s+(?!if\b)[\w%$.@]+\s*(?:as\s+table\s+(?:only\s+)?|\(\s*like\s+)(?:(?:[a-z_]\w*|@\w+@|%(?:\d+\$)?I)\s*\.\s*)?%(?:\d+\$)?I/i;

/** Not with IF NOT EXISTS, which asks for no server where there is such a table. */
const readsServer = /^\s*(?:create\s+foreign\s+table\s+(?!if\b)[^']*?\)\s*server|import\s+foreign\s+schema\s[^';]*?\sfrom\s+server)\s+%(?:\d+\$)?I/i;

function namesIn(tokens: readonly Token[], words: readonly string[], first: number, text: string, writes: readonly Write[]): string[] {
  const literal = words[first] === 'format' && words[first + 1] === '(' ? literalAt(first + 2, tokens, text) : undefined;
  const quoted = literal && readsText.test(literal.written) ? quotedBefore(argument(words, literal.end, 1), tokens[first]!.start, text, writes) : undefined;
  return quoted === undefined ? quotedIn(readsTable, tokens, words, first, text) : [quoted];
}

/** The variables that %I or quote_ident() quotes in what `reads` has to find. */
function quotedIn(reads: RegExp, tokens: readonly Token[], words: readonly string[], first: number, text: string): string[] {
  const formatted = words[first] === 'format' && words[first + 1] === '(';
  const literal = literalAt(formatted ? first + 2 : first, tokens, text);
  if (literal === undefined) return [];
  const { written, end } = literal;
  if (!formatted) {
    const named = reads.test(`${written}%I`) && words[end] === '||' && words[end + 1] === 'quote_ident' && words[end + 2] === '(' && words[end + 4] === ')';
    return named ? variable(words[end + 3]) : [];
  }
  const specifiers = reads.exec(written)?.[0].match(/%(?:\d+\$)?I/g) ?? [];
  return specifiers.flatMap((specifier, at) => variable(argument(words, end, Number(/\d+/.exec(specifier)?.[0] ?? at + 1))));
}

/** What is written at `index`, also on several lines, and the index of the word behind it. */
function literalAt(index: number, tokens: readonly Token[], text: string): { readonly written: string; readonly end: number } | undefined {
  if (tokens[index]?.kind !== 'string' && tokens[index]?.kind !== 'dollar') return undefined;
  let end = index + 1;
  while (tokens[index]!.kind === 'string' && tokens[end]?.kind === 'string') end++;
  return { written: tokens.slice(index, end).map((token) => decodeLiteral(tokenText(token, text))).join(''), end };
}

/** `SELECT a, b FROM %I`, `UPDATE app.%I`, `LOCK TABLE %I.%I`, with nothing else put in before. */
const readsTable = /^\s*(?:select\s[^%']*?\bfrom|insert\s+into|update|delete\s+from|truncate(?:\s+table)?|lock(?:\s+table)?|alter\s+table|comment\s+on\s+table)\s+(?:only\s+)?(?:(?:[a-z_]\w*|@\w+@|%(?:\d+\$)?I)\s*\.\s*)?%(?:\d+\$)?I/i;

/** `ALTER PUBLICATION %I`, `DROP ROLE %I`, `SET ROLE %I`: other objects that have to be there. */
const readsOther = /^\s*(?:(?:alter|drop)\s+(?:(?:materialized\s+)?view|foreign\s+table|sequence|index|schema|role|user|group|database|publication|subscription|server|type|domain|extension|tablespace)|set\s+(?:local\s+|session\s+)?role|refresh\s+materialized\s+view|reindex\s+(?:table|index)|analyze|cluster)\s+(?:(?:[a-z_]\w*|@\w+@|%(?:\d+\$)?I)\s*\.\s*)?%(?:\d+\$)?I/i;

/** The same with a text that is quoted already. */
const readsText = new RegExp(`${readsTable.source.slice(0, -'%(?:\\d+\\$)?I'.length)}%s(?![\\w$.%])`, 'i');

/** `q := quote_ident(t || '_log')`: what stands in a name that exists is a part of that name. */
function quotedBefore(name: string | undefined, offset: number, text: string, writes: readonly Write[]): string | undefined {
  const [write, ...others] = writes.filter(({ target }) => target === name);
  if (write?.value === undefined || others.length > 0 || write.at > offset) return undefined;
  const value = text.slice(write.value.start, Math.min(write.value.end, write.value.start + 200));
  const part = /^\s*quote_ident\s*\(\s*([a-z_][\w$]*)\s*(?:\|\|\s*'[^']*'\s*)?\)\s*$/i.exec(value)?.[1]?.toLowerCase();
  return part === undefined || writes.some(({ target, at }) => target === part && at > write.at && at < offset) ? undefined : part;
}

function variable(word: string | undefined): string[] {
  return word !== undefined && /^([a-z_][\w$]*|\$\d+)$/.test(word) ? [word] : [];
}

/** The one with this number, from 1, behind the template, when it is one word. */
function argument(words: readonly string[], from: number, number: number): string | undefined {
  let at = from;
  for (let passed = 0; passed < number; passed++, at += 2) {
    if (words[at] !== ',' || !/^[,)]$/.test(words[at + 2] ?? '')) return undefined;
  }
  return words[at - 1];
}

/** Of the semicolon, or of LOOP behind `FOR r IN EXECUTE …`. */
function endOf(words: readonly string[], from: number): number {
  return findWord(words, from, Math.min(words.length, from + longestStatement), (word) => word === ';' || word === 'loop');
}

/** In words. */
const longestStatement = 200;

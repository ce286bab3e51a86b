import type { Token } from '../../syntax/sql/lexer.ts';
import { decodeLiteral, tokenText } from '../../syntax/sql/lexer.ts';

/** A name that a statement has to find, and where that is done. */
export interface FoundName {
  readonly name: string;
  readonly leaves: 'existing';
  readonly at: number;
}

/** `EXECUTE format('SELECT count(*) FROM %I', t)`, `EXECUTE 'DELETE FROM ' || quote_ident(t)` fail unless there is such a table. */
export function* executedNames(tokens: readonly Token[], words: readonly string[], text: string): Iterable<FoundName> {
  // Whatever the name is, there is such a table when the routine has made it.
  const made = text.search(makesTable);
  for (let index = words.indexOf('execute'); index >= 0; index = words.indexOf('execute', index + 1)) {
    if (made >= 0 && made < tokens[index]!.start) return;
    const names = namesIn(tokens, words, index + 1, text);
    const end = names.length === 0 ? -1 : endOf(words, index);
    if (end >= 0) yield* names.map((name): FoundName => ({ name, leaves: 'existing', at: tokens[end]!.end }));
  }
}

const makesTable = /\bcreate\s+(?:\w+\s+){0,3}(?:table|view|schema|sequence)\b|\brename\s+to\b/i;

function namesIn(tokens: readonly Token[], words: readonly string[], first: number, text: string): string[] {
  const formatted = words[first] === 'format' && words[first + 1] === '(';
  const literal = tokens[formatted ? first + 2 : first];
  if (literal?.kind !== 'string' && literal?.kind !== 'dollar') return [];
  const written = decodeLiteral(tokenText(literal, text));
  if (!formatted) {
    const named = readsTable.test(`${written}%I`) && words[first + 1] === '||' && words[first + 2] === 'quote_ident' && words[first + 3] === '(' && words[first + 5] === ')';
    return named ? variable(words[first + 4]) : [];
  }
  const specifiers = readsTable.exec(written)?.[0].match(/%(?:\d+\$)?I/g) ?? [];
  return specifiers.flatMap((specifier, at) => variable(argument(words, first + 3, Number(/\d+/.exec(specifier)?.[0] ?? at + 1))));
}

/** `SELECT a, b FROM %I`, `UPDATE app.%I`, `LOCK TABLE %I.%I`, with nothing else put in before. */
const readsTable = /^\s*(?:select\s[^%']*?\bfrom|insert\s+into|update|delete\s+from|truncate(?:\s+table)?|lock(?:\s+table)?|alter\s+table|comment\s+on\s+table)\s+(?:only\s+)?(?:(?:[a-z_]\w*|%(?:\d+\$)?I)\s*\.\s*)?%(?:\d+\$)?I/i;

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

function endOf(words: readonly string[], from: number): number {
  const end = words.indexOf(';', from);
  return end - from > longestStatement ? -1 : end;
}

/** In words. */
const longestStatement = 200;

import type { Span } from '../../text.ts';
import type { Token } from '../../syntax/sql/lexer.ts';
import { isOwnFunction } from './known-functions.ts';
import { closingOf } from './word-ranges.ts';

/** The calls of functions that are not PostgreSQL's own, the outer ones; `close` is the index of the parenthesis at the end. */
export function ownCallsIn(tokens: readonly Token[], words: readonly string[]): { readonly first: number; readonly close: number; readonly span: Span }[] {
  const calls = [];
  for (let at = 0; at < words.length; at++) {
    if (words[at + 1] !== '(' || !isName(tokens[at]!)) continue;
    let first = at;
    while (words[first - 1] === '.' && first > 1 && isName(tokens[first - 2]!)) first -= 2;
    // PostgreSQL's own functions may have their schema before them.
    const own = words[first] !== 'pg_catalog' && (first < at || isOwnFunction(words[at]!));
    const close = closingOf(words, at + 1, words.length);
    if (!own || close === words.length || (first > 0 && !startsOperand(tokens[first - 1]!, words[first - 1]!))) continue;
    calls.push({ first, close, span: { start: tokens[first]!.start, end: tokens[close]!.end } });
    at = close;
  }
  return calls;
}

function isName({ kind }: Token): boolean {
  return kind === 'word' || kind === 'identifier';
}

/** An operand stands behind it, and not the alias of something. */
function startsOperand({ kind }: Token, word: string): boolean {
  return kind === 'operator' || /^[([,]$/.test(word) || (kind === 'word' && beforeOperand.test(word));
}

const beforeOperand = /^(when|then|else|case|select|distinct|and|or|not|from|by|in|between|like|ilike|is|where|on|having|both|leading|trailing|for|lateral|join|all|any|some|if|return)$/;

/** The indexes of the keys behind `->>` and its kind: they choose what is taken out and are no part of it. */
export function keysIn(words: readonly string[]): ReadonlySet<number> {
  const keys = new Set<number>();
  for (let at = 0; at < words.length; at++) {
    if (!takesOut.has(words[at]!)) continue;
    const end = endOfOperand(words, at + 1);
    for (let inside = at + 1; inside < end; inside++) keys.add(inside);
  }
  return keys;
}

const takesOut = new Set(['->', '->>', '#>', '#>>']);

/** `p_key`, `r.key`, `lower(key)`, `(a || b)`, `ARRAY['a', key]::text[]`, `keys[1]` */
function endOfOperand(words: readonly string[], from: number): number {
  let at = words[from] === '(' ? closingOf(words, from, words.length) + 1 : from + 1;
  for (;;) {
    if (words[at] === '(' || words[at] === '[') at = closingOf(words, at, words.length) + 1;
    else if (words[at] === '.' || words[at] === '::') at += 2;
    else return Math.min(at, words.length);
  }
}

import type { Token } from '../../syntax/sql/lexer.ts';
import { decodeLiteral, tokenText } from '../../syntax/sql/lexer.ts';
import { alphabetOf } from './safe-pattern.ts';
import { closing, nameOf, splitAtCommas } from '../sql/tokens.ts';
import type { Derived, Item } from './queries.ts';

/** The columns that the condition of a query holds to constants or to words, when all of it has to hold: `WHERE t.kind IN ('a', 'b')`, `WHERE key ~ '^[a-z]+$'` */
export function heldByConditions(tokens: readonly Token[], words: readonly string[], text: string): Derived[] {
  if (!words.includes('where') || words.some((word) => joinsQueries.has(word))) return [];
  const held: Derived[] = [];
  let depth = 0;
  let asks = false;
  for (let at = 0; at < words.length; at++) {
    const word = words[at]!;
    if (tokens[at]!.kind === 'punctuation') depth += word === '(' ? 1 : word === ')' ? -1 : 0;
    if (depth !== 0) continue;
    if (word === 'where') asks = true;
    else if (asks && word === 'or') return [];
    else if (asks && endsCondition.has(word)) return held;
    if (!asks || (word !== 'where' && word !== 'and')) continue;
    const one = heldAt(tokens, words, at + 1, text);
    if (one) held.push(one);
  }
  return held;
}

const joinsQueries = new Set(['union', 'except', 'intersect']);
const endsCondition = new Set(['group', 'order', 'limit', 'into', 'for', 'having', 'offset', 'fetch', 'loop']);

function heldAt(tokens: readonly Token[], words: readonly string[], start: number, text: string): Derived | undefined {
  const dotted = words[start + 1] === '.';
  const name = words[dotted ? start + 2 : start]!;
  const operator = start + (dotted ? 3 : 1);
  if (!/^[a-z_][\w$]*$/.test(name)) return undefined;
  const array = words.slice(operator, operator + 5).join(' ') === '= any ( array [';
  const matches = /^~\*?$/.test(words[operator] ?? '') && tokens[operator + 1]?.kind === 'string' && alphabetOf(decodeLiteral(tokenText(tokens[operator + 1]!, text))) === 'word';
  const single = !array && (words[operator] === '=' || matches);
  const first = array ? operator + 5 : single ? operator + 1 : words[operator] === 'in' && words[operator + 1] === '(' ? operator + 2 : -1;
  if (first < 0 || tokens[first]?.kind !== 'string') return undefined;
  let end = first + 1;
  while (!single && words[end] === ',' && tokens[end + 1]?.kind === 'string') end += 2;
  if (array || !single ? words[end] !== (array ? ']' : ')') : !behindComparison.test(words[end] ?? ';')) return undefined;
  return { name, span: { start: tokens[first]!.start, end: tokens[first]!.end }, called: dotted ? [words[start]!] : [], catalog: false, held: true };
}

/** What can follow a comparison with a constant; anything else makes it another expression. */
const behindComparison = /^(and|group|order|limit|into|for|having|offset|fetch|loop|;|\)|::)$/;

/** The columns of VALUES, when every row has nothing but constants; each with its first value. */
export function valuesAt(tokens: readonly Token[], at: number, text: string): Item[] | undefined {
  const rows: (readonly Token[])[][] = [];
  for (let open = at + 1; nameOf(tokens[open], text) === '(' && rows.length < mostRows; ) {
    const close = closing(tokens, open, text);
    rows.push(splitAtCommas(tokens.slice(open + 1, close), text));
    open = nameOf(tokens[close + 1], text) === ',' ? close + 2 : tokens.length;
  }
  const constants = rows.length > 0 && rows.every((row) => row.every((part) => part.length > 0 && isConstant(part, text)));
  return constants ? rows[0]!.map(([first], index) => ({ name: `column${index + 1}`, span: { start: first!.start, end: first!.end } })) : undefined;
}

const mostRows = 500;

function isConstant([first, ...rest]: readonly Token[], text: string): boolean {
  const constant = first!.kind === 'string' || first!.kind === 'number' || /^(null|true|false)$/.test(nameOf(first, text));
  return constant && (rest.length === 0 || nameOf(rest[0], text) === '::');
}

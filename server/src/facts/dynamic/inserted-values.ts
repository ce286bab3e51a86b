import type { IsVariable } from './lookups.ts';
import { closingOf, indexOf, startsStatement } from './word-ranges.ts';

/** A statement that fails unless what it stores is as CHECKs want it; a trigger of the table may have changed it before. */
export interface CheckedInsert {
  readonly names: readonly string[];
  /** The indexes of its first word and of the semicolon behind it. */
  readonly first: number;
  readonly end: number;
}

/** `INSERT INTO app.t (name) VALUES (x)` where a CHECK of the table says what a name can be. */
export function* checkedInserts(words: readonly string[], isVariable: IsVariable, isChecked: (table: string, column: string) => boolean): Iterable<CheckedInsert> {
  for (let first = words.indexOf('insert'); first >= 0; first = words.indexOf('insert', first + 1)) {
    if (words[first + 1] !== 'into' || (first > 0 && !startsStatement.has(words[first - 1]!))) continue;
    const end = words.indexOf(';', first);
    let open = first + 2;
    while (words[open + 1] === '.') open += 2;
    const table = words[open++]!;
    const close = words[open] === '(' && end > 0 ? closingOf(words, open, end) : end;
    const values = words[close + 1] === 'overriding' ? close + 4 : close + 1;
    if (close >= end || words[values] !== 'values') continue;
    const columns = itemsIn(words, open, close);
    const asked = columns.map(([column, last]) => last === column + 1 && isChecked(table, words[column]!));
    if (!asked.includes(true) || isSkipped(words, values, end)) continue;
    const names = rowsIn(words, values + 1, end).flatMap((row) => row.flatMap(([from, last], index) => (asked[index] ? valueAt(words, from, last, isVariable) : [])));
    if (names.length > 0) yield { names: [...new Set(names)], first, end };
  }
}

/** Nothing tells whether a row was stored. */
function isSkipped(words: readonly string[], from: number, end: number): boolean {
  const nothing = indexOf(words, 'nothing', from, end);
  return nothing > 0 && words[nothing - 1] === 'do';
}

type Item = readonly [from: number, end: number];

/** `(a, b), (c, d)` */
function rowsIn(words: readonly string[], from: number, end: number): (readonly Item[])[] {
  const rows: (readonly Item[])[] = [];
  for (let open = from; words[open] === '(' && open < end && rows.length < mostRows;) {
    const close = closingOf(words, open, end);
    rows.push(itemsIn(words, open, close));
    open = close + 2;
  }
  return rows;
}

/** The others look like these. */
const mostRows = 100;

/** What stands between the commas of a list in parentheses. */
function itemsIn(words: readonly string[], open: number, close: number): Item[] {
  const items: Item[] = [];
  for (let at = open + 1, start = at, depth = 0; at <= close; at++) {
    const word = words[at]!;
    if (at === close || (word === ',' && depth === 0)) {
      items.push([start, at]);
      start = at + 1;
    } else if (word === '(' || word === '[') depth++;
    else if (word === ')' || word === ']') depth--;
  }
  return items;
}

/** `x`, `lower(x)`, `x::text` */
function valueAt(words: readonly string[], from: number, end: number, isVariable: IsVariable): readonly string[] {
  const written = words.slice(from, Math.min(end, from + longestValue)).join(' ').replace(/ :: (text|varchar|character varying|citext)$/, '');
  const name = /^(?:(?:lower|upper|trim|btrim) \( )?([\w$]+(?: \. [\w$]+)?)(?: \))?$/.exec(written)?.[1]?.replaceAll(' ', '');
  return name !== undefined && isVariable(name) && /^([a-z_]|\$\d)/.test(name) ? [name] : [];
}

/** In words. */
const longestValue = 12;

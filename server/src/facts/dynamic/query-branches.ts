import type { Token } from '../../syntax/sql/lexer.ts';
import { closing } from '../sql/tokens.ts';

/** A part of a query, from its first token to before the one behind it, by their indexes. */
export interface Branch {
  readonly from: number;
  readonly end: number;
}

/** What gives rows beside the first SELECT or the first row: `SELECT a UNION ALL SELECT b`, `VALUES (a), (b)`. No more than a few are of interest. */
export function otherBranches(tokens: readonly Token[], words: readonly string[], text: string): Branch[] {
  if (words[0] === 'values') return otherRows(tokens, words, text);
  return words.includes('union') ? otherSelects(words) : [];
}

const mostBranches = 30;

function otherRows(tokens: readonly Token[], words: readonly string[], text: string): Branch[] {
  const rows: Branch[] = [];
  for (let open = 1; words[open] === '(' && rows.length <= mostBranches;) {
    const close = closing(tokens, open, text);
    rows.push({ from: open + 1, end: close });
    open = words[close + 1] === ',' ? close + 2 : words.length;
  }
  return rows.slice(1);
}

function otherSelects(words: readonly string[]): Branch[] {
  const found: Branch[] = [];
  let depth = 0;
  let from: number | undefined;
  const close = (end: number): void => {
    if (from !== undefined && from < end && found.length < mostBranches) found.push({ from, end });
    from = undefined;
  };
  for (let at = 0; at < words.length; at++) {
    const word = words[at]!;
    if (word === '(') depth++;
    else if (word === ')') depth--;
    if (depth !== 0 || !/^(union|except|intersect)$/.test(word)) continue;
    close(at);
    // What EXCEPT and INTERSECT name gives no value of its own.
    if (word === 'union') from = /^(all|distinct)$/.test(words[at + 1] ?? '') ? at + 2 : at + 1;
  }
  close(words.length);
  return found;
}

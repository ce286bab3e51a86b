import { findOutside, partsOf } from './word-ranges.ts';

/** One SELECT of a query in WITH RECURSIVE. */
export interface Member {
  /** Of what it selects, the text. */
  readonly items: readonly string[];
  /** The names of the columns that the query has. */
  readonly columns: readonly string[];
  /** What the query is called, its own name first. */
  readonly called: readonly string[];
}

/**
 * `WITH RECURSIVE d (name, depth) AS (SELECT x, 0 UNION SELECT c.relname, d.depth + 1 FROM …) SELECT name FROM d WHERE depth > 0`:
 * the row that the first SELECT gives does not come out, and the others take no name from it. The query stands from `open` to `close`.
 */
export function isLeftOut(first: Member, others: readonly Member[], words: readonly string[], open: number, close: number): boolean {
  const [name] = first.called;
  const uses = words.flatMap((word, at) => (word === name && (at < open || at > close) && /^(from|join|,)$/.test(words[at - 1] ?? '') ? [at] : []));
  const [use, ...more] = uses;
  if (use === undefined || more.length > 0 || words[use - 1] !== 'from' || others.length === 0) return false;
  const where = [use + 1, use + 2, use + 3].find((at) => words[at] === 'where');
  if (where === undefined || words.slice(use, where).includes(',')) return false;
  const end = endOfCondition(words, where + 1);
  if (findOutside(words, where, end, new Set(['or'])) >= 0) return false;
  return partsOf(words, where + 1, end, 'and').some(([from, to]) => {
    const [, column, operator, number] = /^(?:\w+ \. )?(\w+) (>|>=|<>|!=) (\d+)$/.exec(words.slice(from, to).join(' ')) ?? [];
    const value = first.items[first.columns.indexOf(column ?? '')];
    if (value === undefined || !/^\d+$/.test(value)) return false;
    const leaves = operator === '>' ? Number(number) >= Number(value) : operator === '>=' ? Number(number) > Number(value) : number === value;
    return leaves && others.every((other) => other.items.every((item) => !reads(item, first, column!)));
  });
}

function endOfCondition(words: readonly string[], from: number): number {
  let depth = 0;
  for (let at = from; at < words.length; at++) {
    if (words[at] === '(') depth++;
    else if (words[at] === ')' && depth-- === 0) return at;
    if (depth === 0 && /^(group|order|limit|offset|fetch|for|union|except|intersect|having|;|loop)$/.test(words[at]!)) return at;
  }
  return words.length;
}

/** Anything of the query itself but the column that counts. */
function reads(item: string, { columns, called }: Member, counts: string): boolean {
  const names = item.toLowerCase().replace(new RegExp(`^(?:\\w+\\s*\\.\\s*)?${counts}\\s*\\+\\s*\\d+$`), '').match(/(?<![.\w])[a-z_]\w*/g) ?? [];
  return item.includes('"') || names.some((name) => columns.includes(name) || called.includes(name));
}

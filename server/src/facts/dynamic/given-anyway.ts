import { closingOf } from './word-ranges.ts';

/**
 * `SELECT x || count(*) INTO v …`, `SELECT x, max(a) INTO v, w …`: beside an aggregate there is a row whatever the query finds, and `target` gets something else than
 * NULL. From the index `start` up to `end`, that of its semicolon.
 */
export function isGivenAnyway(words: readonly string[], start: number, end: number, into: readonly string[], target: string): boolean {
  const items = itemsOf(words, start, end);
  if (!items.some(([from, to]) => aggregatesIn(words, from, to).length > 0)) return false;
  const [from, to] = items[into.indexOf(target)] ?? items[0]!;
  const aggregates = aggregatesIn(words, from, to);
  if (aggregates.length === 0 || aggregates.some(([at]) => words[at] === 'count')) return true;
  for (let at = from; at < to; at++) if (bearsNull.test(words[at]!) && !aggregates.some(([first, last]) => first < at && at < last)) return true;
  return false;
}

type Stretch = readonly [from: number, end: number];

/** The select list of a query that groups nothing, item by item. */
function itemsOf(words: readonly string[], start: number, end: number): readonly Stretch[] {
  let depth = 0;
  let from = -1;
  const items: Stretch[] = [];
  for (let at = start; at < end; at++) {
    const word = words[at]!;
    if (word === '(' || word === '[') depth++;
    else if (word === ')' || word === ']') depth--;
    if (depth > 0) continue;
    if (word === 'select' && from < 0) from = at + 1;
    else if (word === 'group') return [];
    else if (from >= 0 && word === ',') {
      items.push([from, at]);
      from = at + 1;
    } else if (from >= 0 && (word === 'into' || word === 'from')) {
      if (at > from) items.push([from, at]);
      // `SELECT INTO a, b x, y FROM …`
      from = word === 'into' && items.length === 0 ? behindTargets(words, at, end) : end;
      at = Math.max(at, from - 1);
    }
  }
  return items;
}

function behindTargets(words: readonly string[], into: number, end: number): number {
  let at = words[into + 1] === 'strict' ? into + 3 : into + 2;
  for (; words[at] === ',' && at < end; at += 2);
  return at;
}

/** Those that stand in no other one. */
function aggregatesIn(words: readonly string[], from: number, to: number): readonly Stretch[] {
  const found: Stretch[] = [];
  for (let at = from; at < to; at++) {
    if (words[at + 1] !== '(' || !isAggregate(words[at]!)) continue;
    const close = closingOf(words, at + 1, to);
    found.push([at, close]);
    at = close;
  }
  return found;
}

export function isAggregate(word: string): boolean {
  return /^(?:count|max|min|sum|avg|bool_or|bool_and|every|(?:string|array|xml|jsonb?(?:_object)?)_?agg)$/.test(word);
}

const bearsNull = /^(?:coalesce|case|concat|concat_ws|format|num_nulls)$/;

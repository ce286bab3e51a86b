import { catalogName } from './catalog-names.ts';
import type { Derived } from './queries.ts';
import type { Origin } from './scope.ts';

/**
 * `FROM given g JOIN pg_attribute a ON a.attname = g.name`: nobody can choose the column of the sub-select more freely than the other one.
 * Only where all conditions have to hold, and no row comes without a partner.
 */
export function withLikened(derived: readonly Derived[], words: readonly string[]): readonly Derived[] {
  if (!derived.some(({ name, table }) => name !== '*' && table === undefined) || words.some((word, index) => spoils.test(word) && !isCall(word, words[index + 1]))) return derived;
  const likened = new Map<Derived, Origin>();
  let clause = '';
  /** By open parenthesis: whether what stands in it must not hold. */
  const denied: boolean[] = [];
  for (const [index, word] of words.entries()) {
    if (word === '(') denied.push(denied.at(-1) === true || words[index - 1] === 'not' || words[index - 2] === 'not');
    else if (word === ')') denied.pop();
    if (denied.at(-1)) continue;
    const depth = denied.length;
    if (clauses.test(word)) clause = word;
    const sought = word === 'in' && depth === 0 ? soughtAt(words, index) : undefined;
    if (sought !== undefined && asks.test(clause)) for (const item of derived) if (item.name === sought.name && (sought.of === undefined || item.called.includes(sought.of))) likened.set(item, sought.origin);
    const named = word === '=' && depth === 0 ? scalarAt(words, index, derived) : undefined;
    if (named !== undefined && asks.test(clause) && begins.test(words.slice(named.first - 2, named.first).join(' '))) {
      const origin = originAt(named.other, derived);
      if (origin !== undefined) likened.set(named.item, origin);
    }
    if (word !== '=' || words[index - 2] !== '.' || words[index + 2] !== '.' || !asks.test(clause) || !begins.test(words.slice(index - 5, index - 3).join(' '))) continue;
    const [left, right] = [[words[index - 3]!, words[index - 1]!], [words[index + 1]!, words[index + 3]!]] as const;
    for (const [one, other] of [[left, right], [right, left]] as const) {
      const origin = originAt(other, derived);
      for (const item of origin === undefined ? [] : derived) if (item.name === one[1] && item.called.includes(one[0])) likened.set(item, origin!);
    }
  }
  return likened.size === 0 ? derived : derived.map((item) => (likened.has(item) ? { ...item, likened: likened.get(item)! } : item));
}

/** `WHERE name IN (SELECT attname FROM pg_attribute)` */
function soughtAt(words: readonly string[], at: number): { readonly name: string; readonly of: string | undefined; readonly origin: Origin } | undefined {
  const dotted = words[at - 2] === '.';
  if (words[at + 1] !== '(' || words[at + 2] !== 'select' || !begins.test(words.slice(at - (dotted ? 5 : 3), at - (dotted ? 3 : 1)).join(' '))) return undefined;
  const from = words.indexOf('from', at);
  const table = words[from + 1] ?? '(';
  return from < 0 || table === '(' || words[from + 2] === '(' ? undefined : { name: words[at - 1]!, of: dotted ? words[at - 3] : undefined, origin: catalogName.test(table) ? 'catalog' : 'fetched' };
}

/** `FROM unnest(list) c JOIN pg_attribute a ON a.attname = c`: the name of what a call gives stands alone. */
function scalarAt(words: readonly string[], at: number, derived: readonly Derived[]): { readonly item: Derived; readonly other: readonly [string, string]; readonly first: number } | undefined {
  const [left, right] = [words[at - 2] === '.', words[at + 2] === '.'];
  if (left === right) return undefined;
  const alone = left ? words[at + 1]! : words[at - 1]!;
  const item = derived.find(({ name, called, table }) => name === alone && table === undefined && called.includes(alone));
  const other = left ? [words[at - 3]!, words[at - 1]!] as const : [words[at + 1]!, words[at + 3]!] as const;
  return item && { item, other, first: left ? at - 3 : at - 1 };
}

const spoils = /^(or|left|right|full|union|except|intersect)$/;
const clauses = /^(select|from|join|on|where|group|order|having|case|when|then|else|returning|set|values)$/;
const asks = /^(on|where)$/;
/** The words before the comparison. */
const begins = /(?:^| )(?:on|where|and)(?: \()?$/;

/** `left(name, 2)` */
function isCall(word: string, next: string | undefined): boolean {
  return next === '(' && /^(left|right)$/.test(word);
}

function originAt([source, column]: readonly [string, string], derived: readonly Derived[]): Origin | undefined {
  const named = derived.filter(({ called }) => called.includes(source));
  const own = named.filter(({ name }) => name === column);
  if (own.length > 0) return own.every(({ catalog }) => catalog) ? 'catalog' : undefined;
  return named.length !== 1 || named[0]!.name !== '*' ? undefined : named[0]!.catalog ? 'catalog' : 'fetched';
}

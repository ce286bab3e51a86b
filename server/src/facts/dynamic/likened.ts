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
  for (const [index, word] of words.entries()) {
    if (clauses.test(word)) clause = word;
    if (word !== '=' || words[index - 2] !== '.' || words[index + 2] !== '.' || !asks.test(clause) || !begins.test(words.slice(index - 5, index - 3).join(' '))) continue;
    const [left, right] = [[words[index - 3]!, words[index - 1]!], [words[index + 1]!, words[index + 3]!]] as const;
    for (const [one, other] of [[left, right], [right, left]] as const) {
      const origin = originAt(other, derived);
      for (const item of origin === undefined ? [] : derived) if (item.name === one[1] && item.called.includes(one[0])) likened.set(item, origin!);
    }
  }
  return likened.size === 0 ? derived : derived.map((item) => (likened.has(item) ? { ...item, likened: likened.get(item)! } : item));
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

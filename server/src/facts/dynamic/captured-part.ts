import type { Expression } from '../../syntax/sql/expression.ts';
import { alphabetOf } from './safe-pattern.ts';

type Call = Extract<Expression, { kind: 'call' }>;

/** `regexp_matches(x, '(\w+)\s+serial')`, `substring(x FROM '^(<|>)')`: what a pattern finds in a text, when that can be no more than a word or what the pattern lists. */
export function givesWord({ name, args: [, pattern, ...others] }: Call): boolean {
  if (!takesPart.has(name) || pattern?.kind !== 'literal' || others.some(({ kind }) => kind !== 'literal')) return false;
  const groups = groupsOf(pattern.value);
  const parts = groups === undefined || groups.length > 0 ? groups : [pattern.value.replace(/^(?:\^|\\[mAy])/, '').replace(/(?:(?<!\\)\$|\\[MZy])$/, '')];
  return parts !== undefined && parts.every((part) => part.split('|').every((one) => constant.test(one)) || alphabetOf(`^(${part})$`) === 'word');
}

/** Without signs that mean something in a pattern. */
const constant = /^[^\\.*+?()[\]{}^$|]*$/;

const takesPart = new Set(['substring', 'regexp_substr', 'regexp_match', 'regexp_matches']);

/** What stands in the parentheses; undefined when some stand in others, or nobody can tell. */
function groupsOf(pattern: string): readonly string[] | undefined {
  const plain = pattern.replace(/\\./g, '__').replace(/\[[^\]]*\]/g, (bracket) => '_'.repeat(bracket.length));
  const groups: string[] = [];
  let start = -1;
  for (let at = 0; at < plain.length; at++) {
    if (plain[at] === '(') {
      if (start >= 0 || plain[at + 1] === '?') return undefined;
      start = at + 1;
    } else if (plain[at] === ')') {
      if (start < 0) return undefined;
      groups.push(pattern.slice(start, at));
      start = -1;
    }
  }
  return start < 0 ? groups : undefined;
}

import type { Token } from '../../syntax/sql/lexer.ts';
import type { Conditions, Left } from './conditions.ts';
import { literal, whenTold } from './conditions.ts';
import type { Guard } from './guards.ts';

/** `CASE WHEN x IN ('a', 'b') THEN x ELSE 'a' END`: what the arms of an expression know of what they give. */
export function* guardsOfCases(tokens: readonly Token[], words: readonly string[], startsStatement: ReadonlySet<string>, readers: readonly Conditions[]): Iterable<Guard> {
  for (let at = words.indexOf('case'); at >= 0; at = words.indexOf('case', at + 1)) {
    const before = words[at - 1] ?? ';';
    if (before !== 'end' && !startsStatement.has(before)) yield* guardsOfCase(at, tokens, words, readers);
  }
}

function* guardsOfCase(start: number, tokens: readonly Token[], words: readonly string[], readers: readonly Conditions[]): Iterable<Guard> {
  const parts = partsOf(start, words);
  const subject = parts[0] !== undefined && words[parts[0]] === 'when' && parts[0] === start + 2 ? words[start + 1] : undefined;
  if (parts[0] !== start + 1 && subject === undefined) return;
  const others: (readonly [name: string, leaves: Left])[] = [];
  for (const [place, part] of parts.entries()) {
    const next = parts[place + 1];
    if (next === undefined) return;
    const result = { start: tokens[words[part] === 'when' ? next : part]!.end, end: tokens[words[part] === 'when' ? parts[place + 2] ?? next : next]!.start };
    if (words[part] === 'else') yield* others.map(([name, leaves]) => ({ name, leaves, ...result }));
    if (words[part] !== 'when' || words[next] !== 'then') continue;
    const isListed = words[part + 1] === literal && next === part + 2;
    const says = subject === undefined ? readers.map((reader) => reader.conclude(part + 1, next)) : [whenTold(isListed ? [[subject, 'listed']] : [], true)];
    yield* [...says.flatMap(({ holds }) => holds), ...others].map(([name, leaves]) => ({ name, leaves, ...result }));
    others.push(...says.flatMap(({ fails }) => fails));
  }
}

/** The indexes of WHEN, THEN, ELSE and END that belong to this CASE. */
function partsOf(start: number, words: readonly string[]): number[] {
  const parts: number[] = [];
  let depth = 0;
  for (let at = start + 1; at < words.length && at < start + mostWords; at++) {
    const word = words[at]!;
    if (word === ';') return [];
    if (word === 'case') depth++;
    else if (word === 'end' && depth-- === 0) return [...parts, at];
    else if (depth === 0 && /^(when|then|else)$/.test(word)) parts.push(at);
  }
  return [];
}

const mostWords = 500;

import type { Token } from '../../syntax/sql/lexer.ts';
import type { IsVariable } from './lookups.ts';
import { equalsBehind, variablesBetween } from './questions.ts';
import { argumentsAt } from './refusals.ts';
import { startsStatement } from './word-ranges.ts';

/** What the workspace's functions do with what they are given, by the places of their parameters. */
export interface Refusing {
  /** They fail for some of it, so that nothing behind the call runs. */
  readonly refuses: ReadonlyMap<string, readonly number[]>;
  /** Their queries look for it. */
  readonly seeks: ReadonlyMap<string, readonly number[]>;
  /** They give NULL unless they find it. */
  readonly finds: ReadonlyMap<string, readonly number[]>;
}

/** A statement that calls a function which asks about variables. */
export interface RefusingCall {
  readonly names: readonly string[];
  /** Of the statement, or of the condition up to THEN; an offset. What is put together there is not used before all of it is there. */
  readonly start: number;
  /** The index of its first word. */
  readonly first: number;
  /** The offset behind LOOP, when it only decides whether the loop runs. */
  readonly inside: number | undefined;
}

/** `PERFORM app.columns_of(x)`, `v := app.columns_of(x)`, `FOR r IN SELECT * FROM app.columns_of(x) LOOP` */
export function* refusingCalls(tokens: readonly Token[], words: readonly string[], { refuses, seeks }: Pick<Refusing, 'refuses' | 'seeks'>, isVariable: IsVariable): Iterable<RefusingCall> {
  if (refuses.size + seeks.size === 0) return;
  for (let at = 0; at < words.length; at++) {
    const name = words[at]!;
    if (words[at + 1] !== '(' || !(refuses.has(name) || seeks.has(name))) continue;
    let first = at;
    while (first > 0 && at - first < longestStatement && !startsStatement.has(words[first - 1]!)) first--;
    let end = at;
    while (end < words.length && end - first < longestStatement && !endsStatement.has(words[end]!)) end++;
    if (end - first >= longestStatement || !isSurelyRun(words, first, at, end)) continue;
    const start = tokens[first]!.start;
    const names = given(refuses.get(name), words, at, end, isVariable);
    if (names.length > 0) yield { names, start, first, inside: undefined };
    const sought = loops.test(words[first]!) && words[end] === 'loop' ? given(seeks.get(name), words, at, end, isVariable) : [];
    // FOREACH fails without an array.
    if (sought.length > 0) yield { names: sought, start, first, inside: words[first] === 'for' ? tokens[end]!.end : undefined };
  }
}

/** The variables that stand at these places by themselves. */
export function given(places: readonly number[] | undefined, words: readonly string[], at: number, end: number, isVariable: IsVariable): readonly string[] {
  return places === undefined ? [] : argumentsAt(places, words, at + 1, end).flatMap(([from, to]) => {
    const inside = variablesBetween(words, from, to, isVariable);
    return inside.length === 1 ? inside : [];
  });
}

/** In words. */
const longestStatement = 200;
const endsStatement = new Set([';', 'then', 'loop']);

/** Nothing before it decides whether it runs; as a column it runs for every row, and there may be none. */
function isSurelyRun(words: readonly string[], first: number, at: number, end: number): boolean {
  // Anything else is the middle of an expression.
  if (!begins.test(words[first]!) && equalsBehind(words, first) < 0) return false;
  let name = at;
  while (words[name - 1] === '.') name -= 2;
  if (words.slice(first, at).some((word) => mayStop.has(word))) return false;
  const from = words.slice(first, end).indexOf('from');
  return from < 0 || words[name - 1] === 'from';
}

const loops = /^for(each)?$/;
const begins = /^(perform|select|call|if|for|foreach|execute|open|insert|update|delete)$/;

const mayStop = new Set(['case', 'and', 'or', 'coalesce', 'nullif', 'where', 'on', 'elsif', 'elseif', 'while', 'exists', 'any', 'all', 'union']);

import type { Token } from '../../syntax/sql/lexer.ts';
import { decodeLiteral, tokenText } from '../../syntax/sql/lexer.ts';
import type { Span } from '../../text.ts';
import type { IsVariable, Lookup } from './lookups.ts';
import { comparedIn, readLookups } from './lookups.ts';
import type { Region, Regions } from './regions.ts';
import type { Alphabet } from './safe-pattern.ts';
import { alphabetOf, alphabetWithout } from './safe-pattern.ts';
import type { Words } from '../sql/tokens.ts';
import type { Write } from './writes.ts';

/** A stretch of the body in which a check leaves little of a variable. */
export interface Guard extends Span {
  readonly name: string;
  readonly leaves: Left;
}

/**
 * What a check leaves: words of a list, the letters of a pattern, a name that to_regclass() accepts (quoted as it has to be),
 * or the name of something that exists or that a table holds, which may hold any character.
 */
export type Left = 'listed' | Alphabet | 'object' | 'existing' | 'stored';

/** Every check that all ways into its stretch have passed, by the variable. */
export function readGuards(
  { tokens, words: written }: Words, text: string, regions: Regions, writes: readonly Write[], isVariable: IsVariable,
): ReadonlyMap<string, readonly Guard[]> {
  const guards = new Map<string, Guard[]>();
  const words = tokens.map((token, index) => (token.kind === 'string' ? literal : written[index]!));
  const spoilers = spoilersOf(tokens, words, writes);
  const lookups = readLookups(words, isVariable);
  const reader = new ConditionReader(tokens, words, text, lookups, spoilers, regions, isVariable);
  const add = (guard: Guard): void => {
    const known = guards.get(guard.name) ?? [];
    guards.set(guard.name, known);
    const end = endOfGuard(guard, spoilers, regions);
    if (known.length < mostGuards && end > guard.start) known.push({ ...guard, end });
  };
  for (const { compared, strict, always, start: first, end, loop } of lookups) {
    const start = tokens[end]!.end;
    // What the query itself makes of the value, it makes of a row that holds it.
    const whole = { start: tokens[first]!.start, end: loop ? regions.at(start)?.end ?? start : start };
    if (always !== 'other') for (const { name, leaves } of compared) add({ name, leaves, ...whole });
    for (const { name, leaves } of compared) if (leaves === 'object' || (strict && always === undefined)) add({ name, leaves, start, end: endOfStretch(regions.at(start)) });
  }
  const ends = endsOfIfs(words);
  for (const { name, at } of castsToObject(writes, text)) add({ name, leaves: 'object', start: at, end: endOfStretch(regions.at(at)) });
  for (let index = 0; index < words.length; index++) {
    const word = words[index]!;
    if (!checks.has(word)) continue;
    const starts = index === 0 || word.startsWith('els') || words[index - 1] === 'declare' || startsStatement.has(words[index - 1]!);
    if (!starts) continue;
    if (guards.size > mostNames) break;
    for (const guard of word === 'case' ? ofCase(index, tokens, words, regions) : ofIf(index, reader, tokens, words, ends, regions)) {
      add(guard);
      const list = listOfElement(guard, tokens, words, regions, spoilers);
      if (list) add(list);
    }
  }
  return guards;
}

const checks = new Set(['if', 'elsif', 'elseif', 'case']);
const startsStatement = new Set([';', 'then', 'else', 'begin', 'loop', '>>']);

/** `FOREACH x IN ARRAY a LOOP IF x NOT IN (…) THEN RAISE …` says as much of a, behind the loop. */
function listOfElement(
  { name, leaves, start, end }: Guard, tokens: readonly Token[], words: readonly string[], regions: Regions, { writes }: Spoilers,
): Guard | undefined {
  const loop = regions.at(start);
  if (loop?.kind !== 'loop' || end < loop.end) return undefined;
  const first = firstFrom(tokens, loop.start);
  const header = words.slice(Math.max(0, first - 6), first);
  const [list] = header.slice(-2);
  if (header.slice(0, 4).join(' ') !== `foreach ${name} in array` || !/^[a-z_]\w*$/.test(list ?? '')) return undefined;
  const inside = words.slice(first, firstFrom(tokens, loop.end));
  const grows = (writes.get(list!) ?? []).some(({ at }) => at > loop.start && at < loop.end);
  return grows || inside.some((word) => /^(exit|continue)$/.test(word)) ? undefined : { name: list!, leaves, start: loop.end, end: endOfStretch(loop.parent) };
}

/** The index of the first token that begins at `offset` or behind it; -1 when there is none, as slice() takes it. */
function firstFrom(tokens: readonly Token[], offset: number): number {
  let low = 0;
  let high = tokens.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (tokens[middle]!.start < offset) low = middle + 1;
    else high = middle;
  }
  return low < tokens.length ? low : -1;
}

/** `t := x::regclass` fails unless x names a relation. */
function castsToObject(writes: readonly Write[], text: string): { name: string; at: number }[] {
  if (!/regclass/i.test(text)) return [];
  return writes.flatMap(({ value, at, kind }) => {
    if (value === undefined || kind !== 'set') return [];
    const name = /^(?:cast\s*\(\s*)?([a-z_][\w$]*|\$\d+)(?:\s*::\s*regclass|\s+as\s+regclass\s*\))(?:\s*::\s*(?:oid|text))?$/i.exec(text.slice(value.start, Math.min(value.end, value.start + 200)))?.[1];
    return name === undefined ? [] : [{ name: name.toLowerCase(), at }];
  });
}

const literal = "'";
const mostNames = 200;
/** Of one variable. */
const mostGuards = 50;

function* ofIf(
  index: number, reader: ConditionReader, tokens: readonly Token[], words: readonly string[], ends: ReadonlyMap<number, number>, regions: Regions,
): Iterable<Guard> {
  const then = thenOf(words, index + 1);
  if (then < 0) return;
  const branch = regions.at(tokens[then]!.end);
  if (branch?.kind !== 'branch' || branch.start !== tokens[then]!.end) return;
  for (const [name, leaves] of reader.whenTrue(index + 1, then)) yield { name, leaves, start: branch.start, end: branch.end };
  for (const [name, leaves] of reader.whenFalse(index + 1, then)) {
    // The other branches of the same IF come to run only when the condition does not hold.
    const last = ends.get(index) ?? words.length;
    yield { name, leaves, start: branch.end, end: tokens[last]?.start ?? branch.end };
    const around = branch.parent;
    if (last < words.length && words[index] === 'if' && leavesOrReplaces(name, then, tokens, words, branch)) {
      yield { name, leaves, start: tokens[last]!.end, end: endOfStretch(around) };
    }
  }
}

/** `CASE x WHEN 'a' THEN …` */
function* ofCase(index: number, tokens: readonly Token[], words: readonly string[], regions: Regions): Iterable<Guard> {
  const name = words[index + 1]!;
  if (words[index + 2] !== 'when') return;
  for (let at = index + 2; words[at] === 'when';) {
    const then = thenOf(words, at + 1);
    const branch = then < 0 ? undefined : regions.at(tokens[then]!.end);
    if (branch === undefined || !words.slice(at + 1, then).every((word) => word === literal || word === ',')) return;
    yield { name, leaves: 'listed', start: branch.start, end: branch.end };
    at = firstFrom(tokens, branch.end);
  }
}

/** In words. Where THEN is missing, the next one may stand at the end of the body. */
const longestCondition = 2_000;

function thenOf(words: readonly string[], from: number): number {
  let cases = 0;
  const end = Math.min(words.length, from + longestCondition);
  for (let at = from; at < end && words[at] !== ';'; at++) {
    if (words[at] === 'case') cases++;
    else if (words[at] === 'end') cases--;
    else if (words[at] === 'then' && cases === 0) return at;
  }
  return -1;
}

/** The index of the IF in END IF, by that of IF, ELSIF and ELSEIF. */
function endsOfIfs(words: readonly string[]): ReadonlyMap<number, number> {
  const ends = new Map<number, number>();
  const open: number[][] = [];
  for (let at = 0; at < words.length; at++) {
    const word = words[at];
    if (word === 'elsif' || word === 'elseif') open.at(-1)?.push(at);
    if (word !== 'if') continue;
    if (words[at - 1] === 'end') for (const one of open.pop() ?? []) ends.set(one, at);
    else if (at === 0 || words[at - 1] === 'declare' || startsStatement.has(words[at - 1]!)) open.push([at]);
  }
  return ends;
}

/** Nothing runs on behind the branch, or the variable holds a constant then. */
function leavesOrReplaces(name: string, then: number, tokens: readonly Token[], words: readonly string[], branch: Region): boolean {
  const end = firstFrom(tokens, branch.end);
  const inside = words.slice(then + 1, end < 0 ? undefined : end);
  if (inside.length === 4 && inside[0] === name && /^(:=|=)$/.test(inside[1]!) && inside[2] === literal) return true;
  const last = inside.lastIndexOf(';', inside.length - 2) + 1;
  if (inside[last] === 'return') return !/^(next|query)$/.test(inside[last + 1] ?? '');
  if (inside[last] === 'continue' || inside[last] === 'exit') return !inside.slice(last).includes('when');
  return inside[last] === 'raise' && !/^(notice|info|log|debug|warning)$/.test(inside[last + 1] ?? '');
}

/** A block that catches nothing hands on what it has checked. */
function endOfStretch(region: Region | undefined): number {
  let at = region;
  while (at?.kind === 'block' && !at.caught) at = at.parent;
  return at?.end ?? Number.MAX_SAFE_INTEGER;
}

/** Where something else is written, by the variable; a CALL may write to whatever is passed to it. */
interface Spoilers {
  readonly writes: ReadonlyMap<string, readonly Write[]>;
  readonly calls: readonly number[];
}

function spoilersOf(tokens: readonly Token[], words: readonly string[], all: readonly Write[]): Spoilers {
  const writes = new Map<string, Write[]>();
  for (const write of all) {
    const before = writes.get(write.target);
    if (before) before.push(write);
    else writes.set(write.target, [write]);
  }
  return { writes, calls: tokens.filter((_token, index) => words[index] === 'call').map((token) => token.start) };
}

/** A check holds until something is written; in a loop that comes round, a later write spoils it from the start. */
function endOfGuard({ name, start, end }: Guard, { writes, calls }: Spoilers, regions: Regions): number {
  const inside = (writes.get(name) ?? []).filter((write) => write.at > start && write.statement.start < end).map((write) => write.statement.start);
  const first = [...inside, ...calls.filter((at) => at > start && at < end)].reduce((a, b) => Math.min(a, b), end);
  if (first === end) return end;
  const loop = regions.loopAround(first);
  return loop === undefined || loop.start <= start ? first : Math.min(first, loop.start);
}

type Conclusion = readonly [name: string, leaves: Left];

/** Reads conditions by words: what a variable can hold when they are true, and when they are not. */
class ConditionReader {
  readonly #tokens: readonly Token[];
  readonly #words: readonly string[];
  readonly #text: string;
  readonly #lookups: readonly Lookup[];
  readonly #spoilers: Spoilers;
  readonly #regions: Regions;
  readonly #isVariable: IsVariable;

  constructor(
    tokens: readonly Token[], words: readonly string[], text: string, lookups: readonly Lookup[], spoilers: Spoilers, regions: Regions, isVariable: IsVariable,
  ) {
    this.#tokens = tokens;
    this.#words = words;
    this.#text = text;
    this.#lookups = lookups;
    this.#spoilers = spoilers;
    this.#regions = regions;
    this.#isVariable = isVariable;
  }

  /** One operand of AND is enough; of OR each has to say the same. */
  whenTrue(from: number, end: number): Conclusion[] {
    return this.#conclude(from, end, true);
  }

  whenFalse(from: number, end: number): Conclusion[] {
    return this.#conclude(from, end, false);
  }

  #conclude(from: number, end: number, holds: boolean): Conclusion[] {
    const inner = this.#unwrapped(from, end);
    if (inner.negated) return this.#conclude(inner.from, inner.end, !holds);
    if (inner.end < end && inner.from === from) return this.#conclude(inner.from, inner.end, holds);
    const either = this.#parts(inner.from, inner.end, 'or');
    if (either.length > 1) return holds ? this.#agreed(either, holds) : either.flatMap(([a, b]) => this.#conclude(a, b, holds));
    const both = this.#parts(inner.from, inner.end, 'and');
    if (both.length > 1) return holds ? both.flatMap(([a, b]) => this.#conclude(a, b, holds)) : this.#agreed(both.filter(([a, b]) => !this.#isNullCheck(a, b)), holds);
    const found = this.#found(inner.from, inner.end);
    if (found) return found.holds === holds ? found.compared.map(({ name, leaves }): Conclusion => [name, leaves]) : [];
    const one = this.#compare(inner.from, inner.end);
    return one === undefined || one.holds !== holds ? [] : [[one.name, one.leaves]];
  }

  /** All parts speak of one variable. */
  #agreed(parts: readonly (readonly [number, number])[], holds: boolean): Conclusion[] {
    const found = parts.map(([a, b]) => this.#conclude(a, b, holds));
    const names = new Set(found.flat().map(([name]) => name));
    const [name] = names;
    if (name === undefined || names.size !== 1 || !found.every((one) => one.length > 0)) return [];
    return [found.flat().reduce((a, b) => (weight[a[1]] > weight[b[1]] ? a : b))];
  }

  /** `x IS NOT NULL AND …` adds nothing: a NULL is no text. */
  #isNullCheck(from: number, end: number): boolean {
    return this.#words.slice(from + 1, end).join(' ') === 'is not null';
  }

  #unwrapped(from: number, end: number): { from: number; end: number; negated: boolean } {
    const words = this.#words;
    while (words[from] === '(' && this.#closing(from) === end - 1) {
      from++;
      end--;
    }
    const verdict = this.#verdict(from, end);
    if (verdict) return { from, end: verdict.end, negated: verdict.negated };
    const negates = words[from] === 'not' && this.#parts(from, end, 'or').length === 1 && this.#parts(from, end, 'and').length === 1;
    return negates && words[from + 1] !== 'exists' ? { from: from + 1, end, negated: true } : { from, end, negated: false };
  }

  /** `(…) IS FALSE`; a NULL has come from a NULL, which is no text. */
  #verdict(from: number, end: number): { end: number; negated: boolean } | undefined {
    const words = this.#words;
    if (!/^(true|false)$/.test(words[end - 1] ?? '')) return undefined;
    const length = words[end - 2] === '=' ? 2 : words[end - 2] === 'is' ? 2 : words.slice(end - 3, end - 1).join(' ') === 'is not' ? 3 : 0;
    const last = end - length - 1;
    if (length === 0 || words[last] !== ')' || this.#parts(from, end, 'or').length > 1 || this.#parts(from, end, 'and').length > 1) return undefined;
    return { end: last + 1, negated: (words[end - 1] === 'false') !== (length === 3) };
  }

  #closing(open: number): number {
    let depth = 0;
    for (let at = open; at < this.#words.length; at++) {
      if (/^[([]$/.test(this.#words[at]!)) depth++;
      else if (/^[)\]]$/.test(this.#words[at]!) && --depth === 0) return at;
    }
    return -1;
  }

  #parts(from: number, end: number, word: 'and' | 'or'): (readonly [number, number])[] {
    const parts: (readonly [number, number])[] = [];
    let depth = 0;
    let start = from;
    for (let at = from; at < end; at++) {
      const here = this.#words[at]!;
      if (/^[([]$/.test(here)) depth++;
      else if (/^[)\]]$/.test(here)) depth--;
      else if (depth === 0 && here === word) {
        parts.push([start, at]);
        start = at + 1;
      }
    }
    return [...parts, [start, end]];
  }

  /** One comparison, and whether it leaves little of the variable when it holds or when it does not. */
  #compare(from: number, end: number): { name: string; leaves: Left; holds: boolean } | undefined {
    const existing = this.#registered(from, end);
    if (existing) return existing;
    const left = this.#operand(from);
    if (left === undefined) return undefined;
    const { name } = left;
    const rest = this.#words.slice(left.end, end);
    const text = rest.join(' ');
    if (/^(not )?in \( '( , ')* \)$/.test(text)) return { name, leaves: 'listed', holds: rest[0] === 'in' };
    if (/^= any \( (array \[ '( , ')* \]|')(( :: \w+)? \[ \])? \)$/.test(text)) return { name, leaves: 'listed', holds: true };
    if (/^(<>|!=) all \( (array \[ '( , ')* \]|')(( :: \w+)? \[ \])? \)$/.test(text)) return { name, leaves: 'listed', holds: false };
    if (/^(=|<>|!=) '$/.test(text)) return { name, leaves: 'listed', holds: rest[0] === '=' };
    if (/^!?~\*? '$/.test(text)) return this.#pattern(name, left.end, rest[0]!.startsWith('!'));
    if (/^(not )?similar to '$/.test(text)) return this.#similar(name, end - 1, rest[0] === 'not');
    if (/^(=|<>|!=) quote_ident \( [\w$.]+ \)$/.test(text) && rest[3] === name) return { name, leaves: 'word', holds: rest[0] === '=' };
    const list = /^(?:= any|(?:<>|!=) all) \( ([a-z_][\w$]*) \)$/.exec(text)?.[1];
    if (list !== undefined && this.#holdsWords(list, from)) return { name, leaves: 'listed', holds: rest[0] === '=' };
    return undefined;
  }

  #pattern(name: string, operator: number, negated: boolean): { name: string; leaves: Left; holds: boolean } | undefined {
    const pattern = decodeLiteral(tokenText(this.#tokens[operator + 1]!, this.#text));
    const whole = alphabetOf(pattern);
    if (whole !== undefined) return { name, leaves: whole, holds: !negated };
    const without = alphabetWithout(pattern);
    return without && { name, leaves: without, holds: negated };
  }

  /** SIMILAR TO speaks of the whole value; `%` and `_` stand for anything. */
  #similar(name: string, at: number, negated: boolean): { name: string; leaves: Left; holds: boolean } | undefined {
    const pattern = decodeLiteral(tokenText(this.#tokens[at]!, this.#text));
    const leaves = /[%_\\]/.test(pattern.replace(/\[[^\]]*\]/g, '')) ? undefined : alphabetOf(`^(${pattern})$`);
    return leaves && { name, leaves, holds: !negated };
  }

  /** A variable that gets a list of constants and nothing else. */
  #holdsWords(list: string, at: number): boolean {
    const writes = this.#spoilers.writes.get(list) ?? [];
    const [only] = writes;
    if (writes.length !== 1 || only!.value === undefined || only!.at > this.#tokens[at]!.start) return false;
    const { start, end } = only!.value;
    const words = this.#tokens.flatMap((token, index) => (token.start >= start && token.end <= end ? [this.#words[index]!] : [])).join(' ');
    return /^(array \[ '( , ')* \]|')( :: \w+ \[ \])?$/.test(words);
  }

  /** A name, possibly in a function that changes its case or takes blanks away, or behind a cast to text. */
  #operand(at: number): { name: string; end: number } | undefined {
    const words = this.#words;
    let end: number;
    let name: string;
    if (/^(lower|upper|trim|btrim)$/.test(words[at] ?? '') && words[at + 1] === '(' && words[at + 3] === ')') {
      name = words[at + 2]!;
      end = at + 4;
    } else if (words[at] === 'coalesce' && words[at + 1] === '(' && words.slice(at + 3, at + 6).join(' ') === `, ${literal} )`) {
      name = words[at + 2]!;
      end = at + 6;
    } else {
      const token = this.#tokens[at];
      if (token === undefined || !/^(word|identifier|parameter)$/.test(token.kind)) return undefined;
      name = words[at]!;
      end = at + 1;
      for (; words[end] === '.'; end += 2) name += '.' + (words[end + 1] ?? '');
    }
    if (words[end] === '::' && /^(text|varchar)$/.test(words[end + 1] ?? '')) end += 2;
    return { name, end };
  }

  /** `to_regclass(x) IS NULL` */
  #registered(from: number, end: number): { name: string; leaves: Left; holds: boolean } | undefined {
    const words = this.#words.slice(from, end);
    if (!/^to_reg(class|type|namespace|role)$/.test(words[0]!) || words[1] !== '(') return undefined;
    const close = words[3] === ')' ? 3 : words[3] === '::' && /^(text|cstring)$/.test(words[4] ?? '') && words[5] === ')' ? 5 : -1;
    return close < 0 || words[close + 1] !== 'is' ? undefined : { name: words[2]!, leaves: 'object', holds: words[close + 2] === 'not' };
  }

  /** Whether a query has found what it looked for: `EXISTS (SELECT … WHERE relname = x)`, FOUND, what the query has written. */
  #found(from: number, end: number): { compared: Lookup['compared']; holds: boolean } | undefined {
    const words = this.#words.slice(from, end);
    const exists = words[0] === 'not' ? 1 : 0;
    if (words[exists] === 'exists' && this.#closing(from + exists + 1) === end - 1) {
      return { compared: comparedIn(this.#words, from + exists + 2, end - 1, this.#isVariable), holds: exists === 0 };
    }
    const [name, ...test] = words;
    const lookup = this.#lookupBefore(from, name!);
    if (lookup === undefined || lookup.into.indexOf(name!) > 0 && lookup.always !== undefined) return undefined;
    const holds = whenFound(lookup, name === 'found', test.join(' ').replace(/\d+/, (number) => (this.#isZero(number) ? '0' : '1')));
    const offset = this.#tokens[from]!.start;
    const compared = lookup.compared.filter((one) => !this.#isWritten(one.name, this.#tokens[lookup.end]!.start, offset));
    return holds === undefined || compared.length === 0 ? undefined : { compared, holds };
  }

  #isZero(number: string): boolean {
    return Number(number) === 0;
  }

  /** The query whose result is in the variable here, or which FOUND speaks of. */
  #lookupBefore(at: number, name: string): Lookup | undefined {
    const offset = this.#tokens[at]!.start;
    if (name === 'found') {
      const before = this.#words.lastIndexOf(';', at);
      return this.#lookups.find(({ end, always }) => end === before && always === undefined);
    }
    const lookup = this.#lookups.findLast(({ end, into }) => end < at && into.includes(name));
    if (lookup === undefined) return undefined;
    const written = this.#tokens[lookup.end]!.end;
    return this.#isWritten(name, written, offset) || !this.#regions.dominates(written, offset) ? undefined : lookup;
  }

  #isWritten(name: string, from: number, to: number): boolean {
    return (this.#spoilers.writes.get(name) ?? []).some(({ at }) => at > from && at <= to);
  }
}

/** Whether a row was there when the test holds, or when it does not. */
function whenFound({ always }: Lookup, found: boolean, test: string): boolean | undefined {
  if (found) return test === '' ? true : undefined;
  if (always === 'exists') return /^((= |is )true)?$/.test(test) ? true : /^(= |is )false$/.test(test) ? false : undefined;
  if (always === 'count') return /^(> 0|>= 1|(<>|!=) 0|= 1)$/.test(test) ? true : /^(= 0|< 1|<= 0|(<>|!=) 1)$/.test(test) ? false : undefined;
  return always === undefined && /^is (not )?null$/.test(test) ? test === 'is not null' : undefined;
}

const weight: Readonly<Record<Left, number>> = { listed: 0, word: 1, object: 2, quoteless: 3, existing: 4, stored: 5 };

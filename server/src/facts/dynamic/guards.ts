import type { Token } from '../../syntax/sql/lexer.ts';
import type { Span } from '../../text.ts';
import { nameOf } from '../sql/tokens.ts';
import type { Left, Spoilers } from './conditions.ts';
import { ConditionReader, literal } from './conditions.ts';
import type { IsVariable } from './lookups.ts';
import { readLookups } from './lookups.ts';
import type { Region, Regions } from './regions.ts';
import type { Write } from './writes.ts';

/** A stretch of the body in which a check leaves little of a variable. */
export interface Guard extends Span {
  readonly name: string;
  readonly leaves: Left;
}

/** Every check that all ways into its stretch have passed, by the variable. */
export function readGuards(
  tokens: readonly Token[], text: string, regions: Regions, writes: readonly Write[], isVariable: IsVariable,
): ReadonlyMap<string, readonly Guard[]> {
  const guards = new Map<string, Guard[]>();
  const words = tokens.map((token) => (token.kind === 'string' ? literal : nameOf(token, text)));
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
  for (const { name, leaves, at } of castsThatFail(tokens, words, writes, text)) add({ name, leaves, start: at, end: endOfStretch(regions.at(at)) });
  for (const [index, word] of words.entries()) {
    const starts = /^(;|then|else|begin|loop|declare|>>)$/.test(words[index - 1] ?? ';');
    const isIf = (word === 'if' && starts) || word === 'elsif' || word === 'elseif';
    if (!isIf && !(word === 'case' && starts)) continue;
    if (guards.size > mostNames) break;
    for (const guard of isIf ? ofIf(index, reader, tokens, words, regions) : ofCase(index, tokens, words, regions, spoilers)) {
      add(guard);
      const list = listOfElement(guard, tokens, words, regions, spoilers);
      if (list) add(list);
    }
  }
  return guards;
}

/** `FOREACH x IN ARRAY a LOOP IF x NOT IN (…) THEN RAISE …` says as much of a, behind the loop. */
function listOfElement(
  { name, leaves, start, end }: Guard, tokens: readonly Token[], words: readonly string[], regions: Regions, { writes }: Spoilers,
): Guard | undefined {
  const loop = regions.at(start);
  if (loop?.kind !== 'loop' || end < loop.end) return undefined;
  const first = tokens.findIndex((token) => token.start >= loop.start);
  const header = words.slice(Math.max(0, first - 6), first);
  const [list] = header.slice(-2);
  if (header.slice(0, 4).join(' ') !== `foreach ${name} in array` || !/^[a-z_]\w*$/.test(list ?? '')) return undefined;
  const inside = words.slice(first, tokens.findIndex((token) => token.start >= loop.end));
  const grows = (writes.get(list!) ?? []).some(({ at }) => at > loop.start && at < loop.end);
  return grows || inside.some((word) => /^(exit|continue)$/.test(word)) ? undefined : { name: list!, leaves, start: loop.end, end: endOfStretch(loop.parent) };
}

/** `t := x::regclass` and `PERFORM x::int` fail unless x names a relation or is a number. Dates are left out: they may hold other signs. */
function castsThatFail(tokens: readonly Token[], words: readonly string[], writes: readonly Write[], text: string): { name: string; leaves: Left; at: number }[] {
  const assigned = writes.flatMap(({ value, at, kind }) => (value === undefined || kind !== 'set' ? [] : [{ at, value: text.slice(value.start, Math.min(value.end, value.start + 200)) }]));
  const performed = words.flatMap((word, index) => {
    const end = word === 'perform' ? words.indexOf(';', index) : -1;
    return end < 0 ? [] : [{ at: tokens[end]!.end, value: text.slice(tokens[index]!.end, Math.min(tokens[end]!.start, tokens[index]!.end + 200)).trim() }];
  });
  return [...assigned, ...performed].flatMap(({ value, at }) => {
    const [, name, short, long] = /^(?:cast\s*\(\s*)?([a-z_][\w$]*|\$\d+)(?:\s*::\s*([a-z]\w*)|\s+as\s+([a-z]\w*)\s*\))(?:\s*::\s*(?:oid|text))?$/i.exec(value) ?? [];
    const leaves = leftByCast[(short ?? long ?? '').toLowerCase()];
    return leaves === undefined ? [] : [{ name: name!.toLowerCase(), leaves, at }];
  });
}

const leftByCast: Readonly<Record<string, Left | undefined>> = {
  regclass: 'object', regtype: 'object', regnamespace: 'object', regrole: 'object',
  int: 'word', integer: 'word', smallint: 'word', bigint: 'word', int2: 'word', int4: 'word', int8: 'word', numeric: 'word', uuid: 'word',
};

const mostNames = 200;
/** Of one variable. */
const mostGuards = 50;

function* ofIf(index: number, reader: ConditionReader, tokens: readonly Token[], words: readonly string[], regions: Regions): Iterable<Guard> {
  const then = thenOf(words, index + 1);
  if (then < 0) return;
  const branch = regions.at(tokens[then]!.end);
  if (branch?.kind !== 'branch' || branch.start !== tokens[then]!.end) return;
  for (const [name, leaves] of reader.whenTrue(index + 1, then)) yield { name, leaves, start: branch.start, end: branch.end };
  for (const [name, leaves] of reader.whenFalse(index + 1, then)) {
    // The other branches of the same IF come to run only when the condition does not hold.
    const last = endOfIf(words, then);
    const goesOn = last < words.length && words[index] === 'if' && leavesOrReplaces(name, then, tokens, words, branch);
    yield { name, leaves, start: branch.end, end: goesOn ? endOfStretch(branch.parent) : tokens[last]?.start ?? branch.end };
  }
}

/** `CASE x WHEN 'a' THEN …`; without an ELSE it fails for any other value. */
function* ofCase(index: number, tokens: readonly Token[], words: readonly string[], regions: Regions, spoilers: Spoilers): Iterable<Guard> {
  const name = words[index + 1]!;
  if (words[index + 2] !== 'when') return;
  let at = index + 2;
  while (words[at] === 'when') {
    const then = thenOf(words, at + 1);
    const branch = then < 0 ? undefined : regions.at(tokens[then]!.end);
    if (branch === undefined || !words.slice(at + 1, then).every((word) => word === literal || word === ',')) return;
    yield { name, leaves: 'listed', start: branch.start, end: branch.end };
    at = indexAt(tokens, branch.end);
  }
  const rest = words[at] === 'else' ? regions.at(tokens[at]!.end) : undefined;
  if (rest !== undefined && !leavesOrReplaces(name, at, tokens, words, rest)) return;
  const last = rest === undefined ? at : indexAt(tokens, rest.end);
  if (words[last] !== 'end' || words[last + 1] !== 'case') return;
  const start = tokens[last + 1]!.end;
  const isWritten = (spoilers.writes.get(name) ?? []).some((write) => write.at > tokens[index]!.start && write.at < start);
  if (!isWritten) yield { name, leaves: 'listed', start, end: endOfStretch(regions.at(start)) };
}

/** Of the first token from `offset` on. */
function indexAt(tokens: readonly Token[], offset: number): number {
  const index = tokens.findIndex((token) => token.start >= offset);
  return index < 0 ? tokens.length : index;
}

function thenOf(words: readonly string[], from: number): number {
  let cases = 0;
  for (let at = from; at < words.length && words[at] !== ';'; at++) {
    if (words[at] === 'case') cases++;
    else if (words[at] === 'end') cases--;
    else if (words[at] === 'then' && cases === 0) return at;
  }
  return -1;
}

/** The index of the IF in END IF. */
function endOfIf(words: readonly string[], from: number): number {
  let depth = 0;
  for (let at = from; at < words.length; at++) {
    if (words[at] !== 'if') continue;
    if (words[at - 1] !== 'end') depth += /^(;|then|else|begin|loop|>>)$/.test(words[at - 1]!) ? 1 : 0;
    else if (depth-- === 0) return at;
  }
  return words.length;
}

/** Nothing runs on behind the branch, or the variable holds a constant then. */
function leavesOrReplaces(name: string, then: number, tokens: readonly Token[], words: readonly string[], branch: Region): boolean {
  let end = then + 1;
  while (end < tokens.length && tokens[end]!.start < branch.end) end++;
  const inside = words.slice(then + 1, end);
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

import type { Token } from '../../syntax/sql/lexer.ts';
import type { Span } from '../../text.ts';
import { AgreedBranches } from './agreed-branches.ts';
import { AskedReader } from './asked.ts';
import { guardsOfCases } from './case-guards.ts';
import type { Conditions, Left } from './conditions.ts';
import { ConditionReader, literal } from './conditions.ts';
import { isAggregate } from './given-anyway.ts';
import { givesPairs, partsGiven, partsOfOne, rootOf, separates } from './element-queries.ts';
import { executedNames } from './executed-names.ts';
import { joinedAnswers } from './joined-answers.ts';
import type { IsVariable } from './lookups.ts';
import { readLookups } from './lookups.ts';
import { checkedInserts } from './inserted-values.ts';
import { isForText } from './null-branches.ts';
import type { Conclusion } from './conditions.ts';
import type { BranchedIf } from './marks.ts';
import { decidedLater } from './marks.ts';
import type { Questions } from './questions.ts';
import { readQuestions } from './questions.ts';
import type { Region, Regions } from './regions.ts';
import { runThrough } from './regions.ts';
import type { Words } from '../sql/tokens.ts';
import type { FailingCast } from './failing-casts.ts';
import { castsThatFail } from './failing-casts.ts';
import { firstWhere } from './first-where.ts';
import type { Refusing } from './refusing-calls.ts';
import { refusingCalls } from './refusing-calls.ts';
import { Spoilers } from './spoilers.ts';
import { closingOf, startsStatement } from './word-ranges.ts';
import type { Write } from './writes.ts';

/** A stretch of the body in which a check leaves little of a variable. */
export interface Guard extends Span {
  readonly name: string;
  readonly leaves: Left;
  /** Where it does not hold. */
  readonly holes?: readonly Span[];
}

/** What is known of the functions that a check may call. */
export interface Asking extends Refusing {
  /** They ask nothing of a text. */
  readonly idle: ReadonlySet<string>;
  /** Procedures that leave nothing in what they are given. */
  readonly onlyRead: ReadonlySet<string>;
  readonly isParameter: IsVariable;
  /** The type of a variable, as it is written. */
  readonly declaredOf: (name: string) => string | undefined;
  /** Whether a CHECK says what a column can hold; undefined when none does. */
  readonly isChecked: ((table: string, column: string) => boolean) | undefined;
}

/** Every check that all ways into its stretch have passed, by the variable. */
export function readGuards(
  { tokens, words: written }: Words, text: string, regions: Regions, writes: readonly Write[], isVariable: IsVariable, { idle, onlyRead, isParameter, declaredOf, isChecked, ...refusing }: Asking,
): ReadonlyMap<string, readonly Guard[]> {
  const guards = new Map<string, Guard[]>();
  const words = tokens.map((token, index) => (token.kind === 'string' ? literal : written[index]!));
  const spoilers = new Spoilers(tokens, words, writes, regions, onlyRead);
  const lookups = readLookups(words, isVariable);
  const body = { tokens, words, text, spoilers, regions, isVariable, idle };
  const reader = new ConditionReader(body, lookups);
  const questions = readQuestions(tokens, words, text, isVariable, idle, refusing.finds);
  const asked = new AskedReader(body, questions);
  const doubtful = new Map<string, Guard[]>();
  const hold = (found: Guard): void => {
    const guard = beyondBranch(found, { tokens, words, text, regions, spoilers, isParameter });
    const asked = guard.leaves === 'asked';
    const of = asked ? doubtful : guards;
    const known = of.get(guard.name) ?? [];
    of.set(guard.name, known);
    if (known.length >= mostGuards) return;
    const limited = spoilers.limited(rootOf(guard.name), guard, asked);
    if (limited !== undefined) known.push(limited);
  };
  const add = (guard: Guard): void => {
    hold(guard);
    if (guard.leaves === 'asked' || !questions.copies.hasSame(guard.name)) return;
    // What was copied before holds the same, though it may have been cut to its type.
    for (const [name, copied] of questions.copies.sameAs(guard.name, firstFrom(tokens, guard.start))) {
      // At the semicolon the copy is made.
      const { start, end } = tokens[copied]!;
      if (regions.dominates(end, guard.start) && !spoilers.isWritten(guard.name, start, guard.start) && !spoilers.isWritten(name, start, guard.start)) hold({ ...guard, name, leaves: guard.leaves.startsWith('without ') ? guard.leaves : 'asked' });
    }
  };
  for (const { compared, strict, always, start: first, end, loop } of lookups) {
    const start = tokens[end]!.end;
    // What the query itself makes of the value, it makes of a row that holds it.
    const whole = { start: tokens[first]!.start, end: loop ? regions.at(start)?.end ?? start : start };
    if (always !== 'other') for (const { name, leaves } of compared) add({ name, leaves, ...whole });
    for (const { name, leaves, cast } of compared) if (cast || (strict && always === undefined)) add({ name, leaves, start, end: endOfStretch(regions.at(start)) });
  }
  for (const guard of guardsOfCases(tokens, words, startsStatement, [reader, asked])) if (guards.size <= mostNames) add(guard);
  const ends = endsOfChoices(words);
  const branches = new AgreedBranches();
  let branched: readonly BranchedIf[] | undefined;
  const branchedIfs = () => branched ??= readBranchedIfs(tokens, words, regions);
  for (const { name, leaves, at, from, passable } of [...castsThatFail(tokens, words, writes, text, declaredOf), ...executedNames(tokens, words, text, writes)] as readonly FailingCast[]) {
    // Behind THEN and LOOP something begins that may not run, but the condition has been looked at whatever it says.
    const region = regions.at(at);
    const begins = region?.start === at;
    if (passable && !begins) continue;
    const guard = { name, leaves, start: at, end: passable ? region!.end : endOfStretch(begins ? region.parent : region) };
    add(guard);
    if (from !== undefined) add({ name, leaves, start: from, end: at });
    for (const list of listsOfElement(guard, tokens, words, regions, spoilers, text)) add(list);
  }
  for (let index = 0; index < words.length; index++) {
    const word = words[index]!;
    if (word === 'when' && (jumps.has(words[index - 1]!) || jumps.has(words[index - 2]!))) {
      for (const conditions of [reader, asked]) for (const guard of behindJump(index, conditions, tokens, words, regions)) add(guard);
    }
    if (!checks.has(word)) continue;
    const starts = word === 'when' ? ends.has(index) : index === 0 || word.startsWith('els') || words[index - 1] === 'declare' || startsStatement.has(words[index - 1]!);
    if (!starts) continue;
    if (guards.size > mostNames) break;
    for (const guard of word === 'case' ? ofCase(index, tokens, words, regions, spoilers) : ofIf(index, [reader, asked], tokens, words, text, ends, regions, spoilers, branchedIfs, branches)) {
      add(guard);
      for (const list of listsOfElement(guard, tokens, words, regions, spoilers, text)) add(list);
    }
  }
  for (const { names, start, first, inside } of refusingCalls(tokens, words, refusing, isVariable)) {
    const end = inside === undefined ? endOfStretch(regions.at(start)) : regions.at(inside)?.end ?? inside;
    for (const name of questions.copies.with(names, first)) add({ name, leaves: 'asked', start: inside ?? start, end });
  }
  for (const { names, start, end, first, behind } of joinedAnswers(tokens, words, text, questions.all, branches.told, spoilers, regions, isParameter, { isVariable, finds: refusing.finds })) {
    for (const name of questions.copies.with(names, first)) {
      add({ name, leaves: 'asked', start, end });
      if (behind !== undefined) add({ name, leaves: 'asked', start: behind, end: endOfStretch(regions.at(behind)) });
    }
  }
  for (const { names, first, end } of isChecked === undefined ? [] : checkedInserts(words, isVariable, isChecked)) {
    const start = tokens[end]!.end;
    for (const name of questions.copies.with(names, first)) add({ name, leaves: 'asked', start, end: endOfStretch(regions.at(start)) });
  }
  for (const guard of branches.guards(regions, spoilers, endOfStretch)) add(guard);
  for (const guard of ofQuestions(questions, tokens, regions)) add(guard);
  for (const guard of ofOwnQueries(questions, tokens, words)) add(guard);
  for (const guard of ofCounts(questions, tokens, words, regions, spoilers)) add(guard);
  // What is known for sure comes first.
  for (const [name, more] of doubtful) guards.set(name, [...(guards.get(name) ?? []), ...more]);
  return guards;
}

/** Behind `IF x IS NOT NULL THEN` and the check of x there, x is checked or has no text; behind the only branch that stays, what was checked there is. */
function beyondBranch(guard: Guard, body: BranchedBody): Guard {
  const { tokens, words, text, regions } = body;
  let { end } = guard;
  for (let region = regions.at(guard.start); region; region = region.parent) {
    if (region.end !== end) continue;
    if (isForText(guard.name, region, tokens, words, text) || isOnlyWay(region, regions) || isFilledInside(guard, region, body)) end = endOfStretch(region.parent);
  }
  return end === guard.end ? guard : { ...guard, end };
}

interface BranchedBody {
  readonly tokens: readonly Token[];
  readonly words: readonly string[];
  readonly text: string;
  readonly regions: Regions;
  readonly spoilers: Spoilers;
  readonly isParameter: IsVariable;
}

/** `IF b THEN v := x; IF v NOT IN (…) THEN RAISE …; END IF; END IF;`: for whoever does not come into the branch, nothing but constants has been put into the variable. */
function isFilledInside({ name, start }: Guard, region: Region, { text, spoilers, isParameter }: BranchedBody): boolean {
  if (region.kind !== 'branch' || region.jumps || name.includes('.') || isParameter(name) || goesOnAfterErrors(region)) return false;
  const isConstant = ({ value }: Write) => value !== undefined && /^(?:null|'[^']*')$/i.test(text.slice(value.start, value.end).trim());
  const filling = spoilers.writesOf(name).filter((write) => !isConstant(write));
  return filling.length > 0 && filling.every(({ at, statement }) => statement.start >= region.start && at <= start);
}

/** In a loop that comes round after an error: what was put into a variable before the check stays there. */
function goesOnAfterErrors(region: Region): boolean {
  let caught = false;
  for (let outer: Region | undefined = region; outer; outer = outer.parent) {
    caught ||= outer.caught;
    if (caught && outer.kind === 'loop') return true;
  }
  return false;
}

/** All other branches leave. */
function isOnlyWay(region: Region, regions: Regions): boolean {
  if (region.kind !== 'branch' || region.jumps) return false;
  const { branches, complete } = regions.choice(region);
  return complete && branches.every((one) => one === region || one.leaves !== undefined);
}

/** Queries that fail unless they find something, and the loops over what they find. */
function* ofQuestions({ all, copies }: Questions, tokens: readonly Token[], regions: Regions): Iterable<Guard> {
  for (const { names, passes, start: first, end: last } of all) {
    if (passes === undefined) continue;
    const behind = tokens[last]!.end;
    // What the query of a loop itself makes of a value, it makes of a row that it has found.
    if (passes === 'inside') for (const name of copies.with(names, last)) yield { name, leaves: 'asked', start: tokens[first]!.start, end: regions.at(behind)?.end ?? behind };
    else for (const name of copies.with(names, last)) yield { name, leaves: 'asked', start: behind, end: endOfStretch(regions.at(behind)) };
  }
}

/** `SELECT string_agg(x || '.' || column_name, ', ') INTO list FROM … WHERE table_name ILIKE x`: without such a row nothing is made of x. */
function* ofOwnQueries({ all }: Questions, tokens: readonly Token[], words: readonly string[]): Iterable<Guard> {
  for (const { names, into, always, called, start: first, end: last } of all) {
    if (names.length === 0 || into.length === 0 || called || always === 'count' || always === 'value' || !/^(?:select|with)$/.test(words[first]!)) continue;
    const aggregates: number[] = [];
    for (let at = first; at < last; at++) if (words[at + 1] === '(' && isAggregate(words[at]!)) aggregates.push(at);
    // Beside an aggregate there is a row whatever was found.
    const spans = aggregates.length === 0 ? [{ start: tokens[first]!.start, end: tokens[last]!.end }]
      : aggregates.flatMap((at) => (words[at] === 'count' ? [] : [{ start: tokens[at]!.start, end: tokens[closingOf(words, at + 1, last)]?.end ?? tokens[last]!.end }]));
    for (const span of spans) for (const name of names) yield { name, leaves: 'asked', ...span };
  }
}

/** `SELECT count(*) INTO n FROM … WHERE name = x; FOR i IN 1 .. n LOOP`: nothing of the loop runs unless something was found. */
function* ofCounts({ filling, copies }: Questions, tokens: readonly Token[], words: readonly string[], regions: Regions, spoilers: Spoilers): Iterable<Guard> {
  for (let at = words.indexOf('..'); at >= 0; at = words.indexOf('..', at + 1)) {
    const [, count] = /^in 1 \.\. (?:coalesce \( )?([a-z_][\w$]*)(?: , 0 \))? loop$/.exec(words.slice(at - 2, words.indexOf('loop', at) + 1).join(' ')) ?? [];
    const question = count === undefined ? undefined : filling.before(count, at);
    if (question === undefined || question.always === 'value' || question.called) continue;
    const { start } = tokens[at]!;
    const { end: asked } = tokens[question.end]!;
    const loop = regions.at(tokens[words.indexOf('loop', at)]!.end);
    if (loop === undefined || !regions.dominates(asked, start) || spoilers.isWritten(count!, asked, start)) continue;
    for (const name of copies.with(question.names, question.end)) if (!spoilers.isWritten(name, asked, start)) yield { name, leaves: 'asked', start: loop.start, end: loop.end };
  }
}

const jumps = new Set(['continue', 'exit']);
const checks = new Set(['if', 'elsif', 'elseif', 'case', 'when']);

/** `FOREACH x IN ARRAY a LOOP IF x NOT IN (…) THEN RAISE …` says as much of a, behind the loop; also of b in `string_to_array(b, ',')`, there or as what a is. */
function* listsOfElement(
  { name, leaves, start, end }: Guard, tokens: readonly Token[], words: readonly string[], regions: Regions, spoilers: Spoilers, source: string,
): Iterable<Guard> {
  const loop = regions.at(start);
  if (loop?.kind !== 'loop' || end < loop.end) return;
  const first = firstFrom(tokens, loop.start);
  const from = Math.max(0, first - longestHeader);
  const header = listedIn(words.slice(from, first).join(' '), name);
  if (header === undefined) return;
  const { list, splits } = header;
  const separator = splits ? tokens.slice(from, first).findLast(({ kind }) => kind === 'string') : undefined;
  if (separator !== undefined && !separates(separator, source)) return;
  const behind = firstFrom(tokens, loop.end);
  const grows = spoilers.isWritten(rootOf(list), loop.start, loop.end - 1);
  if (grows || spoilers.jumps(first, behind < 0 ? words.length - 1 : behind)) return;
  const stretch = { leaves, start: loop.end, end: endOfStretch(loop.parent) };
  yield { name: list, ...stretch };
  const [only, other] = splits ? [] : spoilers.writesOf(list);
  const split = only?.value === undefined || other !== undefined || only.at > loop.start ? null : splitText.exec(source.slice(only.value.start, only.value.end).trim());
  if (split !== null && !spoilers.isWritten(split[1]!.toLowerCase(), only!.at, loop.end)) yield { name: split[1]!.toLowerCase(), ...stretch };
}

/** The list whose elements a loop takes one by one, when `name` holds them there. `splits`: it is a text. */
function listedIn(header: string, name: string): { readonly list: string; readonly splits: boolean } | undefined {
  const [, element, array, text, routine, taken] = foreachHeader.exec(header) ?? [];
  if (element === name) return text === undefined ? { list: array ?? partsGiven(routine!, taken!), splits: false } : { list: text, splits: true };
  const [, row, second, called, given] = forHeader.exec(header) ?? [];
  if (row === undefined) return undefined;
  const holds = givesPairs(called!) ? name === (second === undefined ? `${row}.key` : row) : name === row || name.startsWith(`${row}.`);
  return holds ? { list: called === 'unnest' ? given! : partsGiven(called!, given!), splits: false } : undefined;
}

/** `a := string_to_array(x, ',')` */
const splitText = /^(?:string_to_array|regexp_split_to_array)\s*\(\s*([a-z_]\w*|\$\d+)\s*,\s*'(?:[\s,|:/-]|\\s[*+]?)*'\s*\)$/i;
/** In words. */
const longestHeader = 24;
const foreachHeader = new RegExp(String.raw`\bforeach (\S+) in array (?:([a-z_]\w*)|(?:string_to_array|regexp_split_to_array) \( ([a-z_]\w*|\$\d+) , ' \)|(${partsOfOne.source}) \( ([a-z_]\w*|\$\d+) \)) loop$`);
/** Without a condition, which would leave some elements out. */
const forHeader = new RegExp(String.raw`\bfor ([a-z_]\w*)(?: , ([a-z_]\w*))? in select (?:distinct )?(?:(?:\*|[a-z_]\w*(?: \. (?:\*|[a-z_]\w*))?) from )?(unnest|${partsOfOne.source}) \( ([a-z_]\w*|\$\d+) \)(?: (?:as )?[a-z_]\w*(?: \( [a-z_]\w*(?: , [a-z_]\w*)? \))?)? loop$`);

/** The index of the first token that begins at `offset` or behind it; -1 when there is none, as slice() takes it. */
function firstFrom(tokens: readonly Token[], offset: number): number {
  const first = firstWhere(tokens.length, (index) => tokens[index]!.start >= offset);
  return first < tokens.length ? first : -1;
}

const mostNames = 200;
/** Of one variable. */
const mostGuards = 50;

function* ofIf(
  index: number, readers: readonly Conditions[], tokens: readonly Token[], words: readonly string[], text: string, ends: ReadonlyMap<number, number>, regions: Regions, spoilers: Spoilers,
  branchedIfs: () => readonly BranchedIf[], branches: AgreedBranches,
): Iterable<Guard> {
  const then = thenOf(words, index + 1);
  if (then < 0) return;
  const branch = regions.at(tokens[then]!.end);
  if (branch?.kind !== 'branch' || branch.start !== tokens[then]!.end) return;
  const held: Conclusion[] = [];
  const left: Conclusion[] = [];
  for (const reader of readers) {
    const { holds, fails } = reader.conclude(index + 1, then);
    held.push(...holds);
    left.push(...fails);
  }
  if (held.length + left.length === 0) return;
  branches.add(branch, held);
  for (const [name, leaves] of held) yield { name, leaves, start: branch.start, end: branch.end };
  for (const [name, leaves] of left) {
    // The other branches of the same statement come to run only when the condition does not hold.
    const last = ends.get(index) ?? words.length;
    const goesOn = last < words.length && isAskedFirst(branch, regions) && leavesOrReplaces(name, then, tokens, words, branch);
    yield { name, leaves, start: branch.end, end: goesOn ? endOfStretch(branch.parent) : tokens[last]?.start ?? branch.end };
  }
  // The branch of a check may set a variable that decides later, and what it lets through is not followed any further.
  const deciding = decidedLater(then, branch, branchedIfs, tokens, words, text, spoilers);
  if (deciding === undefined) return;
  const { same, branch: { parent, leaves, start, end } } = deciding;
  const stretch = leaves === undefined ? { start, end } : { start: end, end: endOfStretch(parent) };
  for (const name of new Set((same === (leaves !== undefined) ? left : held).map(([one]) => one))) {
    if (!spoilers.isWritten(name, branch.start, stretch.start)) yield { name, leaves: 'asked', ...stretch };
  }
}

/** Whoever comes behind the statement has come past the condition of this branch: those before it all leave. */
function isAskedFirst(branch: Region, regions: Regions): boolean {
  const { branches } = regions.choice(branch);
  return branches.slice(0, branches.indexOf(branch)).every(({ leaves }) => leaves !== undefined);
}

/** `CONTINUE WHEN x !~ '^[a-z]+$';` */
function* behindJump(index: number, reader: Conditions, tokens: readonly Token[], words: readonly string[], regions: Regions): Iterable<Guard> {
  const end = words.indexOf(';', index);
  if (end < 0 || end - index > longestCondition) return;
  const start = tokens[end]!.end;
  for (const [name, leaves] of reader.conclude(index + 1, end).fails) yield { name, leaves, start, end: endOfStretch(regions.at(start)) };
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
    at = firstFrom(tokens, branch.end);
  }
  const rest = words[at] === 'else' ? regions.at(tokens[at]!.end) : undefined;
  if (rest !== undefined && !leavesOrReplaces(name, at, tokens, words, rest)) return;
  const last = rest === undefined ? at : firstFrom(tokens, rest.end);
  if (words[last] !== 'end' || words[last + 1] !== 'case') return;
  const start = tokens[last + 1]!.end;
  if (!spoilers.isWritten(name, tokens[index]!.start, start)) yield { name, leaves: 'listed', start, end: endOfStretch(regions.at(start)) };
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

function readBranchedIfs(tokens: readonly Token[], words: readonly string[], regions: Regions): BranchedIf[] {
  const found: BranchedIf[] = [];
  for (let at = words.indexOf('if'); at >= 0; at = words.indexOf('if', at + 1)) {
    const then = startsStatement.has(words[at - 1]!) ? thenOf(words, at + 1) : -1;
    const branch = then < 0 ? undefined : regions.at(tokens[then]!.end);
    if (branch?.start === tokens[then]?.end && branch !== undefined) found.push({ at, then, branch });
  }
  return found;
}

/** The index of the last word of END IF and END CASE, by that of IF, ELSIF, ELSEIF and WHEN. */
function endsOfChoices(words: readonly string[]): ReadonlyMap<number, number> {
  const ends = new Map<number, number>();
  const open: number[][] = [];
  for (let at = 0; at < words.length; at++) {
    const word = words[at];
    if (word === 'elsif' || word === 'elseif') open.at(-1)?.push(at);
    const opens = at === 0 || words[at - 1] === 'declare' || startsStatement.has(words[at - 1]!);
    if (word === 'when' && (startsStatement.has(words[at - 1]!) || words[at - 1] === 'case')) open.at(-1)?.push(at);
    if (word !== 'if' && word !== 'case') continue;
    if (words[at - 1] === 'end') for (const one of open.pop() ?? []) ends.set(one, at);
    else if (opens) open.push([at]);
  }
  return ends;
}

/** Nothing runs on behind the branch, or the variable holds a constant then. */
function leavesOrReplaces(name: string, then: number, tokens: readonly Token[], words: readonly string[], branch: Region): boolean {
  const behind = firstFrom(tokens, branch.end);
  const end = behind < 0 ? words.length : behind;
  const first = then + 1;
  if (words[first] === name && /^(:=|=)$/.test(words[first + 1]!) && words.indexOf(';', first) === end - 1) {
    const value = words.slice(first + 2, end - 1).join(' ');
    if (value === literal || /^quote_(literal|nullable|ident) \( \S+ \)$/.test(value)) return true;
  }
  return branch.leaves !== undefined;
}

/** A block that catches nothing hands on what it has checked. */
function endOfStretch(region: Region | undefined): number {
  return runThrough(region)?.end ?? Number.MAX_SAFE_INTEGER;
}

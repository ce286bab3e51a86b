import type { Token } from '../syntax/sql/lexer.ts';
import { decodeLiteral, tokenText } from '../syntax/sql/lexer.ts';
import type { Span } from '../text.ts';
import type { Region, Regions } from './regions.ts';
import type { Alphabet } from './safe-pattern.ts';
import { alphabetOf, alphabetWithout } from './safe-pattern.ts';
import { nameOf } from './tokens.ts';
import type { Write } from './writes.ts';

/** A stretch of the body in which a check leaves little of a variable. */
export interface Guard extends Span {
  readonly name: string;
  readonly leaves: Left;
}

/**
 * What a check leaves: words of a list, the letters of a pattern, a name that to_regclass() accepts (quoted as it has to be),
 * or the name of something that exists, which may hold any character.
 */
export type Left = 'listed' | Alphabet | 'object' | 'existing';

/** Every check that all ways into its stretch have passed, by the variable. */
export function readGuards(tokens: readonly Token[], text: string, regions: Regions, writes: readonly Write[]): ReadonlyMap<string, readonly Guard[]> {
  const guards = new Map<string, Guard[]>();
  const words = tokens.map((token) => (token.kind === 'string' ? literal : nameOf(token, text)));
  const reader = new ConditionReader(tokens, words, text);
  const spoilers = spoilersOf(tokens, words, writes);
  for (const [index, word] of words.entries()) {
    const starts = /^(;|then|else|begin|loop|declare|>>)$/.test(words[index - 1] ?? ';');
    const isIf = (word === 'if' && starts) || word === 'elsif' || word === 'elseif';
    if (!isIf && !(word === 'case' && starts)) continue;
    if (guards.size > mostNames) break;
    for (const guard of isIf ? ofIf(index, reader, tokens, words, regions) : ofCase(index, tokens, words, regions)) {
      const known = guards.get(guard.name) ?? [];
      guards.set(guard.name, known);
      if (known.length >= mostGuards) continue;
      const end = endOfGuard(guard, spoilers, regions);
      if (end > guard.start) known.push({ ...guard, end });
    }
  }
  return guards;
}

const literal = "'";
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
    at = tokens.findIndex((token) => token.start >= branch.end);
  }
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

  constructor(tokens: readonly Token[], words: readonly string[], text: string) {
    this.#tokens = tokens;
    this.#words = words;
    this.#text = text;
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
    const either = this.#parts(inner.from, inner.end, 'or');
    if (either.length > 1) return holds ? this.#agreed(either, holds) : either.flatMap(([a, b]) => this.#conclude(a, b, holds));
    const both = this.#parts(inner.from, inner.end, 'and');
    if (both.length > 1) return holds ? both.flatMap(([a, b]) => this.#conclude(a, b, holds)) : this.#agreed(both.filter(([a, b]) => !this.#isNullCheck(a, b)), holds);
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
    const negates = words[from] === 'not' && this.#parts(from, end, 'or').length === 1 && this.#parts(from, end, 'and').length === 1;
    return negates && words[from + 1] !== 'exists' ? { from: from + 1, end, negated: true } : { from, end, negated: false };
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
    const existing = this.#existence(from, end);
    if (existing) return existing;
    const left = this.#operand(from);
    if (left === undefined) return undefined;
    const { name } = left;
    const rest = this.#words.slice(left.end, end);
    const text = rest.join(' ');
    if (/^(not )?in \( '( , ')* \)$/.test(text)) return { name, leaves: 'listed', holds: rest[0] === 'in' };
    if (/^= any \( array \[ '( , ')* \](( :: \w+)? \[ \])? \)$/.test(text)) return { name, leaves: 'listed', holds: true };
    if (/^(<>|!=) all \( array \[ '( , ')* \](( :: \w+)? \[ \])? \)$/.test(text)) return { name, leaves: 'listed', holds: false };
    if (/^(=|<>|!=) '$/.test(text)) return { name, leaves: 'listed', holds: rest[0] === '=' };
    if (/^!?~\*? '$/.test(text)) return this.#pattern(name, left.end, rest[0]!.startsWith('!'));
    return undefined;
  }

  #pattern(name: string, operator: number, negated: boolean): { name: string; leaves: Left; holds: boolean } | undefined {
    const pattern = decodeLiteral(tokenText(this.#tokens[operator + 1]!, this.#text));
    const whole = alphabetOf(pattern);
    if (whole !== undefined) return { name, leaves: whole, holds: !negated };
    const without = alphabetWithout(pattern);
    return without && { name, leaves: without, holds: negated };
  }

  /** A name, possibly in lower() or upper() or behind a cast to text. */
  #operand(at: number): { name: string; end: number } | undefined {
    const words = this.#words;
    let end: number;
    let name: string;
    if (/^(lower|upper)$/.test(words[at] ?? '') && words[at + 1] === '(' && words[at + 3] === ')') {
      name = words[at + 2]!;
      end = at + 4;
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

  /** `to_regclass(x) IS NULL`, `NOT EXISTS (SELECT … FROM pg_class WHERE relname = x)` */
  #existence(from: number, end: number): { name: string; leaves: Left; holds: boolean } | undefined {
    const words = this.#words.slice(from, end);
    if (/^to_reg(class|type|namespace|role)$/.test(words[0]!) && words[1] === '(' && words[3] === ')' && words[4] === 'is') {
      return { name: words[2]!, leaves: 'object', holds: words[5] === 'not' };
    }
    const exists = words[0] === 'not' ? 1 : 0;
    if (words[exists] !== 'exists') return undefined;
    const at = words.findIndex((word, index) => word === '=' && /name$/.test(words[index - 1]!));
    const catalog = words.some((word, index) => words[index - 1] === 'from' && /^(pg_|information_schema)/.test(word));
    return at < 0 || !catalog || words.includes('or') ? undefined : { name: words[at + 1]!, leaves: 'existing', holds: exists === 0 };
  }
}

const weight: Readonly<Record<Left, number>> = { listed: 0, word: 1, object: 2, quoteless: 3, existing: 4 };

import type { Token } from '../../syntax/sql/lexer.ts';
import type { Span } from '../../text.ts';
import { firstWhere } from './first-where.ts';
import { changesItself } from './own-changes.ts';
import type { Regions } from './regions.ts';
import type { Write } from './writes.ts';

/** What ends the truth of a check: where something else is written, and CALL, which may write to whatever is passed to it unless it is known that it does not. */
export class Spoilers {
  readonly #writes = new Map<string, Write[]>();
  readonly #ending = new Map<string, readonly Write[]>();
  readonly #lasting = new Map<string, Lasting>();
  readonly #tokens: readonly Token[];
  readonly #words: readonly string[];
  readonly #regions: Regions;
  readonly #calls: { readonly start: number; readonly passed: ReadonlySet<string> }[] = [];
  /** The indexes of EXIT and CONTINUE. */
  readonly #jumps: number[] = [];

  constructor(tokens: readonly Token[], words: readonly string[], writes: readonly Write[], regions: Regions, onlyRead: ReadonlySet<string>) {
    this.#tokens = tokens;
    this.#words = words;
    this.#regions = regions;
    for (const write of writes) {
      const before = this.#writes.get(write.target);
      if (before) before.push(write);
      else this.#writes.set(write.target, [write]);
    }
    for (let index = 0; index < words.length; index++) {
      const word = words[index];
      if (word === 'call' && !onlyRead.has(calledName(words, index))) this.#calls.push({ start: tokens[index]!.start, passed: passedIn(words, index) });
      else if (word === 'exit' || word === 'continue') this.#jumps.push(index);
    }
  }

  writesOf(name: string): readonly Write[] {
    return this.#writes.get(name) ?? [];
  }

  /** Something is written behind `from`, and no later than `to`. */
  isWritten(name: string, from: number, to: number): boolean {
    const writes = this.#endingOf(name);
    const next = writes[firstWhere(writes.length, (index) => writes[index]!.at > from)];
    return next !== undefined && next.at <= to;
  }

  /** What is put into a variable, or into the record that it is a field of, in the order of the text. */
  #endingOf(name: string): readonly Write[] {
    const dot = name.indexOf('.');
    if (dot < 0) return this.writesOf(name);
    let ending = this.#ending.get(name);
    if (ending === undefined) {
      const record = this.writesOf(name.slice(0, dot));
      ending = record.length === 0 ? this.writesOf(name) : [...this.writesOf(name), ...record].sort((a, b) => a.at - b.at);
      this.#ending.set(name, ending);
    }
    return ending;
  }

  /** Whether EXIT or CONTINUE is one of the words from `from` up to `end`. */
  jumps(from: number, end: number): boolean {
    const next = this.#jumps[firstWhere(this.#jumps.length, (index) => this.#jumps[index]! >= from)];
    return next !== undefined && next < end;
  }

  /** What is left of a stretch in which a check of a variable holds; undefined when that is nothing. `asked`: what only changes the value does not count. */
  limited<Stretch extends Span & { readonly holes?: readonly Span[] }>(name: string, stretch: Stretch, asked: boolean): Stretch | undefined {
    const end = this.#endOf(name, stretch, asked);
    if (end <= stretch.start) return undefined;
    const holes = [...stretch.holes ?? [], ...this.#holesOf(name, { start: stretch.start, end }, asked)];
    return { ...stretch, end, ...(holes.length > 0 && { holes }) };
  }

  /** A check holds until something is written; in a loop that comes round, a later write spoils it from the start. */
  #endOf(name: string, { start, end }: Span, asked: boolean): number {
    const { writes, firsts } = this.#lastingOf(name, asked);
    // `x := CASE WHEN x IN ('a', 'b') THEN x END`: nothing is written before all of it has been read.
    const own = writes[firstWhere(writes.length, (index) => writes[index]!.at > start)];
    if (own?.value !== undefined && own.value.start <= start && end <= own.value.end) return end;
    const write = firsts[firstWhere(writes.length, (index) => writes[index]!.at > start)] ?? end;
    const call = this.#callBehind(name, start) ?? end;
    const first = Math.min(write, call, end);
    if (first === end) return end;
    const loop = this.#regions.loopAround(first);
    return loop === undefined || loop.start <= start ? first : Math.min(first, loop.start);
  }

  /** Where it does not hold before its end: from a write to the end of the branch that leaves the routine. */
  #holesOf(name: string, { start, end }: Span, asked: boolean): readonly Span[] {
    return this.#lastingOf(name, asked).left.filter((one) => one.start > start && one.start < end);
  }

  /** The first one that may write to the variable; a parameter without a name may be passed by the name that it has, and a field with its record. */
  #callBehind(name: string, start: number): number | undefined {
    const called = name.split('.')[0]!;
    const first = firstWhere(this.#calls.length, (index) => this.#calls[index]!.start > start);
    const last = Math.min(this.#calls.length, first + mostCalls);
    for (let index = first; index < last; index++) {
      const { start: at, passed } = this.#calls[index]!;
      if (called.startsWith('$') || passed.has(called) || passed.has('$')) return at;
    }
    return this.#calls[last]?.start;
  }

  #lastingOf(name: string, asked: boolean): Lasting {
    const key = asked ? `${name} asked` : name;
    let lasting = this.#lasting.get(key);
    if (lasting === undefined) {
      const left: Span[] = [];
      const writes = this.#endingOf(name).filter((write) => {
        if (asked && changesItself(write, this.#tokens, this.#words)) return false;
        const { at, statement } = write;
        const end = this.#regions.leftAt(at);
        if (end !== undefined) left.push({ start: statement.start, end });
        return end === undefined;
      });
      let first = Number.MAX_SAFE_INTEGER;
      lasting = { writes, left, firsts: writes.toReversed().map(({ statement }) => (first = Math.min(first, statement.start))).reverse() };
      this.#lasting.set(key, lasting);
    }
    return lasting;
  }
}

/** The writes to a variable behind which something else may run. */
interface Lasting {
  readonly writes: readonly Write[];
  /** Of each and those behind it, where the first statement begins. */
  readonly firsts: readonly number[];
  /** From where others are to where the branch ends that leaves the routine. */
  readonly left: readonly Span[];
}

/** The last part of the name behind CALL. */
function calledName(words: readonly string[], call: number): string {
  let at = call + 1;
  while (words[at + 1] === '.') at += 2;
  return words[at] ?? '';
}

/** That many calls behind a check are looked at for what they are passed. */
const mostCalls = 50;

/** The words of the arguments of CALL; `$` where one stands by its number, which can be any of them. */
function passedIn(words: readonly string[], call: number): ReadonlySet<string> {
  const passed = new Set<string>();
  for (let index = call + 1; index < words.length && index < call + longestCall && words[index] !== ';'; index++) passed.add(/^\$\d/.test(words[index]!) ? '$' : words[index]!);
  return passed;
}

/** In words. */
const longestCall = 1_000;

import type { CheckedBody } from './conditions.ts';
import { firstWhere } from './first-where.ts';
import { contains } from '../../text.ts';
import type { Guard } from './guards.ts';
import type { Write } from './writes.ts';

/** A condition whose answer a variable holds, by the indexes of its words. */
export interface Flag {
  readonly from: number;
  readonly end: number;
  /** The test lets those pass for whom the condition holds. */
  readonly holds: boolean;
  /** The offset behind which the variable holds it. */
  readonly since: number;
}

/** `ok := x ~ '^[a-z]+$'; … IF NOT ok THEN`: what is asked of a variable is asked of what was put into it. */
export class Flags {
  readonly #body: CheckedBody;

  constructor(body: CheckedBody) {
    this.#body = body;
  }

  /** Of the test in the words from `from` to `end`. */
  at(from: number, end: number): Flag | undefined {
    const { words } = this.#body;
    const inCoalesce = words[from] === 'coalesce' && words[from + 1] === '(' && words[from + 3] === ',' && words[from + 4] === 'false' && words[from + 5] === ')';
    const name = words[inCoalesce ? from + 2 : from];
    const behind = inCoalesce ? from + 6 : from + 1;
    if (name === undefined || end - behind > longestTest || (behind < end && words[behind] !== 'is' && words[behind] !== '=') || !/^[a-z_][\w$]*$/.test(name)) return undefined;
    const test = words.slice(behind, end).join(' ');
    const holds = isTrue.test(test) ? true : isFalse.test(test) ? false : undefined;
    const write = holds === undefined ? undefined : this.writeBefore(name, from);
    const condition = write && this.#wordsOf(write);
    return condition && { from: condition[0], end: condition[1], holds: holds!, since: write.at };
  }

  /** The words of what a variable holds at the word at `index`, when one assignment says it. */
  valueBefore(name: string, index: number): readonly [from: number, end: number] | undefined {
    const write = this.writeBefore(name, index);
    return write && this.#wordsOf(write);
  }

  /** The only write to a variable that can have come to the word at `index`. */
  writeBefore(name: string, index: number): Write | undefined {
    const { spoilers, tokens, regions } = this.#body;
    const offset = tokens[index]!.start;
    const writes = spoilers.writesOf(name);
    const write = writes[firstWhere(writes.length, (at) => writes[at]!.at > offset) - 1];
    if (write?.value === undefined || write.kind !== 'set' || !regions.dominates(write.at, offset)) return undefined;
    const holding = spoilers.limited<Stretch>(name, { start: write.at, end: Number.MAX_SAFE_INTEGER }, false);
    return holding !== undefined && holding.end > offset && !holding.holes?.some((hole) => contains(hole, offset)) ? write : undefined;
  }

  /** Not of a query with FROM, which may find nothing. */
  #wordsOf({ value }: Write): readonly [from: number, end: number] | undefined {
    const { tokens, words } = this.#body;
    const from = firstWhere(tokens.length, (index) => tokens[index]!.start >= value!.start);
    const end = firstWhere(tokens.length, (index) => tokens[index]!.start >= value!.end);
    const isAssigned = assigns.has(words[from - 1] ?? '') || (words[from - 1] === 'select' && words[end] === 'into' && words[end + 2] === ';');
    return isAssigned && end > from ? [from, end] : undefined;
  }
}

type Stretch = Pick<Guard, 'start' | 'end' | 'holes'>;

/** In words. */
const longestTest = 6;
const assigns = new Set([':=', '=', 'default']);
const isTrue = /^(?:(?:= |is )true|is not false|is not distinct from true)?$/;
const isFalse = /^(?:(?:= |is )false|is not true|is distinct from true)$/;

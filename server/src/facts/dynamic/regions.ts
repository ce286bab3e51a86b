import type { Token } from '../../syntax/sql/lexer.ts';
import { contains } from '../../text.ts';
import type { Leaving } from './leaving.ts';
import { leavingBefore } from './leaving.ts';
import type { Words } from '../sql/tokens.ts';
import { findWord } from './word-ranges.ts';

/** A stretch of a body that runs as a whole or not at all. Offsets count from the start of the body. */
export interface Region {
  /** `handler`: what stands behind EXCEPTION. `branch`: one of those of IF and CASE. */
  readonly kind: 'block' | 'handler' | 'branch' | 'loop';
  readonly start: number;
  readonly end: number;
  readonly parent: Region | undefined;
  /** The statement that has this branch: of its branches only one runs. */
  readonly choice: number;
  /** A block whose exceptions are caught, or that an EXIT leaves by its label, and what follows runs nevertheless: it may end anywhere. */
  readonly caught: boolean;
  /** How a branch ends, when nothing behind its statement runs then. */
  readonly leaves: Leaving | undefined;
  /** EXIT or CONTINUE stands in it. */
  readonly jumps: boolean;
  /** A loop that surely runs at least once: over constants. */
  readonly runs: boolean;
}

/** The branches of IF or CASE, in their order. */
export interface Choice {
  readonly branches: readonly Region[];
  /** One of them runs, or nothing behind the statement does. */
  readonly complete: boolean;
}

export interface Regions {
  /** The innermost one around an offset. */
  at(offset: number): Region | undefined;
  /** Whether everything that reaches `use` has passed `write` before; both are offsets. */
  dominates(write: number, use: number): boolean;
  /** Whether everything that reaches `use` has passed `write` before, or has left the block around it by an exception that is caught. */
  attempts(write: number, use: number): boolean;
  /** Whether `write` and `use` stand in different branches of one statement. */
  exclude(write: number, use: number): boolean;
  /** Whether a branch around `write` leaves before anything outside of it runs, and `use` stands there. */
  isLeft(write: number, use: number): boolean;
  /** Where the outermost branch around an offset ends that leaves the routine; not out of a loop, which may come round first. */
  leftAt(offset: number): number | undefined;
  /** The statement of which `branch` is one. */
  choice(branch: Region): Choice;
  /** The outermost loop around an offset. */
  loopAround(offset: number): Region | undefined;
}

/** Reads by words, so that broken code loses nothing but itself. `raises`: functions that always do. */
export function readRegions(code: Words, length: number, raises: ReadonlySet<string> = noFunctions): Regions {
  const { regions, choices } = collect(code, length, raises);
  const at = (offset: number): Region | undefined => {
    let low = 0;
    let high = regions.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (regions[middle]!.start <= offset) low = middle + 1;
      else high = middle;
    }
    let region = regions[low - 1] as Region | undefined;
    while (region && region.end <= offset) region = region.parent;
    return region;
  };
  let around: Region | undefined;
  let branches = new Map<number, Region>();
  /** One place is asked about many times in a row. */
  const branchesAround = (inner: Region | undefined): ReadonlyMap<number, Region> => {
    if (inner === around) return branches;
    around = inner;
    branches = new Map();
    for (let region = inner; region; region = region.parent) if (region.kind === 'branch' && !branches.has(region.choice)) branches.set(region.choice, region);
    return branches;
  };
  return {
    at,
    dominates(write, use) {
      if (write >= use) return false;
      const region = runThrough(at(write));
      return region === undefined || contains(region, use);
    },
    attempts(write, use) {
      let region = write < use ? at(write) : undefined;
      while (region?.kind === 'block' && !region.jumps) region = region.parent;
      return write < use && (region === undefined || contains(region, use));
    },
    exclude(write, use) {
      const inner = at(write);
      if (inner === undefined || contains(inner, use)) return false;
      const branches = branchesAround(at(use));
      for (let region: Region | undefined = inner; region; region = region.parent) {
        const other = region.kind === 'branch' ? branches.get(region.choice) : undefined;
        if (other) return other !== region;
      }
      return false;
    },
    isLeft: (write, use) => {
      for (let region = at(write); region && !contains(region, use); region = region.parent) if (endsRoutine(region, use)) return true;
      return false;
    },
    leftAt(offset) {
      let end: number | undefined;
      for (let region = at(offset); region && region.kind !== 'loop'; region = region.parent) if (endsRoutine(region, length)) end = region.end;
      return end;
    },
    choice: (branch) => choices.get(branch.choice) ?? { branches: [branch], complete: false },
    loopAround(offset) {
      let loop: Region | undefined;
      for (let region = at(offset); region; region = region.parent) if (region.kind === 'loop') loop = region;
      return loop;
    },
  };
}

/** The innermost region that may not have run to its end where something behind it runs: behind a block that catches nothing, and a loop over constants, all of it has run. */
export function runThrough(region: Region | undefined): Region | undefined {
  let at = region;
  while (at !== undefined && (at.kind === 'block' ? !at.caught : at.kind === 'loop' && at.runs && !at.jumps)) at = at.parent;
  return at;
}

/** Nothing that stands at `use` runs behind this branch; an error may be caught before it gets there. */
function endsRoutine({ leaves, jumps, parent }: Region, use: number): boolean {
  if (jumps || (leaves !== 'return' && leaves !== 'raise')) return false;
  if (leaves === 'return') return true;
  for (let region = parent; region; region = region.parent) if (region.kind === 'block' && region.caught && !contains(region, use)) return false;
  return true;
}

type Open = { -readonly [K in keyof Region]: Region[K] };

const noFunctions: ReadonlySet<string> = new Set();

/** In the order of their starts. */
function collect({ tokens, words }: Words, length: number, raises: ReadonlySet<string>): { readonly regions: Open[]; readonly choices: ReadonlyMap<number, Choice> } {
  const regions: Open[] = [];
  const stack: (Open | 'expression')[] = [];
  const choices = new Map<number, { branches: Open[]; complete: boolean }>();
  const begin = (complete: boolean): number => {
    choices.set(choices.size + 1, { branches: [], complete });
    return choices.size;
  };
  const parent = () => stack.findLast((one): one is Open => one !== 'expression');
  const open = (kind: Region['kind'], start: number, choice = 0): void => {
    const region: Open = { kind, start, end: length, parent: parent(), choice, caught: false, leaves: undefined, jumps: false, runs: false };
    if (kind === 'branch') choices.get(choice)?.branches.push(region);
    regions.push(region);
    stack.push(region);
  };
  const close = (index: number): Open | undefined => {
    const region = stack.pop();
    if (region === undefined || region === 'expression') return undefined;
    region.end = tokens[index]!.start;
    if (region.kind === 'branch') region.leaves = leavingBefore(words, index, raises) ?? leavingChoice(last.get(region), index);
    return region;
  };
  /** The statement whose branches come next: IF and CASE wait for their THEN. */
  const waiting: number[] = [];
  /** The statement with branches that has ended last in a branch, and the index of its END. */
  const last = new Map<Open, Ended>();
  const handled = new Map<Open, { readonly block: Open; readonly first: number }>();
  const left = labelsLeft(words);
  let label = '';
  let assigned: ReadonlyMap<string, readonly number[]> | undefined;
  let previous = ';';
  let declared = -1;
  for (let index = 0; index < tokens.length; index++) {
    const token = tokens[index]!;
    const word = token.kind === 'word' || token.kind === 'punctuation' || token.kind === 'operator' ? words[index]! : '';
    const starts = startsStatement.has(previous);
    const top = stack.at(-1);
    switch (word) {
      case 'declare': if (starts) declared = token.start; break;
      case 'begin':
        if (starts || previous === 'declare') {
          open('block', declared >= 0 ? declared : token.start);
          if (left.has(label)) regions.at(-1)!.caught = true;
          declared = -1;
          label = '';
        }
        break;
      case 'exception':
        if (starts && top !== 'expression' && top?.kind === 'block') {
          const { choice, caught } = top;
          top.caught = true;
          close(index);
          open('handler', token.start, choice);
          if (!caught) handled.set(regions.at(-1)!, { block: top, first: index + 1 });
        }
        break;
      case '>>': if (left.size > 0 && words[index - 2] === '<<') label = words[index - 1]!; break;
      case 'loop':
        if (previous !== 'end') {
          open('loop', token.end);
          regions.at(-1)!.runs = runsOverConstants(tokens, words, index, () => assigned ??= assignmentsIn(words));
        }
        label = '';
        break;
      case 'if': if (starts) waiting.push(begin(false)); break;
      case 'case':
        if (previous === 'end') break;
        // Without a branch for what it finds CASE fails.
        if (starts) waiting.push(begin(true));
        else stack.push('expression');
        break;
      case 'elsif': case 'elseif':
        if (top !== 'expression' && top?.kind === 'branch') waiting.push(close(index)!.choice);
        break;
      case 'when':
        if (starts && top !== 'expression' && top?.kind === 'branch') waiting.push(close(index)!.choice);
        break;
      case 'then':
        if (top !== 'expression' && waiting.length > 0) open('branch', token.end, waiting.pop());
        break;
      case 'else':
        if (top !== 'expression' && top?.kind === 'branch') {
          open('branch', token.end, close(index)!.choice);
          choices.get(regions.at(-1)!.choice)!.complete = true;
        }
        break;
      case 'exit': case 'continue':
        if (starts) for (const one of stack) if (one !== 'expression') one.jumps = true;
        break;
      case 'end': {
        const closed = close(index);
        const around = parent();
        if (closed?.kind === 'branch' && around?.kind === 'branch') last.set(around, { choice: choices.get(closed.choice)!, end: index });
        const handler = handled.get(closed!);
        if (handler && alwaysLeaves(tokens, words, handler.first, index)) handler.block.caught = false;
        break;
      }
    }
    previous = word === '>>' ? ';' : word;
  }
  return { regions, choices };
}

/** `FOREACH t IN ARRAY ARRAY['a', 'b'] LOOP`, also where a variable holds the array, `FOR i IN 1 .. 3 LOOP`. `loop`: the index of the word; `assignments`: by name. */
function runsOverConstants(tokens: readonly Token[], words: readonly string[], loop: number, assignments: () => ReadonlyMap<string, readonly number[]>): boolean {
  const [, first, last] = /(?:^|; |begin |then |else |loop )for [\w$]+ in (\d+) \.\. (\d+)$/.exec(words.slice(Math.max(0, loop - longestRange), loop).join(' ')) ?? [];
  if (first !== undefined) return Number(first) <= Number(last);
  const array = words[loop - 2] === 'array' && words[loop - 3] === 'in' ? words[loop - 1]! : undefined;
  if (array === undefined) return words[loop - 1] === ']' && isConstantArray(tokens, words, words.lastIndexOf('[', loop), loop);
  const [assigned, ...others] = assignments().get(array) ?? [];
  if (assigned === undefined || others.length > 0 || assigned > loop) return false;
  const equals = findWord(words, assigned + 1, words.length, (word) => word === ':=' || word === '=' || word === 'default');
  return words[equals + 1] === 'array' && isConstantArray(tokens, words, equals + 2, words.indexOf(';', equals));
}

/** In words. */
const longestRange = 8;
const longestType = 8;

/** The indexes of names that something is put into, all of a body at once. */
function assignmentsIn(words: readonly string[]): ReadonlyMap<string, readonly number[]> {
  const found = new Map<string, number[]>();
  for (let at = 0; at < words.length; at++) {
    if (!isAssigned(words, at)) continue;
    const before = found.get(words[at]!);
    if (before) before.push(at);
    else found.set(words[at]!, [at]);
  }
  return found;
}

/** `a text[] := …`, `a := …`, `SELECT … INTO a` */
function isAssigned(words: readonly string[], at: number): boolean {
  if (words[at - 1] === 'into' || words[at + 1] === '[') return true;
  const rest = words.slice(at + 1, at + longestType);
  const equals = rest.findIndex((word) => word === ':=' || word === '=' || word === 'default');
  return equals >= 0 && /^(?:;|declare|begin|then|else|loop)$/.test(words[at - 1] ?? 'declare') && rest.slice(0, equals).every((word) => /^[\w$.()[\],]+$/.test(word));
}

/** `['a', 'b']` with nothing else, up to `end`. */
function isConstantArray(tokens: readonly Token[], words: readonly string[], open: number, end: number): boolean {
  const close = words.indexOf(']', open);
  if (words[open] !== '[' || words[open - 1] !== 'array' || close <= open + 1 || close > end) return false;
  return tokens.slice(open + 1, close).every(({ kind }, index) => (index % 2 === 0 ? kind === 'string' || kind === 'number' : words[open + 1 + index] === ','));
}

interface Ended {
  readonly choice: Choice;
  readonly end: number;
}

/** `IF a THEN RAISE …; ELSE RETURN; END IF;` at the end of the words before `index`: how its branches leave, when each of them does. */
function leavingChoice(last: Ended | undefined, index: number): Leaving | undefined {
  if (last === undefined || last.end + endIf < index || !last.choice.complete) return undefined;
  const ways = last.choice.branches.map(({ leaves }) => leaves);
  return ways.includes(undefined) ? undefined : (['jump', 'raise', 'return'] as const).find((way) => ways.includes(way));
}

/** The words of `END IF;` and `END CASE;`. */
const endIf = 3;

/** `EXIT work`, `EXIT work WHEN x IS NULL` */
function labelsLeft(words: readonly string[]): ReadonlySet<string> {
  const labels = new Set<string>();
  for (let at = words.indexOf('exit'); at >= 0; at = words.indexOf('exit', at + 1)) labels.add(words[at + 1]!);
  return labels;
}

/** `WHEN no_data_found THEN RAISE EXCEPTION 'no such table';` in every case: nothing behind the block runs then. */
function alwaysLeaves(tokens: readonly Token[], all: readonly string[], first: number, end: number): boolean {
  const words = all.slice(first, end).map((word, at) => (/^(string|dollar)$/.test(tokens[first + at]!.kind) ? "''" : word));
  if (words.some((word) => /^(if|case|loop|begin|exit|continue)$/.test(word))) return false;
  const cases = words.join(' ').split(/(?:^|; )when /).slice(1);
  return cases.length > 0 && cases.every((one) => {
    const last = one.slice(one.search(/\bthen\b/) + 'then '.length).replace(/ ?;?$/, '').split(' ; ').at(-1)!;
    return /^raise\b(?! (notice|warning|info|log|debug)\b)/.test(last) || /^return\b(?! (next|query)\b)/.test(last);
  });
}

const startsStatement = new Set([';', 'then', 'else', 'begin', 'loop', 'declare']);

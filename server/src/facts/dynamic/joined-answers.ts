import { isGivenAnyway } from './given-anyway.ts';
import type { Token } from '../../syntax/sql/lexer.ts';
import { tokenText } from '../../syntax/sql/lexer.ts';
import { contains } from '../../text.ts';
import type { Conclusion } from './conditions.ts';
import type { IsVariable } from './lookups.ts';
import type { Question } from './questions.ts';
import { nameAt } from './questions.ts';
import type { Region, Regions } from './regions.ts';
import type { Spoilers } from './spoilers.ts';
import { argumentsAt } from './refusals.ts';
import { given } from './refusing-calls.ts';
import { closingOf, findWord, startsStatement } from './word-ranges.ts';
import type { Write } from './writes.ts';

/** The branches that are come into only when something is known of variables. */
type Told = readonly (readonly [Region, readonly Conclusion[]])[];

/** Functions that give NULL unless they find what they are given at these places. */
interface Finding {
  readonly finds: ReadonlyMap<string, readonly number[]>;
  readonly isVariable: IsVariable;
}

/** A statement whose text is NULL unless something has been found. Offsets. */
export interface JoinedAnswer {
  readonly names: readonly string[];
  readonly start: number;
  readonly end: number;
  /** The index of its first word. */
  readonly first: number;
  /** Where EXECUTE has run the text, which fails for NULL: nothing behind runs without what has been found. */
  readonly behind: number | undefined;
}

/**
 * `SELECT string_agg(column_name, ',') INTO list FROM … WHERE table_name = x; EXECUTE 'SELECT ' || list || ' FROM ' || x`: without such a table the
 * list is NULL, and with it everything that `||` joins to it, which EXECUTE refuses, as `%I` of format() does. So it is with what is set in the branches
 * of `IF x = 'a' THEN ending := '.a'; ELSIF x = 'b' THEN ending := '.b'; END IF` alone.
 */
export function* joinedAnswers(tokens: readonly Token[], words: readonly string[], text: string, questions: readonly Question[], told: Told, spoilers: Spoilers, regions: Regions, isParameter: IsVariable, calls: Finding): Iterable<JoinedAnswer> {
  if (told.length === 0 && calls.finds.size === 0 && !questions.some(({ names }) => names.length > 0)) return;
  const answers = new Answers(tokens, words, questions, told, spoilers, regions, isParameter);
  for (let at = nextJoin(words, 0); at >= 0; at = nextJoin(words, at + 1)) {
    let first = at;
    while (first > 0 && at - first < longestStatement && !startsStatement.has(words[first - 1]!)) first--;
    let end = at;
    while (end < words.length && words[end] !== ';' && words[end] !== 'loop') end++;
    if (end - first < longestStatement && isPutTogether(words, first)) yield* answersIn(tokens, words, first, end, text, answers, calls);
    at = end;
  }
}

function nextJoin(words: readonly string[], from: number): number {
  return findWord(words, from, words.length, (word) => word === '||' || word === 'format');
}

/** In words. */
const longestStatement = 2_000;

/** `EXECUTE …`, `FOR r IN EXECUTE …`, `q := …` */
function isPutTogether(words: readonly string[], first: number): boolean {
  return /^(execute|open|for)$/.test(words[first]!) || words[first + 1] === ':=' || words[first + 1] === '=' || (words[first] === 'return' && words[first + 1] === 'query');
}

function* answersIn(tokens: readonly Token[], words: readonly string[], first: number, end: number, text: string, answers: Answers, { finds, isVariable }: Finding): Iterable<JoinedAnswer> {
  const names = new Set<string>();
  /** By open parenthesis: whether what stands in it comes out as NULL when it is NULL. */
  const keeps: boolean[] = [];
  let kept = 0;
  for (let at = first; at < end; at++) {
    const word = words[at]!;
    if (word === 'case') return;
    if (word === 'format' && words[at + 1] === '(' && kept === 0) {
      for (const name of namesIn(tokens, words, at + 1, end, text)) for (const one of answers.of(name, tokens[first]!.start)) names.add(one);
    }
    if (kept === 0 && finds.has(word) && words[at + 1] === '(' && isOperand(words, at, end)) for (const name of given(finds.get(word), words, at, end, isVariable)) names.add(name);
    if (word === '(') {
      keeps.push(!/^[a-z_]/.test(words[at - 1]!) || keepsNull.has(words[at - 1]!));
      if (!keeps.at(-1)) kept++;
    } else if (word === ')' && keeps.pop() === false) kept--;
    if (word !== '||' || kept > 0) continue;
    for (const name of operandsBeside(words, at)) for (const one of answers.of(name, tokens[first]!.start)) names.add(one);
  }
  if (names.size > 0) yield { names: [...names], start: tokens[first]!.start, end: tokens[end]?.start ?? tokens.at(-1)!.end, first, behind: executedBehind(words, first, end, tokens) };
}

/** `'SELECT ' || app.columns_of(x) || ' FROM '` */
function isOperand(words: readonly string[], called: number, end: number): boolean {
  let first = called;
  while (words[first - 1] === '.') first -= 2;
  return words[first - 1] === '||' || words[closingOf(words, called + 1, end) + 1] === '||';
}

/** Behind `EXECUTE a || b;` and behind `q := a || b; EXECUTE q;` */
function executedBehind(words: readonly string[], first: number, end: number, tokens: readonly Token[]): number | undefined {
  if (words[first] === 'execute') return tokens[end]?.end;
  const runs = words[end] === ';' && words[end + 1] === 'execute' && words[end + 2] === words[first] && /^(:=|=)$/.test(words[first + 1] ?? '');
  const last = runs ? words.indexOf(';', end + 1) : -1;
  return tokens[last]?.end;
}

const keepsNull = new Set(['execute', 'quote_ident', 'quote_literal', 'lower', 'upper', 'trim', 'btrim', 'rtrim', 'ltrim', 'left', 'right', 'substr', 'replace']);

/** Those that `%I` quotes, which fails for NULL. */
function namesIn(tokens: readonly Token[], words: readonly string[], open: number, end: number, text: string): string[] {
  const template = tokens[open + 1];
  if (template?.kind !== 'string' && template?.kind !== 'dollar') return [];
  let next = 1;
  const places: number[] = [];
  for (const [, number, letter] of tokenText(template, text).matchAll(/%(?:(\d+)\$)?-?\d*([sIL%])/g)) {
    if (letter === '%') continue;
    const place = number === undefined ? next : Number(number);
    next = place + 1;
    if (letter === 'I') places.push(place);
  }
  return argumentsAt(places, words, open, end).flatMap(([from, to]) => (to - from === 1 || (to - from === 3 && words[from + 1] === '.') ? [nameAt(words, from)] : []));
}

/** The names before and behind `||` that stand alone or in a function that gives NULL for NULL. */
function operandsBeside(words: readonly string[], at: number): string[] {
  const inCall = keepsNull.has(words[at + 1] ?? '') && words[at + 2] === '(';
  const behind = nameAt(words, inCall ? at + 3 : at + 1);
  const before = words[at - 2] === '.' ? `${words[at - 3]}.${words[at - 1]}` : words[at - 1]!;
  return words[at + 2] === '(' && !inCall ? [before] : [before, behind];
}

/** Which variables have been asked about wherever a variable is something else than NULL. */
class Answers {
  readonly #tokens: readonly Token[];
  readonly #words: readonly string[];
  readonly #spoilers: Spoilers;
  readonly #isParameter: IsVariable;
  readonly #questions: readonly Question[];
  readonly #loops: readonly { readonly loop: Region; readonly names: readonly string[] }[];
  readonly #known = new Map<string, readonly Asked[]>();

  constructor(tokens: readonly Token[], words: readonly string[], questions: readonly Question[], told: Told, spoilers: Spoilers, regions: Regions, isParameter: IsVariable) {
    this.#tokens = tokens;
    this.#words = words;
    this.#spoilers = spoilers;
    this.#isParameter = isParameter;
    this.#questions = questions.filter(({ names, always, called }) => names.length > 0 && always !== 'count' && always !== 'value' && !called);
    const branches = told.slice(0, mostBranches).map(([loop, held]) => ({ loop, names: held.map(([name]) => name) }));
    this.#loops = branches.concat(this.#questions.flatMap(({ names, passes, end }) => {
      const loop = passes === 'inside' ? regions.at(tokens[end]!.end) : undefined;
      return loop === undefined ? [] : [{ loop, names: [...names] }];
    }));
  }

  /** As they were when something was asked, they still are at `offset`. */
  of(name: string, offset: number): readonly string[] {
    let asked = this.#known.get(name);
    if (asked === undefined) this.#known.set(name, (asked = this.#read(name)));
    return asked.flatMap(({ names, at }) => names.filter((one) => !this.#spoilers.isWritten(one, at, offset)));
  }

  #read(name: string): readonly Asked[] {
    const writes = this.#spoilers.writesOf(name);
    if (writes.length === 0 || writes.length > mostWrites || this.#isParameter(name)) return [];
    const [first, ...others] = writes.map((write) => this.#askedFor(write));
    const everywhere = (one: string) => others.every((asked) => asked.some(({ names }) => names.includes(one)));
    return first!.map(({ names, at }) => ({ names: names.filter(everywhere), at }));
  }

  #askedFor({ at, target, statement }: Write): readonly Asked[] {
    const asking = this.#questions.find(({ into, start, end }) => into.includes(target) && this.#tokens[start]!.start <= statement.start && this.#tokens[end]!.end >= at);
    const own = asking !== undefined && isGivenAnyway(this.#words, asking.start, asking.end, asking.into, target) ? undefined : asking;
    const loops = this.#loops.filter(({ loop }) => contains(loop, at)).map(({ loop, names }) => ({ names, at: loop.start }));
    return own === undefined ? loops : [{ names: own.names, at: this.#tokens[own.end]!.end }, ...loops];
  }
}

interface Asked {
  readonly names: readonly string[];
  /** The offset behind which they have been. */
  readonly at: number;
}

const mostWrites = 20;
const mostBranches = 500;

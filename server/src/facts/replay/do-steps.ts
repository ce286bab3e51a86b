import { lex } from '../../syntax/sql/lexer.ts';
import { decodeWithPlaces } from '../../syntax/sql/literals.ts';
import type { RoutineBody } from '../../syntax/sql/plpgsql.ts';
import { splitStatements, statementText, type StatementText } from '../../syntax/sql/statements.ts';
import { shift, type Span } from '../../text.ts';
import type { Cursor } from '../sql/cursor.ts';
import { literalOf } from '../sql/sql-literals.ts';
import { BlockCursor } from './block-cursor.ts';
import type { Circumstance, DoStep, IfTest, Running } from './block-steps.ts';
import { writtenCalls } from './calls.ts';
import { truthOf, valueOf, type Constants, type Value } from './constant-value.ts';
import { readCondition } from './do-conditions.ts';
import { catalogLoop, loopRounds } from './do-loops.ts';
import { Memory } from './do-variables.ts';
import { effectsOf } from './statement-effects.ts';
import { Notes } from '../../notes.ts';

type Left = 'never' | 'perhaps' | 'surely';

const known = new Notes<StatementText, readonly DoStep[]>();

/** What a DO statement may do, in order, whatever the database is like. */
export function doSteps(written: StatementText): readonly DoStep[] {
  let steps = known.get(written);
  if (!steps) known.set(written, steps = written.body ? new BlockReader(written.body).read() : []);
  return steps;
}

/** Runs a block; `parameters`: what a routine was called with. */
export function runBlock(body: RoutineBody, running: Running, parameters: Constants = new Map()): void {
  new BlockReader(body, running, parameters).read();
}

/** Loops are written out up to here: what is kept, and what is run at once. */
const [maximumSteps, maximumRun] = [2000, 20_000];
const maximumDepth = 200;
const maybe: Circumstance = { test: { kind: 'unknown' }, is: true };

/** Reads a block from its beginning to its end. With somebody who runs it, it goes only where the block goes, as far as that can be known. */
class BlockReader {
  readonly #body: RoutineBody;
  readonly #at: BlockCursor;
  readonly #cursor: Cursor;
  readonly #running: Running | undefined;
  readonly #maximum: number;
  readonly #memory = new Memory();
  readonly #steps: DoStep[] = [];
  #written = 0;
  /** Commands that may do anything. */
  #opaque = 0;
  #only: readonly Circumstance[] = [];
  /** RETURN, EXIT or CONTINUE leaves what is being read, as far as is known. */
  #left: Left = 'never';
  /** It was surely left, up to the end of what is named here. */
  #gone: 'block' | 'loop' | 'round' | undefined;
  /** What is read does not run. */
  #silent = 0;
  /** What is read is looked at before it runs. */
  #collecting = 0;
  /** Statements that are still looked at: loops in loops are written out only so far. */
  #budget = 20_000;
  #depth = 0;

  constructor(body: RoutineBody, running?: Running, parameters: Constants = new Map()) {
    this.#body = body;
    this.#at = new BlockCursor(body);
    this.#cursor = this.#at.cursor;
    this.#running = running;
    this.#maximum = running ? maximumRun : maximumSteps;
    for (const [name, value] of parameters) this.#memory.set(name, value);
  }

  read(): readonly DoStep[] {
    while (!this.#cursor.done && this.#written < this.#maximum) {
      this.#list();
      this.#cursor.index++;
    }
    return this.#steps;
  }

  /** Who runs what comes next at once. */
  get #live(): Running | undefined {
    return this.#collecting === 0 && !this.#isSilent && this.#budget > 0 ? this.#running : undefined;
  }

  get #isSilent(): boolean {
    return this.#silent > 0 || this.#gone !== undefined;
  }

  /** Statements up to the word that ends them. */
  #list(): void {
    const outside = this.#only;
    // What is nested deeper is not read, nor is what follows it.
    if (++this.#depth > maximumDepth) this.#cursor.index = this.#cursor.tokens.length;
    while (!this.#cursor.done && !/^(END|ELSE|ELSIF|ELSEIF|EXCEPTION|WHEN)$/.test(this.#cursor.word())) this.#statement();
    this.#only = outside;
    this.#depth--;
  }

  #silently(read: () => void): void {
    this.#silent++;
    read();
    this.#silent--;
  }

  /** Reads what comes without running it, and goes back. */
  #ahead<T>(read: () => T): T {
    const [begin, only, left, memory, first, written] = [this.#cursor.index, this.#only, this.#left, this.#memory.copy(), this.#steps.length, this.#written];
    this.#collecting++;
    const found = read();
    this.#collecting--;
    this.#cursor.index = begin;
    this.#only = only;
    this.#left = left;
    this.#memory.become(memory);
    this.#steps.length = first;
    this.#written = written;
    return found;
  }

  #statement(): void {
    const cursor = this.#cursor;
    this.#budget--;
    switch (cursor.word()) {
      case 'DECLARE': return this.#declarations();
      case 'BEGIN': return this.#block();
      case 'IF': return this.#branches(undefined);
      case 'LOOP': return this.#loop(undefined);
      case 'WHILE': case 'FOR': case 'FOREACH': return this.#loop(this.#at.take());
      case 'CASE': {
        const header = this.#at.take();
        return this.#branches(header ? this.#at.textOf(header).replace(/^\w+/, '') : '');
      }
    }
    const span = this.#at.take();
    if (span && !this.#isSilent) this.#simple(span);
    cursor.takeText(';');
  }

  #declarations(): void {
    const from = this.#cursor.token()!.start;
    while (!this.#cursor.done && this.#cursor.word() !== 'BEGIN') this.#cursor.index++;
    const to = this.#cursor.token()?.start ?? this.#body.text.length;
    for (const { at, name, type, value } of this.#at.code.declarations) {
      if (at.start > from && at.start < to && !this.#isSilent) this.#memory.declare(name, type, value && this.#at.textOf(value));
    }
  }

  #block(): void {
    const running = this.#live;
    if (running && this.#ahead(() => this.#isHandled())) {
      const first = this.#steps.length;
      this.#collecting++;
      this.#blockWithHandlers();
      this.#collecting--;
      for (const step of this.#steps.splice(first)) running.run(step);
    } else this.#blockWithHandlers();
  }

  /** The block that begins here has handlers. */
  #isHandled(): boolean {
    this.#cursor.index++;
    this.#list();
    return this.#cursor.word() === 'EXCEPTION';
  }

  #blockWithHandlers(): void {
    this.#cursor.index++;
    const first = this.#steps.length;
    const before = this.#opaque;
    if (this.#leaves(() => this.#list()) !== 'never') this.#leave();
    if (this.#cursor.take('EXCEPTION')) this.#handlers(first, this.#opaque > before);
    this.#at.end();
  }

  /** The block runs to its end, or what it did is taken back and a handler runs. */
  #handlers(first: number, other: boolean): void {
    const outside = this.#only;
    const inside = this.#steps.splice(first);
    const caught: string[] = [];
    const handlers: number[] = [];
    const test = {
      kind: 'block' as const, effects: inside.flatMap(({ effects }) => effects), duplicates: false, other: other || inside.some(({ each, calls }) => each ?? calls),
    };
    this.#steps.push(...inside.map((step) => ({ ...step, only: [...step.only.slice(0, outside.length), { test, is: true }, ...step.only.slice(outside.length)] })));
    while (this.#cursor.word() === 'WHEN') {
      const header = this.#at.take();
      caught.push(header ? this.#at.textOf(header) : '');
      this.#cursor.take('THEN');
      handlers.push(this.#steps.length);
      this.#only = [...outside, { test, is: false }, ...handlers.length > 1 || !this.#at.isLast() ? [maybe] : []];
      this.#list();
      this.#only = outside;
    }
    test.duplicates = caught.every((text) => /^when\s+(duplicate_\w+(\s+or\s+duplicate_\w+)*|unique_violation)\s*$/i.test(text));
  }

  /** IF, or the branches of CASE; `sought` stands behind CASE. */
  #branches(sought: string | undefined): void {
    const running = this.#live;
    const tests = running && this.#ahead(() => this.#possibleBranches(sought));
    if (running && tests) this.#chosenBranch(running, tests);
    else this.#possibleBranches(sought);
  }

  /** Goes into the branch whose condition holds, and into those of which nobody knows. */
  #chosenBranch(running: Running, tests: readonly (IfTest | undefined)[]): void {
    const outside = this.#only;
    const before = this.#memory.copy();
    let taken: boolean | undefined = false;
    let left: Left = 'never';
    for (const test of tests) {
      if (this.#at.branchHeader() === undefined) break;
      const holds: boolean | undefined = taken === true ? false : test ? running.holds(test) : true;
      if (holds === false) {
        this.#silently(() => this.#list());
        continue;
      }
      const sure = holds === true && taken === false;
      this.#only = sure ? outside : [...outside, maybe];
      const leaves = this.#leaves(() => this.#list());
      if (leaves !== 'never') left = leaves;
      if (!sure) this.#memory.forgetWhatDiffers(before);
      taken = holds === true ? true : undefined;
      this.#only = outside;
    }
    if (left !== 'never') this.#leave();
    this.#at.end();
  }

  /** All branches, each under its condition. */
  #possibleBranches(sought: string | undefined): readonly (IfTest | undefined)[] {
    const outside = this.#only;
    const refused: Circumstance[] = [];
    const before = this.#memory.copy();
    const tests: (IfTest | undefined)[] = [];
    let after = outside;
    let creating: IfTest | undefined;
    for (;;) {
      const header = this.#at.branchHeader();
      if (header === undefined) break;
      const from = this.#steps.length;
      const text = sought?.trim() && header !== '' ? `(${sought}) IN (${header})` : header;
      const test: IfTest | undefined = header === '' ? undefined : { kind: 'if', condition: readCondition(text, this.#memory), creates: false };
      tests.push(test);
      this.#only = [...outside, ...refused, ...test ? [{ test, is: true }] : []];
      const left = this.#leaves(() => this.#list());
      const [only, ...others] = [...refused, ...test ? [{ test, is: true }] : []];
      if (left !== 'never') after = [...outside, left === 'surely' && only && others.length === 0 && after === outside ? { ...only, is: !only.is } : maybe];
      if (creating && this.#steps.slice(from).some(({ effects }) => effects.some((effect) => effect.do.startsWith('create')))) creating.creates = true;
      if (test) refused.push({ test, is: false });
      creating = test ?? creating;
    }
    this.#only = after;
    if (after !== outside && this.#left === 'never') this.#left = 'perhaps';
    this.#memory.forgetWhatDiffers(before);
    this.#at.end();
    return tests;
  }

  #leaves(read: () => void): Left {
    const before = this.#left;
    this.#left = 'never';
    read();
    const left = this.#left;
    this.#left = before;
    return left;
  }

  /** What comes next may not be reached. */
  #leave(): void {
    this.#only = [...this.#only, maybe];
    if (this.#left === 'never') this.#left = 'perhaps';
  }

  #loop(header: Span | undefined): void {
    const running = this.#live;
    const text = header && !this.#isSilent ? this.#at.textOf(header) : '';
    const rounds = this.#isSilent ? undefined : loopRounds(text, this.#memory.constants);
    const each = rounds ? undefined : catalogLoop(text, this.#memory.constants);
    const rows = each && running?.rows(each.query);
    this.#cursor.take('LOOP');
    const begin = this.#cursor.index;
    if (rounds && rounds.length > 0 && this.#budget > 0) this.#rounds(rounds, begin);
    else if (rounds?.length === 0 && running) this.#silently(() => this.#list());
    else if (rows && each) this.#rounds(rows.map((row) => each.values(row)), begin);
    else {
      const outside = this.#only;
      if (!this.#isSilent) this.#forgetFrom(header?.start ?? 0);
      const first = this.#steps.length;
      this.#only = [...outside, maybe];
      if (this.#leaves(() => this.#list()) !== 'never') this.#leave();
      this.#only = outside;
      if (each && header && !this.#isSilent) {
        this.#steps.length = first;
        const memory = this.#memory.copy();
        this.#emit({
          effects: [], only: outside, inStatement: () => this.#body.inStatement(header),
          each: { query: each.query, steps: (row) => new BlockReader(this.#body).readRound(begin, new Map([...memory.constants, ...each.values(row)])) },
        });
      }
    }
    this.#at.end();
  }

  /** What the commands from here on may set. */
  #forgetFrom(start: number): void {
    for (const { target, span } of this.#at.code.assignments) if (span.start >= start) this.#memory.forget(target);
    for (const span of this.#at.code.statements) if (span.start >= start) this.#memory.forgetSet(this.#at.textOf(span));
  }

  /** The loop as often as it runs. The cursor is on its first statement. */
  #rounds(rounds: readonly Constants[], begin: number): void {
    for (const values of rounds) {
      if (this.#gone) break;
      for (const [name, value] of values) this.#memory.set(name, value);
      this.#cursor.index = begin;
      if (this.#leaves(() => this.#list()) !== 'never') this.#leave();
      if (this.#gone === 'round') this.#gone = undefined;
    }
    if (this.#gone === 'loop') this.#gone = undefined;
    if (rounds.length === 0) this.#silently(() => this.#list());
    for (const name of rounds[0]?.keys() ?? []) this.#memory.forget(name);
  }

  /** One round of a loop whose commands begin at a token. */
  readRound(begin: number, constants: Constants): readonly DoStep[] {
    for (const [name, value] of constants) this.#memory.set(name, value);
    this.#cursor.index = begin;
    this.#list();
    return this.#steps;
  }

  #simple(span: Span): void {
    const text = this.#at.textOf(span);
    const word = /^\w+/.exec(text)?.[0].toUpperCase() ?? '';
    const assignment = this.#at.assignmentAt(span);
    if (assignment) return this.#memory.assign(assignment.target, this.#at.textOf(assignment.value));
    if (/^(EXIT|CONTINUE|RETURN)$/.test(word) && !/^return\s+(next|query)\b/i.test(text)) return this.#depart(word, text);
    if (word === 'EXECUTE') return this.#execute(span);
    if (word === 'SELECT' || word === 'PERFORM') this.#memory.select(text);
    else this.#memory.forgetSet(text);
    const inStatement = (inside: Span): Span => this.#body.inStatement(shift(inside, span.start));
    if (/^(PERFORM|CALL|SELECT)$/.test(word)) this.#call(text, inStatement);
    this.#add(statementText(text), inStatement);
  }

  /** RETURN, EXIT and CONTINUE, perhaps with WHEN. */
  #depart(word: string, text: string): void {
    const [, when] = /\bwhen\b(.*)$/is.exec(text) ?? [];
    const value: Value | undefined = word === 'RETURN' || when === undefined ? true : truthOf(valueOf(when, this.#memory.constants)) ?? undefined;
    if (this.#live && this.#only.length === 0 && value !== undefined && !/^\w+\s+(?!when\b)\w/i.test(word === 'RETURN' ? '' : text)) {
      if (value) this.#gone = word === 'RETURN' ? 'block' : word === 'EXIT' ? 'loop' : 'round';
      return;
    }
    this.#only = [...this.#only, maybe];
    this.#left = when === undefined ? 'surely' : 'perhaps';
  }

  #call(text: string, inStatement: DoStep['inStatement']): void {
    this.#opaque++;
    const calls = writtenCalls(text, new Map(this.#memory.constants));
    if (calls) this.#emit({ effects: [], only: this.#only, calls, inStatement: () => inStatement({ start: 0, end: text.length }) });
  }

  #execute(span: Span): void {
    this.#memory.forgetInto(this.#at.textOf(span));
    const site = this.#at.executeAt(span);
    if (!site) return void this.#opaque++;
    const written = this.#at.textOf(site.expression);
    const tokens = lex(written, 'body').filter(({ kind }) => kind !== 'comment');
    const literal = tokens.length === 1 ? literalOf(tokens[0], written) : undefined;
    const text = literal?.value ?? valueOf(written, this.#memory.constants);
    if (typeof text !== 'string' || text.length > 100_000) return void this.#opaque++;
    this.#memory.executed(text, this.#at.textOf({ start: site.expression.end, end: span.end }));
    const { starts, ends } = literal ? decodeWithPlaces(literal.text) : { starts: [], ends: [] };
    for (const part of splitStatements(text).statements) {
      const inStatement = (inside: Span): Span => {
        if (!literal) return this.#body.inStatement(site.expression);
        const { start, end } = shift(inside, part.span.start);
        const from = starts[start] ?? ends.at(-1) ?? 0;
        return this.#body.inStatement(shift({ start: from, end: end <= start ? from : ends[end - 1]! }, site.expression.start + literal.start));
      };
      if (/^(SELECT|CALL)\b/.test(part.written.head)) this.#call(part.written.text, inStatement);
      this.#add(part.written, inStatement);
    }
  }

  #add(written: StatementText, inStatement: (span: Span) => Span): void {
    const effects = effectsOf(written);
    if (effects.length > 0) this.#emit({ effects, only: this.#only, inStatement });
  }

  #emit(step: DoStep): void {
    if (this.#isSilent || ++this.#written > this.#maximum) return;
    const running = this.#live;
    if (running) running.run(step);
    else this.#steps.push(step);
  }
}

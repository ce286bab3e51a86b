import { lex } from '../../syntax/sql/lexer.ts';
import { decodeWithPlaces } from '../../syntax/sql/literals.ts';
import type { PlpgsqlBody, RoutineBody } from '../../syntax/sql/plpgsql.ts';
import { splitStatements, statementText, type StatementText } from '../../syntax/sql/statements.ts';
import { shift, type Span } from '../../text.ts';
import { readCatalogQuery, type CatalogQuery } from './catalog-rows.ts';
import { constantListOf, constantOf } from './constant-text.ts';
import { longestBody } from '../sql/body-tokens.ts';
import { Cursor } from '../sql/cursor.ts';
import { readCondition, type Condition } from './do-conditions.ts';
import type { Effect } from './effects.ts';
import { literalOf } from '../sql/sql-literals.ts';
import { effectsOf } from './statement-effects.ts';

/** What decides whether a command of a DO block runs. The same object stands at every command that it decides about. */
export type Test =
  | { readonly kind: 'if'; readonly condition: Condition; readonly creates: boolean }
  /** A block with handlers gets to its end; `duplicates`: they catch nothing but what exists already. `other`: it does more than `effects`. */
  | { readonly kind: 'block'; readonly effects: readonly Effect[]; readonly duplicates: boolean; readonly other: boolean }
  /** How often a loop runs, or what a branch asks, is not known. */
  | { readonly kind: 'unknown' };

export interface Circumstance {
  readonly test: Test;
  readonly is: boolean;
}

/** One command of a DO block. */
export interface DoStep {
  readonly effects: readonly Effect[];
  /** It runs only if all of them hold, outermost first. */
  readonly only: readonly Circumstance[];
  /** A loop over objects of the database: it does something for each of them. */
  readonly each?: Each;
  /** A span of the command in the offsets of the DO statement. */
  inStatement(span: Span): Span;
}

export interface Each {
  readonly query: CatalogQuery;
  steps(row: ReadonlyMap<string, string>): readonly DoStep[];
}

type Left = 'never' | 'perhaps' | 'surely';

const known = new WeakMap<StatementText, readonly DoStep[]>();

/** What a DO statement does, in order. */
export function doSteps(written: StatementText): readonly DoStep[] {
  let steps = known.get(written);
  if (!steps) known.set(written, steps = read(written));
  return steps;
}

function read({ body }: StatementText): readonly DoStep[] {
  return body !== undefined && body.text.length <= longestBody && body.plpgsql ? new DoReader(body, body.plpgsql).read() : [];
}

/** Loops are written out up to here. */
const maximumSteps = 2000;
const maximumDepth = 200;
const maybe: Circumstance = { test: { kind: 'unknown' }, is: true };

class DoReader {
  readonly #body: RoutineBody;
  readonly #code: PlpgsqlBody;
  readonly #cursor: Cursor;
  readonly #statements: ReadonlyMap<number, Span>;
  readonly #assignments: ReadonlyMap<number, PlpgsqlBody['assignments'][number]>;
  readonly #executes: ReadonlyMap<number, PlpgsqlBody['executes'][number]>;
  readonly #constants = new Map<string, string | readonly string[]>();
  readonly #steps: DoStep[] = [];
  /** Commands that may do anything. */
  #opaque = 0;
  #only: readonly Circumstance[] = [];
  /** RETURN, EXIT or CONTINUE leaves what is being read. */
  #left: Left = 'never';
  /** Statements that are still looked at: loops in loops are written out only so far. */
  #budget = 5000;
  #depth = 0;

  constructor(body: RoutineBody, code: PlpgsqlBody) {
    this.#body = body;
    this.#code = code;
    this.#cursor = new Cursor(body.text, code.tokens);
    this.#statements = new Map(code.statements.map((span) => [span.start, span]));
    this.#assignments = new Map(code.assignments.map((one) => [one.span.start, one]));
    this.#executes = new Map(code.executes.map((one) => [one.span.start, one]));
  }

  read(): readonly DoStep[] {
    while (!this.#cursor.done && this.#steps.length < maximumSteps) {
      this.#list();
      this.#cursor.index++;
    }
    return this.#steps;
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

  #statement(): void {
    const cursor = this.#cursor;
    this.#budget--;
    switch (cursor.word()) {
      case 'DECLARE': return this.#declarations();
      case 'BEGIN': return this.#block();
      case 'IF': return this.#if();
      case 'LOOP': return this.#loop(undefined);
      case 'WHILE': case 'FOR': case 'FOREACH': return this.#loop(this.#take());
      case 'CASE': return this.#case();
    }
    const span = this.#take();
    if (span) this.#simple(span);
    cursor.takeText(';');
  }

  /** Steps over the statement or the header of one that is here; over one token where none is. */
  #take(): Span | undefined {
    const span = this.#statements.get(this.#cursor.token()!.start);
    if (span) this.#goTo(span.end);
    else this.#cursor.index++;
    return span;
  }

  #goTo(end: number): void {
    while (!this.#cursor.done && this.#cursor.token()!.start < end) this.#cursor.index++;
  }

  #declarations(): void {
    const from = this.#cursor.token()!.start;
    while (!this.#cursor.done && this.#cursor.word() !== 'BEGIN') this.#cursor.index++;
    const to = this.#cursor.token()?.start ?? this.#body.text.length;
    for (const { at, name, value } of this.#code.declarations) {
      if (at.start > from && at.start < to) this.#set(name, value && this.#textOf(value));
    }
  }

  #textOf({ start, end }: Span): string {
    return this.#body.text.slice(start, end);
  }

  #set(name: string, text: string | undefined): void {
    const value = text === undefined ? undefined : constantOf(text, this.#constants) ?? constantListOf(text, this.#constants);
    if (value === undefined) this.#constants.delete(name);
    else this.#constants.set(name, value);
  }

  #block(): void {
    this.#cursor.index++;
    const first = this.#steps.length;
    const before = this.#opaque;
    if (this.#leaves(() => this.#list()) !== 'never') this.#leave();
    if (this.#cursor.take('EXCEPTION')) this.#handlers(first, this.#opaque > before);
    this.#end();
  }

  /** The block runs to its end, or what it did is taken back and a handler runs. */
  #handlers(first: number, other: boolean): void {
    const outside = this.#only;
    const inside = this.#steps.splice(first);
    const caught: string[] = [];
    const handlers: number[] = [];
    const test = { kind: 'block' as const, effects: inside.flatMap(({ effects }) => effects), duplicates: false, other: other || inside.some(({ each }) => each) };
    this.#steps.push(...inside.map((step) => ({ ...step, only: [...step.only.slice(0, outside.length), { test, is: true }, ...step.only.slice(outside.length)] })));
    while (this.#cursor.word() === 'WHEN') {
      const header = this.#take();
      caught.push(header ? this.#textOf(header) : '');
      this.#cursor.take('THEN');
      handlers.push(this.#steps.length);
      this.#only = [...outside, { test, is: false }, ...handlers.length > 1 || !this.#isLast() ? [maybe] : []];
      this.#list();
      this.#only = outside;
    }
    test.duplicates = caught.every((text) => /^when\s+(duplicate_\w+(\s+or\s+duplicate_\w+)*|unique_violation)\s*$/i.test(text));
  }

  #isLast(): boolean {
    for (let ahead = 0; this.#cursor.token(ahead); ahead++) {
      if (this.#cursor.word(ahead) === 'WHEN') return false;
      if (this.#cursor.word(ahead) === 'END') return true;
    }
    return true;
  }

  /** `END`, `END IF`, `END LOOP label` … */
  #end(): void {
    while (!this.#cursor.done && this.#cursor.here() !== ';') this.#cursor.index++;
    this.#cursor.index++;
  }

  #if(): void {
    const outside = this.#only;
    const refused: Circumstance[] = [];
    const before = new Map(this.#constants);
    let after = outside;
    let creating: { creates: boolean } | undefined;
    for (;;) {
      const word = this.#cursor.word();
      if (word === 'ELSE') this.#cursor.index++;
      else if (word !== 'IF' && word !== 'ELSIF' && word !== 'ELSEIF') break;
      const from = this.#steps.length;
      let test: { kind: 'if'; condition: Condition; creates: boolean } | undefined;
      if (word !== 'ELSE') {
        const header = this.#take();
        this.#cursor.take('THEN');
        test = { kind: 'if', condition: readCondition(header ? this.#textOf(header).replace(/^\w+/, '') : '', this.#constants), creates: false };
      }
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
    for (const name of [...this.#constants.keys()]) if (before.get(name) !== this.#constants.get(name)) this.#constants.delete(name);
    for (const name of before.keys()) if (!this.#constants.has(name)) this.#constants.delete(name);
    this.#end();
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

  #case(): void {
    const outside = this.#only;
    this.#take();
    this.#only = [...outside, maybe];
    while (this.#cursor.word() === 'WHEN' || this.#cursor.word() === 'ELSE') {
      if (this.#cursor.word() === 'ELSE') this.#cursor.index++;
      else this.#take();
      this.#cursor.take('THEN');
      this.#list();
    }
    this.#only = outside;
    this.#end();
  }

  #loop(header: Span | undefined): void {
    const rounds = header && this.#roundsOf(this.#textOf(header));
    const each = header && !rounds ? this.#catalogLoop(this.#textOf(header)) : undefined;
    this.#cursor.take('LOOP');
    const begin = this.#cursor.index;
    const outside = this.#only;
    const round = (): void => {
      this.#cursor.index = begin;
      if (this.#leaves(() => this.#list()) !== 'never') this.#leave();
    };
    if (rounds && rounds.length > 0 && this.#budget > 0) {
      for (const values of rounds) {
        for (const [name, value] of values) this.#constants.set(name, value);
        round();
      }
      for (const name of rounds[0]!.keys()) this.#constants.delete(name);
    } else {
      for (const { target, span } of this.#code.assignments) if (span.start >= (header?.start ?? 0)) this.#constants.delete(target);
      const first = this.#steps.length;
      this.#only = [...outside, maybe];
      round();
      this.#only = outside;
      if (each && header) {
        this.#steps.length = first;
        this.#steps.push({ effects: [], only: outside, inStatement: () => this.#body.inStatement(header), each: this.#each(each, begin) });
      }
    }
    this.#end();
  }

  #catalogLoop(header: string): { readonly name: string; readonly query: CatalogQuery } | undefined {
    const [, name, text] = /^for\s+(\w+)\s+in\s+(.*)$/is.exec(header) ?? [];
    const query = text === undefined ? undefined : readCatalogQuery(text, this.#constants);
    return name !== undefined && query ? { name: name.toLowerCase(), query } : undefined;
  }

  #each({ name, query }: { readonly name: string; readonly query: CatalogQuery }, begin: number): Each {
    const constants = new Map(this.#constants);
    return {
      query,
      steps: (row) => {
        const values = [...row].flatMap(([column, value]): [string, string][] => [[`${name}.${column}`, value], ...row.size === 1 ? [[name, value] as [string, string]] : []]);
        return new DoReader(this.#body, this.#code).readRound(begin, new Map([...constants, ...values]));
      },
    };
  }

  /** One round of a loop whose commands begin at a token. */
  readRound(begin: number, constants: ReadonlyMap<string, string | readonly string[]>): readonly DoStep[] {
    for (const [name, value] of constants) this.#constants.set(name, value);
    this.#cursor.index = begin;
    this.#list();
    return this.#steps;
  }

  /** The values of the loop's variables, round by round; undefined when the loop does not go through constants. */
  #roundsOf(header: string): readonly ReadonlyMap<string, string>[] | undefined {
    const cursor = new Cursor(header, lex(header, 'body'));
    const each = cursor.take('FOREACH');
    if (!each && !cursor.take('FOR')) return undefined;
    const name = cursor.part()?.name;
    if (name === undefined || !cursor.take('IN')) return undefined;
    if (each) return cursor.take('ARRAY') ? this.#rounds(cursor.rest(), [name]) : undefined;
    const numbers = /^(\d+)\s*\.\.\s*(\d+)$/.exec(cursor.rest());
    if (numbers) {
      const [from, to] = [Number(numbers[1]), Number(numbers[2])];
      return to - from < 200 ? Array.from({ length: Math.max(0, to - from + 1) }, (_, i) => new Map([[name, String(from + i)]])) : undefined;
    }
    const unnested = /^\(?\s*select\s+(?:\*\s+from\s+)?(?:pg_catalog\s*\.\s*)?unnest\s*\((.*)\)\s*(?:as\s+)?(?:(\w+)\s*(?:\(\s*(\w+)\s*\))?)?\s*\)?$/is.exec(cursor.rest());
    if (!unnested) return undefined;
    const column = (unnested[3] ?? unnested[2] ?? 'unnest').toLowerCase();
    return this.#rounds(unnested[1]!, [name, `${name}.${column}`]);
  }

  #rounds(list: string, names: readonly string[]): readonly ReadonlyMap<string, string>[] | undefined {
    return constantListOf(list, this.#constants)?.map((value) => new Map(names.map((name) => [name, value])));
  }

  #simple(span: Span): void {
    const text = this.#textOf(span);
    const word = /^\w+/.exec(text)?.[0].toUpperCase() ?? '';
    const assignment = this.#assignments.get(span.start);
    if (assignment) return this.#set(assignment.target, this.#textOf(assignment.value));
    if (word === 'RETURN' || word === 'EXIT' || word === 'CONTINUE') {
      this.#only = [...this.#only, maybe];
      this.#left = /\bwhen\b/i.test(text) ? 'perhaps' : 'surely';
    }
    const into = /\binto\s+(?:strict\s+)?([\w.]+(?:\s*,\s*[\w.]+)*)/i.exec(text);
    if (into) for (const name of into[1]!.toLowerCase().split(/\s*,\s*/)) this.#constants.delete(name);
    if (word === 'PERFORM' || word === 'CALL' || word === 'SELECT') this.#opaque++;
    if (word === 'EXECUTE') this.#execute(span);
    else this.#add(statementText(text), (inside) => this.#body.inStatement(shift(inside, span.start)));
  }

  #execute(span: Span): void {
    const site = this.#executes.get(span.start);
    if (!site) return void this.#opaque++;
    const written = this.#textOf(site.expression);
    const tokens = lex(written, 'body').filter(({ kind }) => kind !== 'comment');
    const literal = tokens.length === 1 ? literalOf(tokens[0], written) : undefined;
    const text = literal?.value ?? constantOf(written, this.#constants);
    if (text === undefined || text.length > 100_000) return void this.#opaque++;
    const { starts, ends } = literal ? decodeWithPlaces(literal.text) : { starts: [], ends: [] };
    for (const part of splitStatements(text).statements) {
      this.#add(part.written, (inside) => {
        if (!literal) return this.#body.inStatement(site.expression);
        const { start, end } = shift(inside, part.span.start);
        const from = starts[start] ?? ends.at(-1) ?? 0;
        return this.#body.inStatement(shift({ start: from, end: end <= start ? from : ends[end - 1]! }, site.expression.start + literal.start));
      });
    }
  }

  #add(written: StatementText, inStatement: (span: Span) => Span): void {
    const effects = effectsOf(written);
    if (effects.length > 0 && this.#steps.length < maximumSteps) this.#steps.push({ effects, only: this.#only, inStatement });
  }
}

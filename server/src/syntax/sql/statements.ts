import type { Written } from '../../document.ts';
import type { Span } from '../../text.ts';
import { shift } from '../../text.ts';
import { isPostgres } from './dialect.ts';
import { headOf } from './head.ts';
import { Lexer, lex, type Token } from './lexer.ts';
import { Lru } from './lru.ts';
import { findRoutineBody, type RoutineBody } from './plpgsql.ts';
import { parsePostgres, type Parsed } from './postgres.ts';

/** A SQL file, cut into statements. Every input gives one; nothing in it throws. */
export interface SqlFile extends Written {
  readonly text: string;
  readonly statements: readonly Statement[];
  /** False when the text is surely not PostgreSQL's dialect (T-SQL, MySQL, Oracle …): such a file gets no findings. */
  readonly postgres: boolean;
  /** Lets go of what was found out about the statements; it is found out anew when it is asked for again. */
  release(): void;
}

export interface Statement {
  /** In the file: from the first token that is not a comment to the end of the last one; the semicolon is not part of it. */
  readonly span: Span;
  /** Just behind the semicolon, or `span.end` when there is none. */
  readonly end: number;
  readonly terminated: boolean;
  /** What is written, independent of its place; the same object for the same text, so facts can be kept by it. */
  readonly written: StatementText;
}

/** The text of one statement. All offsets in here count from the start of the statement. */
export interface StatementText {
  readonly text: string;
  readonly tokens: readonly Token[];
  /** The leading keywords in upper case, single blanks: `CREATE OR REPLACE FUNCTION`, `ALTER DEFAULT PRIVILEGES`, `DO`; at most six. */
  readonly head: string;
  /** PostgreSQL's own tree; parsed on first use. */
  readonly parsed: Parsed;
  /** The body of CREATE FUNCTION, CREATE PROCEDURE and DO, found by tokens, so also when the statement does not parse. */
  readonly body: RoutineBody | undefined;
}

export function splitStatements(text: string): SqlFile {
  const { statements, comments } = new Splitter(text).run();
  return new CutFile(text, statements, comments);
}

/** What is written in one statement, by its text. Statements are looked at again on every keystroke, but only a few are new. */
export function statementText(text: string): StatementText {
  return known.get(text, (own) => new WrittenText(own));
}

/** Who goes through many files has no use for what was found out about their statements. */
export function forgetStatements(): void {
  known.clear();
}

/**
 * Lets go of the long statements of `before` that touch `changed`, where somebody has edited it: every keystroke in a routine makes another
 * one, and what is found out about it takes fifty times its length.
 */
export function forgetReplaced(before: string, changed: Span): void {
  for (const { span: { start, end } } of splitStatements(before).statements) {
    if (end - start > longStatement && start <= changed.end && changed.start <= end) known.forget(before.slice(start, end));
  }
}

/** In characters; of shorter ones the last versions do no harm. */
const longStatement = 2_000;

const known = new Lru<StatementText>(40_000, 8_000_000);

class WrittenText implements StatementText {
  readonly text: string;
  #tokens: readonly Token[] | undefined;
  #head: string | undefined;
  #parsed: Parsed | undefined;
  #body: RoutineBody | undefined | null = null;

  constructor(text: string) {
    this.text = text;
  }

  get tokens(): readonly Token[] {
    return this.#tokens ??= lex(this.text);
  }

  get head(): string {
    return this.#head ??= headOf(this.text);
  }

  get parsed(): Parsed {
    return this.#parsed ??= parsePostgres(this.text);
  }

  get body(): RoutineBody | undefined {
    if (this.#body === null) this.#body = mayHaveBody.test(this.head) ? findRoutineBody(this.tokens, this.text) : undefined;
    return this.#body;
  }
}

const mayHaveBody = /^(?:DO|CREATE (?:OR REPLACE )?(?:FUNCTION|PROCEDURE))$/;

class CutStatement implements Statement {
  readonly span: Span;
  readonly end: number;
  readonly terminated: boolean;
  /** The file. Once the statement was read it is its own text, unless that saves little: a statement may live longer than its file. */
  #source: string;
  #isOwn = false;
  #written: StatementText | undefined;

  constructor(file: string, span: Span, semicolonEnd: number | undefined) {
    this.#source = file;
    this.span = span;
    this.end = semicolonEnd ?? span.end;
    this.terminated = semicolonEnd !== undefined;
  }

  get written(): StatementText {
    if (this.#written === undefined) {
      this.#written = statementText(this.#isOwn ? this.#source : this.#source.slice(this.span.start, this.span.end));
      this.#isOwn ||= this.#source.length > smallFile;
      if (this.#isOwn) this.#source = this.#written.text;
    }
    return this.#written;
  }

  release(): void {
    this.#written = undefined;
  }
}

/** Characters of a file that statements may keep in memory: all of them share it, and there may be one of each time that it was edited. */
const smallFile = 10_000;

class CutFile implements SqlFile {
  readonly text: string;
  readonly statements: readonly CutStatement[];
  readonly #comments: readonly Span[];
  #postgres: boolean | undefined;
  #inside: { readonly comments: readonly Span[]; readonly units: readonly Span[] } | undefined;

  constructor(text: string, statements: readonly CutStatement[], comments: readonly Span[]) {
    this.text = text;
    this.statements = statements;
    this.#comments = comments;
  }

  release(): void {
    for (const statement of this.statements) statement.release();
  }

  get postgres(): boolean {
    return this.#postgres ??= isPostgres(this.text);
  }

  get comments(): readonly Span[] {
    return this.#lookInside().comments;
  }

  get units(): readonly Span[] {
    return this.#lookInside().units;
  }

  #lookInside() {
    if (this.#inside !== undefined) return this.#inside;
    const comments = [...this.#comments];
    const units: Span[] = [];
    for (const statement of this.statements) {
      units.push(statement.span);
      const body = opensBody.test(this.text.slice(statement.span.start, statement.span.start + 200)) ? statement.written.body : undefined;
      if (body === undefined) continue;
      const toFile = (span: Span) => shift(body.inStatement(span), statement.span.start);
      const inner = insideBody(body);
      for (const comment of inner.comments) comments.push(toFile(comment));
      for (const unit of inner.units) units.push(toFile(unit));
    }
    comments.sort((a, b) => a.start - b.start);
    return this.#inside = { comments, units };
  }
}

/** Saves asking every INSERT of a dump for its body. */
const opensBody = /^(?:create|do|\S*[{$@])/i;

function insideBody(body: RoutineBody): { comments: readonly Span[]; units: readonly Span[] } {
  if (body.plpgsql !== undefined) {
    return { comments: body.plpgsql.tokens.filter((token) => token.kind === 'comment'), units: body.plpgsql.statements };
  }
  if (body.language !== 'sql') return { comments: [], units: [] };
  const { statements, comments } = new Splitter(body.text).run();
  return { comments, units: statements.map((statement) => statement.span) };
}

/** Walks over the tokens once and notes where statements end. */
class Splitter {
  readonly #text: string;
  readonly #lexer: Lexer;
  readonly #statements: CutStatement[] = [];
  readonly #comments: Span[] = [];
  #start = -1;
  #end = -1;
  #parens = 0;
  #kind: 'other' | 'create' | 'routine' | 'rule' = 'other';
  /** Nesting of BEGIN ATOMIC and CASE, each of which an END closes. */
  #blocks = 0;
  #afterBegin = false;

  constructor(text: string) {
    this.#text = text;
    this.#lexer = new Lexer(text);
  }

  run(): { statements: readonly CutStatement[]; comments: readonly Span[] } {
    const lexer = this.#lexer;
    while (lexer.next()) {
      switch (lexer.kind) {
        case 'comment':
          this.#comments.push({ start: lexer.start, end: lexer.end });
          break;
        case 'copydata':
          break;
        case 'meta':
          this.#meta();
          break;
        case 'punctuation':
          this.#punctuation(this.#text.charCodeAt(lexer.start));
          break;
        case 'word':
          this.#word();
          break;
        case 'operator':
          this.#operator();
          break;
        default:
          this.#extend();
      }
    }
    this.#finish(undefined);
    return { statements: this.#statements, comments: this.#comments };
  }

  #extend(): void {
    if (this.#start < 0) this.#start = this.#lexer.start;
    this.#end = this.#lexer.end;
    this.#afterBegin = false;
  }

  /** psql reads its own commands in the middle of an open parenthesis too; everywhere else one of them parts statements. */
  #meta(): void {
    const separator = this.#text.charCodeAt(this.#lexer.start + 1) === 59;
    if (this.#parens === 0 || separator || this.#text.charCodeAt(this.#lexer.start + 1) === 103) this.#finish(undefined);
  }

  #punctuation(code: number): void {
    if (code === 59 && this.#blocks === 0 && (this.#parens === 0 || this.#kind !== 'rule')) return this.#finish(this.#lexer.end);
    if (code === 40) this.#parens++;
    else if (code === 41 && this.#parens > 0) this.#parens--;
    this.#extend();
  }

  #word(): void {
    const { start, end } = this.#lexer;
    if (end - start === 2 && this.#blocks === 0 && this.#isBatchEnd(start, end)) return this.#finish(undefined);
    if (this.#start < 0 || this.#kind !== 'other') {
      const word = this.#text.slice(start, end).toLowerCase();
      if (this.#kind === 'routine') return this.#routineWord(word);
      if (this.#kind === 'create') this.#createWord(word);
      else if (this.#start < 0 && word === 'create') this.#kind = 'create';
    }
    this.#extend();
  }

  /** A `/` on a line of its own ends a routine for tools that people have brought along from Oracle, some of which want `/-- END`. */
  #operator(): void {
    const { start, end } = this.#lexer;
    const ends = this.#kind === 'routine' && this.#parens === 0 && this.#blocks === 0 && end - start === 1 && this.#text[start] === '/' && this.#isAlone(start, end);
    if (ends) this.#finish(undefined);
    else this.#extend();
  }

  #createWord(word: string): void {
    if (word === 'function' || word === 'procedure') this.#kind = 'routine';
    else if (word === 'rule') this.#kind = 'rule';
    else if (word !== 'or' && word !== 'replace') this.#kind = 'other';
  }

  #routineWord(word: string): void {
    const afterBegin = this.#afterBegin;
    this.#extend();
    if (word === 'begin') this.#afterBegin = true;
    else if (word === 'atomic' && afterBegin && this.#blocks === 0) this.#blocks = 1;
    else if (word === 'case' && this.#blocks > 0) this.#blocks++;
    else if (word === 'end' && this.#blocks > 0) this.#blocks--;
  }

  /** T-SQL's `GO` stands alone on its line. */
  #isBatchEnd(start: number, end: number): boolean {
    const written = this.#text.slice(start, end);
    return (written === 'GO' || (written === 'go' && this.#start < 0)) && this.#isAlone(start, end);
  }

  /** Nothing but blanks and a comment stands beside it in its line. */
  #isAlone(start: number, end: number): boolean {
    restOfLine.lastIndex = end;
    if (!restOfLine.test(this.#text)) return false;
    for (let at = start - 1; at >= 0; at--) {
      const code = this.#text.charCodeAt(at);
      if (code === 10 || code === 13) return true;
      if (code !== 32 && code !== 9) return false;
    }
    return true;
  }

  #finish(semicolonEnd: number | undefined): void {
    if (this.#start >= 0) this.#statements.push(new CutStatement(this.#text, { start: this.#start, end: this.#end }, semicolonEnd));
    this.#start = -1;
    this.#parens = 0;
    this.#kind = 'other';
    this.#blocks = 0;
    this.#afterBegin = false;
  }
}

const restOfLine = /[ \t]*(?:--[^\r\n]*)?(?:[\r\n]|$)/y;

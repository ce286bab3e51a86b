import type { Written } from '../../document.ts';
import type { Span } from '../../text.ts';
import type { Token } from './lexer.ts';
import type { RoutineBody } from './plpgsql.ts';
import type { Parsed } from './postgres.ts';

/** A SQL file, cut into statements. Every input gives one; nothing in it throws. */
export interface SqlFile extends Written {
  readonly text: string;
  readonly statements: readonly Statement[];
  /** False when the text is surely not PostgreSQL's dialect (T-SQL, MySQL, Oracle …): such a file gets no findings. */
  readonly postgres: boolean;
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

export declare function splitStatements(text: string): SqlFile;

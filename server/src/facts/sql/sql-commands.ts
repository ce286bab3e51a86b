import type { Token } from '../../syntax/sql/lexer.ts';
import { contentStart, decodeWithPlaces } from '../../syntax/sql/literals.ts';
import type { SqlFile, Statement, StatementText } from '../../syntax/sql/statements.ts';
import { splitStatements, statementText } from '../../syntax/sql/statements.ts';
import type { Span } from '../../text.ts';
import { shift } from '../../text.ts';
import { literalOf, quoteIn, type Literal } from './sql-literals.ts';
import { longestBody } from './body-tokens.ts';
import { Notes } from '../../notes.ts';

/**
 * One SQL command that runs: a statement of the file, or one inside a DO block or the body of a routine, where it runs later and with
 * other rights; there also the constant text of an EXECUTE, as that of a SELECT in front of psql's `\gexec`.
 */
export interface SqlCommand {
  /** What PostgreSQL reads: inside a body in quotes without their doubling. */
  readonly written: StatementText;
  /** The statement of the file that it is or that holds it. */
  readonly statement: Statement;
  readonly inside: 'file' | 'do' | 'routine';
  /** A span of `written.text` in the file's offsets; it covers what is written there, doubled quotes included. */
  inFile(span: Span): Span;
  /** Text as it has to be written at that place of the file; undefined when it cannot be written there. */
  quote(text: string): string | undefined;
}

/** Every command of a file, outer before inner. What a PL/pgSQL body says besides SQL (IF, assignments …) comes as it is written. */
export function sqlCommands(file: SqlFile): readonly SqlCommand[] {
  return file.statements.flatMap((statement) => [outer(statement), ...innerCommands(statement), ...executedByPsql(file, statement)]);
}

/** The statement itself. */
export function outer(statement: Statement): SqlCommand {
  return { written: statement.written, statement, inside: 'file', inFile: (span) => shift(span, statement.span.start), quote: (text) => text };
}

/** The commands in the body of a DO block or a routine. */
export function innerCommands(statement: Statement): readonly SqlCommand[] {
  return commandsInBody(outer(statement));
}

/** The same of a command that may itself stand in a body. */
export function commandsInBody(around: SqlCommand): readonly SqlCommand[] {
  const { written: { body, head }, statement } = around;
  if (!body) return [];
  const inside = head === 'DO' ? 'do' : 'routine';
  return pieces(around.written).flatMap(({ start, written }) => {
    const command: SqlCommand = {
      written, statement, inside,
      inFile: (span) => around.inFile(body.inStatement(shift(span, start))),
      quote: (text) => {
        const own = body.quote(text);
        return own === undefined ? undefined : around.quote(own);
      },
    };
    return [command, ...executed(command)];
  });
}

/** `SELECT 'CREATE ROLE …' WHERE NOT EXISTS (…) \gexec`: like a DO block it may run, and psql puts no variables into it. */
export function executedByPsql({ text }: SqlFile, statement: Statement): SqlCommand[] {
  if (statement.terminated || !/^\s*\\gexec\b/.test(text.slice(statement.span.end, statement.span.end + 100))) return [];
  return executed({ ...outer(statement), inside: 'do' }, 'SELECT');
}

/** `EXECUTE 'CREATE ROLE …'`; what is put together while it runs is not known. */
function executed(command: SqlCommand, head = 'EXECUTE'): SqlCommand[] {
  if (!isConstant(command.written, head)) return [];
  const literal = literalOf(codeOf(command.written)[1], command.written.text);
  return literal ? commandsIn(command, literal) : [];
}

/** The commands in a constant of a command. */
export function commandsIn(command: SqlCommand, literal: Literal): SqlCommand[] {
  const { statement, inside } = command;
  const { value, starts, ends } = decodeWithPlaces(literal.text);
  if (value.trim() === '') return [];
  return splitStatements(value).statements.map((part) => ({
    written: part.written, statement, inside,
    inFile(span) {
      const { start, end } = shift(span, part.span.start);
      const from = starts[start] ?? ends.at(-1)!;
      return command.inFile(shift({ start: from, end: end <= start ? from : ends[end - 1]! }, literal.start));
    },
    quote: (own) => quoteIn(command, literal.text.slice(0, contentStart(literal.text)), own),
  }));
}

/** `EXECUTE '…'`, `EXECUTE '…' USING x` */
export function isConstantExecute(written: StatementText): boolean {
  return isConstant(written, 'EXECUTE');
}

function isConstant(written: StatementText, head: string): boolean {
  if (written.head !== head) return false;
  const [, literal, next] = codeOf(written);
  return (literal?.kind === 'string' || literal?.kind === 'dollar') && (next === undefined || next.kind === 'word');
}

function codeOf({ tokens }: StatementText): Token[] {
  return tokens.filter(({ kind }) => kind !== 'comment');
}

interface Piece {
  /** In the body. */
  readonly start: number;
  readonly written: StatementText;
}

const known = new Notes<StatementText, readonly Piece[]>();

function pieces(outside: StatementText): readonly Piece[] {
  const kept = known.get(outside);
  if (kept) return kept;
  const spans = spansIn(outside);
  const found = spans.map(({ start, end }) => ({ start, written: statementText(outside.body!.text.slice(start, end)) }));
  known.set(outside, found);
  return found;
}

function spansIn({ body }: StatementText): readonly Span[] {
  if (body !== undefined && body.text.length > longestBody) return [];
  if (body?.plpgsql) return body.plpgsql.statements;
  return body?.language === 'sql' ? splitStatements(body.text).statements.map(({ span }) => span) : [];
}

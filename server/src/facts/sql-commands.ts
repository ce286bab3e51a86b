import type { SqlFile, Statement, StatementText } from '../syntax/sql/statements.ts';
import { splitStatements, statementText } from '../syntax/sql/statements.ts';
import type { Span } from '../text.ts';
import { shift } from '../text.ts';

/** One SQL command that runs: a statement of the file, or one inside a DO block or the body of a routine, where it runs later and with other rights. */
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
  return file.statements.flatMap((statement) => [outer(statement), ...innerCommands(statement)]);
}

function outer(statement: Statement): SqlCommand {
  return { written: statement.written, statement, inside: 'file', inFile: (span) => shift(span, statement.span.start), quote: (text) => text };
}

/** The commands in the body of a DO block or a routine. */
export function innerCommands(statement: Statement): readonly SqlCommand[] {
  const { body, head } = statement.written;
  if (!body) return [];
  const inside = head === 'DO' ? 'do' : 'routine';
  return pieces(statement.written).map(({ start, written }) => ({
    written, statement, inside,
    inFile: (span) => shift(body.inStatement(shift(span, start)), statement.span.start),
    quote: (text) => body.quote(text),
  }));
}

interface Piece {
  /** In the body. */
  readonly start: number;
  readonly written: StatementText;
}

const known = new WeakMap<StatementText, readonly Piece[]>();

function pieces(outside: StatementText): readonly Piece[] {
  const kept = known.get(outside);
  if (kept) return kept;
  const spans = spansIn(outside);
  const found = spans.map(({ start, end }) => ({ start, written: statementText(outside.body!.text.slice(start, end)) }));
  known.set(outside, found);
  return found;
}

function spansIn({ body }: StatementText): readonly Span[] {
  if (body?.plpgsql) return body.plpgsql.statements;
  return body?.language === 'sql' ? splitStatements(body.text).statements.map(({ span }) => span) : [];
}

import { parsePostgres } from '../../syntax/sql/postgres.ts';
import { splitStatements } from '../../syntax/sql/statements.ts';
import type { SqlFile, Statement, StatementText } from '../../syntax/sql/statements.ts';
import { statementText } from '../../syntax/sql/statements.ts';
import type { Span } from '../../text.ts';
import { shift } from '../../text.ts';

/**
 * The file with its statements as they seem to be meant. A statement that is being written, without its semicolon or with a quote
 * still open, swallows what follows. Where PostgreSQL rejects it and a line in it begins a statement that PostgreSQL accepts, it ends there.
 */
export function withoutSwallowing(file: SqlFile): SqlFile {
  if (!file.postgres) return file;
  const pieces: Piece[] = [];
  let from = 0;
  let rest = file;
  while (pieces.length < maximumCuts) {
    const cut = findCut(rest);
    if (cut === undefined) break;
    pieces.push({ file: rest, from, to: from + cut });
    from += cut;
    rest = splitStatements(file.text.slice(from));
  }
  return pieces.length === 0 ? file : new PiecedFile(file, [...pieces, { file: rest, from, to: file.text.length }]);
}

/** Each costs reading the rest of the file again. */
const maximumCuts = 12;
/** A statement that begins in the middle of another one is looked at up to here. */
const window = 50_000;

/** A part of the text that was cut into statements for itself. */
interface Piece {
  readonly file: SqlFile;
  readonly from: number;
  readonly to: number;
}

class PiecedFile implements SqlFile {
  readonly text: string;
  readonly postgres = true;
  readonly statements: readonly Statement[];
  readonly #pieces: readonly Piece[];

  constructor({ text }: SqlFile, pieces: readonly Piece[]) {
    this.text = text;
    this.#pieces = pieces;
    this.statements = pieces.flatMap((piece) => piece.file.statements.flatMap((statement) => moved(text, statement, piece)));
  }

  release(): void {
    for (const { file } of this.#pieces) file.release();
  }

  get comments(): readonly Span[] {
    return this.#inside((file) => file.comments);
  }

  get units(): readonly Span[] {
    return this.#inside((file) => file.units);
  }

  #inside(spans: (file: SqlFile) => readonly Span[]): readonly Span[] {
    return this.#pieces.flatMap(({ file, from, to }) => spans(file).map((span) => shift(span, from)).filter(({ start }) => start < to)
      .map(({ start, end }) => ({ start, end: Math.min(end, to) })));
  }
}

/** A statement in the whole text; the one that reaches over the end of its piece is cut off there. */
function moved(text: string, statement: Statement, { from, to }: Piece): readonly Statement[] {
  const span = shift(statement.span, from);
  if (span.start >= to) return [];
  if (span.end <= to) return [{ span, end: statement.end + from, terminated: statement.terminated, get written() { return statement.written; } }];
  const end = span.start + text.slice(span.start, to).trimEnd().length;
  let written: StatementText | undefined;
  const cut: Statement = { span: { start: span.start, end }, end, terminated: false, get written() { return written ??= statementText(text.slice(span.start, end)); } };
  unfinished.add(cut);
  return [cut];
}

const unfinished = new WeakSet<Statement>();

/** The statement is still being written: PostgreSQL rejects it, or its end is not there yet. */
export function isUnfinished(statement: Statement): boolean {
  return unfinished.has(statement) || parsePostgres(statement.written.text).kind === 'error';
}

/** Where the first statement that swallows others should have ended. */
function findCut(file: SqlFile): number | undefined {
  const { text, statements } = file;
  lineStart.lastIndex = 0;
  let at = 0;
  // Behind the last statement there are only comments; one of them may lack its end.
  const open = text.includes('/*', statements.at(-1)?.end ?? 0);
  let rejected: Statement | undefined;
  for (let line = lineStart.exec(text); line; line = lineStart.exec(text)) {
    const start = line.index + line[1]!.length;
    while (at < statements.length && statements[at]!.span.end <= start) at++;
    const statement = statements[at];
    const swallowed = statement && statement.span.start < start ? statement : undefined;
    if (!swallowed && (!open || !isOpenComment(file, start))) continue;
    if (swallowed && indentation(text, swallowed.span.start) !== line[1]) continue;
    if (swallowed && rejected !== swallowed) {
      if (!isRejected(text.slice(swallowed.span.start, swallowed.span.end)) && !isSchema(text, swallowed)) {
        lineStart.lastIndex = swallowed.span.end;
        continue;
      }
      rejected = swallowed;
    }
    if (mayStart(text, start, swallowed)) return start;
  }
  return undefined;
}

/** The first words of statements at the start of a line. */
const lineStart = /^([ \t]*)(?:(?:create|alter|drop|grant|revoke|comment\s+on|set|reset|do|reassign|security\s+label|insert\s+into|copy)\b|(?:begin|commit|rollback)\s*;)/gim;

function indentation(text: string, start: number): string {
  const line = text.lastIndexOf('\n', start - 1) + 1;
  return /^[ \t]*/.exec(text.slice(line, start))![0];
}

/** CREATE SCHEMA may hold other statements, but who leaves its semicolon out mostly means to write it. */
function isSchema(text: string, { span }: Statement): boolean {
  return /^create\s+schema\b/i.test(text.slice(span.start, span.start + 40));
}

function isOpenComment({ text, comments }: SqlFile, start: number): boolean {
  const last = comments.at(-1);
  return last !== undefined && last.end === text.length && last.start < start && text.startsWith('/*', last.start) && !text.endsWith('*/');
}

function mayStart(text: string, start: number, swallowed: Statement | undefined): boolean {
  const option = /^(?:re)?set\b/i.test(text.slice(start, start + 6));
  // SET may also be an option of what stands in front of it.
  if (option && swallowed && !/\n[ \t]*\r?\n[ \t]*$/.test(text.slice(0, start)) && /^(?:create|alter)\b/i.test(text.slice(swallowed.span.start, swallowed.span.start + 7))) return false;
  const [first] = splitStatements(text.slice(start, start + window)).statements;
  return first !== undefined && first.span.start === 0 && isAccepted(text.slice(start, start + first.span.end));
}

/** A template or a psql variable that may hide the reason counts; a size does not. */
function isRejected(text: string): boolean {
  const { kind } = parsePostgres(text);
  return kind === 'error' || (kind === 'unknown' && text.length < window);
}

function isAccepted(text: string): boolean {
  return parsePostgres(text).kind === 'tree';
}

import type { Span } from '../../text.ts';
import { Cursor } from './cursor.ts';
import { commandsAndTexts } from './executed-text.ts';
import { literalOf } from './sql-literals.ts';
import type { SqlCommand } from './sql-commands.ts';
import type { SqlFacts } from '../sql.ts';

/** A COPY that reads or writes a file of the server, or runs a program there. Spans count from the start of the command. */
export interface ServerCopy {
  readonly command: SqlCommand;
  readonly writes: boolean;
  readonly program: boolean;
  /** `PROGRAM '…'`, or the path with its quotes. */
  readonly at: Span;
  /** The word COPY. */
  readonly keyword: Span;
  /** The program or the path; undefined where it is put in when the command runs. */
  readonly target: string | undefined;
}

/** Every COPY of a file, in routine bodies and in the texts that EXECUTE runs too, that does not talk to the client. */
export function* serverCopies(facts: SqlFacts): Iterable<ServerCopy> {
  if (!/\bcopy\b/i.test(facts.document.text)) return;
  for (const command of commandsAndTexts(facts)) {
    const copy = /^\s*copy\b/i.test(command.written.text) ? readCopy(command) : undefined;
    if (copy) yield copy;
  }
}

function readCopy(command: SqlCommand): ServerCopy | undefined {
  const cursor = Cursor.over(command.written);
  const keyword = cursor.token()!;
  cursor.index++;
  cursor.skipTo('FROM', 'TO');
  const writes = cursor.word() === 'TO';
  cursor.index++;
  const start = cursor.token();
  const program = cursor.take('PROGRAM');
  const token = cursor.token();
  // `FROM '` is the beginning of a text that something is appended to, `FROM %L` a place of format().
  const open = token !== undefined && (token.kind === 'string' || token.kind === 'dollar' || cursor.here().startsWith('%') || token.kind === 'parameter');
  if (start === undefined || (!program && !open)) return undefined;
  const literal = literalOf(token, cursor.text);
  const target = literal && !/%(\d+\$)?[sIL]/.test(literal.value) ? literal.value : undefined;
  return { command, writes, program, at: { start: start.start, end: endOf(cursor) }, keyword, target };
}

/** `%L` is two tokens. */
function endOf(cursor: Cursor): number {
  const [token, next] = [cursor.token() ?? cursor.token(-1)!, cursor.token(1)];
  return cursor.here() === '%' && next?.start === token.end ? next.end : token.end;
}

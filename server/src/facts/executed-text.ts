import { decodeWithPlaces } from '../syntax/sql/literals.ts';
import { splitStatements } from '../syntax/sql/statements.ts';
import { Cursor } from './cursor.ts';
import { literalOf, type Literal } from './sql-literals.ts';
import { isConstantExecute, type SqlCommand } from './sql-commands.ts';
import type { SqlFacts } from './sql.ts';

/** A command in the text that EXECUTE runs. */
export interface ExecutedCommand extends SqlCommand {
  /** Every name in the EXECUTE, in lower case: what may be put into the text. */
  readonly operands: readonly string[];
}

const known = new WeakMap<readonly SqlCommand[], readonly SqlCommand[]>();

/** Every command of a file, and what PL/pgSQL's EXECUTE runs, as far as its text is written out there. */
export function commandsAndTexts({ commands }: SqlFacts): readonly SqlCommand[] {
  const before = known.get(commands);
  if (before) return before;
  const all = commands.flatMap((command) => [command, ...executed(command)]);
  known.set(commands, all);
  return all;
}

/** The constant that EXECUTE's expression begins with: `EXECUTE 'COPY …'`, `EXECUTE format('COPY …', x)`, `EXECUTE 'COPY … ''' || x`. */
function executed(command: SqlCommand): readonly ExecutedCommand[] {
  if (command.inside === 'file' || !/\bexecute\b/i.test(command.written.text)) return [];
  const cursor = Cursor.over(command.written);
  while (!cursor.done && cursor.word() !== 'EXECUTE') cursor.index++;
  cursor.index++;
  while (cursor.here() === '(' || cursor.word() === 'FORMAT') cursor.index++;
  const literal = literalOf(cursor.token(), cursor.text);
  // A text that is written out as a whole is a command of the file already.
  if (isConstantExecute(command.written)) return [];
  return literal ? commandsIn(command, literal) : [];
}

function commandsIn(command: SqlCommand, literal: Literal): readonly ExecutedCommand[] {
  const { text, tokens } = command.written;
  const operands = tokens.filter(({ kind }) => kind === 'word').map((token) => text.slice(token.start, token.end).toLowerCase());
  const { value, starts, ends } = decodeWithPlaces(literal.text);
  return splitStatements(value).statements.map(({ span, written }) => ({
    written, statement: command.statement, inside: command.inside, operands,
    inFile: ({ start, end }) => command.inFile({
      start: literal.start + (starts[span.start + start] ?? ends.at(-1)!),
      end: literal.start + (end > start ? ends[span.start + end - 1]! : starts[span.start + start] ?? ends.at(-1)!),
    }),
    quote: (text) => inside(literal, text, command),
  }));
}

function inside({ text: written }: Literal, text: string, command: SqlCommand): string | undefined {
  if (written.startsWith('$')) return text.includes('$') ? undefined : command.quote(text);
  if (!written.startsWith("'")) return undefined;
  return command.quote(text.replaceAll("'", "''"));
}

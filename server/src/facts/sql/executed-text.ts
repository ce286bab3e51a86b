import { Cursor } from './cursor.ts';
import { literalOf } from './sql-literals.ts';
import { commandsIn, isConstantExecute, type SqlCommand } from './sql-commands.ts';
import type { SqlFacts } from '../sql.ts';
import { Notes } from '../../notes.ts';

/** A command in the text that EXECUTE runs. */
export interface ExecutedCommand extends SqlCommand {
  /** Every name in the EXECUTE, in lower case: what may be put into the text. */
  readonly operands: readonly string[];
}

const known = new Notes<readonly SqlCommand[], readonly SqlCommand[]>();

/** Every command of a file, and what PL/pgSQL's EXECUTE runs, as far as its text is written out there. */
export function commandsAndTexts({ commands }: SqlFacts): readonly SqlCommand[] {
  const before = known.get(commands);
  if (before) return before;
  const all = commands.flatMap((command) => [command, ...executed(command)]);
  known.set(commands, all);
  return all;
}

/**
 * The constant that EXECUTE's expression begins with: `EXECUTE format('COPY …', x)`, `EXECUTE 'COPY … ''' || x`. One that is all of it
 * is a command of the file already.
 */
function executed(command: SqlCommand): readonly ExecutedCommand[] {
  const { inside, written } = command;
  if (inside === 'file' || !/\bexecute\b/i.test(written.text) || isConstantExecute(written)) return [];
  const cursor = Cursor.over(written);
  while (!cursor.done && cursor.word() !== 'EXECUTE') cursor.index++;
  cursor.index++;
  while (cursor.here() === '(' || cursor.word() === 'FORMAT') cursor.index++;
  const literal = literalOf(cursor.token(), cursor.text);
  if (!literal) return [];
  const operands = cursor.tokens.filter(({ kind }) => kind === 'word').map((token) => cursor.of(token).toLowerCase());
  return commandsIn(command, literal).map((text) => ({ ...text, operands }));
}

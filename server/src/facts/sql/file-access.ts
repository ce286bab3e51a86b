import { decodeLiteral } from '../../syntax/sql/literals.ts';
import type { Span } from '../../text.ts';
import { Cursor } from './cursor.ts';
import type { SqlCommand } from './sql-commands.ts';

/** A file of the server, or a program on it, that a command names in a constant. */
export interface FileAccess {
  readonly command: SqlCommand;
  /** The constant, from the start of the command. */
  readonly at: Span;
  /** The path or the command line. */
  readonly text: string;
  readonly mode: 'read' | 'write' | 'program';
}

/** COPY with a file or PROGRAM, and the functions that read and write files. */
export function fileAccesses(command: SqlCommand): FileAccess[] {
  const { head, text } = command.written;
  if (head !== 'COPY' && !/\b(pg_read_(binary_)?file|pg_file_write|lo_(im|ex)port)\b/i.test(text)) return [];
  const cursor = Cursor.over(command.written);
  const found: FileAccess[] = [];
  const add = (ahead: number, mode: FileAccess['mode']) => {
    const at = cursor.token(ahead);
    if (at?.kind === 'string') found.push({ command, at, text: decodeLiteral(cursor.of(at)), mode });
  };
  for (; !cursor.done; cursor.index++) {
    const call = functions.get(cursor.word().toLowerCase());
    if (call !== undefined && cursor.here(1) === '(') add(call.argument * 2 + 2, call.mode);
    if (head !== 'COPY' || (cursor.word() !== 'FROM' && cursor.word() !== 'TO')) continue;
    if (cursor.word(1) === 'PROGRAM') add(2, 'program');
    else add(1, cursor.word() === 'FROM' ? 'read' : 'write');
  }
  return found;
}

/** The place of the path among the arguments; an argument in front of it is taken for one token. */
const functions: ReadonlyMap<string, { readonly argument: number; readonly mode: FileAccess['mode'] }> = new Map(Object.entries({
  pg_read_file: { argument: 0, mode: 'read' },
  pg_read_binary_file: { argument: 0, mode: 'read' },
  lo_import: { argument: 0, mode: 'read' },
  pg_file_write: { argument: 0, mode: 'write' },
  lo_export: { argument: 1, mode: 'write' },
}));

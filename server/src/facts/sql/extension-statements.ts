import type { Span } from '../../text.ts';
import { Cursor, type NamePart } from './cursor.ts';
import { isDump } from './dumps.ts';
import type { SqlCommand } from './sql-commands.ts';
import type { SqlFacts } from '../sql.ts';

/** A CREATE EXTENSION. Spans count from the start of the command. */
export interface CreateExtension {
  readonly command: SqlCommand;
  readonly name: NamePart;
  readonly schema: NamePart | undefined;
  /** The word CASCADE. */
  readonly cascade: Span | undefined;
  /** Where WITH SCHEMA goes, and whether the word WITH is there already. */
  readonly options: { readonly at: number; readonly with: boolean };
}

/** The extensions that a file creates and that stay. What a dump says was decided elsewhere. */
export function createdExtensions({ document, commands, schema }: SqlFacts): readonly CreateExtension[] {
  if (!/\bextension\b/i.test(document.text) || isDump(document)) return [];
  return commands.flatMap((command) => {
    const cursor = Cursor.over(command.written);
    const created = cursor.take('CREATE', 'EXTENSION') ? readCreate(command, cursor) : undefined;
    const stays = created && (command.inside === 'routine' || schema.extensions.some(({ name }) => name === created.name.name));
    return stays ? [created] : [];
  });
}

/** CREATE LANGUAGE without a handler is an old way to write CREATE EXTENSION. */
export interface CreateLanguage {
  readonly command: SqlCommand;
  readonly name: NamePart;
}

export function createdLanguages({ document, commands }: SqlFacts): readonly CreateLanguage[] {
  if (!/\bcreate\b[^;]*?\blanguage\b/i.test(document.text) || isDump(document)) return [];
  return commands.flatMap((command) => {
    const cursor = Cursor.over(command.written);
    if (!cursor.take('CREATE')) return [];
    cursor.take('OR', 'REPLACE');
    cursor.take('TRUSTED');
    cursor.take('PROCEDURAL');
    const name = cursor.take('LANGUAGE') ? cursor.part() : undefined;
    return name && name.kind !== 'template' && cursor.word() !== 'HANDLER' ? [{ command, name }] : [];
  });
}

function readCreate(command: SqlCommand, cursor: Cursor): CreateExtension | undefined {
  cursor.take('IF', 'NOT', 'EXISTS');
  const name = cursor.part();
  if (!name || name.kind === 'template') return undefined;
  const withWord = cursor.take('WITH');
  const options = { at: cursor.token(-1)!.end, with: withWord };
  let schema: NamePart | undefined;
  let cascade: Span | undefined;
  while (!cursor.done) {
    if (cursor.take('SCHEMA')) {
      schema = cursor.part();
      // Its name is still being written.
      if (!schema) return undefined;
    } else {
      if (cursor.word() === 'CASCADE') cascade = cursor.token()!;
      cursor.index++;
    }
  }
  return { command, name, schema, cascade, options };
}

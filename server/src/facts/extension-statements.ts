import type { Span } from '../text.ts';
import { Cursor, type NamePart } from './cursor.ts';
import { isDump } from './dumps.ts';
import type { SqlCommand } from './sql-commands.ts';
import type { SqlFacts } from './sql.ts';

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

/** The extensions that a file creates and does not drop again. What a dump says was decided elsewhere. */
export function createdExtensions({ document, commands }: SqlFacts): readonly CreateExtension[] {
  if (!/\bextension\b/i.test(document.text) || isDump(document)) return [];
  let created: CreateExtension[] = [];
  for (const command of commands) {
    const cursor = Cursor.over(command.written);
    if (cursor.take('CREATE', 'EXTENSION')) {
      const extension = readCreate(command, cursor);
      if (extension) created.push(extension);
    } else if (cursor.take('DROP', 'EXTENSION')) {
      const dropped = readNames(cursor);
      created = created.filter(({ name }) => !dropped.has(name.name));
    }
  }
  return created;
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
    if (cursor.take('SCHEMA')) schema = cursor.part();
    else {
      if (cursor.word() === 'CASCADE') cascade = cursor.token()!;
      cursor.index++;
    }
  }
  return { command, name, schema, cascade, options };
}

function readNames(cursor: Cursor): ReadonlySet<string> {
  const names = new Set<string>();
  cursor.take('IF', 'EXISTS');
  do {
    const name = cursor.part();
    if (name) names.add(name.name);
  } while (cursor.takeText(','));
  return names;
}

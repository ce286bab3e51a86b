import type { Document } from '../../document.ts';
import type { SqlFile, Statement } from '../../syntax/sql/statements.ts';
import { lastPart, schemaOf } from './named.ts';
import { refusalOf } from '../sql/refused.ts';
import { readRoutine } from '../sql/routine-text.ts';
import type { Schema } from '../schema.ts';

/** The statements of a document that make a routine which a later one drops or replaces, so that its body never runs again. */
export function replacedIn({ path, set }: Document, file: SqlFile, schema: Schema): ReadonlySet<Statement> {
  const found = new Set<Statement>();
  if (!/\b(?:create|drop)\b[^;]*?\b(?:function|procedure|routine)\b/i.test(file.text)) return found;
  for (const statement of file.statements) {
    const text = readRoutine(statement.written);
    if (!text || statement.written.head === 'DO') continue;
    const droppedBy = schema.droppedBy(statement);
    if (droppedBy === 'later file') {
      found.add(statement);
      continue;
    }
    const types = text.parameters.map(({ type }) => type).join();
    const routines = schema.routinesNamed(schemaOf(text.name), lastPart(text.name).name).filter((routine) => routine.types.join() === types);
    // What PostgreSQL refuses to create leaves what was there.
    const replaced = routines.some(({ created, place, moved, text: newer }) => !moved && created !== statement && (newer.replace || droppedBy === 'own file') && refusalOf(created.written) === undefined
      && (place.path === path ? created.span.start > statement.span.start : set?.ordered === true && isLater(set.files, path, place.path)));
    if (replaced && !routines.some(({ created }) => created === statement)) found.add(statement);
  }
  return found;
}

function isLater(files: readonly { readonly path: string }[], path: string, other: string): boolean {
  return files.findIndex((file) => file.path === other) > files.findIndex((file) => file.path === path);
}

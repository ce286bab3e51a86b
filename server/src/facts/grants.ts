import type { Span } from '../text.ts';
import type { Cursor, Name, NamePart } from './cursor.ts';
import { readParameters } from './parameters.ts';
import type { Parameter } from './parameters.ts';

/** GRANT or REVOKE on routines or schemas. Spans count from the start of the statement. */
export interface Grant {
  readonly revoke: boolean;
  readonly on: 'function' | 'procedure' | 'routine' | 'schema';
  /** In upper case; ALL PRIVILEGES is `ALL`. */
  readonly privileges: readonly string[];
  readonly objects: readonly { readonly name: Name; readonly parameters: readonly Parameter[] | undefined }[];
  /** The schemas of ON SCHEMA and of ON ALL … IN SCHEMA. */
  readonly schemas: readonly NamePart[];
  readonly roles: readonly NamePart[];
  readonly at: Span;
}

/** Undefined for grants on anything else. */
export function readGrant(cursor: Cursor): Grant | undefined {
  const start = cursor.token()?.start ?? 0;
  const revoke = cursor.word() === 'REVOKE';
  cursor.index++;
  // The privilege itself stays when only the right to pass it on is taken.
  if (cursor.take('GRANT', 'OPTION', 'FOR')) return undefined;
  const privileges = readPrivileges(cursor);
  if (!cursor.take('ON')) return undefined;
  const everything = cursor.take('ALL');
  const on = kinds[cursor.word()];
  if (!on) return undefined;
  cursor.index++;
  const inSchema = everything && cursor.take('IN', 'SCHEMA');
  const direct = !inSchema && cursor.word() !== 'TO' && cursor.word() !== 'FROM';
  const schemas = inSchema || on === 'schema' ? readParts(cursor) : [];
  const objects = direct && on !== 'schema' ? readObjects(cursor) : [];
  if (!cursor.take('TO') && !cursor.take('FROM')) return undefined;
  const roles = readRoles(cursor);
  return { revoke, on, privileges, objects, schemas, roles, at: { start, end: cursor.token(-1)!.end } };
}

export function isPublic(role: NamePart): boolean {
  return role.text.toLowerCase() === 'public';
}

const kinds: Readonly<Record<string, Grant['on']>> = {
  FUNCTION: 'function', FUNCTIONS: 'function', PROCEDURE: 'procedure', PROCEDURES: 'procedure',
  ROUTINE: 'routine', ROUTINES: 'routine', SCHEMA: 'schema',
};

function readPrivileges(cursor: Cursor): string[] {
  const privileges: string[] = [];
  while (!cursor.done && cursor.word() !== 'ON') {
    const word = cursor.word();
    if (word !== '' && word !== 'PRIVILEGES') privileges.push(word);
    cursor.skip();
  }
  return privileges;
}

function readParts(cursor: Cursor): NamePart[] {
  const parts: NamePart[] = [];
  do {
    const part = cursor.part();
    if (part) parts.push(part);
  } while (cursor.takeText(','));
  return parts;
}

function readRoles(cursor: Cursor): NamePart[] {
  const roles: NamePart[] = [];
  do {
    cursor.take('GROUP');
    const role = cursor.part();
    if (role) roles.push(role);
  } while (cursor.takeText(','));
  return roles;
}

function readObjects(cursor: Cursor): { name: Name; parameters: readonly Parameter[] | undefined }[] {
  const objects: { name: Name; parameters: readonly Parameter[] | undefined }[] = [];
  do {
    const name = cursor.name();
    if (name) objects.push({ name, parameters: readParameters(cursor) });
  } while (cursor.takeText(','));
  return objects;
}

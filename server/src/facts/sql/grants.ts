import type { StatementText } from '../../syntax/sql/statements.ts';
import type { Span } from '../../text.ts';
import { Cursor } from './cursor.ts';
import type { Name, NamePart } from './cursor.ts';
import { readParameters } from './parameters.ts';
import type { Parameter } from './parameters.ts';

/** GRANT or REVOKE on objects. Spans count from the start of the statement. */
export interface Grant {
  readonly revoke: boolean;
  readonly on: GrantKind;
  /** ON ALL … IN SCHEMA */
  readonly everything: boolean;
  /** What stands between ON and TO or FROM. */
  readonly target: Span;
  readonly privileges: readonly GrantedPrivilege[];
  /** Empty in default privileges and with `everything`. */
  readonly objects: readonly GrantObject[];
  /** The schemas of ON SCHEMA and of ON ALL … IN SCHEMA. */
  readonly schemas: readonly NamePart[];
  readonly roles: readonly NamePart[];
  /** WITH GRANT OPTION; with REVOKE: GRANT OPTION FOR, which leaves the privilege itself. */
  readonly option: Span | undefined;
  readonly by: NamePart | undefined;
  readonly cascade: boolean;
  readonly at: Span;
}

export type GrantKind =
  | 'table' | 'sequence' | 'function' | 'procedure' | 'routine' | 'schema' | 'type' | 'database' | 'language'
  | 'foreign data wrapper' | 'foreign server' | 'parameter' | 'tablespace' | 'large object';

export interface GrantedPrivilege {
  /** In upper case; ALL PRIVILEGES is `ALL`. */
  readonly name: string;
  /** Empty: on the whole object. */
  readonly columns: readonly NamePart[];
  readonly at: Span;
}

export interface GrantObject {
  readonly name: Name;
  readonly parameters: readonly Parameter[] | undefined;
}

/** The GRANT or REVOKE that a statement is, that in ALTER DEFAULT PRIVILEGES too; undefined when roles are granted, and for all else. */
export function grantOf(written: StatementText): Grant | undefined {
  const cursor = Cursor.over(written);
  if (cursor.take('ALTER', 'DEFAULT', 'PRIVILEGES')) cursor.skipTo('GRANT', 'REVOKE');
  return cursor.word() === 'GRANT' || cursor.word() === 'REVOKE' ? readGrant(cursor) : undefined;
}

/** Undefined for a grant of roles. */
export function readGrant(cursor: Cursor): Grant | undefined {
  const start = cursor.token()?.start ?? 0;
  const revoke = cursor.word() === 'REVOKE';
  cursor.index++;
  const optionFor = cursor.index;
  let option = cursor.take('GRANT', 'OPTION', 'FOR') ? { start: cursor.tokens[optionFor]!.start, end: cursor.token(-1)!.end } : undefined;
  const privileges = readPrivileges(cursor);
  if (!cursor.take('ON')) return undefined;
  const onWhat = cursor.token()?.start ?? start;
  const everything = cursor.take('ALL');
  const on = readKind(cursor);
  if (everything) cursor.take('IN', 'SCHEMA');
  const direct = !everything && cursor.word() !== 'TO' && cursor.word() !== 'FROM';
  const schemas = everything || (direct && on === 'schema') ? cursor.parts() : [];
  const objects = direct && on !== 'schema' ? readObjects(cursor) : [];
  const target = { start: onWhat, end: cursor.token(-1)!.end };
  if (!cursor.take('TO') && !cursor.take('FROM')) return undefined;
  const roles = readRoles(cursor);
  const end = cursor.token(-1)!.end;
  const optionStart = cursor.token()?.start ?? 0;
  if (cursor.take('WITH', 'GRANT', 'OPTION')) option = { start: optionStart, end: cursor.token(-1)!.end };
  const by = cursor.take('GRANTED', 'BY') ? cursor.part() : undefined;
  return { revoke, on, everything, target, privileges, objects, schemas, roles, option, by, cascade: cursor.take('CASCADE'), at: { start, end } };
}

export function isPublic(role: NamePart): boolean {
  return role.name === 'public';
}

/** A comma-separated list of roles: `a, GROUP b, CURRENT_USER`. */
export function readRoles(cursor: Cursor): NamePart[] {
  const roles: NamePart[] = [];
  do {
    cursor.take('GROUP');
    const role = cursor.part();
    if (role) roles.push(role);
  } while (cursor.takeText(','));
  return roles;
}

const kinds: Readonly<Record<string, GrantKind>> = {
  TABLE: 'table', TABLES: 'table', SEQUENCE: 'sequence', SEQUENCES: 'sequence',
  FUNCTION: 'function', FUNCTIONS: 'function', PROCEDURE: 'procedure', PROCEDURES: 'procedure', ROUTINE: 'routine', ROUTINES: 'routine',
  SCHEMA: 'schema', SCHEMAS: 'schema', TYPE: 'type', TYPES: 'type', DOMAIN: 'type', DATABASE: 'database', LANGUAGE: 'language',
  PARAMETER: 'parameter', TABLESPACE: 'tablespace',
};

/** A table may be called `language`: only a name behind the word makes it a kind. */
function readKind(cursor: Cursor): GrantKind {
  if (cursor.take('FOREIGN', 'DATA', 'WRAPPER')) return 'foreign data wrapper';
  if (cursor.take('FOREIGN', 'SERVER')) return 'foreign server';
  if (cursor.take('LARGE', 'OBJECT') || cursor.take('LARGE', 'OBJECTS')) return 'large object';
  const kind = kinds[cursor.word()];
  if (kind === undefined || /^[.,]$/.test(cursor.here(1))) return 'table';
  cursor.index++;
  return kind;
}

function readPrivileges(cursor: Cursor): GrantedPrivilege[] {
  const privileges: GrantedPrivilege[] = [];
  while (!cursor.done && cursor.word() !== 'ON') {
    const { start } = cursor.token()!;
    const words: string[] = [];
    for (let word = privilegeWord(cursor); word !== '' && word !== 'ON'; word = privilegeWord(cursor)) {
      words.push(word);
      cursor.index++;
    }
    const columns = words.length > 0 && cursor.takeText('(') ? cursor.parts() : [];
    if (columns.length > 0) cursor.takeText(')');
    if (words.length > 0) privileges.push({ name: words[0] === 'ALL' ? 'ALL' : words.join(' '), columns, at: { start, end: cursor.token(-1)!.end } });
    if (!cursor.takeText(')') && !cursor.takeText(',') && words.length === 0) cursor.skip();
  }
  return privileges;
}

/** quote_ident() makes `"select"` of it, which PostgreSQL takes for the same. */
function privilegeWord(cursor: Cursor): string {
  return cursor.token()?.kind === 'identifier' ? /^"([a-z]+)"$/.exec(cursor.here())?.[1]?.toUpperCase() ?? '' : cursor.word();
}

function readObjects(cursor: Cursor): GrantObject[] {
  const objects: GrantObject[] = [];
  do {
    const name = cursor.name();
    if (name) objects.push({ name, parameters: readParameters(cursor) });
  } while (cursor.takeText(','));
  return objects;
}

import type { StatementText } from '../syntax/sql/statements.ts';
import type { Span } from '../text.ts';
import { Cursor } from './cursor.ts';
import type { Name, NamePart } from './cursor.ts';
import type { SqlCommand } from './sql-commands.ts';

/** What GRANT, REVOKE or ALTER DEFAULT PRIVILEGES says about privileges on objects, word by word. Spans count from the start of the command. */
export interface PrivilegeText {
  readonly revoke: boolean;
  /** Of ALTER DEFAULT PRIVILEGES, which speaks of objects that are still to come. */
  readonly defaults: Defaults | undefined;
  readonly privileges: readonly Privilege[];
  readonly on: ObjectClass;
  /** The objects; the schemas of ON ALL … IN SCHEMA. */
  readonly objects: readonly Name[];
  readonly everything: boolean;
  /** From behind ON to TO or FROM: `ALL TABLES IN SCHEMA app`. */
  readonly target: Span;
  readonly roles: readonly NamePart[];
  /** WITH GRANT OPTION */
  readonly option: Span | undefined;
}

export interface Defaults {
  /** From ALTER to what the defaults are: ends before GRANT or REVOKE. */
  readonly head: Span;
  /** IN SCHEMA with its names. */
  readonly inSchema: Span | undefined;
  readonly schemas: readonly NamePart[];
  /** FOR ROLE; none: the one that runs it. */
  readonly roles: readonly NamePart[];
}

export interface Privilege extends Span {
  /** In upper case; ALL PRIVILEGES is `ALL`, TEMP is `TEMPORARY`. */
  readonly name: string;
  /** On these columns alone. */
  readonly columns: boolean;
}

export type ObjectClass =
  | 'table' | 'sequence' | 'database' | 'type' | 'fdw' | 'server' | 'routine' | 'language' | 'large object' | 'parameter' | 'schema' | 'tablespace';

/** GRANT and REVOKE wherever they stand, with what they say. */
export function* privilegesIn(commands: readonly SqlCommand[]): Iterable<{ readonly command: SqlCommand; readonly text: PrivilegeText }> {
  for (const command of commands) {
    const text = privilegeText(command.written);
    if (text) yield { command, text };
  }
}

const known = new WeakMap<StatementText, PrivilegeText | null>();

/** Undefined for everything else, also for the membership in roles. */
export function privilegeText(written: StatementText): PrivilegeText | undefined {
  if (!/^(GRANT|REVOKE|ALTER DEFAULT PRIVILEGES)\b/.test(written.head)) return undefined;
  let text = known.get(written);
  if (text === undefined) known.set(written, (text = read(Cursor.over(written)) ?? null));
  return text ?? undefined;
}

export function isEverybody(role: NamePart): boolean {
  return role.kind === 'plain' && role.text.toLowerCase() === 'public';
}

function read(cursor: Cursor): PrivilegeText | undefined {
  const defaults = readDefaults(cursor);
  const revoke = cursor.word() === 'REVOKE';
  if (!revoke && cursor.word() !== 'GRANT') return undefined;
  cursor.index++;
  // The privilege itself stays when only the right to pass it on is taken.
  if (cursor.take('GRANT', 'OPTION', 'FOR')) return undefined;
  const privileges = readPrivileges(cursor);
  if (privileges.length === 0 || !cursor.take('ON')) return undefined;
  const start = cursor.token()?.start ?? 0;
  const everything = !defaults && cursor.take('ALL');
  const on = readClass(cursor);
  const objects = defaults ? [] : readObjects(cursor, everything);
  const end = cursor.token(-1)!.end;
  if (!cursor.take('TO') && !cursor.take('FROM')) return undefined;
  const roles = readRoles(cursor);
  const option = cursor.word() === 'WITH' && cursor.word(1) === 'GRANT' ? { start: cursor.token()!.start, end: (cursor.token(2) ?? cursor.token(1)!).end } : undefined;
  return { revoke, defaults, privileges, on, objects, everything, target: { start, end }, roles, option };
}

function readDefaults(cursor: Cursor): Defaults | undefined {
  const start = cursor.token()?.start ?? 0;
  if (!cursor.take('ALTER', 'DEFAULT', 'PRIVILEGES')) return undefined;
  let inSchema: Span | undefined;
  const schemas: NamePart[] = [];
  const roles: NamePart[] = [];
  while (!cursor.done && cursor.word() !== 'GRANT' && cursor.word() !== 'REVOKE') {
    const from = cursor.token()!.start;
    if (cursor.take('IN', 'SCHEMA')) {
      schemas.push(...readParts(cursor));
      inSchema = { start: from, end: cursor.token(-1)!.end };
    } else if (cursor.take('FOR', 'ROLE') || cursor.take('FOR', 'USER')) {
      roles.push(...readParts(cursor));
    } else {
      cursor.skip();
    }
  }
  return { head: { start, end: cursor.token(-1)!.end }, inSchema, schemas, roles };
}

function readPrivileges(cursor: Cursor): Privilege[] {
  const privileges: Privilege[] = [];
  do {
    const first = cursor.token();
    const words: string[] = [];
    while (cursor.word() !== '' && cursor.word() !== 'ON') {
      words.push(cursor.word());
      cursor.index++;
    }
    const columns = cursor.here() === '(';
    if (columns) cursor.skip();
    if (!first || words.length === 0) return [];
    const name = words.join(' ');
    privileges.push({ name: spellings[name] ?? name, columns, start: first.start, end: cursor.token(-1)!.end });
  } while (cursor.takeText(','));
  return privileges;
}

const spellings: Readonly<Record<string, string>> = { 'ALL PRIVILEGES': 'ALL', TEMP: 'TEMPORARY' };

function readClass(cursor: Cursor): ObjectClass {
  for (const [words, on] of classes) {
    const last = words.length;
    if (!words.every((word, i) => cursor.word(i) === word)) continue;
    // A table may be called `type`.
    if (/^(\.|,)$/.test(cursor.here(last)) || (!words.at(-1)!.endsWith('S') && /^(TO|FROM)$/.test(cursor.word(last)))) continue;
    cursor.index += last;
    return on;
  }
  return 'table';
}

const classes: readonly (readonly [words: readonly string[], ObjectClass])[] = [
  ...all('table', ['TABLE'], ['TABLES']), ...all('sequence', ['SEQUENCE'], ['SEQUENCES']), ...all('database', ['DATABASE']),
  ...all('type', ['TYPE'], ['TYPES'], ['DOMAIN']), ...all('fdw', ['FOREIGN', 'DATA', 'WRAPPER']), ...all('server', ['FOREIGN', 'SERVER']),
  ...all('routine', ['FUNCTION'], ['FUNCTIONS'], ['PROCEDURE'], ['PROCEDURES'], ['ROUTINE'], ['ROUTINES']), ...all('language', ['LANGUAGE']),
  ...all('large object', ['LARGE', 'OBJECT'], ['LARGE', 'OBJECTS']), ...all('parameter', ['PARAMETER']), ...all('schema', ['SCHEMA'], ['SCHEMAS']),
  ...all('tablespace', ['TABLESPACE']),
];

function all(on: ObjectClass, ...spelled: readonly (readonly string[])[]): (readonly [readonly string[], ObjectClass])[] {
  return spelled.map((words) => [words, on] as const);
}

function readObjects(cursor: Cursor, everything: boolean): Name[] {
  if (everything) cursor.take('IN', 'SCHEMA');
  const objects: Name[] = [];
  do {
    const name = cursor.name();
    if (name) objects.push(name);
    if (cursor.here() === '(') cursor.skip();
  } while (cursor.takeText(','));
  return objects;
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

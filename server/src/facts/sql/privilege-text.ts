import type { Span } from '../../text.ts';
import { Cursor } from './cursor.ts';
import type { NamePart } from './cursor.ts';
import { readGrant } from './grants.ts';
import type { Grant } from './grants.ts';
import type { Privilege, Securable } from '../objects.ts';
import type { Objects } from '../schema.ts';
import type { SqlFacts } from '../sql.ts';
import type { SqlCommand } from './sql-commands.ts';
import { Notes } from '../../notes.ts';

/** A GRANT or REVOKE on objects wherever it stands. Its spans count from the start of the command. */
export interface PrivilegeCommand {
  readonly command: SqlCommand;
  readonly grant: Grant;
  /** Of ALTER DEFAULT PRIVILEGES, which speaks of objects that are still to come. */
  readonly defaults: Defaults | undefined;
  /** What the role has because of it after everything has run; undefined when the command does not run by itself, or on objects that nobody knows. */
  left(role: NamePart): readonly LeftPrivilege[] | undefined;
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

export interface LeftPrivilege extends Privilege {
  /** Its name; undefined for the default itself. */
  readonly object: string | undefined;
  /** The object; undefined for the default itself. */
  readonly of: Securable | undefined;
}

/** Every GRANT and REVOKE of a document, in order. Those of which nothing is left are among them. */
export function privilegesIn(facts: SqlFacts): PrivilegeCommand[] {
  let commands = found.get(facts);
  if (!commands) found.set(facts, commands = facts.commands.flatMap((command) => read(facts, command)));
  return commands;
}

const found = new Notes<SqlFacts, PrivilegeCommand[]>();

function read(facts: SqlFacts, command: SqlCommand): PrivilegeCommand[] {
  const { written } = command;
  if (!/^(GRANT|REVOKE|ALTER DEFAULT PRIVILEGES)\b/.test(written.head)) return [];
  const cursor = Cursor.over(written);
  const defaults = readDefaults(cursor);
  const grant = readGrant(cursor);
  if (!grant || (grant.revoke && grant.option) || isTemporary(facts, command, grant)) return [];
  const left = (role: NamePart): readonly LeftPrivilege[] | undefined => {
    if (command.inside === 'routine') return undefined;
    const all = leftIn(facts).get(command.inFile(role).start);
    return all ?? (grant.everything && !mayBeTakenBack(facts, command, grant) ? undefined : []);
  };
  return [{ command, grant, defaults, left }];
}

/** What the same statement makes for one session alone. */
function isTemporary({ commands }: SqlFacts, { statement }: SqlCommand, { objects }: Grant): boolean {
  if (objects.length === 0 || !objects.every(({ name }) => name.parts.length === 1)) return false;
  const made = commands.flatMap((other) => (other.statement === statement ? temporary.exec(other.written.text)?.[1]?.toLowerCase() ?? [] : []));
  return objects.every(({ name }) => made.includes(name.parts[0]!.name));
}

const temporary = /^create\s+(?:(?:local|global)\s+)?temp(?:orary)?\s+(?:table|sequence|view)\s+(?:if\s+not\s+exists\s+)?"?([\w$]+)/i;

/** ON ALL … IN SCHEMA of objects that other files create: a later REVOKE of the same kind may take it back. */
function mayBeTakenBack(facts: SqlFacts, command: SqlCommand, { on, schemas }: Grant): boolean {
  const known = facts.schema.relations.some((relation) => schemas.some(({ name }) => name === relation.schema));
  if (known) return true;
  return facts.commands.slice(facts.commands.indexOf(command)).some(({ written }) => {
    const later = written.head === 'REVOKE' ? readGrant(Cursor.over(written)) : undefined;
    return later?.everything && later.on === on && schemas.every(({ name }) => later.schemas.some((schema) => schema.name === name));
  });
}

const leftByFacts = new Notes<SqlFacts, ReadonlyMap<number, readonly LeftPrivilege[]>>();

/** By where the role stands that a privilege was granted to. */
function leftIn(facts: SqlFacts): ReadonlyMap<number, readonly LeftPrivilege[]> {
  let known = leftByFacts.get(facts);
  if (known) return known;
  const left = new Map<number, LeftPrivilege[]>();
  for (const { object, of, acl } of grantedOn(facts.objects)) {
    for (const privilege of acl) {
      if (!privilege.place || !facts.here(privilege.place)) continue;
      const at = privilege.place.at.start;
      left.set(at, [...left.get(at) ?? [], { ...privilege, object, of }]);
    }
  }
  leftByFacts.set(facts, (known = left));
  return known;
}

function* grantedOn({ relations, routines, schemas, types, others, defaultPrivileges }: Objects): Iterable<Pick<LeftPrivilege, 'object' | 'of'> & { acl: readonly Privilege[] }> {
  for (const of of [...relations, ...routines, ...schemas, ...types, ...others]) {
    const { name, schema, acl } = of;
    if (acl.length > 0) yield { object: schema === undefined ? name : `${schema}.${name}`, of, acl };
  }
  for (const { acl } of defaultPrivileges) yield { object: undefined, of: undefined, acl };
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
      schemas.push(...cursor.parts());
      inSchema = { start: from, end: cursor.token(-1)!.end };
    } else if (cursor.take('FOR', 'ROLE') || cursor.take('FOR', 'USER')) {
      roles.push(...cursor.parts());
    } else {
      cursor.skip();
    }
  }
  return { head: { start, end: cursor.token(-1)!.end }, inSchema, schemas, roles };
}

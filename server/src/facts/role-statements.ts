import { decodeLiteral } from '../syntax/sql/literals.ts';
import type { Edit, Span } from '../text.ts';
import { Cursor, type NamePart } from './cursor.ts';
import type { Role } from './schema.ts';
import type { SqlCommand } from './sql-commands.ts';
import { replaceIn } from './sql-edits.ts';
import type { SqlFacts } from './sql.ts';
import { superusers } from './superusers.ts';

/** CREATE or ALTER ROLE, USER or GROUP with the attributes that it gives. Spans count from the start of the command. */
export interface RoleStatement {
  readonly command: SqlCommand;
  readonly creates: boolean;
  readonly role: NamePart;
  readonly options: readonly RoleOption[];
  /** What the statement says about logging in; undefined: an ALTER that says nothing about it. */
  readonly login: boolean | undefined;
  /** False when a template may add more options. */
  readonly complete: boolean;
}

export interface RoleOption {
  /** In upper case and without NO: `SUPERUSER`, `PASSWORD`, `CONNECTION LIMIT`, `VALID UNTIL`, `IN ROLE`, `ROLE`, `ADMIN` … */
  readonly name: string;
  /** False for `NOSUPERUSER` and its like. */
  readonly on: boolean;
  /** The whole option with its value. */
  readonly at: Span;
  /** Of PASSWORD, VALID UNTIL and CONNECTION LIMIT. */
  readonly value?: OptionValue;
  /** Of IN ROLE, ROLE, ADMIN, and ADD USER of ALTER GROUP. */
  readonly roles: readonly NamePart[];
}

export interface OptionValue extends Span {
  /** Without quotes; undefined for NULL and for what stands for a value: a variable, a template. */
  readonly text: string | undefined;
}

const known = new WeakMap<SqlFacts, readonly RoleStatement[]>();

/** Every one of the file, those in bodies included. */
export function roleStatements(facts: SqlFacts): readonly RoleStatement[] {
  let statements = known.get(facts);
  if (statements === undefined) known.set(facts, statements = facts.commands.flatMap((command) => readRoleStatement(command) ?? []));
  return statements;
}

export function optionOf({ options }: RoleStatement, name: string): RoleOption | undefined {
  return options.find((option) => option.name === name);
}

export interface RoleAttribute {
  readonly statement: RoleStatement;
  readonly option: RoleOption;
}

/**
 * Where roles get an attribute that no later statement takes from them, in this file or in another one of the set. Superusers are left
 * out: they may do everything without it, and the role that a cluster begins with is one on purpose.
 */
export function attributesInForce(facts: SqlFacts, name: string): readonly RoleAttribute[] {
  return roleStatements(facts).flatMap((statement) => {
    const option = optionOf(statement, name);
    if (option === undefined || !option.on || isBuiltinSuperuser(statement.role) || isUndone(facts, { statement, option })) return [];
    return name !== 'SUPERUSER' && facts.schema.role(statement.role.name)?.attributes.superuser.on ? [] : [{ statement, option }];
  });
}

/** What a routine does when somebody calls it stands; so does what is done to a role whose name a template gives. */
function isUndone({ schema, document }: SqlFacts, { statement: { command, role }, option }: RoleAttribute): boolean {
  if (command.inside === 'routine' || role.kind === 'template') return false;
  const left = schema.role(role.name);
  if (left === undefined) return command.inside === 'file';
  const { on, place } = left.attributes[option.name.toLowerCase() as keyof typeof left.attributes];
  return on === false && place !== undefined && schema.isBefore({ at: command.inFile(option.at), statement: command.statement, path: document.path }, place);
}

/** A role that a statement creates and that can log in when all statements have run, as they leave it behind. */
export function loginsLeft(facts: SqlFacts): readonly { readonly statement: RoleStatement; readonly left: Role }[] {
  return roleStatements(facts).flatMap((statement) => {
    const left = facts.schema.role(statement.role.name);
    return statement.creates && statement.login && left?.attributes.login.on === true ? [{ statement, left }] : [];
  });
}

/** `superuser` becomes `nosuperuser`, here or in a later statement. */
export function takeAway({ statement: { command, role }, option: { at, name } }: RoleAttribute): Repair[] {
  const word = command.written.text.slice(at.start, at.end);
  const edits = replaceIn(command, at, (/^[a-z]/.test(word) ? 'no' : 'NO') + word);
  return edits.length === 0 ? [] : [{ edits, ...(role.kind !== 'template' && { statements: [`ALTER ROLE ${role.text} NO${name};`] }) }];
}

/** What to write here, or in a file that runs later. */
export interface Repair {
  readonly edits: readonly Edit[];
  readonly statements?: readonly string[];
}

/** How messages call a role. */
export function displayRole({ name, kind }: NamePart): string {
  return kind === 'template' || name.length > 24 ? 'this role' : name;
}

/** The role that runs the statement, whatever it is called. */
export function isRunner({ text }: NamePart): boolean {
  return /^(current_user|current_role|session_user)$/i.test(text);
}

/** The role is a superuser from the start, so that attributes and memberships add nothing. */
export function isBuiltinSuperuser({ name }: NamePart): boolean {
  return superusers.some((superuser) => superuser === name);
}

function readRoleStatement(command: SqlCommand): RoleStatement | undefined {
  const head = /^(CREATE|ALTER) (ROLE|USER|GROUP)$/.exec(command.written.head);
  if (head === null) return undefined;
  const cursor = Cursor.over(command.written);
  while (!cursor.done && cursor.word() !== head[1]) cursor.index++;
  cursor.index += 2;
  const role = cursor.part();
  if (role === undefined) return undefined;
  cursor.take('WITH');
  const options: RoleOption[] = [];
  let complete = true;
  while (!cursor.done) {
    if (cursor.token()!.kind === 'template' || cursor.token()!.kind === 'variable') {
      complete = false;
      cursor.index++;
      continue;
    }
    const option = readOption(cursor);
    if (option === undefined) return undefined;
    options.push(option);
  }
  const creates = head[1] === 'CREATE';
  const login = options.findLast(({ name }) => name === 'LOGIN')?.on ?? (creates ? head[2] === 'USER' : undefined);
  return { command, creates, role, options, login, complete };
}

function readOption(cursor: Cursor): RoleOption | undefined {
  const start = cursor.token()!.start;
  const behind = () => cursor.token(-1)!.end;
  const option = (name: string, rest: Partial<RoleOption> = {}): RoleOption => ({ name, on: true, roles: [], at: { start, end: behind() }, ...rest });
  const word = cursor.word();
  const flag = /^(NO)?(SUPERUSER|CREATEDB|CREATEROLE|INHERIT|LOGIN|REPLICATION|BYPASSRLS)$/.exec(word);
  if (flag !== null) {
    cursor.index++;
    return option(flag[2]!, { on: flag[1] === undefined });
  }
  for (const [words, name] of valued) {
    if (!cursor.take(...words)) continue;
    const value = readValue(cursor);
    return value && option(name, { value });
  }
  for (const [words, name] of listed) {
    if (!cursor.take(...words)) continue;
    const roles = readList(cursor);
    return roles.length === 0 ? undefined : option(name, { roles });
  }
  return undefined;
}

const valued: readonly (readonly [readonly string[], string])[] = [
  [['PASSWORD'], 'PASSWORD'], [['ENCRYPTED', 'PASSWORD'], 'PASSWORD'], [['UNENCRYPTED', 'PASSWORD'], 'PASSWORD'],
  [['CONNECTION', 'LIMIT'], 'CONNECTION LIMIT'], [['VALID', 'UNTIL'], 'VALID UNTIL'], [['SYSID'], 'SYSID'],
];
const listed: readonly (readonly [readonly string[], string])[] = [
  [['IN', 'ROLE'], 'IN ROLE'], [['IN', 'GROUP'], 'IN ROLE'], [['ROLE'], 'ROLE'], [['USER'], 'ROLE'], [['ADMIN'], 'ADMIN'],
  [['ADD', 'USER'], 'ROLE'], [['DROP', 'USER'], 'DROP USER'],
];

function readValue(cursor: Cursor): OptionValue | undefined {
  const first = cursor.token();
  if (first === undefined || first.unterminated) return undefined;
  if (first.kind === 'dollar') {
    cursor.index++;
    return { start: first.start, end: first.end, text: decodeLiteral(cursor.of(first)) };
  }
  if (first.kind === 'parameter') {
    cursor.index++;
    return { start: first.start, end: first.end, text: undefined };
  }
  if (cursor.takeText('-')) {
    const number = cursor.part();
    return number && { start: first.start, end: number.end, text: `-${number.text}` };
  }
  const part = cursor.part();
  if (part === undefined) return undefined;
  const plain = part.kind !== 'template' && !/^null$/i.test(part.text);
  return { start: part.start, end: part.end, text: plain ? (part.kind === 'string' ? decodeLiteral(part.text) : part.text) : undefined };
}

/** One or more names with commas between them. */
export function readList(cursor: Cursor): NamePart[] {
  const parts: NamePart[] = [];
  do {
    const part = cursor.part();
    if (part) parts.push(part);
  } while (cursor.takeText(','));
  return parts;
}

import type { Edit } from '../../text.ts';
import { Cursor, type NamePart } from './cursor.ts';
import { readRoleOptions, type RoleOption } from './role-options.ts';
import type { Role } from '../schema.ts';
import type { SqlCommand } from './sql-commands.ts';
import { replaceIn } from './sql-edits.ts';
import type { SqlFacts } from '../sql.ts';
import { superusers } from '../superusers.ts';
import { Notes } from '../../notes.ts';

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

const known = new Notes<SqlFacts, readonly RoleStatement[]>();

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
    if (option === undefined || !option.on || isBuiltinSuperuser(statement.role) || isChosen(statement.command, option.at.start) || isUndone(facts, { statement, option })) return [];
    return name !== 'SUPERUSER' && facts.schema.role(statement.role.name)?.attributes.superuser.on ? [] : [{ statement, option }];
  });
}

/** A template gives it to those roles only for which somebody asks for it: `{% if superuser %} SUPERUSER {% endif %}`. */
function isChosen({ written: { text } }: SqlCommand, at: number): boolean {
  const marks = [...text.slice(0, at).matchAll(/(?:\{%[-+]?|<%-?|\{\{-?)\s*(?:(#?(?:if|unless|for|each)\b)|(?:\/|end))/g)];
  return marks.reduce((open, [, opens]) => (opens === undefined ? Math.max(0, open - 1) : open + 1), 0) > 0;
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

/** What a later file has to hold; undefined where a template gives the name of the role. */
export function alterRole({ kind, text }: NamePart, change: string): string | undefined {
  return kind === 'template' ? undefined : `ALTER ROLE ${text} ${change};`;
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
  const { options, complete, understood } = readRoleOptions(cursor);
  if (!understood) return undefined;
  const creates = head[1] === 'CREATE';
  const login = options.findLast(({ name }) => name === 'LOGIN')?.on ?? (creates ? head[2] === 'USER' : undefined);
  return { command, creates, role, options, login, complete };
}

import type { Span } from '../../text.ts';
import { Cursor, type NamePart } from './cursor.ts';
import type { RoleOption } from './role-options.ts';
import { roleStatements, type Repair, type RoleStatement } from './role-statements.ts';
import type { SqlCommand } from './sql-commands.ts';
import { removeCommand, removeFrom, removeFromList, replaceIn } from './sql-edits.ts';
import type { SqlFacts } from '../sql.ts';
import { Notes } from '../../notes.ts';

/** Memberships that one statement or one option of CREATE ROLE gives. Spans count from the start of the command. */
export interface RoleGrant {
  readonly command: SqlCommand;
  readonly roles: readonly NamePart[];
  readonly members: readonly NamePart[];
  /** Where the members get the right to make others members. */
  readonly admin: AdminOption | undefined;
  /** The option of CREATE ROLE or ALTER GROUP that gives them; undefined for GRANT. */
  readonly option: RoleOption | undefined;
}

/** One role that a statement makes others members of, when no later statement takes it from all of them. */
export interface GrantedRole extends RoleGrant {
  readonly role: NamePart;
}

export interface AdminOption extends Span {
  /** How to leave it out; undefined where that takes more than one word. */
  readonly without: { readonly span: Span; readonly text: string } | undefined;
  /** `clause`: it is all that WITH says. `option`: one of several things behind WITH. `list`: ADMIN of CREATE ROLE. */
  readonly form: 'clause' | 'option' | 'list';
}

const known = new Notes<SqlFacts, readonly RoleGrant[]>();

export function roleGrants(facts: SqlFacts): readonly RoleGrant[] {
  let grants = known.get(facts);
  if (grants === undefined) known.set(facts, grants = readGrants(facts));
  return grants;
}

/** One by one, those left out that are revoked later. */
export function grantedRoles(facts: SqlFacts): readonly GrantedRole[] {
  return roleGrants(facts).flatMap((grant) => grant.roles.flatMap((role) => (isRevoked(facts, grant, role, false) ? [] : [{ ...grant, role }])));
}

/** The ADMIN OPTION that a grant gives and that is not taken back later. */
export function adminInForce(facts: SqlFacts, grant: RoleGrant): AdminOption | undefined {
  return grant.admin !== undefined && !grant.roles.every((role) => isRevoked(facts, grant, role, true)) ? grant.admin : undefined;
}

/** The roles that the statements leave behind as superusers. */
export function superusersOf({ schema }: SqlFacts): ReadonlySet<string> {
  return new Set(schema.roles.filter(({ attributes }) => attributes.superuser.on).map(({ name }) => name));
}

/** Ways not to make anybody a member of the role: out with it, or with the whole statement. */
export function grantRepairs(facts: SqlFacts, { command, roles, role, option, members }: GrantedRole): readonly GrantRepair[] {
  if (option !== undefined && option.name !== 'IN ROLE') return [];
  const named = roles.length > 1 ? removeFromList(command, roles, role) : undefined;
  const edits = named ?? (option !== undefined ? removeFrom(command, option.at) : removeCommand(facts.document.text, command));
  if (edits.length === 0) return [];
  const title = roles.length > 1 || option !== undefined ? `Leave ${role.text} out` : 'Remove the grant';
  return [{ title, edits, ...later([role, ...members], `REVOKE ${role.text} FROM ${list(members)};`) }];
}

export interface GrantRepair extends Repair {
  readonly title: string;
}

/** Ways not to let members make others members. */
export function adminRepairs({ command, admin, members, roles }: RoleGrant, version: number): readonly GrantRepair[] {
  const { without, form } = admin!;
  const edits = without === undefined ? [] : form === 'clause' ? removeFrom(command, without.span) : replaceIn(command, without.span, without.text);
  if (edits.length === 0) return [];
  const statement = later([...roles, ...members], `REVOKE ADMIN OPTION FOR ${list(roles)} FROM ${list(members)};`);
  const inherit = version >= 16 && form === 'clause' ? replaceIn(command, admin!, 'WITH INHERIT TRUE, SET FALSE') : [];
  return [
    { title: 'Let them be members only', edits, ...statement },
    ...(inherit.length > 0 ? [{ title: 'Let them use its rights, but not become it', edits: inherit }] : []),
  ];
}

function list(names: readonly NamePart[]): string {
  return names.map(({ text }) => text).join(', ');
}

/** A later file may be run by another tool, which fills other templates in. */
function later(names: readonly NamePart[], statement: string): Pick<GrantRepair, 'statements'> {
  return names.some(({ kind }) => kind === 'template') ? {} : { statements: [statement] };
}

/** True when the statements leave none of these memberships behind. What a body does may not be replayed: there a later REVOKE has to be seen. */
function isRevoked(facts: SqlFacts, { command, members }: RoleGrant, { name }: NamePart, admin: boolean): boolean {
  const left = (member: NamePart) => facts.schema.memberships.some((one) => one.role === name && one.member === member.name && (one.admin || !admin));
  if (command.inside === 'routine' || members.some(left)) return false;
  return command.inside === 'file' || facts.commands.some((other) => other.inside !== 'routine' && startOf(other) > startOf(command) && revokes(other, name));
}

function revokes({ written }: SqlCommand, role: string): boolean {
  if (written.head !== 'REVOKE') return false;
  const cursor = Cursor.over(written);
  while (!cursor.done && !cursor.take('REVOKE')) cursor.index++;
  cursor.take('ADMIN', 'OPTION', 'FOR');
  return cursor.parts().some(({ name }) => name === role) && cursor.word() === 'FROM';
}

function startOf(command: SqlCommand): number {
  return command.inFile({ start: 0, end: 0 }).start;
}

function inOrder(grants: readonly RoleGrant[]): readonly RoleGrant[] {
  return [...grants].sort((a, b) => startOf(a.command) - startOf(b.command));
}

function readGrants(facts: SqlFacts): readonly RoleGrant[] {
  const grants = facts.commands.flatMap((command) => readGrant(command) ?? []);
  return inOrder([...grants, ...roleStatements(facts).flatMap(inCreateRole)]);
}

/** Without ON it is roles that are granted and no privileges. */
function readGrant(command: SqlCommand): RoleGrant | undefined {
  if (command.written.head !== 'GRANT') return undefined;
  const cursor = Cursor.over(command.written);
  while (!cursor.done && !cursor.take('GRANT')) cursor.index++;
  const roles = cursor.parts();
  if (roles.length === 0 || !cursor.take('TO')) return undefined;
  cursor.take('GROUP');
  const members = cursor.parts();
  return members.length === 0 ? undefined : { command, roles, members, admin: readAdmin(cursor), option: undefined };
}

function readAdmin(cursor: Cursor): AdminOption | undefined {
  const start = cursor.token()?.start;
  if (start === undefined || !cursor.take('WITH')) return undefined;
  let admin: { name: Span; value: Span; on: boolean } | undefined;
  let count = 0;
  do {
    const name = cursor.token();
    const word = cursor.word();
    const value = cursor.token(1);
    if (name === undefined || value === undefined) return undefined;
    if (word === 'ADMIN') admin = { name, value, on: /^(OPTION|TRUE)$/.test(cursor.word(1)) };
    count++;
    cursor.index += 2;
  } while (cursor.takeText(','));
  if (admin === undefined || !admin.on) return undefined;
  const end = cursor.token(-1)!.end;
  if (count === 1) return { start, end, without: { span: { start, end }, text: '' }, form: 'clause' };
  return { start: admin.name.start, end: admin.value.end, without: { span: admin.value, text: 'FALSE' }, form: 'option' };
}

function inCreateRole({ command, role, options }: RoleStatement): RoleGrant[] {
  return options.flatMap((option): RoleGrant[] => {
    const { name, roles, at } = option;
    if (name === 'IN ROLE') return [{ command, roles, members: [role], admin: undefined, option }];
    if (name === 'ROLE') return [{ command, roles: [role], members: roles, admin: undefined, option }];
    if (name !== 'ADMIN') return [];
    const word = { span: { start: at.start, end: at.start + 'ADMIN'.length }, text: 'ROLE' };
    const without = options.some((other) => other.name === 'ROLE') ? undefined : word;
    return [{ command, roles: [role], members: roles, admin: { ...at, without, form: 'list' }, option }];
  });
}

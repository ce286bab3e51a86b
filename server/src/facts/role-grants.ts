import type { Span } from '../text.ts';
import type { Repair } from './conf-repairs.ts';
import { Cursor, type NamePart } from './cursor.ts';
import { readList, roleStatements, type RoleOption, type RoleStatement } from './role-statements.ts';
import type { SqlCommand } from './sql-commands.ts';
import { removeCommand, removeFrom, removeFromList } from './sql-edits.ts';
import type { SqlFacts } from './sql.ts';

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

const known = new WeakMap<SqlFacts, readonly RoleGrant[]>();

export function roleGrants(facts: SqlFacts): readonly RoleGrant[] {
  let grants = known.get(facts);
  if (grants === undefined) known.set(facts, grants = inOrder([...facts.commands.flatMap((command) => readGrant(command) ?? []), ...roleStatements(facts).flatMap(inCreateRole)]));
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
export function grantRepairs(facts: SqlFacts, { command, roles, role, option }: GrantedRole): readonly Repair[] {
  if (option !== undefined && option.name !== 'IN ROLE') return [];
  const edits = roles.length > 1 ? removeFromList(command, roles, role) : option !== undefined ? removeFrom(command, option.at) : removeCommand(facts.document.text, command);
  return edits.length === 0 ? [] : [{ title: roles.length > 1 || option !== undefined ? `Leave ${role.text} out` : 'Remove the grant', edits }];
}

/** True when the statements leave none of these memberships behind. What a body does is not replayed for sure, so it stands. */
function isRevoked({ schema }: SqlFacts, { command, members }: RoleGrant, { name }: NamePart, admin: boolean): boolean {
  const left = (member: NamePart) => schema.memberships.some((one) => one.role === name && one.member === member.name && (one.admin || !admin));
  return command.inside === 'file' && !members.some(left);
}

function startOf(command: SqlCommand): number {
  return command.inFile({ start: 0, end: 0 }).start;
}

function inOrder(grants: readonly RoleGrant[]): readonly RoleGrant[] {
  return [...grants].sort((a, b) => startOf(a.command) - startOf(b.command));
}

/** Without ON it is roles that are granted and no privileges. */
function readGrant(command: SqlCommand): RoleGrant | undefined {
  if (command.written.head !== 'GRANT') return undefined;
  const cursor = Cursor.over(command.written);
  while (!cursor.done && !cursor.take('GRANT')) cursor.index++;
  const roles = readList(cursor);
  if (roles.length === 0 || !cursor.take('TO')) return undefined;
  cursor.take('GROUP');
  const members = readList(cursor);
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

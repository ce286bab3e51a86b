import type { Membership } from '../objects.ts';
import type { NamePart } from '../sql/cursor.ts';
import type { SearchPath } from './named.ts';
import type { State } from './replay-state.ts';

/**
 * The schemas of the search_path that are there. The server passes over those that the role may not use; here they come last, because the
 * files are taken at their word: a GRANT that is not in them may have been given.
 */
export function pathOf(state: State): SearchPath {
  const entries = state.writtenPath?.map((entry) => inPath(state, entry)).filter((entry) => entry !== undefined);
  const users = entries && usersOf(state);
  if (!users) return entries;
  const closed = entries.filter(({ name }) => !mayUse(state, users, name));
  return closed.length === 0 ? entries : [...entries.filter((entry) => !closed.includes(entry)), ...closed.map((entry) => ({ ...entry, closed: true }))];
}

/** A role that has no schema of its own skips "$user". */
function inPath({ goneSchemas, schemas, role }: State, entry: NamePart): NamePart | undefined {
  if (entry.name !== '$user') return goneSchemas.get(entry.name) ? undefined : entry;
  return role !== undefined && schemas.get(role) ? { ...entry, name: role } : undefined;
}

/** The roles whose privileges the current one has; undefined: it may have all. */
function usersOf(state: State): ReadonlySet<string> | undefined {
  const role = state.role === undefined ? undefined : state.roles.get(state.role);
  return role?.known && role.attributes.superuser.on === false ? heirsOf(state, role.name) : undefined;
}

/** The role itself and those whose privileges it inherits, directly or through others. */
function heirsOf({ memberships, roles, version }: State, role: string): ReadonlySet<string> {
  const all = [...memberships.values()];
  // Up to version 15 the attribute of the member counts, later that of the membership.
  const inherits = ({ member, inherit }: Membership): boolean => (version < 16 ? roles.get(member)?.attributes.inherit.on : inherit) !== false;
  const found = new Set([role]);
  for (const name of found) for (const one of all) if (one.member === name && inherits(one)) found.add(one.role);
  return found;
}

function mayUse({ schemas }: State, users: ReadonlySet<string>, name: string): boolean {
  const schema = schemas.get(name);
  if (!schema?.known) return true;
  const { owner, acl, withheld } = schema;
  if (owner.role !== undefined && users.has(owner.role) && !withheld.includes('USAGE')) return true;
  return acl.some(({ grantee, privilege }) => privilege === 'USAGE' && (grantee === 'public' || users.has(grantee)));
}

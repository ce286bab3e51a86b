import type { GrantKind } from './grants.ts';
import type { PrivilegeCommand } from './privilege-text.ts';

/** How messages call the objects of a GRANT: `schema app`, `app.accounts`, `every table in schema app`. */
export function objectIn({ command: { written }, grant: { on, objects, schemas, everything }, defaults }: PrivilegeCommand): string {
  if (defaults) return `${on}s to come`;
  const names = [...objects.map(({ name }) => name), ...schemas];
  const name = names.length === 1 ? written.text.slice(names[0]!.start, names[0]!.end) : '';
  const shown = name !== '' && name.length <= 30;
  if (everything) return `every ${on}${shown ? ` in schema ${name}` : ''}`;
  if (shown) return unnamed.has(on) ? name : `${on} ${name}`;
  return names.length === 1 ? `this ${on}` : `these ${on}s`;
}

/** Kinds that everybody can tell from the name. */
const unnamed: ReadonlySet<GrantKind> = new Set(['table', 'sequence', 'function', 'procedure', 'routine']);

/** The REVOKE that takes back what a GRANT gave. `privileges`: those to take back, as written where nothing is said; `roles`: from whom. */
export function revocation({ command: { written: { text } }, grant, defaults }: PrivilegeCommand, roles: string, privileges?: string): string {
  const names = privileges ?? text.slice(grant.privileges[0]!.at.start, grant.privileges.at(-1)!.at.end);
  const head = defaults ? `${text.slice(defaults.head.start, defaults.head.end)} ` : '';
  return `${head}REVOKE ${names} ON ${text.slice(grant.target.start, grant.target.end)} FROM ${roles};`.replace(/\s+/g, ' ');
}

/** What messages call a role of a GRANT. */
export function roleIn(roles: readonly { readonly text: string }[]): string {
  if (roles.length > 1) return 'These roles';
  return roles[0]!.text.length <= 24 ? roles[0]!.text : 'This role';
}

import type { PrivilegeText } from './privilege-text.ts';
import type { SqlCommand } from './sql-commands.ts';

/** How messages call the objects of a GRANT: `schema app`, `app.accounts`, `every table in schema app`. */
export function objectIn({ written }: SqlCommand, { on, objects, everything, defaults }: PrivilegeText): string {
  if (defaults) return `${plural[on] ?? 'objects'} to come`;
  const [first] = objects;
  const name = first && objects.length === 1 ? written.text.slice(first.start, first.end) : '';
  const shown = name !== '' && name.length <= 30;
  if (everything) return `every ${on}${shown ? ` in schema ${name}` : ''}`;
  if (shown) return on === 'table' || on === 'sequence' || on === 'routine' ? name : `${long[on] ?? on} ${name}`;
  return objects.length === 1 ? `this ${long[on] ?? on}` : `these ${plural[on] ?? 'objects'}`;
}

const plural: Readonly<Partial<Record<PrivilegeText['on'], string>>> = {
  table: 'tables', sequence: 'sequences', routine: 'routines', type: 'types', schema: 'schemas', database: 'databases', 'large object': 'large objects', parameter: 'parameters',
};
const long: Readonly<Partial<Record<PrivilegeText['on'], string>>> = { fdw: 'foreign data wrapper', server: 'foreign server' };

/** The REVOKE that takes back what a GRANT gave. `privileges`: those to take back, as written where nothing is said; `roles`: from whom. */
export function revocation({ written: { text } }: SqlCommand, grant: PrivilegeText, roles: string, privileges?: string): string {
  const { defaults, privileges: given, target } = grant;
  const names = privileges ?? text.slice(given[0]!.start, given.at(-1)!.end);
  const head = defaults ? `${text.slice(defaults.head.start, defaults.head.end)} ` : '';
  return `${head}REVOKE ${names} ON ${text.slice(target.start, target.end)} FROM ${roles};`.replace(/\s+/g, ' ');
}

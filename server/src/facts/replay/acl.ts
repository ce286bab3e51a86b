import type { Grant, GrantKind } from '../sql/grants.ts';
import type { Place, Privilege, RoleName } from '../objects.ts';
import type { Span } from '../../text.ts';
import type { NamePart } from '../sql/cursor.ts';

/** What objects have in common that can be granted. */
export interface Acl {
  readonly acl: readonly Privilege[];
  readonly withheld: readonly string[];
  readonly almost: readonly Place[];
  readonly shutOut: readonly string[];
}

/** Who grants, and how names of roles and places are to be understood. */
export interface Granting {
  readonly owner: RoleName;
  /** Undefined for the owner. */
  readonly grantor: string | undefined;
  /** What the grantor may pass on. */
  may(privilege: string, column: string | undefined): boolean;
  readonly byDefault: boolean;
  /** Every privilege of the kind of object. */
  readonly all: readonly string[];
  place(span: Span): Place;
  role(role: NamePart): RoleName;
}

const table = ['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER'];
const ofColumns = ['SELECT', 'INSERT', 'UPDATE', 'REFERENCES'];

/** What ALL stands for. MAINTAIN came with version 17. */
export function allPrivileges(kind: GrantKind, version: number): readonly string[] {
  switch (kind) {
    case 'table': return version >= 17 ? [...table, 'MAINTAIN'] : table;
    case 'sequence': return ['USAGE', 'SELECT', 'UPDATE'];
    case 'function': case 'procedure': case 'routine': return ['EXECUTE'];
    case 'schema': return ['USAGE', 'CREATE'];
    case 'database': return ['CREATE', 'CONNECT', 'TEMPORARY'];
    case 'parameter': return ['SET', 'ALTER SYSTEM'];
    case 'tablespace': return ['CREATE'];
    case 'large object': return ['SELECT', 'UPDATE'];
    default: return ['USAGE'];
  }
}

/** What PUBLIC has on every new object of a kind. */
export function builtInAcl(kind: GrantKind): readonly Privilege[] {
  return (publicPrivileges[kind] ?? []).map((privilege) => ({ ...everybody, privilege }));
}

export const everybody = { grantee: 'public', column: undefined, grantable: false, place: undefined, byDefault: false, grantor: undefined } as const;

const publicPrivileges: Readonly<Partial<Record<GrantKind, readonly string[]>>> = {
  function: ['EXECUTE'], procedure: ['EXECUTE'], routine: ['EXECUTE'], type: ['USAGE'], language: ['USAGE'], database: ['CONNECT', 'TEMPORARY'],
};

/** The privileges on an object after GRANT or REVOKE. */
export function granted<T extends Acl>(object: T, grant: Grant, granting: Granting): T {
  let { acl, withheld, shutOut } = object;
  let changed = false;
  for (const role of grant.roles) {
    const known = granting.role(role);
    const grantee = known ?? 'current_user';
    if (isReadingOrCalling(grant)) shutOut = grant.revoke ? [...shutOut.filter((other) => other !== grantee), grantee] : shutOut.filter((other) => other !== grantee);
    for (const { privilege, column } of expand(grant, granting.all)) {
      if (!granting.may(privilege, column)) continue;
      if (known === granting.owner) {
        if (!grant.option || !grant.revoke) withheld = changeOwner(withheld, column ? `${privilege}(${column})` : privilege, grant.revoke);
        changed = true;
        continue;
      }
      const next = grant.revoke
        ? without(acl, grantee, privilege, column, grant.option !== undefined, granting.grantor)
        : added(acl, { grantee, privilege, column, grantable: grant.option !== undefined, place: granting.place(role), byDefault: granting.byDefault, grantor: granting.grantor });
      changed ||= next !== acl;
      acl = next;
    }
  }
  const almost = grant.revoke && !changed ? withAlmost(object.almost, granting.place(grant.at)) : object.almost;
  return { ...object, acl, withheld, almost, shutOut };
}

/** The newest ones are enough to tell of. */
export function withAlmost(almost: readonly Place[], place: Place): readonly Place[] {
  return [...almost.slice(-2), place];
}

function isReadingOrCalling({ option, revoke, privileges }: Grant): boolean {
  return !(revoke && option) && privileges.some(({ name, columns }) => /^(ALL|SELECT|EXECUTE)$/.test(name) && (columns.length === 0 || !revoke));
}

function expand(grant: Grant, all: readonly string[]): { privilege: string; column: string | undefined }[] {
  return grant.privileges.flatMap(({ name, columns }): { privilege: string; column: string | undefined }[] => {
    const one = name === 'TEMP' ? 'TEMPORARY' : name;
    if (columns.length > 0) return columns.flatMap((column) => (one === 'ALL' ? ofColumns : [one]).map((privilege) => ({ privilege, column: column.name })));
    return (one === 'ALL' ? all : all.includes(one) ? [one] : []).map((privilege) => ({ privilege, column: undefined }));
  });
}

function changeOwner(withheld: readonly string[], privilege: string, revoke: boolean): readonly string[] {
  const others = withheld.filter((other) => other !== privilege);
  return revoke ? [...others, privilege] : others;
}

function added(acl: readonly Privilege[], privilege: Privilege): readonly Privilege[] {
  const old = acl.find((other) => isSame(other, privilege));
  if (!old) return [...acl, privilege];
  return acl.map((other) => (other === old ? { ...privilege, grantable: old.grantable || privilege.grantable } : other));
}

function isSame(a: Privilege, b: Privilege): boolean {
  return a.grantee === b.grantee && a.privilege === b.privilege && a.column === b.column && a.grantor === b.grantor;
}

/** Taking the privilege on a table takes it on its columns too, and what was granted on by its holder goes with it. */
function without(acl: readonly Privilege[], grantee: string, privilege: string, column: string | undefined, optionOnly: boolean, grantor: string | undefined): readonly Privilege[] {
  const lost = acl.filter((item) => item.grantee === grantee && item.privilege === privilege && item.grantor === grantor
    && (column === undefined || item.column === column) && (!optionOnly || item.grantable));
  if (lost.length === 0) return acl;
  let rest: readonly Privilege[] = optionOnly
    ? acl.map((item) => (lost.includes(item) ? { ...item, grantable: false } : item))
    : acl.filter((item) => !lost.includes(item));
  for (const { column: of, grantable } of lost) {
    const still = rest.some((item) => item.grantee === grantee && item.privilege === privilege && item.column === of && item.grantable);
    if (!grantable || still) continue;
    for (const item of rest.filter((other) => other.grantor === grantee && other.privilege === privilege && other.column === of)) {
      rest = without(rest, item.grantee, privilege, item.column, false, grantee);
    }
  }
  return rest;
}

/** The new owner has everything that the old one had, and needs no grant any more. */
export function ownedBy<T extends Acl>(object: T, role: RoleName): T {
  const owner = role ?? 'current_user';
  const had = object.acl.filter((item) => item.grantee === owner);
  const names = had.map(({ privilege, column }) => (column ? `${privilege}(${column})` : privilege));
  const acl = object.acl.filter((item) => item.grantee !== owner).map((item) => (item.grantor === owner ? { ...item, grantor: undefined } : item));
  return { ...object, acl: unique(acl), withheld: object.withheld.filter((name) => !names.includes(name)) };
}

function unique(acl: readonly Privilege[]): readonly Privilege[] {
  return acl.filter((item, i) => acl.findIndex((other) => isSame(other, item)) === i);
}

/** Nothing has been granted and nothing taken since the object was new. */
export function isBuiltIn(kind: GrantKind, { acl, withheld }: Acl): boolean {
  const first = builtInAcl(kind);
  return withheld.length === 0 && acl.length === first.length && acl.every((item) => !item.grantable && first.some((other) => isSame(other, item)));
}

/** Without everything that was granted to the role; who cannot act as the owner takes only what he granted himself. */
export function withoutRole<T extends Acl>(object: T, role: string, grantor?: string): T {
  const acl = object.acl.filter((item) => item.grantee !== role || (grantor !== undefined && item.grantor !== grantor));
  return acl.length === object.acl.length ? object : { ...object, acl };
}

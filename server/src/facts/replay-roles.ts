import { ownedBy, withoutRole } from './acl.ts';
import type { NamePart } from './cursor.ts';
import type { Effect, RoleChanges } from './effects.ts';
import type { Membership, Place, Privilege, Role, RoleAttribute, Securable, Switch } from './objects.ts';
import type { Run, State } from './replay-state.ts';
import { dropSchema, everyObject } from './replay-objects.ts';
import { defaultsKey, isUsual } from './replay-privileges.ts';

export function createRole(run: Run, { name, user, changes, memberOf, members }: Extract<Effect, { do: 'create role' }>): void {
  const { roles } = run.state;
  const older = roles.get(name.name);
  if (older && run.certainty === 'perhaps') return;
  const place = run.place(name);
  const role: Role = { ...unknownRole(name.name, place), known: true, attributes: { ...newRole, login: user ? { on: true, place } : newRole.login } };
  roles.set(name.name, changedRole(run, role, changes));
  for (const group of memberOf) addMembership(run, group.name, name.name, {}, undefined, place);
  for (const { name: member, admin } of members) {
    addMembership(run, name.name, run.state.roleOf(member) ?? 'current_user', admin ? { admin } : {}, undefined, run.place(member));
  }
}

const off: Switch = { on: false, place: undefined };
const on: Switch = { on: true, place: undefined };
const newRole: Readonly<Record<RoleAttribute, Switch>> = {
  superuser: off, createrole: off, createdb: off, inherit: on, login: off, replication: off, bypassrls: off,
};
const unknown: Switch = { on: undefined, place: undefined };
const unknownAttributes: Readonly<Record<RoleAttribute, Switch>> = {
  superuser: unknown, createrole: unknown, createdb: unknown, inherit: unknown, login: unknown, replication: unknown, bypassrls: unknown,
};

function unknownRole(name: string, place: Place): Role {
  return {
    name, place, known: false, attributes: unknownAttributes, password: undefined, validUntil: undefined, connectionLimit: undefined, settings: new Map(),
  };
}

export function alterRole(run: Run, { name, changes }: Extract<Effect, { do: 'alter role' }>): void {
  updateRole(run, name, (role) => changedRole(run, role, changes));
}

function updateRole(run: Run, part: NamePart, change: (role: Role) => Role): void {
  const name = run.state.roleOf(part);
  if (name === undefined) return;
  run.state.roles.set(name, change(run.state.roles.get(name) ?? unknownRole(name, run.place(part))));
}

function changedRole(run: Run, role: Role, { attributes, password, validUntil, connectionLimit }: RoleChanges): Role {
  const changed = Object.fromEntries(attributes.map(({ attribute, on: value, at }) => [attribute, { on: value, place: run.place(at) }]));
  return {
    ...role,
    attributes: { ...role.attributes, ...changed },
    ...password ? { password: { null: password.null, place: run.place(password.at) } } : {},
    ...validUntil ? { validUntil: { text: validUntil.text, place: run.place(validUntil.at) } } : {},
    ...connectionLimit ? { connectionLimit: { value: connectionLimit.value, place: run.place(connectionLimit.at) } } : {},
  };
}

export function configure(run: Run, { on: what, name, database, setting }: Extract<Effect, { do: 'configure' }>): void {
  const { databaseSettings } = run.state;
  if (what === 'database') {
    if (!setting) for (const [key] of [...databaseSettings.entries()]) databaseSettings.delete(key);
    else if (setting.value === undefined) databaseSettings.delete(setting.name);
    else databaseSettings.set(setting.name, { value: setting.value, place: run.place(setting.at) });
    return;
  }
  if (database) return;
  updateRole(run, name, (role) => {
    const settings = new Map(setting ? role.settings : []);
    if (setting && setting.value !== undefined) settings.set(setting.name, { value: setting.value, place: run.place(setting.at) });
    else if (setting) settings.delete(setting.name);
    return { ...role, settings };
  });
}

export function dropRoles({ state }: Run, { names }: Extract<Effect, { do: 'drop role' }>): void {
  for (const { name } of names) {
    state.roles.delete(name);
    for (const [key, membership] of [...state.memberships.entries()]) {
      if (membership.role === name || membership.member === name) state.memberships.delete(key);
    }
  }
}

export function grantRoles(run: Run, { revoke, roles, members, options, by }: Extract<Effect, { do: 'grant role' }>): void {
  const { state } = run;
  for (const { name } of roles) {
    for (const part of members) {
      const member = state.roleOf(part) ?? 'current_user';
      if (revoke) revokeMembership(state, name, member, options);
      else addMembership(run, name, member, options, by && state.roleOf(by), run.place(part));
    }
  }
}

function addMembership(run: Run, role: string, member: string, options: { admin?: boolean; inherit?: boolean; set?: boolean }, grantor: string | undefined, place: Place): void {
  const key = JSON.stringify([role, member, grantor ?? null]);
  const older = run.state.memberships.get(key);
  const membership: Membership = {
    role, member, grantor, place,
    admin: options.admin ?? older?.admin ?? false,
    inherit: options.inherit ?? older?.inherit,
    set: options.set ?? older?.set ?? true,
  };
  run.state.memberships.set(key, membership);
}

function revokeMembership(state: State, role: string, member: string, options: { admin?: boolean; inherit?: boolean; set?: boolean }): void {
  const optionOnly = Object.keys(options).length > 0;
  for (const [key, membership] of [...state.memberships.entries()]) {
    if (membership.role !== role || membership.member !== member) continue;
    if (optionOnly) state.memberships.set(key, { ...membership, ...options });
    else state.memberships.delete(key);
  }
}

export function renameRole(run: Run, from: string, to: string): void {
  const { state } = run;
  const role = state.roles.get(from);
  state.dependents.renamed(from, to);
  if (role) {
    state.roles.delete(from);
    state.roles.set(to, { ...role, name: to });
  }
  for (const [key, membership] of [...state.memberships.entries()]) {
    if (membership.role !== from && membership.member !== from && membership.grantor !== from) continue;
    state.memberships.delete(key);
    const changed = { ...membership, role: swap(membership.role), member: swap(membership.member), grantor: membership.grantor && swap(membership.grantor) };
    state.memberships.set(JSON.stringify([changed.role, changed.member, changed.grantor ?? null]), changed);
  }
  everyObject(state, (object) => renamed(object));
  for (const [key, defaults] of [...state.defaultPrivileges.entries()]) {
    const changed = { ...renamedAcl(defaults), role: defaults.role && swap(defaults.role) };
    state.defaultPrivileges.delete(key);
    state.defaultPrivileges.set(defaultsKey(changed.role, changed.schema, changed.on), changed);
  }
  for (const relation of [...state.relations.all()]) {
    if (!relation.policies.some(({ roles }) => roles.includes(from))) continue;
    state.relations.replace(relation, { ...relation, policies: relation.policies.map((policy) => ({ ...policy, roles: policy.roles.map(swap) })) });
  }

  function swap(name: string): string {
    return name === from ? to : name;
  }
  function renamed<T extends Securable>(object: T): T {
    const concerned = object.owner.role === from || object.acl.some((item) => item.grantee === from || item.grantor === from);
    if (!concerned) return object;
    return { ...renamedAcl(object), owner: { ...object.owner, role: object.owner.role && swap(object.owner.role) } };
  }
  function renamedAcl<T extends { readonly acl: readonly Privilege[] }>(object: T): T {
    return { ...object, acl: object.acl.map((item) => ({ ...item, grantee: swap(item.grantee), grantor: item.grantor && swap(item.grantor) })) };
  }
}

export function reassign(run: Run, { from, to }: Extract<Effect, { do: 'reassign' }>): void {
  const { state } = run;
  const owner = state.roleOf(to);
  const old = from.map((part) => state.roleOf(part));
  if (owner === undefined) return;
  const place = run.place(to);
  everyObject(state, (object) => (old.includes(object.owner.role) && object.owner.role !== undefined ? ownedBy({ ...object, owner: { role: owner, place } }, owner) : object));
}

/** Drops what the roles own, and takes from them what they were granted. */
export function dropOwned({ state }: Run, { roles }: Extract<Effect, { do: 'drop owned' }>): void {
  for (const part of roles) {
    const role = state.roleOf(part);
    if (role === undefined) continue;
    for (const schema of [...state.schemas.values()]) if (schema.owner.role === role) dropSchema(state, schema.name);
    everyObject(state, (object) => (object.owner.role === role ? undefined : withoutRole(object, role)));
    for (const [key, defaults] of [...state.defaultPrivileges.entries()]) {
      const left = withoutRole(defaults, role);
      if (defaults.role === role || (left !== defaults && isUsual(left))) state.defaultPrivileges.delete(key);
      else state.defaultPrivileges.set(key, left);
    }
    for (const relation of [...state.relations.all()]) {
      if (!relation.policies.some(({ roles: names }) => names.includes(role))) continue;
      const policies = relation.policies.map((policy) => ({ ...policy, roles: policy.roles.filter((name) => name !== role) }));
      state.relations.replace(relation, { ...relation, policies: policies.filter((policy) => policy.roles.length > 0) });
    }
  }
}

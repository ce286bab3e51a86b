import { ownedBy, withoutRole } from './acl.ts';
import type { NamePart } from '../sql/cursor.ts';
import type { Effect, RoleChanges } from './effects.ts';
import type { Owner, Place, Privilege, Role, RoleAttribute, Securable, Switch } from '../objects.ts';
import type { Kept } from './journal.ts';
import type { Run, State } from './replay-state.ts';
import { dropRelation, dropRoutine } from './replay-moves.ts';
import { dropSchema, everyObject } from './replay-objects.ts';
import { defaultsKey, grantorOf, groupsOf, isUsual } from './replay-privileges.ts';

export function createRole(run: Run, { name, user, changes, memberOf, members }: Extract<Effect, { do: 'create role' }>): void {
  const { roles } = run.state;
  const older = roles.get(name.name);
  if (older && run.certainty === 'perhaps') return;
  const place = run.place(name);
  const role: Role = { ...unknownRole(name.name, place), known: true, attributes: { ...newRole, login: user ? { on: true, place } : newRole.login } };
  roles.set(name.name, changedRole(run, role, changes));
  ownCreation(run, name.name, place);
  for (const group of memberOf) addMembership(run, group.name, name.name, {}, membershipGrantor(run.state, group.name, undefined), place);
  const grantor = membershipGrantor(run.state, name.name, undefined);
  for (const { name: member, admin } of members) {
    addMembership(run, name.name, run.state.roleOf(member) ?? 'current_user', admin ? { admin } : {}, grantor, run.place(member));
  }
}

/** From version 16 on who creates a role without being a superuser may give it to others, himself included. */
function ownCreation(run: Run, name: string, place: Place): void {
  const { state } = run;
  const creator = state.role === undefined ? undefined : state.roles.get(state.role);
  if (state.version < 16 || !creator?.known || creator.attributes.superuser.on !== false) return;
  addMembership(run, name, creator.name, { admin: true, inherit: false, set: false }, undefined, place);
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

export function grantRoles(run: Run, { revoke, roles, members, options, by, cascade }: Extract<Effect, { do: 'grant role' }>): void {
  const { state } = run;
  for (const { name } of roles) {
    const grantor = membershipGrantor(state, name, by);
    for (const part of members) {
      const member = state.roleOf(part) ?? 'current_user';
      if (revoke) {
        noteMissed(run, name, member, options, grantor, run.place(part));
        revokeMembership(state, name, member, options, grantor, cascade);
      }
      else addMembership(run, name, member, options, grantor, run.place(part));
    }
  }
}

/** From version 16 on the server keeps who granted a membership; undefined stands for the superuser who made the cluster. */
function membershipGrantor(state: State, role: string, by: NamePart | undefined): string | undefined {
  if (state.version < 16) return undefined;
  if (by) return state.roleOf(by);
  const current = state.role === undefined ? undefined : state.roles.get(state.role);
  if (!current?.known || current.attributes.superuser.on !== false) return undefined;
  const may = [...groupsOf(state.memberships.values(), current.name)];
  return may.find((name) => [...state.memberships.values()].some((one) => one.role === role && one.member === name && one.admin)) ?? current.name;
}

function membershipKey(role: string, member: string, grantor: string | undefined): string {
  return JSON.stringify([role, member, grantor ?? null]);
}

function addMembership(run: Run, role: string, member: string, options: MembershipOptions, grantor: string | undefined, place: Place): void {
  const { memberships, roles, version } = run.state;
  const key = membershipKey(role, member, grantor);
  const older = memberships.get(key);
  memberships.set(key, {
    role, member, grantor, place, missed: [],
    admin: options.admin ?? older?.admin ?? false,
    // Up to version 15 the member's INHERIT counts whenever it is used, later only when the membership is given.
    inherit: options.inherit ?? older?.inherit ?? (version >= 16 ? roles.get(member)?.attributes.inherit.on : undefined),
    set: options.set ?? older?.set ?? true,
  });
}

interface MembershipOptions {
  readonly admin?: boolean;
  readonly inherit?: boolean;
  readonly set?: boolean;
}

/** What a REVOKE leaves although it speaks of it: a membership of the same role or of the same member. */
function noteMissed({ state: { memberships } }: Run, role: string, member: string, options: MembershipOptions, grantor: string | undefined, place: Place): void {
  const optionOnly = Object.keys(options).length > 0;
  const takes = memberships.get(membershipKey(role, member, grantor)) !== undefined;
  for (const [key, one] of [...memberships.entries()]) {
    const same = one.role === role && one.member === member;
    const by = same ? (one.grantor === grantor ? (optionOnly ? 'option' : undefined) : 'grantor') : takes ? undefined : one.role === role ? 'member' : one.member === member ? 'role' : undefined;
    if (by !== undefined && (!takes || by === 'option')) memberships.set(key, { ...one, missed: [...one.missed.slice(-2), { place, by }] });
  }
}

function revokeMembership(state: State, role: string, member: string, options: MembershipOptions, grantor: string | undefined, cascade: boolean): void {
  const optionOnly = Object.keys(options).length > 0;
  const key = membershipKey(role, member, grantor);
  const membership = state.memberships.get(key);
  if (!membership) return;
  if (optionOnly) state.memberships.set(key, { ...membership, ...options });
  else state.memberships.delete(key);
  if (state.version < 16 || !membership.admin || (optionOnly && options.admin === undefined) || !cascade) return;
  const still = [...state.memberships.values()].some((one) => one.role === role && one.member === member && one.admin);
  if (still) return;
  for (const given of [...state.memberships.values()]) {
    if (given.role === role && given.grantor === member) revokeMembership(state, role, given.member, {}, member, true);
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
    state.memberships.set(membershipKey(changed.role, changed.member, changed.grantor), changed);
  }
  everyObject(state, (object) => renamed(object));
  for (const owned of ownedWithoutPrivileges(state)) {
    for (const [key, one] of [...owned.entries()]) if (one.owner.role === from) owned.set(key, { ...one, owner: { ...one.owner, role: to } });
  }
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
  const place = run.place(to);
  everyObject(state, (object) => (old.includes(object.owner.role) && object.owner.role !== owner ? ownedBy({ ...object, owner: { role: owner, place } }, owner) : object));
  for (const owned of ownedWithoutPrivileges(state)) {
    for (const [key, one] of [...owned.entries()]) if (old.includes(one.owner.role)) owned.set(key, { ...one, owner: { role: owner, place } });
  }
}

/** Objects of a database that have an owner and that nothing can be granted on. */
function ownedWithoutPrivileges({ eventTriggers, publications }: State): readonly Kept<{ readonly owner: Owner }>[] {
  return [eventTriggers, publications] as Kept<any>[];
}

/** Drops what the roles own, and takes from them what they were granted. */
export function dropOwned({ state }: Run, { roles }: Extract<Effect, { do: 'drop owned' }>): void {
  for (const part of roles) {
    const role = state.roleOf(part);
    if (role === undefined) continue;
    for (const schema of [...state.schemas.values()]) if (schema.owner.role === role) dropSchema(state, schema.name);
    for (const owned of ownedWithoutPrivileges(state)) for (const [key, one] of [...owned.entries()]) if (one.owner.role === role) owned.delete(key);
    // From version 16 on what a role granted depends on it.
    for (const [key, one] of [...state.memberships.entries()]) if (one.grantor === role) state.memberships.delete(key);
    for (const relation of [...state.relations.all()]) if (relation.owner.role === role) dropRelation(state, relation);
    for (const routine of [...state.routines.all()]) if (routine.owner.role === role) dropRoutine(state, routine);
    everyObject(state, (object) => (object.owner.role === role ? undefined : withoutRole(object, role, grantorOf(state, object.owner, object.acl))));
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

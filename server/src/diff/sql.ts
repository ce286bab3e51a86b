import { extensionRisks } from '../catalog/extension-risks.ts';
import { builtInAcl } from '../facts/replay/acl.ts';
import type { GrantKind } from '../facts/sql/grants.ts';
import type {
  DefaultPrivileges, Membership, Objects, OtherObject, Place, Policy, Privilege, Relation, Role, RoleAttribute, Routine, SchemaObject, TypeObject,
} from '../facts/schema.ts';
import type { Effect, SecurityChange } from './change.ts';
import type { Texts } from './change.ts';
import { who, whatFor, type Grantable } from './privilege-verbs.ts';

/** What SQL leaves behind, and where it stands. */
export interface SqlSide {
  readonly objects: readonly Objects[];
  readonly texts: Texts;
}

/** What differs between two end states for those who may use a database. */
export function sqlChanges(before: SqlSide, after: SqlSide): SecurityChange[] {
  const found: SecurityChange[] = [];
  const say: Say = (effect, text, place, gone = false) => {
    found.push({ effect, text, ...(gone ? before : after).texts.at(place), ...gone && { gone: true as const } });
  };
  const each = <T>(list: (objects: Objects) => readonly T[], key: (object: T) => string, join: Join<T>, compare: Compare<T>) => {
    const [old, now] = [before, after].map(({ objects }) => byKey(objects.flatMap((one) => list(one)), key, join)) as [Map<string, T>, Map<string, T>];
    for (const name of new Set([...old.keys(), ...now.keys()])) compare(old.get(name), now.get(name), say);
  };
  each(({ roles }) => roles, ({ name }) => name, joinedRole, compareRoles);
  each(({ memberships }) => memberships, ({ role, member }) => `${member} ${role}`, first, compareMemberships);
  each<Grantable>(({ relations, routines, schemas, types, others }) => [...relations, ...routines, ...schemas, ...types, ...others], keyOf, joined, compareGrants);
  each(({ relations }) => relations, keyOf, joined, compareRelations);
  each(({ routines }) => routines, keyOf, first, compareRoutines);
  each(({ defaultPrivileges }) => defaultPrivileges, ({ role, schema, on }) => JSON.stringify([role, schema, on]), first, compareDefaults);
  each(({ extensions }) => extensions, ({ name }) => name, first, (old, now, tell) => {
    const risk = extensionRisks.get((now ?? old)!.name);
    if (!old) tell(risk ? 'opens' : 'changes', `Extension ${now!.name} is installed now${risk ? `; it ${risk.does}` : ''}`, now!.place);
    else if (!now) tell(risk ? 'closes' : 'changes', `Extension ${old.name} is no longer installed`, old.place, true);
  });
  each(({ publications }) => publications, ({ name }) => name, first, (old, now, tell) => {
    if (now?.allTables && !old?.allTables) tell('opens', `Publication ${now.name} now hands out every table to its subscribers`, now.place);
    else if (old?.allTables && !now?.allTables) tell('closes', `Publication ${old.name} no longer hands out every table`, old.place, true);
  });
  return found;
}

type Join<T> = (a: T, b: T) => T;
type Compare<T> = (old: T | undefined, now: T | undefined, say: Say) => void;
type Say = (effect: Effect, text: string, place: Pick<Place, 'path' | 'at'>, gone?: boolean) => void;

function byKey<T>(all: readonly T[], key: (object: T) => string, join: Join<T>): Map<string, T> {
  const found = new Map<string, T>();
  for (const object of all) {
    const name = key(object);
    const known = found.get(name);
    found.set(name, known === undefined ? object : join(known, object));
  }
  return found;
}

function first<T>(a: T): T {
  return a;
}

/** Files without an order between them each know a part of the object. */
function joined<T extends Grantable>(a: T, b: T): T {
  const parts = 'policies' in a && 'policies' in b ? { policies: [...a.policies, ...b.policies], rls: a.rls.on ? a.rls : b.rls, forced: a.forced.on ? a.forced : b.forced } : {};
  return { ...(a.known ? a : b), known: a.known || b.known, acl: [...a.acl, ...b.acl], owner: a.owner.place ? a.owner : b.owner, ...parts };
}

function joinedRole(a: Role, b: Role): Role {
  const attributes = Object.fromEntries(Object.entries(a.attributes).map(([name, value]) => [name, value.on ? value : b.attributes[name as RoleAttribute]])) as Role['attributes'];
  return { ...a, known: a.known || b.known, attributes };
}

function keyOf(object: Relation | Routine | SchemaObject | TypeObject | OtherObject): string {
  const kind = 'columns' in object ? 'relation' : 'types' in object ? `routine ${object.types.join()}` : object.kind;
  return JSON.stringify([kind, object.schema, object.name]);
}

function nameOf(object: Grantable): string {
  const name = object.schema === undefined ? object.name : `${object.schema}.${object.name}`;
  return 'types' in object ? `${name}(${object.types.join(', ')})` : name;
}

const attributeWords: Readonly<Record<Exclude<RoleAttribute, 'inherit'>, readonly [now: string, no: string]>> = {
  superuser: ['is now a superuser', 'is no longer a superuser'],
  createrole: ['can now create roles', 'can no longer create roles'],
  createdb: ['can now create databases', 'can no longer create databases'],
  login: ['can now log in', 'can no longer log in'],
  replication: ['can now replicate the whole cluster', 'can no longer replicate the cluster'],
  bypassrls: ['is now past all row-level security', 'is no longer past row-level security'],
};

function compareRoles(old: Role | undefined, now: Role | undefined, say: Say): void {
  const { name, place } = (now ?? old)!;
  if (old?.known && !now) return say('closes', `Role ${name} is no longer created`, place, true);
  for (const [attribute, [on, off]] of Object.entries(attributeWords) as [keyof typeof attributeWords, readonly [string, string]][]) {
    const [was, is] = [old?.attributes[attribute], now?.attributes[attribute]];
    if (is?.on && !was?.on) say('opens', `Role ${name} ${on}`, is.place ?? place);
    else if (was?.on && !is?.on) say('closes', `Role ${name} ${off}`, is?.place ?? was.place ?? place, !is?.place);
    else if (is?.on === false && is.place && was && was.on === undefined) say('closes', `Role ${name} ${off}`, is.place);
  }
  if (now?.password?.null === false && old && !old.password) say('changes', `Role ${name} has a password now`, now.password.place);
}

function compareMemberships(old: Membership | undefined, now: Membership | undefined, say: Say): void {
  if (!old) return say('opens', `Role ${now!.member} is now a member of ${now!.role}${now!.admin ? ', and may make others members' : ''}`, now!.place);
  if (!now) return say('closes', `Role ${old.member} is no longer a member of ${old.role}`, old.place, true);
  if (old.admin !== now.admin) say(now.admin ? 'opens' : 'closes', `Role ${now.member} may ${now.admin ? 'now' : 'no longer'} make others members of ${now.role}`, now.place);
}

function compareGrants(old: Grantable | undefined, now: Grantable | undefined, say: Say): void {
  const object = (now ?? old)!;
  const name = nameOf(object);
  if (old?.known && !now) {
    const users = [...new Set(old.acl.filter(({ place }) => place).map(({ grantee }) => who(grantee)))];
    if (users.length > 0) say('closes', `${name} is gone, and with it what ${listed(users.map(lower))} could do with it`, old.place, true);
    return;
  }
  const [was, is] = [old ?? untouched(now!), now ?? untouched(old!)];
  const [before, after] = [granted(was, is), granted(is, was)];
  for (const grantee of new Set([...before.keys(), ...after.keys()])) {
    const [had, has] = [before.get(grantee) ?? new Map<string, Privilege>(), after.get(grantee) ?? new Map<string, Privilege>()];
    const gained = [...has].flatMap(([key, privilege]) => (had.has(key) ? [] : [privilege]));
    const lost = [...had].flatMap(([key, privilege]) => (has.has(key) ? [] : [privilege]));
    const passing = [...has].flatMap(([key, privilege]) => (privilege.grantable && had.get(key)?.grantable !== true ? [privilege] : []));
    if (gained.length > 0) say('opens', `${who(grantee)} can now ${whatFor(object, gained, name)}${rowsFor(now, grantee, gained)}`, gained[0]!.place ?? object.place);
    if (lost.length > 0) say('closes', `${who(grantee)} can no longer ${whatFor(object, lost, name)}`, lost[0]!.place ?? (old ?? object).place, lost[0]!.place !== undefined || old !== undefined);
    if (passing.length > 0) say('opens', `${who(grantee)} may now let others ${whatFor(object, passing, name)}`, passing[0]!.place ?? object.place);
  }
  if (old && now && old.owner.role !== now.owner.role && now.owner.place) {
    say('changes', `${name} now belongs to ${now.owner.role ?? 'the role that runs the files'}${old.owner.role === undefined ? '' : `, not to ${old.owner.role}`}`, now.owner.place);
  }
}

/** Roles with BYPASSRLS or SUPERUSER that the files do not create: https://supabase.com/docs/guides/database/postgres/roles */
const pastPolicies: ReadonlySet<string> = new Set(['postgres', 'service_role', 'supabase_admin']);

/** What row-level security leaves of a privilege on a table. */
function rowsFor(object: Grantable | undefined, grantee: string, privileges: readonly Privilege[]): string {
  if (object === undefined || !('policies' in object) || object.rls.on !== true || !privileges.some(({ privilege }) => ['SELECT', 'INSERT', 'UPDATE', 'DELETE'].includes(privilege))) return '';
  if (pastPolicies.has(grantee)) return '';
  const named = object.policies.some(({ permissive, roles }) => permissive && (grantee === 'public' || roles.includes('public') || roles.includes(grantee)));
  return named ? ', as far as its policies let it' : ', as far as a policy lets it; none names it';
}

/** An object that these files speak of and do not create is there without them too. */
function untouched(object: Grantable): Grantable | undefined {
  if (object.known) return undefined;
  // What everybody has in the schema public depends on the version.
  if (object.kind === 'schema') return { ...object, acl: object.acl.filter(({ place }) => !place) };
  return { ...object, acl: builtInAcl(object.kind === 'domain' ? 'type' : object.kind as GrantKind) };
}

/** Privileges by role and name. What every new object gives PUBLIC counts only where it can be compared. */
function granted(object: Grantable | undefined, other: Grantable | undefined): Map<string, Map<string, Privilege>> {
  const roles = new Map<string, Map<string, Privilege>>();
  for (const privilege of object?.acl ?? []) {
    if (!privilege.place && !other) continue;
    const own = roles.get(privilege.grantee) ?? new Map<string, Privilege>();
    roles.set(privilege.grantee, own.set(`${privilege.privilege} ${privilege.column ?? ''}`, privilege));
  }
  return roles;
}

function compareRelations(old: Relation | undefined, now: Relation | undefined, say: Say): void {
  if (!now) return;
  const name = nameOf(now);
  const enabled = now.rls.on === true;
  if (!enabled && old?.rls.on) say('opens', `Row-level security of ${name} is off now: whoever may read the table sees every row`, now.rls.place ?? old.rls.place ?? now.place, !now.rls.place);
  if (enabled && old && !old.rls.on) say('closes', `Row-level security of ${name} is on now: only rows that a policy lets through can be seen`, now.rls.place ?? now.place);
  if (now.forced.on && old && !old.forced.on) say('closes', `The policies of ${name} now hold for its owner too`, now.forced.place ?? now.place);
  if (!now.forced.on && old?.forced.on) say('opens', `The policies of ${name} no longer hold for its owner`, now.forced.place ?? old.forced.place ?? now.place, !now.forced.place);
  comparePolicies(name, old, now, say);
  if (now.kind !== 'view' || !old) return;
  const [was, is] = [old, now].map(({ options }) => /^(true|on|yes|1)$/i.test(options.get('security_invoker')?.value ?? ''));
  if (was && !is) say('opens', `View ${name} now reads with the rights of its owner, not with those of whoever asks`, (now.query ?? now.place));
  if (is && !was) say('closes', `View ${name} now reads with the rights of whoever asks`, now.options.get('security_invoker')!.place);
}

function comparePolicies(name: string, old: Relation | undefined, now: Relation, say: Say): void {
  const protects = (old?.known ? old : now).rls.on === true;
  const [before, after] = [old?.policies ?? [], now.policies].map((policies) => new Map(policies.map((policy) => [policy.name, policy]))) as [Map<string, Policy>, Map<string, Policy>];
  for (const policy of after.values()) {
    const was = before.get(policy.name);
    if (!was) say(protects ? (policy.permissive ? 'opens' : 'closes') : 'changes', `Policy ${policy.name} on ${name} is new: ${policyText(policy)}`, policy.place);
    else if (policyText(was, Infinity) !== policyText(policy, Infinity)) say('changes', `Policy ${policy.name} on ${name} has changed: ${policyText(policy)}; until now ${policyText(was)}`, policy.place);
  }
  for (const policy of before.values()) {
    if (!after.has(policy.name)) say(!now.rls.on ? 'changes' : policy.permissive ? 'closes' : 'opens', `Policy ${policy.name} on ${name} is gone: until now ${policyText(policy)}`, policy.place, true);
  }
}

const commandWords: Readonly<Record<Policy['command'], string>> = { ALL: 'read and write', SELECT: 'read', INSERT: 'add', UPDATE: 'change', DELETE: 'delete' };

/** `it lets role anon read every row`, `it lets any role read rows where owner = current_user` */
function policyText({ command, permissive, roles, using, check }: Policy, most = 60): string {
  const shown = (text: string) => {
    const line = text.replace(/\s+/g, ' ').trim();
    return line.length > most ? `${line.slice(0, most - 1)}…` : line;
  };
  const condition = using ?? check;
  const rows = condition === undefined || /^\(*\s*true\s*\)*$/i.test(condition.text) ? 'every row' : `rows where ${shown(condition.text)}`;
  const written = using && check && check.text !== using.text ? `, and write rows where ${shown(check.text)}` : '';
  const those = listed(roles.map((role) => lower(who(role))));
  return permissive ? `it lets ${those} ${commandWords[command]} ${rows}${written}` : `it lets ${those} ${commandWords[command]} nothing but ${rows}${written}`;
}

function compareRoutines(old: Routine | undefined, now: Routine | undefined, say: Say): void {
  if (!now) return;
  const name = nameOf(now);
  const definer = now.definer !== undefined;
  if (definer && !old?.definer) {
    say('opens', `${name} ${old ? 'now' : 'is new and'} runs with the rights of its owner${mayExecute(now.acl) ? ', and any role may run it' : ''}`, now.definer!);
  }
  if (!definer && old?.definer) say('closes', `${name} no longer runs with the rights of its owner`, now.place);
  if (!definer || !old?.definer) return;
  const [was, is] = [old, now].map(({ path }) => (path.kind === 'list' ? path.entries.map((entry) => entry.text).join(', ') : path.kind)) as [string, string];
  if (was === is || was === 'unknown' || is === 'unknown') return;
  const begin = `${name} runs with the rights of its owner and now looks up names`;
  if (now.path.kind === 'none') say('opens', `${begin} where its caller says`, now.path.cleared ?? now.place);
  else if (now.path.kind === 'list' && was === 'none') say('closes', `${begin} in ${is || 'no schema'}, not where its caller says`, now.path.place);
  else if (now.path.kind === 'list') say('changes', `${begin} in ${is || 'no schema'}; until now in ${was || 'no schema'}`, now.path.place);
}

function mayExecute(acl: readonly Privilege[]): boolean {
  return acl.some(({ grantee, privilege }) => grantee === 'public' && privilege === 'EXECUTE');
}

function compareDefaults(old: DefaultPrivileges | undefined, now: DefaultPrivileges | undefined, say: Say): void {
  const { on, schema, role, place } = (now ?? old)!;
  const those = `${on} that ${role ?? 'the role that runs the files'} creates${schema === undefined ? '' : ` in schema ${schema}`} from now on`;
  const keys = (all: DefaultPrivileges | undefined) => new Set((all?.acl ?? []).filter((privilege) => privilege.place).map(({ grantee, privilege }) => `${privilege} ${grantee}`));
  const tell = (effect: Effect, words: string, added: ReadonlySet<string>, against: ReadonlySet<string>, gone: boolean) => {
    const roles = new Map<string, string[]>();
    for (const key of added) {
      const [privilege = '', ...rest] = key.split(' ');
      if (!against.has(key)) roles.set(rest.join(' '), [...roles.get(rest.join(' ')) ?? [], privilege]);
    }
    for (const [grantee, privileges] of roles) say(effect, `${who(grantee)} ${words} ${listed(privileges)} on ${those}`, place, gone);
  };
  tell('opens', 'will have', keys(now), keys(old), false);
  tell('closes', 'will not have', keys(old), keys(now), true);
  if (on !== 'functions') return;
  // In a single schema defaults only add to what PUBLIC may execute anyway.
  const executes = (all: DefaultPrivileges | undefined) => all === undefined || all.schema !== undefined || mayExecute(all.acl);
  if (executes(old) && !executes(now)) say('closes', `Not any role can run the ${those}`, place);
  if (!executes(old) && executes(now)) say('opens', `Any role can run the ${those}`, place, !now);
}

function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}

function lower(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}

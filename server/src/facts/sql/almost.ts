import type { Related } from '../../rules/rule.ts';
import { lex } from '../../syntax/sql/lexer.ts';
import { isAlike } from '../likeness.ts';
import { Cursor, type NamePart } from './cursor.ts';
import { readGrant, type Grant } from './grants.ts';
import type { LeftPrivilege } from './privilege-text.ts';
import { shownRelation } from './rls.ts';
import type { RoleGrant } from './role-grants.ts';
import type { Place, Policy, Privilege, Relation, Routine, Securable } from '../schema.ts';
import type { SqlFacts } from '../sql.ts';

/** What almostRevoked() says of the privileges that a GRANT left. One REVOKE is named once, however many privileges it meant. */
export function almostRevokedOf(facts: SqlFacts, left: readonly LeftPrivilege[]): readonly Related[] {
  const all = left.flatMap((held) => (held.of && held.place ? almostRevoked(facts, held.of, held, held.place) : []));
  return all.filter((one, i) => all.findIndex(({ at, path }) => at.start === one.at.start && path === one.path) === i).slice(0, 3);
}

/** REVOKEs behind the place of a privilege that meant it and did not take it, each with the reason: what a finding names beside itself. */
export function almostRevoked(facts: SqlFacts, object: Securable, held: Pick<Privilege, 'grantee' | 'privilege'> & { readonly column?: string | undefined }, since: Place): readonly Related[] {
  return object.almost.flatMap((place) => {
    const byDefault = isDefault(place);
    const grant = byDefault || facts.schema.isBefore(since, place) ? revokeAt(place) : undefined;
    if (!grant?.privileges.some(({ name }) => name === 'ALL' || name === held.privilege)) return [];
    const reason = byDefault ? 'With IN SCHEMA this takes nothing away: the privilege comes from a default for all schemas' : reasonOf(object, grant, held);
    return reason === undefined ? [] : [facts.related(place, reason)];
  });
}

/** The same for EXECUTE, which every role has on a new routine. */
export function almostClosed(facts: SqlFacts, routine: Routine): readonly Related[] {
  const { publicExecute, place } = routine;
  return almostRevoked(facts, routine, { grantee: 'public', privilege: 'EXECUTE' }, publicExecute.kind === 'granted' ? publicExecute.place : place);
}

/** REVOKEs of roles behind a grant that left memberships which it gave. `admin`: what should be gone is the right to make others members. */
export function almostTaken(facts: SqlFacts, { command, members }: RoleGrant, roles: readonly NamePart[], admin = false): readonly Related[] {
  const given = facts.schema.memberships.filter(({ role, member, place }) => place.path === facts.document.path && place.statement === command.statement
    && roles.some(({ name }) => name === role) && members.some(({ name }) => name === member));
  const said = new Map<number, Related>();
  for (const { role, member, missed } of given) {
    for (const { place, by } of missed) {
      const reason = {
        option: admin ? 'This takes another option of the membership away' : 'This takes an option of the membership away, not the membership itself',
        grantor: 'This takes nothing away: another role granted the membership',
        member: `This is about another member, not ${shown(member)}`,
        role: `This is about another role, not ${shown(role)}`,
      }[by];
      if (!said.has(place.at.start)) said.set(place.at.start, facts.related(place, reason));
    }
  }
  return [...said.values()];
}

/** ALTER statements behind `since` that set what this routine lacks for another one of its name. */
export function almostAltered(facts: SqlFacts, routine: Routine, since: Place): readonly Related[] {
  const missed = routine.almost.filter((place) => /^ALTER (FUNCTION|PROCEDURE|ROUTINE)\b/.test(place.statement.written.head) && facts.schema.isBefore(since, place));
  return missed.map((place) => facts.related(place, `This is about another routine, not ${shownTypes(routine)}`));
}

/** DROP POLICY behind a policy for another spelling of its name, or for its name on a table of a like name. What else is dropped IF EXISTS is a habit, and meant nothing. */
export function almostDropped(facts: SqlFacts, table: Relation, { name, place: since }: Policy): readonly Related[] {
  const missed = (one: Relation): readonly Place[] => one.almost.filter((place) => place.statement.written.head.startsWith('DROP POLICY') && facts.schema.isBefore(since, place)
    // DROP POLICY IF EXISTS in front of CREATE POLICY only lets the file run again.
    && one.policies.every((policy) => policy.name !== nameAt(place)));
  const elsewhere = facts.schema.relations.flatMap((other) => (other === table || !isAlike(other.name, table.name) ? [] : missed(other).filter((place) => nameAt(place) === name)
    .map((place) => facts.related(place, `This drops no policy: the one of this name is on ${shownRelation(table)}`))));
  return [...missed(table).filter((place) => isAlike(nameAt(place), name)).map((place) => facts.related(place, 'This drops no policy: the table has none of this name')), ...elsewhere];
}

function nameAt({ at, statement }: Place): string {
  const text = statement.written.text.slice(at.start - statement.span.start, at.end - statement.span.start);
  return text.startsWith('"') ? text.slice(1, -1).replaceAll('""', '"') : text.toLowerCase();
}

/** Row-level security is switched on for a table of the same name that these files do not create. */
export function almostGuarded(facts: SqlFacts, table: Relation, part: 'rls' | 'forced'): readonly Related[] {
  return facts.schema.relations.flatMap((other) => {
    if (other === table || other.name !== table.name || other.known || other[part].on !== true || !other[part].place) return [];
    return [facts.related(other[part].place, `This is about ${other.schema === undefined ? 'a table in another schema' : `the table in schema ${other.schema}`}`)];
  });
}

function isDefault({ statement }: Place): boolean {
  return statement.written.head.startsWith('ALTER DEFAULT');
}

function revokeAt({ at, statement }: Place): Grant | undefined {
  const text = statement.written.text.slice(at.start - statement.span.start, at.end - statement.span.start);
  const grant = readGrant(new Cursor(text, lex(text)));
  return grant?.revoke ? grant : undefined;
}

function reasonOf(object: Securable, { option, roles, objects, privileges }: Grant, { grantee, column }: { readonly grantee: string; readonly column?: string | undefined }): string | undefined {
  if (option) return 'This takes away the right to pass it on, not the privilege itself';
  const named = objects.find(({ name }) => name.parts.at(-1)!.name === object.name);
  const schema = named && named.name.parts.length > 1 ? named.name.parts.at(-2)!.name : undefined;
  if (schema !== undefined && object.schema !== undefined && schema !== object.schema) return `This is about schema ${schema}, not ${object.schema}`;
  if (isRoutine(object) && named?.parameters && !fits(object, named.parameters)) return `This is about another routine, not ${shownTypes(object)}`;
  const meant = roles.some(({ name }) => name === grantee);
  // From PUBLIC everything is taken as a precaution.
  if (!meant && grantee !== 'public') return roles.some(({ name }) => name === 'public') ? undefined : `This is about another role, not ${shown(grantee)}`;
  if (!meant) return `This takes nothing away: ${roles.length === 1 ? roles[0]!.text : 'these roles'} may do it as part of PUBLIC`;
  if (column === undefined && privileges.every(({ columns }) => columns.length > 0)) return 'This takes nothing away: the privilege is on the whole table, not on columns';
  return 'This takes nothing away: whoever runs it did not grant the privilege';
}

function isRoutine(object: Securable): object is Routine {
  return 'types' in object;
}

function fits({ types }: Routine, parameters: NonNullable<Grant['objects'][number]['parameters']>): boolean {
  const given = parameters.filter(({ mode }) => mode !== 'out').map(({ type }) => type);
  return given.length === types.length && given.every((type, i) => type === types[i]);
}

function shown(name: string): string {
  return name.length <= 40 ? name : 'the one named here';
}

function shownTypes({ name, types }: Routine): string {
  const shown = `${name}(${types.join(', ')})`;
  return shown.length <= 60 ? shown : name;
}

import type { Related } from '../../rules/rule.ts';
import { lex } from '../../syntax/sql/lexer.ts';
import { Cursor, spell } from './cursor.ts';
import { readGrant, type Grant } from './grants.ts';
import type { Place, Privilege, Relation, Routine, Securable } from '../schema.ts';
import type { SqlFacts } from '../sql.ts';

/** REVOKEs behind the place of a privilege that meant it and did not take it, each with the reason: what a finding names beside itself. */
export function almostRevoked(facts: SqlFacts, object: Securable, held: Pick<Privilege, 'grantee' | 'privilege'>, since: Place): readonly Related[] {
  return object.almost.flatMap((place) => {
    const byDefault = isDefault(place);
    const grant = byDefault || facts.schema.isBefore(since, place) ? revokeAt(place) : undefined;
    if (!grant?.privileges.some(({ name }) => name === 'ALL' || name === held.privilege)) return [];
    const reason = byDefault ? 'With IN SCHEMA this takes nothing away: the privilege comes from a default for all schemas' : reasonOf(object, grant, held.grantee);
    return reason === undefined ? [] : [facts.related(place, reason)];
  });
}

/** The same for EXECUTE, which every role has on a new routine. */
export function almostClosed(facts: SqlFacts, routine: Routine): readonly Related[] {
  const { publicExecute, place } = routine;
  return almostRevoked(facts, routine, { grantee: 'public', privilege: 'EXECUTE' }, publicExecute.kind === 'granted' ? publicExecute.place : place);
}

/** ALTER statements behind `since` that set what this routine lacks for another one of its name. */
export function almostAltered(facts: SqlFacts, routine: Routine, since: Place): readonly Related[] {
  const missed = routine.almost.filter((place) => /^ALTER (FUNCTION|PROCEDURE|ROUTINE)\b/.test(place.statement.written.head) && facts.schema.isBefore(since, place));
  return missed.map((place) => facts.related(place, `This is about another routine, not ${shownTypes(routine)}`));
}

/** DROP POLICY behind a policy for another name. */
export function almostDropped(facts: SqlFacts, table: Relation, since: Place): readonly Related[] {
  const missed = table.almost.filter((place) => place.statement.written.head.startsWith('DROP POLICY') && facts.schema.isBefore(since, place));
  // DROP POLICY IF EXISTS in front of CREATE POLICY only lets the file run again.
  const named = ({ at, statement: { span, written } }: Place): boolean => {
    const name = written.text.slice(at.start - span.start, at.end - span.start);
    return table.policies.some((policy) => name === spell(policy.name) || name === `"${policy.name}"` || name.toLowerCase() === policy.name);
  };
  return missed.filter((place) => !named(place)).map((place) => facts.related(place, 'This drops no policy: the table has none of this name'));
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

function reasonOf(object: Securable, { option, roles, objects }: Grant, grantee: string): string | undefined {
  if (option) return 'This takes away the right to pass it on, not the privilege itself';
  const named = objects.find(({ name }) => name.parts.at(-1)!.name === object.name);
  const schema = named && named.name.parts.length > 1 ? named.name.parts.at(-2)!.name : undefined;
  if (schema !== undefined && object.schema !== undefined && schema !== object.schema) return `This is about schema ${schema}, not ${object.schema}`;
  if (isRoutine(object) && named?.parameters && !fits(object, named.parameters)) return `This is about another routine, not ${shownTypes(object)}`;
  const meant = roles.some(({ name }) => name === grantee);
  if (!meant && grantee !== 'public') return undefined;
  if (!meant) return `This takes nothing away: ${roles.length === 1 ? roles[0]!.text : 'these roles'} may do it as part of PUBLIC`;
  return 'This takes nothing away: whoever runs it did not grant the privilege';
}

function isRoutine(object: Securable): object is Routine {
  return 'types' in object;
}

function fits({ types }: Routine, parameters: NonNullable<Grant['objects'][number]['parameters']>): boolean {
  const given = parameters.filter(({ mode }) => mode !== 'out').map(({ type }) => type);
  return given.length === types.length && given.every((type, i) => type === types[i]);
}

function shownTypes({ name, types }: Routine): string {
  const shown = `${name}(${types.join(', ')})`;
  return shown.length <= 60 ? shown : name;
}

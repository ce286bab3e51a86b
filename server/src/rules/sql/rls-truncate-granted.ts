import { isApiRole, isBehindApi } from '../../facts/sql/api.ts';
import { spell } from '../../facts/sql/cursor.ts';
import { isGuarded, lastOf, shownRelation, targetOf } from '../../facts/sql/rls.ts';
import type { Place, Relation } from '../../facts/schema.ts';
import type { SqlFacts } from '../../facts/sql.ts';
import { mendBehind } from '../../facts/sql/mending.ts';
import { isAdministrator } from '../../facts/sql/trusted-roles.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'sql',
  severity: 'medium',
  title: 'TRUNCATE is granted on a table with policies',
  why: 'Policies do not hold for TRUNCATE: a role that may delete only its own rows empties the whole table with one statement. ALL contains '
    + 'TRUNCATE, which is how it usually gets there. PostgREST, PostGraphile and Hasura send no TRUNCATE: for the roles of their requests it takes another hole first, and the finding is a low one.',
  fixing: 'Takes TRUNCATE away from the role again; what else it was granted stays. Better still, grant the privileges that are needed by name.',
  cwe: [732],
  references: ['https://www.postgresql.org/docs/current/ddl-rowsecurity.html', 'https://www.postgresql.org/docs/current/sql-truncate.html'],
  examples: [
    {
      bad: 'CREATE TABLE app.doc (id int, owner name);\nALTER TABLE app.doc ENABLE ROW LEVEL SECURITY;\nCREATE POLICY p ON app.doc USING (owner = current_user);\nGRANT ALL ON app.doc TO «web»;\n',
      fixed: 'CREATE TABLE app.doc (id int, owner name);\nALTER TABLE app.doc ENABLE ROW LEVEL SECURITY;\nCREATE POLICY p ON app.doc USING (owner = current_user);\nGRANT ALL ON app.doc TO web;\nREVOKE TRUNCATE ON app.doc FROM web;\n',
    },
    {
      good: 'CREATE TABLE app.doc (id int, owner name);\nALTER TABLE app.doc ENABLE ROW LEVEL SECURITY;\nCREATE POLICY p ON app.doc USING (owner = current_user);\nGRANT ALL ON app.doc TO web;\nREVOKE TRUNCATE ON app.doc FROM web;\n',
    },
    {
      bad: 'ALTER DEFAULT PRIVILEGES IN SCHEMA app GRANT ALL ON TABLES TO «web»;\nCREATE TABLE app.doc (id int);\nALTER TABLE app.doc ENABLE ROW LEVEL SECURITY;\nCREATE POLICY p ON app.doc USING (id > 0);\n',
      fixed: 'ALTER DEFAULT PRIVILEGES IN SCHEMA app GRANT ALL ON TABLES TO web;\nCREATE TABLE app.doc (id int);\nREVOKE TRUNCATE ON app.doc FROM web;\nALTER TABLE app.doc ENABLE ROW LEVEL SECURITY;\nCREATE POLICY p ON app.doc USING (id > 0);\n',
    },
    { good: 'CREATE TABLE app.doc (id int);\nGRANT ALL ON app.doc TO web;\n', because: 'No policies: sql/grant-all.' },
    { good: 'CREATE TABLE app.doc (id int);\nALTER TABLE app.doc ENABLE ROW LEVEL SECURITY;\nCREATE POLICY p ON app.doc USING (true);\nGRANT ALL ON app.doc TO service_role;\n', because: 'Supabase gives that role BYPASSRLS.' },
  ],
  *check(facts) {
    for (const { grantee, place, tables } of truncatable(facts)) {
      const [first, ...more] = tables as [Relation, ...Relation[]];
      const statement = `REVOKE TRUNCATE ON ${tables.map(targetOf).join(', ')} FROM ${grantee === 'public' ? 'PUBLIC' : spell(grantee)};`;
      yield {
        at: place.at,
        ...((isAdministrator(grantee) || isRoleOfRequests(facts, grantee)) && { severity: 'low' as const }),
        message: `${grantee === 'public' ? 'Every role' : grantee} can empty ${shownRelation(first)}${more.length > 0 ? ` and ${more.length} more` : ''} with TRUNCATE, whatever the policies say`,
        related: first.rls.place ? [facts.related(first.rls.place, 'The table is guarded by policies')] : [],
        fixes: mendBehind(facts, lastOf(facts, [place, ...tables.map((table) => table.place)]), statement, 'Take TRUNCATE away again'),
      };
    }
  },
});

interface Grant {
  readonly grantee: string;
  readonly place: Place;
  readonly tables: Relation[];
}

/** The grants of this document that give it, with the guarded tables that each one reaches. */
function truncatable(facts: SqlFacts): Iterable<Grant> {
  const found = new Map<number, Grant>();
  for (const table of facts.objects.relations) {
    if (!isGuarded(table) || table.policies.length === 0) continue;
    for (const { grantee, privilege, place } of table.acl) {
      if (privilege !== 'TRUNCATE' || !place || !facts.here(place) || passesBy(facts, grantee)) continue;
      const grant = found.get(place.at.start) ?? { grantee, place, tables: [] };
      grant.tables.push(table);
      found.set(place.at.start, grant);
    }
  }
  return found.values();
}

/** An API, which sends no TRUNCATE, runs requests in its name: nobody logs in as the role itself. */
function isRoleOfRequests(facts: SqlFacts, role: string): boolean {
  return isApiRole(role) || (isBehindApi(facts) && role !== 'public' && facts.schema.role(role)?.attributes.login.on !== true);
}

/** Roles for which no policy holds anyway. */
function passesBy({ schema }: SqlFacts, role: string): boolean {
  return role === 'service_role' || role === 'postgres' || schema.role(role)?.attributes.bypassrls.on === true || schema.role(role)?.attributes.superuser.on === true;
}

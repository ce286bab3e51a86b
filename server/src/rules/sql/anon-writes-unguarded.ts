import { isAnonymousRole, isManagedSchema } from '../../facts/sql/api.ts';
import { lastOf, shownRelation, targetOf } from '../../facts/sql/rls.ts';
import { enablesUnnamed } from '../../facts/sql/unnamed.ts';
import { spell } from '../../facts/sql/cursor.ts';
import { mendBehind } from '../../facts/sql/mending.ts';
import { isTrial } from '../../facts/place.ts';
import type { Relation } from '../../facts/schema.ts';
import type { SqlFacts } from '../../facts/sql.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'sql',
  severity: 'high',
  title: 'Requests without a login may change all rows of a table',
  why: 'PostgREST runs requests that carry no token as the role anon. A privilege to write that this role has on a table without row-level security is '
    + 'a privilege of everybody on the network.',
  fixing: 'Enables row-level security for the table: requests then see and change no rows until policies say which.',
  cwe: [862, 306],
  references: ['https://docs.postgrest.org/en/stable/references/auth.html', 'https://www.postgresql.org/docs/current/ddl-rowsecurity.html'],
  examples: [
    {
      bad: 'CREATE TABLE api.notes (id int);\nGRANT SELECT, INSERT, DELETE ON api.notes TO «anon»;\n',
      fixed: 'CREATE TABLE api.notes (id int);\nGRANT SELECT, INSERT, DELETE ON api.notes TO anon;\nALTER TABLE api.notes ENABLE ROW LEVEL SECURITY;\n',
    },
    {
      bad: 'ALTER DEFAULT PRIVILEGES IN SCHEMA api GRANT ALL ON TABLES TO «anon»;\nCREATE TABLE api.notes (id int);\n',
      fixed: 'ALTER DEFAULT PRIVILEGES IN SCHEMA api GRANT ALL ON TABLES TO anon;\nCREATE TABLE api.notes (id int);\nALTER TABLE api.notes ENABLE ROW LEVEL SECURITY;\n',
    },
    {
      bad: 'CREATE TABLE data.tokens (id int);\nCREATE FUNCTION api.redeem(t int) RETURNS void LANGUAGE sql AS $$ DELETE FROM data.tokens WHERE id = t $$;\n'
        + 'GRANT EXECUTE ON FUNCTION api.redeem(int) TO anon;\nGRANT DELETE ON data.tokens TO «anon»;\n',
      fixed: 'CREATE TABLE data.tokens (id int);\nCREATE FUNCTION api.redeem(t int) RETURNS void LANGUAGE sql AS $$ DELETE FROM data.tokens WHERE id = t $$;\n'
        + 'GRANT EXECUTE ON FUNCTION api.redeem(int) TO anon;\nGRANT DELETE ON data.tokens TO anon;\nALTER TABLE data.tokens ENABLE ROW LEVEL SECURITY;\n',
      because: 'Strangers get there through functions of the schema that the API shows: low.',
    },
    { good: 'CREATE TABLE api.notes (id int);\nGRANT SELECT ON api.notes TO anon;\n', because: 'Reading is what public data is for.' },
    { good: 'CREATE TABLE api.contact (message text);\nGRANT INSERT ON api.contact TO anon;\n', because: 'A form that anybody may send.' },
    { good: 'CREATE TABLE api.notes (id int);\nALTER TABLE api.notes ENABLE ROW LEVEL SECURITY;\nGRANT ALL ON api.notes TO anon;\n' },
    { good: 'CREATE TABLE api.notes (id int);\nGRANT ALL ON api.notes TO anon;\nREVOKE ALL ON api.notes FROM anon;\n' },
    {
      good: "CREATE TABLE d (i int);\nGRANT ALL ON d TO anon;\nDO $$ DECLARE t text; BEGIN FOR t IN SELECT tablename FROM pg_tables LOOP EXECUTE 'ALTER TABLE ' || quote_ident(t) || ' ENABLE ROW LEVEL SECURITY'; END LOOP; END $$;\n",
      because: 'Row-level security is enabled for names that are put in.',
    },
  ],
  *check(facts) {
    if (enablesUnnamed(facts)) return;
    for (const table of facts.objects.relations) {
      if (table.kind !== 'table' || !table.known || table.temporary || table.rls.on !== false || table.policies.length > 0) continue;
      const grants = table.acl.filter(({ grantee, privilege }) => isAnonymousRole(grantee) && (privilege === 'UPDATE' || privilege === 'DELETE'));
      const grant = grants.find(({ place }) => place && facts.here(place));
      if (!grant?.place) continue;
      const may = ['UPDATE', 'DELETE'].filter((name) => grants.some(({ privilege }) => privilege === name)).map((name) => (name === 'UPDATE' ? 'change' : 'delete')).join(' or ');
      const statement = `ALTER TABLE ${targetOf(table)} ENABLE ROW LEVEL SECURITY;`;
      yield {
        at: grant.place.at,
        ...(isTrial(facts.document) ? { severity: 'info' as const } : isManagedSchema(table.schema) || isBehindFunctions(facts, table) ? { severity: 'low' as const } : {}),
        message: `Anybody who is not logged in can ${may} every row of ${shownRelation(table)}`,
        related: [facts.related(table.place, `${spell(table.name)} has no row-level security`)],
        fixes: mendBehind(facts, lastOf(facts, [grant.place, table.place]), statement, `Enable row-level security for ${shownRelation(table)}`),
      };
    }
  },
});

/** The functions of another schema, which is called like one that an API shows, are what strangers get to see: they write the table in their name. */
function isBehindFunctions({ schema }: SqlFacts, table: Relation): boolean {
  return table.schema !== undefined && !isShownSchema(table.schema) && schema.routines.some((routine) => isShownSchema(routine.schema) && routine.grantees.some(isAnonymousRole));
}

function isShownSchema(name: string | undefined): boolean {
  return name !== undefined && /^(public|(\w+_)?api(_\w+)?|rest|postgrest|v\d+)$/.test(name);
}

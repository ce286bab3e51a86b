import { isAnonymousRole, isManagedSchema } from '../../facts/sql/api.ts';
import { lastOf, shownRelation, targetOf } from '../../facts/sql/rls.ts';
import { enablesUnnamed } from '../../facts/sql/unnamed.ts';
import { spell } from '../../facts/sql/cursor.ts';
import { mendBehind } from '../../facts/sql/mending.ts';
import { isTrial } from '../../facts/place.ts';
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
      const grant = table.acl.find(({ grantee, privilege, place }) => isAnonymousRole(grantee) && (privilege === 'UPDATE' || privilege === 'DELETE') && place && facts.here(place));
      if (!grant?.place) continue;
      const statement = `ALTER TABLE ${targetOf(table)} ENABLE ROW LEVEL SECURITY;`;
      yield {
        at: grant.place.at,
        ...(isTrial(facts.document) ? { severity: 'info' as const } : isManagedSchema(table.schema) ? { severity: 'low' as const } : {}),
        message: `Anybody who is not logged in can change or delete every row of ${shownRelation(table)}`,
        related: [facts.related(table.place, `${spell(table.name)} has no row-level security`)],
        fixes: mendBehind(facts, lastOf(facts, [grant.place, table.place]), statement, `Enable row-level security for ${shownRelation(table)}`),
      };
    }
  },
});

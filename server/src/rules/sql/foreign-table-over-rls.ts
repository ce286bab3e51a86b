import { isExposed, readersOf } from '../../facts/sql/api.ts';
import { shownRelation, targetOf } from '../../facts/sql/rls.ts';
import { mendBehind } from '../../facts/sql/mending.ts';
import { defineRule, names } from '../rule.ts';

export default defineRule({
  language: 'sql',
  severity: 'medium',
  title: 'Foreign table can be read through the API',
  why: 'Row-level security does not exist for foreign tables. In an exposed schema everybody who reaches the API reads, and often writes, the other '
    + 'system with the account of the user mapping.',
  fixing: 'Takes the privileges from the API roles. Offer what clients need through a function that looks who asks.',
  cwe: [863],
  references: ['https://supabase.com/docs/guides/database/database-advisors?lint=0017_foreign_table_in_api', 'https://www.postgresql.org/docs/current/ddl-rowsecurity.html'],
  presets: ['supabase'],
  options: { exposedSchemas: names(['public'], 'Schemas that the API exposes.') },
  examples: [
    {
      bad: 'CREATE FOREIGN TABLE «crm» (id int) SERVER s;\n',
      fixed: 'CREATE FOREIGN TABLE crm (id int) SERVER s;\nREVOKE ALL ON crm FROM anon, authenticated;\n',
    },
    { good: 'CREATE FOREIGN TABLE private.crm (id int) SERVER s;\n' },
    { good: 'CREATE FOREIGN TABLE crm (id int) SERVER s;\nREVOKE ALL ON crm FROM anon, authenticated;\n' },
    { good: 'ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO PUBLIC;\nCREATE FOREIGN TABLE crm (id int) SERVER s;\nREVOKE SELECT ON crm FROM anon, authenticated, PUBLIC;\n' },
    { bad: 'CREATE FOREIGN TABLE «crm» (id int) SERVER s;\nREVOKE ALL ON crm FROM anon;\n', because: 'Users who are logged in still read it.' },
  ],
  *check(facts, { exposedSchemas }) {
    for (const table of facts.objects.relations) {
      if (table.kind !== 'foreign table' || !facts.here(table.place) || !isExposed(table, exposedSchemas) || readersOf(table).length === 0) continue;
      const statement = `REVOKE ALL ON ${targetOf(table)} FROM anon, authenticated;`;
      yield {
        at: table.place.at,
        message: `Every client of the API can reach the other system through ${shownRelation(table)}: no policy can guard it`,
        fixes: mendBehind(facts, table.place, statement, 'Keep the API roles out'),
      };
    }
  },
});

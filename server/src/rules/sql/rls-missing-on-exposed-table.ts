import { almostGuarded } from '../../facts/sql/almost.ts';
import { isExposed, readersOf } from '../../facts/sql/api.ts';
import { shownRelation, targetOf } from '../../facts/sql/rls.ts';
import { enablesUnnamed } from '../../facts/sql/unnamed.ts';
import { mendBehind } from '../../facts/sql/mending.ts';
import { defineRule, names } from '../rule.ts';

export default defineRule({
  language: 'sql',
  severity: 'high',
  title: 'Table behind the API has no row-level security',
  why: 'Every table in a schema that PostgREST exposes can be reached over HTTP, and Supabase grants new tables to the roles anon and authenticated. '
    + 'Without row-level security everybody who has the public key of the application reads and changes all rows.',
  fixing: 'Enables row-level security behind the CREATE TABLE. The API then shows no rows until policies say which; write them in the same change.',
  cwe: [862],
  references: ['https://supabase.com/docs/guides/database/database-advisors?lint=0013_rls_disabled_in_public', 'https://docs.postgrest.org/en/stable/references/auth.html'],
  presets: ['supabase'],
  options: { exposedSchemas: names(['public'], 'Schemas that the API exposes.') },
  examples: [
    {
      bad: 'CREATE TABLE «profiles» (id uuid, name text);\n',
      fixed: 'CREATE TABLE profiles (id uuid, name text);\nALTER TABLE profiles ENABLE ROW LEVEL SECURITY;\n',
    },
    { bad: 'CREATE TABLE IF NOT EXISTS «api.orders» (id int);\nCREATE TABLE public.notes (id int);\n', options: { exposedSchemas: ['api'] } },
    {
      bad: 'CREATE TABLE «profiles_new» (id uuid);\nDROP TABLE IF EXISTS profiles;\nALTER TABLE profiles_new RENAME TO profiles;\n',
      fixed: 'CREATE TABLE profiles_new (id uuid);\nALTER TABLE profiles_new ENABLE ROW LEVEL SECURITY;\nDROP TABLE IF EXISTS profiles;\nALTER TABLE profiles_new RENAME TO profiles;\n',
      because: 'There it has its first name.',
    },
    {
      path: 'supabase/migrations/20240101000000_a.sql', files: { '20240102000000_b.sql': 'ALTER TABLE public.profiles ENABLE ROW LEVEL SECURITY;\n' },
      good: 'CREATE TABLE profiles (id uuid, name text);\n', because: 'A later migration enables it.',
    },
    { good: 'CREATE TABLE private.keys (id int);\nCREATE TEMP TABLE t (id int);\n', because: 'The API does not show them.' },
    { good: 'CREATE TABLE jobs (id int);\nREVOKE ALL ON jobs FROM anon, authenticated;\n', because: 'The API roles are kept out.' },
    { bad: 'CREATE TABLE «jobs» (id int);\nREVOKE ALL ON jobs FROM anon;\n', because: 'Users who are logged in keep it.' },
    { good: 'CREATE TABLE profiles (id uuid);\nDROP TABLE profiles;\n' },
    { good: 'CREATE TABLE d (id int);\nALTER TABLE d DISABLE ROW LEVEL SECURITY;\nCREATE POLICY p ON d USING (true);\n', because: 'That is sql/rls-disabled.' },
    { good: 'CREATE TABLE d (id int);\nCREATE POLICY p ON d USING (true);\n', because: 'That is sql/rls-policy-not-enabled.' },
  ],
  *check(facts, { exposedSchemas }) {
    for (const table of facts.objects.relations) {
      if (table.kind !== 'table' || !isExposed(table, exposedSchemas) || !facts.here(table.place) || table.rls.on !== false || table.policies.length > 0) continue;
      if (readersOf(table).length === 0 || enablesUnnamed(facts)) continue;
      // A later RENAME gives it the name that the message tells.
      const statement = enable(facts.document.text.slice(table.place.at.start, table.place.at.end));
      yield {
        at: table.place.at,
        message: `Every client of the API can read and change all rows of ${shownRelation(table)}`,
        related: almostGuarded(facts, table, 'rls'),
        fixes: mendBehind(facts, table.place, statement, `Enable row-level security for ${shownRelation(table)}`, enable(targetOf(table))),
      };
    }
  },
});

function enable(table: string): string {
  return `ALTER TABLE ${table} ENABLE ROW LEVEL SECURITY;`;
}

import { almostGuarded } from '../../facts/sql/almost.ts';
import { shownRelation, targetOf } from '../../facts/sql/rls.ts';
import { enablesUnnamed } from '../../facts/sql/unnamed.ts';
import { mendBehind } from '../../facts/sql/mending.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'sql',
  severity: 'high',
  title: 'Policies of a table are not in force',
  why: 'A policy does nothing before row-level security is enabled for its table: until then every role with a privilege on the table sees '
    + 'and changes all of its rows, although the policies look as if they guarded them.',
  fixing: 'The first fix enables row-level security behind the policy. Afterwards roles see only the rows that a policy lets them see; the '
    + 'owner of the table, superusers and roles with BYPASSRLS still see all. Try the queries of the application before you roll it out.',
  cwe: [862],
  references: ['https://www.postgresql.org/docs/current/ddl-rowsecurity.html'],
  examples: [
    {
      bad: 'CREATE TABLE app.doc (id int, owner name);\nCREATE POLICY «own» ON app.doc USING (owner = current_user);\n',
      fixed: 'CREATE TABLE app.doc (id int, owner name);\nCREATE POLICY own ON app.doc USING (owner = current_user);\nALTER TABLE app.doc ENABLE ROW LEVEL SECURITY;\n',
    },
    {
      bad: 'CREATE TABLE doc (id int, owner name);\nCREATE POLICY «a» ON doc FOR SELECT USING (owner = current_user);\nCREATE POLICY b ON doc FOR INSERT WITH CHECK (owner = current_user);\nALTER TABLE doc FORCE ROW LEVEL SECURITY;\n',
      fixed: 'CREATE TABLE doc (id int, owner name);\nCREATE POLICY a ON doc FOR SELECT USING (owner = current_user);\nALTER TABLE doc ENABLE ROW LEVEL SECURITY;\nCREATE POLICY b ON doc FOR INSERT WITH CHECK (owner = current_user);\nALTER TABLE doc FORCE ROW LEVEL SECURITY;\n',
      because: 'FORCE is about the owner, and enables nothing.',
    },
    {
      good: 'CREATE TABLE doc (id int, owner name);\nCREATE POLICY own ON doc USING (owner = current_user);\nALTER TABLE doc ENABLE ROW LEVEL SECURITY;\n',
    },
    {
      path: 'V1__doc.sql', files: { 'V2__rls.sql': 'ALTER TABLE doc ENABLE ROW LEVEL SECURITY;\n' },
      good: 'CREATE TABLE doc (id int, owner name);\nCREATE POLICY own ON doc USING (owner = current_user);\n',
      because: 'A later migration enables it.',
    },
    {
      good: 'CREATE POLICY own ON doc USING (owner = current_user);\nCREATE TABLE IF NOT EXISTS doc (id int, owner name);\n',
      because: 'The table was there before, and may be guarded.',
    },
    {
      good: 'CREATE TABLE doc (id int, owner name);\nCREATE VIEW docs AS SELECT id, owner FROM doc;\nCREATE POLICY own ON docs USING (owner = current_user);\n',
      because: 'A view has no policies: PostgreSQL refuses the statement.',
    },
    { good: 'CREATE POLICY own ON storage.objects USING (owner = current_user);\n', because: 'The table is made elsewhere, and may be guarded there.' },
    { good: 'CREATE TABLE doc (id int);\nALTER TABLE doc DISABLE ROW LEVEL SECURITY;\nCREATE POLICY own ON doc USING (true);\n', because: 'That is sql/rls-disabled.' },
    {
      good: "CREATE TABLE d (owner name);\nCREATE POLICY p ON d USING (owner = current_user);\nDO $$ DECLARE t text; BEGIN FOREACH t IN ARRAY ARRAY['d'] LOOP EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', t); END LOOP; END $$;\n",
      because: 'It is enabled by names that are put in.',
    },
  ],
  *check(facts) {
    if (enablesUnnamed(facts)) return;
    for (const table of facts.objects.relations) {
      const [first, ...others] = table.policies;
      if (!first || !table.known || table.rls.on !== false || table.rls.place || !facts.here(first.place)) continue;
      const statement = `ALTER TABLE ${targetOf(table)} ENABLE ROW LEVEL SECURITY;`;
      yield {
        at: first.place.at,
        message: `Every role with a privilege on ${shownRelation(table)} sees all of its rows: row-level security is not enabled`,
        related: [
          ...others.map(({ place }) => facts.related(place, 'This policy is not in force either')),
          ...(table.forced.place ? [facts.related(table.forced.place, 'FORCE is about the owner, and enables nothing')] : []),
          ...almostGuarded(facts, table, 'rls'),
        ],
        fixes: mendBehind(facts, first.place, statement, `Enable row-level security for ${shownRelation(table)}`),
      };
    }
  },
});

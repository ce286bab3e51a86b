import { isGuarded, shownRelation } from '../../facts/sql/rls.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'sql',
  severity: 'info',
  title: 'Only restrictive policies on a table',
  why: 'A restrictive policy takes rows away from what permissive policies give. Where there is no permissive one there is nothing to take from, '
    + 'so nobody but the owner sees a row, and somebody may later "mend" that with a policy that gives too much.',
  cwe: [],
  references: ['https://www.postgresql.org/docs/current/sql-createpolicy.html'],
  examples: [
    {
      bad: 'CREATE TABLE doc (id int, tenant int);\nALTER TABLE doc ENABLE ROW LEVEL SECURITY;\nCREATE POLICY «tenant» ON doc AS RESTRICTIVE USING (tenant = 1);\n',
      good: 'CREATE TABLE doc (id int, tenant int);\nALTER TABLE doc ENABLE ROW LEVEL SECURITY;\nCREATE POLICY tenant ON doc USING (tenant = 1);\n',
    },
    { good: 'ALTER TABLE doc ENABLE ROW LEVEL SECURITY;\nCREATE POLICY tenant ON doc AS RESTRICTIVE USING (tenant = 1);\n', because: 'The table is made elsewhere, and so may other policies.' },
  ],
  *check(facts) {
    for (const table of facts.objects.relations) {
      const [first] = table.policies;
      if (!first || !table.known || !isGuarded(table) || !facts.here(first.place) || table.policies.some(({ permissive }) => permissive)) continue;
      yield { at: first.place.at, message: `Nobody but its owner sees a row of ${shownRelation(table)}: no permissive policy gives any` };
    }
  },
});

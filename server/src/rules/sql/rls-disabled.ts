import { almostGuarded } from '../../facts/sql/almost.ts';
import { isTopLevel } from '../../facts/sql/mending.ts';
import { shownRelation, targetOf } from '../../facts/sql/rls.ts';
import type { Place, Relation } from '../../facts/schema.ts';
import type { SqlFacts } from '../../facts/sql.ts';
import { removeStatement } from '../../facts/sql/sql-edits.ts';
import { defineRule, type Finding, type Fix } from '../rule.ts';

export default defineRule({
  language: 'sql',
  severity: 'high',
  title: 'Row-level security is switched off',
  why: 'After DISABLE no policy of the table holds any more: every role with a privilege on the table sees and changes all rows. After NO FORCE '
    + 'the same goes for the owner, which is often who the application logs in as.',
  fixing: 'Deletes the statement, so that the policies stay in force. When a migration needs to see all rows, let it run as a role with BYPASSRLS instead.',
  cwe: [862],
  references: ['https://www.postgresql.org/docs/current/ddl-rowsecurity.html'],
  examples: [
    {
      bad: 'CREATE TABLE doc (id int, owner name);\nALTER TABLE doc ENABLE ROW LEVEL SECURITY;\nCREATE POLICY p ON doc USING (owner = current_user);\nALTER TABLE doc «DISABLE ROW LEVEL SECURITY»;\n',
      fixed: 'CREATE TABLE doc (id int, owner name);\nALTER TABLE doc ENABLE ROW LEVEL SECURITY;\nCREATE POLICY p ON doc USING (owner = current_user);\n',
    },
    { bad: 'ALTER TABLE doc «DISABLE ROW LEVEL SECURITY»;\n', fixed: '', because: 'Whether the table has policies is not known: low.' },
    {
      bad: 'CREATE TABLE doc (id int, owner name);\nALTER TABLE doc ENABLE ROW LEVEL SECURITY;\nCREATE POLICY p ON doc USING (owner = current_user);\nALTER TABLE doc «NO FORCE ROW LEVEL SECURITY»;\n',
      fixed: 'CREATE TABLE doc (id int, owner name);\nALTER TABLE doc ENABLE ROW LEVEL SECURITY;\nCREATE POLICY p ON doc USING (owner = current_user);\n',
    },
    { good: 'ALTER TABLE doc DISABLE ROW LEVEL SECURITY;\nUPDATE doc SET id = 1;\nALTER TABLE doc ENABLE ROW LEVEL SECURITY;\n', because: 'It is on again at the end.' },
    { good: 'CREATE TABLE doc (id int);\nALTER TABLE doc DISABLE ROW LEVEL SECURITY;\n', because: 'It was off before, and there are no policies that anybody could rely on.' },
  ],
  *check(facts) {
    for (const table of facts.objects.relations) {
      const { rls, forced } = table;
      if (rls.on === false && rls.place && facts.here(rls.place)) {
        const certain = table.policies.length > 0;
        if (table.known && !certain) continue;
        yield {
          ...judged(facts, table, rls.place, 'ENABLE', `Every role with a privilege on ${shownRelation(table)} sees all of its rows: its policies are switched off`),
          ...(!certain && { severity: 'low' as const }),
          related: [...table.policies.map(({ place }) => facts.related(place, 'This policy is no longer in force')), ...almostGuarded(facts, table, 'rls')],
        };
      } else if (forced.on === false && forced.place && facts.here(forced.place) && rls.on !== false && table.policies.length > 0) {
        yield { ...judged(facts, table, forced.place, 'FORCE', `The owner of ${shownRelation(table)} passes by its policies from here on`), severity: 'medium' };
      }
    }
  },
});

function judged(facts: SqlFacts, table: Relation, place: Place, opposite: string, message: string): Finding {
  const alone = isTopLevel(place) && !/,/.test(place.statement.written.text);
  const fix: Fix = { title: 'Delete the statement', safety: 'review', edits: [removeStatement(facts.document.text, place.statement.span)], statements: [`ALTER TABLE ${targetOf(table)} ${opposite} ROW LEVEL SECURITY;`] };
  return { at: place.at, message, fixes: alone ? [fix] : [] };
}

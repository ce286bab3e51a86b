import { grantees, guardedBehind, onlyTotals, showsAll, shownRelation } from '../../facts/sql/rls.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'sql',
  severity: 'medium',
  title: 'Materialized view shows rows past the policies of its tables',
  why: 'A materialized view keeps the rows that its owner saw when it was filled. It has no policies and cannot have any, so whoever may read it sees '
    + 'the rows of everybody.',
  cwe: [863],
  references: ['https://www.postgresql.org/docs/current/rules-materializedviews.html', 'https://www.postgresql.org/docs/current/ddl-rowsecurity.html'],
  examples: [
    {
      bad: 'CREATE TABLE doc (id int, owner name);\nALTER TABLE doc ENABLE ROW LEVEL SECURITY;\nCREATE MATERIALIZED VIEW «mv» AS SELECT * FROM doc;\nGRANT SELECT ON mv TO web;\n',
      good: 'CREATE TABLE doc (id int, owner name);\nALTER TABLE doc ENABLE ROW LEVEL SECURITY;\nCREATE MATERIALIZED VIEW mv AS SELECT * FROM doc;\n',
    },
    { good: 'CREATE TABLE doc (id int);\nCREATE MATERIALIZED VIEW mv AS SELECT * FROM doc;\nGRANT SELECT ON mv TO web;\n' },
    { good: 'CREATE TABLE doc (id int);\nALTER TABLE doc ENABLE ROW LEVEL SECURITY;\nCREATE MATERIALIZED VIEW mv AS SELECT * FROM doc;\nGRANT SELECT ON mv TO web;\nREVOKE ALL ON mv FROM web;\n' },
    { good: 'CREATE TABLE d (o name);\nALTER TABLE d ENABLE ROW LEVEL SECURITY;\nCREATE POLICY p ON d FOR SELECT USING (true);\nCREATE MATERIALIZED VIEW v AS SELECT o FROM d;\nGRANT SELECT ON v TO clerk;\n', because: 'The policy shows every row to everybody.' },
  ],
  *check(facts) {
    for (const view of facts.objects.relations) {
      if (view.kind !== 'materialized view' || !view.known || !view.query || !facts.here(view.query)) continue;
      const [grant] = grantees(view, 'SELECT').filter(({ grantee }) => grantee !== 'service_role');
      const [table] = guardedBehind(facts.schema, view).filter((guarded) => !showsAll(guarded));
      if (!grant || !table) continue;
      yield {
        at: view.query.at,
        ...(onlyTotals(view) && { severity: 'low' as const }),
        message: `${grant.grantee === 'public' ? 'Every role' : grant.grantee} sees all rows of ${shownRelation(table)} through ${shownRelation(view)}, past its policies`,
        related: [...(grant.place ? [facts.related(grant.place, 'This lets it read the view')] : []), ...(table.rls.place ? [facts.related(table.rls.place, 'The table is guarded by policies')] : [])],
      };
    }
  },
});

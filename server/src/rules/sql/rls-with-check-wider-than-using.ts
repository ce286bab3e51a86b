import type { Relation } from '../../facts/schema.ts';
import { isTopLevel } from '../../facts/sql/mending.ts';
import { isAlwaysTrue, isGuarded, policiesHere, shownRelation, targetOf } from '../../facts/sql/rls.ts';
import { quoteName } from '../../facts/sql/cursor.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'sql',
  severity: 'high',
  title: 'WITH CHECK (true) lets rows be given to others',
  why: 'USING says which rows may be changed, WITH CHECK what they may become. With WITH CHECK (true) a user changes one of his own rows into '
    + 'one of somebody else, or inserts it there: forged orders, messages and grants in another name.',
  fixing: 'Deletes WITH CHECK (true). PostgreSQL then checks the new row by the USING expression, so that it stays with its owner. Look whether the '
    + 'application hands rows over on purpose.',
  cwe: [863],
  references: ['https://www.postgresql.org/docs/current/sql-createpolicy.html'],
  examples: [
    {
      bad: 'ALTER TABLE d ENABLE ROW LEVEL SECURITY;\nCREATE POLICY p ON d FOR UPDATE USING (owner = current_user) «WITH CHECK (true)»;\n',
      fixed: 'ALTER TABLE d ENABLE ROW LEVEL SECURITY;\nCREATE POLICY p ON d FOR UPDATE USING (owner = current_user);\n',
    },
    {
      bad: 'CREATE POLICY p ON d\n  USING (owner = current_user) -- own rows\n  «WITH CHECK (1 = 1)»;\nALTER TABLE d ENABLE ROW LEVEL SECURITY;\n',
      fixed: 'CREATE POLICY p ON d\n  USING (owner = current_user) -- own rows\n  ;\nALTER TABLE d ENABLE ROW LEVEL SECURITY;\n',
    },
    { good: 'CREATE POLICY p ON d USING (owner = current_user);\n', because: 'Without WITH CHECK the new row is checked by USING.' },
    { good: 'CREATE POLICY p ON d FOR ALL USING (true) WITH CHECK (true);\n', because: 'Both are open: that is sql/rls-policy-always-true.' },
    { good: 'CREATE POLICY p ON d FOR INSERT WITH CHECK (true);\n', because: 'That is sql/rls-insert-check-true.' },
    {
      good: "CREATE TABLE d (id uuid, role text);\nALTER TABLE d ENABLE ROW LEVEL SECURITY;\nCREATE POLICY p ON d FOR UPDATE USING (auth.uid() IN (SELECT id FROM d WHERE role = 'admin')) WITH CHECK (true);\n",
      because: 'USING asks who the caller is, not whose the row is.',
    },
    {
      good: "CREATE TABLE d (id uuid, title text);\nALTER TABLE d ENABLE ROW LEVEL SECURITY;\n"
        + "CREATE POLICY p ON d FOR UPDATE USING (EXISTS (SELECT FROM staff s JOIN posts t ON t.id = s.post_id WHERE s.id = auth.uid() AND t.title = 'admin')) WITH CHECK (true);\n",
      because: 'The columns that it asks for are those of other tables.',
    },
    {
      bad: "CREATE TABLE d (id uuid, boss uuid);\nALTER TABLE d ENABLE ROW LEVEL SECURITY;\nCREATE POLICY p ON d FOR UPDATE USING (boss IN (SELECT id FROM d WHERE id = auth.uid())) «WITH CHECK (true)»;\n",
      fixed: "CREATE TABLE d (id uuid, boss uuid);\nALTER TABLE d ENABLE ROW LEVEL SECURITY;\nCREATE POLICY p ON d FOR UPDATE USING (boss IN (SELECT id FROM d WHERE id = auth.uid()));\n",
    },
    { good: 'CREATE POLICY p ON d AS RESTRICTIVE FOR UPDATE USING (owner = current_user) WITH CHECK (true);\n', because: 'A restrictive policy gives nothing.' },
  ],
  *check(facts) {
    for (const { table, policy } of policiesHere(facts)) {
      const { using, check } = policy;
      if (!policy.permissive || !using || !check || !facts.here(check.place) || !isAlwaysTrue(check.text) || isAlwaysTrue(using.text) || !asksOfRow(table, using.text)) continue;
      const { text } = facts.document;
      const before = text.slice(0, check.clause.start);
      const start = /--[^\n]*\n\s*$/.test(before) ? check.clause.start : before.trimEnd().length;
      const statement = `ALTER POLICY ${quoteName(policy.name)} ON ${targetOf(table)} WITH CHECK (${using.text.trim()});`;
      yield {
        at: check.clause,
        message: `A user may turn a row of ${shownRelation(table)} into one that belongs to somebody else`,
        ...(!isGuarded(table) && table.known && { severity: 'low' as const }),
        related: [facts.related({ ...using.place, at: using.clause }, 'These are the rows that may be changed')],
        fixes: isTopLevel(check.place) ? [{ title: 'Check the new row by USING', safety: 'review', edits: [{ span: { start, end: check.clause.end }, text: '' }], statements: [statement] }] : [],
      };
    }
  },
});

/** False where USING only asks who the caller is: whichever row it is, it may be changed before and after. */
function asksOfRow({ name, columns, columnsComplete }: Relation, using: string): boolean {
  if (!columnsComplete) return true;
  const own = new RegExp(`\\(\\s*select\\b[^()]*\\bfrom\\s+(?:"?\\w+"?\\s*\\.\\s*)?"?${name.replace(/\W/g, '\\$&')}"?\\s*(?:where\\b[^()]*)?\\)`, 'gi');
  // A query of the table itself finds its own columns, not those of the row.
  const elsewhere = (qualified: string, table: string): string => (table.toLowerCase() === name.toLowerCase() ? qualified : '');
  const rest = using.replace(/\b[\w.]+\s*\(\s*\)/g, '').replace(own, '').replace(/"?(\w+)"?\s*\.\s*"?\w+"?/g, elsewhere);
  return columns.some((column) => new RegExp(`\\b${column.name.replace(/\W/g, '\\$&')}\\b`, 'i').test(rest));
}

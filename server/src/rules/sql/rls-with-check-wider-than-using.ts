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
    { good: 'CREATE POLICY p ON d AS RESTRICTIVE FOR UPDATE USING (owner = current_user) WITH CHECK (true);\n', because: 'A restrictive policy gives nothing.' },
  ],
  *check(facts) {
    for (const { table, policy } of policiesHere(facts)) {
      const { using, check } = policy;
      if (!policy.permissive || !using || !check || !facts.here(check.place) || !isAlwaysTrue(check.text) || isAlwaysTrue(using.text)) continue;
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

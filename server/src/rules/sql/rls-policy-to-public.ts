import { quoteName } from '../../facts/sql/cursor.ts';
import { later } from '../../facts/sql/mending.ts';
import { isAlwaysTrue, policiesHere, shownRelation, targetOf } from '../../facts/sql/rls.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'sql',
  severity: 'info',
  title: 'Policy for changes names no role',
  why: 'A policy without TO holds for every role, also for those that come later: a reporting login, or the role of requests that are not logged in. '
    + 'When its condition is met by accident, as with a NULL or a missing setting, they all may change rows.',
  fixing: 'Writes TO with a role for you to put right. Members of the role are meant as well; other roles lose what this policy gave them.',
  cwe: [863],
  references: ['https://www.postgresql.org/docs/current/sql-createpolicy.html'],
  presets: ['strict', 'supabase'],
  examples: [
    {
      bad: 'CREATE POLICY «p» ON d FOR UPDATE USING (owner = current_user);\n',
      fixed: 'CREATE POLICY p ON d FOR UPDATE TO role_name USING (owner = current_user);\n',
    },
    { bad: 'CREATE POLICY «p» ON app.d\n  AS PERMISSIVE\n  WITH CHECK (owner = current_user);\n', fixed: 'CREATE POLICY p ON app.d\n  AS PERMISSIVE TO role_name\n  WITH CHECK (owner = current_user);\n' },
    { bad: 'CREATE POLICY «p» ON d TO public USING (owner = current_user);\n', fixed: 'CREATE POLICY p ON d TO role_name USING (owner = current_user);\n' },
    { good: 'CREATE POLICY p ON d FOR SELECT USING (owner = current_user);\n', because: 'It only lets rows be read.' },
    { good: 'CREATE POLICY p ON d TO app USING (owner = current_user);\nCREATE POLICY q ON d AS RESTRICTIVE USING (NOT deleted);\n', because: 'What takes away should hold for all.' },
    { good: 'CREATE POLICY p ON d USING (true);\n', because: 'That is worse: sql/rls-policy-always-true.' },
  ],
  *check(facts) {
    for (const { table, policy } of policiesHere(facts)) {
      const { using, check, to } = policy;
      if (!policy.permissive || policy.command === 'SELECT' || !policy.roles.includes('public') || (to && !facts.here(to))) continue;
      if (isAlwaysTrue((using ?? check)?.text ?? 'true')) continue;
      const clause = using && check ? Math.min(using.clause.start, check.clause.start) : (using ?? check)!.clause.start;
      const end = facts.document.text.slice(0, clause).trimEnd().length;
      const edit = to ? { span: to.at, text: 'TO role_name', placeholders: [{ start: 3, end: 12 }] } : { span: { start: end, end }, text: ' TO role_name', placeholders: [{ start: 4, end: 13 }] };
      yield {
        at: policy.place.at,
        message: `Every role, now and later, may change rows of ${shownRelation(table)} that meet this condition`,
        fixes: [{ title: 'Name the role that it is for', safety: 'review', edits: [edit], ...later(`ALTER POLICY ${quoteName(policy.name)} ON ${targetOf(table)} TO role_name;`, 'role_name') }],
      };
    }
  },
});

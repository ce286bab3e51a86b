import { almostDropped } from '../../facts/sql/almost.ts';
import { holdsOneTimeCodes } from '../../facts/sql/one-time-codes.ts';
import { isApiRole, readersText } from '../../facts/sql/api.ts';
import { asksForLoginOnly } from '../../facts/sql/own-rows.ts';
import { alternativesIn, isAlwaysTrue, isGuarded, policiesHere, shownRelation, writtenAt } from '../../facts/sql/rls.ts';
import type { Policy } from '../../facts/schema.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'sql',
  severity: 'medium',
  title: 'Policy holds for every row',
  why: 'With USING (true), or a condition that only asks for a login, the policy guards nothing: every role that it names, everybody where it names '
    + 'none, may change or delete all rows that its privileges reach. Permissive policies add up, so one of this kind undoes all the narrower ones beside it.',
  fixing: 'There is no general condition; say which rows belong to whom, for example USING (owner_id = auth.uid()). Name roles with TO when the '
    + 'policy is meant for an administrator alone.',
  cwe: [863],
  references: ['https://www.postgresql.org/docs/current/ddl-rowsecurity.html'],
  examples: [
    {
      bad: 'CREATE TABLE doc (id int, owner name);\nALTER TABLE doc ENABLE ROW LEVEL SECURITY;\nCREATE POLICY p ON doc FOR UPDATE USING («true»);\n',
      good: 'CREATE TABLE doc (id int, owner name);\nALTER TABLE doc ENABLE ROW LEVEL SECURITY;\nCREATE POLICY p ON doc FOR UPDATE USING (owner = current_user);\n',
    },
    { bad: 'ALTER TABLE doc ENABLE ROW LEVEL SECURITY;\nCREATE POLICY p ON doc USING («1 = 1»);\n' },
    { bad: 'ALTER TABLE doc ENABLE ROW LEVEL SECURITY;\nCREATE POLICY p ON doc USING («owner = current_user OR true»);\n', because: 'What was tried out once makes the rest meaningless.' },
    {
      bad: 'CREATE ROLE app;\nALTER TABLE doc ENABLE ROW LEVEL SECURITY;\nCREATE POLICY p ON doc FOR SELECT TO app USING («owner = current_user OR true»);\n',
      because: 'Whoever asks for the owner does not mean all rows, not even to read them.',
    },
    { bad: 'ALTER TABLE doc ENABLE ROW LEVEL SECURITY;\nCREATE POLICY p ON doc FOR DELETE USING («id IS NOT NULL»);\nCREATE POLICY q ON doc FOR UPDATE USING («doc.id = doc.id»);\n' },
    { good: 'ALTER TABLE doc ENABLE ROW LEVEL SECURITY;\nCREATE POLICY p ON doc USING (CASE WHEN shared OR true THEN owner = current_user ELSE false END);\n', because: 'That OR is inside of a CASE.' },
    { bad: 'ALTER TABLE doc ENABLE ROW LEVEL SECURITY;\nCREATE POLICY p ON doc FOR DELETE TO authenticated USING ( «(true)» );\n' },
    { bad: 'ALTER TABLE doc ENABLE ROW LEVEL SECURITY;\nCREATE POLICY p ON doc USING («(SELECT auth.uid()) IS NOT NULL»);\n', because: 'It asks only whether there is a login, not whose the row is.' },
    { bad: "ALTER TABLE doc ENABLE ROW LEVEL SECURITY;\nCREATE POLICY p ON doc FOR UPDATE USING («auth.role() = 'authenticated'»);\n", because: 'Every user who is logged in has that role.' },
    {
      bad: 'CREATE TABLE otp_codes (phone text, code text);\nALTER TABLE otp_codes ENABLE ROW LEVEL SECURITY;\nCREATE POLICY p ON otp_codes USING («true»);\n',
      because: 'Whoever reads or writes a code logs in as somebody else: high.',
    },
    { good: "ALTER TABLE doc ENABLE ROW LEVEL SECURITY;\nCREATE POLICY p ON doc FOR UPDATE USING (auth.uid() IS NOT NULL AND owner = auth.uid());\n" },
    { good: 'ALTER TABLE doc ENABLE ROW LEVEL SECURITY;\nCREATE POLICY p ON doc FOR SELECT USING (true);\n', because: 'Rows for everybody to read are common: countries, prices.' },
    { good: 'ALTER TABLE doc ENABLE ROW LEVEL SECURITY;\nCREATE POLICY p ON doc AS RESTRICTIVE FOR UPDATE USING (true);\n', because: 'A restrictive policy gives nothing.' },
    { good: 'CREATE ROLE admin;\nALTER TABLE doc ENABLE ROW LEVEL SECURITY;\nCREATE POLICY p ON doc TO admin USING (true);\nCREATE POLICY q ON doc TO service_role USING (true);\n', because: 'Roles that are named for it may see all.' },
    { good: 'ALTER TABLE doc ENABLE ROW LEVEL SECURITY;\nCREATE POLICY p ON doc FOR UPDATE USING (true) WITH CHECK (owner = current_user);\n', because: 'The new row is checked: only what others own can be taken over, which is another matter.' },
  ],
  *check(facts) {
    for (const { table, policy } of policiesHere(facts)) {
      if (!policy.permissive || !policy.using || policy.command === 'INSERT' || !isGuarded(table)) continue;
      if (!isUndone(policy.using.text) && (policy.command === 'SELECT' || !isForAnybody(policy))) continue;
      if (!isOpen(policy.using.text) || (policy.check && !isOpen(policy.check.text))) continue;
      const rows = { SELECT: 'read', UPDATE: 'change', DELETE: 'delete', ALL: 'read, change and delete' }[policy.command];
      const readers = readersText(isAlwaysTrue(policy.using.text) ? policy.roles : ['authenticated']);
      yield {
        at: writtenAt(policy.using),
        ...(holdsOneTimeCodes(table) && { severity: 'high' as const }),
        message: `${readers} may ${rows} every row of ${shownRelation(table)}, whoever owns it`,
        related: almostDropped(facts, table, policy),
      };
    }
  },
});

function isOpen(expression: string): boolean {
  return isAlwaysTrue(expression) || asksForLoginOnly(expression);
}

/** A condition that somebody meant, and beside it an OR that holds for every row. */
function isUndone(expression: string): boolean {
  const alternatives = alternativesIn(expression).map(({ start, end }) => expression.slice(start, end));
  return alternatives.some(isAlwaysTrue) && !alternatives.every(isAlwaysTrue);
}

/** Everybody, or the roles by which an application lets anybody in. */
function isForAnybody({ roles }: Policy): boolean {
  return roles.some((role) => role === 'public' || isApiRole(role));
}

import { policiesHere, shownRelation, within } from '../../facts/rls.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'sql',
  severity: 'high',
  title: 'Policy trusts what users write about themselves',
  why: 'In Supabase every user may change user_metadata (raw_user_meta_data) of the own account. A policy that reads a role or a tenant from there '
    + 'lets each user become administrator with one call of the client library.',
  fixing: 'Reads app_metadata instead, which only the server may write. Move the value there before the policy is changed.',
  cwe: [639, 285],
  references: ['https://supabase.com/docs/guides/database/database-advisors?lint=0015_rls_references_user_metadata', 'https://supabase.com/docs/guides/auth/users'],
  examples: [
    {
      bad: "CREATE POLICY p ON d USING ((auth.jwt() -> '«user_metadata»' ->> 'role') = 'admin');\n",
      fixed: "CREATE POLICY p ON d USING ((auth.jwt() -> 'app_metadata' ->> 'role') = 'admin');\n",
    },
    {
      bad: "CREATE POLICY p ON d FOR INSERT WITH CHECK (EXISTS (SELECT FROM auth.users u WHERE u.id = auth.uid() AND u.«raw_user_meta_data» ->> 'tenant' = tenant));\n",
      fixed: "CREATE POLICY p ON d FOR INSERT WITH CHECK (EXISTS (SELECT FROM auth.users u WHERE u.id = auth.uid() AND u.raw_app_meta_data ->> 'tenant' = tenant));\n",
    },
    { good: "CREATE POLICY p ON d USING ((auth.jwt() -> 'app_metadata' ->> 'role') = 'admin');\n" },
    { good: 'CREATE TABLE user_metadata (id int, owner uuid);\nCREATE POLICY p ON user_metadata USING (owner = auth.uid());\n', because: 'A table may be called so.' },
  ],
  *check(facts) {
    for (const { table, policy } of policiesHere(facts)) {
      for (const expression of [policy.using, policy.check]) {
        if (!expression || !facts.here(expression.place)) continue;
        for (const match of expression.text.matchAll(/(?<=')user_metadata(?=')|\braw_user_meta_data\b/g)) {
          const span = within(expression.place, { start: match.index, end: match.index + match[0].length });
          const text = match[0] === 'user_metadata' ? 'app_metadata' : 'raw_app_meta_data';
          yield {
            at: span,
            message: `Users choose for themselves which rows of ${shownRelation(table)} they reach: they may write this`,
            fixes: [{ title: `Read ${text} instead`, safety: 'review', edits: [{ span, text }] }],
          };
        }
      }
    }
  },
});

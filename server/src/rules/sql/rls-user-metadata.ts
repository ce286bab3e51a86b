import { routinesOfPolicies } from '../../facts/sql/policy-reach.ts';
import { policiesHere, shownRelation, within } from '../../facts/sql/rls.ts';
import { displayName } from '../../facts/schema.ts';
import { replaceIn } from '../../facts/sql/sql-edits.ts';
import type { SqlFacts } from '../../facts/sql.ts';
import type { Edit, Span } from '../../text.ts';
import { defineRule, type Finding } from '../rule.ts';

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
    {
      bad: "CREATE FUNCTION is_admin() RETURNS bool LANGUAGE sql AS $$ SELECT (auth.jwt() -> '«user_metadata»' ->> 'role') = 'admin' $$;\nCREATE POLICY p ON d USING (is_admin());\n",
      fixed: "CREATE FUNCTION is_admin() RETURNS bool LANGUAGE sql AS $$ SELECT (auth.jwt() -> 'app_metadata' ->> 'role') = 'admin' $$;\nCREATE POLICY p ON d USING (is_admin());\n",
      because: 'The policy asks a function.',
    },
    {
      good: "CREATE FUNCTION shown_name() RETURNS text LANGUAGE sql AS $$ SELECT auth.jwt() -> 'user_metadata' ->> 'name' $$;\nCREATE POLICY p ON d USING (owner = auth.uid());\n",
      because: 'No policy asks this function.',
    },
    { good: "CREATE POLICY p ON d USING ((auth.jwt() -> 'app_metadata' ->> 'role') = 'admin');\n" },
    { good: 'CREATE TABLE user_metadata (id int, owner uuid);\nCREATE POLICY p ON user_metadata USING (owner = auth.uid());\n', because: 'A table may be called so.' },
  ],
  *check(facts) {
    for (const { table, policy } of policiesHere(facts)) {
      for (const expression of [policy.using, policy.check]) {
        if (!expression || !facts.here(expression.place)) continue;
        for (const { at, text } of ownWords(expression.text)) {
          const span = within(expression.place, at);
          yield finding(span, text, `Users choose for themselves which rows of ${shownRelation(table)} they reach: they may write this`, [{ span, text }]);
        }
      }
    }
    yield* inRoutines(facts);
  },
});

/** What a policy asks through a function. */
function* inRoutines(facts: SqlFacts): Iterable<Finding> {
  if (!facts.routines.some(({ created }) => ownWords(created.written.body?.text ?? '').length > 0)) return;
  const asked = facts.routines.filter((routine) => facts.here(routine.place) && routinesOfPolicies(facts.schema).has(routine));
  for (const command of facts.commands) {
    const routine = command.inside === 'routine' ? asked.find(({ created }) => created === command.statement) : undefined;
    if (!routine) continue;
    for (const { at, text } of ownWords(command.written.text)) {
      yield finding(command.inFile(at), text, `Users choose for themselves what ${displayName(routine)} tells policies: they may write this`, replaceIn(command, at, text));
    }
  }
}

function finding(at: Span, text: string, message: string, edits: readonly Edit[]): Finding {
  return { at, message, fixes: edits.length === 0 ? [] : [{ title: `Read ${text} instead`, safety: 'review', edits }] };
}

/** Where an expression reads what users write about themselves, and what to read instead. */
function ownWords(expression: string): readonly { readonly at: Span; readonly text: string }[] {
  return [...expression.matchAll(/(?<=')user_metadata(?=')|\braw_user_meta_data\b/g)].map(({ 0: word, index }) => (
    { at: { start: index, end: index + word.length }, text: word === 'user_metadata' ? 'app_metadata' : 'raw_app_meta_data' }
  ));
}

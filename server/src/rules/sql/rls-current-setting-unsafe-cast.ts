import { isTopLevel } from '../../facts/sql/mending.ts';
import { callsOf, policiesHere, shownRelation, within } from '../../facts/sql/rls.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'sql',
  severity: 'info',
  title: 'Policy fails with an error when its setting is empty',
  why: 'After a transaction with SET LOCAL the parameter is not gone but the empty text, and a cast of that raises an error. In a pool the next '
    + 'request then fails, and the usual hasty remedy is a policy that lets everything through.',
  fixing: 'Wraps the call in NULLIF(…, \'\') and asks for NULL where the parameter is not set: no rows, no error.',
  cwe: [],
  references: ['https://www.postgresql.org/docs/current/functions-admin.html#FUNCTIONS-ADMIN-SET'],
  examples: [
    {
      bad: "CREATE POLICY p ON d USING (tenant = «current_setting('app.tenant')»::int);\n",
      fixed: "CREATE POLICY p ON d USING (tenant = NULLIF(current_setting('app.tenant', true), '')::int);\n",
    },
    {
      bad: "CREATE POLICY p ON d USING (tenant = «current_setting('app.tenant', true)» :: uuid);\n",
      fixed: "CREATE POLICY p ON d USING (tenant = NULLIF(current_setting('app.tenant', true), '') :: uuid);\n",
    },
    { good: "CREATE POLICY p ON d USING (tenant = NULLIF(current_setting('app.tenant', true), '')::int);\n" },
    { good: "CREATE POLICY p ON d USING (tenant = current_setting('app.tenant', true));\n", because: 'Text that is empty is no error.' },
    { good: "CREATE POLICY p ON d USING (tenant = current_setting('app.tenant')::text);\n" },
  ],
  *check(facts) {
    for (const { table, policy } of policiesHere(facts)) {
      for (const expression of [policy.using, policy.check]) {
        if (!expression || !facts.here(expression.place)) continue;
        for (const { span: call, arguments: [first] } of callsOf(expression.text, 'current_setting')) {
          const name = first?.literal?.value ?? '';
          if (!/^\w+\.[\w.]+$/.test(name) || !/^\s*::\s*(int|bigint|smallint|uuid|numeric|date|timestamp|bool|json|inet)/i.test(expression.text.slice(call.end))) continue;
          const span = within(expression.place, call);
          yield {
            at: span,
            message: `Queries of ${shownRelation(table)} fail when ${name} was set before and is empty now`,
            fixes: isTopLevel(expression.place) ? [{ title: 'Take an empty setting for none', safety: 'review', edits: [{ span, text: `NULLIF(current_setting('${name}', true), '')` }] }] : [],
          };
        }
      }
    }
  },
});

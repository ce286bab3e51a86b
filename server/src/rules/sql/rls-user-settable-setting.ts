import { callsOf, policiesHere, shownRelation, within } from '../../facts/sql/rls.ts';
import type { PolicyExpression } from '../../facts/schema.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'sql',
  severity: 'info',
  title: 'Policy trusts a setting that every session can change',
  why: 'Any session may SET a parameter such as app.tenant. While only trusted code speaks SQL that is fine; with one injected statement, or a '
    + 'direct login, the client chooses the tenant whose rows it sees.',
  fixing: 'There is no edit for this. Derive the tenant from the role where you can, and let nobody but the application log in; keep injection out, '
    + 'because it reaches all tenants here.',
  cwe: [639],
  references: ['https://www.postgresql.org/docs/current/runtime-config-custom.html', 'https://www.postgresql.org/docs/current/ddl-rowsecurity.html'],
  examples: [
    { bad: "CREATE POLICY p ON d USING (tenant = «current_setting('app.tenant')»::int);\n", good: 'CREATE POLICY p ON d USING (owner = current_user);\n' },
    {
      bad: "CREATE POLICY p ON d USING (tenant = «current_setting('app.tenant', true)») WITH CHECK (tenant = current_setting('app.tenant', true));\n",
      because: 'Said once for a policy.',
    },
    { good: "CREATE POLICY p ON d USING (tenant = (current_setting('request.jwt.claims', true)::json ->> 'tenant'));\n", because: 'PostgREST sets it from a signed token, and lets clients send no SQL.' },
    { good: "CREATE POLICY p ON d USING (current_setting('transaction_read_only') = 'on');\n", because: 'A parameter of PostgreSQL itself.' },
  ],
  *check(facts) {
    for (const { table, policy } of policiesHere(facts)) {
      const found = [policy.using, policy.check].flatMap((expression) => (expression && facts.here(expression.place) ? customSettings(expression) : []))[0];
      if (found) yield { at: found, message: `Whoever may run SQL chooses which rows of ${shownRelation(table)} it sees, by SET` };
    }
  },
});

function customSettings({ text, place }: PolicyExpression) {
  return callsOf(text, 'current_setting').flatMap(({ span, arguments: [name] }) => (isCustom(name?.literal?.value ?? '') ? [within(place, span)] : []));
}

/** PostgREST sets what begins with `request.` from a signed token. */
function isCustom(setting: string): boolean {
  return /^\w+\.[\w.]+$/.test(setting) && !setting.startsWith('request.');
}

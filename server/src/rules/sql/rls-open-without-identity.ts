import { almostDropped } from '../../facts/sql/almost.ts';
import { isTopLevel } from '../../facts/sql/mending.ts';
import { alternativesIn, isGuarded, policiesHere, shownRelation, targetOf, within } from '../../facts/sql/rls.ts';
import { quoteName } from '../../facts/sql/cursor.ts';
import type { Policy, PolicyExpression, Relation } from '../../facts/schema.ts';
import { defineRule, type Fix } from '../rule.ts';

export default defineRule({
  language: 'sql',
  severity: 'high',
  title: 'Policy opens every row to whoever has not said who they are',
  why: 'The condition holds as soon as there is no user: the setting was never made, or the request carries no token. So leaving the login out, '
    + 'or a connection on which the application forgot to set the tenant, shows the rows of everybody.',
  fixing: 'The fix takes the alternative out: without a user the rest compares with NULL and shows no row. Jobs that relied on it need a role with a '
    + 'policy of its own, or BYPASSRLS.',
  cwe: [863, 636],
  references: ['https://www.postgresql.org/docs/current/ddl-rowsecurity.html', 'https://www.postgresql.org/docs/current/sql-createpolicy.html'],
  examples: [
    {
      bad: "ALTER TABLE doc ENABLE ROW LEVEL SECURITY;\nCREATE POLICY own ON doc USING («auth.uid() IS NULL» OR owner = auth.uid());\n",
      fixed: 'ALTER TABLE doc ENABLE ROW LEVEL SECURITY;\nCREATE POLICY own ON doc USING (owner = auth.uid());\n',
    },
    {
      bad: "ALTER TABLE doc ENABLE ROW LEVEL SECURITY;\nCREATE POLICY own ON doc FOR SELECT USING (tenant = current_setting('app.tenant', true) OR «current_setting('app.tenant', true) IS NULL»);\n",
      fixed: "ALTER TABLE doc ENABLE ROW LEVEL SECURITY;\nCREATE POLICY own ON doc FOR SELECT USING (tenant = current_setting('app.tenant', true));\n",
    },
    { bad: "ALTER TABLE doc ENABLE ROW LEVEL SECURITY;\nCREATE POLICY own ON doc USING (owner = 'x' OR «coalesce(current_setting('app.tenant', true), '') = ''»);\n", because: 'An empty setting counts as none.' },
    { bad: 'ALTER TABLE doc ENABLE ROW LEVEL SECURITY;\nCREATE POLICY own ON doc FOR INSERT WITH CHECK ((«(SELECT auth.uid()) IS NULL») OR owner = (SELECT auth.uid()));\n' },
    { bad: "ALTER TABLE doc ENABLE ROW LEVEL SECURITY;\nCREATE POLICY own ON doc AS RESTRICTIVE USING («nullif(current_setting('app.tenant', true), '') IS NULL» OR tenant = current_setting('app.tenant'));\n", because: 'The limit falls away.' },
    { good: 'ALTER TABLE doc ENABLE ROW LEVEL SECURITY;\nCREATE POLICY own ON doc USING (owner IS NULL OR owner = auth.uid());\n', because: 'Rows without an owner are for all.' },
    { good: 'ALTER TABLE doc ENABLE ROW LEVEL SECURITY;\nCREATE POLICY own ON doc USING ((auth.uid() IS NULL AND published) OR owner = auth.uid());\n', because: 'Without a user only some rows are seen.' },
    { good: 'ALTER TABLE doc ENABLE ROW LEVEL SECURITY;\nCREATE POLICY own ON doc USING (auth.uid() IS NOT NULL);\n' },
    { good: 'ALTER TABLE doc ENABLE ROW LEVEL SECURITY;\nCREATE POLICY own ON doc USING (NOT (auth.uid() IS NULL OR blocked));\n', because: 'It is turned round.' },
    { good: "ALTER TABLE doc ENABLE ROW LEVEL SECURITY;\nCREATE POLICY own ON doc TO service_role USING (current_setting('app.tenant', true) IS NULL OR tenant = 1);\n", because: 'One role that is named for it.' },
  ],
  *check(facts) {
    for (const { table, policy } of policiesHere(facts)) {
      if (table.known && !isGuarded(table) || !forSeveral(policy)) continue;
      const clauses = [['USING', policy.using], ['WITH CHECK', policy.check]] as const;
      for (const [clause, expression] of clauses) {
        const found = expression && facts.here(expression.place) ? openPart(expression.text) : undefined;
        if (!found) continue;
        const verb = policy.command === 'INSERT' ? 'insert into' : policy.command === 'SELECT' ? 'read all of' : 'read or change all of';
        yield {
          at: within(expression!.place, found.at),
          message: `Whoever comes without a user may ${verb} ${shownRelation(table)}: the policy holds then`,
          ...(!policy.permissive && { severity: 'medium' as const }),
          related: almostDropped(facts, table, policy),
          fixes: withoutPart(table, policy, clause, expression!, found),
        };
        break;
      }
    }
  },
});

/** A policy for a role of its own is how a job gets all rows. */
function forSeveral({ roles }: Policy): boolean {
  return roles.some((role) => /^(public|anon|authenticated|web_anon|web_user)$/.test(role));
}

interface OpenPart {
  /** The alternative, counted from the start of the expression. */
  readonly at: { readonly start: number; readonly end: number };
  /** The alternative with the OR that joins it. */
  readonly cut: { readonly start: number; readonly end: number };
}

function openPart(expression: string): OpenPart | undefined {
  const parts = alternativesIn(expression);
  const i = parts.length < 2 ? -1 : parts.findIndex(({ start, end }) => missing.test(expression.slice(start, end)));
  const part = parts[i];
  if (!part) return undefined;
  const inner = /^\(+\s*(?!select\b)/i.exec(expression.slice(part.start, part.end))?.[0] ?? '';
  const bare = inner !== '' && /\)$/.test(expression.slice(part.start, part.end)) ? inner.length : 0;
  const at = { start: part.start + bare, end: part.end - (bare > 0 ? inner.replace(/\s/g, '').length : 0) };
  return { at, cut: i === 0 ? { start: part.start, end: parts[1]!.start } : { start: parts[i - 1]!.end, end: part.end } };
}

const setting = String.raw`(?:pg_catalog\s*\.\s*)?current_setting\s*\(\s*'[^']*'(?:::text)?\s*(?:,\s*(?:true|'t'|'true')\s*)?\)`;
const user = String.raw`auth\s*\.\s*(?:uid|jwt|email|user_id)\s*\(\s*\)`;
const either = String.raw`(?:${setting}|${user})`;
const who = String.raw`(?:${either}|\(\s*select\s+${either}(?:\s+as\s+\w+)?\s*\)|nullif\s*\(\s*${either}\s*,\s*''(?:::text)?\s*\))(?:\s*::\s*\w+)?`;
const missing = new RegExp(String.raw`^\(*\s*(?:\(*${who}\)*\s+is\s+null|(?:${setting}|coalesce\s*\(\s*${setting}\s*,\s*''(?:::text)?\s*\))\s*=\s*''(?:::text)?)\s*\)*$`, 'i');

function withoutPart(table: Relation, { name }: Policy, clause: string, { text, place }: PolicyExpression, { cut }: OpenPart): Fix[] {
  if (!isTopLevel(place)) return [];
  const rest = (text.slice(0, cut.start) + text.slice(cut.end)).trim();
  const statements = [`ALTER POLICY ${quoteName(name)} ON ${targetOf(table)} ${clause} (${rest});`];
  return [{ title: 'Show nothing without a user', safety: 'review', edits: [{ span: within(place, cut), text: '' }], statements }];
}

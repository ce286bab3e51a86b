import { grantees, guardedBehind, isOn, onlyTotals, shownRelation, showsAll } from '../../facts/sql/rls.ts';
import { isAnonymousRole, isExposed, isSupabase, readersOf } from '../../facts/sql/api.ts';
import { ownKey } from '../../facts/sql/own-rows.ts';
import { asksWho, isGrouped, keepsToPolicies, leavesOut, namesNobody, onlyCounts } from '../../facts/sql/view-rows.ts';
import type { Place, Relation } from '../../facts/schema.ts';
import type { SqlFacts } from '../../facts/sql.ts';
import { optionFixes } from '../../facts/sql/view-options.ts';
import { defineRule, flag } from '../rule.ts';

export default defineRule({
  language: 'sql',
  severity: 'medium',
  title: 'View shows rows past the policies of its tables',
  why: 'A view reads its tables with the rights of its owner, for whom the policies of a table usually do not hold. Whoever may read the view sees '
    + 'all rows, although the table itself would show only some.',
  fixing: 'Adds security_invoker, so that the tables are read with the rights, and under the policies, of whoever asks. These roles then need '
    + 'SELECT on the tables themselves. It exists since PostgreSQL 15.',
  cwe: [863],
  references: ['https://www.postgresql.org/docs/current/sql-createview.html', 'https://www.postgresql.org/docs/current/rules-privileges.html'],
  options: { allViews: flag(false, 'Report views over tables without policies as well.') },
  examples: [
    {
      bad: 'CREATE TABLE doc (id int, owner name);\nALTER TABLE doc ENABLE ROW LEVEL SECURITY;\nCREATE POLICY p ON doc USING (owner = current_user);\nCREATE VIEW «v» AS SELECT * FROM doc;\nGRANT SELECT ON v TO web;\n',
      fixed: 'CREATE TABLE doc (id int, owner name);\nALTER TABLE doc ENABLE ROW LEVEL SECURITY;\nCREATE POLICY p ON doc USING (owner = current_user);\nCREATE VIEW v WITH (security_invoker = true) AS SELECT * FROM doc;\nGRANT SELECT ON v TO web;\n',
    },
    {
      bad: 'CREATE TABLE app.doc (id int, owner name);\nALTER TABLE app.doc ENABLE ROW LEVEL SECURITY;\nCREATE VIEW «app.v» (id) WITH (security_barrier) AS SELECT id FROM app.doc;\n',
      fixed: 'CREATE TABLE app.doc (id int, owner name);\nALTER TABLE app.doc ENABLE ROW LEVEL SECURITY;\nCREATE VIEW app.v (id) WITH (security_barrier, security_invoker = true) AS SELECT id FROM app.doc;\n',
      because: 'Nobody is granted it in these files: low.',
    },
    {
      path: 'V2__view.sql', files: { 'V1__doc.sql': 'CREATE TABLE doc (id int, owner name);\nALTER TABLE doc ENABLE ROW LEVEL SECURITY;\n' },
      bad: 'CREATE OR REPLACE VIEW «v»(id, owner) AS SELECT * FROM doc;\nGRANT SELECT ON v TO web;\n',
      fixed: 'CREATE OR REPLACE VIEW v(id, owner) WITH (security_invoker = true) AS SELECT * FROM doc;\nGRANT SELECT ON v TO web;\n',
    },
    { bad: 'CREATE TABLE doc (id int);\nALTER TABLE doc ENABLE ROW LEVEL SECURITY;\nCREATE VIEW «v» AS SELECT * FROM doc;\n', version: 14, because: 'Up to PostgreSQL 14 there is no such option: information.' },
    { bad: 'CREATE VIEW «v» AS SELECT * FROM prices;\n', options: { allViews: true } },
    { good: 'CREATE TABLE doc (id int);\nALTER TABLE doc ENABLE ROW LEVEL SECURITY;\nCREATE VIEW v WITH (security_invoker) AS SELECT * FROM doc;\n' },
    { good: 'CREATE TABLE doc (id int);\nALTER TABLE doc ENABLE ROW LEVEL SECURITY;\nCREATE VIEW v AS SELECT * FROM doc;\nALTER VIEW v SET (security_invoker = on);\n', because: 'A later statement mends it.' },
    { good: 'CREATE TABLE doc (id int);\nCREATE VIEW v AS SELECT * FROM doc;\nGRANT SELECT ON v TO web;\n', because: 'The table has no policies; a view that shows a part of it is how access is narrowed.' },
    { good: 'CREATE TABLE doc (id int);\nALTER TABLE doc ENABLE ROW LEVEL SECURITY;\nCREATE POLICY p ON doc USING (true);\nCREATE VIEW v AS SELECT count(*) AS n FROM doc;\nALTER VIEW v OWNER TO reporting;\n', because: 'The owner is another than that of the table, so policies hold for it.' },
    {
      good: "CREATE TABLE d (s text, o uuid);\nALTER TABLE d ENABLE ROW LEVEL SECURITY;\nCREATE POLICY p ON d FOR SELECT USING (s IN ('open', 'done') OR o = auth.uid());\nCREATE VIEW v AS SELECT d.s FROM d WHERE d.s IN ('open', 'done');\nGRANT SELECT ON v TO anon;\n",
      because: 'The view asks for what the policy asks for.',
    },
    { good: 'CREATE TABLE d (n text, shown bool, o uuid);\nALTER TABLE d ENABLE ROW LEVEL SECURITY;\nCREATE POLICY p ON d FOR SELECT USING (o = auth.uid() OR shown = true);\nCREATE VIEW v AS SELECT n FROM e UNION ALL SELECT d.n FROM d WHERE d.shown;\nGRANT SELECT ON v TO anon;\n' },
    { good: 'CREATE TABLE d (o name);\nALTER TABLE d ENABLE ROW LEVEL SECURITY;\nCREATE POLICY p ON d FOR SELECT USING (true);\nCREATE VIEW v AS SELECT o FROM d;\nGRANT SELECT ON v TO clerk;\n', because: 'The policy shows every row to everybody.' },
  ],
  *check(facts, { allViews }) {
    for (const view of facts.objects.relations) {
      if (view.kind !== 'view' || !view.known || view.temporary || !view.query || !facts.here(view.query) || isOn(view, 'security_invoker')) continue;
      const guarded = guardedBehind(facts.schema, view).filter((table) => passesBy(facts, view, table) && !showsAll(table) && !keepsToPolicies(view, table));
      if (guarded.length === 0 && !allViews) continue;
      const [table] = guarded;
      const granted = grantees(view, 'SELECT').length > 0 || isOpenByDefault(facts, view, guarded);
      yield {
        at: view.query.at,
        message: table ? passing(view, table) : `${shownRelation(view)} reads its tables with the rights of its owner`,
        ...(facts.document.version < 15 ? { severity: 'info' as const } : (!granted || isNarrow(facts, view, guarded) || isMeant(facts, view.query) || isForPublic(view)) && { severity: 'low' as const }),
        related: guarded.flatMap(({ rls }) => (rls.place ? [facts.related(rls.place, 'The table is guarded by policies')] : [])),
        fixes: facts.document.version >= 15 ? optionFixes(view, 'security_invoker', 'Read the tables with the rights of whoever asks') : [],
      };
    }
  },
});

function passing(view: Relation, table: Relation): string {
  if (isGrouped(view)) return `Whoever may read ${shownRelation(view)} sees sums over all rows of ${shownRelation(table)}, past its policies`;
  return leavesOut(view)
    ? `Whoever may read ${shownRelation(view)} sees rows of ${shownRelation(table)} past its policies: only the conditions of the view count`
    : `Whoever may read ${shownRelation(view)} sees all rows of ${shownRelation(table)}, past its policies`;
}

/** Supabase lets everybody read it, and the rows of each user with it. */
function isOpenByDefault(facts: SqlFacts, view: Relation, guarded: readonly Relation[]): boolean {
  return isSupabase(facts) && isExposed(view, ['public']) && readersOf(view).length > 0 && !isGrouped(view)
    && guarded.some(({ policies }) => policies.some(({ command, using }) => (command === 'SELECT' || command === 'ALL') && using && ownKey(using.text) !== undefined));
}

/** It shows numbers alone, or looks by itself at who is asking. */
function isNarrow({ schema }: SqlFacts, view: Relation, guarded: readonly Relation[]): boolean {
  return onlyTotals(view) || namesNobody(view, guarded) || (guarded.length > 0 && guarded.every((table) => onlyCounts(view, table))) || asksWho(schema, view);
}

/** The comment in front of the statement speaks of it. */
function isMeant({ document: { text } }: SqlFacts, { statement }: Place): boolean {
  const before = text.slice(Math.max(0, statement.span.start - 2_000), statement.span.start);
  return /\bsecurity[ _](invoker|definer)\b/i.test(/(?:^[ \t]*--[^\n]*\n)+\s*$|\/\*(?:(?!\*\/)[^])*\*\/\s*$/m.exec(before)?.[0] ?? '');
}

/** Its name says for whom it is, somebody gave it to those who are not logged in, and it picks columns. */
function isForPublic({ name, acl, query }: Relation): boolean {
  return /(^|_)public(_|$)/.test(name) && acl.some(({ privilege, grantee, place, byDefault }) => privilege === 'SELECT' && place && !byDefault && (grantee === 'public' || isAnonymousRole(grantee)))
    && !/\bselect\s+(\w+\s*\.\s*)?\*|,\s*(\w+\s*\.\s*)?\*/i.test(query?.statement.written.text ?? '');
}

/** Policies hold for the owner of the view when it is another one than that of the table, or is forced to keep to them. */
function passesBy({ schema }: SqlFacts, view: Relation, table: Relation): boolean {
  if (view.owner.role !== table.owner.role) return schema.role(view.owner.role ?? '')?.attributes.bypassrls.on === true;
  return table.forced.on !== true;
}

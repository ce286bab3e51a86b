import type { Fix, Severity } from '../rule.ts';
import { defineRule } from '../rule.ts';
import type { SqlFacts } from '../../facts/sql.ts';
import type { Place, Routine } from '../../facts/schema.ts';
import { displayName } from '../../facts/schema.ts';
import { append, withPlaceholder } from '../../facts/sql/append.ts';
import { contains } from '../../text.ts';
import { later, laterStatement } from '../../facts/sql/mending.ts';
import { superusers } from '../../facts/superusers.ts';

export default defineRule({
  language: 'sql',
  severity: 'low',
  title: 'SECURITY DEFINER routine belongs to a superuser',
  why: 'Whatever goes wrong in such a routine happens with all rights: a statement that is built from an argument, a table that is not the one that was meant, '
    + 'a connection that it opens. With an owner who may do only what the routine is for, the same mistake stays small.',
  fixing: 'The first fix names another owner. Create that role without LOGIN, grant it what the body needs, and try the routine: what it lacks shows as an error. '
    + 'A statement that is built from arguments has to be mended all the same.',
  cwe: [250, 269],
  references: ['https://www.postgresql.org/docs/current/sql-alterfunction.html', 'https://www.postgresql.org/docs/current/sql-createfunction.html#SQL-CREATEFUNCTION-SECURITY'],
  examples: [
    {
      bad: 'CREATE FUNCTION app.f() RETURNS int LANGUAGE sql SECURITY DEFINER AS $$ SELECT 1 $$;\nALTER FUNCTION app.f() OWNER TO «postgres»;\n',
      good: 'CREATE FUNCTION app.f() RETURNS int LANGUAGE sql SECURITY DEFINER AS $$ SELECT 1 $$;\nALTER FUNCTION app.f() OWNER TO app_functions;\n',
    },
    {
      bad: "CREATE ROLE boss SUPERUSER;\nCREATE FUNCTION app.f(t text) RETURNS void LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN EXECUTE 'DROP TABLE ' || t; END $$;\nALTER FUNCTION app.f(text) OWNER TO «boss»;\n",
      because: 'The argument becomes a statement of a superuser.',
    },
    {
      good: 'CREATE FUNCTION app.f() RETURNS int LANGUAGE sql SECURITY DEFINER AS $$ SELECT 1 $$;\nALTER FUNCTION app.f() OWNER TO postgres;\nALTER FUNCTION app.f() OWNER TO app_functions;',
      because: 'A later statement gives it to another owner.',
    },
    { good: "CREATE FUNCTION app.f() RETURNS int LANGUAGE sql AS $$ SELECT 1 $$;\nALTER FUNCTION app.f() OWNER TO postgres;\nSELECT 'SECURITY DEFINER';", because: "It runs with its caller's rights." },
    { good: 'CREATE FUNCTION app.f() RETURNS int LANGUAGE sql SECURITY DEFINER AS $$ SELECT 1 $$;\nALTER FUNCTION app.f() OWNER TO app_functions;', because: 'Nothing says that this role is a superuser.' },
    {
      bad: "SET ROLE postgres;\nCREATE FUNCTION «app.f»() RETURNS int LANGUAGE sql SECURITY DEFINER AS $$ SELECT 1 $$;\nRESET ROLE;\n",
      good: "CREATE FUNCTION app.f() RETURNS int LANGUAGE sql SECURITY DEFINER AS $$ SELECT 1 $$;\nALTER FUNCTION app.f() OWNER TO app_functions;\n",
      because: 'Whoever creates it owns it.',
    },
    { good: 'SET ROLE postgres;\nRESET ROLE;\nCREATE FUNCTION app.f() RETURNS int LANGUAGE sql SECURITY DEFINER AS $$ SELECT 1 $$;\n', because: 'Who runs it then is not known.' },
  ],
  *check(facts) {
    for (const routine of facts.routines) {
      const { definer, owner: { role, place: given } } = routine;
      const place = given ?? routine.place;
      if (!definer || !facts.here(place) || role === undefined) continue;
      const known = facts.schema.role(role)?.attributes.superuser;
      if (known?.on === false || (known?.on !== true && !(superusers as readonly string[]).includes(role))) continue;
      yield {
        at: place.at,
        severity: severityOf(facts, routine, known?.on === true),
        message: `A mistake in ${displayName(routine)} is one with the rights of a superuser: ${role.length <= 24 ? role : 'this role'} owns it`,
        related: [
          facts.related(definer, 'It runs with the rights of its owner'),
          ...known?.place ? [facts.related(known.place, 'This makes the owner a superuser')] : [],
        ],
        fixes: fixesFor(facts, routine, given),
      };
    }
  },
});

/** What dumps write for everything is only worth a look, unless somebody else's text is at work. */
function severityOf(facts: SqlFacts, routine: Routine, surely: boolean): Severity {
  const { created: { span }, place } = routine;
  const inside = facts.here(place) ? facts.dynamicSql.filter(({ statement }) => contains(span, statement.start)) : [];
  const injected = inside.some(({ risks }) => risks.some(({ origin }) => origin === 'param' || origin === 'row'));
  if (injected) return 'high';
  return surely ? 'medium' : 'low';
}

function fixesFor(facts: SqlFacts, routine: Routine, given: Place | undefined): Fix[] {
  const { definer } = routine;
  const word = { start: definer!.at.end - 'DEFINER'.length, end: definer!.at.end };
  return [
    ...otherOwner(facts, routine, given),
    ...facts.here(definer!) ? [{
      title: "Run with the caller's rights (SECURITY INVOKER)", safety: 'review' as const,
      edits: [{ span: word, text: 'INVOKER' }], ...later(laterStatement(routine, 'ALTER', 'SECURITY INVOKER')),
    }] : [],
  ];
}

/** `given`: what names the owner; without it that is the role that SET ROLE has chosen. */
function otherOwner({ document }: SqlFacts, routine: Routine, given: Place | undefined): Fix[] {
  const name = 'owner_role';
  const statement = laterStatement(routine, 'ALTER', `OWNER TO ${name}`);
  const behind = statement === undefined ? undefined : append(document.text, routine.created, [statement]);
  const edit = given ? { span: given.at, text: name } : behind;
  if (!edit) return [];
  const placed = withPlaceholder(edit, edit.text.lastIndexOf(name), { start: 0, end: name.length });
  return [{ title: 'Give it to a role that may do only this', safety: 'review', edits: [placed], ...later(statement, name) }];
}

import { defineRule } from '../rule.ts';
import type { Finding, Fix } from '../rule.ts';
import type { SqlFacts } from '../../facts/sql.ts';
import type { Routine, RoutinePath } from '../../facts/schema.ts';
import { displayName } from '../../facts/schema.ts';
import { shift } from '../../text.ts';
import { laterStatement } from '../../facts/sql/mending.ts';
import { optionsAt } from '../../facts/sql/routine-text.ts';
import { spell } from '../../facts/sql/cursor.ts';

export default defineRule({
  language: 'sql',
  severity: 'medium',
  title: 'CREATE OR REPLACE takes away what a routine was protected by',
  why: 'OR REPLACE keeps the owner and the privileges of a routine, but not its SET clauses and not SECURITY DEFINER: what the new text does not say is gone. '
    + 'A search_path that an earlier migration had set is lost without a word, and callers choose again what the names in the body mean.',
  fixing: 'The fix writes the old clause into the new text. Where it is meant to go, say so with SECURITY INVOKER or ALTER FUNCTION … RESET search_path.',
  cwe: [426, 284],
  references: ['https://www.postgresql.org/docs/current/sql-createfunction.html'],
  examples: [
    {
      bad: 'CREATE FUNCTION app.f() RETURNS int LANGUAGE sql SET search_path = pg_catalog, app, pg_temp AS $$ SELECT 1 $$;\n«CREATE OR REPLACE FUNCTION app.f»() RETURNS int LANGUAGE sql AS $$ SELECT 2 $$;\n',
      fixed: 'CREATE FUNCTION app.f() RETURNS int LANGUAGE sql SET search_path = pg_catalog, app, pg_temp AS $$ SELECT 1 $$;\nCREATE OR REPLACE FUNCTION app.f() RETURNS int LANGUAGE sql SET search_path = pg_catalog, app, pg_temp AS $$ SELECT 2 $$;\n',
    },
    {
      bad: 'CREATE FUNCTION app.f() RETURNS int LANGUAGE sql SECURITY DEFINER AS $$ SELECT 1 $$;\n«CREATE OR REPLACE FUNCTION app.f»() RETURNS int LANGUAGE sql AS $$ SELECT 2 $$;\n',
      fixed: 'CREATE FUNCTION app.f() RETURNS int LANGUAGE sql SECURITY DEFINER AS $$ SELECT 1 $$;\nCREATE OR REPLACE FUNCTION app.f() RETURNS int LANGUAGE sql SECURITY DEFINER AS $$ SELECT 2 $$;\n',
      because: 'The function now runs with fewer rights, which may be what breaks it.',
    },
    {
      good: 'CREATE FUNCTION app.f() RETURNS int LANGUAGE sql SECURITY DEFINER AS $$ SELECT 1 $$;\nCREATE OR REPLACE FUNCTION app.f() RETURNS int LANGUAGE sql SECURITY INVOKER AS $$ SELECT 2 $$;',
      because: 'The new text says that it is meant to go.',
    },
    {
      good: 'CREATE FUNCTION app.f() RETURNS int LANGUAGE sql SET search_path = app AS $$ SELECT 1 $$;\nDROP FUNCTION app.f();\nCREATE OR REPLACE FUNCTION app.f() RETURNS int LANGUAGE sql AS $$ SELECT 2 $$;',
      because: 'It is another function.',
    },
    {
      good: 'CREATE FUNCTION app.f() RETURNS int LANGUAGE sql SET search_path = app AS $$ SELECT 1 $$;\nCREATE OR REPLACE FUNCTION app.f() RETURNS int LANGUAGE sql AS $$ SELECT 2 $$;\nALTER FUNCTION app.f() SET search_path = app;',
      because: 'A later statement sets it again.',
    },
    {
      good: 'CREATE FUNCTION app.f() RETURNS int LANGUAGE sql SECURITY DEFINER SET search_path = app AS $$ SELECT 1 $$;\nCREATE OR REPLACE FUNCTION app.f() RETURNS int LANGUAGE sql SECURITY DEFINER AS $$ SELECT 2 $$;',
      because: 'A routine with its owner\'s rights and no path has a rule of its own.',
    },
    { good: 'CREATE FUNCTION app.f(x int) RETURNS int LANGUAGE sql SET search_path = app AS $$ SELECT 1 $$;\nCREATE OR REPLACE FUNCTION app.f(x text) RETURNS int LANGUAGE sql AS $$ SELECT 2 $$;', because: 'Other arguments make another function.' },
  ],
  *check(facts) {
    for (const routine of facts.routines) {
      const { before } = routine;
      if (!before || !facts.here(routine.place) || routine.text.changes.security) continue;
      const lostPath = before.path.kind === 'list' && routine.path.kind === 'none' && !routine.path.cleared ? before.path : undefined;
      const lostDefiner = before.definer && !routine.definer;
      if (lostPath || lostDefiner) yield report(facts, routine, lostDefiner, lostPath);
    }
  },
});

type ListPath = Extract<RoutinePath, { kind: 'list' }>;

function report(facts: SqlFacts, routine: Routine, lostDefiner: boolean, lostPath: ListPath | undefined): Finding {
  const name = displayName(routine);
  return {
    at: { start: routine.created.span.start, end: routine.at.end },
    severity: lostDefiner ? 'low' : 'medium',
    message: lostDefiner
      ? `This takes SECURITY DEFINER from ${name}: it runs with its caller's rights from now on`
      : `This takes the search_path from ${name}: callers choose what its names mean`,
    related: [facts.related(lostPath?.place ?? routine.before!.place, 'It was set here')],
    fixes: restore(facts, routine, [
      ...lostDefiner ? ['SECURITY DEFINER'] : [],
      ...lostPath ? [`SET search_path = ${lostPath.entries.map((entry) => (entry.name === '' ? "''" : spell(entry.name))).join(', ')}`] : [],
    ]),
  };
}

function restore({ document }: SqlFacts, routine: Routine, clauses: readonly string[]): Fix[] {
  const place = optionsAt(routine.created.written);
  if (!place) return [];
  const at = shift(place, routine.created.span.start);
  const upper = /[A-Z]/.test(document.text.slice(at.start, at.end));
  const text = clauses.map((clause) => ` ${upper ? clause : clause.replace(/^SECURITY DEFINER|^SET/, (word) => word.toLowerCase())}`).join('');
  const later = clauses.map((clause) => laterStatement(routine, 'ALTER', clause));
  const statements = later.every((statement) => statement !== undefined) ? { statements: later } : {};
  const kept = clauses.map((clause) => clause.replace(/^SET (\w+).*/, '$1')).join(' and ');
  return [{ title: `Keep ${kept}`, safety: 'review', edits: [{ span: { start: at.end, end: at.end }, text }], ...statements }];
}

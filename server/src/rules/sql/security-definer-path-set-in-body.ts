import type { Fix, Severity } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { shift } from '../../text.ts';
import type { SqlFacts } from '../../facts/sql.ts';
import type { Routine } from '../../facts/schema.ts';
import { displayName } from '../../facts/schema.ts';
import { isBehindApi } from '../../facts/sql/api.ts';
import { withPlaceholder } from '../../facts/sql/append.ts';
import type { PathInBody } from '../../facts/sql/path-in-body.ts';
import { pathInBody } from '../../facts/sql/path-in-body.ts';
import { removeStatement } from '../../facts/sql/sql-edits.ts';
import { proposePath, repairPath } from '../../facts/sql/search-path.ts';

export default defineRule({
  language: 'sql',
  severity: 'medium',
  title: 'SECURITY DEFINER routine sets its search_path only when it runs already',
  why: 'The values of declared variables and of parameters are computed before the first statement, still in the search_path of the caller: tables and functions of the caller '
    + 'take the place of real ones there, with the rights of the owner. Without LOCAL the new path also stays in the session of the caller.',
  fixing: 'The fix moves the path into a SET clause of the routine, where it holds from the beginning and ends with the call, and makes it safe: pg_catalog first, pg_temp last. '
    + 'Check that every name in the body is still found.',
  cwe: [426],
  references: ['https://www.postgresql.org/docs/current/sql-createfunction.html#SQL-CREATEFUNCTION-SECURITY'],
  examples: [
    {
      bad: 'CREATE FUNCTION app.f() RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER AS $$\nDECLARE n bigint := 0;\nBEGIN\n  «SET LOCAL search_path = pg_catalog, app, pg_temp»;\n  RETURN (SELECT sum(i) FROM t);\nEND $$;\n',
      fixed: 'CREATE FUNCTION app.f() RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, app, pg_temp AS $$\nDECLARE n bigint := 0;\nBEGIN\n  RETURN (SELECT sum(i) FROM t);\nEND $$;\n',
    },
    {
      bad: "CREATE FUNCTION app.g() RETURNS void LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN «PERFORM pg_catalog.set_config('search_path', 'app', false)»; DELETE FROM t; END $$;\n",
      fixed: 'CREATE FUNCTION app.g() RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, app, pg_temp AS $$ BEGIN  DELETE FROM t; END $$;\n',
    },
    {
      bad: "CREATE FUNCTION app.h(s text) RETURNS void LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN «PERFORM set_config('search_path', s, true)»; DELETE FROM t; END $$;\n",
      because: 'Which schemas are meant is only known when it runs.',
    },
    {
      good: 'CREATE FUNCTION app.f() RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$ BEGIN SET LOCAL search_path = app; DELETE FROM t; END $$;',
      because: 'The routine has a path of its own from the beginning.',
    },
    { good: "CREATE FUNCTION app.f() RETURNS void LANGUAGE plpgsql AS $$ BEGIN SET search_path = app; DELETE FROM t; END $$;\nSELECT 'SECURITY DEFINER';", because: "It runs with its caller's rights." },
    { good: "CREATE FUNCTION app.f() RETURNS void LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN SET LOCAL work_mem = '1GB'; DELETE FROM app.t; END $$;", because: 'Another setting.' },
    { good: 'CREATE FUNCTION app.f() RETURNS void LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN DELETE FROM t; SET LOCAL search_path = app; END $$;', because: 'What comes before it is the larger hole, and said by another rule.' },
  ],
  *check(facts) {
    for (const routine of facts.routines) {
      if (!routine.definer || !facts.here(routine.place) || routine.path.kind !== 'none' || routine.path.cleared) continue;
      const inBody = pathInBody(routine.created.written);
      if (!inBody) continue;
      yield {
        at: shift(inBody.at, routine.created.span.start),
        ...judge(facts, routine, inBody),
        related: [facts.related(routine.definer, 'A SET clause beside this would hold from the beginning')],
        fixes: move(facts, routine, inBody),
      };
    }
  },
});

/** Who comes through an API has no session in which to choose a path, to keep one or to make tables. */
function judge(facts: SqlFacts, routine: Routine, inBody: PathInBody): { readonly severity: Severity; readonly message: string } {
  const [name, behind, safe] = [displayName(routine), isBehindApi(facts), isSafe(inBody)];
  const severity = safe || behind ? 'medium' : 'high';
  if (inBody.leaks) return { severity, message: `Callers of ${name} keep this search_path, and choose the one before it` };
  const declarations = routine.created.written.body?.plpgsql?.declarations ?? [];
  if (declarations.some(({ value }) => value)) return { severity, message: `What runs before this in ${name} uses the search_path of its caller` };
  if (safe) return { severity: 'low', message: `The search_path of ${name} is that of its caller until this runs` };
  return { severity: behind ? 'low' : 'high', message: `Temporary tables and types of the caller come first in ${name}: pg_temp is not the last in this search_path` };
}

/** Nothing that a caller can create is found once it is set. */
function isSafe({ entries }: PathInBody): boolean {
  return entries !== undefined && (entries.at(-1)?.name === 'pg_temp' || entries.every(({ name }) => name === ''));
}

function move(facts: SqlFacts, routine: Routine, { at, entries }: PathInBody): Fix[] {
  const { document, schema } = facts;
  if (!entries || !facts.here(routine.definer!)) return [];
  const definer = routine.definer!.at;
  const repaired = entries.length > 0 ? repairPath(schema, routine, entries, document.version) : proposePath(schema, routine, document.version);
  const head = ` ${/[A-Z]/.test(document.text.slice(definer.start, definer.end)) ? 'SET' : 'set'} search_path = `;
  const clause = withPlaceholder({ span: { start: definer.end, end: definer.end }, text: head + repaired.text }, head.length, repaired.placeholder);
  const removal = removeStatement(document.text, shift(at, routine.created.span.start));
  return [{ title: `Set search_path = ${repaired.text} for the routine`, safety: 'review', edits: [clause, removal] }];
}

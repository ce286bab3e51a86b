import type { Fix } from '../rule.ts';
import { defineRule } from '../rule.ts';
import type { SqlFacts } from '../../facts/sql.ts';
import type { Place, Routine } from '../../facts/schema.ts';
import { displayName } from '../../facts/schema.ts';
import { almostAltered } from '../../facts/sql/almost.ts';
import { isBehindApi, isClosed, isManagedSchema } from '../../facts/sql/api.ts';
import { isDump } from '../../facts/sql/dumps.ts';
import { append, withPlaceholder } from '../../facts/sql/append.ts';
import { bodyNames, isBuiltin, looksNothingUp } from '../../facts/sql/body-names.ts';
import { later, laterStatement } from '../../facts/sql/mending.ts';
import { pathInBody } from '../../facts/sql/path-in-body.ts';
import { runsNoSql } from '../../facts/sql/touches-data.ts';
import { setsPathUnnamed } from '../../facts/sql/unnamed.ts';
import { asked, proposePath } from '../../facts/sql/search-path.ts';
import type { ProposedPath } from '../../facts/sql/search-path.ts';

export default defineRule({
  language: 'sql',
  severity: 'high',
  title: 'SECURITY DEFINER routine without a search_path of its own',
  why: 'The body runs with the rights of the owner, but its names are looked up in the search_path of the caller. '
    + 'A caller who puts an own table, function or operator in front of the real one has the owner use it: '
    + 'that reads forged data, and code of the caller runs as the owner.',
  fixing: 'The first fix adds SET search_path with pg_catalog first, the schemas that the body needs, and pg_temp last. '
    + 'Where a name in the body is not created in the same file, the schema is left to you: check that every name in the body, and in what it calls, is still found.',
  cwe: [426],
  references: ['https://www.postgresql.org/docs/current/sql-createfunction.html#SQL-CREATEFUNCTION-SECURITY'],
  examples: [
    {
      bad: 'CREATE TABLE app.accounts (id int);\nCREATE FUNCTION app.f(x text) RETURNS int LANGUAGE sql «SECURITY DEFINER» AS $$ SELECT count(*)::int FROM accounts $$;',
      fixed: 'CREATE TABLE app.accounts (id int);\nCREATE FUNCTION app.f(x text) RETURNS int LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, app, pg_temp AS $$ SELECT count(*)::int FROM accounts $$;',
    },
    {
      bad: 'CREATE FUNCTION app.f() RETURNS text LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$ SELECT s FROM app.secret $$;\nALTER FUNCTION app.f() «RESET ALL»;',
      fixed: 'CREATE FUNCTION app.f() RETURNS text LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$ SELECT s FROM app.secret $$;\nALTER FUNCTION app.f() RESET ALL SET search_path = pg_catalog, pg_temp;',
    },
    {
      bad: 'CREATE FUNCTION app.f() RETURNS int LANGUAGE sql «SECURITY DEFINER» AS $$ SELECT count(*)::int FROM elsewhere $$;',
      good: 'CREATE FUNCTION app.f() RETURNS int LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, data, pg_temp AS $$ SELECT count(*)::int FROM elsewhere $$;',
      because: 'Only a person knows in which schema a table of another file is.',
    },
    {
      good: 'CREATE FUNCTION app.f(x text) RETURNS int LANGUAGE sql SECURITY DEFINER AS $$ SELECT count(*)::int FROM accounts $$;\nALTER FUNCTION app.f(text) SET search_path = pg_catalog, app, pg_temp;',
      because: 'A later statement sets the path.',
    },
    {
      bad: 'CREATE FUNCTION app.f() RETURNS int LANGUAGE sql «SECURITY DEFINER» AS $$ SELECT count(*)::int FROM elsewhere $$;\nREVOKE ALL ON FUNCTION app.f() FROM PUBLIC;',
      because: 'So far only its owner may call it: low.',
    },
    {
      good: "CREATE FUNCTION f() RETURNS int LANGUAGE c SECURITY DEFINER AS 'lib', 'f';",
      because: 'A function in C looks nothing up by name on its own.',
    },
    {
      good: 'CREATE FUNCTION app.f() RETURNS void LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN SET LOCAL search_path = pg_catalog, app, pg_temp; DELETE FROM t; END $$;',
      because: 'The body sets a path first, of which another rule speaks.',
    },
    {
      good: "CREATE FUNCTION f() RETURNS text LANGUAGE sql AS $$ SELECT 'SECURITY DEFINER' $$;",
      because: 'Words in a string change nothing.',
    },
  ],
  *check(facts) {
    for (const routine of facts.routines) {
      const { definer, path } = routine;
      if (!definer || path.kind !== 'none' || ['c', 'internal'].includes(routine.text.language ?? '')) continue;
      if (!path.cleared && pathInBody(routine.created.written)) continue;
      const cleared = path.cleared && facts.schema.isBefore(definer, path.cleared) ? path.cleared : undefined;
      if (!facts.here(cleared ?? definer)) continue;
      const { severity, message } = isClosed(facts, routine) ? forOwner(routine) : judge(facts, routine);
      yield {
        at: (cleared ?? definer).at,
        severity: setsPathUnnamed(facts) || (isManagedSchema(routine.schema) && isDump(facts.document)) ? 'low' : severity,
        message,
        related: [
          ...cleared ? [facts.related(definer, 'It runs with the rights of its owner because of this')] : [],
          ...routine.before?.path.kind === 'list' ? [facts.related(routine.before.path.place, 'OR REPLACE takes this away')] : [],
          ...almostAltered(facts, routine, cleared ?? routine.place),
        ],
        fixes: cleared ? [setInstead(facts, routine, cleared)] : [setInClause(facts, routine, definer), ...alternatives(facts, routine, definer)],
      };
    }
  },
});

/** It was taken from PUBLIC and is given to nobody so far. */
function forOwner(routine: Routine): { severity: 'low'; message: string } {
  return { severity: 'low', message: `Whoever is given EXECUTE on ${displayName(routine)} runs own code with its owner's rights: it sets no search_path` };
}

function judge(facts: SqlFacts, routine: Routine): { severity: 'high' | 'medium' | 'low'; message: string } {
  const name = displayName(routine);
  const body = bodyNames(routine.created.written);
  if (routine.text.atomic) {
    return { severity: 'medium', message: `Callers of ${name} choose the search_path for all that it calls: it sets none` };
  }
  const message = `Callers choose the search_path of ${name}, which runs with its owner's rights`;
  if (looksNothingUp(routine.created.written) || runsNoSql(routine)) return { severity: 'low', message };
  if (body.complete && body.names.length === 0) return { severity: 'medium', message };
  // Who fires a trigger seldom has a session in which to make types.
  if (routine.text.trigger && body.complete && body.names.every(({ kind, name: used }) => kind === 'type' && isBuiltin(kind, used))) return { severity: 'medium', message };
  if (isBehindApi(facts)) return { severity: 'medium', message: `Whoever gets to speak SQL runs code with the rights of the owner of ${name}: it sets no search_path` };
  return { severity: 'high', message: `Callers of ${name} can run their own code with its owner's rights: it sets no search_path` };
}

function setInClause({ document, schema }: SqlFacts, routine: Routine, definer: Place): Fix {
  const path = proposePath(schema, routine, document.version);
  const head = ` ${likeKeyword(document.text, definer, 'SET')} search_path = `;
  const edit = { span: { start: definer.at.end, end: definer.at.end }, text: head + path.text };
  return { title: `Set search_path = ${path.text}`, safety: 'review', edits: [withPlaceholder(edit, head.length, path.placeholder)], ...setLater(routine, path) };
}

function setLater(routine: Routine, path: ProposedPath): Pick<Fix, 'statements' | 'blanks'> {
  return later(laterStatement(routine, 'ALTER', `SET search_path = ${path.text}`), ...asked(path));
}

/** RESET ALL also clears other settings and stays; RESET search_path says what the fix replaces. */
function setInstead({ document, schema }: SqlFacts, routine: Routine, cleared: Place & { readonly all: boolean }): Fix {
  const path = proposePath(schema, routine, document.version);
  const head = `${cleared.all ? ' ' : ''}SET search_path = `;
  const span = cleared.all ? { start: cleared.at.end, end: cleared.at.end } : cleared.at;
  const edit = withPlaceholder({ span, text: head + path.text }, head.length, path.placeholder);
  return { title: `Set search_path = ${path.text}`, safety: 'review', edits: [edit], ...setLater(routine, path) };
}

function alternatives({ document, schema }: SqlFacts, routine: Routine, definer: Place): Fix[] {
  const path = proposePath(schema, routine, document.version);
  const head = `ALTER ${routine.procedure ? 'PROCEDURE' : 'FUNCTION'} ${routine.target} SET search_path = `;
  const renamed = routine.moved && definer.statement !== routine.created;
  const after = renamed ? undefined : append(document.text, definer.statement, [`${head}${path.text};`]);
  const invoker = likeKeyword(document.text, definer, 'INVOKER');
  return [
    ...after ? [{
      title: 'Set search_path in a statement of its own', safety: 'review' as const,
      edits: [withPlaceholder(after, after.text.indexOf(head) + head.length, path.placeholder)],
    }] : [],
    {
      title: "Run with the caller's rights (SECURITY INVOKER)", safety: 'review' as const,
      edits: [{ span: { start: definer.at.end - 'DEFINER'.length, end: definer.at.end }, text: invoker }],
      ...later(laterStatement(routine, 'ALTER', 'SECURITY INVOKER')),
    },
  ];
}

/** `keyword` in the case of the words SECURITY DEFINER. */
function likeKeyword(text: string, { at }: Place, keyword: string): string {
  return /[A-Z]/.test(text.slice(at.start, at.end)) ? keyword : keyword.toLowerCase();
}

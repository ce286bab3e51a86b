import type { Fix } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { shift } from '../../text.ts';
import type { SqlFacts } from '../../facts/sql.ts';
import type { Routine } from '../../facts/schema.ts';
import { displayName } from '../../facts/schema.ts';
import { withPlaceholder } from '../../facts/sql/append.ts';
import { bodyNames, isBuiltin } from '../../facts/sql/body-names.ts';
import { isTrial } from '../../facts/place.ts';
import { optionsAt } from '../../facts/sql/routine-text.ts';
import { proposePath } from '../../facts/sql/search-path.ts';

export default defineRule({
  language: 'sql',
  severity: 'low',
  title: 'Routine looks names up in the search_path of whoever calls it',
  why: 'What the names in the body mean depends on who calls it. A superuser, a trigger or an index that calls it in a path with a schema in which others create objects '
    + 'runs their code, and a caller with another path gets other tables or an error.',
  fixing: 'The fix adds a SET clause with pg_catalog first, the schemas that the body needs, and pg_temp last. A SQL function with SET is no longer inlined into queries, '
    + 'and a procedure with SET cannot commit: leave those out, or write the schemas in front of the names.',
  presets: ['strict', 'extension', 'supabase'],
  cwe: [426],
  references: ['https://www.postgresql.org/docs/current/sql-createfunction.html', 'https://www.postgresql.org/docs/current/typeconv-func.html'],
  examples: [
    {
      bad: 'CREATE TABLE app.t (i int);\nCREATE FUNCTION «app.f»() RETURNS bigint LANGUAGE plpgsql AS $$ BEGIN RETURN (SELECT sum(i) FROM t); END $$;\n',
      fixed: 'CREATE TABLE app.t (i int);\nCREATE FUNCTION app.f() RETURNS bigint LANGUAGE plpgsql SET search_path = pg_catalog, app, pg_temp AS $$ BEGIN RETURN (SELECT sum(i) FROM t); END $$;\n',
    },
    { bad: "CREATE FUNCTION «app.g»(x text) RETURNS text IMMUTABLE AS $$ SELECT lower(x) $$ LANGUAGE sql;\n", because: 'With SET it would not be inlined any more.' },
    { bad: 'CREATE PROCEDURE «app.p»() LANGUAGE plpgsql AS $$ BEGIN DELETE FROM t; COMMIT; END $$;\n', because: 'With SET it could not commit.' },
    { good: 'CREATE FUNCTION app.f() RETURNS int LANGUAGE plpgsql AS $$ DECLARE n text; BEGIN RETURN 1; END $$;', because: 'Nothing in it is looked up but a built-in type.' },
    { good: 'CREATE FUNCTION app.f() RETURNS bigint LANGUAGE plpgsql AS $$ BEGIN RETURN (SELECT pg_catalog.count(*) FROM app.t); END $$;', because: 'Every name has its schema.' },
    { good: "CREATE FUNCTION app.f() RETURNS bigint LANGUAGE plpgsql SET search_path = '' AS $$ BEGIN RETURN (SELECT count(*) FROM app.t); END $$;", because: 'It has a path of its own.' },
    { good: 'CREATE FUNCTION app.f() RETURNS bigint LANGUAGE sql BEGIN ATOMIC SELECT count(*) FROM t; END;', because: 'The names are bound when it is created.' },
    { good: "CREATE FUNCTION app.f() RETURNS int LANGUAGE c AS 'lib', 'f';", because: 'A function in C looks nothing up by name on its own.' },
    { good: 'CREATE FUNCTION app.f() RETURNS bigint LANGUAGE sql SECURITY DEFINER AS $$ SELECT count(*) FROM t $$;', because: "With its owner's rights it is worse, and said by another rule." },
  ],
  *check(facts) {
    for (const routine of facts.routines) {
      const { language, atomic } = routine.text;
      if (routine.definer || !facts.here(routine.place) || routine.path.kind !== 'none' || atomic || (language !== 'sql' && language !== 'plpgsql')) continue;
      // Built-in types come first unless somebody asks for the opposite.
      const names = bodyNames(routine.created.written).names.filter(({ kind, name }) => kind !== 'type' || !isBuiltin(kind, name));
      if (names.length === 0) continue;
      const shown = names.slice(0, 2).map(({ name }) => name).filter((name) => name.length <= 20);
      yield {
        at: routine.at,
        severity: isTrial(facts.document) ? 'info' : 'low',
        message: `Callers of ${displayName(routine)} choose what is meant by ${shown.length > 0 ? shown.join(', ') : 'its names'}${names.length > 2 ? ' and more' : ''}`,
        fixes: setClause(facts, routine),
      };
    }
  },
});

function setClause({ document, schema }: SqlFacts, routine: Routine): Fix[] {
  const body = routine.created.written.body?.text ?? '';
  const inlined = routine.text.language === 'sql' && !/\bvolatile\b/i.test(routine.created.written.text);
  if (inlined || (routine.procedure && /\b(commit|rollback)\b/i.test(body))) return [];
  const place = optionsAt(routine.created.written);
  if (!place) return [];
  const path = proposePath(schema, routine, document.version);
  const at = shift(place, routine.created.span.start);
  const head = ` ${/[A-Z]/.test(document.text.slice(at.start, at.end)) ? 'SET' : 'set'} search_path = `;
  const edit = withPlaceholder({ span: { start: at.end, end: at.end }, text: head + path.text }, head.length, path.placeholder);
  return [{ title: `Set search_path = ${path.text}`, safety: 'review', edits: [edit] }];
}

import { defineRule } from '../rule.ts';
import { displayName } from '../../facts/schema.ts';

export default defineRule({
  language: 'sql',
  severity: 'medium',
  title: 'SECURITY DEFINER routine in a language that can do anything on the server',
  why: 'Code in an untrusted language reads files, opens connections and starts programs as the account of the server, and only superusers may write it. '
    + 'With SECURITY DEFINER whoever may call the routine steers that code with the rights of its owner in the database as well.',
  fixing: "The fix lets it run with its caller's rights in the database. What it does outside of the database stays as it was: check each argument that reaches a file name, a command or SQL.",
  cwe: [269],
  references: ['https://www.postgresql.org/docs/current/sql-createlanguage.html', 'https://www.postgresql.org/docs/current/sql-createfunction.html#SQL-CREATEFUNCTION-SECURITY'],
  examples: [
    {
      bad: 'CREATE FUNCTION app.fetch(url text) RETURNS text LANGUAGE plpython3u «SECURITY DEFINER» SET search_path = pg_catalog, pg_temp AS $$ import urllib.request $$;\n',
      fixed: 'CREATE FUNCTION app.fetch(url text) RETURNS text LANGUAGE plpython3u SECURITY INVOKER SET search_path = pg_catalog, pg_temp AS $$ import urllib.request $$;\n',
    },
    { bad: "create function app.run(cmd text) returns text language 'plperlu' «security definer» as $$ return `$_[0]` $$;\n", fixed: "create function app.run(cmd text) returns text language 'plperlu' security invoker as $$ return `$_[0]` $$;\n" },
    { good: 'CREATE FUNCTION app.f() RETURNS text LANGUAGE plperl SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$ return 1 $$;', because: 'A trusted language stays inside of the database.' },
    { good: "CREATE FUNCTION app.g() RETURNS text LANGUAGE plpython3u AS $$ return 1 $$;\nSELECT 'SECURITY DEFINER';", because: "It runs with its caller's rights." },
    { good: "CREATE FUNCTION app.h() RETURNS int LANGUAGE c SECURITY DEFINER AS '$libdir/ext', 'h';", because: 'What a library does is not written here.' },
  ],
  *check(facts) {
    for (const routine of facts.routines) {
      const { definer } = routine;
      if (!definer || !facts.here(definer) || !untrusted.test(routine.text.language ?? '')) continue;
      const word = { start: definer.at.end - 'DEFINER'.length, end: definer.at.end };
      const upper = /^[A-Z]/.test(facts.document.text.slice(word.start, word.end));
      yield {
        at: definer.at,
        // Without arguments there is nothing to steer by.
        ...(routine.types.length === 0 && !routine.text.trigger && { severity: 'low' as const }),
        message: `Whoever calls ${displayName(routine)} steers ${routine.text.language} code with its owner's rights`,
        fixes: [{ title: "Run with the caller's rights (SECURITY INVOKER)", safety: 'review', edits: [{ span: word, text: upper ? 'INVOKER' : 'invoker' }] }],
      };
    }
  },
});

/** PL/sh and PL/R have no trusted form. */
const untrusted = /^(plpython[23]?u|plperlu|pltclu|pljavau|plluau|plsh|plr|plrustu|plcontainer)$/;

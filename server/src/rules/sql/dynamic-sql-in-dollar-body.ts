import { flowOptions } from '../flow-options.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'sql',
  severity: 'medium',
  title: 'A value stands inside a dollar-quoted body of dynamic SQL',
  why: `A value that holds the tag ends the body, and what follows is a statement of its own. \
%L does not help: it protects a string inside the body, but the tag inside that string still closes the body around it.`,
  fixing: `The body becomes one %L with a format() of its own inside, which quotes the values in it. \
Where a value is no name or literal of the body, the body has to be rewritten so that it is one.`,
  cwe: [89],
  references: ['https://www.postgresql.org/docs/current/sql-syntax-lexical.html#SQL-SYNTAX-DOLLAR-QUOTING'],
  options: flowOptions,
  examples: [
    {
      bad: body('', `EXECUTE 'DO $b$ BEGIN PERFORM app.log(''' || «x» || '''); END $b$'`),
      fixed: body('', `EXECUTE format('DO %L', format(' BEGIN PERFORM app.log(%L); END ', x))`),
    },
    {
      because: 'In a definer the quoted value is enough to run more than the body.',
      bad: body(' SECURITY DEFINER', `EXECUTE format('CREATE FUNCTION app.g() RETURNS text LANGUAGE sql AS $b$ SELECT %L $b$', «x»)`),
      fixed: body(' SECURITY DEFINER', `EXECUTE format('CREATE FUNCTION app.g() RETURNS text LANGUAGE sql AS %L', format(' SELECT %L ', x))`),
    },
    { because: 'The value stands behind the body.', good: body('', `EXECUTE format('DO $b$ BEGIN NULL; END $b$; COMMENT ON TABLE app.users IS %L', x)`) },
    { because: 'A number holds no tag.', good: body('', `EXECUTE 'DO $b$ BEGIN PERFORM app.log(' || n || '); END $b$'`) },
    { because: 'These dollar quotes are the quotes of the text itself.', good: body('', `EXECUTE format($q$SELECT count(*) FROM app.users WHERE name = %L$q$, x)`) },
  ],
  *check(facts, { trustedFunctions, sinks }) {
    for (const { risks } of facts.dynamicSqlWith({ trusted: trustedFunctions, sinks })) {
      yield* risks.filter(({ problem }) => problem === 'dollar');
    }
  },
});

function body(clauses: string, statement: string): string {
  return `CREATE FUNCTION app.f(x text, n int) RETURNS void LANGUAGE plpgsql${clauses} SET search_path = pg_catalog, pg_temp AS $fn$ BEGIN ${statement}; END $fn$;\n`;
}

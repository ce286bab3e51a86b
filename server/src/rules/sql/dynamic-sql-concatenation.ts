import { flowOptions } from '../flow-options.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'sql',
  severity: 'medium',
  title: 'Value is concatenated into dynamic SQL without quoting',
  why: `Text that is joined with || becomes part of the statement, so a value such as "users; DROP TABLE log" runs as SQL. \
In a SECURITY DEFINER function it runs with the rights of the owner, which is the shortest way from a plain login to superuser.`,
  fixing: `The statement is built by format(): %I quotes names, %L quotes values and brings its own quotes. \
%I takes one name, so a value that holds "schema.table" needs the ::regclass alternative, and names keep their capitals; %L writes a NULL as the keyword NULL, where || made the whole statement NULL.`,
  cwe: [89],
  references: [
    'https://www.postgresql.org/docs/current/plpgsql-statements.html#PLPGSQL-STATEMENTS-EXECUTING-DYN',
    'https://www.postgresql.org/docs/current/functions-string.html#FUNCTIONS-STRING-FORMAT',
  ],
  options: flowOptions,
  examples: [
    {
      bad: body(`EXECUTE 'SELECT count(*) FROM app.users WHERE name = ''' || «x» || ''''`),
      fixed: body(`EXECUTE format('SELECT count(*) FROM app.users WHERE name = %L', x)`),
    },
    {
      bad: body(`EXECUTE 'DROP TABLE app.' || «x»`),
      fixed: body(`EXECUTE format('DROP TABLE app.%I', x)`),
    },
    {
      bad: body(`EXECUTE 'UPDATE app.users SET ' || «x» || ' = ''' || «y» || ''' WHERE id = ' || n`),
      fixed: body(`EXECUTE format('UPDATE app.users SET %I = %L WHERE id = %s', x, y, n)`),
    },
    {
      because: 'Wildcards move into the argument.',
      bad: body(`EXECUTE 'SELECT count(*) FROM app.users WHERE name LIKE ''%' || «x» || '%'''`),
      fixed: body(`EXECUTE format('SELECT count(*) FROM app.users WHERE name LIKE %L', '%' || x || '%')`),
    },
    {
      because: 'The value is quoted where the text is put together, not where it runs.',
      bad: body(`q := 'SELECT count(*) FROM app.users WHERE name = ''' || «x» || ''''; EXECUTE q`),
      fixed: body(`q := format('SELECT count(*) FROM app.users WHERE name = %L', x); EXECUTE q`),
    },
    { because: 'The text of a regclass is a quoted name already.', good: body(`EXECUTE 'SELECT count(*) FROM ' || t`) },
    { because: 'The text of an integer holds no SQL.', good: body(`EXECUTE 'SELECT count(*) FROM app.users WHERE id = ' || n`) },
    { because: 'quote_ident() and quote_literal() stand where they belong.', good: body(`EXECUTE 'SELECT count(*) FROM ' || quote_ident(x) || ' WHERE name = ' || quote_literal(y)`) },
    { because: 'Every branch is a constant.', good: body(`EXECUTE 'SELECT 1 ORDER BY 1 ' || CASE WHEN x = 'down' THEN 'DESC' ELSE 'ASC' END`) },
    { because: 'Nothing but the listed words gets through.', good: body(`IF x NOT IN ('asc', 'desc') THEN RAISE EXCEPTION 'unknown order'; END IF; EXECUTE 'SELECT name FROM app.users ORDER BY name ' || x`) },
    { because: 'The variable holds a quoted name.', good: body(`q := quote_ident(x); EXECUTE 'SELECT count(*) FROM ' || q`) },
    { because: 'A pattern that speaks of the whole value leaves letters and digits.', good: body(`IF x !~ '^[a-z_][a-z0-9_]*$' THEN RAISE EXCEPTION 'not a name'; END IF; EXECUTE 'SELECT count(*) FROM app.' || x`) },
    { because: 'Functions that the workspace knows to quote can be named.', options: { trustedFunctions: ['app.fqname'] }, good: body(`EXECUTE 'SELECT count(*) FROM ' || app.fqname(x)`) },
    {
      because: 'A function that runs its argument is a place like EXECUTE.',
      options: { sinks: ['app.run'] },
      bad: body(`CALL app.run('DROP TABLE app.' || «x»)`),
      fixed: body(`CALL app.run(format('DROP TABLE app.%I', x))`),
    },
    {
      because: 'An earlier migration made the function that runs it.',
      path: 'V2__use.sql', files: { 'V1__run.sql': "CREATE FUNCTION app.run(q text) RETURNS void LANGUAGE plpgsql AS $$ BEGIN EXECUTE q; END $$;\n" },
      bad: "CREATE FUNCTION app.f(x text) RETURNS void LANGUAGE plpgsql AS $$ BEGIN PERFORM app.run('DROP TABLE app.' || «x»); END $$;\n",
      fixed: "CREATE FUNCTION app.f(x text) RETURNS void LANGUAGE plpgsql AS $$ BEGIN PERFORM app.run(format('DROP TABLE app.%I', x)); END $$;\n",
    },
    {
      because: 'An earlier migration made the function that quotes it.',
      path: 'V2__use.sql', files: { 'V1__quote.sql': "CREATE FUNCTION app.q(x text) RETURNS text LANGUAGE sql AS $$ SELECT quote_ident(x) $$;\n" },
      good: "CREATE FUNCTION app.f(x text) RETURNS void LANGUAGE plpgsql AS $$ BEGIN EXECUTE 'DROP TABLE app.' || app.q(x); END $$;\n",
    },
    { because: 'The value is not part of the text.', good: body(`EXECUTE 'SELECT count(*) FROM app.users WHERE name = $1' USING x`) },
  ],
  *check(facts, { trustedFunctions, sinks }) {
    for (const { risks, kind, definer } of facts.dynamicSqlWith({ trusted: trustedFunctions, sinks })) {
      if (kind === 'cron') continue;
      yield* risks.filter(({ problem }) => problem === 'concatenated' || (problem === 'whole' && !definer));
    }
  },
});

function body(statement: string): string {
  return `CREATE FUNCTION app.f(x text, y text, n int, t regclass) RETURNS void LANGUAGE plpgsql AS $$ DECLARE q text; BEGIN ${statement}; END $$;\n`;
}

import { flowOptions } from '../flow-options.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'sql',
  severity: 'medium',
  title: 'A value stands in dynamic SQL as a condition, a clause or a keyword',
  why: `A whole condition, a list of SET items or a privilege is SQL and not data, so no quoting can make it harmless: whoever chooses it adds what the statement was never meant to do. \
In a SECURITY DEFINER function it runs with the rights of the owner.`,
  cwe: [89],
  references: ['https://www.postgresql.org/docs/current/plpgsql-statements.html#PLPGSQL-STATEMENTS-EXECUTING-DYN'],
  options: flowOptions,
  examples: [
    {
      bad: body(`EXECUTE 'SELECT count(*) FROM app.users WHERE ' || «x»`),
      good: body(`EXECUTE 'SELECT count(*) FROM app.users WHERE name = $1' USING x`),
    },
    {
      bad: body(`EXECUTE format('SELECT count(*) FROM app.users WHERE id = 1 AND %s', «x»)`),
      good: body(`EXECUTE 'SELECT count(*) FROM app.users' || CASE WHEN x = 'active' THEN ' WHERE active' ELSE '' END`),
    },
    {
      because: 'A privilege is a keyword; nothing but a list of allowed words makes it safe.',
      bad: body(`EXECUTE format('GRANT %s ON app.users TO reader', «x»)`),
      good: body(`IF x NOT IN ('SELECT', 'INSERT') THEN RAISE EXCEPTION 'unknown privilege'; END IF; EXECUTE format('GRANT %s ON app.users TO reader', x)`),
    },
    { because: 'A value is no clause.', good: body(`EXECUTE 'SELECT count(*) FROM app.users WHERE name = ' || quote_literal(x)`) },
    { because: 'The clause is built here, and its value is quoted.', good: body(`q := ' WHERE name = ' || quote_literal(x); EXECUTE 'SELECT count(*) FROM app.users' || q`) },
    { because: 'A Boolean is true or false and nothing else.', good: body(`EXECUTE 'SELECT count(*) FROM app.users WHERE ' || b`) },
  ],
  *check(facts, { trustedFunctions, sinks }) {
    for (const { risks } of facts.dynamicSqlWith({ trusted: trustedFunctions, sinks })) {
      yield* risks.filter(({ problem }) => problem === 'fragment');
    }
  },
});

function body(statement: string): string {
  return `CREATE FUNCTION app.f(x text, b boolean) RETURNS void LANGUAGE plpgsql AS $$ DECLARE q text; BEGIN ${statement}; END $$;\n`;
}

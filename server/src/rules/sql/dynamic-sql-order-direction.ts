import { flowOptions } from '../flow-options.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'sql',
  severity: 'medium',
  title: 'The direction of ORDER BY comes from outside',
  why: `Behind the column of an ORDER BY any expression may follow a comma, such as a sub-select that reads another table or a function that changes one. \
ASC and DESC are keywords, so neither %I nor %L fits.`,
  fixing: `DESC in any case sorts descending and everything else ascending, so a direction with NULLS FIRST behind it has to be written out.`,
  cwe: [89],
  references: ['https://www.postgresql.org/docs/current/queries-order.html'],
  options: flowOptions,
  examples: [
    {
      bad: body(`'SELECT name FROM app.users ORDER BY name ' || «x»`),
      fixed: body(`format('SELECT name FROM app.users ORDER BY name %s', CASE WHEN upper(x) = 'DESC' THEN 'DESC' ELSE 'ASC' END)`),
    },
    {
      bad: body(`format('SELECT name FROM app.users ORDER BY id %s LIMIT 10', «x»)`),
      fixed: body(`format('SELECT name FROM app.users ORDER BY id %s LIMIT 10', CASE WHEN upper(x) = 'DESC' THEN 'DESC' ELSE 'ASC' END)`),
    },
    { because: 'The column is a name.', good: body(`format('SELECT name FROM app.users ORDER BY %I DESC', x)`) },
    { because: 'Both branches are constants.', good: body(`'SELECT name FROM app.users ORDER BY name ' || CASE WHEN x = 'down' THEN 'DESC' ELSE 'ASC' END`) },
  ],
  *check(facts, { trustedFunctions, sinks }) {
    for (const { risks } of facts.dynamicSqlWith({ trusted: trustedFunctions, sinks })) {
      yield* risks.filter(({ problem }) => problem === 'direction');
    }
  },
});

function body(expression: string): string {
  return `CREATE FUNCTION app.f(x text) RETURNS SETOF text LANGUAGE plpgsql AS $$ BEGIN RETURN QUERY EXECUTE ${expression}; END $$;\n`;
}

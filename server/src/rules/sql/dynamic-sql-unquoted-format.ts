import { flowOptions } from '../flow-options.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'sql',
  severity: 'medium',
  title: 'format() puts a value into dynamic SQL with %s',
  why: `%s copies the value as it is, also between quotes that are written in the template, so a quote in the value ends the literal and the rest runs as SQL. \
In a SECURITY DEFINER function it runs with the rights of the owner.`,
  fixing: `The specifier becomes %I where a name stands and %L, without quotes around it, where a value stands. \
%I takes one name, so a value that holds "schema.table" needs the ::regclass alternative, and names keep their capitals.`,
  cwe: [89],
  references: [
    'https://www.postgresql.org/docs/current/functions-string.html#FUNCTIONS-STRING-FORMAT',
    'https://www.postgresql.org/docs/current/plpgsql-statements.html#PLPGSQL-QUOTE-LITERAL-EXAMPLE',
  ],
  options: flowOptions,
  examples: [
    { bad: body(`format('SELECT count(*) FROM app.users WHERE name = ''%s''', «x»)`), fixed: body(`format('SELECT count(*) FROM app.users WHERE name = %L', x)`) },
    { bad: body(`format('DROP TABLE app.%s', «x»)`), fixed: body(`format('DROP TABLE app.%I', x)`) },
    { bad: body(`format('DROP TABLE app."%s"', «x»)`), fixed: body(`format('DROP TABLE app.%I', x)`) },
    {
      bad: body(`format('UPDATE app.%2$s SET name = ''%1$s''', «x», «y»)`),
      fixed: body(`format('UPDATE app.%2$I SET name = %1$L', x, y)`),
    },
    {
      because: 'Wildcards move into the argument.',
      bad: body(`format('SELECT count(*) FROM app.users WHERE name LIKE ''%%%s%%''', «x»)`),
      fixed: body(`format('SELECT count(*) FROM app.users WHERE name LIKE %L', concat('%', x, '%'))`),
    },
    {
      because: 'With %1$s in it, x takes y without quotes.',
      bad: body(`format('SELECT count(*) FROM app.users WHERE name = %L OR note = ' || quote_literal(«x»), y)`),
      good: body(`format('SELECT count(*) FROM app.users WHERE name = %L OR note = %L', y, x)`),
    },
    { because: 'No argument is left for a placeholder in x.', good: body(`format('SELECT count(*) FROM app.users WHERE note = ' || quote_literal(x) || ' OR name = %L', y)`) },
    { because: '%I quotes a name.', good: body(`format('DROP TABLE app.%I', x)`) },
    { because: 'The text of an integer holds no SQL.', good: body(`format('SELECT count(*) FROM %I WHERE id = %s', x, n)`) },
    { because: 'The text of a regclass is a quoted name already.', good: body(`format('SELECT count(*) FROM %s', t)`) },
    { because: 'The argument is quoted before.', good: body(`format('SELECT count(*) FROM %s WHERE id = %s', quote_ident(x), quote_literal(y))`) },
  ],
  *check(facts, { trustedFunctions, sinks }) {
    for (const { risks, kind } of facts.dynamicSqlWith({ trusted: trustedFunctions, sinks })) {
      if (kind !== 'cron') yield* risks.filter(({ problem }) => problem === 'formatted' || problem === 'template');
    }
  },
});

function body(expression: string): string {
  return `CREATE FUNCTION app.f(x text, y text, n int, t regclass) RETURNS void LANGUAGE plpgsql AS $$\nBEGIN\n  EXECUTE ${expression};\nEND $$;\n`;
}

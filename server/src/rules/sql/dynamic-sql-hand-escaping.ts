import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'sql',
  severity: 'medium',
  title: 'Quotes in a value are doubled by hand',
  why: `replace(x, '''', '''''') knows nothing of backslashes: with standard_conforming_strings off, which every caller may set, or inside E'…' a value that begins with \\' ends the literal. \
What follows it runs as SQL.`,
  fixing: `%L takes the place of the quotes and of replace(). It writes a string that holds under every setting.`,
  cwe: [89, 116],
  references: [
    'https://www.postgresql.org/docs/current/functions-string.html#FUNCTIONS-STRING-FORMAT',
    'https://www.postgresql.org/docs/current/runtime-config-compatible.html#GUC-STANDARD-CONFORMING-STRINGS',
  ],
  examples: [
    {
      bad: body(`'SELECT count(*) FROM app.users WHERE name = ''' || replace(«x», '''', '''''') || ''''`),
      fixed: body(`format('SELECT count(*) FROM app.users WHERE name = %L', x)`),
    },
    {
      bad: body(`format('SELECT count(*) FROM app.users WHERE name = ''%s''', replace(«x», '''', ''''''))`),
      fixed: body(`format('SELECT count(*) FROM app.users WHERE name = %L', x)`),
    },
    { because: 'quote_literal() doubles quotes and backslashes.', good: body(`'SELECT count(*) FROM app.users WHERE name = ' || quote_literal(x)`) },
    { because: 'This replaces something else, and %L quotes the result.', good: body(`format('SELECT count(*) FROM app.users WHERE name = %L', replace(x, '*', '%'))`) },
  ],
  *check({ dynamicSql }) {
    for (const { risks } of dynamicSql) {
      yield* risks.filter(({ problem }) => problem === 'escaped');
    }
  },
});

function body(expression: string): string {
  return `CREATE FUNCTION app.f(x text) RETURNS void LANGUAGE plpgsql AS $$ BEGIN EXECUTE ${expression}; END $$;\n`;
}

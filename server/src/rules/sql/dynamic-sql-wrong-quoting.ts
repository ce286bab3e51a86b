import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'sql',
  severity: 'medium',
  title: 'A name is quoted as a string, or a value as a name',
  why: `%L and quote_literal() write a string, which PostgreSQL accepts nowhere a name has to stand; %I and quote_ident() write a name, which it reads as a column. \
The statement fails for every honest value, and the usual repair is to take the quoting away.`,
  fixing: `The value is quoted as what stands there: %I for a name, %L for a value. %I takes one name, so a value with a schema in front needs ::regclass.`,
  cwe: [89, 628],
  references: ['https://www.postgresql.org/docs/current/functions-string.html#FUNCTIONS-STRING-FORMAT'],
  examples: [
    { bad: body(`format('SELECT count(*) FROM app.%L', «x»)`), fixed: body(`format('SELECT count(*) FROM app.%I', x)`) },
    { bad: body(`'DROP TABLE app.' || quote_literal(«x»)`), fixed: body(`format('DROP TABLE app.%I', x)`) },
    { bad: body(`format('INSERT INTO app.log (line) VALUES (%I)', «x»)`), fixed: body(`format('INSERT INTO app.log (line) VALUES (%L)', x)`) },
    { bad: body(`format('SELECT name FROM app.users LIMIT %I', «x»)`), fixed: body(`format('SELECT name FROM app.users LIMIT %L', x)`) },
    { because: 'A column may be compared with another one.', good: body(`format('SELECT count(*) FROM app.users WHERE name = %I', x)`) },
    { because: 'A string may be selected.', good: body(`format('SELECT %L FROM app.users', x)`) },
    { because: 'Each stands where it belongs.', good: body(`format('SELECT count(*) FROM app.%I WHERE name = %L', x, x)`) },
  ],
  *check({ dynamicSql }) {
    for (const { risks } of dynamicSql) {
      yield* risks.filter(({ problem }) => problem === 'wrong');
    }
  },
});

function body(expression: string): string {
  return `CREATE FUNCTION app.f(x text) RETURNS void LANGUAGE plpgsql AS $$ BEGIN EXECUTE ${expression}; END $$;\n`;
}

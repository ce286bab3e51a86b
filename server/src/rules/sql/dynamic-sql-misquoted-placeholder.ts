import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'sql',
  severity: 'high',
  title: 'Quoting function or placeholder stands inside quotes',
  why: `%L and quote_literal() bring their own quotes, so inside '…' they end the literal at once. %I and quote_ident() leave single quotes as they are. \
Both look quoted and let a value such as "x'; DROP TABLE log; --" run as SQL.`,
  fixing: `The quotes around it go. A name inside a literal is quoted twice: as a name by an inner format(), then as a literal by %L.`,
  cwe: [89],
  references: ['https://www.postgresql.org/docs/current/functions-string.html#FUNCTIONS-STRING-FORMAT'],
  examples: [
    { bad: body(`format('SELECT count(*) FROM app.users WHERE name = ''«%L»''', x)`), fixed: body(`format('SELECT count(*) FROM app.users WHERE name = %L', x)`) },
    { bad: body(`'SELECT 1 WHERE ''a'' = ''' || «quote_literal(x)» || ''''`), fixed: body(`format('SELECT 1 WHERE ''a'' = %L', x)`) },
    { bad: body(`format('SELECT nextval(''app.«%I»'')', x)`), fixed: body(`format('SELECT nextval(%L)', format('app.%I', x))`) },
    { bad: body(`format('DROP TABLE app."«%I»"', x)`), fixed: body(`format('DROP TABLE app.%I', x)`) },
    { because: 'The placeholder brings the quotes.', good: body(`format('SELECT count(*) FROM %I WHERE name = %L', x, x)`) },
    { because: 'The quotes around quote_ident() belong to the other literals.', good: body(`'SELECT ''a'', ' || quote_ident(x) || ', ''b'' FROM app.users'`) },
    { because: 'The inner call quotes the name, the outer one the literal.', good: body(`format('SELECT nextval(%L)', format('app.%I', x))`) },
  ],
  *check({ dynamicSql }) {
    for (const { risks } of dynamicSql) {
      yield* risks.filter(({ problem }) => problem === 'misquoted');
    }
  },
});

function body(expression: string): string {
  return `CREATE FUNCTION app.f(x text) RETURNS void LANGUAGE plpgsql AS $$ BEGIN EXECUTE ${expression}; END $$;\n`;
}

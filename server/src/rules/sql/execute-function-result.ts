import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'sql',
  severity: 'info',
  title: 'EXECUTE runs what a function gives',
  why: `The text of the statement is made elsewhere, so nobody who reads this line can tell whether it is quoted. \
If EXECUTE was only meant to call the function, its result runs as SQL by mistake; PERFORM calls a function and drops its result.`,
  cwe: [89],
  references: [
    'https://www.postgresql.org/docs/current/plpgsql-statements.html#PLPGSQL-STATEMENTS-EXECUTING-DYN',
    'https://www.postgresql.org/docs/current/plpgsql-statements.html#PLPGSQL-STATEMENTS-GENERAL-SQL',
  ],
  examples: [
    { bad: body('EXECUTE «app.build(x)»'), good: body(`PERFORM app.build(x)`) },
    { because: 'What the function of the same file gives is quoted.', good: `CREATE FUNCTION app.build(a text) RETURNS text LANGUAGE sql AS $$ SELECT format('DROP TABLE %I', a) $$;\n` + body('EXECUTE app.build(x)') },
    { because: 'PostgreSQL writes the definition itself.', good: body('EXECUTE pg_get_indexdef(n)') },
    { because: 'format() is no function that hides anything.', good: body(`EXECUTE format('DROP TABLE %I', x)`) },
  ],
  *check({ dynamicSql }) {
    for (const { risks } of dynamicSql) yield* risks.filter(({ problem }) => problem === 'result');
  },
});

function body(statement: string): string {
  return `CREATE FUNCTION app.f(x text, n oid) RETURNS void LANGUAGE plpgsql AS $$ BEGIN ${statement}; END $$;\n`;
}

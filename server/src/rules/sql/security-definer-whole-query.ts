import { flowOptions } from '../flow-options.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'sql',
  severity: 'high',
  title: 'SECURITY DEFINER routine runs the query it is given',
  why: `Whoever may call the routine runs any statement with the rights of its owner: reads every table, changes every row, and becomes superuser where the owner is one. \
Quoting cannot help, because the argument is meant to be SQL.`,
  cwe: [89, 269],
  references: [
    'https://www.postgresql.org/docs/current/sql-createfunction.html#SQL-CREATEFUNCTION-SECURITY',
    'https://www.postgresql.org/docs/current/plpgsql-statements.html#PLPGSQL-STATEMENTS-EXECUTING-DYN',
  ],
  options: flowOptions,
  examples: [
    {
      bad: routine('x text', 'EXECUTE «x»', 'SECURITY DEFINER'),
      good: routine('x text', `EXECUTE format('SELECT count(*) FROM app.%I', x)`, 'SECURITY DEFINER'),
    },
    { because: 'The argument goes through a variable.', bad: routine('x text', `v := x; RETURN QUERY EXECUTE «v»`, 'SECURITY DEFINER') },
    { because: 'query_to_xml() runs its first argument.', bad: routine('x text', `PERFORM query_to_xml(«x», true, false, '')`, 'SECURITY DEFINER') },
    { because: 'So does dblink_exec() with its last one.', bad: routine('x text', `PERFORM dblink_exec('app', «x»)`, 'SECURITY DEFINER') },
    { because: 'It runs with the rights of the caller, who could run the query without it.', good: routine('x text', 'EXECUTE x', 'SECURITY INVOKER') },
    { because: 'The query is a constant.', good: routine('x text', `EXECUTE 'SELECT 1'`, 'SECURITY DEFINER') },
    { because: 'The argument is only looked for.', good: routine('x text', `SELECT regexp_replace(j.command, x, '') INTO v FROM app.jobs j; EXECUTE v`, 'SECURITY DEFINER') },
    { because: 'It takes the place of something.', bad: routine('x text', `SELECT regexp_replace(j.command, 'table', x) INTO v FROM app.jobs j; EXECUTE «v»`, 'SECURITY DEFINER') },
    { because: 'Only the listed statements get through.', good: routine('x text', `IF x NOT IN ('VACUUM', 'ANALYZE') THEN RAISE EXCEPTION 'no'; END IF; EXECUTE x`, 'SECURITY DEFINER') },
  ],
  *check(facts, { trustedFunctions, sinks }) {
    for (const { risks, definer } of facts.dynamicSqlWith({ trusted: trustedFunctions, sinks })) {
      if (definer) yield* risks.filter(({ problem }) => problem === 'whole');
    }
  },
});

function routine(parameters: string, statement: string, security: string): string {
  return `CREATE FUNCTION app.run(${parameters}) RETURNS SETOF record LANGUAGE plpgsql ${security} SET search_path = pg_catalog, pg_temp AS $$ DECLARE v text; BEGIN ${statement}; END $$;\nREVOKE EXECUTE ON FUNCTION app.run(text) FROM PUBLIC;\n`;
}

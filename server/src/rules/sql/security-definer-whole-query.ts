import type { SqlFacts } from '../../facts/sql.ts';
import { contains, type Span } from '../../text.ts';
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
    { because: 'A query may begin with SELECT and still call any function.', bad: routine('x text', `IF x NOT ILIKE 'select%' THEN RAISE EXCEPTION 'no'; END IF; RETURN QUERY EXECUTE «x»`, 'SECURITY DEFINER') },
    { because: 'It runs with the rights of the caller, who could run the query without it.', good: routine('x text', 'EXECUTE x', 'SECURITY INVOKER') },
    { because: 'The query is a constant.', good: routine('x text', `EXECUTE 'SELECT 1'`, 'SECURITY DEFINER') },
    { because: 'Whoever can write to the table chooses what runs.', bad: routine('x text', `SELECT j.command INTO v FROM app.jobs j WHERE j.name = x; EXECUTE «v»`, 'SECURITY DEFINER') },
    { because: 'It takes the place of something.', bad: routine('x text', `SELECT regexp_replace(j.command, 'table', x) INTO v FROM app.jobs j; EXECUTE «v»`, 'SECURITY DEFINER') },
    { because: 'Only the listed statements get through.', good: routine('x text', `IF x NOT IN ('VACUUM', 'ANALYZE') THEN RAISE EXCEPTION 'no'; END IF; EXECUTE x`, 'SECURITY DEFINER') },
  ],
  *check(facts, { trustedFunctions, sinks }) {
    for (const { risks, definer } of facts.dynamicSqlWith({ trusted: trustedFunctions, sinks })) {
      if (!definer) continue;
      for (const risk of risks) {
        if (risk.problem !== 'whole') continue;
        const check = checkOfBeginning(facts, risk.at);
        if (check === undefined) yield risk;
        else yield { ...risk, fixes: risk.fixes, message: `${risk.message}; that it begins with SELECT protects nothing`, related: [...risk.related, { at: check, message: 'A SELECT reads every table, and calls functions that change them' }] };
      }
    }
  },
});

/** `IF q NOT ILIKE 'select%' THEN RAISE …`, `IF q !~* '^\s*(select|with)' …`, `IF upper(left(q, 6)) <> 'SELECT' …` */
function checkOfBeginning({ file }: SqlFacts, at: Span): Span | undefined {
  const routine = file.statements.find(({ span }) => contains(span, at.start));
  if (routine === undefined) return undefined;
  const found = /(?:\b(?:like|ilike|to|in)\s*\(?|[=~>*]|,)\s*E?('{1,2}[\s^\\(?:a-z*+]{0,12}select\b[^'\n]{0,40}'{1,2})(?=[^;]{0,200}\bthen\b)/i.exec(routine.written.text);
  if (found === null) return undefined;
  const start = routine.span.start + found.index + found[0].length - found[1]!.length;
  return { start, end: start + found[1]!.length };
}

function routine(parameters: string, statement: string, security: string): string {
  return `CREATE FUNCTION app.run(${parameters}) RETURNS SETOF record LANGUAGE plpgsql ${security} SET search_path = pg_catalog, pg_temp AS $$ DECLARE v text; BEGIN ${statement}; END $$;\nREVOKE EXECUTE ON FUNCTION app.run(text) FROM PUBLIC;\n`;
}

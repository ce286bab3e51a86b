import type { Fix } from '../rule.ts';
import { defineRule } from '../rule.ts';
import type { DynamicSql } from '../../facts/flow.ts';

export default defineRule({
  language: 'sql',
  severity: 'info',
  presets: ['strict'],
  title: 'EXECUTE of a constant statement',
  why: `Nothing in the text changes, so there is no need to build it at run time. \
A static statement is checked when it is written, and nobody can later add a value to it with || and open a hole.`,
  fixing: 'The statement stands in the body by itself. Keep EXECUTE where the plan must be made anew on every call.',
  cwe: [1164],
  references: ['https://www.postgresql.org/docs/current/plpgsql-statements.html#PLPGSQL-STATEMENTS-EXECUTING-DYN'],
  examples: [
    { bad: body(`EXECUTE «'DELETE FROM app.log WHERE day < current_date - 30'»`), fixed: body('DELETE FROM app.log WHERE day < current_date - 30') },
    { because: 'A row needs a place to go.', bad: body(`EXECUTE «'SELECT count(*) FROM app.log'» INTO n`), good: body('SELECT count(*) INTO n FROM app.log') },
    { because: 'PL/pgSQL would keep a plan for a temporary table that is another one next time.', good: body(`EXECUTE 'INSERT INTO pg_temp.t VALUES (1)'`) },
    { because: 'A table that the body creates does not exist when its statements are planned.', good: body(`CREATE TEMP TABLE t (a int); EXECUTE 'INSERT INTO t VALUES (1)'`) },
    { because: 'Statements about objects are written this way in old code.', good: body(`EXECUTE 'DROP TABLE app.log'`) },
    { because: 'USING passes a value.', good: body(`EXECUTE 'DELETE FROM app.log WHERE id = $1' USING n`) },
  ],
  *check({ dynamicSql, document }) {
    for (const site of dynamicSql) {
      if (site.kind !== 'execute' || site.constant === undefined || !isPlannable(site.constant)) continue;
      const routine = document.text.slice(0, site.statement.start);
      if (/\btemp(orary)?\b|\bpg_temp\b/i.test(routine.slice(routine.search(/create[^;]*$/i) < 0 ? 0 : -4_000) + site.constant)) continue;
      yield { at: site.expression, message: 'This statement never changes and needs no EXECUTE', fixes: inlined(site, document.text) };
    }
  },
});

function isPlannable(statement: string): boolean {
  return /^\s*(select|insert|update|delete|merge|with)\b/i.test(statement) && !statement.includes(';');
}

/** A query needs INTO or PERFORM, which a person should choose. */
function inlined({ statement, expression, constant }: DynamicSql, text: string): Fix[] {
  const whole = text.slice(statement.start, expression.end);
  const changes = /^\s*(insert|update|delete|merge)\b/i.test(constant!) && !/\breturning\b/i.test(constant!);
  if (!changes || !/^execute\s+'/i.test(whole) || /^\s*into\b/i.test(text.slice(expression.end))) return [];
  return [{ title: 'Write the statement without EXECUTE', safety: 'review', edits: [{ span: { start: statement.start, end: expression.end }, text: constant!.trim() }] }];
}

function body(statement: string): string {
  return `CREATE FUNCTION app.f(n int) RETURNS void LANGUAGE plpgsql AS $$ BEGIN ${statement}; END $$;\n`;
}

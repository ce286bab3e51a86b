import { flowOptions } from '../flow-options.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'sql',
  severity: 'medium',
  title: 'Command of a scheduled job is put together without quoting',
  why: `pg_cron keeps the text and runs it again and again, in sessions of its own, with the rights of whoever scheduled it. \
A value that holds SQL stays in the job until somebody reads cron.job.`,
  fixing: 'The command is built by format(): %I quotes names, %L quotes values. Jobs that exist already keep their old text; look through cron.job.',
  cwe: [89],
  references: [
    'https://github.com/citusdata/pg_cron#what-is-pg_cron',
    'https://www.postgresql.org/docs/current/functions-string.html#FUNCTIONS-STRING-FORMAT',
  ],
  options: flowOptions,
  examples: [
    {
      bad: body(`PERFORM cron.schedule('nightly', '0 3 * * *', 'VACUUM ' || «x»)`),
      fixed: body(`PERFORM cron.schedule('nightly', '0 3 * * *', format('VACUUM %I', x))`),
    },
    {
      bad: body(`PERFORM cron.schedule('0 3 * * *', format('DELETE FROM app.log WHERE tenant = ''%s''', «x»))`),
      fixed: body(`PERFORM cron.schedule('0 3 * * *', format('DELETE FROM app.log WHERE tenant = %L', x))`),
    },
    {
      because: 'The command may be given by name.',
      bad: body(`PERFORM cron.schedule_in_database('j', '@daily', database => 'app', command => 'VACUUM ' || «x»)`),
      fixed: body(`PERFORM cron.schedule_in_database('j', '@daily', database => 'app', command => format('VACUUM %I', x))`),
    },
    { because: 'The name of the job is no SQL.', good: body(`PERFORM cron.schedule('job for ' || x, '@daily', 'VACUUM')`) },
    { because: '%I quotes the name.', good: body(`PERFORM cron.schedule('@daily', format('VACUUM %I', x))`) },
    { because: 'Another schema has another schedule().', good: body(`PERFORM app.schedule('@daily', 'VACUUM ' || x)`) },
  ],
  *check(facts, { trustedFunctions, sinks }) {
    for (const { risks, kind } of facts.dynamicSqlWith({ trusted: trustedFunctions, sinks })) {
      if (kind === 'cron') yield* risks.filter(({ problem }) => problem === 'concatenated' || problem === 'formatted');
    }
  },
});

function body(statement: string): string {
  return `CREATE FUNCTION app.f(x text) RETURNS void LANGUAGE plpgsql AS $$ BEGIN ${statement}; END $$;\n`;
}

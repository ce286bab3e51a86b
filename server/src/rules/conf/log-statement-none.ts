import { writeSetting } from '../../facts/conf/conf-repairs.ts';
import { preloads } from '../../facts/conf/libraries.ts';
import { placeOf } from '../../facts/conf/settings.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'conf',
  severity: 'info',
  title: 'Changes of tables, roles and grants are not logged',
  why: `An intruder who makes himself a role, grants himself more or replaces a function does so with statements that the server can log.
With log_statement at none, its default, and no audit extension, no trace of them is left.`,
  fixing: `The fix logs statements that create, alter, grant or drop. The text is logged as it was sent, so that ALTER ROLE … PASSWORD 'secret'
writes the password into the log: set passwords with \\password in psql, which sends only the hash, and keep the log to few eyes. The
extension pgaudit logs the same and leaves passwords out.`,
  cwe: [778],
  references: ['https://www.postgresql.org/docs/current/runtime-config-logging.html#GUC-LOG-STATEMENT'],
  examples: [
    { bad: "log_statement = «'none'»\n", fixed: "log_statement = 'ddl'\n", path: 'postgresql.conf' },
    { bad: '«max_connections = 100»\n', fixed: 'max_connections = 100\nlog_statement = ddl\n', because: 'None is the default.' },
    { good: 'log_statement = MOD\nmax_connections = 100\n' },
    { good: "log_statement = none\nmax_connections = 100\nshared_preload_libraries = 'pg_stat_statements, pgaudit'\n", because: 'pgaudit does it better.' },
    { good: "log_statement = none\nmax_connections = 100\nshared_preload_libraries = '{{ libraries }}'\n", because: 'pgaudit may be among them.' },
    { good: 'log_statement = none\nmax_connections = 100\nlog_min_duration_statement = 0\n', because: 'Every statement is logged with its duration.' },
    { good: 'log_statement = none\n', path: 'conf.d/logging.conf', because: 'Another file may load pgaudit.' },
  ],
  *check(facts) {
    const place = placeOf(facts, 'log_statement');
    if (place === undefined || facts.settings.value('log_statement')?.toLowerCase() !== 'none') return;
    if (preloads(facts, 'pgaudit') !== false || facts.settings.number('log_min_duration_statement') === 0) return;

    yield {
      at: place.at,
      message: 'Changes of tables, roles and grants leave no trace in the log while log_statement is none',
      fixes: [{ title: 'Log statements that change definitions, roles and grants', safety: 'review', edits: [writeSetting(facts, 'log_statement', 'ddl')] }],
    };
  },
});

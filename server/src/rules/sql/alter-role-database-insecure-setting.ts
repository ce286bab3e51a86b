import { settingsInForce } from '../../facts/sql/sql-settings.ts';
import { judgeAsConf } from '../as-conf.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'sql',
  severity: 'medium',
  title: 'Role or database gets an insecure setting',
  why: `A setting of a role or a database wins over all files and begins to hold with its next session, where nobody who looks into postgresql.conf sees it.
The value is one of those that the rules for postgresql.conf report, and is judged like there.`,
  fixing: `The first fix writes the value that the rule for postgresql.conf proposes; its page tells what to check. Where the statement ran already, run the new
one as well; sessions that are open keep the old value.`,
  cwe: [1188],
  references: ['https://www.postgresql.org/docs/current/sql-alterrole.html', 'https://www.postgresql.org/docs/current/sql-alterdatabase.html'],
  examples: [
    { bad: 'ALTER DATABASE shop SET standard_conforming_strings = «off»;\n', fixed: 'ALTER DATABASE shop SET standard_conforming_strings = on;\n' },
    { bad: "ALTER ROLE app IN DATABASE shop SET zero_damaged_pages TO «'on'»; -- rescue\n", fixed: "ALTER ROLE app IN DATABASE shop SET zero_damaged_pages TO 'off'; -- rescue\n" },
    { bad: 'ALTER USER app SET row_security = «off»;\n', fixed: 'ALTER USER app SET row_security = on;\n', because: 'No hole, but queries fail: information.' },
    { bad: "ALTER ROLE ALL SET log_min_messages TO «'panic'»;\n", fixed: "ALTER ROLE ALL SET log_min_messages TO 'warning';\n" },
    { good: 'ALTER DATABASE shop SET fsync = off;\nALTER ROLE ALL SET log_connections = off;\n', because: 'The server refuses it: these are for the whole server.' },
    { good: 'ALTER ROLE app SET zero_damaged_pages = on;\nALTER ROLE app RESET zero_damaged_pages;\n', because: 'Nothing is left of it.' },
    { good: 'ALTER ROLE app SET row_security = off;\nALTER ROLE app SET row_security = on;\n', because: 'The last one counts.' },
    { good: "ALTER DATABASE shop SET statement_timeout = '30s';\nALTER DATABASE shop SET TABLESPACE fast;\nALTER ROLE app SET row_security = {{ rls }};\n" },
    { good: 'BEGIN;\nALTER ROLE app SET zero_damaged_pages = on;\nROLLBACK;\n', because: 'It never happened.' },
    { good: 'ALTER TABLE orders SET (autovacuum_enabled = off);\nALTER ROLE app SET search_path = app, pg_catalog;\n', because: 'The path has a rule of its own, sql/search-path-writable-first.' },
  ],
  *check(facts) {
    yield* judgeAsConf(facts.document, settingsInForce(facts).filter(({ scope }) => scope === 'role' || scope === 'database'));
  },
});

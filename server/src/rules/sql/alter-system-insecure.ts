import { settingsInForce } from '../../facts/sql/sql-settings.ts';
import { judgeAsConf } from '../as-conf.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'sql',
  severity: 'medium',
  title: 'ALTER SYSTEM makes the server insecure',
  why: `ALTER SYSTEM writes into postgresql.auto.conf, which is read last: what it sets wins over postgresql.conf and holds for every database. The value
is one of those that the rules for postgresql.conf report, and is judged like there.`,
  fixing: `The first fix writes the value that the rule for postgresql.conf proposes; its page tells what to check. Where the statement ran already, run the new
one as well, and reload or restart the server.`,
  cwe: [1188],
  references: ['https://www.postgresql.org/docs/current/sql-altersystem.html', 'https://www.postgresql.org/docs/current/config-setting.html'],
  examples: [
    { bad: 'ALTER SYSTEM SET fsync = «off»;\n', fixed: 'ALTER SYSTEM SET fsync = on;\n' },
    { bad: "ALTER SYSTEM SET listen_addresses TO «'*'»; -- for the app\n", fixed: "ALTER SYSTEM SET listen_addresses TO 'localhost'; -- for the app\n" },
    { bad: "ALTER SYSTEM SET allow_system_table_mods TO «'on'»;\nSELECT pg_reload_conf();\n", fixed: "ALTER SYSTEM SET allow_system_table_mods TO 'off';\nSELECT pg_reload_conf();\n" },
    { bad: "ALTER SYSTEM SET log_connections = «false»;\n", fixed: 'ALTER SYSTEM SET log_connections = on;\n' },
    { bad: "DO $$ BEGIN EXECUTE 'ALTER SYSTEM SET full_page_writes = «off»'; END $$;\n", fixed: "DO $$ BEGIN EXECUTE 'ALTER SYSTEM SET full_page_writes = on'; END $$;\n" },
    { good: 'ALTER SYSTEM SET fsync = off;\nALTER SYSTEM SET fsync = on;\n', because: 'The last one counts.' },
    { good: 'ALTER SYSTEM SET fsync = off;\nALTER SYSTEM RESET ALL;\n', because: 'Nothing is left of it.' },
    { good: "ALTER SYSTEM SET fsync = :'fsync';\nALTER SYSTEM SET listen_addresses = '{{ addresses }}';\nALTER SYSTEM SET ssl = ${SSL};\n", because: 'What stands there is not known.' },
    { good: 'ALTER SYSTEM SET fsync = on;\nALTER SYSTEM SET work_mem = \'64MB\';\nALTER SYSTEM SET listen_addresses = localhost;\n' },
    { good: 'ALTER SYSTEM SET password_encryption = md5;\n', because: 'sql/password-encryption-md5 tells about that.' },
  ],
  *check(facts) {
    yield* judgeAsConf(facts.document, settingsInForce(facts).filter(({ scope }) => scope === 'system'));
  },
});

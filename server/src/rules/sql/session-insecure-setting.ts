import { isDump } from '../../facts/sql/dumps.ts';
import { sqlSettings } from '../../facts/sql/sql-settings.ts';
import { elsewhere, judgeAsConf } from '../as-conf.ts';
import { defineRule } from '../rule.ts';

/** Of a session no other role can read them. */
const secrets = 'conf/custom-parameter-secret';

export default defineRule({
  language: 'sql',
  severity: 'medium',
  title: 'Session runs with an insecure setting',
  why: `Until the end of the session or transaction the server works in a way that the rules for postgresql.conf report: system catalogues can be rewritten,
damaged pages are wiped, or backslashes end strings early. What runs in it does harm that stays.`,
  fixing: `The first fix writes the value that the rule for postgresql.conf proposes; its page tells what to check. If the statements behind it need the old
value, look for another way to do what they do.`,
  cwe: [1188],
  references: ['https://www.postgresql.org/docs/current/sql-set.html', 'https://www.postgresql.org/docs/current/functions-admin.html#FUNCTIONS-ADMIN-SET'],
  examples: [
    { bad: 'SET allow_system_table_mods = «on»;\nALTER TABLE pg_catalog.pg_class ADD COLUMN note text;\n', fixed: 'SET allow_system_table_mods = off;\nALTER TABLE pg_catalog.pg_class ADD COLUMN note text;\n' },
    { bad: "SELECT set_config('zero_damaged_pages', «'on'», false); -- rescue\n", fixed: "SELECT set_config('zero_damaged_pages', 'off', false); -- rescue\n" },
    { bad: 'CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$ BEGIN SET LOCAL standard_conforming_strings TO «off»; END $$;\n', fixed: 'CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$ BEGIN SET LOCAL standard_conforming_strings TO on; END $$;\n' },
    { bad: "SET app.api_key = «'k3y-4f2a91c07b'»;\n", because: 'No other session sees it, but whoever has the file does.' },
    { good: "SET app.api_key = 'replace this by the key of your account';\n", because: 'It stands for a secret.' },
    { good: 'SET row_security = off;\nSET check_function_bodies = false;\nSET client_min_messages = debug;\n', because: 'Common in scripts, and gone with the session.' },
    { good: "--\n-- PostgreSQL database dump\n--\nSET standard_conforming_strings = off;\nSET escape_string_warning = off;\nSELECT pg_catalog.set_config('search_path', '', false);\n", because: 'An old dump has to be read as it was written.' },
    { good: "SET zero_damaged_pages = :flag;\nSELECT set_config('zero_damaged_pages', current_setting('my.flag'), true);\n", because: 'What stands there is not known.' },
    { good: 'SET fsync = off;\n', because: 'The server refuses it.' },
    { good: "CREATE FUNCTION changes() RETURNS int LANGUAGE sql SET log_min_messages = 'fatal' AS 'SELECT 1';\n", because: 'Nothing is missing in the log once the function has returned.' },
    { good: 'SET zero_damaged_pages = on;\nSET zero_damaged_pages = on_error;\nRESET zero_damaged_pages;\nUPDATE t SET allow_system_table_mods = on_;\n', because: 'It is taken back, and the last one is a column.' },
  ],
  *check(facts) {
    if (isDump(facts.file)) return;
    const settings = sqlSettings(facts).filter(({ scope, name }) => scope === 'session' || scope === 'local' || (scope === 'routine' && !/^log_/i.test(name)));
    for (const finding of judgeAsConf(facts.document, settings, (id) => !elsewhere.has(id) && id !== secrets)) {
      if (/^(critical|high|medium)$/.test(finding.severity!)) yield finding;
    }
    for (const finding of judgeAsConf(facts.document, settings, (id) => id === secrets)) yield { ...finding, message: 'Anybody who reads this file or its history knows this secret' };
  },
});

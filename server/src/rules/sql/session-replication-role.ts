import { importsData, isDump, loadsData } from '../../facts/sql/dumps.ts';
import { isTrial } from '../../facts/place.ts';
import { laterStatement, settingsInForce, spellValue, type SqlSetting } from '../../facts/sql/sql-settings.ts';
import { removeCommand, replaceIn } from '../../facts/sql/sql-edits.ts';
import { defineRule, type Fix } from '../rule.ts';

export default defineRule({
  language: 'sql',
  severity: 'medium',
  title: 'Triggers and foreign keys are switched off',
  why: `With session_replication_role at replica no ordinary trigger fires: foreign keys are not checked, and changes are not written into audit tables.
Whoever wants to change rows without a trace does it so, and the rows stay inconsistent when the setting is long gone.`,
  fixing: `The first fix takes the statement out, so that triggers fire again. If one of them is in the way, switch off that one by its name (ALTER TABLE …
DISABLE TRIGGER name) and switch it on again in the same transaction.`,
  cwe: [778, 1188],
  references: [
    'https://www.postgresql.org/docs/current/runtime-config-client.html#GUC-SESSION-REPLICATION-ROLE',
    'https://www.postgresql.org/docs/current/sql-altertable.html',
  ],
  examples: [
    { bad: 'SET session_replication_role = «replica»;\nUPDATE accounts SET balance = 0;\n', fixed: 'UPDATE accounts SET balance = 0;\n' },
    { bad: "ALTER ROLE app SET session_replication_role TO «'replica'»; -- faster\n", fixed: "ALTER ROLE app SET session_replication_role TO 'origin'; -- faster\n" },
    { bad: "DO $$\nBEGIN\n  PERFORM set_config('session_replication_role', «'replica'», true);\n  UPDATE accounts SET balance = 0;\nEND $$;\n", fixed: "DO $$\nBEGIN\n  PERFORM set_config('session_replication_role', 'origin', true);\n  UPDATE accounts SET balance = 0;\nEND $$;\n" },
    { bad: 'CREATE FUNCTION f() RETURNS void LANGUAGE sql SET session_replication_role = «replica» AS $$ UPDATE accounts SET balance = 0 $$;\n', fixed: 'CREATE FUNCTION f() RETURNS void LANGUAGE sql SET session_replication_role = origin AS $$ UPDATE accounts SET balance = 0 $$;\n' },
    { bad: 'SET session_replication_role = «replica»;\nUPDATE accounts SET balance = 0;\nSET session_replication_role = DEFAULT;\n', because: 'It ends in the same file: low.' },
    { bad: "SET session_replication_role = «replica»;\nTRUNCATE accounts;\n\\copy accounts FROM 'accounts.csv' CSV\nANALYZE accounts;\nREINDEX TABLE accounts;\n", because: 'An import, and the setting ends with it: low.' },
    { good: 'SET session_replication_role = origin;\nSET session_replication_role = :role;\nRESET session_replication_role;\n' },
    { good: "SET session_replication_role = 'local';\n", because: 'Triggers fire as with origin.' },
    { good: '--\n-- PostgreSQL database dump\n--\nSET session_replication_role = replica;\nCOPY accounts (id) FROM stdin;\n1\n\\.\n', because: 'A dump of data alone has to be loaded without triggers.' },
    { good: "SET session_replication_role = replica;\nINSERT INTO accounts VALUES (1);\nINSERT INTO owners VALUES (1, 1);\nSET session_replication_role = DEFAULT;\n", because: 'Data are loaded, in any order.' },
  ],
  *check(facts) {
    if (isDump(facts.file) || loadsData(facts.file)) return;
    const settings = settingsInForce(facts).filter(({ name }) => name === 'session_replication_role' || name === 'all');
    for (const [i, setting] of settings.entries()) {
      if (setting.value?.text?.toLowerCase() !== 'replica') continue;
      const passes = setting.scope === 'session' || setting.scope === 'local';
      const ends = passes && settings.slice(i + 1).some((later) => later.value?.text?.toLowerCase() !== 'replica');
      yield {
        at: setting.command.inFile(setting.value),
        message: `${during[setting.scope]} no trigger fires: no foreign key is checked, no audit row is written`,
        // An import ends with its session, and takes the setting along.
        severity: isTrial(facts.document) ? 'info' : ends || (passes && setting.command.inside === 'file' && importsData(facts.file)) ? 'low' : 'medium',
        fixes: ends ? [] : fixes(facts.document.text, setting),
      };
    }
  },
});

const during: Readonly<Record<SqlSetting['scope'], string>> = {
  system: 'On the whole server', role: 'In the sessions of this role', database: 'In this database',
  session: 'From here on', local: 'In this transaction', routine: 'While this routine runs',
};

function fixes(text: string, setting: SqlSetting): Fix[] {
  const { command, value, scope } = setting;
  const whole = /^SET\b/.test(command.written.head) && (scope === 'session' || scope === 'local') ? removeCommand(text, command) : [];
  if (whole.length > 0) return [{ title: 'Let triggers fire', safety: 'review', edits: whole }];
  const [edit] = replaceIn(command, value!, spellValue(setting, 'origin'));
  const later = laterStatement(setting, 'origin');
  return edit ? [{ title: 'Let triggers fire', safety: 'review', edits: [edit], ...(later !== undefined && { statements: [later] }) }] : [];
}

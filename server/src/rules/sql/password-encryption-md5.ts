import { isTrial } from '../../facts/place.ts';
import { settingsInForce } from '../../facts/sql/sql-settings.ts';
import { judgeAsConf } from '../as-conf.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'sql',
  severity: 'high',
  title: 'New passwords are stored as MD5 hashes',
  why: `Whoever gets hold of an MD5 hash, from a backup or a leaked dump, can log in with it directly, and guesses the password itself at billions of tries
per second: the hash is that of the password and the name of the role, without any salt.`,
  fixing: `The fix stores passwords that are set from now on as SCRAM-SHA-256. Stored ones stay as they are until somebody sets them again. Clients have to
be able to speak SCRAM (libpq 10 or newer); records of pg_hba.conf with md5 accept both kinds.`,
  cwe: [916, 328],
  references: [
    'https://www.postgresql.org/docs/current/auth-password.html',
    'https://www.postgresql.org/docs/current/runtime-config-connection.html#GUC-PASSWORD-ENCRYPTION',
  ],
  examples: [
    { bad: "SET password_encryption = «'md5'»;\nALTER ROLE app PASSWORD :'pw';\n", fixed: "SET password_encryption = 'scram-sha-256';\nALTER ROLE app PASSWORD :'pw';\n" },
    { bad: 'ALTER SYSTEM SET password_encryption TO «md5»; -- old drivers\n', fixed: "ALTER SYSTEM SET password_encryption TO 'scram-sha-256'; -- old drivers\n" },
    { bad: 'ALTER DATABASE shop SET password_encryption = «MD5»;\n', fixed: "ALTER DATABASE shop SET password_encryption = 'scram-sha-256';\n" },
    { bad: "SELECT set_config('password_encryption', «'md5'», false);\n", fixed: "SELECT set_config('password_encryption', 'scram-sha-256', false);\n" },
    { bad: "SET password_encryption = «on»;\n", fixed: "SET password_encryption = 'scram-sha-256';\n", version: 13, because: 'In 13 on still means md5.' },
    { good: "SET password_encryption = 'scram-sha-256';\nSET password_encryption = :'how';\n" },
    { good: 'SET password_encryption = on;\n', because: 'From 14 on the server refuses it.' },
    { good: "SET password_encryption = md5;\nRESET password_encryption;\nSELECT 'SET password_encryption = md5';\n", because: 'It is taken back.' },
  ],
  *check(facts) {
    for (const finding of judgeAsConf(facts.document, settingsInForce(facts), (id) => id === 'conf/password-encryption-md5')) {
      yield { ...finding, ...(isTrial(facts.document) && { severity: 'info' as const }) };
    }
  },
});

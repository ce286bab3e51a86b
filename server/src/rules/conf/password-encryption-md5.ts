import { insertSetting, replaceValue } from '../../facts/conf/conf-repairs.ts';
import { settingHere, unset } from '../../facts/conf/settings.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'conf',
  severity: 'high',
  title: 'New passwords are stored as MD5 hashes',
  why: `Whoever gets hold of an MD5 hash, from a backup or a leaked dump, can log in with it directly, and guesses the password itself at
billions of tries per second. Roles whose password is stored that way cannot log in where pg_hba.conf asks for scram-sha-256.`,
  fixing: `The fix stores passwords that are set from now on as SCRAM-SHA-256. Stored ones stay as they are until somebody sets them again. Lines
of pg_hba.conf with md5 accept both kinds; clients have to be able to speak SCRAM (libpq 10 or newer).`,
  cwe: [916, 328],
  references: [
    'https://www.postgresql.org/docs/current/auth-password.html',
    'https://www.postgresql.org/docs/current/runtime-config-connection.html#GUC-PASSWORD-ENCRYPTION',
  ],
  examples: [
    { bad: 'password_encryption = «md5»  # compatible\n', fixed: 'password_encryption = scram-sha-256  # compatible\n' },
    { bad: "password_encryption = «'MD5'»\n", fixed: "password_encryption = 'scram-sha-256'\n" },
    { bad: 'password_encryption = «on»\n', fixed: 'password_encryption = scram-sha-256\n', version: 13, because: 'In 13 on still means md5.' },
    { bad: '«port = 5432»\n', fixed: 'port = 5432\npassword_encryption = scram-sha-256\n', version: 13, because: 'In 13 md5 is the default.' },
    { good: 'port = 5432\n', because: 'From 14 on scram-sha-256 is the default.' },
    { good: 'password_encryption = md5\npassword_encryption = scram-sha-256\n', because: 'The last setting wins.' },
    { good: 'work_mem = 4MB\n', version: 13, path: 'conf.d/memory.conf', because: 'A fragment leaves it to the others.' },
  ],
  *check(facts) {
    const setting = settingHere(facts, 'password_encryption');
    const meansMd5 = facts.document.version === 13 ? /^(md5|on|true|yes|1)$/i : /^md5$/i;
    const title = 'Store new passwords as scram-sha-256';
    if (setting !== undefined && meansMd5.test(setting.value.text)) {
      yield {
        at: setting.value.span,
        message: 'A leaked password hash is enough to log in: new passwords are stored as MD5',
        fixes: [{ title, safety: 'review', edits: [replaceValue(setting.value, 'scram-sha-256')] }],
      };
    }
    const at = unset(facts, 'password_encryption');
    if (facts.document.version > 13 || at === undefined) return;
    yield {
      at,
      severity: 'medium',
      message: 'A leaked password hash is enough to log in: PostgreSQL 13 stores new passwords as MD5 by default',
      fixes: [{ title, safety: 'review', edits: [insertSetting(facts, 'password_encryption', 'scram-sha-256')] }],
    };
  },
});

import { recordsWith } from '../../facts/access.ts';
import { writeSetting } from '../../facts/conf/conf-repairs.ts';
import { settingHere, unset } from '../../facts/conf/settings.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'conf',
  severity: 'high',
  title: 'New passwords are stored in a form that pg_hba.conf refuses',
  why: `A role whose password was stored as an MD5 hash cannot log in where pg_hba.conf asks for scram-sha-256, and this server stores every
new password that way. Who resets a password is locked out, and the usual way out is to weaken the record.`,
  fixing: `The fix stores passwords that are set from now on as SCRAM secrets. Roles whose password was set before still have an MD5 hash: set it
again, after checking pg_authid for secrets that begin with md5.`,
  cwe: [287, 916],
  references: [
    'https://www.postgresql.org/docs/current/auth-password.html',
    'https://www.postgresql.org/docs/current/runtime-config-connection.html#GUC-PASSWORD-ENCRYPTION',
  ],
  examples: [
    {
      bad: 'port = 5432\n«password_encryption» = md5  # old\n', fixed: 'port = 5432\npassword_encryption = scram-sha-256  # old\n',
      files: { 'pg_hba.conf': 'host all all 10.0.0.0/8 scram-sha-256\n' },
    },
    {
      bad: '«port = 5432»\n', fixed: 'port = 5432\npassword_encryption = scram-sha-256\n',
      files: { 'pg_hba.conf': 'local all all scram-sha-256\n' }, version: 13,
      because: 'In 13 md5 is the default.',
    },
    { good: 'port = 5432\n', files: { 'pg_hba.conf': 'host all all 10.0.0.0/8 scram-sha-256\n' }, because: 'From 14 on scram-sha-256 is the default.' },
    {
      good: 'port = 5432\npassword_encryption = md5\n',
      files: { 'pg_hba.conf': 'host all all 10.0.0.0/8 md5\n' },
      because: 'md5 accepts both; conf/password-encryption-md5 tells about the rest.',
    },
    {
      good: 'port = 5432\npassword_encryption = md5\n',
      files: { 'pg_hba.conf': 'host all all all md5\nhost all all 10.0.0.0/8 scram-sha-256\n' },
      because: 'No client gets as far as the second record.',
    },
    {
      good: 'port = 5432\npassword_encryption = {{ encryption }}\n',
      files: { 'pg_hba.conf': 'host all all all scram-sha-256\n' },
      because: 'What a template becomes is not known.',
    },
    {
      good: "port = 5432\ninclude 'auth.conf'\n",
      files: { 'pg_hba.conf': 'host all all all scram-sha-256\n' }, version: 13,
      because: 'A file that cannot be read may set it.',
    },
  ],
  *check(facts) {
    const { settings, root, document: { version }, cluster: { hba } } = facts;
    if (!root || !settings.complete || hba === undefined) return;
    const meansMd5 = version === 13 ? /^(md5|on|true|yes|1)$/i : /^md5$/i;
    if (!meansMd5.test(settings.value('password_encryption') ?? '')) return;
    const [record] = recordsWith(hba, 'scram-sha-256');
    const at = settingHere(facts, 'password_encryption')?.name.span ?? unset(facts, 'password_encryption');
    if (record === undefined || at === undefined) return;
    yield {
      at,
      message: `A role with a new password cannot log in: line ${hba.placeOf(record).line} of pg_hba.conf refuses MD5 hashes`,
      related: [{ path: hba.document.path, at: record.method.span, message: 'Accepts SCRAM secrets only' }],
      fixes: [{ title: 'Store new passwords as scram-sha-256', safety: 'review', edits: [writeSetting(facts, 'password_encryption', 'scram-sha-256')] }],
    };
  },
});

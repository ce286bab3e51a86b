import { newPasswordsAreScram, recordsWith } from '../../facts/access.ts';
import { requireMethod } from '../../facts/hba/access-fixes.ts';
import { together } from '../../facts/hba/together.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'hba',
  severity: 'info',
  title: 'Records still take MD5 although new passwords are SCRAM secrets',
  why: `The method md5 accepts SCRAM secrets as well, so everybody with a newer password logs in safely already. Only roles whose password was
last set long ago have an MD5 hash, which is as good as the password to whoever reads it in a backup.`,
  fixing: `scram-sha-256 refuses roles whose stored secret is an MD5 hash. Look in pg_authid for secrets that begin with md5 and set these
passwords anew first; when none is left, nobody notices the change.`,
  cwe: [327, 916],
  references: ['https://www.postgresql.org/docs/current/auth-password.html'],
  examples: [
    {
      bad: 'local all all «md5»\nhost all all samenet md5\n', fixed: 'local all all scram-sha-256\nhost all all samenet scram-sha-256\n',
      files: { 'postgresql.conf': "password_encryption = 'scram-sha-256'\n" },
      because: 'Said once per file.',
    },
    { bad: 'host all all samenet «md5»\n', fixed: 'host all all samenet scram-sha-256\n', files: { 'postgresql.conf': 'port = 5432\n' }, because: 'From 14 on that is the default.' },
    { good: 'host all all samenet md5\n', because: 'How passwords are stored is not known: that is hba/md5-method.' },
    { good: 'host all all samenet md5\n', files: { 'postgresql.conf': 'password_encryption = md5\n' }, because: 'That is hba/md5-method.' },
    { good: 'host all all samenet scram-sha-256\n', files: { 'postgresql.conf': 'port = 5432\n' } },
  ],
  *check(facts) {
    if (!newPasswordsAreScram(facts)) return;
    const findings = recordsWith(facts, 'md5').map((record) => ({ at: record.method.span, message: '', fixes: [requireMethod(record, 'scram-sha-256')], tags: ['deprecated' as const] }));
    if (findings.length > 0) yield together(findings, 'Roles that still have an MD5 hash can log in with it; new passwords are SCRAM secrets already');
  },
});

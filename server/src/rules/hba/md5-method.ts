import { newPasswordsAreScram, recordsWith } from '../../facts/access.ts';
import { requireMethod } from '../../facts/hba/access-fixes.ts';
import { atMost } from '../../facts/hba/together.ts';
import type { HbaRecord } from '../../syntax/hba.ts';
import { defineRule, type Finding } from '../rule.ts';

export default defineRule({
  language: 'hba',
  severity: 'medium',
  title: 'MD5 password authentication',
  why: `The MD5 hash that the server stores is as good as the password: who reads it in a backup or in pg_authid logs in with it,
and its 32-bit challenge can be replayed. PostgreSQL 18 warns that MD5 passwords are going away.`,
  fixing: `scram-sha-256 refuses roles whose stored secret is an MD5 hash. Set password_encryption = 'scram-sha-256', set every
password anew, check pg_authid for secrets that begin with md5, and change the record last.`,
  cwe: [327, 916],
  references: ['https://www.postgresql.org/docs/current/auth-password.html'],
  examples: [
    { bad: 'host all all 10.0.0.0/8 «md5»\n', fixed: 'host all all 10.0.0.0/8 scram-sha-256\n' },
    { bad: 'local all all «md5»\nhost md5 md5 samenet «md5»\n', fixed: 'local all all scram-sha-256\nhost md5 md5 samenet scram-sha-256\n' },
    {
      bad: 'local all all «md5»\nhost a a 10.0.0.1/32 md5\nhost b b 10.0.0.2/32 md5\nhost c c 10.0.0.3/32 md5\n',
      fixed: 'local all all scram-sha-256\nhost a a 10.0.0.1/32 scram-sha-256\nhost b b 10.0.0.2/32 scram-sha-256\nhost c c 10.0.0.3/32 scram-sha-256\n',
      because: 'More than three of them are said once.',
    },
    { good: 'host md5 md5 10.0.0.0/8 scram-sha-256\n', because: 'A database and a role may be called md5.' },
    { good: 'host all all samenet md5\n', files: { 'postgresql.conf': "password_encryption = 'scram-sha-256'\n" }, because: 'New passwords are SCRAM secrets already: cluster/md5-rows-scram-storage.' },
    { good: 'host all all 10.0.0.0/8 reject\nhost all all 10.0.0.0/16 md5\n', because: 'Nobody gets as far as the second record.' },
  ],
  *check(facts) {
    if (newPasswordsAreScram(facts)) return;
    const findings = recordsWith(facts, 'md5').map(findingOf);
    yield* atMost(3, findings, `${findings.length} records let in whoever gets hold of a stored MD5 hash, without knowing the password`);
  },
});

function findingOf(record: HbaRecord): Finding {
  return {
    at: record.method.span,
    message: 'Whoever gets hold of a stored MD5 hash can log in with it, without knowing the password',
    fixes: [requireMethod(record, 'scram-sha-256')],
    tags: ['deprecated'],
  };
}

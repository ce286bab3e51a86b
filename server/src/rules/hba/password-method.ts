import { recordsWith } from '../../facts/access.ts';
import { requireMethod } from '../../facts/hba/access-fixes.ts';
import { isLoopback } from '../../facts/hba/address.ts';
import type { HbaRecord } from '../../syntax/hba.ts';
import { defineRule, type Severity } from '../rule.ts';

export default defineRule({
  language: 'hba',
  severity: 'high',
  title: 'Passwords are sent in clear text',
  why: `With the method password the client sends the password itself. Without TLS everybody on the way reads it; with TLS the
server still gets it, so whoever takes over the server or poses as it collects passwords that work elsewhere.`,
  fixing: `scram-sha-256 proves the password without sending it. Roles whose secret is still an MD5 hash cannot log in afterwards:
set their passwords anew with password_encryption = 'scram-sha-256' first.`,
  cwe: [319, 522],
  references: ['https://www.postgresql.org/docs/current/auth-password.html'],
  examples: [
    { bad: 'host all all 10.0.0.0/8 «password»\n', fixed: 'host all all 10.0.0.0/8 scram-sha-256\n' },
    {
      bad: 'hostssl all all 10.0.0.0/8 «password»\n', fixed: 'hostssl all all 10.0.0.0/8 scram-sha-256\n',
      because: 'TLS keeps the password from the network: medium.',
    },
    {
      bad: 'host all all 127.0.0.1/32 «password»\n', fixed: 'host all all 127.0.0.1/32 scram-sha-256\n',
      because: 'Only the server machine itself can listen: medium.',
    },
    { bad: 'local all all «password»\n', fixed: 'local all all scram-sha-256\n', because: 'Only the server sees it: low.' },
    { good: 'host password password 10.0.0.0/8 scram-sha-256\n', because: 'A database and a role may be called password.' },
    { good: 'host all all all scram-sha-256\nhost all all 10.0.0.0/8 password\n', because: 'The second record is never reached.' },
  ],
  *check(facts) {
    for (const record of recordsWith(facts, 'password')) {
      yield { at: record.method.span, ...judge(record), fixes: [requireMethod(record, 'scram-sha-256')] };
    }
  },
});

function judge({ type: { text: type }, address }: HbaRecord): { message: string; severity: Severity } {
  if (type === 'local') return { severity: 'low', message: 'The server is handed every password in clear text; whoever controls it collects them' };
  const encrypted = type === 'hostssl' || type === 'hostgssenc';
  if (encrypted) return { severity: 'medium', message: 'The server is handed every password in clear text; whoever poses as it collects them' };
  const loopback = address && isLoopback(address);
  if (loopback) return { severity: 'medium', message: 'Passwords arrive in clear text; whoever watches the loopback interface collects them' };
  return { severity: 'high', message: 'Passwords arrive in clear text; anyone on the way can read them and log in' };
}

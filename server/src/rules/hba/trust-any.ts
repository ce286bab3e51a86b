import { certificateOf, passwordless, rolesText } from '../../facts/access.ts';
import { remoteTrustFixes } from '../../facts/hba/access-fixes.ts';
import { clientsText } from '../../facts/hba/address.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'hba',
  severity: 'critical',
  title: 'Anyone who reaches the port logs in without a password',
  why: `The method trust asks for nothing, so whoever can reach the port picks a role, a superuser included. A superuser reads
and writes every database and runs programs on the server with COPY … TO PROGRAM. Scanners find such servers within hours.`,
  fixing: `Makes the record ask for a password. Every role that comes in here needs a password stored as SCRAM secret
(password_encryption = 'scram-sha-256', then \\password); clients that sent none must be given one first.`,
  cwe: [306, 287],
  references: [
    'https://www.postgresql.org/docs/current/auth-trust.html',
    'https://www.postgresql.org/docs/current/sql-copy.html',
  ],
  examples: [
    { bad: 'host all all 0.0.0.0/0 «trust»\n', fixed: 'host all all 0.0.0.0/0 scram-sha-256\n' },
    {
      bad: 'local all all peer\nhost  all  app  all  «trust»   # for now\n',
      fixed: 'local all all peer\nhost  all  app  all  scram-sha-256   # for now\n',
    },
    { bad: 'hostssl all all ::/0 «trust»\n', fixed: 'hostssl all all ::/0 scram-sha-256\n', because: 'TLS hides the traffic, it does not ask who is there.' },
    { bad: 'host all all 10.1.2.3 0.0.0.0 «trust»\n', fixed: 'host all all 10.1.2.3 0.0.0.0 scram-sha-256\n', because: 'A mask of zeros is every address.' },
    { good: 'host trust trust 0.0.0.0/0 scram-sha-256\n', because: 'A database and a role may be called trust.' },
    { good: 'host all all 0.0.0.0/0 reject\nhost all all 0.0.0.0/0 trust\n', because: 'The first record that matches decides; nobody gets as far as the second.' },
    { good: 'hostssl all all 0.0.0.0/0 trust clientcert=verify-full\n', because: 'The client must show the certificate of the role.' },
    { good: '# host all all 0.0.0.0/0 trust\nlocal all all peer\n' },
    { good: 'local all all peer\nhost all all {{ network }} trust\n', because: 'What a template puts here is not known.' },
  ],
  *check(facts) {
    for (const record of passwordless(facts, 'any')) {
      const certificate = certificateOf(record) === 'any';
      yield {
        at: record.method.span,
        message: `${clientsText(record)}${certificate ? ' with a certificate of the CA' : ''} can log in as ${rolesText(facts, record)} without a password`,
        ...(facts.trial ? { severity: 'medium' } : certificate && { severity: 'high' }),
        fixes: remoteTrustFixes(facts, record),
      };
    }
  },
});

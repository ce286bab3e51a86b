import { certificateOf, passwordless, rolesText } from '../../facts/access.ts';
import { remoteTrustFixes } from '../../facts/hba/access-fixes.ts';
import { clientsText } from '../../facts/hba/address.ts';
import { isTrusted } from '../../facts/hba/networks.ts';
import { networkOptions } from '../network-options.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'hba',
  severity: 'high',
  title: 'Other machines log in without a password',
  why: `The method trust believes whatever role a client names. One taken-over container, laptop or printer in the range is
enough to become superuser of the database and, through COPY … TO PROGRAM, to run commands on its server.`,
  fixing: `Makes the record ask for a password. Every role that comes in here needs a password stored as SCRAM secret
(password_encryption = 'scram-sha-256', then \\password); clients that sent none must be given one first.`,
  cwe: [306],
  references: ['https://www.postgresql.org/docs/current/auth-trust.html'],
  options: networkOptions,
  examples: [
    { bad: 'host all all 10.0.0.0/8 «trust»\n', fixed: 'host all all 10.0.0.0/8 scram-sha-256\n' },
    { bad: 'host app app samenet «trust»\n', fixed: 'host app app samenet scram-sha-256\n' },
    { bad: 'host all all .example.com «trust»\n', fixed: 'host all all .example.com scram-sha-256\n' },
    { bad: 'host all all 192.168.1.0 255.255.255.0 «trust»\n', fixed: 'host all all 192.168.1.0 255.255.255.0 scram-sha-256\n' },
    {
      bad: 'host all all 172.18.0.0/16 «trust»\n', fixed: 'host all all 172.18.0.0/16 scram-sha-256\n', path: 'docker/pg_hba.conf',
      because: 'A network of containers: medium.',
    },
    {
      bad: 'host all all 10.0.5.0/24 «trust»\n', fixed: 'host all all 10.0.5.0/24 scram-sha-256\n', options: { trustedNetworks: ['10.0.0.0/16'] },
      because: 'Machines that are known may still be taken over, and ask for any role: medium.',
    },
    { good: 'host all all 127.0.0.0/8 trust\nhost all all localhost trust\n', because: 'Only the server machine itself; that is hba/trust-loopback.' },
    { good: 'host all all 10.0.0.0/8 scram-sha-256\nhost all all 10.2.0.0/16 trust\n', because: 'The first record takes all of the second one\'s clients.' },
    { good: 'host all all 0.0.0.0/32 trust\n', because: 'No client has the address 0.0.0.0.' },
  ],
  *check(facts, { trustedNetworks }) {
    for (const record of passwordless(facts, 'network')) {
      const certificate = certificateOf(record) === 'any';
      const known = record.address !== undefined && isTrusted(record.address, trustedNetworks);
      yield {
        at: record.method.span,
        message: `${clientsText(record)}${certificate ? ' with a certificate of the CA' : ''} can log in as ${rolesText(facts, record)} without a password`,
        ...((facts.trial || certificate || known) && { severity: 'medium' }),
        fixes: remoteTrustFixes(facts, record),
      };
    }
  },
});

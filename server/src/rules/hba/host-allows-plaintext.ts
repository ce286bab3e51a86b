import { forwardingMethods, plaintextRecords, type RemoteRecord } from '../../facts/hba/admission.ts';
import { requireTls } from '../../facts/hba/access-fixes.ts';
import { tlsIsOff, type HbaFacts } from '../../facts/access.ts';
import { clientsText } from '../../facts/hba/address.ts';
import { atMost } from '../../facts/hba/together.ts';
import { columnText } from '../../facts/hba/words.ts';
import type { HbaRecord, HbaToken } from '../../syntax/hba.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'hba',
  severity: 'low',
  strict: 'medium',
  title: 'Clients may connect without encryption',
  why: `A host record takes connections with and without TLS, and the client chooses. On one without, everybody on the way reads the
queries and their results, can change them, and can try passwords against the recorded challenge.`,
  fixing: `Makes the record match connections with TLS only. Switch TLS on in postgresql.conf first (ssl = on, a certificate); clients
that do not ask for it are then judged by the records below, or turned away.`,
  cwe: [319],
  references: ['https://www.postgresql.org/docs/current/ssl-tcp.html', 'https://www.postgresql.org/docs/current/auth-pg-hba-conf.html'],
  examples: [
    { bad: '«host» all all 10.0.0.0/8 scram-sha-256\n', fixed: 'hostssl all all 10.0.0.0/8 scram-sha-256\n' },
    {
      bad: '«host» a a 10.0.0.1/32 md5\nhost b b 10.0.0.2/32 md5\nhost c c 10.0.0.3/32 md5\nhost d d 10.0.0.4/32 md5\n',
      fixed: 'hostssl a a 10.0.0.1/32 md5\nhostssl b b 10.0.0.2/32 md5\nhostssl c c 10.0.0.3/32 md5\nhostssl d d 10.0.0.4/32 md5\n',
      because: 'More than three of them are said once.',
    },
    { good: 'hostnossl all all all reject\nhost all all 10.0.0.0/8 scram-sha-256\n', because: 'Only encrypted connections get as far as the second record.' },
    { good: 'hostnossl all all 10.0.0.0/8 reject\nhost app app 10.2.0.0/16 scram-sha-256\n' },
    { good: 'hostssl all all 10.0.0.0/8 scram-sha-256\nhost all all 10.0.0.0/8 reject\n' },
    {
      good: 'host all all 127.0.0.1/32 scram-sha-256\nhost all all samehost scram-sha-256\nlocal all all peer\n',
      because: 'The traffic does not leave the machine.',
    },
    { good: 'hostgssenc all all 10.0.0.0/8 gss\nhost all all 10.0.0.0/8 gss\n', because: 'Clients with Kerberos tickets are asked to encrypt.' },
    {
      good: 'host all all 10.0.0.0/8 scram-sha-256\n', files: { 'postgresql.conf': 'ssl = off\n' },
      because: 'No record can demand TLS then; that is conf/ssl-off.',
    },
    { good: 'host all all 10.0.0.0/8 trust\n', because: 'That nothing is asked for is worse; that is hba/trust-network.' },
  ],
  *check(facts) {
    if (tlsIsOff(facts)) return;
    const records = plaintextRecords(facts).filter((record) => record.type.text === 'host' && !isWorse(record) && !hasEncryptedTwin(facts, record));
    yield* atMost(3, records.map((record) => ({
      at: record.type.span,
      message: `${clientsText(record)} may connect without encryption, readable on the way`,
      ...(facts.trial && { severity: 'info' as const }),
      fixes: requireTls(facts, record),
    })), `${records.length} records let clients on other machines connect without encryption`);
  },
});

/** What hba/password-method and hba/cleartext-auth-without-tls speak of. */
function isWorse({ method: { text: method } }: RemoteRecord): boolean {
  return method === 'password' || forwardingMethods.has(method);
}

/** The same with GSS encryption stands beside it. */
function hasEncryptedTwin(facts: HbaFacts, record: RemoteRecord): boolean {
  const clients = clientColumns(record);
  return record.method.text === 'gss' && facts.records.some((other) => other.type.text === 'hostgssenc' && clientColumns(other) === clients);
}

function clientColumns({ databases, users, address }: HbaRecord): string {
  return [databases, users, address?.tokens ?? []].map((tokens) => columnText(tokens as readonly HbaToken[])).join(' ');
}

import { forwardingMethods, plaintextRecords } from '../../facts/hba/admission.ts';
import { reject, requireTls } from '../../facts/hba/access-fixes.ts';
import { clientsText } from '../../facts/hba/address.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'hba',
  severity: 'high',
  title: 'A record is there to admit unencrypted connections',
  why: `A hostnossl record matches only clients that come without TLS. Whoever sits between client and server can strip TLS from
the first packet, gets in here, and reads and changes everything that follows.`,
  fixing: `Makes the record match connections with TLS instead. Clients that cannot do TLS lose access: look for them in
pg_stat_ssl first, and set sslmode=verify-full in the others.`,
  cwe: [319],
  references: ['https://www.postgresql.org/docs/current/auth-pg-hba-conf.html', 'https://www.postgresql.org/docs/current/libpq-ssl.html'],
  examples: [
    { bad: '«hostnossl» all all 10.0.0.0/8 scram-sha-256\n', fixed: 'hostssl all all 10.0.0.0/8 scram-sha-256\n' },
    {
      bad: 'hostssl all all all scram-sha-256\n«hostnossl» app legacy 10.0.0.7/32 md5\n',
      fixed: 'hostssl all all all scram-sha-256\nhostssl app legacy 10.0.0.7/32 md5\n',
    },
    { good: 'hostnossl all all all reject\n', because: 'It is there to turn them away.' },
    {
      good: 'hostnossl all all 127.0.0.1/32 scram-sha-256\nhostnogssenc all all 10.0.0.0/8 scram-sha-256\n',
      because: 'Loopback needs no TLS, and hostnogssenc says nothing about it.',
    },
    { good: 'hostnossl all all all reject\nhostnossl app app 10.0.0.0/8 md5\n', because: 'The second record is never reached.' },
    { good: 'hostnossl all all 10.0.0.0/8 pam\n', because: 'That the password itself crosses the network is said by hba/cleartext-auth-without-tls.' },
  ],
  *check(facts) {
    for (const record of plaintextRecords(facts)) {
      if (record.type.text !== 'hostnossl' || forwardingMethods.has(record.method.text)) continue;
      yield {
        at: record.type.span,
        message: `${clientsText(record)} comes in here only without TLS, readable and changeable on the way`,
        fixes: [...requireTls(facts, record), reject(record)],
      };
    }
  },
});

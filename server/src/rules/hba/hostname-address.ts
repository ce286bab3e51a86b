import { remoteRecords } from '../../facts/hba/admission.ts';
import { shown } from '../../syntax/hba-words.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'hba',
  severity: 'low',
  title: 'DNS decides who may log in',
  why: `For a host name the server asks DNS for the name of the client and for the addresses of that name. Whoever can answer in the
place of the DNS server, or takes over a name that was given up, is let in as far as the password.`,
  cwe: [350],
  references: ['https://www.postgresql.org/docs/current/auth-pg-hba-conf.html'],
  examples: [
    { bad: 'hostssl app app «db.example.com» scram-sha-256\n', good: 'hostssl app app 10.0.0.5/32 scram-sha-256\n' },
    { bad: 'hostssl app app «.example.com» scram-sha-256\n', good: 'hostssl app app 10.0.0.0/24 scram-sha-256\n' },
    { good: 'host all all localhost scram-sha-256\nhost all all samenet scram-sha-256\nhost all all all scram-sha-256\n' },
    { good: 'host all all db.example.com reject\nhost all all db.example.com md5\n' },
    {
      good: 'host all all ALL md5\nhost all all "samenet" md5\nhost all all * md5\n',
      because: 'Names that no host has; that is hba/keyword-case and hba/quoted-keyword.',
    },
    {
      good: 'host all all db.example.com trust\nhost all all app.example.com ident\n',
      because: 'That nothing is asked for is worse; that is hba/trust-network and hba/ident-network.',
    },
  ],
  *check(facts) {
    for (const { address: { tokens: [name] }, method } of remoteRecords(facts).filter(({ address: { kind } }) => kind === 'host' || kind === 'suffix')) {
      if (method.text === 'ident') continue;
      yield {
        at: name.span,
        message: `Whoever controls the DNS entries of ${shown(name.text)} chooses which machines may log in`,
        ...(facts.trial && { severity: 'info' }),
      };
    }
  },
});

import { listensFor } from '../../facts/access.ts';
import { isRemote } from '../../facts/hba/address.ts';
import { hasNoTls, plainRecords } from '../../facts/encryption.ts';
import { isKeyword } from '../../syntax/hba.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'hba',
  severity: 'medium',
  title: 'Replication crosses the network unencrypted',
  why: `A standby or a base backup receives everything in the cluster: all databases, and the hashes of all passwords. The server has no TLS,
so whoever can read the traffic between the two gets the same copy, without logging in.`,
  cwe: [319],
  references: [
    'https://www.postgresql.org/docs/current/ssl-tcp.html',
    'https://www.postgresql.org/docs/current/warm-standby.html#STREAMING-REPLICATION-AUTHENTICATION',
  ],
  examples: [
    {
      bad: 'host «replication» standby 10.0.0.5/32 scram-sha-256\n', good: 'hostssl replication standby 10.0.0.5/32 scram-sha-256\n',
      files: { 'postgresql.conf': "listen_addresses = '*'\nssl = off\n" },
      because: 'Set ssl = on first.',
    },
    {
      bad: 'hostnossl app,«replication» standby samenet scram-sha-256\n',
      files: { 'postgresql.conf': "listen_addresses = '10.0.0.4'\n" },
      because: 'TLS is off by default.',
    },
    {
      good: 'host replication standby 10.0.0.5/32 scram-sha-256\n',
      files: { 'postgresql.conf': "listen_addresses = '*'\nssl = on\n" },
      because: 'Whether TLS is used is up to the client; another rule tells.',
    },
    {
      good: 'host all standby 10.0.0.5/32 scram-sha-256\nhost "replication" app 10.0.0.5/32 scram-sha-256\n',
      files: { 'postgresql.conf': "listen_addresses = '*'\nssl = off\n" },
      because: 'all does not mean replication, and quoted it is a database of that name.',
    },
    {
      good: 'host replication all 127.0.0.1/32 scram-sha-256\nlocal replication all peer\nhostgssenc replication all all gss\n',
      files: { 'postgresql.conf': "listen_addresses = '*'\nssl = off\n" },
      because: 'Two do not leave the machine, the third is encrypted by Kerberos.',
    },
    {
      good: 'host replication all all reject\nhost replication all 10.0.0.0/8 scram-sha-256\n',
      files: { 'postgresql.conf': "listen_addresses = '*'\nssl = off\n" },
    },
    {
      good: 'host replication standby 10.0.0.5/32 scram-sha-256\n',
      files: { 'postgresql.conf': 'ssl = off\n' },
      because: 'The server listens on localhost only.',
    },
    {
      good: 'host replication standby 10.0.0.5/32 scram-sha-256\n',
      files: { 'postgresql.conf': "listen_addresses = '*'\nssl = {{ ssl }}\n" },
      because: 'What a template becomes is not known.',
    },
    {
      good: 'host replication standby 10.0.0.5/32 trust\n',
      files: { 'postgresql.conf': "listen_addresses = '*'\n" },
      because: 'Who can log in without a password need not listen; cluster/exposed-passwordless tells.',
    },
    { good: 'host replication standby 10.0.0.5/32 scram-sha-256\n', because: 'Without postgresql.conf nothing is known about TLS.' },
  ],
  *check(facts) {
    const { conf } = facts.cluster;
    if (conf === undefined || !hasNoTls(conf)) return;
    const ssl = conf.settings.get('ssl');
    for (const record of plainRecords(facts)) {
      const database = record.databases.find((token) => isKeyword(token, 'replication'));
      if (database === undefined || record.type.text === 'hostgssenc' || !isRemote(record) || /^(reject|trust)$/.test(record.method.text)) continue;
      const listening = listensFor(facts, record);
      if (listening === undefined) continue;
      yield {
        at: database.span,
        message: 'Whoever reads the traffic to this standby gets a copy of all databases: the server has no TLS',
        ...(facts.trial && { severity: 'info' as const }),
        related: [ssl
          ? { path: ssl.path, at: ssl.setting.span, message: 'TLS is switched off here' }
          : { path: listening.path, at: listening.setting.span, message: 'The server listens here, and ssl is off by default' }],
      };
    }
  },
});

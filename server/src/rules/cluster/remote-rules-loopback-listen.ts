import { admits, isReachable } from '../../facts/access.ts';
import { addressSpan, isRemote } from '../../facts/hba/address.ts';
import { listensOnlyLocally } from '../../facts/conf/listen.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'hba',
  severity: 'info',
  title: 'Records for other machines, but the server listens on its own only',
  why: `These records let nobody in today. They are forgotten until somebody opens listen_addresses for a different reason, and then let in
clients that nobody thought of.`,
  cwe: [1188],
  references: [
    'https://www.postgresql.org/docs/current/runtime-config-connection.html#GUC-LISTEN-ADDRESSES',
    'https://www.postgresql.org/docs/current/auth-pg-hba-conf.html',
  ],
  examples: [
    {
      bad: 'local all all peer\nhost app app «10.0.0.0/8» scram-sha-256\n', good: 'local all all peer\nhost app app 127.0.0.1/32 scram-sha-256\n',
      files: { 'postgresql.conf': "listen_addresses = 'localhost'\n" },
    },
    {
      bad: 'host app app «10.0.0.0 255.0.0.0» scram-sha-256\nhost all all all scram-sha-256\n',
      files: { 'postgresql.conf': 'port = 5432\n' },
      because: 'Unset means localhost. Said once per file.',
    },
    {
      bad: 'host app app «samenet» scram-sha-256\n',
      files: { 'postgresql.conf': "listen_addresses = ''\n" },
      because: 'The server does not listen on TCP at all.',
    },
    { good: 'host app app 10.0.0.0/8 scram-sha-256\n', files: { 'postgresql.conf': "listen_addresses = 'localhost, 10.0.0.5'\n" } },
    {
      good: 'host app app 127.0.0.1/32 scram-sha-256\nhost all all all reject\n',
      files: { 'postgresql.conf': 'port = 5432\n' },
      because: 'The first is for the machine itself, the second lets nobody in.',
    },
    { good: 'host app app 10.0.0.0/8 scram-sha-256\n', because: 'Without postgresql.conf nothing is known about the port.' },
    {
      good: 'host app app 10.0.0.0/8 scram-sha-256\n',
      files: { 'postgresql.conf': "port = 5432\ninclude_dir 'conf.d'\ninclude 'net.conf'\n" },
      because: 'A file that cannot be read may open it.',
    },
    {
      good: 'host app app 10.0.0.0/8 scram-sha-256\n',
      files: { 'postgresql.conf': "port = 5432\nlisten_addresses = '{{ listen }}'\n" },
      because: 'What a template becomes is not known.',
    },
  ],
  *check(facts) {
    const { conf } = facts.cluster;
    if (conf === undefined || !conf.root || !conf.settings.complete || listensOnlyLocally(conf.settings) !== true) return;
    const [first, ...others] = facts.records.filter((record) => admits(record) && isRemote(record) && isReachable(facts, record));
    if (first?.address === undefined) return;
    const listen = conf.settings.get('listen_addresses');
    yield {
      at: addressSpan(first.address),
      message: 'These clients cannot connect now, and nobody thinks of them when the server starts to listen',
      related: [
        ...(listen ? [{ path: listen.path, at: listen.setting.value.span, message: 'The server listens on its own machine only' }] : []),
        ...others.map((record) => ({ at: addressSpan(record.address!), message: 'Neither can these' })),
      ],
    };
  },
});

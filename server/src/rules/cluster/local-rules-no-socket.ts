import { admits, isReachable } from '../../facts/access.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'hba',
  severity: 'info',
  title: 'Records for Unix-domain sockets, but the server opens none',
  why: `These records let nobody in today. They are forgotten until somebody gives the server a socket again, and then let in accounts of the
machine that nobody thought of.`,
  cwe: [1188],
  references: [
    'https://www.postgresql.org/docs/current/runtime-config-connection.html#GUC-UNIX-SOCKET-DIRECTORIES',
    'https://www.postgresql.org/docs/current/auth-pg-hba-conf.html',
  ],
  examples: [
    {
      bad: '«local» all all peer\nlocal app app scram-sha-256\nhost all all samehost scram-sha-256\n',
      files: { 'postgresql.conf': "port = 5432\nunix_socket_directories = ''\n" },
      because: 'Said once per file.',
    },
    { good: 'local all all peer\n', files: { 'postgresql.conf': 'port = 5432\n' }, because: 'There is a socket by default.' },
    { good: 'local all all peer\n', files: { 'postgresql.conf': "port = 5432\nunix_socket_directories = '/run/postgresql'\n" } },
    {
      good: 'local all all reject\nhost all all samehost scram-sha-256\n',
      files: { 'postgresql.conf': "port = 5432\nunix_socket_directories = ''\n" },
      because: 'That lets nobody in either way.',
    },
    { good: 'local all all peer\n', because: 'Without postgresql.conf nothing is known about sockets.' },
    {
      good: 'local all all peer\n',
      files: { 'postgresql.conf': "port = 5432\nunix_socket_directories = '{{ sockets }}'\n" },
      because: 'What a template becomes is not known.',
    },
  ],
  *check(facts) {
    const conf = facts.cluster.conf;
    const sockets = conf?.settings.get('unix_socket_directories');
    if (!conf?.root || !conf.settings.complete || sockets === undefined || conf.settings.list('unix_socket_directories')?.length !== 0) return;
    const [first, ...others] = facts.records.filter((record) => record.type.text === 'local' && admits(record) && isReachable(facts, record));
    if (first === undefined) return;
    yield {
      at: first.type.span,
      message: 'Nobody can connect this way now, and nobody thinks of it when the server gets a socket again',
      related: [
        { path: sockets.path, at: sockets.setting.value.span, message: 'The server opens no socket' },
        ...others.map((record) => ({ at: record.type.span, message: 'Nor can anybody this way' })),
      ],
    };
  },
});

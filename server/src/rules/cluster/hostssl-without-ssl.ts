import { fallThrough, tlsRecords, withoutTls } from '../../facts/encryption.ts';
import { listensOnlyLocally } from '../../facts/conf/listen.ts';
import { defineRule } from '../rule.ts';

/** So many are enough to show what happens. */
const mostRecords = 20;

export default defineRule({
  language: 'conf',
  severity: 'high',
  title: 'pg_hba.conf asks for TLS, but the server has none',
  why: `A hostssl record matches only connections with TLS, and this server accepts none: the record matches nobody. Its clients go on to
later records, where a weaker one lets them in unencrypted, or they cannot log in at all. The server only logs a warning.`,
  fixing: `The fix sets ssl to on. The server then needs server.crt and server.key in its data directory (or where ssl_cert_file and ssl_key_file
point); it does not start without them. Clients of the hostssl records have to meet what those ask for, for example a certificate.`,
  cwe: [319, 1188],
  references: ['https://www.postgresql.org/docs/current/auth-pg-hba-conf.html', 'https://www.postgresql.org/docs/current/ssl-tcp.html'],
  examples: [
    {
      bad: "listen_addresses = '*'\n«ssl» = off\n", fixed: "listen_addresses = '*'\nssl = on\n",
      files: { 'pg_hba.conf': 'hostssl all all 10.0.0.0/8 scram-sha-256\nhost all all all md5\n' },
      because: 'Clients of the first record come in by the second, unencrypted.',
    },
    {
      bad: "«listen_addresses = '*'»\nport = 5432\n", fixed: "listen_addresses = '*'\nssl = on\nport = 5432\n",
      files: { 'pg_hba.conf': 'local all all peer\nhostssl all all all cert\n' },
      because: 'The default is off. Nobody gets in: medium.',
    },
    { good: "listen_addresses = '*'\nssl = on\n", files: { 'pg_hba.conf': 'hostssl all all all scram-sha-256\n' } },
    {
      good: "listen_addresses = '*'\nssl = off\n",
      files: { 'pg_hba.conf': 'host all all all scram-sha-256\nhostssl all all 10.0.0.0/8 cert\n' },
      because: 'No client gets as far as the second record, with or without TLS.',
    },
    {
      good: "listen_addresses = '*'\nssl = off\n",
      files: { 'pg_hba.conf': 'hostssl all all 10.0.0.0/8 reject\n' },
      because: 'That rejects nobody, and lets nobody in.',
    },
    { good: "listen_addresses = '*'\nssl = off\n", because: 'Without pg_hba.conf nothing is known.' },
    { good: 'port = 5432\n', files: { 'pg_hba.conf': 'hostssl all all all scram-sha-256\n' }, because: 'Nobody outside reaches the port.' },
    {
      good: "listen_addresses = '*'\nssl = {{ ssl }}\n",
      files: { 'pg_hba.conf': 'hostssl all all all scram-sha-256\n' },
      because: 'What a template becomes is not known.',
    },
    {
      good: "listen_addresses = '*'\ninclude 'tls.conf'\n",
      files: { 'pg_hba.conf': 'hostssl all all all scram-sha-256\n' },
      because: 'A file that cannot be read may turn it on.',
    },
  ],
  *check(facts) {
    const tls = withoutTls(facts);
    const { hba } = facts.cluster;
    if (tls === undefined || hba === undefined || listensOnlyLocally(facts.settings) === true) return;
    const records = tlsRecords(hba).slice(0, mostRecords).map((record) => ({ record, next: fallThrough(hba, record) }));
    const first = records.find(({ next }) => next !== undefined) ?? records[0];
    if (first === undefined) return;

    const line = hba.placeOf(first.record).line;
    yield {
      at: tls.at,
      message: first.next === undefined
        ? `No client matches hostssl records such as line ${line} of pg_hba.conf: the server has no TLS`
        : `Clients of the hostssl record in line ${line} of pg_hba.conf get in by line ${hba.placeOf(first.next).line} instead, without TLS`,
      ...((first.next === undefined || facts.trial) && { severity: 'medium' as const }),
      related: records.map(({ record, next }) => ({
        path: hba.document.path, at: record.span,
        message: `Matches nobody while the server has no TLS${next === undefined ? '' : `; line ${hba.placeOf(next).line} decides instead`}`,
      })),
      fixes: [tls.fix],
    };
  },
});

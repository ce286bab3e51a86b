import { listensFor, recordsWith } from '../../facts/access.ts';
import { clientsText, isRemote } from '../../facts/hba/address.ts';
import { plainRecords, withoutTls } from '../../facts/encryption.ts';
import { settingHere } from '../../facts/conf/settings.ts';
import { defineRule } from '../rule.ts';

/** With these methods the client sends the password itself. */
const methods = ['password', 'ldap', 'pam', 'radius', 'bsd'] as const;

/** So many places are enough to show what is meant. */
const mostRelated = 20;

export default defineRule({
  language: 'conf',
  severity: 'high',
  title: 'Passwords cross the network in clear text',
  why: `The server listens on the network without TLS, and pg_hba.conf lets clients in with a method for which they send the password as it
is. Whoever can read the traffic has it, and with ldap, pam and radius it often opens much more than this database.`,
  fixing: `The fix sets ssl to on. The server then needs server.crt and server.key in its data directory (or where ssl_cert_file and ssl_key_file
point); it does not start without them. Then change host to hostssl in these records, so that no client goes on without.`,
  cwe: [319],
  references: ['https://www.postgresql.org/docs/current/auth-password.html', 'https://www.postgresql.org/docs/current/ssl-tcp.html'],
  examples: [
    {
      bad: "listen_addresses = «'*'»\nssl = off\n", fixed: "listen_addresses = '*'\nssl = on\n",
      files: { 'pg_hba.conf': 'host all all 10.0.0.0/8 password\n' },
    },
    {
      bad: "listen_addresses = «'10.0.0.5'»  # lan\n", fixed: "listen_addresses = '10.0.0.5'  # lan\nssl = on\n",
      files: { 'pg_hba.conf': 'hostnossl all all samenet ldap ldapserver=l ldapprefix="uid="\n' },
    },
    {
      good: "listen_addresses = '*'\n",
      files: { 'pg_hba.conf': 'host all all 10.0.0.0/8 scram-sha-256\nhost all all 10.0.0.0/8 md5\n' },
      because: 'No password is sent; that the rest is plain is told by conf/ssl-not-enabled.',
    },
    {
      good: "listen_addresses = '*'\n",
      files: { 'pg_hba.conf': 'host all all 127.0.0.1/32 password\nlocal all all pam\n' },
      because: 'It does not leave the machine.',
    },
    {
      good: "listen_addresses = '*'\n",
      files: { 'pg_hba.conf': 'hostssl all all all password\nhostgssenc all all all pam\n' },
      because: 'Neither matches a plain connection.',
    },
    {
      good: "listen_addresses = '*'\n",
      files: { 'pg_hba.conf': 'hostnossl all all all reject\nhost all all all password\n' },
      because: 'Plain connections are rejected first.',
    },
    {
      good: "listen_addresses = '*'\nssl = on\n",
      files: { 'pg_hba.conf': 'host all all all password\n' },
      because: 'With TLS it is up to the record; hba rules tell.',
    },
    { good: "listen_addresses = '10.0.0.5'\n", files: { 'pg_hba.conf': 'host all all ::/0 password\n' }, because: 'The server does not listen on IPv6.' },
    {
      good: "listen_addresses = '{{ listen }}'\nssl = off\n",
      files: { 'pg_hba.conf': 'host all all all password\n' },
      because: 'What a template becomes is not known.',
    },
  ],
  *check(facts) {
    const listen = settingHere(facts, 'listen_addresses');
    const tls = withoutTls(facts);
    const { hba } = facts.cluster;
    if (listen === undefined || tls === undefined || hba === undefined) return;
    const plain = plainRecords(hba);
    const records = methods.flatMap((method) => recordsWith(hba, method))
      .filter((record) => isRemote(record) && record.type.text !== 'hostgssenc' && listensFor(hba, record) !== undefined && plain.has(record))
      .sort((a, b) => a.span.start - b.span.start);
    const [first] = records;
    if (first === undefined) return;
    yield {
      at: listen.value.span,
      message: `${clientsText(first)} sends its password in clear text (pg_hba.conf line ${hba.placeOf(first).line}, no TLS)`,
      ...(facts.trial && { severity: 'medium' as const }),
      related: records.slice(0, mostRelated).map((record) => ({ path: hba.document.path, at: record.method.span, message: 'Asks for the password itself' })),
      fixes: [tls.fix],
    };
  },
});

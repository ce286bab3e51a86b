import { forwardingMethods, plaintextRecords } from '../../facts/hba/admission.ts';
import { requireTls } from '../../facts/hba/access-fixes.ts';
import { clientsText } from '../../facts/hba/address.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'hba',
  severity: 'high',
  title: 'A password that opens other doors crosses the network in clear text',
  why: `With ldap, radius, pam and bsd the client sends the password itself, because the server has to show it to somebody else. On a
connection without TLS everybody on the way reads it, and it usually is the password of the whole company account.`,
  fixing: `Makes the record match connections with TLS only. Switch TLS on in postgresql.conf first (ssl = on, a certificate) and set
sslmode=verify-full in the clients; one that comes without TLS is then judged by the records below.`,
  cwe: [319],
  references: ['https://www.postgresql.org/docs/current/auth-ldap.html', 'https://www.postgresql.org/docs/current/ssl-tcp.html'],
  examples: [
    {
      bad: '«host» all all 10.0.0.0/8 ldap ldapserver=ldap.example.com ldapprefix="uid=" ldaptls=1\n',
      fixed: 'hostssl all all 10.0.0.0/8 ldap ldapserver=ldap.example.com ldapprefix="uid=" ldaptls=1\n',
      because: 'ldaptls protects the way from the server to the directory, not the one from the client to the server.',
    },
    {
      bad: '«hostnossl» all all samenet pam\n«hostnogssenc» all app .example.com bsd\n',
      fixed: 'hostssl all all samenet pam\nhostssl all app .example.com bsd\n',
    },
    {
      bad: '«host» all all 10.0.0.0/8 pam\n', files: { 'postgresql.conf': 'ssl = off\n' },
      because: 'Nobody could log in by a hostssl record: no fix until TLS is on.',
    },
    { good: 'hostssl all all 10.0.0.0/8 pam\nhostgssenc all all 10.0.0.0/8 pam\n', because: 'Both are encrypted.' },
    { good: 'host all all 127.0.0.1/32 pam\nlocal all all pam\n', because: 'The password does not leave the machine.' },
    { good: 'hostnossl all all all reject\nhost all all 10.0.0.0/8 pam\n', because: 'Connections without TLS never get as far as the second record.' },
    { good: 'host all all 10.0.0.0/8 password\n', because: 'There is no need for this method at all; that is hba/password-method.' },
  ],
  *check(facts) {
    for (const record of plaintextRecords(facts)) {
      if (!forwardingMethods.has(record.method.text)) continue;
      yield {
        at: record.type.span,
        message: `${clientsText(record)} may send its password in clear text, readable on the way`,
        fixes: requireTls(facts, record),
      };
    }
  },
});

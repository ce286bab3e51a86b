import { replaceValue, asPlaceholder } from '../../facts/conf/conf-repairs.ts';
import { isEveryInterface, listenAddresses } from '../../facts/conf/listen.ts';
import { isSnakeoil, tlsSettingHere } from '../../facts/conf/tls.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'conf',
  severity: 'low',
  title: 'Certificate that no client can verify',
  why: `Debian makes this certificate for every machine, signed by nobody. Clients can only take it unseen (sslmode=require), and then they take
any other one as well: somebody on the way poses as the server, reads along and gets the passwords. The key is shared by all services
of the machine that are in the group ssl-cert.`,
  fixing: `The fix leaves room for the paths of a certificate and key of your own, best signed by a CA whose certificate your clients have, so that
they can use sslmode=verify-full. The key must belong to postgres or root and be closed to others, or the server does not start.`,
  cwe: [295],
  references: ['https://www.postgresql.org/docs/current/ssl-tcp.html#SSL-CERTIFICATE-CREATION', 'https://www.postgresql.org/docs/current/libpq-ssl.html'],
  examples: [
    {
      bad: "ssl = on\nssl_cert_file = «'/etc/ssl/certs/ssl-cert-snakeoil.pem'»\nssl_key_file = '/etc/ssl/private/ssl-cert-snakeoil.key'\n",
      fixed: "ssl = on\nssl_cert_file = '/etc/postgresql/server.crt'\nssl_key_file = '/etc/postgresql/server.key'\n",
    },
    {
      bad: "listen_addresses = '*'\nssl_key_file = «'/etc/ssl/private/ssl-cert-snakeoil.key'»\n",
      fixed: "listen_addresses = '*'\nssl_key_file = '/etc/postgresql/server.key'\n",
      because: 'The key alone is bad as well, and more so where everybody can connect.',
    },
    { good: "ssl_cert_file = '/etc/ssl/certs/db.example.com.pem'\n", because: 'A certificate of its own.' },
    { good: "ssl = off\nssl_cert_file = '/etc/ssl/certs/ssl-cert-snakeoil.pem'\n", because: 'Without TLS it has no effect.' },
    { good: "#ssl_cert_file = '/etc/ssl/certs/ssl-cert-snakeoil.pem'\n", because: 'A comment sets nothing.' },
  ],
  *check(facts) {
    const files = [
      { setting: tlsSettingHere(facts, 'ssl_cert_file'), own: '/etc/postgresql/server.crt' },
      { setting: tlsSettingHere(facts, 'ssl_key_file'), own: '/etc/postgresql/server.key' },
    ].flatMap(({ setting, own }) => (setting !== undefined && isSnakeoil(setting.value.text) ? [{ value: setting.value, own }] : []));
    const [first] = files;
    if (first === undefined) return;

    yield {
      at: first.value.span,
      message: 'Anybody on the way can pose as this server: no client can verify the snakeoil certificate',
      ...(listenAddresses(facts.settings)?.some(isEveryInterface) && { severity: 'medium' as const }),
      fixes: [{
        title: 'Name a certificate and key of your own', safety: 'review',
        edits: files.map(({ value, own }) => asPlaceholder(replaceValue(value, own), own)),
      }],
    };
  },
});

import { insertLineBelow } from '../../facts/conf/conf-repairs.ts';
import { listensOnlyLocally } from '../../facts/conf/listen.ts';
import { settingHere } from '../../facts/conf/settings.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'conf',
  severity: 'medium',
  title: 'Server listens on the network without TLS',
  why: `TLS is off unless ssl is set to on, and this server listens beyond its own machine: queries, results and, with some authentication
methods, passwords cross the network as plain text. Anyone on the way reads them and can take over the session.`,
  fixing: `The fix adds the line "ssl = on". The server then needs server.crt and server.key in its data directory (or where ssl_cert_file and
ssl_key_file point); it does not start without them, so put them there first.`,
  cwe: [319],
  references: ['https://www.postgresql.org/docs/current/ssl-tcp.html', 'https://www.postgresql.org/docs/current/runtime-config-connection.html#GUC-SSL'],
  examples: [
    { bad: "«listen_addresses» = '*'  # all\nport = 5432\n", fixed: "listen_addresses = '*'  # all\nssl = on\nport = 5432\n" },
    {
      bad: "port = 5432\n#ssl = off\n«listen_addresses» = 'localhost,db.example.com'",
      fixed: "port = 5432\n#ssl = off\nlisten_addresses = 'localhost,db.example.com'\nssl = on",
    },
    { bad: "«listen_addresses» = '*'\r\nport = 5432\r\n", fixed: "listen_addresses = '*'\r\nssl = on\r\nport = 5432\r\n" },
    { good: "listen_addresses = 'localhost, 127.0.0.1, ::1'\n", because: 'Nobody else can connect.' },
    { good: 'port = 5432\n', because: 'Unset means localhost.' },
    { good: "listen_addresses = '*'\ninclude 'tls.conf'\n", because: 'A file that cannot be read may turn it on.' },
    { good: "listen_addresses = '*'\ninclude 'tls.conf'\n", files: { 'tls.conf': 'ssl = on\n' }, because: 'The include turns it on.' },
    { good: "listen_addresses = '*'\n", path: 'conf.d/network.conf', because: 'Another fragment may turn it on.' },
  ],
  *check(facts) {
    const { settings, root, document } = facts;
    const listen = settingHere(facts, 'listen_addresses');
    if (!root || listen === undefined || !settings.complete || settings.get('ssl') !== undefined) return;
    if (listensOnlyLocally(settings) !== false) return;

    yield {
      at: listen.name.span,
      message: 'Clients reach this server over the network, but nothing is encrypted: ssl is off by default',
      fixes: [{ title: 'Turn on TLS (needs server.crt and server.key)', safety: 'review', edits: [insertLineBelow(document, listen.span, 'ssl = on')] }],
    };
  },
});

import { replaceValue } from '../../facts/conf/conf-repairs.ts';
import { listensOnlyLocally } from '../../facts/conf/listen.ts';
import { settingHere } from '../../facts/conf/settings.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'conf',
  severity: 'high',
  title: 'TLS is switched off',
  why: `Without TLS everything that clients and server say to each other crosses the network as plain text: queries, results and, with some
authentication methods, passwords. Anyone on the way reads it and can take over the session. Lines of pg_hba.conf that ask for TLS
(hostssl) match nobody, so that clients fall through to weaker lines.`,
  fixing: `The fix sets ssl to on. The server then needs server.crt and server.key in its data directory (or where ssl_cert_file and ssl_key_file
point); it does not start without them, so put them there first.`,
  cwe: [319],
  references: ['https://www.postgresql.org/docs/current/ssl-tcp.html'],
  examples: [
    { bad: "listen_addresses = '10.0.0.5'\nssl = «off»\n", fixed: "listen_addresses = '10.0.0.5'\nssl = on\n" },
    { bad: "listen_addresses = '*'\nssl «'FALSE'» # later\n", fixed: "listen_addresses = '*'\nssl 'on' # later\n" },
    { bad: 'port = 5432\nssl = «no»\n', fixed: 'port = 5432\nssl = on\n', because: 'Only processes of the same machine can connect, so it counts less.' },
    { good: "listen_addresses = '*'\nssl = off\nssl = on\n", because: 'The last setting wins.' },
    { good: "listen_addresses = '*'\nssl = ${SSL}\n", because: 'What a template becomes is not known.' },
    { good: "listen_addresses = '*'\n#ssl = off\n", because: 'A comment sets nothing; conf/ssl-not-enabled tells about it.' },
  ],
  *check(facts) {
    const setting = settingHere(facts, 'ssl');
    if (setting === undefined || facts.settings.flag('ssl') !== false) return;

    const local = facts.root && listensOnlyLocally(facts.settings) === true;
    yield {
      at: setting.value.span,
      message: local
        ? 'Connections of this machine are not encrypted, nor will others be once it listens to them'
        : 'Everything clients send and receive crosses the network unencrypted',
      ...(local && { severity: 'low' as const }),
      fixes: [{ title: 'Turn on TLS (needs server.crt and server.key)', safety: 'review', edits: [replaceValue(setting.value, 'on')] }],
    };
  },
});

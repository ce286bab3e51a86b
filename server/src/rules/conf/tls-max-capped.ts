import { replaceValue } from '../../facts/conf/conf-repairs.ts';
import { tlsSettingHere } from '../../facts/conf/tls.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'conf',
  severity: 'low',
  title: 'TLS 1.3 is switched off',
  why: `TLS 1.3 hides more of the handshake, always has forward secrecy and left all the weak ciphers behind. With ssl_max_protocol_version at
TLSv1.2 nobody gets it, and a list of ciphers that is too generous counts for every connection.`,
  fixing: 'The fix removes the limit: clients that know TLS 1.3 use it from the next connection on, the others go on with TLS 1.2.',
  cwe: [757],
  references: ['https://www.postgresql.org/docs/current/runtime-config-connection.html#GUC-SSL-MAX-PROTOCOL-VERSION'],
  examples: [
    { bad: "ssl_max_protocol_version = «'TLSv1.2'»  # for the proxy\n", fixed: "ssl_max_protocol_version = ''  # for the proxy\n" },
    { bad: 'ssl = on\nSSL_MAX_PROTOCOL_VERSION = «TLSV1.2»\n', fixed: "ssl = on\nSSL_MAX_PROTOCOL_VERSION = ''\n" },
    { good: "ssl_max_protocol_version = ''\n", because: 'No limit.' },
    { good: 'ssl_max_protocol_version = TLSv1.3\n', because: 'There is no newer version.' },
    { good: 'ssl_max_protocol_version = TLSv1.1\n', because: 'That is for conf/tls-version-old.' },
    { good: 'ssl = off\nssl_max_protocol_version = TLSv1.2\n', because: 'Without TLS it has no effect.' },
  ],
  *check(facts) {
    const setting = tlsSettingHere(facts, 'ssl_max_protocol_version');
    if (setting?.value.text.toLowerCase() !== 'tlsv1.2') return;
    yield {
      at: setting.value.span,
      message: 'No client gets TLS 1.3, even if it knows it',
      fixes: [{ title: 'Allow every newer version of TLS', safety: 'review', edits: [replaceValue(setting.value, '')] }],
    };
  },
});

import { readCiphers } from '../../facts/conf/ciphers.ts';
import { insertSetting, replaceValue } from '../../facts/conf/conf-repairs.ts';
import { unset } from '../../facts/conf/settings.ts';
import { tlsSettingHere } from '../../facts/conf/tls.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'conf',
  severity: 'info',
  presets: ['strict'],
  title: 'TLS ciphers of medium strength are allowed',
  why: `The list that PostgreSQL starts from has MEDIUM in it. With OpenSSL of today that adds next to nothing; with an old one it is RC4, IDEA
and SEED, which nobody needs any more. Auditors ask for a list that says what is meant.`,
  fixing: 'The fix takes the strong ciphers that show a certificate. Look at the column cipher of pg_stat_ssl before, for clients that use others.',
  cwe: [327],
  references: ['https://www.postgresql.org/docs/current/runtime-config-connection.html#GUC-SSL-CIPHERS'],
  examples: [
    {
      bad: "ssl = on\nssl_ciphers = «'HIGH:MEDIUM:+3DES:!aNULL'» # allowed SSL ciphers\n",
      fixed: "ssl = on\nssl_ciphers = 'HIGH:!aNULL:!MD5:!3DES' # allowed SSL ciphers\n",
    },
    {
      bad: "«ssl = on»\n#ssl_ciphers = 'HIGH:MEDIUM:+3DES:!aNULL'\nport = 5432\n",
      fixed: "ssl = on\n#ssl_ciphers = 'HIGH:MEDIUM:+3DES:!aNULL'\nssl_ciphers = 'HIGH:!aNULL:!MD5:!3DES'\nport = 5432\n",
      because: 'Unset means the default.',
    },
    { good: "ssl_ciphers = 'HIGH:!aNULL'\n", because: 'Strong ciphers only.' },
    { good: 'port = 5432\n', because: 'Without TLS there are no ciphers.' },
    { good: 'ssl = on\n', path: 'conf.d/tls.conf', because: 'Another fragment may set the list.' },
    { good: "ssl_ciphers = 'ALL'\n", because: 'That is for conf/weak-ssl-ciphers.' },
  ],
  *check(facts) {
    const message = 'Ciphers of medium strength are allowed, which on old OpenSSL means RC4';
    const title = 'Allow strong ciphers only';
    const strong = 'HIGH:!aNULL:!MD5:!3DES';
    const setting = tlsSettingHere(facts, 'ssl_ciphers');
    const { medium, weak } = readCiphers(setting?.value.text ?? '');
    if (setting !== undefined && medium && weak.length === 0) {
      yield { at: setting.value.span, message, fixes: [{ title, safety: 'review', edits: [replaceValue(setting.value, strong)] }] };
    }
    const at = unset(facts, 'ssl_ciphers');
    if (at === undefined || facts.settings.flag('ssl') !== true) return;
    yield { at, message, fixes: [{ title, safety: 'review', edits: [insertSetting(facts, 'ssl_ciphers', strong)] }] };
  },
});

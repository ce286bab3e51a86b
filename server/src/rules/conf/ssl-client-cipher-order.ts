import { replaceValue } from '../../facts/conf/conf-repairs.ts';
import { flagHere } from '../../facts/conf/settings.ts';
import { tlsSettingHere } from '../../facts/conf/tls.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'conf',
  severity: 'low',
  title: 'Clients choose the TLS cipher',
  why: `With ssl_prefer_server_ciphers off the client's order of ciphers counts, not the one of ssl_ciphers. A client that is old or badly
configured then gets the weakest cipher that the server allows, although both know a better one.`,
  fixing: 'The fix gives the choice back to the server, which is the default. No client is shut out: only the order changes.',
  cwe: [757],
  references: ['https://www.postgresql.org/docs/current/runtime-config-connection.html#GUC-SSL-PREFER-SERVER-CIPHERS'],
  examples: [
    { bad: 'ssl_prefer_server_ciphers = «off»  # faster\n', fixed: 'ssl_prefer_server_ciphers = on  # faster\n' },
    { bad: "ssl = on\nssl_prefer_server_ciphers «'fal'»\n", fixed: "ssl = on\nssl_prefer_server_ciphers 'on'\n" },
    { good: 'ssl_prefer_server_ciphers = on\n', because: 'The default.' },
    { good: 'ssl = off\nssl_prefer_server_ciphers = off\n', because: 'Without TLS it has no effect.' },
    { good: 'ssl_prefer_server_ciphers = off\nssl_prefer_server_ciphers = yes\n', because: 'The last setting wins.' },
  ],
  *check(facts) {
    const setting = tlsSettingHere(facts, 'ssl_prefer_server_ciphers');
    if (setting === undefined || flagHere(facts, 'ssl_prefer_server_ciphers', false) === undefined) return;
    yield {
      at: setting.value.span,
      message: 'A badly configured client gets the weakest cipher that is allowed, not the strongest',
      fixes: [{ title: "Let the server's order decide", safety: 'review', edits: [replaceValue(setting.value, 'on')] }],
    };
  },
});

import { replaceValue } from '../../facts/conf/conf-repairs.ts';
import { isWeakCurve, tlsSettingHere } from '../../facts/conf/tls.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'conf',
  severity: 'low',
  title: 'Key exchange over a weak curve',
  why: `The key of every session comes from this curve. On one with less than 224 bits, or over a binary field, finding the key again from a
recorded handshake is within reach of somebody with means, and with it everything that was said.`,
  fixing: `The fix leaves the other curves of the list, or takes the ones that PostgreSQL starts from. Clients that know no better curve use a
key exchange without one, if ssl_ciphers has it.`,
  cwe: [326],
  references: ['https://www.postgresql.org/docs/current/runtime-config-connection.html#GUC-SSL-GROUPS', 'https://www.rfc-editor.org/rfc/rfc8422'],
  examples: [
    { bad: "ssl_ecdh_curve = «'secp192k1'»\n", fixed: "ssl_ecdh_curve = 'prime256v1'\n", version: 17 },
    {
      bad: 'ssl_ecdh_curve = «sect571r1»  # long\n', fixed: 'ssl_ecdh_curve = prime256v1  # long\n', version: 13,
      because: 'No version of TLS in use asks for a binary curve any more.',
    },
    { bad: "ssl_groups = «'X25519:prime192v1:secp384r1'»\n", fixed: "ssl_groups = 'X25519:secp384r1'\n" },
    { bad: "ssl_ecdh_curve = «'sect163k1'»\n", fixed: "ssl_ecdh_curve = 'X25519:prime256v1'\n", because: '18 still knows the old name.' },
    { good: 'ssl_ecdh_curve = prime256v1\n', version: 17, because: 'The default.' },
    { good: "ssl_groups = 'X25519MLKEM768:X25519:secp384r1:P-256'\n", because: 'All of them are strong.' },
    { good: 'ssl = off\nssl_ecdh_curve = secp192k1\n', version: 17, because: 'Without TLS it has no effect.' },
  ],
  *check(facts) {
    const setting = tlsSettingHere(facts, 'ssl_ecdh_curve');
    const groups = setting?.value.text.split(':') ?? [];
    if (setting === undefined || !groups.some(isWeakCurve)) return;

    const strong = groups.filter((group) => !isWeakCurve(group)).join(':');
    const value = strong || (facts.document.version < 18 ? 'prime256v1' : 'X25519:prime256v1');
    yield {
      at: setting.value.span,
      message: 'The keys of recorded sessions can be found: the key exchange uses a weak curve',
      fixes: [{ title: `Use ${value}`, safety: 'review', edits: [replaceValue(setting.value, value)] }],
    };
  },
});

import { readCiphers, type CipherList, type WeakCipher } from '../../facts/conf/ciphers.ts';
import { replaceValue } from '../../facts/conf/conf-repairs.ts';
import { tlsSettingHere } from '../../facts/conf/tls.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'conf',
  severity: 'high',
  title: 'Weak TLS ciphers are allowed',
  why: `Client and server take the best cipher that both know, so one weak entry in the list is enough for somebody who can steer what the
client offers. Some ciphers encrypt nothing, some show no certificate, and RC4, DES, 3DES and the export ciphers can be decrypted
with effort that is known. Newer OpenSSL left most of them out; what a list admits counts on the machine that still has them, and
@SECLEVEL=0 gets the others back.`,
  fixing: `The fix takes the strong ciphers that show a certificate. Before, look at the column cipher of pg_stat_ssl for clients that use others:
they cannot connect afterwards. TLS 1.3 has a list of its own and is not concerned.`,
  cwe: [327],
  references: [
    'https://www.postgresql.org/docs/current/runtime-config-connection.html#GUC-SSL-CIPHERS',
    'https://docs.openssl.org/master/man1/openssl-ciphers/',
  ],
  examples: [
    { bad: "ssl_ciphers = «'ALL'»\n", fixed: "ssl_ciphers = 'HIGH:!aNULL:!MD5:!3DES'\n" },
    { bad: "ssl_ciphers = «'HIGH:MEDIUM:3DES:!aNULL'»  # all clients\n", fixed: "ssl_ciphers = 'HIGH:!aNULL:!MD5:!3DES'  # all clients\n" },
    { bad: "ssl_ciphers = «'HIGH:eNULL'»\n", fixed: "ssl_ciphers = 'HIGH:!aNULL:!MD5:!3DES'\n" },
    { bad: "ssl_ciphers = «'ECDHE-RSA-AES128-GCM-SHA256 RC4-SHA'»\n", fixed: "ssl_ciphers = 'HIGH:!aNULL:!MD5:!3DES'\n" },
    {
      bad: "ssl_ciphers = «'DEFAULT@SECLEVEL=0'»\n", fixed: "ssl_ciphers = 'HIGH:!aNULL:!MD5:!3DES'\n",
      because: 'Level 0 admits keys and signatures of any weakness.',
    },
    {
      bad: "ssl_ciphers = «'HIGH:!aNULL:@SECLEVEL=1'»\n", fixed: "ssl_ciphers = 'HIGH:!aNULL:!MD5:!3DES'\n",
      because: 'Where OpenSSL starts from level 2 that is a step back; it counts less.',
    },
    { good: "ssl_ciphers = 'HIGH:MEDIUM:+3DES:!aNULL'\n", because: 'The default: +3DES puts last what is there and brings in nothing.' },
    { good: "ssl_ciphers = 'ALL:!aNULL:!eNULL:!LOW:!EXPORT:!RC4:!3DES:!MD5'\n", because: 'What ! forbids is out.' },
    { good: "ssl_ciphers = '!3DES:HIGH:3DES'\n", because: 'What is forbidden does not come back.' },
    { good: "ssl_ciphers = 'ECDHE+AESGCM:ECDHE+CHACHA20'\n", because: 'Nothing but strong ciphers.' },
    { good: "ssl = off\nssl_ciphers = 'ALL'\n", because: 'Without TLS it has no effect; conf/ssl-off tells about that.' },
    { good: "ssl_ciphers = 'ALL'\nssl_ciphers = 'HIGH:!aNULL'\n", because: 'The last setting wins.' },
    { good: "ssl_ciphers = '{{ ciphers }}:RC4'\n", because: 'What a template becomes is not known.' },
  ],
  *check(facts) {
    const setting = tlsSettingHere(facts, 'ssl_ciphers');
    const list = readCiphers(setting?.value.text ?? '');
    const message = problemOf(list);
    if (setting === undefined || message === undefined) return;
    yield {
      at: setting.value.span,
      message,
      // What OpenSSL 3.0 itself starts from.
      ...(list.weak.length === 0 && list.securityLevel === 1 && { severity: 'medium' as const }),
      fixes: [
        { title: 'Allow strong ciphers only', safety: 'review', edits: [replaceValue(setting.value, 'HIGH:!aNULL:!MD5:!3DES')] },
        {
          title: 'Allow strong ciphers with forward secrecy only', safety: 'review',
          edits: [replaceValue(setting.value, 'ECDHE+AESGCM:ECDHE+CHACHA20:DHE+AESGCM:!aNULL')],
        },
      ],
    };
  },
});

function problemOf({ weak, securityLevel }: CipherList): string | undefined {
  if (weak.includes('NULL')) return 'A session may be left unencrypted: the list has ciphers that encrypt nothing';
  if (weak.includes('ADH') || weak.includes('AECDH')) return 'Anybody on the way can pose as this server: the list has ciphers without a certificate';
  if (weak.length > 0) return `Sessions can be decrypted where OpenSSL still has these ciphers: ${weak.map((kind) => spoken[kind]).join(', ')}`;
  if (securityLevel === 0) return 'Keys and signatures of any weakness are accepted: the security level is 0';
  return securityLevel === 1 ? 'Short keys are accepted: the security level is 1, not the usual 2' : undefined;
}

const spoken: Readonly<Record<WeakCipher, string>> = {
  NULL: 'no encryption', ADH: 'no certificate', AECDH: 'no certificate', EXPORT: 'export ciphers', DES: 'DES', RC4: 'RC4', MD5: 'MD5', '3DES': '3DES',
};

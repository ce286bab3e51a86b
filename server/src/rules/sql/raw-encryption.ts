import { callsOf } from '../../facts/sql/calls.ts';
import { isSamplePath } from '../../facts/place.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'sql',
  severity: 'medium',
  title: 'Raw encryption shows what is equal and notices no change',
  why: `encrypt() uses the key as it is and an initialisation vector of zeros, so equal rows have equal ciphertext, and with ecb even equal blocks within a row. \
Nothing notices when somebody changes or swaps ciphertexts, and a weak passphrase is tried out fast.`,
  cwe: [327, 329],
  references: ['https://www.postgresql.org/docs/current/pgcrypto.html#PGCRYPTO-RAW-ENC-FUNCS', 'https://www.postgresql.org/docs/current/pgcrypto.html#PGCRYPTO-PGP-ENC-FUNCS'],
  examples: [
    { bad: "UPDATE app.people SET iban = «encrypt»(iban_clear, key, 'aes');\n", good: 'UPDATE app.people SET iban = pgp_sym_encrypt_bytea(iban_clear, passphrase);\n', because: 'Encrypt what is stored again: the formats differ.' },
    { bad: "SELECT public.«encrypt»(data, key, 'aes-ecb/pad:pkcs');\n", because: 'Equal blocks look equal: high.' },
    { bad: "SELECT convert_from(«decrypt»(iban, key, 'bf'), 'utf8') FROM app.people;\n" },
    { bad: "SELECT «encrypt_iv»(data, key, iv, 'aes-ecb');\n", because: 'With ecb the vector counts for nothing: high.' },
    { good: "SELECT encrypt_iv(data, key, gen_random_bytes(16), 'aes');\nSELECT pgp_sym_encrypt('a', passphrase);\n" },
    { good: "SELECT app.encrypt(data, key, 'aes');\nSELECT encrypt(data, 'main');\nSELECT encrypt(data, 'a', 'b');\n", because: 'Other functions have that name too.' },
    { good: "CREATE FUNCTION encrypt(a bytea, b bytea, c text) RETURNS bytea LANGUAGE c AS 'MODULE_PATHNAME';\n" },
    { good: "SELECT encrypt('a', 'k', 'aes');\n", path: 'sql/expected/rijndael.sql' },
  ],
  *check(facts) {
    if (isSamplePath(facts.document)) return;
    for (const { command, call } of callsOf(facts, ['encrypt', 'decrypt', 'encrypt_iv', 'decrypt_iv'])) {
      const vector = call.name.endsWith('_iv');
      const method = call.arguments[vector ? 3 : 2]?.literal?.value.toLowerCase();
      if (method === undefined || !/^(aes|bf|blowfish|des|3des|cast5)\d*(-(cbc|ecb|cfb))?(\/pad:\w+)?$/.test(method)) continue;
      if (!/^(public|extensions|pgcrypto|)$/.test(call.schema ?? '')) continue;
      const ecb = method.includes('-ecb');
      if (vector && !ecb) continue;
      yield {
        at: command.inFile({ start: call.at.end - lengthOfName(command.written.text.slice(call.at.start, call.at.end)), end: call.at.end }),
        ...(ecb && { severity: 'high' as const }),
        message: ecb ? 'Equal parts of the clear text are equal in the ciphertext, for everybody to see' : 'Rows with equal values have equal ciphertext, and nobody notices changes to it',
      };
    }
  },
});

function lengthOfName(written: string): number {
  return written.length - written.lastIndexOf('.') - 1;
}

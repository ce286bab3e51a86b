import { callsIn, callsOf, type Argument } from '../../facts/sql/calls.ts';
import { isSamplePath } from '../../facts/place.ts';
import { isSecret } from '../../facts/secrets.ts';
import type { Literal } from '../../facts/sql/sql-literals.ts';
import { literalOf } from '../../facts/sql/sql-literals.ts';
import type { SqlCommand } from '../../facts/sql/sql-commands.ts';
import { defineRule, type Fix } from '../rule.ts';

const setting = "current_setting('app.encryption_key')";
const keyed = [
  'pgp_sym_encrypt', 'pgp_sym_decrypt', 'pgp_sym_encrypt_bytea', 'pgp_sym_decrypt_bytea',
  'encrypt', 'decrypt', 'encrypt_iv', 'decrypt_iv', 'hmac',
];

export default defineRule({
  language: 'sql',
  severity: 'high',
  title: 'Encryption key is written in the code',
  why: `The key lies beside what it protects: in this file and its history, and where it stands in a function every role of the database reads the body in pg_proc. \
Whoever gets a copy of the data mostly gets the key with it.`,
  fixing: `The fix takes the key from a setting that the application sets after it connects (SET LOCAL app.encryption_key). Take it from a vault there, \
and encrypt what is stored again with a new key, because this one was readable.`,
  cwe: [321],
  references: ['https://www.postgresql.org/docs/current/pgcrypto.html#PGCRYPTO-NOTES', 'https://www.postgresql.org/docs/current/functions-admin.html#FUNCTIONS-ADMIN-SET'],
  examples: [
    { bad: "SELECT pgp_sym_decrypt(iban, «'Xq7!mmP2z'») FROM app.people;\n", fixed: "SELECT pgp_sym_decrypt(iban, current_setting('app.encryption_key')) FROM app.people;\n" },
    {
      bad: "CREATE FUNCTION app.seal(t text) RETURNS bytea LANGUAGE sql AS 'SELECT pgp_sym_encrypt(t, «''Xq7!mmP2z''»)';\n",
      fixed: "CREATE FUNCTION app.seal(t text) RETURNS bytea LANGUAGE sql AS 'SELECT pgp_sym_encrypt(t, current_setting(''app.encryption_key''))';\n",
      because: 'Every role reads the body.',
    },
    { bad: "SELECT encrypt_iv(data, «'0123456789abcdeF'»::bytea, iv, 'aes');\n", fixed: "SELECT encrypt_iv(data, current_setting('app.encryption_key')::bytea, iv, 'aes');\n" },
    { bad: "SELECT hmac(body, decode(«'9f86d081884c7d65'», 'hex'), 'sha256');\n", fixed: "SELECT hmac(body, decode(current_setting('app.encryption_key'), 'hex'), 'sha256');\n" },
    { good: "SELECT pgp_sym_decrypt(iban, current_setting('app.key'));\nSELECT pgp_sym_decrypt(iban, :'key');\nSELECT pgp_sym_encrypt('some text', app.key());\n" },
    { good: "SELECT pgp_sym_decrypt(iban, '${IBAN_KEY}');\nSELECT pgp_sym_decrypt(iban, '<your key>');\n", because: 'What will be put there is not known.' },
    { good: "SELECT encrypt(data, 'main', 'pad');\nSELECT app.hmac(body, 'tag-17', 'x');\n", because: 'Other functions have these names too.' },
    { good: "SELECT pgp_sym_encrypt('a', 'Xq7!mmP2z');\n", path: 'docs/pgcrypto.sql', because: 'It shows how the function is called.' },
  ],
  *check(facts) {
    if (isSamplePath(facts.document)) return;
    for (const { command, call } of callsOf(facts, keyed)) {
      if (!/^(public|extensions|pgcrypto|)$/.test(call.schema ?? '') || !isKnown(call.name, call.arguments)) continue;
      const key = call.arguments[1] && literalIn(call.arguments[1], command);
      if (!key || !isSecret(key.value)) continue;
      yield {
        at: command.inFile(key),
        message: command.inside === 'routine' ? 'Every role reads this key in pg_proc, and with it what is encrypted' : 'Who reads this file can decrypt or forge what this key protects',
        fixes: fromSetting(command, key),
      };
    }
  },
});

/** Its last argument names a method, which tells pgcrypto's functions from others of that name. */
function isKnown(name: string, parts: readonly Argument[]): boolean {
  if (name.startsWith('pgp_')) return true;
  const method = parts.at(-1)?.literal?.value ?? '';
  return name === 'hmac' ? /^(md5|sha\d+)$/i.test(method) : /^(aes|bf|blowfish|des|3des|cast5)/i.test(method);
}

/** The key itself, or the constant that decode() or convert_to() makes it of. */
function literalIn(argument: Argument, { written }: SqlCommand): Literal | undefined {
  if (argument.literal) return argument.literal;
  const call = callsIn(written).find(({ span, name }) => span.start === argument.start && span.end === argument.end && /^(decode|convert_to|digest)$/.test(name));
  return literalOf(call?.arguments[0]?.literal ? call.arguments[0].tokens[0] : undefined, written.text);
}

function fromSetting(command: SqlCommand, key: Literal): Fix[] {
  const text = command.quote(setting);
  return text === undefined ? [] : [{ title: 'Take the key from a setting of the session', safety: 'review', edits: [{ span: command.inFile(key), text }] }];
}

import { expect, test } from 'vitest';
import { excerpts } from '../../server/src/report/excerpt.ts';
import { withoutSecrets } from '../../server/src/report/hidden.ts';
import { noFiles, type Document } from '../../server/src/document.ts';

test.each([
  ["CREATE ROLE a PASSWORD 'Tr0ub4dor' SUPERUSER", "CREATE ROLE a PASSWORD '*********' SUPERUSER"],
  ["ALTER ROLE a ENCRYPTED PASSWORD E'it''s'", "ALTER ROLE a ENCRYPTED PASSWORD E'*****'"],
  ["OPTIONS (user 'app', password 'hunter2')", "OPTIONS (user 'app', password '*******')"],
  ["primary_conninfo = 'host=db user=r password=hunter2'", "primary_conninfo = 'host=db user=r password=*******'"],
  ["dblink('postgresql://app:hunter2@db/app')", "dblink('postgresql://app:*******@db/app')"],
  ['host all all all ldap ldapbindpasswd="hunter 2" ldaptls=1', 'host all all all ldap ldapbindpasswd="********" ldaptls=1'],
  ["archive_command = 'PGPASSWORD=hunter2 backup %p'", "archive_command = 'PGPASSWORD=******* backup %p'"],
])('%s is shown without its secret', (code, shown) => expect(withoutSecrets(code)).toBe(shown));

test.each([
  "password_encryption = 'scram-sha-256'",
  "ssl_passphrase_command = '/usr/bin/ask'",
  'ALTER ROLE a PASSWORD NULL; SELECT \'x\'',
  "CREATE ROLE a PASSWORD :'app_password'",
  "INSERT INTO users (password) VALUES (crypt(given, gen_salt('bf')))",
  "UPDATE users SET password=crypt(given, gen_salt('bf'))",
  "IF password = '' THEN method := 'none'; END IF",
  'host all all 10.0.0.0/8 password',
  "COMMENT ON COLUMN users.password IS 'a hash'",
  'conninfo = "host=db password=$PGPASSWORD"',
])('%s stays as it is', (code) => expect(withoutSecrets(code)).toBe(code));

test('what a rule about keys marks is hidden, wherever the line is cut', () => {
  const text = `SELECT ${'1, '.repeat(80)} pgp_sym_encrypt(note, 'correct horse') FROM notes WHERE password = 'battery staple';\n`;
  const document: Document = { path: 'a.sql', text, language: 'sql', version: 18, files: noFiles };
  const start = text.indexOf("'correct");
  const { before, marked, after } = excerpts(document)({ start, end: start + "'correct horse'".length }, 'sql/hardcoded-encryption-key');
  expect(marked).toBe("'*************'");
  expect(before + marked + after).not.toMatch(/correct|battery|staple/);
});

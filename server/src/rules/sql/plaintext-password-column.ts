import { isDump } from '../../facts/sql/dumps.ts';
import { isSamplePath } from '../../facts/place.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'sql',
  severity: 'info',
  title: 'Column that may hold passwords in clear text',
  presets: ['strict'],
  why: `A column called password takes whatever is written into it. When one way into it forgets to hash, the passwords of users lie in the table, in its \
backups and in the log, and people use one password in many places.`,
  cwe: [256],
  references: ['https://www.postgresql.org/docs/current/pgcrypto.html#PGCRYPTO-PASSWORD-HASHING-FUNCS'],
  examples: [
    { bad: 'CREATE TABLE app.users (id int, «password» text NOT NULL);\n', good: "CREATE TABLE app.users (id int, password text NOT NULL CHECK (password LIKE '$2_$%'));\n", because: 'Only hashes get in.' },
    { bad: 'ALTER TABLE app.users ADD COLUMN IF NOT EXISTS «"passwd"» varchar(200);\n', good: 'ALTER TABLE app.users ADD COLUMN IF NOT EXISTS passwd_hash varchar(200);\n' },
    { good: 'CREATE TABLE app.users (password_hash text, password_changed timestamptz, has_password bool);\n' },
    { good: 'CREATE TABLE app.users (password bytea, pwd int);\nCREATE VIEW v AS SELECT password FROM app.users;\n', because: 'Only text takes a password as it is typed.' },
    { good: 'CREATE TABLE app.users (password char(60), passwd varchar(60));\n', because: 'That is the length of a bcrypt hash.' },
    { good: "CREATE TABLE app.users (password text);\nCREATE TRIGGER hash BEFORE INSERT OR UPDATE ON app.users FOR EACH ROW EXECUTE FUNCTION app.hash_password();\n", because: 'A trigger may hash it.' },
    { good: "CREATE TABLE app.users (password text);\nCOMMENT ON COLUMN app.users.password IS 'bcrypt hash';\n", because: 'A comment says that it is a hash.' },
    { good: 'CREATE TEMP TABLE import (password text);\nCREATE FOREIGN TABLE f (password text) SERVER s;\n', because: 'Nothing is kept here.' },
  ],
  *check(facts) {
    const { document, objects } = facts;
    if (!/\b(password|passwd|pwd)\b/i.test(document.text) || isDump(document) || isSamplePath(document)) return;
    for (const { kind, temporary, columns, triggers } of objects.relations) {
      if (kind !== 'table' || temporary || triggers.length > 0) continue;
      for (const { name, type, written, place } of columns) {
        if (!facts.here(place) || !/^(\w+_)?(password|passwd|pwd)$/.test(name) || !/^(text|varchar|bpchar)$/.test(type)) continue;
        // The lengths of hashes; a check or a comment that speaks of the column.
        if (/\((32|40|60|64|128)\)/.test(written.replace(/\s/g, '')) || isExplained(document.text, name)) continue;
        yield { at: place.at, message: 'Passwords lie here as they are typed, unless every way into this column hashes them' };
      }
    }
  },
});

function isExplained(text: string, column: string): boolean {
  return new RegExp(`\\bcheck\\s*\\([^;]*\\b${column}\\b|\\bcomment\\s+on\\s+column\\s+[^;]*\\b${column}\\b[^;]*(hash|crypt|scram|digest|argon)`, 'i').test(text);
}

import { Cursor } from '../../facts/cursor.ts';
import { isDump } from '../../facts/dumps.ts';
import { isSamplePath } from '../../facts/place.ts';
import { nameOf, splitAtCommas } from '../../facts/tokens.ts';
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
  *check({ commands, document }) {
    if (!/\b(password|passwd|pwd)\b/i.test(document.text) || isDump(document) || isSamplePath(document.path)) return;
    for (const command of commands) {
      const cursor = Cursor.over(command.written);
      const alters = cursor.take('ALTER', 'TABLE');
      if (!alters && !cursor.take('CREATE', 'TABLE') && !cursor.take('CREATE', 'UNLOGGED', 'TABLE')) continue;
      const table = /^(?:if\s+(?:not\s+)?exists\s+)?(?:only\s+)?(?:[\w"]+\.)?"?(\w+)/i.exec(cursor.text.slice(cursor.token()?.start))?.[1];
      if (table === undefined || isMended(document.text, table)) continue;
      for (const definition of definitions(cursor, alters)) {
        const [name, ...rest] = definition;
        const type = rest.map((token) => cursor.of(token)).join(' ');
        if (!/^(\w+_)?(password|passwd|pwd)$/.test(nameOf(name, cursor.text)) || !/^(text|varchar|character varying|char|character)\b/i.test(type)) continue;
        if (/\bcheck\b|^\w+( varying)? \( (60|128|40|32|64) \)/i.test(type)) continue;
        yield { at: command.inFile(name!), message: 'Passwords lie here as they are typed, unless every way into this column hashes them' };
      }
    }
  },
});

function definitions(cursor: Cursor, alters: boolean) {
  if (!alters) {
    const open = cursor.tokens.findIndex((token) => cursor.of(token) === '(');
    return open < 0 ? [] : splitAtCommas(cursor.tokens.slice(open + 1, -1), cursor.text);
  }
  return splitAtCommas(cursor.tokens.slice(cursor.index), cursor.text).flatMap((action) => {
    const add = action.findIndex((token) => /^add$/i.test(cursor.of(token)));
    const rest = action.slice(add + 1).filter((token, i, all) => !(i === 0 && /^column$/i.test(cursor.of(token))) || all.length === 1);
    const named = /^if$/i.test(rest[0] ? cursor.of(rest[0]) : '') ? rest.slice(3) : rest;
    return add < 0 ? [] : [named];
  });
}

/** A trigger on the table, or words that speak of hashes in what is said of the table. */
function isMended(text: string, table: string): boolean {
  return new RegExp(`\\bcreate\\s+(or\\s+replace\\s+)?(constraint\\s+)?trigger\\b[^;]*\\bon\\s+("?\\w+"?\\.)?"?${table}\\b|\\bcomment\\s+on\\s+column\\s+[^;]*\\b${table}\\b[^;]*(hash|crypt|scram|digest|argon)`, 'i').test(text);
}

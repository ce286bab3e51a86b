import { isSamplePath } from '../../facts/place.ts';
import { findSecret } from '../../facts/sql/secret-patterns.ts';
import { shift } from '../../text.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'sql',
  severity: 'medium',
  title: 'Secret in the body of a routine',
  why: `Every role that can log in reads the bodies of all functions and procedures in pg_proc, also of those that it may not execute. A key or a token \
in there is open to each of them, to every dump and to whoever reads this file.`,
  cwe: [798, 540],
  references: ['https://www.postgresql.org/docs/current/catalog-pg-proc.html'],
  examples: [
    {
      bad: "CREATE FUNCTION app.charge() RETURNS void LANGUAGE sql AS $$ SELECT http_post('https://pay.example', '«AKIA2E0A8F3B244C9986»') $$;\n",
      good: "CREATE FUNCTION app.charge() RETURNS void LANGUAGE sql AS $$ SELECT http_post('https://pay.example', (SELECT value FROM app.keys WHERE name = 'pay')) $$;\n",
      because: 'A table has privileges; change the key, because it was readable here.',
    },
    { bad: 'CREATE FUNCTION app.f() RETURNS int LANGUAGE plpython3u AS $$\nkey = "«AKIA2E0A8F3B244C9986»"\nreturn 1 $$;\n' },
    { good: 'CREATE FUNCTION app.login(password text) RETURNS bool LANGUAGE sql AS $$ SELECT hash = crypt(password, hash) FROM app.users $$;\n' },
    { good: "CREATE FUNCTION app.f() RETURNS text LANGUAGE sql AS $$ SELECT 'AKIAIOSFODNN7EXAMPLE' $$;\n", because: 'This one is made for documentation.' },
    { good: "CREATE FUNCTION app.f(x text) RETURNS void LANGUAGE plpgsql AS $$ BEGIN EXECUTE format('ALTER ROLE a PASSWORD %L', x); END $$;\n" },
    { good: "CREATE FUNCTION app.f() RETURNS text LANGUAGE sql AS $$ SELECT 'AKIA2E0A8F3B244C9986' $$;\n", path: 'tests/f.sql' },
  ],
  *check({ file, document }) {
    if (isSamplePath(document.path)) return;
    for (const { span, written } of file.statements) {
      if (!/^CREATE (OR REPLACE )?(FUNCTION|PROCEDURE)$/.test(written.head) || !written.body) continue;
      const secret = findSecret(written.body.text);
      // Connection strings and passwords in them have rules of their own.
      if (!secret || secret.what === 'a password') continue;
      yield { at: shift(written.body.inStatement(secret.at), span.start), message: `Every role that can log in reads ${secret.what} in the body of this routine` };
    }
  },
});

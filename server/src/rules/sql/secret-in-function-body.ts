import { isSamplePath } from '../../facts/place.ts';
import { findSecret } from '../../facts/sql/secret-patterns.ts';
import type { StatementText } from '../../syntax/sql/statements.ts';
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
    {
      bad: "SELECT cron.schedule('send', '* * * * *', $$ SELECT net.http_post('https://a.example', headers := '{\"Authorization\": \"Bearer «eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJpc3MiOiJzdXBhYmFzZSIsInJvbGUiOiJzZXJ2aWNlX3JvbGUiLCJleHAiOjIwMDAwMDAwMDB9.Qw7rT2zX9vB4nM6kL1pS8dF3gH5jK0aYcE»\"}') $$);\n",
      because: 'With this token of Supabase every row can be read and written: high. A job and a trigger keep their text as well.',
    },
    {
      bad: "CREATE TRIGGER t AFTER INSERT ON d FOR EACH ROW EXECUTE FUNCTION supabase_functions.http_request('https://a.example', 'POST', '{\"Authorization\":\"Bearer «eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJpc3MiOiJzdXBhYmFzZSIsInJvbGUiOiJzZXJ2aWNlX3JvbGUiLCJleHAiOjIwMDAwMDAwMDB9.Qw7rT2zX9vB4nM6kL1pS8dF3gH5jK0aYcE»\"}');\n",
    },
    {
      good: "SELECT cron.schedule('send', '* * * * *', $$ SELECT net.http_post('https://a.example', headers := '{\"apikey\": \"eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJpc3MiOiJzdXBhYmFzZSIsInJvbGUiOiJhbm9uIiwiZXhwIjoyMDAwMDAwMDAwfQ.Qw7rT2zX9vB4nM6kL1pS8dF3gH5jK0aYcE\"}') $$);\n",
      because: 'Every browser gets the token of the role anon.',
    },
    { good: 'CREATE FUNCTION app.login(password text) RETURNS bool LANGUAGE sql AS $$ SELECT hash = crypt(password, hash) FROM app.users $$;\n' },
    { good: "CREATE FUNCTION app.f() RETURNS text LANGUAGE sql AS $$ SELECT 'AKIAIOSFODNN7EXAMPLE' $$;\n", because: 'This one is made for documentation.' },
    { good: "CREATE FUNCTION app.f(x text) RETURNS void LANGUAGE plpgsql AS $$ BEGIN EXECUTE format('ALTER ROLE a PASSWORD %L', x); END $$;\n" },
    { good: "CREATE FUNCTION app.f() RETURNS text LANGUAGE sql AS $$ SELECT 'AKIA2E0A8F3B244C9986' $$;\n", path: 'tests/f.sql' },
  ],
  *check({ file, document }) {
    if (isSamplePath(document)) return;
    for (const { span, written } of file.statements) {
      const kind = kindOf(written);
      if (kind === undefined) continue;
      const secret = findSecret(written.body?.text ?? written.text);
      // Connection strings and passwords in them have rules of their own.
      if (!secret || secret.what === 'a password') continue;
      yield {
        at: shift(written.body?.inStatement(secret.at) ?? secret.at, span.start),
        ...(secret.everything && { severity: 'high' as const }),
        message: `Every role that can log in reads ${secret.what} in ${kind}`,
      };
    }
  },
});

/** What the server keeps the text of. */
function kindOf({ head, text, body }: StatementText): string | undefined {
  if (/^CREATE (OR REPLACE )?(FUNCTION|PROCEDURE)$/.test(head)) return body && 'the body of this routine';
  if (/^CREATE (OR REPLACE )?(CONSTRAINT )?TRIGGER$/.test(head)) return 'the arguments of this trigger';
  return /\bcron\s*\.\s*schedule(_in_database)?\s*\(/i.test(text) ? 'the command of this job' : undefined;
}

import { Cursor } from '../../facts/sql/cursor.ts';
import { anyWriting, comesLater } from '../../facts/sql/later-text.ts';
import { isSamplePath } from '../../facts/place.ts';
import { findSecret } from '../../facts/sql/secret-patterns.ts';
import { literalOf } from '../../facts/sql/sql-literals.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'sql',
  severity: 'medium',
  title: 'Secret in the comment on an object',
  why: `Comments on tables, columns, functions and databases are readable by every role that can log in, whatever it may do with the object, \
and tools for schema documentation publish them.`,
  fixing: 'The fix takes the comment away; the secret is in the history of this file, so change it.',
  cwe: [798, 615],
  references: ['https://www.postgresql.org/docs/current/sql-comment.html'],
  examples: [
    { bad: "COMMENT ON TABLE app.jobs IS «'worker logs in with password=k7#pQ2xv'»;\n", fixed: 'COMMENT ON TABLE app.jobs IS NULL;\n' },
    { bad: "COMMENT ON FUNCTION app.mail() IS\n  «'key: AKIA2E0A8F3B244C9986'»;\n", fixed: 'COMMENT ON FUNCTION app.mail() IS\n  NULL;\n' },
    { bad: "COMMENT ON DATABASE app IS «$$postgresql://app:k7#pQ2xv@db1/app$$»;\n", fixed: 'COMMENT ON DATABASE app IS NULL;\n' },
    { good: "COMMENT ON COLUMN app.users.password IS 'password: bcrypt hash';\nCOMMENT ON COLUMN app.users.token IS 'token of the session';\n" },
    { good: "COMMENT ON SERVER sales IS 'OPTIONS (password=<password>)';\nCOMMENT ON TABLE app.t IS NULL;\n" },
    { good: "COMMENT ON TABLE app.jobs IS 'password=k7#pQ2xv';\ncomment on table app.jobs\n  is 'jobs';\n", because: 'A later comment takes its place.' },
    { good: "-- worker logs in with password=k7#pQ2xv\nSELECT 1;\n", because: 'Comments of the file do not get into the database.' },
    { good: "COMMENT ON TABLE app.jobs IS 'password=k7#pQ2xv';\n", path: 'docs/comments.sql' },
  ],
  *check(facts) {
    const { commands, document } = facts;
    if (!/\bcomment\s+on\b/i.test(document.text) || isSamplePath(document)) return;
    for (const command of commands) {
      if (!/^\s*comment\s+on\b/i.test(command.written.text)) continue;
      const cursor = Cursor.over(command.written);
      const literal = literalOf(cursor.tokens.at(-1), cursor.text);
      const secret = literal && findSecret(literal.value);
      if (!secret) continue;
      const at = command.inFile(literal);
      const target = cursor.text.slice(0, literal.start).trim();
      if (command.inside === 'file' && comesLater(facts, command.statement, new RegExp(anyWriting(target), 'i'))) continue;
      const statements = command.inside === 'file' ? [`${target} NULL;`] : [];
      yield { at, message: `Every role that can log in reads ${secret.what} in this comment`, fixes: [{ title: 'Take the comment away', safety: 'review', edits: [{ span: at, text: 'NULL' }], statements }] };
    }
  },
});

import { defineRule } from '../rule.ts';
import { syntaxErrors } from '../../facts/sql/syntax-errors.ts';

export default defineRule({
  language: 'sql',
  severity: 'low',
  title: 'Statement that PostgreSQL rejects',
  why: 'PostgreSQL cannot read the statement, so it does nothing: a REVOKE or a policy that was meant to protect something is not there. '
    + 'What does not parse is not looked at by the other rules either.',
  cwe: [],
  references: ['https://www.postgresql.org/docs/current/sql-syntax.html'],
  examples: [
    {
      bad: 'CREATE EXTENSION pgcrypto;\nREVOKE ALL «FROM» FUNCTION app.f(text) ON PUBLIC;\nCREATE TABLE app.t (id int);',
      good: 'CREATE EXTENSION pgcrypto;\nREVOKE ALL ON FUNCTION app.f(text) FROM PUBLIC;\nCREATE TABLE app.t (id int);',
    },
    {
      bad: 'CREATE TABLE t (id int,\n  name «text»\n;',
      good: 'CREATE TABLE t (id int,\n  name text\n);',
      path: 'schema.pgsql',
      because: 'The name of the file says whose it is.',
    },
    {
      bad: 'ALTER TABLE app.t ENABLE ROW LEVEL SECURITY «USING» (true);',
      path: 'supabase/migrations/20240101000000_t.sql',
      files: { '20230101000000_a.sql': 'CREATE TABLE app.t (id int);' },
      because: 'Such a project has no other database.',
    },
    {
      good: 'CREATE TABLE app.t (id int);\nSELECT TOP 5 * FROM app.t;',
      because: 'Nothing tells that this is written for PostgreSQL.',
    },
    {
      good: "SELECT '1'::int;\nCREATE TABLE t (id int) DISTKEY (id);",
      because: 'This is written for a relative of PostgreSQL.',
    },
    {
      good: "SELECT now()::date;\nSELECT * FROM {{ table }} WHERE;\nGRANT SELECT ON :tables ON app;\nSELECT * FROM t WHERE id = ? AND;",
      because: 'What is filled in later can be anything.',
    },
  ],
  *check({ file, document }) {
    for (const { at, message, atEnd } of syntaxErrors(file, document)) {
      const reason = message !== 'syntax error' ? message : atEnd ? 'something is missing behind this' : 'it does not expect this here';
      yield { at, message: `PostgreSQL rejects this statement: ${reason}`.slice(0, 110) };
    }
  },
});

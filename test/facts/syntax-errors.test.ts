import { beforeAll, expect, test } from 'vitest';
import { newestVersion, noFiles, type Document } from '../../server/src/document.ts';
import { syntaxErrors } from '../../server/src/facts/syntax-errors.ts';
import { loadPostgresFromDisk } from '../../server/src/node-wasm.ts';
import { splitStatements } from '../../server/src/syntax/sql/statements.ts';

beforeAll(loadPostgresFromDisk);

/** The words at which PostgreSQL gives up. */
function errors(text: string, more: Partial<Document> = { surelyPostgres: true }): string[] {
  const document: Document = { path: 'a.sql', text, language: 'sql', version: newestVersion, files: noFiles, ...more };
  return syntaxErrors(splitStatements(text), document).map(({ at }) => text.slice(at.start, at.end));
}

const good = "SELECT '1'::int;\nCREATE TABLE a (id int);\nCREATE TABLE b (id int);\n";

test.each([
  ['a word too many', `${good}CREATE TABLE TABLE c (id int);`, ['TABLE']],
  ['an end that comes too early', `${good}GRANT SELECT ON`, ['ON']],
  ['a quote that nobody closes', `CREATE TABLE c (d text DEFAULT 'x);\n${good}`, ['1']],
  ['a parenthesis that nobody closes', `CREATE TABLE c (id int;\n${good}`, ['int']],
  ['a body that nobody closes', `CREATE FUNCTION f() RETURNS int LANGUAGE sql AS $$ SELECT 1;\n${good}`, [`$$ SELECT 1;\n${good}`]],
  ['a statement without its semicolon', `GRANT SELECT ON a TO b\n${good}`, ['SELECT']],
  ['texts that are not English', "SELECT 'ä😀' FROM FROM a;", ['FROM']],
])('%s is one error', (_name, text, expected) => {
  expect(errors(text)).toEqual(expected);
});

test.each([
  ['a psql variable', 'GRANT SELECT ON :tables TO ON;'], ['psql variables in brackets', 'SELECT ARRAY[:a, :b] FROM ON;'], ['psql branches', '\\if :x\nCREATE TABLE a (\n\\else\nCREATE TABLE b (\n\\endif\nid int);'],
  ['Jinja', '{% for x in y %}\nSELECT 1\n{% endfor %}\nFROM FROM b;'], ['a Python parameter', 'SELECT a FROM b WHERE c = %(c)s;'], ['a JDBC parameter', 'SELECT a FROM b WHERE c = ? LIMIT 1;'],
  ['MyBatis', 'SELECT a FROM b WHERE c = #{c};'], ['the preprocessor of C', '#include "a.sql"\nSELECT 1;'], ['what a person left out', 'CREATE TABLE a (id int, ...);'],
  ['data', 'COPY a FROM stdin;\n1\tSELECT FROM FROM;\n\\.\nSELECT 1;'], ['T-SQL', 'SELECT TOP 1 * FROM [dbo].[a];\nGO\n'], ['nothing', ''],
])('%s is none', (_name, text) => {
  expect(errors(text)).toEqual([]);
});

test('without a sure sign most of the file has to be PostgreSQL', () => {
  const broken = 'GRANT SELECT ON ON a;\n';
  expect(errors(good + broken, {})).toEqual(['ON']);
  expect(errors(`CREATE TABLE a (id int);\n${broken}`, {})).toEqual([]);
  expect(errors(good + broken.repeat(4), {})).toEqual([]);
  expect(errors(`${good}CREATE TABLE c (id int) SORTKEY (id);\n`, {})).toEqual([]);
  expect(errors(good + broken, { path: 'test/sql/errors.sql' })).toEqual([]);
});

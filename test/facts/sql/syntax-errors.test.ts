import { beforeAll, expect, test } from 'vitest';
import { newestVersion, noFiles, type Document } from '../../../server/src/document.ts';
import { syntaxErrors } from '../../../server/src/facts/sql/syntax-errors.ts';
import { loadPostgresFromDisk } from '../../../server/src/node-wasm.ts';
import { splitStatements } from '../../../server/src/syntax/sql/statements.ts';

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

/** Each begins like PostgreSQL, so that nothing but what follows tells that somebody else reads it. */
test.each([
  ['a MySQL dump', "-- MySQL dump 10.13\n/*!40101 SET NAMES utf8 */;\nDROP TABLE IF EXISTS `users`;\nCREATE TABLE `users` (`id` int NOT NULL AUTO_INCREMENT, PRIMARY KEY (`id`)) ENGINE=InnoDB;\nLOCK TABLES `users` WRITE;\n"],
  ['MySQL with DELIMITER', 'DELIMITER //\nCREATE PROCEDURE p() BEGIN SELECT 1; END //\nDELIMITER ;\n'],
  ['MariaDB', "CREATE USER 'app'@'localhost' IDENTIFIED BY 'x';\nGRANT ALL ON *.* TO 'app'@'localhost';\n"],
  ['T-SQL procedures', 'CREATE PROCEDURE dbo.p @id int AS\nBEGIN\n  DECLARE @n int = 1;\n  SELECT @n;\nEND\nGO\nEXEC dbo.p 1;\nGO\n'],
  ['T-SQL in brackets', "SET ANSI_NULLS ON\nGO\nCREATE TABLE [dbo].[t]([id] [int] IDENTITY(1,1) NOT NULL) ON [PRIMARY]\nGO\nALTER TABLE [dbo].[t] WITH NOCHECK ADD CONSTRAINT [c] CHECK ([id] > 0)\nGO\n"],
  ['an Oracle package', 'CREATE OR REPLACE PACKAGE BODY p AS\n  PROCEDURE q(a IN VARCHAR2) IS BEGIN EXECUTE IMMEDIATE a; END;\nEND p;\n/\nSHOW ERRORS\n'],
  ['Oracle SQL*Plus', 'SET SERVEROUTPUT ON\nWHENEVER SQLERROR EXIT\nSELECT &id FROM dual;\nCREATE TABLE t (n NUMBER(10), v VARCHAR2(10));\n'],
  ['SQLite', "PRAGMA foreign_keys = ON;\nCREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT, d) WITHOUT ROWID;\nINSERT OR REPLACE INTO t VALUES (1, 'x');\nATTACH DATABASE 'a.db' AS a;\n"],
  ['DuckDB', "CREATE TABLE t AS SELECT * FROM 'a.parquet';\nFROM t SELECT a;\nSUMMARIZE t;\n"],
  ['ClickHouse', "CREATE TABLE t (id UInt64) ENGINE = MergeTree ORDER BY id;\n"],
  ['BigQuery', 'SELECT * EXCEPT (a) FROM `p.d.t`;\nCREATE TEMP FUNCTION f(x INT64) AS (x);\n'],
  ['Snowflake', 'CREATE OR REPLACE TABLE t (v VARIANT);\nSELECT v:a FROM t QUALIFY row_number() OVER () = 1;\n'],
  ['CockroachDB', 'CREATE TABLE t (id INT PRIMARY KEY, INDEX (id), FAMILY f (id));\nUPSERT INTO t VALUES (1);\nALTER RANGE default CONFIGURE ZONE USING gc.ttlseconds = 1;\n'],
])('%s is none of ours', (_name, text) => {
  expect(errors(text, {})).toEqual([]);
});

/** In projects that are surely PostgreSQL's as well. */
test.each([
  ['ERB', "CREATE TABLE <%= name %> (id int);\n<% if x %>\nSELECT 1\n<% end %>\nFROM FROM b;"],
  ['Go templates', 'SELECT {{ .Column }} FROM {{ .Table }} WHERE;\n{{ if .X }}GRANT{{ else }}REVOKE{{ end }} ALL ON t;'],
  ['Mustache', 'CREATE ROLE {{role}} {{#login}}LOGIN{{/login}};'],
  ['a shell', 'CREATE ROLE ${ROLE} PASSWORD $PASS;\nSELECT $(date);'],
  ['dbt', "{{ config(materialized='table') }}\nSELECT * FROM {{ ref('a') }}"],
  ['envsubst', 'GRANT $PRIVS ON t TO $ROLE;'],
  ['variables in the manner of SQL Server', 'SELECT * FROM t WHERE id = @id AND n = @@name LIMIT LIMIT;'],
  ['numbered parameters where a name has to stand', 'SELECT * FROM $1 WHERE id = ?;'],
  ['named parameters', 'SELECT * FROM t WHERE id = :id ORDER ORDER BY :column;'],
  ['yesql', '-- name: users-by-id\nSELECT * FROM users WHERE id IN (:ids) AND AND true;'],
  ['sqlc', 'SELECT * FROM t WHERE a = sqlc.arg(a) AND b = @b ORDER;'],
  ['psql meta-commands', "\\set x 'CREATE TABLE'\n\\echo :x\n\\i other.sql\nSELECT 'CREATE ROLE a' \\gexec\nSELECT 1 \\gset p_\n\\copy t from 'a.csv' csv\nSELECT 2;"],
  ['psql variables of three kinds', "CREATE ROLE :\"name\" PASSWORD :'pw' :more;"],
  ['rows behind COPY that look like statements', "COPY t (a, b) FROM stdin;\nCREATE TABLE (\t'\n$$\tGRANT\n\\.\nSELECT 1;"],
  ['COPY in the middle of a dump', "SELECT 1;\nCOPY public.t (a) FROM stdin;\n'\n\\.\n\nALTER TABLE ONLY t ADD CONSTRAINT c PRIMARY KEY (a);"],
  ['what a replacer fills in', 'ALTER TABLE @TABLE@ OWNER TO @OWNER@;\nGRANT ALL ON __TABLE__ TO __ROLE__;'],
  ['the names of an extension', 'CREATE FUNCTION @extschema@.f() RETURNS int LANGUAGE sql AS $$ SELECT 1 $$;\nALTER TABLE @extschema:other@.t OWNER TO @extowner@;'],
  ['an empty statement', ';;\n;'],
  ['only comments', '-- SELECT FROM FROM\n/* CREATE TABLE ( */\n'],
])('%s is none even there', (_name, text) => {
  expect(errors(text)).toEqual([]);
});

test('half a statement is one error, and none in what stands around it', () => {
  const around = 'CREATE TABLE a (id int);\n';
  for (const half of ['GRANT', 'GRANT SELECT ON a', 'CREATE POLICY p ON a USING (', 'ALTER TABLE a ENABLE ROW', 'SELECT * FROM a WHERE id =']) {
    const found = errors(`${around}${half}\n;\n${around.replace(' a ', ' b ')}`);
    expect(found, half).toHaveLength(1);
    expect(half, half).toContain(found[0]);
  }
});

test('words and place are those of the parser', () => {
  const text = "SELECT 'ä';\nCREATE TABEL t (id int);";
  const [error, ...more] = syntaxErrors(splitStatements(text), { path: 'a.sql', text, language: 'sql', version: newestVersion, files: noFiles, surelyPostgres: true });
  expect(more).toEqual([]);
  expect(error).toEqual({ at: { start: text.indexOf('TABEL'), end: text.indexOf('TABEL') + 5 }, message: 'syntax error', atEnd: false });
});

import { beforeAll, describe, expect, test } from 'vitest';
import { loadPostgresFromDisk } from '../../../server/src/node-wasm.ts';
import { forgetReplaced, splitStatements } from '../../../server/src/syntax/sql/statements.ts';

beforeAll(loadPostgresFromDisk);

const texts = (text: string) => splitStatements(text).statements.map((statement) => statement.written.text);
const slices = (text: string, spans: readonly { start: number; end: number }[]) => spans.map((span) => text.slice(span.start, span.end));

describe('cutting', () => {
  test.each([
    ['select 1; select 2', ['select 1', 'select 2']],
    [';;select 1;;', ['select 1']],
    ['', []],
    ['-- only a comment', []],
    ['\ufeffselect 1;\r\nselect 2;\r\n', ['select 1', 'select 2']],
    ["/* it's */ grant all on t to public; /* it's */ select 1", ['grant all on t to public', 'select 1']],
    ['create rule r as on insert to t do (select 1; select 2); select 3', ['create rule r as on insert to t do (select 1; select 2)', 'select 3']],
    ['create or replace function f() returns int begin atomic select case when a then 1 end; select 2; end; select 3',
      ['create or replace function f() returns int begin atomic select case when a then 1 end; select 2; end', 'select 3']],
    ['begin; create table t (a int); end; select 1', ['begin', 'create table t (a int)', 'end', 'select 1']],
    ['create table t (a int; grant all on t to public;', ['create table t (a int', 'grant all on t to public']],
    ['select 1 as x \\gset\nselect 2 \\g out.txt\nselect 3;', ['select 1 as x', 'select 2', 'select 3']],
    ['\\c db\nselect 1\\; select 2;\n\\if :x\nselect 3;\n\\endif', ['select 1', 'select 2', 'select 3']],
    ['select 1\nGO\nselect 2\ngo 5', ['select 1', 'select 2\ngo 5']],
    ['create function a() as $$ $$ language sql\n/-- END\ncreate procedure b() as $$ $$ language sql\n/\nselect 1', ['create function a() as $$ $$ language sql', 'create procedure b() as $$ $$ language sql', 'select 1']],
    ['create function a(n int = 4\n/\n2) return 4\n/ 2; select 4\n/\n2', ['create function a(n int = 4\n/\n2) return 4\n/ 2', 'select 4\n/\n2']],
    ['select 1 as go;', ['select 1 as go']],
    ["copy t from stdin;\nit's; grant\n\\.\nselect 1;", ['copy t from stdin', 'select 1']],
  ])('%j', (text, expected) => expect(texts(text)).toEqual(expected));

  test('spans leave out comments and the semicolon, `end` does not', () => {
    const text = '-- é😀\r\nselect 1 /* x */ ; -- y\nselect 2 -- z';
    const [first, second] = splitStatements(text).statements;
    expect(text.slice(first!.span.start, first!.span.end)).toBe('select 1');
    expect(text.slice(0, first!.end)).toMatch(/;$/);
    expect([first!.terminated, second!.terminated]).toEqual([true, false]);
    expect(second!.end).toBe(second!.span.end);
  });

  test('the same text is the same object', () => {
    const [a, b] = splitStatements('select 1; select 1').statements;
    expect(a!.written).toBe(b!.written);
    expect(splitStatements(' select 1').statements[0]!.written).toBe(a!.written);
  });

  test('a long statement that was typed over is let go of, its neighbours are not', () => {
    const long = (name: string) => `select '${name.repeat(3_000)}'`;
    const text = [long('a'), long('b'), 'select 3', long('c')].join(';\n');
    const written = () => splitStatements(text).statements.map((statement) => statement.written);
    const before = written();
    const at = text.indexOf('bb');
    forgetReplaced(text, { start: at, end: at });
    expect(written().map((one, index) => one === before[index])).toEqual([true, false, true, true]);
    forgetReplaced(text, { start: text.indexOf('3'), end: text.indexOf('3') + 1 });
    expect(written()[2]).toBe(before[2]);
  });
});

test.each([
  ['create or replace function f() returns int', 'CREATE OR REPLACE FUNCTION'],
  ['alter default privileges in schema a grant', 'ALTER DEFAULT PRIVILEGES'],
  ['do $$ begin end $$', 'DO'],
  ['create table if not exists role (a int)', 'CREATE TABLE'],
  ['CREATE /* x */ TEMP TABLE t', 'CREATE TEMP TABLE'],
  ['grant select on t to r', 'GRANT'],
  ['alter table role enable row level security', 'ALTER TABLE'],
  ['set local role x', 'SET LOCAL ROLE'],
  ['set session authorization x', 'SET SESSION AUTHORIZATION'],
  ['create user mapping for x server y', 'CREATE USER MAPPING'],
  ['comment on function f() is null', 'COMMENT ON'],
  ['(select 1)', 'SELECT'],
  ['{% if x %} create table t (a int)', 'CREATE TABLE'],
  [':x', ''],
])('the head of %s', (text, head) => expect(splitStatements(text).statements[0]!.written.head).toBe(head));

test('comments and units reach into bodies, outer before inner', () => {
  const text = "-- a\ncreate function f() returns void language plpgsql as '\ndeclare q text := ''x'';\nbegin\n  -- b''s\n  execute ''é'' || q; -- c\nend';\ncreate function g() returns int language sql as $$ select 1; /* d */ select 2 $$; -- e";
  const file = splitStatements(text);
  expect(slices(text, file.comments)).toEqual(['-- a', "-- b''s", '-- c', '/* d */', '-- e']);
  expect(slices(text, file.units).map((unit) => unit.slice(0, 17))).toEqual([
    'create function f', "q text := ''x''", "execute ''é'' || ", 'create function g', 'select 1', 'select 2',
  ]);
});

describe('other dialects', () => {
  test.each([
    ['T-SQL', 'USE master\nGO\nCREATE PROCEDURE p AS SELECT 1\nGO'],
    ['T-SQL names', 'SELECT * FROM [dbo].[Users];'],
    ['MySQL', 'CREATE TABLE `t` (`id` int NOT NULL AUTO_INCREMENT) ENGINE=InnoDB;'],
    ['MySQL delimiter', 'DELIMITER $$\nCREATE PROCEDURE p() BEGIN SELECT 1; END $$\nDELIMITER ;'],
    ['MySQL definer', 'CREATE DEFINER=`root`@`%` SQL SECURITY DEFINER VIEW `v` AS SELECT 1;'],
    ['Oracle', 'CREATE TABLE t (a NVARCHAR2(10));'],
    ['Oracle package', 'CREATE OR REPLACE PACKAGE BODY p AS\nEND;\n/\n'],
  ])('%s', (_name, text) => expect(splitStatements(text).postgres).toBe(false));

  test.each([
    ['plain', 'grant all on t to public;'],
    ['array index', 'select a[1], "dbo".x from t'],
    ['a mention', '-- GO\n-- `x` ENGINE=InnoDB\nselect 1;'],
    ['plpgsql', "create function f() returns void language plpgsql as $$ begin execute 'ENGINE=x'; end $$;\nGO\n"],
    ['pg_dump', "--\n-- PostgreSQL database dump\n--\ninsert into t values ('AUTO_INCREMENT');"],
    ['empty', ''],
  ])('not %s', (_name, text) => expect(splitStatements(text).postgres).toBe(true));
});

test('cuts a large dump', () => {
  const row = "INSERT INTO public.users (id, name, mail) VALUES (1, 'O''Neil', 'a@b.example'); -- é\n";
  const text = row.repeat(100_000);
  expect(splitStatements(text).statements).toHaveLength(100_000);
});

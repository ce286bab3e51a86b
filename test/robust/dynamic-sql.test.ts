import { beforeAll, expect, it } from 'vitest';
import { noFiles } from '../../server/src/document.ts';
import { lint } from '../../server/src/lint.ts';
import { loadPostgresFromDisk } from '../../server/src/node-wasm.ts';
import { parsePostgres } from '../../server/src/syntax/sql/postgres.ts';
import { applyEdits } from '../../server/src/text.ts';

beforeAll(loadPostgresFromDisk);

const value = ` || x || ''' OR a = '''`;

it.each([
  ['10,000 operands', routine(`EXECUTE 'SELECT '${` || ', ' || x`.repeat(10_000)};`)],
  ['600 values', routine(`EXECUTE 'SELECT 1 WHERE a = '''${value.repeat(600)} || '''';`)],
  ['100 values', routine(`EXECUTE 'SELECT 1 WHERE a = '''${value.repeat(100)} || '''';`)],
  ['500 names', routine(`EXECUTE 'SELECT 1 WHERE a = '${` || x || ' OR a = '`.repeat(500)} || x;`)],
  ['500 values in a statement that does not parse', routine(`EXECUTE 'SELECT 1 WHRE a = '${` || x || ' OR a = '`.repeat(500)} || x;`)],
  ['500 specifiers', routine(`EXECUTE format('SELECT ${`''%s'', `.repeat(500)}1', ${Array.from({ length: 500 }, () => 'x').join(', ')});`)],
  ['5,000 parentheses', routine(`EXECUTE 'SELECT ' || ${'('.repeat(5000)}x${')'.repeat(5000)};`)],
  ['3,000 parentheses in the statement', routine(`EXECUTE 'SELECT ${'('.repeat(3000)}' || x || '${')'.repeat(3000)}';`)],
  ['200 branches in each other', routine(`EXECUTE 'SELECT ' || ${'CASE WHEN true THEN '.repeat(200)}x${' END'.repeat(200)};`)],
  ['150 calls in each other', routine(`EXECUTE 'SELECT ' || ${`coalesce('a' || `.repeat(150)}x${`, 'b')`.repeat(150)};`)],
  ['100 lists in each other', routine(`EXECUTE 'SELECT ' || array_to_string(${'array_to_string('.repeat(100)}x${`, ',')`.repeat(100)}, ',');`)],
  ['a text that grows 2,000 times', routine(`q := ''; ${`q := q || ' a = ''' || x || '''';`.repeat(2000)} EXECUTE q;`)],
  ['1,000 statements', `CREATE TABLE t (a text);\n${routine(`EXECUTE 'SELECT 1 FROM t WHERE a = ''' || x || '''';`.repeat(1000))}`],
  ['a literal without an end', `CREATE FUNCTION app.f(x text) RETURNS void LANGUAGE plpgsql AS $b$ BEGIN EXECUTE 'SELECT ''' || x || '`],
  ['5,000 calls in each other', routine(`EXECUTE 'SELECT ' || ${'coalesce('.repeat(5000)}x${')'.repeat(5000)};`)],
  ['2,000 calls without an end', routine(`EXECUTE 'SELECT ' || x ||| ;; IF THEN app.f(x, ((\n`.repeat(2000))],
  ['50,000 lines', routine(`q := q || x;\n`.repeat(50_000))],
  ['50,000 statements of a DO block', `DO $b$ BEGIN ${Array.from({ length: 50_000 }, (_unused, n) => `EXECUTE 'SELECT ${n}';\n`).join('')} END $b$;`],
  ['20,000 statements of a DO block', `DO $b$ BEGIN ${Array.from({ length: 20_000 }, (_unused, n) => `EXECUTE 'SELECT ${n}';\n`).join('')} END $b$;`],
  ['5,000 blocks of a DO block in each other', `DO $b$ ${'BEGIN '.repeat(5000)} GRANT a TO b; ${'END; '.repeat(5000)} $b$;`],
  ['5,000 branches of a DO block in each other', `DO $b$ BEGIN ${'IF true THEN '.repeat(5000)} GRANT a TO b; ${'END IF; '.repeat(5000)} END $b$;`],
  ['a ring of 1,000 routines', Array.from({ length: 1000 }, (_unused, n) => routine(`PERFORM app.f${(n + 1) % 1000}(x || 'a'); ${n === 0 ? 'EXECUTE x;' : ''}`).replace('app.f(', `app.f${n}(`)).join('\n')],
  ['tables that are children of each other', 'CREATE TABLE a (x int) INHERITS (b); CREATE TABLE b (x int) INHERITS (a); CREATE TABLE c (x int); ALTER TABLE c INHERIT c;'
    + 'ALTER TABLE a ADD COLUMN y int; ALTER TABLE b DROP COLUMN x; ALTER TABLE c ADD COLUMN z serial; ALTER TABLE c RENAME TO d; DROP TABLE a CASCADE; DROP TABLE d;'],
  ['words in any order', routine(`EXECUTE 'SELECT ' || ) x ( || ;;; ELSE IF USING LOOP`)],
  ['parameters everywhere', routine(`EXECUTE '$1 $2 $1$2 $3 $99999999999' USING $1, x, ;`)],
])('%s', (_, text) => {
  const { findings } = lint({ path: 'a.sql', text, language: 'sql', version: 18, files: noFiles }, { onCrash });
  for (const fix of findings.flatMap(({ fixes }) => fixes).slice(0, 5)) {
    expect(parsePostgres(applyEdits(text, fix.edits).replace(/^CREATE TABLE.*\n/, '')).kind).toBe(parsePostgres(text.replace(/^CREATE TABLE.*\n/, '')).kind);
  }
});

function routine(body: string): string {
  return `CREATE FUNCTION app.f(x text) RETURNS void LANGUAGE plpgsql AS $b$ DECLARE q text; BEGIN ${body} END $b$;`;
}

function onCrash(rule: string, error: unknown): void {
  throw new Error(rule, { cause: error });
}

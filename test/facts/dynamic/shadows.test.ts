import { beforeAll, expect, it } from 'vitest';
import { findDynamicSql } from '../../../server/src/facts/flow.ts';
import { loadPostgresFromDisk } from '../../../server/src/node-wasm.ts';
import { splitStatements } from '../../../server/src/syntax/sql/statements.ts';

beforeAll(loadPostgresFromDisk);

/** The values that are told, each with the number of its line. */
function told(body: string): string[] {
  const text = `CREATE FUNCTION app.f(p text, x text) RETURNS void LANGUAGE plpgsql AS $$ ${body} $$;`;
  return findDynamicSql(splitStatements(text)).flatMap(({ risks }) => risks).map(({ at }) => `${text.slice(0, at.start).split('\n').length} ${text.slice(at.start, at.end)}`);
}

it.each<[name: string, body: string, told: string[]]>([
  ['the outer one behind the block', `DECLARE v text := p; BEGIN\nDECLARE v text := '1'; BEGIN EXECUTE 'SELECT ' || v; END;\nEXECUTE 'SELECT ' || v; END`, ['3 v']],
  ['the inner one in the block', `DECLARE v text := '1'; BEGIN\nDECLARE v text := p; BEGIN EXECUTE 'SELECT ' || v; END;\nEXECUTE 'SELECT ' || v; END`, ['2 v']],
  ['blocks beside each other', `BEGIN\nDECLARE v text := '1'; BEGIN EXECUTE 'SELECT ' || v; END;\nDECLARE v text := p; BEGIN EXECUTE 'SELECT ' || v; END; END`, ['3 v']],
  ['a parameter', `BEGIN\nDECLARE p text := '1'; BEGIN EXECUTE 'SELECT ' || p; END;\nEXECUTE 'SELECT ' || p; END`, ['3 p']],
  ['its initial value is the outer one', `DECLARE v text := p; BEGIN\nDECLARE v text := v; BEGIN EXECUTE 'SELECT ' || v; END; END`, ['2 v']],
  ['an assignment within', `DECLARE v text; BEGIN\nDECLARE v text; BEGIN v := p; END;\nEXECUTE 'SELECT ' || v; END`, []],
  ['a query within', `DECLARE v text := '1'; BEGIN\nDECLARE v text; BEGIN SELECT p INTO v; EXECUTE 'SELECT ' || v; END;\nEXECUTE 'SELECT ' || v; END`, ['2 v']],
  ['a field within', `DECLARE r record; BEGIN SELECT '1' AS n INTO r;\nDECLARE r record; BEGIN SELECT p AS n INTO r; EXECUTE 'SELECT ' || r.n; END;\nEXECUTE 'SELECT ' || r.n; END`, ['2 r.n']],
  ['a check of the other one', `DECLARE v text := p; BEGIN\nDECLARE v text := x; BEGIN IF v NOT IN ('a', 'b') THEN RAISE 'no'; END IF; EXECUTE 'SELECT ' || v; END;\nEXECUTE 'SELECT ' || v; END`, ['3 v']],
  ['a check of the outer one, which is still known behind', `DECLARE v text := p; BEGIN IF v NOT IN ('a', 'b') THEN RAISE 'no'; END IF;\nDECLARE v text := x; BEGIN EXECUTE 'SELECT ' || v; END;\nEXECUTE 'SELECT ' || p; END`, ['2 v', '3 p']],
  ['three deep', `DECLARE v text := '1'; BEGIN DECLARE v text := '2'; BEGIN\nDECLARE v text := p; BEGIN EXECUTE 'SELECT ' || v; END;\nEXECUTE 'SELECT ' || v; END; EXECUTE 'SELECT ' || v; END`, ['2 v']],
  ['an alias within', `BEGIN\nDECLARE x ALIAS FOR p; BEGIN EXECUTE 'SELECT ' || quote_literal(x); END;\nEXECUTE 'SELECT ' || x; END`, ['3 x']],
  ['by its label it may be any of them', `<<a>> DECLARE v text := p; BEGIN <<b>> DECLARE v text := '1'; BEGIN\nEXECUTE 'SELECT ' || a.v; END; END`, ['1 p']],
])('of two variables of one name each is followed by itself: %s', (_, body, expected) => {
  expect(told(body)).toEqual(expected);
});

it.each<[name: string, body: string, told: string[]]>([
  ['EXIT with a label, within the block', `BEGIN <<w>> BEGIN EXIT w WHEN p NOT IN ('a', 'b');\nEXECUTE 'SELECT ' || p; END; END`, []],
  ['EXIT with a label, behind the block', `BEGIN <<w>> BEGIN EXIT w WHEN p NOT IN ('a', 'b'); END;\nEXECUTE 'SELECT ' || p; END`, ['2 p']],
  ['EXIT with a label behind IF', `BEGIN <<w>> BEGIN IF p NOT IN ('a', 'b') THEN EXIT w; END IF; END;\nEXECUTE 'SELECT ' || p; END`, ['2 p']],
  ['an assignment that EXIT passes by', `DECLARE v text := p; BEGIN <<w>> BEGIN EXIT w WHEN x = ''; v := 'a'; END;\nEXECUTE 'SELECT ' || v; END`, ['1 p']],
  ['another block that it leaves', `BEGIN <<w>> LOOP BEGIN EXIT w WHEN x = ''; IF p NOT IN ('a', 'b') THEN RAISE 'no'; END IF; END;\nEXECUTE 'SELECT ' || p; END LOOP; END`, []],
  ['a label before DECLARE', `BEGIN <<w>> DECLARE y text; BEGIN EXIT w WHEN p NOT IN ('a', 'b'); END;\nEXECUTE 'SELECT ' || p; END`, ['2 p']],
])('a block that an EXIT leaves may end anywhere: %s', (_, body, expected) => {
  expect(told(body)).toEqual(expected);
});

import { beforeAll, expect, test } from 'vitest';
import { findDynamicSql } from '../../../server/src/facts/flow.ts';
import { loadPostgresFromDisk } from '../../../server/src/node-wasm.ts';
import { splitStatements } from '../../../server/src/syntax/sql/statements.ts';

beforeAll(loadPostgresFromDisk);

function risksIn(parameters: string, body: string, declarations = 'q text;') {
  const text = `CREATE FUNCTION app.f(${parameters}) RETURNS void LANGUAGE plpgsql AS $f$ DECLARE ${declarations} BEGIN ${body} END $f$;`;
  return findDynamicSql(splitStatements(text)).flatMap(({ risks }) => risks).map(({ at, severity, problem, fixes }) => ({ said: `${severity} ${problem} ${text.slice(at.start, at.end)}`, fixes: fixes.length }));
}

const said = (parameters: string, body: string, declarations?: string) => risksIn(parameters, body, declarations).map((risk) => risk.said);

test('a query of many pages is read: what stands in its literals costs nothing', () => {
  const page = `'${'SELECT a FROM app.t WHERE b IS NULL UNION ALL '.repeat(600)}'`;
  expect(page.length).toBeGreaterThan(20_000);
  expect(said('p text', `q := ${page} || 'SELECT a FROM app.t WHERE c = ''' || p || ''''; q := q || ' ORDER BY a'; EXECUTE q;`)).toEqual(['medium concatenated p']);
});

test('a template of the routine that a value is filled into is no statement of the caller', () => {
  expect(said('t text', `q := 'SELECT count(*) FROM "$tab$"'; q := replace(q, '$tab$', t); EXECUTE q;`)).toEqual(['medium concatenated t']);
  expect(said('t text', `q := replace(t, '$tab$', 'app.t'); EXECUTE q;`)).toEqual(['info whole q']);
});

test('a text without its last sign is not short', () => {
  expect(said('t text', `EXECUTE 'SELECT ' || left(t, -1) || ' FROM app.t';`)).toEqual(['medium concatenated left(t, -1)']);
  expect(said('t text', `EXECUTE 'SELECT ' || left(t, 1) || ' FROM app.t';`)).toEqual(['low concatenated left(t, 1)']);
});

test('what stands for an expression is not made one text', () => {
  expect(risksIn('a text', `EXECUTE 'ALTER TABLE app.t ADD COLUMN c text DEFAULT ' || a;`)).toEqual([{ said: 'medium fragment a', fixes: 0 }]);
  expect(risksIn('a text', `EXECUTE 'ALTER TABLE app.t ADD COLUMN c text DEFAULT ''' || a || '''';`).map(({ fixes }) => fixes > 0)).toEqual([true]);
});

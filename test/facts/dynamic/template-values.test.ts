import { beforeAll, describe, expect, it } from 'vitest';
import { findDynamicSql } from '../../../server/src/facts/flow.ts';
import { loadPostgresFromDisk } from '../../../server/src/node-wasm.ts';
import { splitStatements } from '../../../server/src/syntax/sql/statements.ts';

beforeAll(loadPostgresFromDisk);

function seen(expression: string, clauses = ''): string[] {
  const text = `CREATE FUNCTION app.run(p text, v text, n int, t regclass) RETURNS void LANGUAGE plpgsql ${clauses} AS $b$ DECLARE q text; r record; BEGIN ${expression} END $b$;`;
  return findDynamicSql(splitStatements(text)).flatMap(({ risks }) => risks).map(({ severity, problem, at, fixes }) => `${severity} ${problem} ${text.slice(at.start, at.end)} ${fixes.length}`);
}

describe('a value that is joined into a template of format()', () => {
  it.each([
    `EXECUTE format('SELECT * FROM app.t WHERE b = %L AND a = ' || quote_literal(p), v);`,
    `EXECUTE format('SELECT %L AS ' || quote_ident(p), v);`,
    `EXECUTE format('SELECT %1$L FROM ' || quote_ident(p) || ' WHERE b = %1$L', v);`,
    `EXECUTE format('SELECT * FROM ' || quote_ident(p) || ' WHERE b = %L', n, v);`,
    `q := 'SELECT * FROM app.t WHERE b = %L AND a = ' || quote_literal(p); EXECUTE format(q, v);`,
    `q := format('SELECT * FROM app.t WHERE b = %%L AND a = %L', p); EXECUTE format(q, v);`,
  ])('can take an argument between its quotes: %s', (expression) => {
    expect(seen(expression)).toEqual(['medium template p 0']);
    expect(seen(expression, 'SECURITY DEFINER')).toEqual(['high template p 0']);
  });

  it.each([
    `EXECUTE format('SELECT * FROM app.t WHERE a = ' || quote_literal(p));`,
    `EXECUTE format('SELECT * FROM app.t WHERE a = ' || quote_literal(p) || ' AND b = %L', v);`,
    `EXECUTE format('SELECT * FROM ' || quote_ident(p) || ' WHERE b = %L', v);`,
    `EXECUTE format('SELECT * FROM app.t WHERE b = %L AND a = ' || quote_literal(p), n);`,
    `EXECUTE format('SELECT * FROM app.t WHERE b = %L AND a = ' || quote_literal(p), 'x');`,
    `EXECUTE format('SELECT %L FROM ' || t, v);`,
    `EXECUTE format('SELECT %L FROM app.t WHERE n = ' || n, v);`,
    `EXECUTE format('SELECT * FROM app.t WHERE b = %L AND a = %L', v, p);`,
  ])('finds none that is left, or nothing in it: %s', (expression) => {
    expect(seen(expression)).toEqual([]);
  });

  it('is as bad as the less dangerous of both', () => {
    expect(seen(`SELECT name INTO r FROM app.t; EXECUTE format('SELECT %L FROM ' || quote_ident(r.name), v);`)).toEqual(['low template r.name 0']);
    expect(seen(`SELECT name INTO r FROM app.t; EXECUTE format('SELECT %L FROM ' || quote_ident(r.name), v);`, 'SECURITY DEFINER')).toEqual(['low template r.name 0']);
    expect(seen(`SELECT name INTO r FROM app.t; EXECUTE format('SELECT %L FROM ' || quote_ident(p), r.name);`)).toEqual(['low template p 0']);
    expect(seen(`SELECT relname INTO r FROM pg_class; EXECUTE format('SELECT %L FROM ' || quote_ident(r.relname), v);`)).toEqual(['info template r.relname 0']);
  });
});

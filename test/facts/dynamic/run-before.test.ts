import { beforeAll, describe, expect, it } from 'vitest';
import { findDynamicSql } from '../../../server/src/facts/flow.ts';
import { loadPostgresFromDisk } from '../../../server/src/node-wasm.ts';
import { splitStatements } from '../../../server/src/syntax/sql/statements.ts';

beforeAll(loadPostgresFromDisk);

function risksOf(body: string, clauses = '') {
  const text = `CREATE FUNCTION app.f(p text, q text, b boolean) RETURNS void LANGUAGE plpgsql ${clauses} AS $b$ DECLARE s text; r record; BEGIN ${body} END $b$;`;
  return findDynamicSql(splitStatements(text)).flatMap(({ risks }) => risks.map((risk) => ({ ...risk, told: `${risk.severity} ${text.slice(risk.at.start, risk.at.end)}`, fixes: risk.fixes })));
}

const told = (body: string, clauses = '') => risksOf(body, clauses).map((one) => one.told);

describe('a value that runs in one statement after another', () => {
  it('is told at the first', () => {
    expect(told(`EXECUTE 'DROP TABLE ' || p; EXECUTE 'CREATE TABLE ' || p || ' (n int)'; EXECUTE format('ANALYZE %s', p);`)).toEqual(['medium p', 'low p', 'low p']);
    expect(told(`EXECUTE 'DROP TABLE ' || p; s := 'ANALYZE ' || p; EXECUTE s;`, 'SECURITY DEFINER')).toEqual(['high p', 'low p']);
    expect(told(`EXECUTE 'DROP TABLE ' || p; IF b THEN EXECUTE 'ANALYZE ' || p; END IF;`)).toEqual(['medium p', 'low p']);
  });

  it('is told at the first also where it stands as something else', () => {
    expect(told(`EXECUTE 'ALTER TABLE ' || p || ' ADD n int'; EXECUTE 'SELECT * FROM app.t ORDER BY n ' || p;`)).toEqual(['medium p', 'low p']);
    expect(told(`EXECUTE 'DROP TABLE ' || p; EXECUTE 'CREATE FUNCTION app.g() RETURNS int LANGUAGE sql AS $x$ SELECT 1 FROM ' || p || ' $x$';`)).toEqual(['medium p', 'low p']);
  });

  it('is told at the first also as a field of a row, and where its letters are changed', () => {
    expect(told(`EXECUTE 'DROP TABLE ' || lower(p); EXECUTE 'ANALYZE ' || LOWER( p );`)).toEqual(['medium lower(p)', 'low LOWER( p )']);
    expect(told(`EXECUTE 'DROP TABLE ' || p; EXECUTE 'ANALYZE ' || replace(p, '.', '_'); EXECUTE 'VACUUM ' || split_part(lower(p), '.', 1);`)).toEqual(['medium p', `low replace(p, '.', '_')`, `low split_part(lower(p), '.', 1)`]);
    expect(told(`EXECUTE 'DROP TABLE ' || p; EXECUTE 'ANALYZE ' || coalesce(p, q);`)).toEqual(['medium p', 'medium coalesce(p, q)']);
    expect(told(`FOR r IN SELECT name FROM app.t LOOP EXECUTE 'DROP TABLE ' || r.name; EXECUTE 'ANALYZE ' || r.name; END LOOP;`, 'SECURITY DEFINER')).toEqual(['medium r.name', 'low r.name']);
    expect(told(`EXECUTE 'DROP TABLE ' || lower(p); EXECUTE 'ANALYZE ' || upper(p); EXECUTE 'VACUUM ' || p;`)).toEqual(['medium lower(p)', 'medium upper(p)', 'medium p']);
    expect(told(`EXECUTE 'DROP TABLE ' || lower(p); p := q; EXECUTE 'ANALYZE ' || lower(p);`)).toEqual(['medium lower(p)', 'medium lower(p)']);
    const twice = (row: string) => `FOR r IN SELECT name, kind FROM app.t LOOP EXECUTE 'DROP TABLE ' || r.name; END LOOP; FOR r IN SELECT name, kind FROM app.u LOOP EXECUTE 'ANALYZE ' || r.${row}; END LOOP;`;
    expect(told(twice('name'), 'SECURITY DEFINER')).toEqual(['medium r.name', 'medium r.name']);
    expect(told(twice('kind'), 'SECURITY DEFINER')).toEqual(['medium r.name', 'medium r.kind']);
  });

  it('is told at the first also where an exception is caught behind it', () => {
    expect(told(`BEGIN EXECUTE 'DROP TABLE ' || p; EXCEPTION WHEN others THEN NULL; END; EXECUTE 'ANALYZE ' || p;`)).toEqual(['medium p', 'low p']);
  });

  it('is told at the first also as what JSON has under a key', () => {
    const keys = (second: string, between = '') => {
      const text = `CREATE FUNCTION app.f(p jsonb, q jsonb) RETURNS void LANGUAGE plpgsql AS $b$ BEGIN EXECUTE 'DROP TABLE ' || (p ->> 'a'); ${between} EXECUTE 'ANALYZE ' || (${second}); END $b$;`;
      return findDynamicSql(splitStatements(text)).flatMap(({ risks }) => risks.map(({ severity }) => severity));
    };
    expect(keys(`p->>'a'`)).toEqual(['medium', 'low']);
    expect(keys(`p ->> 'b'`)).toEqual(['medium', 'medium']);
    expect(keys(`q ->> 'a'`)).toEqual(['medium', 'medium']);
    expect(keys(`p ->> 'a'`, 'p := q;')).toEqual(['medium', 'medium']);
  });

  it('shows where it runs first, and can be mended at every place', () => {
    const [first, second] = risksOf(`EXECUTE 'DROP TABLE ' || p; EXECUTE 'ANALYZE ' || p;`);
    expect(second!.message).toBe('A caller can put SQL of their own into this statement through p; it is already a part of a statement that runs before');
    expect(second!.related.at(-1)).toEqual({ at: first!.at, message: 'It runs here before' });
    expect(first!.fixes).not.toEqual([]);
    expect(second!.fixes).not.toEqual([]);
  });

  it.each([
    `IF b THEN EXECUTE 'DROP TABLE ' || p; ELSE EXECUTE 'ANALYZE ' || p; END IF;`,
    `IF b THEN EXECUTE 'DROP TABLE ' || p; END IF; EXECUTE 'ANALYZE ' || p;`,
    `BEGIN NULL; EXCEPTION WHEN others THEN EXECUTE 'DROP TABLE ' || p; END; EXECUTE 'ANALYZE ' || p;`,
    `<<l>> BEGIN EXIT l WHEN b; EXECUTE 'DROP TABLE ' || p; EXCEPTION WHEN others THEN NULL; END; EXECUTE 'ANALYZE ' || p;`,
    `EXECUTE 'DROP TABLE ' || p; p := q; EXECUTE 'ANALYZE ' || p;`,
    `FOR i IN 1..2 LOOP EXECUTE 'DROP TABLE ' || p; END LOOP; EXECUTE 'ANALYZE ' || p;`,
  ])('is another value, or may not have run: %s', (body) => {
    expect(told(body)).toEqual(['medium p', 'medium p']);
  });

  it('counts no statement in which it is quoted, or less bad', () => {
    expect(told(`EXECUTE 'DROP TABLE ' || quote_ident(p); EXECUTE 'ANALYZE ' || p;`)).toEqual(['medium p']);
    expect(told(`EXECUTE 'SELECT 1 FROM ' || p; EXECUTE 'SELECT 2 FROM ' || q;`)).toEqual(['medium p', 'medium q']);
  });
});

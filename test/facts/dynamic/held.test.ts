import { beforeAll, describe, expect, it } from 'vitest';
import { findDynamicSql } from '../../../server/src/facts/flow.ts';
import { loadPostgresFromDisk } from '../../../server/src/node-wasm.ts';
import { splitStatements } from '../../../server/src/syntax/sql/statements.ts';

beforeAll(loadPostgresFromDisk);

/** In a definer, where a stored value is medium. */
function seen(body: string, before = ''): string[] {
  const text = `${before} CREATE FUNCTION app.f(x text) RETURNS void LANGUAGE plpgsql SECURITY DEFINER AS $b$ DECLARE r record; v text; BEGIN ${body} END $b$;`;
  return findDynamicSql(splitStatements(text)).flatMap(({ risks }) => risks.map(({ severity, origin }) => `${severity} ${origin}`));
}

const loop = (query: string, value = 'r.kind') => `FOR r IN ${query} LOOP EXECUTE 'DROP TABLE ' || ${value}; END LOOP;`;

describe('a column that holds constants', () => {
  it.each([
    loop(`SELECT kind FROM app.t WHERE kind IN ('a', 'b')`),
    loop(`SELECT t.kind FROM app.t t WHERE t.id > 1 AND t.kind = 'a' ORDER BY 1`),
    loop(`SELECT * FROM app.t WHERE kind = ANY (ARRAY['a', 'b'])`),
    loop(`SELECT * FROM (VALUES ('a'), ('b')) AS k (kind)`),
    loop(`SELECT k.kind FROM (VALUES ('a', 1), ('b', 2)) AS k (kind, n) JOIN app.t USING (n)`),
    loop(`WITH k (kind) AS (VALUES ('a'), ('b')) SELECT k.kind FROM k`),
    `FOR v IN SELECT * FROM (VALUES ('a'), ('b')) AS k (name) LOOP EXECUTE 'DROP TABLE ' || v; END LOOP;`,
    `FOR v IN VALUES ('a'), ('b') LOOP EXECUTE 'DROP TABLE ' || v; END LOOP;`,
    `SELECT kind INTO v FROM app.t WHERE kind = 'a'; EXECUTE 'DROP TABLE ' || v;`,
  ])('is harmless: %s', (body) => {
    expect(seen(body)).toEqual([]);
  });

  it.each([
    loop(`SELECT kind FROM app.t WHERE kind NOT IN ('a', 'b')`),
    loop(`SELECT kind FROM app.t WHERE kind IN ('a', x)`),
    loop(`SELECT kind FROM app.t WHERE kind = 'a' OR id = 1`),
    loop(`SELECT kind FROM app.t WHERE kind = 'a' || x`),
    loop(`SELECT kind FROM app.t WHERE other = 'a'`),
    loop(`SELECT kind FROM app.t WHERE kind = 'a' UNION SELECT kind FROM app.t`),
    loop(`SELECT t.kind FROM app.t, (SELECT id FROM app.s WHERE kind = 'a') s`),
    loop(`SELECT t.kind FROM app.t t JOIN app.s ON true WHERE s.kind = 'a'`),
    loop(`SELECT * FROM (SELECT kind FROM app.t) v (kind)`),
    `SELECT * INTO v FROM app.t WHERE kind = 'a'; EXECUTE 'DROP TABLE ' || v;`,
  ])('or not: %s', (body) => {
    expect(seen(body).map((one) => one.split(' ')[0])).toEqual(['medium']);
  });

  it('may be one of an enumeration or a number', () => {
    const table = `CREATE TYPE app.kind AS ENUM ('a'); CREATE TABLE app.t (kind app.kind, name text, n int);`;
    expect(seen(loop('SELECT kind FROM app.t'), table)).toEqual([]);
    expect(seen(loop('SELECT t.n AS kind FROM app.t'), table)).toEqual([]);
    expect(seen(loop('SELECT name AS kind FROM app.t'), table)).toEqual(['medium fetched']);
    expect(seen(loop('SELECT s.kind FROM app.t t, app.s s'), table)).toEqual(['medium fetched']);
  });
});

describe('pg_settings', () => {
  const copy = `EXECUTE 'COPY t FROM ''' || v || '/x''';`;

  it('holds what only the server sets', () => {
    expect(seen(`SELECT setting INTO v FROM pg_settings WHERE name = 'data_directory'; ${copy}`)).toEqual([]);
  });

  it('and what a user sets, who is not one that names objects', () => {
    expect(seen(`SELECT setting INTO v FROM pg_settings WHERE name = 'application_name'; ${copy}`)).toEqual(['medium setting']);
    expect(seen(`SELECT setting INTO v FROM pg_settings WHERE name = x; ${copy}`)).toEqual(['medium setting']);
  });
});

it('knows constants of many rows where another query makes a text of them', () => {
  const texts = (rows: string) => `WITH k (t) AS (VALUES ${rows}), s AS (SELECT format('SELECT ''%s''', t) AS q FROM k) SELECT string_agg(q, ' UNION ') INTO v FROM s; EXECUTE v;`;
  expect(seen(texts(`('a'), ('b'), ('c'), ('d'), ('e')`))).toEqual([]);
  expect(seen(texts(`('a'), ('b'), ('c'), ('d'), (x)`))).not.toEqual([]);
});

describe('a column of a record', () => {
  const table = 'CREATE TABLE app.retention (id int, days integer NOT NULL, name text);';
  const read = (value: string, from = 'app.retention') => `SELECT * INTO r FROM ${from} WHERE id = 1; EXECUTE 'DELETE FROM app.log WHERE at < now() - interval ''' || ${value} || ' days''';`;

  it('is a number where the workspace says so', () => {
    expect(seen(read('r.days'), table)).toEqual([]);
    expect(seen(read('r.name'), table)).toEqual(['medium fetched']);
    expect(seen(read('r.days', 'app.other'), table)).toEqual(['medium fetched']);
    expect(seen(read('r.days'))).toEqual(['medium fetched']);
  });
});

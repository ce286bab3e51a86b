import { beforeAll, describe, expect, it } from 'vitest';
import { findDynamicSql } from '../../../server/src/facts/flow.ts';
import { loadPostgresFromDisk } from '../../../server/src/node-wasm.ts';
import { splitStatements } from '../../../server/src/syntax/sql/statements.ts';

beforeAll(loadPostgresFromDisk);

/** What is told of a routine that stands behind `before`. */
function seen(before: string, body: string, clauses = '', params = 'x text') {
  const text = `${before}\nCREATE FUNCTION app.f(${params}) RETURNS void LANGUAGE plpgsql ${clauses} AS $f$ DECLARE r record; q text; n text; BEGIN ${body} END $f$;`;
  return findDynamicSql(splitStatements(text)).flatMap(({ risks }) => risks).map(({ at, severity, origin }) => `${severity} ${origin} ${text.slice(at.start, at.end)}`);
}

describe('a view of the workspace that reads what describes objects', () => {
  const view = (query: string, columns = '') => `CREATE VIEW app.listed ${columns} AS ${query};`;
  const catalogue = 'pg_catalog.pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace';
  const drop = (field: string) => `FOR r IN SELECT * FROM app.listed LOOP EXECUTE 'DROP TABLE ' || r.${field}; END LOOP;`;

  it('gives names of objects', () => {
    expect(seen(view(`SELECT n.nspname AS s, c.relname AS t FROM ${catalogue}`), drop('t'))).toEqual(['info catalog r.t']);
    expect(seen(view(`SELECT n.nspname, c.relname FROM ${catalogue}`, '(s, t)'), `FOR r IN SELECT l.s, l.t FROM app.listed l LOOP EXECUTE 'DROP TABLE ' || r.t; END LOOP;`)).toEqual(['info catalog r.t']);
    expect(seen(view(`SELECT o.title AS t FROM app.orders o JOIN pg_class c ON c.oid = o.rel`), drop('t'))).toEqual(['low fetched r.t']);
  });

  it('gives what its query holds to constants, quotes or casts', () => {
    expect(seen(view(`SELECT n.nspname AS t FROM ${catalogue} WHERE n.nspname IN ('a', 'b')`), drop('t'))).toEqual([]);
    expect(seen(view(`SELECT quote_ident(c.relname) AS t FROM ${catalogue}`), drop('t'))).toEqual([]);
    expect(seen(view(`SELECT c.relname AS t FROM ${catalogue}`) + view(`SELECT c.relname AS t FROM ${catalogue} WHERE true`), drop('t'))).toEqual(['info catalog r.t']);
    expect(seen(view(`SELECT quote_ident(c.relname) AS t FROM ${catalogue}`) + view(`SELECT c.relname AS t FROM ${catalogue}`), drop('t'))).toEqual(['info catalog r.t']);
    expect(seen(view(`SELECT c.oid::regclass AS t FROM ${catalogue}`), drop('t'))).toEqual([]);
    expect(seen(view(`SELECT n.nspname AS t FROM ${catalogue} WHERE n.nspname IN ('a', 'b') OR c.relkind = 'r'`), drop('t'))).toEqual(['info catalog r.t']);
  });

  it('may make statements', () => {
    const run = `FOR r IN SELECT * FROM app.listed LOOP EXECUTE r.q; END LOOP;`;
    expect(seen(view(`SELECT 'DROP TABLE ' || c.relname AS q FROM ${catalogue}`), run)).toEqual(['info catalog r.q']);
    expect(seen(view(`SELECT 'DROP TABLE ' || c.relname AS q FROM ${catalogue}`), run, 'SECURITY DEFINER')).toEqual(['medium catalog r.q']);
    expect(seen(view(`SELECT format('DROP TABLE %I', c.relname) AS q FROM ${catalogue}`), run)).toEqual([]);
  });

  it('holds what one of its name holds', () => {
    const two = `${view(`SELECT quote_ident(c.relname) AS t FROM ${catalogue}`)} CREATE VIEW other.listed AS SELECT c.relname AS t FROM ${catalogue};`;
    expect(seen(two, drop('t'))).toEqual(['info catalog r.t']);
  });
});

describe('a column without a table before it', () => {
  const tables = 'CREATE TABLE app.a (id int, key_a bigint, note text); CREATE TABLE app.b (id int, key_b text, note int);';
  const read = (column: string) => `SELECT min(${column}) INTO n FROM app.a JOIN app.b ON a.id = b.id JOIN other.c ON c.id = a.id; EXECUTE 'SELECT ' || n;`;

  it('has the type that the tables agree on', () => {
    expect(seen(tables, read('key_a'))).toEqual([]);
    expect(seen(tables, read('key_b'))).toEqual(['low fetched n']);
    expect(seen(tables, read('note'))).toEqual(['low fetched n']);
  });
});

describe('functions of one name', () => {
  const overloads = `
    CREATE FUNCTION app.part(a text) RETURNS text LANGUAGE sql AS $$ SELECT quote_ident(a) $$;
    CREATE FUNCTION app.part(a text, b text, c int DEFAULT 1) RETURNS text LANGUAGE sql AS $$ SELECT a || b $$;`;

  it('are told from each other by the number of arguments', () => {
    expect(seen(overloads, `EXECUTE 'SELECT ' || app.part(x);`)).toEqual([]);
    expect(seen(overloads, `EXECUTE 'SELECT ' || app.part(x, 'a');`)).toEqual(['medium param app.part(x, \'a\')']);
    expect(seen(overloads, `EXECUTE 'SELECT ' || app.part('b', 'a', 2);`)).toEqual([]);
  });

  it('are taken for the worst of them where the number does not tell', () => {
    const same = `${overloads} CREATE FUNCTION app.part(a text, b int) RETURNS text LANGUAGE sql AS $$ SELECT quote_ident(a) $$;`;
    expect(seen(same, `EXECUTE 'SELECT ' || app.part(x, 'a');`)).toEqual(['medium param app.part(x, \'a\')']);
  });
});

describe('a whole statement out of a table', () => {
  it.each([
    `SELECT stmt INTO q FROM app.queue LIMIT 1; EXECUTE q;`,
    `SELECT stmt INTO q FROM app.queue LIMIT 1; EXECUTE q || ' LIMIT 3';`,
    `FOR r IN SELECT * FROM app.queue LOOP q := r.stmt; EXECUTE q; END LOOP;`,
  ])('is chosen by who can write to it: %s', (body) => {
    expect(seen('', body).map((one) => one.replace(/ \S+$/, ''))).toEqual(['info fetched']);
    expect(seen('', body, 'SECURITY DEFINER').map((one) => one.replace(/ \S+$/, ''))).toEqual(['medium fetched']);
  });

  it('is another thing than what routines and catalogues give', () => {
    expect(seen('', `SELECT s INTO q FROM app.make(x) s; EXECUTE q;`, 'SECURITY DEFINER')).toEqual([]);
    expect(seen('', `SELECT definition INTO q FROM pg_views; EXECUTE q;`, 'SECURITY DEFINER')).toEqual([]);
    expect(seen('', `FOR r IN EXECUTE 'SELECT ' || quote_ident(x) || ' AS stmt FROM app.t' LOOP EXECUTE r.stmt; END LOOP;`, 'SECURITY DEFINER')).toEqual([]);
  });
});

describe('what a function of the workspace gives', () => {
  it('has what every part of a UNION and a recursive query give', () => {
    const made = (query: string) => `CREATE FUNCTION app.made(p text) RETURNS text LANGUAGE sql AS $$ ${query} $$;`;
    const run = `q := app.made(x); EXECUTE q;`;
    const tree = (select: string) => `WITH RECURSIVE t AS (SELECT 1 AS depth, 'a' AS name UNION SELECT t.depth + 1, n.name FROM t JOIN app.nodes n ON n.parent = t.name) ${select} FROM t`;
    expect(seen(made(tree(`SELECT 'DROP TABLE x ' || p`)), run)).toEqual(['medium param q']);
    expect(seen(made(tree(`SELECT 'DROP TABLE ' || quote_ident(p)`)), run)).toEqual([]);
    expect(seen(made(`SELECT 'DROP TABLE a' UNION ALL SELECT 'DROP TABLE ' || p`), run)).toEqual(['medium param q']);
    expect(seen(made(`SELECT 'DROP TABLE a' UNION ALL SELECT 'DROP TABLE ' || quote_ident(p)`), run)).toEqual([]);
  });

  it('stands in a field that is called like the function', () => {
    const builds = `CREATE FUNCTION app.made(p text) RETURNS text LANGUAGE plpgsql AS $$ BEGIN RETURN 'DROP TABLE ' || p; END $$;`;
    expect(seen(builds, `FOR r IN SELECT app.made(x) LOOP q := r.made || ';'; EXECUTE q; END LOOP;`)).toEqual(['medium param r.made']);
    expect(seen(builds, `FOR r IN SELECT app.made(x) LOOP EXECUTE r.made; END LOOP;`)).toEqual(['medium param r.made']);
  });
});

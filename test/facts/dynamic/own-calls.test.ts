import { beforeAll, describe, expect, it } from 'vitest';
import { findDynamicSql } from '../../../server/src/facts/flow.ts';
import { loadPostgresFromDisk } from '../../../server/src/node-wasm.ts';
import { splitStatements } from '../../../server/src/syntax/sql/statements.ts';

beforeAll(loadPostgresFromDisk);

function seen(body: string, { made = '', clauses = '' } = {}): string[] {
  const text = `${made}CREATE FUNCTION app.run(p text, c boolean, j jsonb) RETURNS void LANGUAGE plpgsql ${clauses} AS $b$ DECLARE v text; s jsonb; BEGIN ${body} END $b$;`;
  return findDynamicSql(splitStatements(text)).flatMap(({ risks }) => risks).map(({ severity, origin }) => `${severity} ${origin}`);
}

describe('a call inside of an expression that no parser takes apart', () => {
  it.each([
    `trim(both ' ' from app.pick(c, p))`,
    `(app.parts(p)).name`,
    `(app.parts(p))[1]`,
    `((SELECT app.pick(c, p)))`,
    `app.pick(p = 'x', p)`,
  ])('gives what nobody knows, whatever it is given: %s', (value) => {
    for (const statement of [`format('SELECT ''%s''', ${value})`, `format('SELECT ''%L''', ${value})`, `'SELECT ''' || ${value} || ''''`, `'SELECT ' || quote_literal(quote_literal(${value})) || ${value}`]) {
      expect(seen(`EXECUTE ${statement};`)).toEqual(['info unknown']);
      expect(seen(`EXECUTE ${statement};`, { clauses: 'SECURITY DEFINER' })).toEqual(['info unknown']);
    }
  });

  it.each([
    [`(app.parts(p))[1]`, 'BEGIN RETURN ARRAY[p]; END', ['medium param']],
    [`(app.parts(p))[1]`, 'BEGIN RETURN ARRAY[quote_ident(p)]; END', []],
    [`trim(both '"' from app.parts(p))`, 'BEGIN RETURN ARRAY[quote_ident(p)]; END', ['medium param']],
    [`trim(both ' ' from app.parts(p))`, 'BEGIN RETURN ARRAY[p]; END', ['medium param']],
  ])('gives what the workspace says: %s of %s', (value, body, expected) => {
    const made = `CREATE FUNCTION app.parts(p text) RETURNS text[] LANGUAGE plpgsql AS $$ ${body} $$;\n`;
    expect(seen(`EXECUTE 'SELECT 1 FROM ' || ${value};`, { made })).toEqual(expected);
  });

  it('is blamed where its argument is used by itself, too', () => {
    expect(seen(`EXECUTE 'SELECT ' || (ARRAY[p, app.pick(c, p)])[1];`)).toEqual(['medium param']);
    expect(seen(`EXECUTE 'SELECT ' || trim(both from p);`)).toEqual(['medium param']);
  });
});

describe('a key that chooses what is taken out', () => {
  it.each([
    `(s ->> p)`, `(s #>> ARRAY['a', p])`, `(s -> p ->> 'x')`, `(s -> lower(p) ->> 'x')`, `jsonb_extract_path_text(s, p)`,
  ])('is no part of it: %s', (value) => {
    expect(seen(`SELECT settings INTO s FROM app.config; EXECUTE 'SELECT * FROM ' || ${value};`)).toEqual(['low fetched']);
    expect(seen(`SELECT settings INTO s FROM app.config; EXECUTE 'SELECT * FROM ' || ${value};`, { clauses: 'SECURITY DEFINER' })).toEqual(['medium fetched']);
  });

  it.each([
    [`(j ->> 'x')`, ['medium param']],
    [`(j ->> p)`, ['medium param']],
    [`((s ->> 'x') || p)`, ['low fetched', 'medium param']],
    [`('{"a": "x", "b": "y"}'::jsonb ->> p)`, []],
  ])('leaves what is asked: %s', (value, expected) => {
    expect(seen(`SELECT settings INTO s FROM app.config; EXECUTE 'SELECT * FROM ' || ${value};`)).toEqual(expected);
  });

  it('may ask a column of the query', () => {
    expect(seen(`FOR v IN SELECT x ->> 'tab' FROM app.config k, jsonb_array_elements(k.settings) x LOOP EXECUTE 'SELECT * FROM ' || v; END LOOP;`)).toEqual(['low fetched']);
  });
});

describe('what is stored', () => {
  it('may be assigned without SELECT', () => {
    expect(seen(`v := name FROM app.config WHERE key = p; EXECUTE 'SELECT * FROM ' || v;`)).toEqual(['low fetched']);
    expect(seen(`v := quote_ident(name) FROM app.config WHERE key = p; EXECUTE 'SELECT * FROM ' || v;`)).toEqual([]);
  });

  it('is no worse between quotes that are doubled by hand', () => {
    const run = (value: string) => `EXECUTE 'SELECT E''' || replace(${value}, '''', '''''') || '''';`;
    expect(seen(`SELECT name INTO v FROM app.config; ${run('v')}`)).toEqual(['low fetched']);
    expect(seen(`SELECT name INTO v FROM app.config; ${run('v')}`, { clauses: 'SECURITY DEFINER' })).toEqual(['medium fetched']);
    expect(seen(run('p'))).toEqual(['high param']);
  });

  it('is a template of its own, which the caller fills', () => {
    expect(seen(`SELECT sql INTO v FROM app.config; v := replace(v, ':x', p); EXECUTE v;`)).toEqual(['medium param']);
    expect(seen(`SELECT sql INTO v FROM app.config; v := replace(v, ':x', quote_literal(p)); EXECUTE v;`)).toEqual(['info fetched']);
    expect(seen(`v := replace(p, ':x', '1'); EXECUTE v;`)).toEqual(['info param']);
  });

  it('holds aggregates of JSON', () => {
    expect(seen(`SELECT jsonb_object_agg(key, name) INTO s FROM app.config; EXECUTE 'SELECT * FROM ' || (s ->> p);`)).toEqual(['low fetched']);
  });
});

describe('a query that the caller hands over', () => {
  it('begins where the statement has no SELECT yet', () => {
    expect(seen(`EXECUTE 'CREATE TEMP TABLE x AS ' || p;`)).toEqual(['info param']);
    expect(seen(`EXECUTE 'CREATE TEMP TABLE x AS SELECT 1 AS ' || p;`)).toEqual(['medium param']);
  });
});

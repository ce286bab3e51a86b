import { beforeAll, describe, expect, it } from 'vitest';
import { findDynamicSql } from '../../../server/src/facts/flow.ts';
import { loadPostgresFromDisk } from '../../../server/src/node-wasm.ts';
import { splitStatements } from '../../../server/src/syntax/sql/statements.ts';

beforeAll(loadPostgresFromDisk);

function levels(body: string, parameters = 'p text'): string[] {
  const text = `CREATE FUNCTION app.f(${parameters}) RETURNS void LANGUAGE plpgsql AS $b$ DECLARE hit text[]; s text; BEGIN ${body} END $b$;`;
  return findDynamicSql(splitStatements(text)).flatMap(({ risks }) => risks).map(({ severity, origin }) => `${severity} ${origin}`);
}

describe('what a pattern finds', () => {
  it.each([
    `SELECT regexp_matches(p, E'\\\\m(\\\\w+)\\\\s+serial\\\\M') INTO hit; EXECUTE 'DROP TABLE ' || hit[1];`,
    `hit := regexp_match(p, '^(\\w+)[.](\\w+)$'); EXECUTE 'DROP TABLE ' || hit[2];`,
    `EXECUTE 'DROP TABLE ' || substring(p FROM '^[a-z_]+');`,
    `s := substring(p, '([a-z]+)$'); EXECUTE 'DROP TABLE ' || s;`,
  ])('is one word: %s', (body) => {
    expect(levels(body)).toEqual([]);
  });

  it.each([
    `hit := regexp_match(p, '(.+)'); EXECUTE 'DROP TABLE ' || hit[1];`,
    `hit := regexp_match(p, '(\\w+)(.*)'); EXECUTE 'DROP TABLE ' || hit[2];`,
    `hit := regexp_match(p, '((\\w+) .*)'); EXECUTE 'DROP TABLE ' || hit[1];`,
    `EXECUTE 'DROP TABLE ' || substring(p FROM '[^;]+');`,
    `EXECUTE 'DROP TABLE ' || substring(p FROM '(\\w+|.*)');`,
    `EXECUTE 'DROP TABLE ' || substring(p FROM 3);`,
  ])('is more: %s', (body) => {
    expect(levels(body)).toEqual(['medium param']);
  });
});

describe('several values in one', () => {
  it('are as bad as the one that does most harm', () => {
    const stored = (marked: string) => `SELECT t.body INTO s FROM app.templates t; EXECUTE 'SELECT ' || replace(s, '#at#', ${marked});`;
    expect(levels(stored('p::text'), 'p timestamptz')).toEqual(['low fetched']);
    expect(levels(stored('p'))).toEqual(['medium param']);
  });
});

describe('quotes behind lower()', () => {
  it('stay what they are', () => {
    expect(levels(`p := replace(p, '''', ''''''); p := lower(trim(p)); EXECUTE 'SELECT ''' || p || '''';`)).toEqual(['low param']);
    expect(levels(`EXECUTE 'SELECT ' || lower(quote_literal(p));`)).toEqual([]);
    expect(levels(`EXECUTE 'SELECT ' || lower(p);`)).toEqual(['medium param']);
  });
});

describe('what a statement gives that has the value in it', () => {
  it('is of the caller', () => {
    expect(levels(`EXECUTE 'SELECT lower(''' || p || ''')' INTO s; EXECUTE 'SELECT ' || s || '_at FROM app.t';`)).toEqual(['medium param', 'medium param']);
    expect(levels(`EXECUTE 'SELECT name FROM ' || p INTO s; EXECUTE 'SELECT ' || s || '_at FROM app.t';`)).toEqual(['medium param', 'low fetched']);
  });
});

import { beforeAll, describe, expect, it } from 'vitest';
import { findDynamicSql } from '../../../server/src/facts/flow.ts';
import { loadPostgresFromDisk } from '../../../server/src/node-wasm.ts';
import { splitStatements } from '../../../server/src/syntax/sql/statements.ts';

beforeAll(loadPostgresFromDisk);

function told(body: string, parameters = 'table_name text, x text'): string[] {
  const text = `CREATE FUNCTION app.f(${parameters}) RETURNS void LANGUAGE plpgsql AS $b$ ${body} $b$;`;
  return findDynamicSql(splitStatements(text)).flatMap(({ risks }) => risks).map(({ severity, message }) => `${severity} ${/always fails \((.*)\)$/.exec(message)?.[1] ?? ''}`.trim());
}

const run = `EXECUTE 'ALTER TABLE ' || x || ' ADD n int';`;

describe('a column that is called like a variable', () => {
  it.each([
    `BEGIN IF NOT EXISTS (SELECT 1 FROM information_schema.columns WHERE table_name = $1 AND column_name = 'n') THEN ${run} END IF; END`,
    `DECLARE n int; BEGIN SELECT count(*) INTO n FROM information_schema.tables AS t WHERE t.table_schema = 'app' AND table_name = lower(x); ${run} END`,
    `DECLARE r record; BEGIN FOR r IN SELECT c.column_name FROM information_schema.columns c WHERE table_name = x LOOP ${run} END LOOP; END`,
  ])('ends the routine: %s', (body) => {
    expect(told(body)).toEqual(['low column reference "table_name" is ambiguous']);
  });

  it.each([
    `BEGIN PERFORM 1 FROM information_schema.tables t WHERE t.table_name = f.table_name; ${run} END`,
    `BEGIN ${run} PERFORM 1 FROM information_schema.tables WHERE table_name = 'a'; END`,
    `BEGIN IF x IS NULL THEN PERFORM 1 FROM information_schema.tables WHERE table_name = 'a'; END IF; ${run} END`,
    `BEGIN BEGIN PERFORM 1 FROM information_schema.tables WHERE table_name = 'a'; EXCEPTION WHEN OTHERS THEN NULL; END; ${run} END`,
    `#variable_conflict use_column\nBEGIN PERFORM 1 FROM information_schema.tables WHERE table_name = 'a'; ${run} END`,
    `BEGIN IF x = '' THEN NULL; ELSIF EXISTS (SELECT 1 FROM information_schema.tables WHERE table_name = 'a') THEN NULL; END IF; ${run} END`,
    `BEGIN CASE WHEN x = '' THEN NULL; WHEN EXISTS (SELECT 1 FROM information_schema.tables WHERE table_name = 'a') THEN NULL; ELSE NULL; END CASE; ${run} END`,
    `DECLARE c CURSOR FOR SELECT 1 FROM information_schema.tables WHERE table_name = 'a'; BEGIN ${run} END`,
    `BEGIN PERFORM 1 FROM information_schema.schemata WHERE table_name = 'a'; ${run} END`,
    `BEGIN PERFORM 1 FROM information_schema.tables, app.names WHERE table_name = 'a'; ${run} END`,
  ])('not here: %s', (body) => {
    expect(told(body)).toEqual(['medium']);
  });

  it.each([
    `BEGIN EXECUTE 'DROP EXTERNAL TABLE app.a'; ${run} END`,
    `BEGIN EXECUTE 'SELEC 1'; ${run} END`,
    `DECLARE q text := 'SELEC 1'; BEGIN EXECUTE q; ${run} END`,
    `DECLARE q text; BEGIN q := 'SELEC '; q := q || '1'; EXECUTE q; ${run} END`,
  ])('is no statement of PostgreSQL: %s', (body) => {
    expect(told(body)).toEqual([expect.stringMatching(/^low syntax error at or near/)]);
  });

  it('is one of Greenplum', () => {
    expect(told(`BEGIN EXECUTE 'DROP EXTERNAL TABLE ' || table_name; ${run} END`)).toEqual(['low', 'low syntax error at or near "EXTERNAL"']);
    expect(told(`BEGIN EXECUTE 'CREATE READABLE EXTERNAL TABLE ' || x || ' (n int)'; END`)).toEqual(['low']);
  });

  it.each([
    `BEGIN EXECUTE 'DROP TABLE app.a'; ${run} END`,
    `BEGIN EXECUTE 'CREATE TABLE a (n int); CREATE TABLE b (n int)'; ${run} END`,
    `BEGIN IF x = '' THEN EXECUTE 'SELEC 1'; END IF; ${run} END`,
    `BEGIN BEGIN EXECUTE 'SELEC 1'; EXCEPTION WHEN others THEN NULL; END; ${run} END`,
    `BEGIN EXECUTE 'SELECT * FROM {{ table }}'; ${run} END`,
    `DECLARE q text := 'SELEC 1'; BEGIN IF x = '' THEN q := 'SELECT 1'; END IF; EXECUTE q; ${run} END`,
    `DECLARE q text := 'SELEC 1'; BEGIN EXECUTE quote_literal(q); ${run} END`,
  ])('is one, or need not run: %s', (body) => {
    expect(told(body)).toEqual(['medium']);
  });

  it('is the column in a routine in SQL', () => {
    const text = `CREATE FUNCTION app.f(table_name text, x text) RETURNS xml LANGUAGE sql AS $b$ SELECT 1 FROM information_schema.tables WHERE table_name = 'a'; SELECT query_to_xml('SELECT 1 FROM ' || x, true, true, ''); $b$;`;
    expect(findDynamicSql(splitStatements(text)).flatMap(({ risks }) => risks).map(({ severity }) => severity)).toEqual(['medium']);
  });

  it('is none where no variable is called so', () => {
    expect(told(`BEGIN PERFORM 1 FROM information_schema.tables WHERE table_name = 'a'; ${run} END`, 'x text')).toEqual(['medium']);
  });

  it.each([
    `DECLARE v text := to_char(gone.started, 'YYYY'); BEGIN ${run} END`,
    `DECLARE v text; BEGIN v := gone.a || 'b'; ${run} END`,
    `DECLARE v int; BEGIN v := seq.nextval; ${run} END`,
  ])('reads a row that is not there: %s', (body) => {
    expect(told(body)).toEqual([expect.stringMatching(/^low missing FROM-clause entry for table/)]);
  });

  it.each([
    `DECLARE r record; v text; BEGIN v := r.a; ${run} END`,
    `<<main>> DECLARE v text; w text; BEGIN v := main.w; ${run} END`,
    `DECLARE v text; BEGIN v := f.x; ${run} END`,
    `DECLARE v text; BEGIN v := app.name_of(x); ${run} END`,
    `DECLARE v text; BEGIN v := x::app.kind; ${run} END`,
    `DECLARE v text; BEGIN v := x COLLATE app.c; ${run} END`,
    `DECLARE v text; BEGIN v := x OPERATOR(app.+) 'a'; ${run} END`,
    `DECLARE v text; BEGIN v := t.a FROM app.t LIMIT 1; ${run} END`,
    `DECLARE v text; BEGIN v := (SELECT t.a FROM app.t LIMIT 1); ${run} END`,
    `DECLARE v text; BEGIN IF x = '' THEN v := gone.a; END IF; ${run} END`,
  ])('reads one that is, or need not: %s', (body) => {
    expect(told(body)).toEqual(['medium']);
  });
});

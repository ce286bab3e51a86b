import { beforeAll, describe, expect, it } from 'vitest';
import { findDynamicSql } from '../../../server/src/facts/flow.ts';
import { loadPostgresFromDisk } from '../../../server/src/node-wasm.ts';
import { splitStatements } from '../../../server/src/syntax/sql/statements.ts';

beforeAll(loadPostgresFromDisk);

const check = `IF x !~ '^[a-z]+$' THEN RAISE 'no'; END IF;`;
const run = `EXECUTE 'DROP TABLE ' || x;`;
const inList = `EXECUTE 'DELETE FROM app.t WHERE id IN (' || x || ')';`;

function seen(body: string, clauses = ''): string[] {
  const text = `CREATE FUNCTION app.f(x text, y text, n int) RETURNS void LANGUAGE plpgsql ${clauses} AS $f$ DECLARE a text[]; e text; d jsonb; BEGIN ${body} END $f$;`;
  return findDynamicSql(splitStatements(text)).flatMap(({ risks }) => risks.map(({ severity }) => severity));
}

describe('a check where there is a text', () => {
  it.each([
    'x IS NOT NULL', `x IS NOT NULL AND x <> ''`, `x <> ''`, `coalesce(x, '') <> ''`, `NOT (x IS NULL)`, `length(x) > 0`, `trim(x) <> ''`, `nullif(x, '') IS NOT NULL`,
  ])('counts for those without one as well: %s', (condition) => {
    expect(seen(`IF ${condition} THEN ${check} END IF; ${run}`)).toEqual([]);
  });

  it('counts in nested conditions and in loops over elements', () => {
    expect(seen(`IF x IS NOT NULL THEN IF x <> '' THEN ${check} END IF; END IF; ${run}`)).toEqual([]);
    expect(seen(`IF x IS NOT NULL AND x <> '' THEN FOREACH e IN ARRAY string_to_array(x, ',') LOOP n := e::int; END LOOP; END IF; n := 1; IF x IS NOT NULL THEN ${inList} END IF;`)).toEqual([]);
  });

  it.each([
    ['x IS NULL', ''], ['x IS NOT NULL AND n = 1', ''], ['x IS NOT NULL OR n = 1', ''], [`x <> 'all'`, ''], ['y IS NOT NULL', ''], ['length(x) > 5', ''], ['x IS NOT NULL', 'x := y;'],
  ])('does not count: %s %s', (condition, behind) => {
    expect(seen(`IF ${condition} THEN ${check} END IF; ${behind} ${run}`)).toEqual(['medium']);
  });

  it('does not count where a loop is left before', () => {
    expect(seen(`LOOP IF x IS NOT NULL THEN EXIT WHEN n = 1; ${check} END IF; END LOOP; ${run}`)).toEqual(['medium']);
  });
});

describe('a check in the only branch that stays', () => {
  it.each([
    `IF n = 1 THEN RAISE 'no'; ELSE ${check} END IF; ${run}`,
    `IF n = 1 THEN ${check} ELSE RETURN; END IF; ${run}`,
    `CASE n WHEN 1 THEN RAISE 'no'; ELSE ${check} END CASE; ${run}`,
    `LOOP IF n = 1 THEN CONTINUE; ELSE ${check} END IF; ${run} END LOOP;`,
  ])('counts behind it: %s', (body) => {
    expect(seen(body)).toEqual([]);
  });

  it.each([
    `IF n = 1 THEN RAISE NOTICE 'no'; ELSE ${check} END IF; ${run}`,
    `IF n = 1 THEN ${check} ELSIF n = 2 THEN RETURN; END IF; ${run}`,
    `IF n = 1 THEN RETURN; ELSE ${check} END IF; x := y; ${run}`,
    `LOOP IF n = 1 THEN RETURN; ELSE EXIT WHEN n = 2; ${check} END IF; END LOOP; ${run}`,
  ])('does not count: %s', (body) => {
    expect(seen(body)).toEqual(['medium']);
  });
});

describe('a list whose elements are cast', () => {
  it('may be split into a variable before', () => {
    expect(seen(`a := string_to_array(x, ','); FOREACH e IN ARRAY a LOOP n := e::int; END LOOP; ${inList}`)).toEqual([]);
    expect(seen(`n := replace(x, ',', '')::numeric; ${inList}`)).toEqual([]);
  });

  it.each([
    `a := string_to_array(x, ','); x := y; FOREACH e IN ARRAY a LOOP n := e::int; END LOOP; ${inList}`,
    `a := string_to_array(x, ','); a := a || 'z'; FOREACH e IN ARRAY a LOOP n := e::int; END LOOP; ${inList}`,
    `a := string_to_array(y, ','); FOREACH e IN ARRAY a LOOP n := e::int; END LOOP; ${inList}`,
    `a := string_to_array(x, ';--'); FOREACH e IN ARRAY a LOOP n := e::int; END LOOP; ${inList}`,
    `e := replace(x, ',', ''); ${inList}`,
    `n := length(replace(x, ',', '')); ${inList}`,
  ])('is told: %s', (body) => {
    expect(seen(body)).toEqual(['medium']);
  });
});

describe('a number in arithmetic, and a parameter by its number', () => {
  it('is no text', () => {
    const text = `CREATE FUNCTION app.f() RETURNS trigger LANGUAGE plpgsql AS $f$ BEGIN EXECUTE 'SELECT app.g(' || NEW.code - 1 || ')'; RETURN NEW; END $f$;`;
    expect(findDynamicSql(splitStatements(text)).flatMap(({ risks }) => risks)).toEqual([]);
    expect(seen(`EXECUTE 'SELECT app.g(' || to_char(n, 99) || ')';`)).toEqual([]);
  });

  it('of JSON a part is left', () => {
    expect(seen(`d := x::jsonb; EXECUTE 'SELECT ''' || d - 1 || '''';`)).toEqual(['medium']);
  });

  it('holds what is put into it', () => {
    expect(seen(`$1 := quote_ident($1); EXECUTE format('DROP TABLE %s', $1);`)).toEqual([]);
    expect(seen(`$1 = quote_ident(x); EXECUTE format('DROP TABLE %s', x);`)).toEqual([]);
    expect(seen(`x := quote_ident(x); EXECUTE format('DROP TABLE %s', $1);`)).toEqual([]);
    expect(seen(`EXECUTE format('DROP TABLE %s', $1); $1 := quote_ident($1);`)).toEqual(['medium']);
    expect(seen(`$2 := quote_ident($2); EXECUTE format('DROP TABLE %s', $1);`)).toEqual(['medium']);
  });

  it('needs no name for that', () => {
    const of = (body: string) => findDynamicSql(splitStatements(`CREATE FUNCTION app.f(text) RETURNS void LANGUAGE plpgsql AS $f$ BEGIN ${body} END $f$;`)).flatMap(({ risks }) => risks.map(({ severity }) => severity));
    expect(of(`$1 := quote_ident($1); EXECUTE format('DROP TABLE %s', $1);`)).toEqual([]);
    expect(of(`IF $1 = '' THEN $1 := 'a'; END IF; EXECUTE format('DROP TABLE %s', $1);`)).toEqual(['medium']);
  });
});

import { beforeAll, describe, expect, it } from 'vitest';
import { findDynamicSql } from '../../../server/src/facts/flow.ts';
import { alphabetOf, alphabetWithout } from '../../../server/src/facts/dynamic/safe-pattern.ts';
import { loadPostgresFromDisk } from '../../../server/src/node-wasm.ts';
import { splitStatements } from '../../../server/src/syntax/sql/statements.ts';

beforeAll(loadPostgresFromDisk);

function seen(body: string): string[] {
  const text = `CREATE FUNCTION app.f(x text, y text) RETURNS void LANGUAGE plpgsql AS $b$ ${body} $b$;`;
  return findDynamicSql(splitStatements(text)).flatMap(({ risks }) => risks).map((risk) => `${risk.severity} ${text.slice(risk.at.start, risk.at.end)}`);
}

const run = `EXECUTE 'SELECT 1 FROM app.' || x;`;
const quoted = `EXECUTE 'SELECT ''' || x || '''';`;

describe('a check of a field', () => {
  const levels = (body: string) => {
    const text = `CREATE TABLE app.t (name text, data jsonb); CREATE FUNCTION app.f(p app.t, q app.t) RETURNS void LANGUAGE plpgsql AS $b$ DECLARE r app.t; BEGIN ${body} END $b$;`;
    return findDynamicSql(splitStatements(text)).flatMap(({ risks }) => risks).map(({ severity }) => severity);
  };

  it('ends where its record is filled again', () => {
    const check = `IF p.name NOT IN ('a') THEN RAISE 'no'; END IF;`;
    expect(levels(`${check} EXECUTE 'DROP TABLE ' || p.name;`)).toEqual([]);
    expect(levels(`${check} p := q; EXECUTE 'DROP TABLE ' || p.name;`)).toEqual(['medium']);
    expect(levels(`${check} r := q; EXECUTE 'DROP TABLE ' || p.name;`)).toEqual([]);
    const key = check.replace('p.name', `p.data->>'k'`);
    expect(levels(`${key} EXECUTE 'DROP TABLE ' || (p.data->>'k');`)).toEqual([]);
    expect(levels(`${key} p := q; EXECUTE 'DROP TABLE ' || (p.data->>'k');`)).toEqual(['medium']);
    const stored = `SELECT t.* INTO r FROM app.t t;`;
    expect(levels(`${stored} ${check.replace('p.', 'r.')} EXECUTE 'DROP TABLE ' || r.name;`)).toEqual([]);
    expect(levels(`${stored} ${check.replace('p.', 'r.')} ${stored} EXECUTE 'DROP TABLE ' || r.name;`)).toEqual(['low']);
    expect(levels(`FOR r IN SELECT * FROM app.t LOOP ${check.replace('p.', 'r.')} EXECUTE 'DROP TABLE ' || r.name; END LOOP;`)).toEqual([]);
  });
});

describe('a text that stands for true or false', () => {
  const levels = (body: string) => {
    const text = `CREATE FUNCTION app.f(x text, y text) RETURNS void LANGUAGE plpgsql AS $b$ BEGIN ${body} END $b$;`;
    return findDynamicSql(splitStatements(text)).flatMap(({ risks }) => risks).map(({ severity }) => severity);
  };
  const run = `EXECUTE 'SET ROLE ' || x;`;

  it.each([`IF x THEN ${run} END IF;`, `IF NOT x THEN RETURN; END IF; ${run}`, `IF x::boolean THEN ${run} END IF;`, `IF y = 'a' THEN NULL; ELSIF x THEN ${run} END IF;`])('is one of a few words: %s', (body) => {
    expect(levels(body)).toEqual([]);
  });

  it.each([`IF y THEN ${run} END IF;`, `IF x THEN NULL; END IF; x := y; ${run}`, `IF x IS NOT NULL THEN ${run} END IF;`, `IF y = 'a' THEN IF x THEN NULL; END IF; END IF; ${run}`, `IF y = 'a' THEN NULL; ELSIF x THEN NULL; END IF; ${run}`])('but not in %s', (body) => {
    expect(levels(body)).toEqual(['medium']);
  });
});

describe('a field of a record that the loop fills', () => {
  const levels = (body: string) => {
    const text = `CREATE FUNCTION app.f() RETURNS void LANGUAGE plpgsql SECURITY DEFINER AS $b$ DECLARE r record; v text; BEGIN FOR r IN SELECT kind, other FROM app.jobs LOOP ${body} END LOOP; END $b$;`;
    return findDynamicSql(splitStatements(text)).flatMap(({ risks }) => risks).map(({ severity }) => severity);
  };
  const run = `EXECUTE 'DELETE FROM app.rows_' || v;`;

  it('is what is stored until something else is put there', () => {
    expect(levels(`v := r.kind; r.kind := 'a'; ${run}`)).toEqual(['medium']);
    expect(levels(`v := r.kind; ${run} r.kind := 'a';`)).toEqual(['medium']);
    expect(levels(`r.other := 'a'; v := r.kind; ${run}`)).toEqual(['medium']);
    expect(levels(`r.kind := 'a'; v := r.kind; ${run}`)).toEqual([]);
  });
});

describe('what was copied before a check', () => {
  const levels = (check: string) => {
    const text = `CREATE FUNCTION app.f() RETURNS void LANGUAGE plpgsql SECURITY DEFINER AS $b$ DECLARE r record; v text; BEGIN
      FOR r IN SELECT kind, other FROM app.jobs LOOP v := r.kind; ${check} EXECUTE 'DELETE FROM app.rows_' || v; END IF; END LOOP; END $b$;`;
    return findDynamicSql(splitStatements(text)).flatMap(({ risks }) => risks).map(({ severity }) => severity);
  };

  it('is checked as well', () => {
    expect(levels(`IF r.kind = 'a' THEN`)).toEqual(['low']);
    expect(levels(`IF r.other = 'a' THEN`)).toEqual(['medium']);
    expect(levels(`IF r.kind = 'a' THEN v := r.other;`)).toEqual(['medium']);
    expect(levels(`v := r.other; IF r.kind = 'a' THEN`)).toEqual(['medium']);
    expect(levels(`v := r.other; IF r.other = 'b' THEN v := r.kind; END IF; IF r.kind = 'a' THEN`)).toEqual(['medium']);
    expect(levels(`r.kind := 'a'; IF r.kind = 'a' THEN`)).toEqual(['medium']);
  });
});

describe('a check that lets nothing harmful through', () => {
  it.each([
    `BEGIN IF x !~ '^[a-z_][a-z0-9_]*$' THEN RAISE EXCEPTION 'no'; END IF; ${run} END`,
    `BEGIN IF NOT (x ~ '^\\w+$') THEN RAISE 'no'; END IF; ${run} END`,
    `BEGIN IF x ~ '[^A-Za-z0-9_]' THEN RETURN; END IF; ${run} END`,
    `BEGIN IF x IS NULL OR x !~* '^[a-z]{1,20}$' THEN RAISE EXCEPTION USING MESSAGE = 'no'; END IF; ${run} END`,
    `BEGIN IF x IS NOT NULL AND x NOT IN ('a', 'b') THEN RAISE EXCEPTION 'no'; END IF; ${run} END`,
    `BEGIN IF x <> ALL (ARRAY['a', 'b']) THEN RAISE EXCEPTION 'no'; END IF; ${run} END`,
    `BEGIN IF NOT x = ANY (ARRAY['a', 'b']::text[]) THEN RAISE EXCEPTION 'no'; END IF; ${run} END`,
    `BEGIN IF x <> 'a' AND x <> 'b' THEN RAISE EXCEPTION 'no'; END IF; ${run} END`,
    `BEGIN IF $1 NOT IN ('a', 'b') THEN RAISE EXCEPTION 'no'; END IF; ${run} END`,
    `BEGIN IF quote_ident(x) <> x THEN RAISE EXCEPTION 'no'; END IF; ${run} END`,
    `BEGIN IF f.x NOT IN ('a', 'b') THEN RAISE EXCEPTION 'no'; END IF; ${run} END`,
    `BEGIN IF x !~ '^[a-z]+$' THEN RAISE EXCEPTION 'no'; END IF; EXECUTE 'SELECT 1 FROM app.' || f.x; END`,
    `<<b>> DECLARE v text := x; BEGIN IF b.v !~ '^[a-z]+$' THEN RAISE EXCEPTION 'no'; END IF; EXECUTE 'SELECT 1 FROM app.' || v; END`,
    `BEGIN IF x NOT IN ('a', 'b') THEN RAISE EXCEPTION 'no'; END IF; EXECUTE 'SELECT 1 FROM app.' || $1; END`,
    `BEGIN IF x NOT IN ('a', 'b') THEN PERFORM app.log(x); RAISE EXCEPTION 'no'; END IF; ${run} END`,
    `BEGIN IF x IN ('a', 'b') THEN ${run} END IF; END`,
    `BEGIN IF x = 'a' OR x = 'b' THEN ${run} ELSE RAISE EXCEPTION 'no'; END IF; END`,
    `BEGIN IF x NOT IN ('a', 'b') THEN NULL; ELSE ${run} END IF; END`,
    `BEGIN CASE x WHEN 'a', 'b' THEN ${run} ELSE NULL; END CASE; END`,
    `BEGIN IF y = '' THEN NULL; ELSIF x ~ '^(asc|desc)$' THEN ${run} END IF; END`,
    `BEGIN LOOP IF x NOT IN ('a') THEN CONTINUE; END IF; ${run} END LOOP; END`,
    `BEGIN LOOP CONTINUE WHEN x NOT IN ('a'); ${run} END LOOP; END`,
    `BEGIN LOOP EXIT WHEN x !~ '^[a-z]+$' OR y = ''; ${run} END LOOP; END`,
    `BEGIN BEGIN IF x NOT IN ('a') THEN RAISE EXCEPTION 'no'; END IF; END; ${run} END`,
    `DECLARE v text; BEGIN IF x NOT IN ('a') THEN RAISE EXCEPTION 'no'; END IF; v := 'app.' || x; EXECUTE 'SELECT 1 FROM ' || v; END`,
    `BEGIN IF x !~ '^[a-z -]+$' THEN RAISE EXCEPTION 'no'; END IF; ${quoted} END`,
    `BEGIN EXECUTE 'SELECT 1 FROM app.' || regexp_replace(x, '[^a-z_]', '', 'g'); END`,
    `BEGIN IF x !~ '\\A[a-z]+\\Z' THEN RAISE EXCEPTION 'no'; END IF; ${run} END`,
    `BEGIN IF x NOT SIMILAR TO '[a-z_]+' THEN RAISE EXCEPTION 'no'; END IF; ${run} END`,
    `BEGIN IF x NOT SIMILAR TO 'day|month|year' THEN RAISE EXCEPTION 'no'; END IF; ${run} END`,
    `BEGIN IF x <> quote_ident(x) THEN RAISE EXCEPTION 'no'; END IF; ${run} END`,
    `BEGIN IF coalesce(x, '') NOT IN ('a', 'b') THEN RAISE EXCEPTION 'no'; END IF; ${run} END`,
    `BEGIN IF trim(x) NOT IN ('a', 'b') THEN RAISE EXCEPTION 'no'; END IF; ${run} END`,
    `DECLARE k CONSTANT text[] := ARRAY['a', 'b']; BEGIN IF x <> ALL (k) THEN RAISE EXCEPTION 'no'; END IF; ${run} END`,
    `DECLARE k text[] := '{a,b}'; BEGIN IF NOT (x = ANY (k)) THEN RAISE EXCEPTION 'no'; END IF; ${run} END`,
    `BEGIN IF NOT upper(x) = ANY ('{A,B}'::text[]) THEN RAISE EXCEPTION 'no'; END IF; ${run} END`,
    `DECLARE a text[] := string_to_array(x, ','); v text; BEGIN FOREACH v IN ARRAY a LOOP IF v NOT IN ('a', 'b') THEN RAISE EXCEPTION 'no'; END IF; END LOOP; EXECUTE 'SELECT ' || array_to_string(a, ','); END`,
    `BEGIN PERFORM x::int; EXECUTE 'SELECT ' || x; END`,
    `DECLARE n bigint := CAST(x AS bigint); BEGIN EXECUTE 'SELECT ' || x; END`,
    `BEGIN CASE x WHEN 'a', 'b' THEN NULL; ELSE RAISE EXCEPTION 'no'; END CASE; ${run} END`,
    `BEGIN CASE x WHEN 'a' THEN NULL; WHEN 'b' THEN PERFORM 1; END CASE; ${run} END`,
    `BEGIN IF array_position(ARRAY['a', 'b'], x) IS NULL THEN RAISE EXCEPTION 'no'; END IF; ${run} END`,
    `DECLARE k CONSTANT text[] := ARRAY['a', 'b']; BEGIN IF array_position(k, x) IS NOT NULL THEN ${run} END IF; END`,
    `BEGIN BEGIN IF x NOT IN ('a') THEN RAISE EXCEPTION 'no'; END IF; EXCEPTION WHEN others THEN RAISE WARNING 'bad'; RAISE; END; ${run} END`,
    `BEGIN BEGIN IF x NOT IN ('a') THEN RAISE EXCEPTION 'no'; END IF; EXCEPTION WHEN raise_exception THEN RETURN; WHEN others THEN RAISE EXCEPTION 'bad'; END; ${run} END`,
  ])('%s', (body) => {
    expect(seen(body)).toEqual([]);
  });
});

describe('a check that does not help', () => {
  it.each<[string, string]>([
    ['caught, and told only', `BEGIN BEGIN IF x NOT IN ('a') THEN RAISE EXCEPTION 'no'; END IF; EXCEPTION WHEN others THEN RAISE NOTICE 'bad'; END; ${run} END`],
    ['one handler goes on', `BEGIN BEGIN IF x NOT IN ('a') THEN RAISE EXCEPTION 'no'; END IF; EXCEPTION WHEN raise_exception THEN NULL; WHEN others THEN RAISE; END; ${run} END`],
    ['no anchors', `BEGIN IF x !~ '[a-z]+' THEN RAISE EXCEPTION 'no'; END IF; ${run} END`],
    ['one anchor', `BEGIN IF x !~ '^[a-z]+' THEN RAISE EXCEPTION 'no'; END IF; ${run} END`],
    ['anchors of one alternative each', `BEGIN IF x !~ '^asc|desc$' THEN RAISE EXCEPTION 'no'; END IF; ${run} END`],
    ['any sign', `BEGIN IF x !~ '^.+$' THEN RAISE EXCEPTION 'no'; END IF; ${run} END`],
    ['a quote', `BEGIN IF x !~ '^[a-z'']+$' THEN RAISE EXCEPTION 'no'; END IF; ${quoted} END`],
    ['blanks where a name stands', `BEGIN IF x !~ '^[a-z -]+$' THEN RAISE EXCEPTION 'no'; END IF; ${run} END`],
    ['options in the pattern', `BEGIN IF x !~ '(?n)^[a-z]+$' THEN RAISE EXCEPTION 'no'; END IF; ${run} END`],
    ['another variable', `BEGIN IF y !~ '^[a-z]+$' THEN RAISE EXCEPTION 'no'; END IF; ${run} END`],
    ['another branch', `BEGIN IF y = '' THEN IF x NOT IN ('a') THEN RAISE EXCEPTION 'no'; END IF; ELSE ${run} END IF; END`],
    ['too late', `BEGIN ${run} IF x NOT IN ('a') THEN RAISE EXCEPTION 'no'; END IF; END`],
    ['it goes on', `BEGIN IF x NOT IN ('a') THEN PERFORM app.log(x); END IF; ${run} END`],
    ['only a warning', `BEGIN IF x NOT IN ('a') THEN RAISE WARNING 'no'; END IF; ${run} END`],
    ['only sometimes', `BEGIN IF x NOT IN ('a') AND y = '' THEN RAISE EXCEPTION 'no'; END IF; ${run} END`],
    ['written again', `BEGIN IF x NOT IN ('a') THEN RAISE EXCEPTION 'no'; END IF; x := y; ${run} END`],
    ['written again before the loop comes round', `BEGIN IF x NOT IN ('a') THEN RAISE EXCEPTION 'no'; END IF; LOOP ${run} x := y; END LOOP; END`],
    ['caught', `BEGIN BEGIN IF x NOT IN ('a') THEN RAISE EXCEPTION 'no'; END IF; EXCEPTION WHEN others THEN NULL; END; ${run} END`],
    ['positive, behind the branch', `BEGIN IF x IN ('a') THEN NULL; END IF; ${run} END`],
    ['either of two', `BEGIN IF x = 'a' OR y = 'a' THEN ${run} END IF; END`],
    ['EXIT WHEN', `BEGIN LOOP IF x NOT IN ('a') THEN EXIT WHEN y = ''; END IF; ${run} END LOOP; END`],
    ['a beginning alone', `BEGIN IF x NOT LIKE 'app_%' THEN RAISE EXCEPTION 'no'; END IF; ${run} END`],
    ['a length alone', `BEGIN IF length(x) > 20 THEN RAISE EXCEPTION 'no'; END IF; ${run} END`],
    ['an assertion, which can be switched off', `BEGIN ASSERT x IN ('a', 'b'); ${run} END`],
    ['a pattern where _ and % stand for anything', `BEGIN IF x NOT SIMILAR TO 'app_%' THEN RAISE EXCEPTION 'no'; END IF; ${run} END`],
    ['a list with NULL', `BEGIN IF x NOT IN ('a', NULL) THEN RAISE EXCEPTION 'no'; END IF; ${run} END`],
    ['a list that the caller gives', `BEGIN IF x <> ALL (y) THEN RAISE EXCEPTION 'no'; END IF; ${run} END`],
    ['a list that grows', `DECLARE k text[] := ARRAY['a']; BEGIN k := k || y; IF x <> ALL (k) THEN RAISE EXCEPTION 'no'; END IF; ${run} END`],
    ['quoted and compared with another one', `BEGIN IF x <> quote_ident(y) THEN RAISE EXCEPTION 'no'; END IF; ${run} END`],
    ['lines of their own', `BEGIN IF x !~ '(?w)^[a-z]+$' THEN RAISE EXCEPTION 'no'; END IF; ${run} END`],
    ['a cast that is caught', `DECLARE t oid; BEGIN BEGIN t := x::regclass; EXCEPTION WHEN others THEN NULL; END; ${run} END`],
    ['a cast that is not reached', `BEGIN IF y = '' THEN PERFORM x::int; END IF; ${run} END`],
    ['a CASE that goes on', `BEGIN CASE x WHEN 'a' THEN NULL; ELSE NULL; END CASE; ${run} END`],
    ['written again in a branch of CASE', `BEGIN CASE x WHEN 'a' THEN x := y; ELSE RAISE EXCEPTION 'no'; END CASE; ${run} END`],
    ['written again in another branch', `BEGIN IF x NOT IN ('a') THEN RAISE EXCEPTION 'no'; ELSE x := y; END IF; ${run} END`],
    ['a position in a list that the caller gives', `BEGIN IF array_position(string_to_array(y, ','), x) IS NULL THEN RAISE EXCEPTION 'no'; END IF; ${run} END`],
    ['only the first one', `BEGIN EXECUTE 'SELECT 1 FROM app.' || regexp_replace(x, '[^a-z_]', ''); END`],
  ])('%s', (_, body) => {
    expect(seen(body)).toEqual(['medium x'].map((one) => (body.includes('regexp_replace') ? expect.stringContaining('regexp_replace') : one)));
  });

  it('that something of this name exists is no quoting, but less is left to choose', () => {
    expect(seen(`BEGIN IF NOT EXISTS (SELECT 1 FROM pg_class WHERE relname = x) THEN RAISE EXCEPTION 'no'; END IF; ${run} END`)).toEqual(['info x']);
    expect(seen(`BEGIN IF NOT EXISTS (SELECT 1 FROM app.tenants WHERE name = x) THEN RAISE EXCEPTION 'no'; END IF; ${run} END`)).toEqual(['low x']);
  });
});

it('that only some elements are checked does not help', () => {
  const list = (loop: string) => seen(`DECLARE a text[] := string_to_array(x, ','); v text; BEGIN FOREACH v IN ARRAY a LOOP ${loop} END LOOP; EXECUTE 'SELECT ' || array_to_string(a, ','); END`);
  const check = `IF v NOT IN ('a', 'b') THEN RAISE EXCEPTION 'no'; END IF;`;
  const found = [`medium array_to_string(a, ',')`];
  expect(list(check)).toEqual([]);
  expect(list(`EXIT WHEN v = 'c'; ${check}`)).toEqual(found);
  expect(list(`CONTINUE WHEN y = v; ${check}`)).toEqual(found);
  expect(list(`IF y = 'a' THEN ${check} END IF;`)).toEqual(found);
  expect(list(`${check} a := a || y;`)).toEqual(found);
});

describe('a look-up that finds nothing for other values', () => {
  const stop = `THEN RAISE EXCEPTION 'no'; END IF; ${run} END`;
  it.each([
    `DECLARE n int; BEGIN SELECT id INTO n FROM app.tables WHERE name = x; IF NOT FOUND ${stop}`,
    `DECLARE n int; BEGIN SELECT t.id INTO n FROM app.tables t WHERE t.active AND lower(t.name) = lower(x); IF n IS NULL ${stop}`,
    `DECLARE n int; BEGIN SELECT id INTO n FROM app.tables WHERE name = x; IF n IS NULL OR n <= 0 ${stop}`,
    `DECLARE n int; BEGIN SELECT count(*) INTO n FROM app.tables WHERE name = x; IF n = 0 ${stop}`,
    `DECLARE b bool; BEGIN SELECT EXISTS (SELECT 1 FROM app.tables WHERE name = x) INTO b; IF NOT b ${stop}`,
    `DECLARE n int; BEGIN LOOP SELECT count(*) FROM app.tables WHERE name = x INTO n; CONTINUE WHEN (n = 0); ${run} END LOOP; END`,
    `DECLARE n int; BEGIN <<all>> LOOP SELECT id INTO n FROM app.tables WHERE name = x; EXIT all WHEN NOT FOUND; ${run} END LOOP; END`,
    `DECLARE n int; BEGIN SELECT id INTO STRICT n FROM app.tables WHERE name = x; ${run} END`,
    `BEGIN PERFORM 1 FROM app.tables WHERE name = x::name; IF NOT FOUND ${stop}`,
    `BEGIN PERFORM 1 FROM app.tables WHERE name = x; IF FOUND THEN ${run} END IF; END`,
    `BEGIN IF NOT EXISTS (SELECT FROM app.tables WHERE name = x AND kind = y) ${stop}`,
    `BEGIN IF EXISTS (SELECT FROM app.tables WHERE name = x) IS FALSE ${stop}`,
    `BEGIN IF NOT EXISTS (SELECT FROM app.tables WHERE name = 'p_' || x) ${stop}`,
    `DECLARE n int; BEGIN FOR n IN SELECT id FROM app.tables WHERE name = x LOOP ${run} END LOOP; END`,
    `DECLARE n int; BEGIN FOR n IN (SELECT id FROM app.tables WHERE name = x) LOOP ${run} END LOOP; END`,
    `DECLARE q text; BEGIN FOR q IN SELECT 'SELECT ' || t.kind::int || ' FROM app.' || x FROM app.tables t WHERE t.name = x LOOP EXECUTE q; END LOOP; END`,
    `BEGIN IF (EXISTS (SELECT FROM app.tables WHERE name = x)) IS NOT TRUE ${stop}`,
    `BEGIN IF NOT EXISTS (SELECT FROM app.tables t WHERE t.area || '.' || t.name = lower(x)) ${stop}`,
  ])('%s', (body) => {
    expect(seen(body)).toEqual(['low x']);
    expect(seen(body.replaceAll('app.tables', 'pg_catalog.pg_class'))).toEqual(['info x']);
  });

  it.each<[string, string]>([
    ['nobody asks', `DECLARE n int; BEGIN SELECT id INTO n FROM app.tables WHERE name = x; ${run} END`],
    ['it goes on', `DECLARE n int; BEGIN SELECT id INTO n FROM app.tables WHERE name = x; IF NOT FOUND THEN RAISE NOTICE 'no'; END IF; ${run} END`],
    ['either condition', `DECLARE n int; BEGIN SELECT id INTO n FROM app.tables WHERE name = x OR kind = y; IF NOT FOUND ${stop}`],
    ['a pattern that the column gives', `DECLARE n int; BEGIN SELECT id INTO n FROM app.tables WHERE x ILIKE name; IF NOT FOUND ${stop}`],
    ['it always finds a row', `DECLARE n int; BEGIN SELECT count(*) INTO n FROM app.tables WHERE name = x; IF NOT FOUND ${stop}`],
    ['it is never NULL', `DECLARE n int; BEGIN SELECT coalesce(max(id), 0) INTO n FROM app.tables WHERE name = x; IF n IS NULL ${stop}`],
    ['behind the loop', `DECLARE n int; BEGIN FOR n IN SELECT id FROM app.tables WHERE name = x LOOP NULL; END LOOP; ${run} END`],
    ['in place of no row', `DECLARE q text; BEGIN SELECT coalesce(max('SELECT 1'), 'SELECT ' || x) INTO q FROM app.tables t WHERE t.name = x; EXECUTE q; END`],
    ['it must not be there', `BEGIN IF EXISTS (SELECT FROM app.tables WHERE name = x) IS TRUE ${stop}`],
    ['compared with another variable', `DECLARE n int; BEGIN SELECT id INTO n FROM app.tables WHERE x = y; IF NOT FOUND ${stop}`],
    ['a part of it', `DECLARE n int; BEGIN SELECT id INTO n FROM app.tables WHERE name = left(x, 3); IF NOT FOUND ${stop}`],
    ['written again', `DECLARE n int; BEGIN SELECT id INTO n FROM app.tables WHERE name = x; x := y; IF NOT FOUND ${stop}`],
    ['the answer is written again', `DECLARE n int; BEGIN SELECT id INTO n FROM app.tables WHERE name = x; n := 1; IF n IS NULL ${stop}`],
    ['FOUND of something else', `DECLARE n int; BEGIN SELECT id INTO n FROM app.tables WHERE name = x; UPDATE app.t SET a = 1; IF NOT FOUND ${stop}`],
    ['on one way only', `DECLARE n int := 0; BEGIN IF y = '' THEN SELECT id INTO n FROM app.tables WHERE name = x; END IF; IF n IS NULL ${stop}`],
    ['two queries', `DECLARE n int; BEGIN SELECT id INTO n FROM app.tables WHERE name = x UNION SELECT 1; IF NOT FOUND ${stop}`],
    ['it leaves the loop for this value', `DECLARE n int; BEGIN LOOP SELECT id INTO n FROM app.tables WHERE name = x; EXIT WHEN FOUND; ${run} END LOOP; END`],
    ['behind a loop that it left', `DECLARE n int; BEGIN LOOP SELECT id INTO n FROM app.tables WHERE name = x; EXIT WHEN NOT FOUND; END LOOP; ${run} END`],
    ['caught', `DECLARE n int; BEGIN BEGIN SELECT id INTO STRICT n FROM app.tables WHERE name = x; EXCEPTION WHEN no_data_found THEN NULL; END; ${run} END`],
  ])('%s', (_, body) => {
    expect(seen(body)).toEqual(['medium x']);
  });
});

describe('what a pattern lets through', () => {
  it.each<[string, ReturnType<typeof alphabetOf>]>([
    ['^[a-z]+$', 'word'], ['^\\d{4}$', 'word'], ['^(a|b)$', 'word'], ['^[[:alnum:]_]+$', 'word'], ['^[a-z]+(\\.[a-z]+)?$', 'word'], ['^(?:asc|desc)$', 'word'],
    ['^[a-z ]+$', 'words'], ['^[A-z]+$', 'words'], ['^[A-z;]+$', 'quoteless'], ['^[a-z,]+$', 'quoteless'], ['^[\\w-]+$', 'quoteless'], ['^\\d+;$', 'digits'], ['^[0-9.+*/() -]+$', 'digits'], ['^[\\d;]+$', 'digits'], ['^[\\w;]+$', 'quoteless'], ['^[[:digit:]-]+$', 'digits'], ['^x[0-9;]+$', 'quoteless'],
    ['^[^a]+$', undefined], ['^a.b$', undefined], ['^[a-z"]+$', undefined], ["^[!-~]+$", undefined], ['^[a-z]+$|x', undefined], ['^\\S+$', undefined],
    ['^(?=a).*$', undefined], ['[a-z]', undefined], ['^[a-z', undefined], ['^(a$', undefined], ['^a\\$', undefined], ['^[a-z$]+$', undefined],
  ])('%s', (pattern, expected) => {
    expect(alphabetOf(pattern)).toBe(expected);
  });

  it.each<[string, ReturnType<typeof alphabetOf>]>([
    ['[^a-z0-9_]', 'word'], ['\\W', 'word'], ['[^a-z ]', 'words'], ['[a-z]', undefined], ["[^a-z']", undefined], ['[^a-z]$', undefined],
  ])('not %s', (pattern, expected) => {
    expect(alphabetWithout(pattern)).toBe(expected);
  });
});

import { beforeAll, describe, expect, it } from 'vitest';
import { findDynamicSql } from '../../../server/src/facts/flow.ts';
import { loadPostgresFromDisk } from '../../../server/src/node-wasm.ts';
import { readWrites } from '../../../server/src/facts/dynamic/writes.ts';
import { wordsOf } from '../../../server/src/facts/sql/tokens.ts';
import { splitStatements } from '../../../server/src/syntax/sql/statements.ts';

beforeAll(loadPostgresFromDisk);

function risks(text: string) {
  return findDynamicSql(splitStatements(text)).flatMap((site) => site.risks);
}

function seen(body: string, clauses = ''): string[] {
  return risks(`CREATE FUNCTION app.f(x text, y text) RETURNS void LANGUAGE plpgsql ${clauses} AS $b$ ${body} $b$;`).map(({ severity, origin }) => `${severity} ${origin}`);
}

const run = `EXECUTE 'DROP TABLE ' || x;`;
const stop = `THEN RAISE EXCEPTION 'no'; END IF; ${run} END`;
const cursor = `DECLARE v text; c CURSOR (n text) FOR SELECT kind FROM app.tables WHERE name = n; BEGIN`;

describe('an element of an array that is asked about', () => {
  const levels = (check: string) => risks(`CREATE FUNCTION app.f(l text[], m text[]) RETURNS void LANGUAGE plpgsql AS $b$ DECLARE i int := 1; BEGIN ${check} EXECUTE 'UPDATE app.t SET ' || l[i] || ' = 1'; END $b$;`).map(({ severity }) => severity);

  it('lowers it', () => {
    expect(levels(`IF NOT (EXISTS (SELECT 1 FROM information_schema.columns WHERE column_name ILIKE l[i])) THEN RAISE EXCEPTION 'no'; END IF;`)).toEqual(['low']);
  });

  it('says nothing of another array, or when it is written again', () => {
    expect(levels(`IF NOT EXISTS (SELECT 1 FROM information_schema.columns WHERE column_name ILIKE m[i]) THEN RAISE EXCEPTION 'no'; END IF;`)).toEqual(['medium']);
    expect(levels(`IF NOT EXISTS (SELECT 1 FROM information_schema.columns WHERE column_name ILIKE l[i]) THEN RAISE EXCEPTION 'no'; END IF; l := m;`)).toEqual(['medium']);
    expect(levels(`IF l[i] IS NULL THEN RAISE EXCEPTION 'no'; END IF;`)).toEqual(['medium']);
  });
});

describe('what is asked about first, in a way that nobody can judge', () => {
  it.each([
    `BEGIN IF x ~* E'[^0-9+\\\\-*/(),.\\\\sA-Z_:\\\\\\'"]' ${stop}`,
    `BEGIN IF x !~ '^[^a-z]' THEN NULL; END IF; IF x ~ '[^a-z "'']+' ${stop}`,
    `${cursor} OPEN c(x); FETCH c INTO v; IF NOT FOUND ${stop}`,
    `${cursor} OPEN c(lower(x)); FETCH c INTO v; CLOSE c; IF v IS NULL ${stop}`,
    `${cursor} FOR r IN c(x) LOOP ${run} END LOOP; END`,
    `DECLARE c refcursor; v text; BEGIN OPEN c FOR SELECT kind FROM app.tables WHERE lower(name) = lower(x); FETCH c INTO v; IF NOT FOUND ${stop}`,
    `DECLARE v text; BEGIN IF y IS NOT NULL THEN SELECT kind INTO v FROM app.tables WHERE name = split_part(x, '.', 2); IF NOT FOUND OR v IS NULL ${stop.replace('END', 'END').replace(/END$/, 'END IF; END')}`,
    `DECLARE v text; BEGIN SELECT kind INTO v FROM app.tables WHERE lower(trim(name)) = upper(x::varchar(20)); IF NOT FOUND ${stop}`,
    `DECLARE v text; BEGIN SELECT kind INTO v FROM app.tables WHERE code = x OR name = x; IF v IS NULL ${stop}`,
    `DECLARE v text; BEGIN SELECT kind INTO STRICT v FROM app.tables t JOIN app.areas a ON a.id = t.area WHERE a.name || '.' || t.name = trim(x); ${run} END`,
    `DECLARE n int; BEGIN UPDATE app.tables SET used = true WHERE name = initcap(x); GET DIAGNOSTICS n = ROW_COUNT; IF n = 0 ${stop}`,
    `DECLARE n int; BEGIN IF y = '' THEN SELECT id INTO n FROM app.tables WHERE name = x; END IF; IF n IS NULL ${stop}`,
    `DECLARE n int; BEGIN EXECUTE 'SELECT count(*) FROM pg_class WHERE relname = $1' INTO n USING x; IF n = 0 ${stop}`,
    `DECLARE n int; BEGIN EXECUTE format('SELECT count(*) FROM pg_class WHERE relname = %L', x) INTO n; IF n = 0 ${stop}`,
    `BEGIN IF x NOT IN (SELECT name FROM app.tables) ${stop}`,
    `BEGIN FOR r IN EXECUTE 'SELECT id FROM app.tables WHERE name = $1' USING x LOOP ${run} END LOOP; END`,
    `BEGIN IF NOT EXISTS (SELECT FROM pg_constraint k WHERE k.contype = 'f' AND k.conkey[1] = (SELECT attnum FROM pg_attribute WHERE attname = x)) ${stop}`,
    `DECLARE v int; BEGIN SELECT id INTO v FROM app.tables WHERE area IN (SELECT id FROM app.areas WHERE name = x); IF NOT FOUND ${stop}`,
    `DECLARE n int := 0; BEGIN FOR r IN SELECT 1 FROM app.tables WHERE name = x LOOP n := n + 1; END LOOP; IF n < 1 ${stop}`,
    `DECLARE l text; BEGIN FOR r IN SELECT name FROM app.tables WHERE name = x LOOP l := concat_ws(',', l, r.name); END LOOP; IF coalesce(l, '') = '' ${stop}`,
    `DECLARE l text[] := '{}'; BEGIN FOR r IN SELECT name FROM app.tables WHERE name = x LOOP l := array_append(l, r.name); END LOOP; IF cardinality(l) > 0 THEN ${run} END IF; END`,
    `DECLARE v text; BEGIN SELECT pg_get_serial_sequence(x, 'id') INTO v; ${run} END`,
    `DECLARE v text; BEGIN EXECUTE 'SELECT pg_get_serial_sequence(' || quote_literal(x) || ', ''id'')' INTO v; ${run} END`,
    `DECLARE v text; BEGIN EXECUTE 'SELECT pg_get_serial_sequence($1, $2)' INTO v USING x, y; ${run} END`,
    `DECLARE v text; BEGIN v := pg_get_serial_sequence('app.' || x, y); IF v IS NOT NULL THEN ${run} END IF; END`,
    `BEGIN IF (SELECT count(*) FROM app.tables WHERE name = initcap(x)) = 0 ${stop}`,
    `DECLARE k text[]; BEGIN SELECT array_agg(name) INTO k FROM app.tables; IF NOT (x = ANY (k)) ${stop}`,
    `BEGIN FOR r IN SELECT name FROM app.tables LOOP IF r.name = lower(x) THEN ${run} END IF; END LOOP; END`,
    `DECLARE ok boolean; BEGIN ok := app.is_known(x); IF NOT ok ${stop}`,
    `BEGIN IF NOT EXISTS (SELECT FROM pg_attribute a WHERE a.attnum > 0 HAVING array_agg(a.attname::text) @> string_to_array(x, ',')) ${stop}`,
    `BEGIN IF NOT EXISTS (SELECT 1 FROM app.tables t HAVING x <@ array_agg(t.name)) ${stop}`,
    `BEGIN IF NOT EXISTS (SELECT 1 FROM information_schema.columns c WHERE c.table_schema = 'app' AND c.table_name ILIKE x) ${stop}`,
    `BEGIN IF EXISTS (SELECT 1 FROM pg_class WHERE relname LIKE x) THEN ${run} ELSE RAISE 'no'; END IF; END`,
    `BEGIN IF NOT app.table_exists('up', x || '_points') ${stop}`,
    `DECLARE i record; BEGIN EXECUTE 'SELECT kind FROM app.tables WHERE name = $1' INTO i USING x; IF i.kind IS NULL ${stop}`,
    `DECLARE i record; BEGIN SELECT kind INTO i FROM app.tables WHERE lower(name) = initcap(x); IF i.kind IS NULL ${stop}`,
    `DECLARE bad boolean; BEGIN bad := app.has_bad_signs(x); IF bad ${stop}`,
    `BEGIN IF app.is_known(x) IS NOT TRUE ${stop}`,
    `BEGIN PERFORM app.check_name(x); ${run} END`,
    `BEGIN CALL app.assert_known(x); ${run} END`,
    `DECLARE v text := lower(x); BEGIN IF NOT EXISTS (SELECT 1 FROM app.tables WHERE upper(name) = upper(v) AND used) ${stop}`,
  ])('lowers it: %s', (body) => {
    expect(seen(body)).toEqual([expect.stringMatching(/^low /)]);
  });

  it('says why', () => {
    const [risk] = risks(`CREATE FUNCTION app.f(x text) RETURNS void LANGUAGE plpgsql AS $b$ BEGIN PERFORM app.check_name(x); ${run} END $b$;`);
    expect(risk!.message).toContain('it is looked up or compared before, and what that lets through cannot be told here');
  });

  it.each<[string, string]>([
    ['only a notice', `${cursor} OPEN c(x); FETCH c INTO v; IF NOT FOUND THEN RAISE NOTICE 'no'; END IF; ${run} END`],
    ['it must not be there', `${cursor} OPEN c(x); FETCH c INTO v; IF FOUND ${stop}`],
    ['another parameter of the cursor', `${cursor.replace('(n text)', '(n text, m text)')} FOR r IN c(y, x) LOOP ${run} END LOOP; END`],
    ['behind the loop', `${cursor} FOR r IN c(x) LOOP NULL; END LOOP; ${run} END`],
    ['another branch', `DECLARE v text; BEGIN IF y = '' THEN SELECT kind INTO v FROM app.tables WHERE lower(name) = lower(x); IF NOT FOUND THEN RETURN; END IF; END IF; ${run} END`],
    ['too late', `DECLARE v text; BEGIN ${run} SELECT kind INTO v FROM app.tables WHERE lower(name) = lower(x); IF NOT FOUND THEN RETURN; END IF; END`],
    ['either condition', `DECLARE v text; BEGIN SELECT kind INTO v FROM app.tables WHERE lower(name) = lower(x) OR kind = y; IF NOT FOUND ${stop}`],
    ['not equal', `DECLARE v text; BEGIN SELECT kind INTO v FROM app.tables WHERE lower(name) <> lower(x); IF NOT FOUND ${stop}`],
    ['the answer of another question', `DECLARE n int; BEGIN SELECT id INTO n FROM app.tables WHERE name = lower(y); IF n IS NULL ${stop}`],
    ['a length', `DECLARE n int := length(x); BEGIN IF n > 30 ${stop}`],
    ['nothing but NULL and emptiness', `BEGIN IF x IS NULL OR x = '' ${stop}`],
    ['words that are refused', `BEGIN IF x ~* '(drop|delete|;)' ${stop}`],
    ['an array that only overlaps', `BEGIN IF NOT EXISTS (SELECT 1 FROM app.tables t HAVING array_agg(t.name) && string_to_array(x, ',')) ${stop}`],
    ['a pattern of its own', `BEGIN IF NOT EXISTS (SELECT 1 FROM pg_class WHERE x LIKE relname || '%') ${stop}`],
    ['a part of a pattern', `BEGIN IF NOT EXISTS (SELECT 1 FROM pg_class WHERE relname NOT LIKE x) ${stop}`],
    ['a pattern with something else', `BEGIN IF NOT EXISTS (SELECT 1 FROM pg_class WHERE relname LIKE x || y) ${stop}`],
    ['a number of rows', `BEGIN IF NOT EXISTS (SELECT 1 FROM app.tables t HAVING count(*) > length(x)) ${stop}`],
    ['a list that the caller gives', `BEGIN IF x <> ALL (string_to_array(y, ',')) ${stop}`],
    ['it is only told to somebody', `BEGIN PERFORM app.log_check(x); PERFORM app.notify(x); ${run} END`],
    ['written again', `BEGIN PERFORM app.check_name(x); x := y; ${run} END`],
    ['caught', `BEGIN BEGIN PERFORM app.check_name(x); EXCEPTION WHEN others THEN NULL; END; ${run} END`],
  ])('is no check: %s', (_, body) => {
    expect(seen(body).at(-1)).toBe('medium param');
  });

  it('is no check where the same statement splices it in', () => {
    const body = `DECLARE n int; BEGIN EXECUTE 'SELECT count(*) FROM ' || x || ' WHERE relname = $1' INTO n USING x; IF n = 0 ${stop}`;
    expect(seen(body)).toEqual(['medium param', 'low param']);
  });
});

describe('a list whose elements are cast', () => {
  const list = `EXECUTE 'DELETE FROM t WHERE id IN (' || x || ')'; END`;
  it.each([
    `DECLARE e text; i int; BEGIN FOREACH e IN ARRAY string_to_array(x, ',') LOOP i := e::int; END LOOP; ${list}`,
    `DECLARE i int[]; BEGIN i := string_to_array(x, ',')::int[]; ${list}`,
  ])('holds numbers: %s', (body) => {
    expect(seen(body)).toEqual([]);
  });

  it.each([
    `DECLARE e text; i int; BEGIN FOREACH e IN ARRAY string_to_array(y, ',') LOOP i := e::int; END LOOP; ${list}`,
    `DECLARE e text; i int; BEGIN FOREACH e IN ARRAY string_to_array(x, ';drop table a;') LOOP i := e::int; END LOOP; ${list}`,
    `DECLARE e text; i int; BEGIN FOREACH e IN ARRAY string_to_array(x, ',') LOOP EXIT WHEN y = ''; i := e::int; END LOOP; ${list}`,
    `DECLARE e text; i text; BEGIN FOREACH e IN ARRAY string_to_array(x, ',') LOOP i := e::text; END LOOP; ${list}`,
    `DECLARE i text[]; BEGIN i := string_to_array(x, ',')::text[]; ${list}`,
  ])('or not: %s', (body) => {
    expect(seen(body)).toEqual(['medium param']);
  });
});

describe('a name that has to exist in front of it', () => {
  it('is the name of an object', () => {
    expect(seen(`BEGIN EXECUTE format('ALTER TABLE %I ADD CONSTRAINT %s_key UNIQUE (a)', x, x); END`)).toEqual(['info catalog']);
    expect(seen(`BEGIN EXECUTE 'INSERT INTO app.' || quote_ident(x) || ' SELECT ''' || x || ''''; END`)).toEqual(['info catalog']);
  });

  it.each([
    `EXECUTE format('CREATE INDEX %s_idx ON %I (a)', x, x);`,
    `EXECUTE format('CREATE TABLE %I (a int); ALTER TABLE b ADD CONSTRAINT %s_key UNIQUE (a)', x, x);`,
    `EXECUTE format('DROP TABLE IF EXISTS %I, %s', x, x);`,
    `EXECUTE format('ALTER TABLE %I ADD CONSTRAINT %s_key UNIQUE (a)', y, x);`,
  ])('not so: %s', (statement) => {
    expect(seen(`BEGIN ${statement} END`)).toEqual(['medium param']);
  });
});

describe('a routine of a script', () => {
  const create = (name: string) => `CREATE FUNCTION app.${name}(x text) RETURNS void LANGUAGE plpgsql SECURITY DEFINER AS $b$ BEGIN ${run} END $b$;`;
  const levels = (text: string) => risks(text).map(({ severity }) => severity);

  it('that drops it again is its only caller', () => {
    expect(levels(`${create('f')} SELECT app.f('a'); DROP FUNCTION app.f(text);`)).toEqual(['low']);
    expect(risks(`${create('f')} SELECT app.f('a'); DROP FUNCTION IF EXISTS app.f;`)[0]!.message).toContain('; the script drops the routine again');
  });

  it('stays when it is not dropped, made anew, or dropped by what takes a migration back', () => {
    expect(levels(`${create('f')} SELECT app.f('a');`)).toEqual(['high']);
    expect(levels(`${create('f')} SELECT app.f('a'); DROP FUNCTION app.g(text);`)).toEqual(['high']);
    expect(levels(`DROP FUNCTION app.f(text); ${create('f')} SELECT app.f('a');`)).toEqual(['high']);
    expect(levels(`${create('f')} SELECT app.f('a'); DROP FUNCTION app.f(text); ${create('f')}`)).toEqual(['high', 'high']);
    expect(levels(`-- +goose Up\n${create('f')} SELECT app.f('a');\n-- +goose Down\nDROP FUNCTION app.f(text);`)).toEqual(['high']);
    expect(levels(`${create('f')} DROP FUNCTION app.f(text);`)).toEqual(['high']);
  });
});

describe('a dollar tag that is put together', () => {
  it('ends where the same value stands again', () => {
    const body = `BEGIN EXECUTE format('CREATE FUNCTION app.g() RETURNS void LANGUAGE sql AS $%1$s_b$ SELECT 1 $%1$s_b$; CREATE TRIGGER a AFTER UPDATE ' || x || ' ON app.t', y::int); END`;
    expect(risks(`CREATE FUNCTION app.f(x text, y text) RETURNS void LANGUAGE plpgsql AS $b$ ${body} $b$;`).map(({ problem }) => problem)).not.toContain('dollar');
  });
});

describe('a text that is appended to', () => {
  const kinds = (body: string) => {
    const { text, plpgsql } = splitStatements(`CREATE FUNCTION app.f(x text) RETURNS void LANGUAGE plpgsql AS $b$ ${body} $b$;`).statements[0]!.written.body!;
    return readWrites(wordsOf(plpgsql!.tokens, text), text, plpgsql!).map(({ kind }) => kind);
  };

  it('may be NULL at first', () => {
    expect(kinds(`BEGIN q := COALESCE(q, '') || x; q := q || x; END`)).toEqual(['append', 'append']);
    expect(kinds(`BEGIN q := COALESCE(q, 'a') || x; q := COALESCE(p, '') || x; q := COALESCE(q, ''); END`)).toEqual(['set', 'set', 'set']);
  });
});

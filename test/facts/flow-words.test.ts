import { beforeAll, describe, expect, it } from 'vitest';
import { findDynamicSql } from '../../server/src/facts/flow.ts';
import { loadPostgresFromDisk } from '../../server/src/node-wasm.ts';
import { splitStatements } from '../../server/src/syntax/sql/statements.ts';

beforeAll(loadPostgresFromDisk);

function levels(text: string): string[] {
  return findDynamicSql(splitStatements(text)).flatMap(({ risks }) => risks.map(({ severity }) => severity));
}

function routine(body: string, params = 'x text, y text, n int, a text[], j jsonb'): string {
  return `CREATE FUNCTION app.f(${params}) RETURNS SETOF record LANGUAGE plpgsql AS $b$ ${body} $b$;`;
}

const run = `EXECUTE 'DROP TABLE ' || v;`;

/** Every way that text can take, with a value that is not safe, one that is, and one that only looks so. */
describe('every way of text', () => {
  it.each<[string, string, string, string]>([
    ['DECLARE default', `DECLARE v text DEFAULT x; BEGIN ${run} END`, `DECLARE v text DEFAULT quote_ident(x); BEGIN ${run} END`, `DECLARE v text DEFAULT quote_ident(x); BEGIN v := x; ${run} END`],
    [':=', `DECLARE v text; BEGIN v := x; ${run} END`, `DECLARE v text; BEGIN v := quote_ident(x); ${run} END`, `DECLARE v text; BEGIN v := quote_ident(x); v := v || x; ${run} END`],
    ['=', `DECLARE v text; BEGIN v = x; ${run} END`, `DECLARE v text; BEGIN v = 'a'; ${run} END`, `DECLARE v text; BEGIN IF v = 'a' THEN v = x; END IF; ${run} END`],
    ['CONSTANT', `DECLARE v CONSTANT text := x; BEGIN ${run} END`, `DECLARE v CONSTANT text := 'a'; BEGIN ${run} END`, `DECLARE v CONSTANT text := coalesce(x, 'a'); BEGIN ${run} END`],
    ['SELECT INTO', `DECLARE v text; BEGIN SELECT x INTO v; ${run} END`, `DECLARE v text; BEGIN SELECT quote_ident(x) INTO v; ${run} END`, `DECLARE v text; w text; BEGIN SELECT quote_ident(x), y INTO w, v; ${run} END`],
    ['SELECT INTO before the list', `DECLARE v text; BEGIN SELECT INTO v x; ${run} END`, `DECLARE v text; BEGIN SELECT INTO v quote_ident(x); ${run} END`, `DECLARE v text; w text; BEGIN SELECT INTO w, v 'a', x; ${run} END`],
    ['INTO STRICT', `DECLARE v text; BEGIN SELECT x INTO STRICT v; ${run} END`, `DECLARE v text; BEGIN SELECT format('%I', x) INTO STRICT v; ${run} END`, `DECLARE v text; BEGIN SELECT format('%s', x) INTO STRICT v; ${run} END`],
    ['RETURNING INTO', `DECLARE v text; BEGIN UPDATE app.t SET b = 1 RETURNING x INTO v; ${run} END`, `DECLARE v text; BEGIN UPDATE app.t SET b = 1 RETURNING quote_ident(name) INTO v; ${run} END`, `DECLARE v text; BEGIN DELETE FROM app.t RETURNING name INTO v; ${run} END`],
    ['FETCH INTO', `DECLARE c CURSOR FOR SELECT x; v text; BEGIN OPEN c; FETCH c INTO v; ${run} END`, `DECLARE c CURSOR FOR SELECT quote_ident(x); v text; BEGIN OPEN c; FETCH c INTO v; ${run} END`, `DECLARE c CURSOR FOR SELECT name FROM app.t; v text; BEGIN OPEN c; FETCH NEXT FROM c INTO v; ${run} END`],
    ['GET DIAGNOSTICS', `DECLARE v text; BEGIN PERFORM 1; EXCEPTION WHEN others THEN GET STACKED DIAGNOSTICS v = MESSAGE_TEXT; ${run} END`, `DECLARE v text; BEGIN GET DIAGNOSTICS v = ROW_COUNT; ${run} END`, `DECLARE v text; BEGIN GET DIAGNOSTICS n = ROW_COUNT; v := x; ${run} END`],
    ['FOR over a query', `DECLARE v text; BEGIN FOR v IN SELECT unnest(a) LOOP ${run} END LOOP; END`, `DECLARE v text; BEGIN FOR v IN SELECT quote_ident(e) FROM unnest(a) e LOOP ${run} END LOOP; END`, `DECLARE v text; BEGIN FOR v IN SELECT e FROM unnest(a) e WHERE quote_ident(e) <> '' LOOP ${run} END LOOP; END`],
    ['FOR over numbers', `DECLARE v text; BEGIN FOR i IN 1..n LOOP v := x || i; ${run} END LOOP; END`, `DECLARE v text; BEGIN FOR i IN REVERSE n..1 LOOP v := 'p_' || i; ${run} END LOOP; END`, `DECLARE v text := 'a'; BEGIN FOR i IN 1..n LOOP ${run} v := x; END LOOP; END`],
    ['FOREACH', `DECLARE v text; BEGIN FOREACH v IN ARRAY a LOOP ${run} END LOOP; END`, `DECLARE v text; BEGIN FOREACH v IN ARRAY ARRAY['a', 'b'] LOOP ${run} END LOOP; END`, `DECLARE v text; BEGIN FOREACH v IN ARRAY ARRAY['a', x] LOOP ${run} END LOOP; END`],
    ['WHILE', `DECLARE v text := x; BEGIN WHILE n > 0 LOOP ${run} END LOOP; END`, `DECLARE v text := 'a'; BEGIN WHILE n > 0 LOOP v := v || 'a'; ${run} END LOOP; END`, `DECLARE v text := 'a'; BEGIN WHILE n > 0 LOOP v := v || x; END LOOP; ${run} END`],
    ['a field', `DECLARE r record; v text; BEGIN SELECT x AS k, 1 AS l INTO r; v := r.k; ${run} END`, `DECLARE r record; v text; BEGIN SELECT quote_ident(x) AS k, y AS l INTO r; v := r.k; ${run} END`, `DECLARE r record; v text; BEGIN SELECT quote_ident(x) AS k, y AS l INTO r; v := r.l; ${run} END`],
    ['a field that is assigned', `DECLARE r app.t; v text; BEGIN r.k := x; v := r.k; ${run} END`, `DECLARE r app.t; v text; BEGIN r.k := 'a'; v := r.k; ${run} END`, `DECLARE r app.t; v text; BEGIN r.k := 'a'; r.k := r.k || x; v := r.k; ${run} END`],
    ['an element', `DECLARE v text; BEGIN v := a[1]; ${run} END`, `DECLARE b text[] := ARRAY['a', 'b']; v text; BEGIN v := b[n]; ${run} END`, `DECLARE b text[] := ARRAY['a', 'b']; v text; BEGIN b[2] := x; v := b[1]; ${run} END`],
    ['a slice', `DECLARE v text; BEGIN v := array_to_string(a[2:3], ','); ${run} END`, `DECLARE b text[] := ARRAY['a', 'b']; v text; BEGIN v := array_to_string(b[1:n], ','); ${run} END`, `DECLARE b text[] := ARRAY['a', x]; v text; BEGIN v := array_to_string(b[1:n], ','); ${run} END`],
    ['branches', `DECLARE v text; BEGIN IF n = 1 THEN v := 'a'; ELSE v := x; END IF; ${run} END`, `DECLARE v text; BEGIN IF n = 1 THEN v := 'a'; ELSIF n = 2 THEN v := 'b'; ELSE v := quote_ident(x); END IF; ${run} END`, `DECLARE v text := x; BEGIN IF n = 1 THEN v := 'a'; END IF; ${run} END`],
    ['CASE statement', `DECLARE v text; BEGIN CASE n WHEN 1 THEN v := x; ELSE v := 'a'; END CASE; ${run} END`, `DECLARE v text; BEGIN CASE n WHEN 1 THEN v := 'b'; ELSE v := 'a'; END CASE; ${run} END`, `DECLARE v text := x; BEGIN CASE WHEN n > 1 THEN v := 'b'; ELSE NULL; END CASE; ${run} END`],
    ['CASE expression', `DECLARE v text; BEGIN v := CASE WHEN n = 1 THEN x ELSE 'a' END; ${run} END`, `DECLARE v text; BEGIN v := CASE x WHEN 'down' THEN 'b' ELSE 'a' END; ${run} END`, `DECLARE v text; BEGIN v := CASE x WHEN 'down' THEN 'b' ELSE x END; ${run} END`],
    ['concat()', `DECLARE v text; BEGIN v := concat('a', x); ${run} END`, `DECLARE v text; BEGIN v := concat('a', n, quote_ident(x)); ${run} END`, `DECLARE v text; BEGIN v := concat(quote_ident(x), y); ${run} END`],
    ['concat_ws()', `DECLARE v text; BEGIN v := concat_ws('.', 'a', x); ${run} END`, `DECLARE v text; BEGIN v := concat_ws('.', quote_ident(y), quote_ident(x)); ${run} END`, `DECLARE v text; BEGIN v := concat_ws(x, 'a', 'b'); ${run} END`],
    ['|| with NULL', `DECLARE v text; BEGIN v := 'a' || NULL || x; ${run} END`, `DECLARE v text; BEGIN v := 'a' || NULL; ${run} END`, `DECLARE v text; BEGIN v := coalesce('a' || NULL, x); ${run} END`],
    ['COALESCE', `DECLARE v text; BEGIN v := coalesce(x, 'a'); ${run} END`, `DECLARE v text; BEGIN v := coalesce(quote_ident(x), 'a'); ${run} END`, `DECLARE v text; BEGIN v := coalesce(quote_ident(x), y); ${run} END`],
    ['NULLIF, GREATEST', `DECLARE v text; BEGIN v := nullif(x, ''); ${run} END`, `DECLARE v text; BEGIN v := nullif(quote_ident(x), ''); ${run} END`, `DECLARE v text; BEGIN v := greatest('a', x); ${run} END`],
    ['format()', `DECLARE v text; BEGIN v := format('a_%s', x); ${run} END`, `DECLARE v text; BEGIN v := format('%I', x); ${run} END`, `DECLARE v text; BEGIN v := format('%I.%s', x, y); ${run} END`],
    ['format() by position', `DECLARE v text; BEGIN v := format('%2$s', y, x); ${run} END`, `DECLARE v text; BEGIN v := format('%2$I.%1$I', y, x); ${run} END`, `DECLARE v text; BEGIN v := format('%2$I.%1$s', y, x); ${run} END`],
    ['format() with a width', `DECLARE v text; BEGIN v := format('%-20s', x); ${run} END`, `DECLARE v text; BEGIN v := format('%-20I', x); ${run} END`, `DECLARE v text; BEGIN v := format('%*s', n, x); ${run} END`],
    ['format() with a width by position', `DECLARE v text; BEGIN v := format('%2$*1$s', n, x); ${run} END`, `DECLARE v text; BEGIN v := format('%2$*1$I', n, x); ${run} END`, `DECLARE v text; BEGIN v := format('%1$*2$s', x, n); ${run} END`],
    ['%% in format()', `DECLARE v text; BEGIN v := format('%%%s', x); ${run} END`, `DECLARE v text; BEGIN v := format('%%s%I', x); ${run} END`, `DECLARE v text; BEGIN v := format('%%I%s', x); ${run} END`],
    ['a template of the caller', `DECLARE v text; BEGIN v := format(x, y); ${run} END`, `DECLARE t text := '%I'; v text; BEGIN v := format(t, y); ${run} END`, `DECLARE t text := '%I'; v text; BEGIN t := t || x; v := format(t, y); ${run} END`],
    ['string_agg()', `DECLARE v text; BEGIN SELECT string_agg(e, ',') INTO v FROM unnest(a) e; ${run} END`, `DECLARE v text; BEGIN SELECT string_agg(quote_ident(e), ',') INTO v FROM unnest(a) e; ${run} END`, `DECLARE v text; BEGIN SELECT string_agg(quote_ident(e), x) INTO v FROM unnest(a) e; ${run} END`],
    ['array_to_string()', `DECLARE v text; BEGIN v := array_to_string(a, ','); ${run} END`, `DECLARE v text; BEGIN v := array_to_string(ARRAY(SELECT quote_ident(e) FROM unnest(a) e), ','); ${run} END`, `DECLARE v text; BEGIN v := array_to_string(ARRAY['a'] || a, ','); ${run} END`],
    ['replace()', `DECLARE v text; BEGIN v := replace('t_#', '#', x); ${run} END`, `DECLARE v text; BEGIN v := replace('t_#', x, 'a'); ${run} END`, `DECLARE v text; BEGIN v := replace(x, ';', ''); ${run} END`],
    ['regexp_replace()', `DECLARE v text; BEGIN v := regexp_replace(x, '[^a-z]', ''); ${run} END`, `DECLARE v text; BEGIN v := regexp_replace(x, '[^a-z]', '', 'g'); ${run} END`, `DECLARE v text; BEGIN v := regexp_replace(x, '[a-z]', '', 'g'); ${run} END`],
    ['translate()', `DECLARE v text; BEGIN v := translate(x, '-', '_'); ${run} END`, `DECLARE v text; BEGIN v := translate('a-b', '-', '_'); ${run} END`, `DECLARE v text; BEGIN v := translate('a-b', '-', x); ${run} END`],
    ['overlay()', `DECLARE v text; BEGIN v := overlay('abc' PLACING x FROM 2); ${run} END`, `DECLARE v text; BEGIN v := overlay('abc' PLACING 'd' FROM 2); ${run} END`, `DECLARE v text; BEGIN v := overlay(quote_ident(x) PLACING 'd' FROM 2); ${run} END`],
    ['left() and right()', `DECLARE v text; BEGIN v := left(x, 20); ${run} END`, `DECLARE v text; BEGIN v := quote_ident(left(x, 20)); ${run} END`, `DECLARE v text; BEGIN v := right(quote_ident(x), 5); ${run} END`],
    ['substr()', `DECLARE v text; BEGIN v := substr(x, 2); ${run} END`, `DECLARE v text; BEGIN v := substr('abc', n); ${run} END`, `DECLARE v text; BEGIN v := substring(quote_ident(x) FROM 2); ${run} END`],
    ['->>', `DECLARE v text; BEGIN v := j ->> 'a'; ${run} END`, `DECLARE v text; BEGIN v := quote_ident(j ->> 'a'); ${run} END`, `DECLARE v text; BEGIN v := '{"a": "b"}'::jsonb ->> x; v := j #>> '{a}'; ${run} END`],
    ['a cast', `DECLARE v text; BEGIN v := x::varchar(30); ${run} END`, `DECLARE v text; BEGIN v := x::int::text; ${run} END`, `DECLARE v text; BEGIN v := x::name; ${run} END`],
    ['a cast that decides', `DECLARE v text; BEGIN v := CAST(x AS text); ${run} END`, `DECLARE v text; BEGIN v := CAST(x AS uuid); ${run} END`, `DECLARE v text; BEGIN v := x::xml::text; ${run} END`],
    ['$1', `DECLARE v text := $1; BEGIN ${run} END`, `DECLARE v text := $3; BEGIN ${run} END`, `DECLARE v text := $3 || $2; BEGIN ${run} END`],
    ['ALIAS FOR', `DECLARE v ALIAS FOR $1; BEGIN ${run} END`, `DECLARE v ALIAS FOR $3; BEGIN ${run} END`, `DECLARE v ALIAS FOR x; BEGIN ${run} END`],
    ['the routine before the name', `DECLARE v text := f.x; BEGIN ${run} END`, `DECLARE v text := f.n; BEGIN ${run} END`, `DECLARE v text := app.f.x; BEGIN ${run} END`],
    ['upper() and trim()', `DECLARE v text := upper(trim(x)); BEGIN ${run} END`, `DECLARE v text := lower(quote_ident(x)); BEGIN ${run} END`, `DECLARE v text := trim(both '"' FROM quote_ident(x)); BEGIN ${run} END`],
    ['pg_get_…def()', `DECLARE v text := pg_get_constraintdef(n) || x; BEGIN ${run} END`, `DECLARE v text := pg_get_indexdef(n); BEGIN ${run} END`, `DECLARE v text := replace(pg_get_viewdef(n), 'a', x); BEGIN ${run} END`],
    ['current_setting()', `DECLARE v text := current_setting('app.x'); BEGIN ${run} END`, `DECLARE v text := current_setting('server_version_num'); BEGIN ${run} END`, `DECLARE v text := current_setting('app.' || x, true); BEGIN ${run} END`],
    ['md5()', `DECLARE v text := 't' || md5(x) || x; BEGIN ${run} END`, `DECLARE v text := 't' || md5(x); BEGIN ${run} END`, `DECLARE v text := convert_from(decode(x, 'base64'), 'UTF8'); BEGIN ${run} END`],
  ])('%s', (_, unsafe, safe, trap) => {
    const told = /^(info|low|medium|high)$/;
    expect(levels(routine(unsafe)), 'unsafe').toEqual(expect.arrayContaining([expect.stringMatching(told)]));
    expect(levels(routine(safe)), 'safe').toEqual([]);
    expect(levels(routine(trap)), 'trap').toEqual(expect.arrayContaining([expect.stringMatching(told)]));
  });
});

describe('parameters that the caller does not fill', () => {
  it.each<[string, string, string[]]>([
    ['OUT', 'OUT v text', []],
    ['INOUT', 'INOUT v text', ['medium']],
    ['IN', 'IN v text', ['medium']],
    ['VARIADIC', 'VARIADIC v text[]', ['medium']],
    ['default', "v text DEFAULT 'a'", ['medium']],
  ])('%s', (_, params, expected) => {
    expect(levels(routine(`BEGIN EXECUTE 'DROP TABLE ' || ${params.includes('[]') ? 'v[1]' : 'v'}; END`, params))).toEqual(expected);
  });

  it('an OUT parameter holds what the body puts into it', () => {
    expect(levels(routine(`BEGIN v := x; EXECUTE 'DROP TABLE ' || v; END`, 'x text, OUT v text'))).toEqual(['medium']);
    expect(levels(routine(`BEGIN v := quote_ident(x); EXECUTE 'DROP TABLE ' || v; END`, 'x text, OUT v text'))).toEqual([]);
  });

  it('a column of RETURNS TABLE too', () => {
    const make = (value: string) => `CREATE FUNCTION app.f(x text) RETURNS TABLE (v text) LANGUAGE plpgsql AS $b$ BEGIN v := ${value}; EXECUTE 'DROP TABLE ' || v; END $b$;`;
    expect(levels(make('x'))).toEqual(['medium']);
    expect(levels(make(`'a'`))).toEqual([]);
  });
});

describe('triggers', () => {
  const trigger = (body: string) => `CREATE FUNCTION app.f() RETURNS trigger LANGUAGE plpgsql AS $b$ ${body} $b$;`;
  it.each<[string, string[]]>([
    [`BEGIN EXECUTE 'DROP TABLE ' || NEW.a; END`, ['low']],
    [`BEGIN EXECUTE 'DROP TABLE ' || quote_ident(NEW.a); END`, []],
    [`BEGIN EXECUTE 'DROP TABLE ' || (to_jsonb(NEW) ->> 'a'); END`, ['medium']],
    [`BEGIN NEW.a := quote_ident(NEW.a); EXECUTE 'DROP TABLE ' || NEW.a; END`, []],
    [`BEGIN EXECUTE 'DROP TABLE ' || TG_ARGV[0]; END`, ['info']],
    [`BEGIN EXECUTE format('DROP TABLE %I', TG_ARGV[0]); END`, []],
    [`BEGIN EXECUTE format('DROP TABLE %I.%s', TG_TABLE_SCHEMA, TG_TABLE_NAME); END`, ['info']],
    [`BEGIN EXECUTE 'DROP TABLE ' || TG_RELID::regclass; END`, []],
    [`BEGIN EXECUTE 'SELECT 1 /* ' || TG_OP || TG_WHEN || TG_LEVEL || ' */'; END`, []],
  ])('%s', (body, expected) => {
    expect(levels(trigger(body))).toEqual(expected);
  });
});

describe('every place where text runs', () => {
  it.each<[string, string]>([
    ['EXECUTE', `EXECUTE 'DROP TABLE ' || #;`],
    ['EXECUTE in parentheses', `EXECUTE ('DROP TABLE ' || #);`],
    ['INTO', `EXECUTE 'SELECT a FROM ' || # INTO r;`],
    ['INTO STRICT and USING', `EXECUTE 'SELECT a FROM ' || # || ' WHERE b = $1' INTO STRICT r USING n;`],
    ['USING before INTO', `EXECUTE 'SELECT a FROM ' || # USING n INTO r;`],
    ['RETURN QUERY', `RETURN QUERY EXECUTE 'SELECT a FROM ' || # USING n;`],
    ['FOR', `FOR r IN EXECUTE 'SELECT a FROM ' || # USING n LOOP NULL; END LOOP;`],
    ['OPEN', `OPEN c FOR EXECUTE 'SELECT a FROM ' || # USING n;`],
    ['OPEN SCROLL', `OPEN c NO SCROLL FOR EXECUTE 'SELECT a FROM ' || #;`],
    ['query_to_xml', `PERFORM query_to_xml('SELECT a FROM ' || #, true, false, '');`],
    ['query_to_xmlschema', `PERFORM query_to_xmlschema('SELECT a FROM ' || #, true, false, '');`],
    ['query_to_xml_and_xmlschema by name', `PERFORM pg_catalog.query_to_xml_and_xmlschema(nulls => true, query => 'SELECT a FROM ' || #, tableforest => false, targetns => '');`],
    ['ts_stat', `PERFORM ts_stat('SELECT v FROM ' || #, 'ab');`],
    ['ts_rewrite', `PERFORM ts_rewrite('a & b'::tsquery, 'SELECT t, s FROM ' || #);`],
    ['crosstab', `PERFORM * FROM crosstab('SELECT a FROM ' || #, 'SELECT 1') AS t (a int);`],
    ['the second text of crosstab', `PERFORM * FROM crosstab('SELECT 1', 'SELECT a FROM ' || #) AS t (a int);`],
    ['dblink', `PERFORM * FROM dblink('c', 'SELECT a FROM ' || #) AS t (a int);`],
    ['dblink_exec', `PERFORM dblink_exec('c', 'DROP TABLE ' || #);`],
    ['dblink_open', `PERFORM dblink_open('c', 'cur', 'SELECT a FROM ' || #);`],
    ['dblink_send_query', `PERFORM dblink_send_query('c', 'SELECT a FROM ' || #);`],
    ['cron.schedule', `PERFORM cron.schedule('@daily', 'VACUUM ' || #);`],
    ['cron.schedule_in_database', `PERFORM cron.schedule_in_database('j', '@daily', 'VACUUM ' || #, 'db');`],
    ['cron.schedule_in_database by name', `PERFORM cron.schedule_in_database(job_name := 'j', schedule := '@daily', database := 'db', command := 'VACUUM ' || #);`],
    ['pg_background_launch', `PERFORM pg_background_launch('VACUUM ' || #);`],
  ])('%s', (_, statement) => {
    const body = (value: string) => levels(routine(`DECLARE r record; c refcursor; BEGIN ${statement.replace('#', value)} END`));
    expect(body('x')).toEqual(['medium']);
    expect(body('quote_ident(x)')).toEqual([]);
    expect(body('n')).toEqual([]);
  });
});

describe('routines that run a parameter', () => {
  const runner = `CREATE FUNCTION app.run(label text, q text DEFAULT 'SELECT 1') RETURNS void LANGUAGE plpgsql AS $$ BEGIN EXECUTE q; END $$;\n`;
  const quiet = `CREATE FUNCTION app.fq(t text) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT quote_ident(t) $$;\n`;
  it.each<[string, string[]]>([
    [`PERFORM app.run('a', 'DROP TABLE ' || x);`, ['medium']],
    [`PERFORM run('a', 'DROP TABLE ' || x);`, ['medium']],
    [`PERFORM app.run('a' || x, 'DROP TABLE t');`, []],
    [`PERFORM app.run(q => 'DROP TABLE ' || x, label => 'a');`, ['medium']],
    [`PERFORM app.run(label := 'a' || x, q := 'DROP TABLE t');`, []],
    [`PERFORM app.run('a' || x);`, []],
    [`PERFORM app.run('a', 'DROP TABLE ' || app.fq(x));`, []],
  ])('%s', (statement, expected) => {
    const found = levels(runner + quiet + routine(`BEGIN ${statement} END`, 'x text'));
    // The runner itself is told of once, as a statement that the caller gives.
    expect(found.filter((level) => level !== 'info')).toEqual(expected);
  });

  it('a quoting function of two forms is none when one of them does not quote', () => {
    const other = `CREATE FUNCTION app.fq(t text, u text) RETURNS text LANGUAGE sql AS $$ SELECT t || u $$;\n`;
    expect(levels(quiet + other + routine(`BEGIN EXECUTE 'DROP TABLE ' || app.fq(x, x); END`, 'x text'))).toEqual(['medium']);
  });
});

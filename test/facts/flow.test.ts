import { existsSync, readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import type { DynamicSql, Risk } from '../../server/src/facts/flow.ts';
import { findDynamicSql } from '../../server/src/facts/flow.ts';
import { loadPostgresFromDisk } from '../../server/src/node-wasm.ts';
import { splitStatements } from '../../server/src/syntax/sql/statements.ts';
import { applyEdits } from '../../server/src/text.ts';

beforeAll(loadPostgresFromDisk);

function find(text: string): readonly DynamicSql[] {
  return findDynamicSql(splitStatements(text));
}

function risks(text: string): Risk[] {
  return find(text).flatMap((one) => one.risks);
}

function routine(body: string, { params = 'x text', clauses = '' } = {}): string {
  return `CREATE FUNCTION app.f(${params}) RETURNS void LANGUAGE plpgsql ${clauses} AS $b$ ${body} $b$;`;
}

function seen(body: string, options: { params?: string; clauses?: string } = {}): string[] {
  const text = routine(body, options);
  return risks(text).map((risk) => `${risk.severity} ${risk.problem} ${text.slice(risk.at.start, risk.at.end)}`);
}

describe('who chooses the value', () => {
  it('is worse in a definer', () => {
    expect(seen(`BEGIN EXECUTE 'DROP TABLE ' || x; END`)).toEqual(['medium concatenated x']);
    expect(seen(`BEGIN EXECUTE 'DROP TABLE ' || x; END`, { clauses: 'SECURITY DEFINER' })).toEqual(['high concatenated x']);
  });

  it('sees a definer clause of a later ALTER FUNCTION', () => {
    const text = routine(`BEGIN EXECUTE 'DROP TABLE ' || x; END`);
    expect(risks(`${text}\nALTER FUNCTION app.f(text) SECURITY DEFINER;`)[0]?.severity).toBe('high');
  });

  it('takes what is called like the number of a row for a number', () => {
    const definer = { clauses: 'SECURITY DEFINER' };
    expect(seen(`BEGIN EXECUTE 'CREATE INDEX labels_' || NEW.id || ' ON app.labels (id)'; END`, definer)).toEqual(['low concatenated NEW.id']);
    expect(seen(`BEGIN EXECUTE 'DROP TABLE part_' || NEW.label; END`, definer)).toEqual(['medium concatenated NEW.label']);
    const stored = (type: string) => `DECLARE v ${type}; BEGIN SELECT max(r.number) INTO v FROM app.revisions r; EXECUTE 'DROP TABLE part_' || v; END`;
    expect(seen(stored('app.revisions.id%TYPE'), definer)).toEqual(['info concatenated v']);
    expect(seen(stored('@extschema@.revision.id % type'), definer)).toEqual(['info concatenated v']);
    const cast = `DECLARE v_part_id text; BEGIN FOR v_part_id IN SELECT DISTINCT part_id::text FROM app.parts LOOP EXECUTE 'DROP TABLE app.part_' || v_part_id; END LOOP; END`;
    expect(seen(cast, definer)).toEqual(['info concatenated v_part_id']);
    expect(seen(cast.replaceAll('part_id', 'label'), definer)).toEqual(['medium concatenated v_label']);
    expect(seen(stored('app.revisions.label%TYPE'), definer)).toEqual(['medium concatenated v']);
  });

  it('names the caller', () => {
    expect(risks(routine(`BEGIN EXECUTE 'DROP TABLE ' || x; END`))[0]?.message).toBe('A caller can put SQL of their own into this statement through x');
  });

  it.each<[string, string[]]>([
    [`DECLARE r record; BEGIN FOR r IN SELECT relname FROM pg_class LOOP EXECUTE 'DROP TABLE ' || r.relname; END LOOP; END`, ['info concatenated r.relname']],
    [`DECLARE r record; BEGIN FOR r IN SELECT label FROM app.things LOOP EXECUTE 'DROP TABLE ' || r.label; END LOOP; END`, ['low concatenated r.label']],
    [`DECLARE r record; BEGIN FOR r IN SELECT quote_ident(relname) AS t FROM pg_class LOOP EXECUTE 'DROP TABLE ' || r.t; END LOOP; END`, []],
    [`DECLARE r record; BEGIN FOR r IN SELECT c.oid::regclass AS t FROM pg_class c LOOP EXECUTE 'DROP TABLE ' || r.t; END LOOP; END`, []],
    [`DECLARE v text; BEGIN SELECT label INTO v FROM app.things; EXECUTE 'DROP TABLE ' || v; END`, ['low concatenated v']],
    [`DECLARE v text; BEGIN SELECT quote_ident(label) INTO v FROM app.things; EXECUTE 'DROP TABLE ' || v; END`, []],
    [`BEGIN FOR i IN 1..3 LOOP EXECUTE 'DROP TABLE part_' || i; END LOOP; END`, []],
    [`BEGIN EXECUTE 'DROP TABLE ' || TG_TABLE_NAME; END`, ['info concatenated TG_TABLE_NAME']],
    [`BEGIN EXECUTE 'SELECT 1 -- ' || TG_OP; END`, []],
    [`BEGIN EXECUTE 'DROP TABLE ' || NEW.name; END`, ['low concatenated NEW.name']],
    [`DECLARE v text; BEGIN v := NEW.state; EXECUTE 'SELECT ''' || v || ''''; END`, ['low concatenated v']],
    [`BEGIN EXECUTE 'DROP TABLE part_' || NEW.id; END`, ['info concatenated NEW.id']],
    [`BEGIN EXECUTE 'DROP TABLE ' || app.somewhere(1); END`, ['info concatenated app.somewhere(1)']],
    [`BEGIN EXECUTE 'SET app.who = ''' || current_setting('app.user') || ''''; END`, [`medium concatenated current_setting('app.user')`]],
    [`BEGIN EXECUTE $1; END`, ['info whole $1']],
    [`DECLARE q text := x; BEGIN EXECUTE q; END`, ['info whole q']],
    [`DECLARE r record; BEGIN FOR r IN SELECT ddl FROM app.changes LOOP EXECUTE r.ddl; END LOOP; END`, ['info whole r.ddl']],
    [`BEGIN EXECUTE 'DROP TABLE ' || lower(x); END`, ['medium concatenated lower(x)']],
    [`BEGIN EXECUTE 'DROP TABLE t_' || to_char(now(), 'YYYY_MM'); END`, []],
    [`BEGIN EXECUTE 'SELECT ''' || now() || ''''; END`, [`info concatenated now()`]],
    [`BEGIN EXECUTE 'ALTER TABLE t ADD ' || pg_get_constraintdef(1); END`, []],
    [`DECLARE n int; BEGIN EXECUTE 'SELECT ' || (n + 1); END`, []],
    [`BEGIN EXECUTE format('SELECT %s', length(x)); END`, []],
    [`BEGIN EXECUTE 'SELECT ' || x::int; END`, []],
    [`BEGIN EXECUTE 'SELECT ''' || x::regclass || ''''; END`, ['info concatenated x::regclass']],
    [`BEGIN EXECUTE 'SELECT count(*) FROM ' || x::regclass; END`, []],
  ])('%s', (body, expected) => {
    expect(seen(body)).toEqual(expected);
  });

  it('knows what functions of the same file give', () => {
    const quote = `CREATE FUNCTION app.q(a text) RETURNS text LANGUAGE sql AS $$ SELECT quote_ident(a) $$;\n`;
    const plain = `CREATE FUNCTION app.q(a text) RETURNS text LANGUAGE sql AS $$ SELECT a $$;\n`;
    const text = routine(`BEGIN EXECUTE 'DROP TABLE ' || app.q(x); END`);
    expect(risks(quote + text)).toEqual([]);
    expect(risks(plain + text).length).toBe(1);
  });
});

it('knows the columns of a trigger\'s table, enumerations and %TYPE of the same file', () => {
  const before = `CREATE TYPE app.mood AS ENUM ('good', 'bad');
    CREATE TABLE app.t (id bigint PRIMARY KEY, name text NOT NULL, mood app.mood, price numeric(10, 2));
    CREATE TRIGGER a BEFORE INSERT ON app.t FOR EACH ROW EXECUTE FUNCTION app.f();\n`;
  const names = (text: string) => risks(text).map((risk) => `${risk.severity} ${text.slice(risk.at.start, risk.at.end)}`);
  expect(names(before + routine(`BEGIN EXECUTE 'SELECT ' || NEW.id || NEW.mood || ', ' || NEW.price || ', ' || NEW.name; END`, { params: '' }))).toEqual(['medium NEW.name']);
  expect(names(before + routine(`BEGIN EXECUTE 'SELECT ' || x || ', ' || m; END`, { params: 'x app.t.price%TYPE, m app.mood' }))).toEqual([]);
});

describe('settings', () => {
  const block = `DO $b$ DECLARE who text := coalesce(current_setting('app.who', true), 'app'); BEGIN EXECUTE 'CREATE ROLE ' || who; END $b$;`;

  it('come from nobody who calls a DO block', () => {
    expect(risks(block).map(({ severity, message }) => `${severity} ${message}`))
      .toEqual(['low Whoever sets the parameter can put SQL of their own into this statement through who']);
  });

  it('are quoted there like any other name', () => {
    expect(applyEdits(block, risks(block)[0]!.fixes[0]!.edits)).toContain(`EXECUTE format('CREATE ROLE %I', who);`);
  });
});

describe('a list of allowed words', () => {
  const run = `EXECUTE 'SELECT 1 ORDER BY 1 ' || x;`;
  const leave = `IF x NOT IN ('asc', 'desc') THEN RAISE EXCEPTION 'no'; END IF;`;

  it.each([
    `BEGIN ${leave} ${run} END`,
    `BEGIN IF lower(x) NOT IN ('asc', 'desc') THEN RAISE EXCEPTION 'no'; END IF; ${run} END`,
    `BEGIN x := lower(x); IF x NOT IN ('asc', 'desc') THEN x := 'asc'; END IF; ${run} END`,
    `DECLARE v text; BEGIN v := 'c_' || x; IF v NOT IN ('c_a') THEN RAISE EXCEPTION 'no'; END IF; EXECUTE 'SELECT ' || v; END`,
    `BEGIN IF x IS NULL THEN RETURN; END IF; ${leave} ${run} END`,
  ])('lets nothing else through: %s', (body) => {
    expect(seen(body)).toEqual([]);
  });

  it.each([
    `BEGIN IF x IN ('asc', 'desc') THEN RAISE EXCEPTION 'no'; END IF; ${run} END`,
    `BEGIN IF x NOT IN ('asc', 'desc') THEN RAISE NOTICE 'no'; END IF; ${run} END`,
    `BEGIN IF x NOT IN ('asc', y) THEN RAISE EXCEPTION 'no'; END IF; ${run} END`,
    `BEGIN IF x NOT IN ('asc') AND y THEN RAISE EXCEPTION 'no'; END IF; ${run} END`,
    `BEGIN IF true THEN ${leave} END IF; ${run} END`,
    `BEGIN ${run} ${leave} END`,
    `BEGIN RETURN QUERY ${run} ${leave} END`,
    `BEGIN ${leave} x := y; ${run} END`,
    `BEGIN ${leave} SELECT a, b INTO q, x FROM t; ${run} END`,
    `BEGIN ${leave} FOR x IN SELECT a FROM t LOOP ${run} END LOOP; END`,
    `BEGIN ${leave} SELECT a, b INTO r.q, x FROM t; ${run} END`,
    `BEGIN ${leave} GET STACKED DIAGNOSTICS x = MESSAGE_TEXT; ${run} END`,
    `BEGIN ${leave} CALL app.fill(x); ${run} END`,
    `BEGIN ${leave} EXCEPTION WHEN others THEN ${run} END`,
    `BEGIN ${leave} DECLARE x text := y; BEGIN ${run} END; END`,
  ])('does not help here: %s', (body) => {
    expect(seen(body, { params: 'x text, y text' })).not.toEqual([]);
  });
});

describe('names of objects', () => {
  it('are less likely to be made for it than what a caller gives', () => {
    const inside = `BEGIN SELECT relname INTO v FROM pg_class; EXECUTE format('SELECT ''%I''::regclass', v); END`;
    expect(seen(`DECLARE v text; ${inside}`)).toEqual(['low misquoted %I']);
    expect(seen(`DECLARE v text; ${inside}`, { clauses: 'SECURITY DEFINER' })).toEqual(['medium misquoted %I']);
    expect(seen(`BEGIN EXECUTE format('SELECT ''%I''::regclass', x); END`)).toEqual(['high misquoted %I']);
  });

  it('are quoted when a regtype is written out', () => {
    expect(seen(`BEGIN EXECUTE 'SELECT NULL::' || pg_typeof(x) || ', NULL::' || format_type(23, NULL); END`)).toEqual([]);
    expect(seen(`BEGIN EXECUTE 'SELECT ''' || pg_typeof(x) || ''''; END`)).not.toEqual([]);
  });
});

describe('variables', () => {
  it.each<[string, string[]]>([
    [`DECLARE q text := 'SELECT 1'; BEGIN q := q || ' AND a = ''' || x || ''''; EXECUTE q; END`, ['medium concatenated x']],
    [`DECLARE q text := 'SELECT 1'; BEGIN q := q || ' AND a = ' || quote_literal(x); EXECUTE q; END`, []],
    [`DECLARE q text; BEGIN IF x = '' THEN q := 'DROP TABLE a'; ELSE q := 'DROP TABLE b'; END IF; EXECUTE q; END`, []],
    [`DECLARE w text := ''; BEGIN w := ' WHERE a = ''' || x || ''''; EXECUTE 'DELETE FROM t' || w; END`, ['medium concatenated x']],
    [`DECLARE t text := 'DROP TABLE %I'; BEGIN EXECUTE format(t, x); END`, []],
    [`BEGIN EXECUTE 'SELECT 1' || CASE WHEN x IS NULL THEN '' ELSE ' WHERE a = ''' || x || '''' END; END`, ['medium concatenated x']],
    [`BEGIN EXECUTE 'SELECT 1' || coalesce(' LIMIT ' || quote_literal(x), ''); END`, []],
  ])('%s', (body, expected) => {
    expect(seen(body)).toEqual(expected);
  });

  it('reports a value once that runs twice', () => {
    expect(seen(`DECLARE q text := 'DROP TABLE ' || x; BEGIN EXECUTE q; EXECUTE q; END`)).toEqual(['medium concatenated x']);
  });
});

describe('one mistake', () => {
  const marks = (body: string, params = 'x text, y text') => {
    const text = routine(body, { params });
    return risks(text).map((risk) => [`${risk.problem} ${text.slice(risk.at.start, risk.at.end)}`, ...risk.related
      .filter(({ message }) => message === 'The same value stands here too').map(({ at }) => text.slice(at.start - 4, at.end))]);
  };

  it('is a value that stands several times in a statement', () => {
    expect(marks(`BEGIN EXECUTE 'CREATE INDEX i_' || x || ' ON ' || x || ' (a)'; END`)).toEqual([['concatenated x', ' || x']]);
    expect(marks(`DECLARE q text; BEGIN q := 'SELECT 1 FROM ' || x; q := q || ' JOIN ' || x || ' USING (a)'; EXECUTE q; END`)).toEqual([['concatenated x', ' || x']]);
    expect(marks(`BEGIN EXECUTE format('SELECT %s FROM %s', x, x); END`)).toEqual([['formatted x', ' x, x']]);
  });

  it('has one fix for all its places', () => {
    const text = routine(`BEGIN EXECUTE 'CREATE INDEX ON ' || x || ' (a); ANALYZE ' || x; END`);
    const [only] = risks(text);
    expect(risks(applyEdits(text, only!.fixes[0]!.edits))).toEqual([]);
  });

  it('is not two values', () => {
    expect(marks(`BEGIN EXECUTE 'SELECT ' || y || ' FROM ' || x; END`)).toEqual([['concatenated y'], ['concatenated x']]);
  });

  it('is not two ways to get a value wrong', () => {
    expect(marks(`BEGIN EXECUTE format('SELECT ''%I'' FROM %s', x, x); END`)).toEqual([['misquoted %I'], ['formatted x']]);
  });

  it('is not one variable that has held two values', () => {
    expect(marks(`DECLARE v text; q text; BEGIN v := lower(x); q := 'SELECT ' || v; v := upper(y); q := q || ' FROM ' || v; EXECUTE q; END`)).toEqual([['concatenated v'], ['concatenated v']]);
  });

  it('is not two statements', () => {
    expect(marks(`BEGIN EXECUTE 'DROP TABLE ' || x; EXECUTE 'DROP VIEW ' || x; END`)).toEqual([['concatenated x'], ['concatenated x']]);
  });

  it('is as bad as its worst place', () => {
    const text = `CREATE FUNCTION app.f() RETURNS trigger LANGUAGE plpgsql AS $b$ BEGIN EXECUTE 'SELECT 1 FROM t WHERE a = ' || NEW.k || ' AND b = ''' || NEW.k || ''''; END $b$;`;
    expect(risks(text).map(({ severity }) => severity)).toEqual(['low']);
  });
});

it('tells a statement that the caller gives from one that a function makes with it', () => {
  const made = (body: string) => `CREATE FUNCTION app.make(t text) RETURNS text LANGUAGE plpgsql AS $$ ${body} $$;\n`;
  const run = routine(`DECLARE q text; BEGIN q := app.make(x); EXECUTE q; END`);
  expect(risks(made(`DECLARE s text; BEGIN s := 'DROP TABLE ' || t; s := s || ' CASCADE'; RETURN s; END`) + run).map(({ problem }) => problem)).toEqual(['concatenated']);
  expect(risks(made(`BEGIN RETURN trim(t); END`) + run).map(({ problem }) => problem)).toEqual(['whole']);
});

describe('current_setting()', () => {
  it.each<[string, string[]]>([
    ['client_min_messages', []],
    ['work_mem', []],
    ['ROW_SECURITY', []],
    ['data_directory', []],
    ['search_path', [`low fragment current_setting('search_path')`]],
    ['role', [`medium fragment current_setting('role')`]],
    ['app.tenant', [`medium fragment current_setting('app.tenant')`]],
  ])('%s', (name, expected) => {
    expect(seen(`BEGIN EXECUTE 'SET LOCAL a.b = ' || current_setting('${name}'); END`)).toEqual(expected);
  });

  it('gives what the routine itself has set', () => {
    const body = `DECLARE v text := current_setting('search_path'); BEGIN EXECUTE 'SET LOCAL search_path = ' || v; END`;
    expect(seen(body, { clauses: 'SET search_path = pg_catalog' })).toEqual([]);
    expect(seen(body, { clauses: 'SET search_path FROM CURRENT' })).toEqual(['low fragment v']);
    expect(seen(body, { clauses: 'SET role = app' })).toEqual(['low fragment v']);
    expect(seen(body, { clauses: 'SECURITY DEFINER' })).toEqual(['medium fragment v']);
  });
});

it('knows which sub-select a column comes from', () => {
  const run = (column: string) => `DECLARE v text; BEGIN
    WITH given AS (SELECT jsonb_object_keys(x::jsonb) AS name), there AS (SELECT attname AS name FROM pg_attribute)
    SELECT string_agg(${column}, ', ') INTO v FROM there t JOIN given g ON lower(t.name) = lower(g.name); EXECUTE 'SELECT ' || v || ' FROM app.t'; END`;
  expect(seen(run('t.name'))).toEqual(['info list v']);
  expect(seen(run('there.name'))).toEqual(['info list v']);
  expect(seen(run('g.name'))).toEqual(['medium list v']);
  expect(seen(run('quote_ident(g.name)'))).toEqual([]);
  expect(seen(run('name'))).toEqual(['medium list v']);
});

it('tells the tables of a query apart', () => {
  const run = (column: string, from: string) => `DECLARE v text; BEGIN SELECT ${column} INTO v FROM ${from} ON true; EXECUTE 'DROP TABLE ' || v; END`;
  expect(seen(run('c.relname', 'pg_class c JOIN app.things t'))).toEqual(['info concatenated v']);
  expect(seen(run('t.relname', 'pg_class c JOIN app.things t'))).toEqual(['low concatenated v']);
  expect(seen(run('relname', 'pg_class c JOIN app.things t'))).toEqual(['info concatenated v']);
  expect(seen(run('label', 'pg_class c JOIN app.things t'))).toEqual(['low concatenated v']);
  expect(seen(run('things.relname', 'pg_class JOIN app.things'))).toEqual(['low concatenated v']);
});

it('tells lists of stored names from lists of stored numbers', () => {
  const run = (column: string) => `DECLARE v text; BEGIN SELECT string_agg(${column}, ',') INTO v FROM app.things; EXECUTE 'SELECT 1 WHERE id IN (' || v || ')'; END`;
  expect(seen(run('label'))).toEqual(['low list v']);
  expect(seen(run('label'), { clauses: 'SECURITY DEFINER' })).toEqual(['medium list v']);
  expect(risks(routine(run('label')))[0]!.message).toMatch(/^Whoever can write the stored values can put SQL/);
  expect(seen(run('thing_id::text'))).toEqual(['low list v']);
  expect(seen(run('DISTINCT t.id'))).toEqual(['low list v']);
});

it('knows that the schema of an extension is chosen by who installs it', () => {
  const run = (from: string) => `DECLARE s text; BEGIN SELECT nspname INTO s FROM ${from}; EXECUTE 'SELECT ' || s || '.f()'; END`;
  expect(seen(run('pg_namespace'), { clauses: 'SECURITY DEFINER' })).toEqual(['medium concatenated s']);
  expect(seen(run('pg_namespace n JOIN pg_extension e ON e.extnamespace = n.oid'), { clauses: 'SECURITY DEFINER' })).toEqual(['info concatenated s']);
});

describe('what cuts a text', () => {
  const run = (cut: string, piece = `quote_literal(x) || ','`) => `DECLARE l text := ''; BEGIN l := l || 'a = ' || ${piece}; EXECUTE 'UPDATE app.t SET ' || ${cut}; END`;
  it.each([`rtrim(l, ',')`, `trim(l)`, `left(l, -1)`, `left(l, length(l) - 1)`, `substr(l, 1, length(l) - 1)`, `substring(l, 0, length(l))`, `right(l, -1)`, `substr(l, 5)`])('leaves the quotes: %s', (cut) => {
    expect(seen(run(cut))).toEqual([]);
  });
  it.each<[string, string?]>([[`rtrim(l, ',''')`], [`left(l, -2)`], [`substring(l, 0, length(l) - 1)`], [`left(l, 5)`], [`right(l, -5)`], [`substr(l, 6)`], [`left(l, -1)`, `quote_literal(x)`], [`rtrim(l, ',')`, `x || ','`]])('may take one away: %s', (cut, piece) => {
    expect(seen(run(cut, piece))).not.toEqual([]);
  });
});

it('takes a column that is cast to text for one that holds none', () => {
  expect(seen(`BEGIN EXECUTE 'SELECT 1 FROM app.t WHERE id = ' || CAST(NEW.id AS varchar); END`, { params: '' })).toEqual(['info concatenated CAST(NEW.id AS varchar)']);
  expect(seen(`BEGIN EXECUTE 'DROP TABLE t_' || NEW.id::text; END`, { params: '' })).toEqual(['low concatenated NEW.id::text']);
  expect(seen(`BEGIN EXECUTE 'DROP TABLE t_' || (NEW.data->>'id')::text; END`, { params: '' })).toEqual([`medium concatenated (NEW.data->>'id')::text`]);
});

it('takes a stored column that is called like a number for one', () => {
  const run = (column: string) => `DECLARE r record; BEGIN FOR r IN SELECT * FROM app.things LOOP EXECUTE 'DROP TABLE t_' || r.${column}; END LOOP; END`;
  expect(seen(run('thing_id'), { clauses: 'SECURITY DEFINER' })).toEqual(['info concatenated r.thing_id']);
  expect(seen(run('label'), { clauses: 'SECURITY DEFINER' })).toEqual(['medium concatenated r.label']);
});

it('takes the characters of an object\'s name for what they are', () => {
  expect(seen(`BEGIN EXECUTE 'CREATE TABLE c_' || replace(x::text, '.', '_') || ' (a int)'; END`, { params: 'x regclass' })).toEqual([`info concatenated replace(x::text, '.', '_')`]);
  expect(seen(`BEGIN EXECUTE 'CREATE TABLE c_' || replace(x::text, '.', '_') || ' (a int)'; END`, { params: 'x name' })).toEqual([`medium concatenated replace(x::text, '.', '_')`]);
});

it('leaves a definition its quotes where a name with its dot is taken out', () => {
  const clone = (replaced: string) => seen(`DECLARE d text; dot text := x || '.'; BEGIN d := pg_get_viewdef('v'::regclass); EXECUTE 'CREATE VIEW w AS ' || ${replaced}; END`, { params: 'x text, y text' });
  expect(clone(`replace(d, dot, '')`)).toEqual([]);
  expect(clone(`replace(d, x || '.', '')`)).toEqual([]);
  expect(clone(`replace(d, x, '')`)).toHaveLength(1);
  expect(clone(`replace(d, dot, y)`)).toHaveLength(1);
});

it('knows the words and the SQL that PostgreSQL itself writes into columns', () => {
  const make = (column: string) => seen(`DECLARE k text; BEGIN SELECT ${column} INTO k FROM information_schema.columns WHERE table_name = x; EXECUTE 'CREATE TABLE n (a ' || k || ')'; END`);
  expect(make('data_type')).toEqual([]);
  expect(make('udt_name')).toHaveLength(1);
});

it('knows that a value without quotes cannot leave them', () => {
  const drop = (value: string, sql: string) => seen(`DECLARE v text := ${value}; BEGIN v := '"' || v || '"'; EXECUTE ${sql}; END`);
  expect(drop(`replace(x, '"', '')`, `'DROP ROLE ' || v`)).toEqual([]);
  expect(drop(`replace(x, '"', '""')`, `'DROP ROLE ' || v`)).toHaveLength(1);
  expect(drop(`replace(x, '''', '')`, `'DROP ROLE ' || v`)).toHaveLength(1);
  expect(seen(`BEGIN EXECUTE 'SELECT ''' || replace(x, '''', '') || ''''; END`)).toEqual([]);
  expect(seen(`BEGIN EXECUTE 'SELECT E''' || replace(x, '''', '') || ''''; END`)).toHaveLength(1);
  expect(seen(`BEGIN EXECUTE 'DROP TABLE ' || replace(x, '"', ''); END`)).toHaveLength(1);
});

it('reads SET inside of ALTER', () => {
  expect(seen(`BEGIN EXECUTE format('ALTER FUNCTION app.g() SET search_path TO %s', x); END`)).toHaveLength(1);
  expect(seen(`BEGIN EXECUTE format('ALTER ROLE app SET search_path TO %s', x); END`)).toHaveLength(1);
  expect(seen(`BEGIN EXECUTE format('ALTER FUNCTION app.g() SET search_path TO %I', x); END`)).toEqual([]);
});

it('takes an element of an array for what the body puts into it', () => {
  expect(seen(`DECLARE p text[]; BEGIN p[0] := quote_ident(x); p[1] := 'b'; EXECUTE 'DROP TABLE ' || p[1]; END`)).toEqual([]);
  expect(seen(`DECLARE p text[]; BEGIN p[0] := x; p[1] := 'b'; EXECUTE 'DROP TABLE ' || p[1]; END`)).toHaveLength(1);
});

it('takes a query of WITH that the caller gives for one', () => {
  expect(seen(`BEGIN EXECUTE 'WITH e AS (' || x || ') SELECT count(*) FROM e'; END`)).toEqual(['info whole x']);
  expect(seen(`BEGIN EXECUTE 'WITH e AS (SELECT 1 FROM ' || x || ') SELECT count(*) FROM e'; END`)).toEqual(['medium concatenated x']);
});

it('follows a definition in which a quoted name takes the place of another', () => {
  const run = (by: string) => `DECLARE d text; BEGIN SELECT replace(definition, quote_ident(x) || '.', ${by}) INTO d FROM pg_views; EXECUTE 'CREATE VIEW v AS ' || d; END`;
  expect(seen(run(`quote_ident(y) || '.'`), { params: 'x text, y text' })).toEqual([]);
  expect(seen(run(`y || '.'`), { params: 'x text, y text' })).toEqual(['medium concatenated d']);
});

describe('what has come to a place', () => {
  it.each<[string, string, string[]]>([
    ['quoted in between', `BEGIN x := quote_ident(x); EXECUTE 'DROP TABLE ' || x; END`, []],
    ['quoted too late', `BEGIN EXECUTE 'DROP TABLE ' || x; x := quote_ident(x); END`, ['medium concatenated x']],
    ['quoted on one way only', `BEGIN IF y = '' THEN x := quote_ident(x); END IF; EXECUTE 'DROP TABLE ' || x; END`, ['medium concatenated x']],
    ['quoted on both ways', `DECLARE v text; BEGIN IF y = '' THEN v := quote_ident(x); ELSE v := quote_ident(y); END IF; EXECUTE 'DROP TABLE ' || v; END`, []],
    ['one variable for two statements', `DECLARE q text; BEGIN q := 'DROP TABLE a'; EXECUTE q; q := 'DROP TABLE ' || x; EXECUTE q; END`, ['medium concatenated x']],
    ['spoilt behind the statement', `DECLARE q text; BEGIN q := 'DROP TABLE a'; EXECUTE q; q := 'DROP TABLE ' || x; RAISE NOTICE '%', q; END`, []],
    ['spoilt behind it in a loop', `DECLARE q text := 'a'; BEGIN LOOP EXECUTE q; q := 'DROP TABLE ' || x; END LOOP; END`, ['medium concatenated x']],
    ['set anew in every turn', `DECLARE q text; BEGIN LOOP q := 'DROP TABLE a'; EXECUTE q; q := 'DROP TABLE ' || x; END LOOP; END`, []],
    ['the other branch', `DECLARE q text; BEGIN IF y = '' THEN q := 'DROP TABLE ' || x; RAISE NOTICE '%', q; ELSE q := 'DROP TABLE a'; EXECUTE q; END IF; END`, []],
    ['in the handler', `DECLARE q text := 'DROP TABLE a'; BEGIN q := 'DROP TABLE ' || x; PERFORM 1; EXCEPTION WHEN others THEN EXECUTE q; END`, ['medium concatenated x']],
    ['wrapped', `DECLARE q text := 'DROP TABLE ' || x; BEGIN q := '/* a */ ' || q || ' CASCADE'; EXECUTE q; END`, ['medium concatenated x']],
    ['appended in a loop', `DECLARE q text := ''; BEGIN FOR i IN 1..3 LOOP q := q || x || ';'; END LOOP; EXECUTE 'BEGIN;' || q; END`, ['medium fragment x']],
    ['coalesced with itself', `BEGIN x := coalesce(x, 'a'); EXECUTE 'DROP TABLE ' || x; END`, ['medium concatenated x']],
    ['into', `DECLARE v text; BEGIN SELECT quote_ident(x) INTO v; EXECUTE 'DROP TABLE ' || v; END`, []],
    ['into, unquoted', `DECLARE v text; BEGIN SELECT lower(x) INTO v; EXECUTE 'DROP TABLE ' || v; END`, ['medium concatenated v']],
    ['returning into', `DECLARE v text; BEGIN INSERT INTO app.t (a) VALUES (x) RETURNING quote_ident(a) INTO v; EXECUTE 'DROP TABLE ' || v; END`, []],
    ['returning into, unquoted', `DECLARE v text; BEGIN INSERT INTO app.t (a) VALUES (x) RETURNING a INTO v; EXECUTE 'DROP TABLE ' || v; END`, ['low concatenated v']],
    ['a number of rows', `DECLARE v text; BEGIN GET DIAGNOSTICS v = ROW_COUNT; EXECUTE 'SELECT ' || v; END`, []],
  ])('%s', (_, body, expected) => {
    expect(seen(body, { params: 'x text, y text' })).toEqual(expected);
  });
});

describe('rows, arrays and queries', () => {
  it.each<[string, string[]]>([
    [`DECLARE a text[]; v text; BEGIN a := array_append(a, quote_ident(x)); FOREACH v IN ARRAY a LOOP EXECUTE 'DROP TABLE ' || v; END LOOP; END`, []],
    [`DECLARE a text[]; v text; BEGIN a := array_append(a, x); FOREACH v IN ARRAY a LOOP EXECUTE 'DROP TABLE ' || v; END LOOP; END`, ['medium concatenated v']],
    [`DECLARE a text[] := ARRAY[quote_ident(x), 'b']; BEGIN EXECUTE 'SELECT ' || array_to_string(a, ', '); END`, []],
    [`DECLARE a text[] := ARRAY['b', x]; BEGIN EXECUTE 'SELECT ' || array_to_string(a, ', '); END`, [`medium list array_to_string(a, ', ')`]],
    [`BEGIN EXECUTE 'SELECT 1 FROM t ORDER BY ' || (SELECT string_agg(quote_ident(c), ', ') FROM unnest(string_to_array(x, ',')) c); END`, []],
    [`DECLARE k text; BEGIN FOR k IN SELECT jsonb_object_keys(x::jsonb) LOOP EXECUTE 'DROP TABLE ' || k; END LOOP; END`, ['medium concatenated k']],
    [`DECLARE k text; BEGIN FOR k IN SELECT key FROM jsonb_each(x::jsonb) LOOP EXECUTE 'DROP TABLE ' || k; END LOOP; END`, ['medium concatenated k']],
    [`DECLARE v text; BEGIN SELECT string_agg(part, ',') INTO v FROM (SELECT ' ADD ' || quote_ident(attname) AS part FROM pg_attribute) p; EXECUTE 'ALTER TABLE t' || v; END`, []],
    [`DECLARE v text; BEGIN SELECT string_agg(part, ',') INTO v FROM (SELECT ' ADD ' || attname AS part FROM pg_attribute) p; EXECUTE 'ALTER TABLE t' || v; END`, ['info concatenated attname']],
    [`DECLARE v text; BEGIN SELECT string_agg(g::regrole::text, ', ') INTO v FROM app.grants; EXECUTE 'GRANT a TO ' || v; END`, []],
    [`DECLARE r record; BEGIN FOR r IN SELECT 'DROP TABLE ' || relname AS cmd FROM pg_class LOOP EXECUTE r.cmd; END LOOP; END`, ['info concatenated relname']],
    [`DECLARE r record; BEGIN FOR r IN SELECT format('DROP TABLE %I', relname) AS cmd FROM pg_class LOOP EXECUTE r.cmd; END LOOP; END`, []],
    [`DECLARE r record; BEGIN SELECT a, quote_ident(b) AS q INTO r FROM app.t; EXECUTE 'DROP TABLE ' || r.q; END`, []],
    [`DECLARE r app.t; BEGIN r.name := quote_ident(x); EXECUTE 'DROP TABLE ' || r.name; END`, []],
    [`DECLARE c CURSOR FOR SELECT quote_ident(relname) AS n FROM pg_class; r record; BEGIN FOR r IN c LOOP EXECUTE 'DROP TABLE ' || r.n; END LOOP; END`, []],
    [`BEGIN EXECUTE 'DROP TABLE ' || t.name FROM app.tables t WHERE t.id = 1; END`, ['low concatenated t.name']],
    [`DECLARE q text := 'DROP %s %I'; BEGIN IF x = '' THEN q := 'ALTER %s %I'; END IF; EXECUTE format(q, 'TABLE', x); END`, []],
    [`DECLARE q text := 'DROP %s'; BEGIN IF x = '' THEN q := 'ALTER %s'; END IF; EXECUTE format(q, x); END`, ['medium formatted x']],
    [`DECLARE q text; BEGIN q := NULL; IF x = '' THEN q := 'DROP %s'; ELSE q := 'DROP %I'; END IF; EXECUTE format(q, x); END`, ['medium formatted x']],
    [`BEGIN EXECUTE format('SELECT %L::' || x::regtype || ' = ' || 1, x); END`, []],
    [`BEGIN EXECUTE format('SELECT %L FROM ' || x || ' LIMIT %s', x, 1); END`, ['medium formatted x']],
    [`BEGIN EXECUTE replace(format('DROP TABLE %I', x), 'TABLE', 'VIEW'); END`, []],
    [`BEGIN EXECUTE 'SELECT ' || replace(quote_literal(x), '''', ''); END`, [`medium concatenated replace(quote_literal(x), '''', '')`]],
    [`BEGIN EXECUTE 'SELECT ' || trim(both '''' FROM quote_literal(x)); END`, [`medium concatenated trim(both '''' FROM quote_literal(x))`]],
    [`BEGIN EXECUTE format('SELECT %2$s, %1$L', x, 1); END`, []],
    [`BEGIN EXECUTE format('SELECT %-10s', x); END`, ['medium formatted x']],
    [`BEGIN EXECUTE 'SELECT ' || (x::json ->> 'a'); END`, [`medium concatenated (x::json ->> 'a')`]],
    [`BEGIN EXECUTE 'SELECT ' || concat_ws(', ', quote_ident(x), 'b'); END`, []],
    [`BEGIN EXECUTE 'DROP TABLE ' || TG_ARGV[0]; END`, ['info concatenated TG_ARGV[0]']],
  ])('%s', (body, expected) => {
    expect(seen(body)).toEqual(expected);
  });
});

describe('the way to the statement', () => {
  const path = (text: string) => risks(text).map((risk) => risk.related.map(({ at, message }) => `${message}: ${text.slice(at.start, at.end)}`));

  it('goes from the parameter over variables to EXECUTE and to the owner', () => {
    const text = routine(`DECLARE v text; q text; BEGIN v := lower(x); q := 'DROP TABLE ' || v; EXECUTE q; END`, { clauses: 'SECURITY DEFINER' });
    expect(path(text)).toEqual([[
      'The caller gives x: x text', 'v takes it over: v := lower(x)', `It becomes part of q: q := 'DROP TABLE ' || v`, 'The text runs here: EXECUTE q',
      `It runs with the rights of the routine's owner: SECURITY DEFINER`,
    ]]);
  });

  it('begins at the query that fills a variable', () => {
    const text = routine(`DECLARE r record; BEGIN FOR r IN SELECT name FROM app.t LOOP EXECUTE 'DROP TABLE ' || r.name; END LOOP; END`);
    expect(path(text)).toEqual([['r is filled here: FOR r IN SELECT name FROM app.t LOOP', `The text runs here: EXECUTE 'DROP TABLE ' || r.name`]]);
  });

  it('stands in the written form of a body in quotes', () => {
    const text = `CREATE FUNCTION app.f(x text) RETURNS void LANGUAGE plpgsql AS 'DECLARE q text; BEGIN q := ''DROP TABLE '' || x; EXECUTE q; END';`;
    expect(path(text)).toEqual([['The caller gives x: x text', `It becomes part of q: q := ''DROP TABLE '' || x`, 'The text runs here: EXECUTE q']]);
  });
});

describe('large routines', () => {
  it.each([
    ['many statements', `BEGIN ${`EXECUTE 'DROP TABLE ' || x; `.repeat(400)} END`],
    ['many assignments', `DECLARE q text; BEGIN ${`q := q || ' a ' || x; `.repeat(400)} EXECUTE q; END`],
    ['a chain of variables', `BEGIN ${Array.from({ length: 40 }, (_, at) => `v${at} := v${at + 1} || v${at + 1} || ' a'; v${at} := 'b' || v${at + 2}; `).join('')} EXECUTE v0; END`],
    ['variables that name each other', `BEGIN a := b || 'x'; b := a || c; c := a || b || x; EXECUTE 'SELECT ' || a; END`],
    ['many values', `BEGIN EXECUTE 'SELECT ' ${`|| ', ' || x `.repeat(300)}; END`],
  ])('%s', (_, body) => {
    seen(body);
  });
});

interface Example {
  readonly id: string;
  readonly kind: string;
  readonly before: string;
  readonly after: string;
  readonly params: string;
  readonly statement_before: string;
  readonly expect: { readonly finding: boolean; readonly autofix: boolean };
}

const examplesAt = new URL('../../../shared/reference/concat-examples.json', import.meta.url);
const examples: readonly Example[] = existsSync(examplesAt) ? JSON.parse(readFileSync(examplesAt, 'utf8')) : [];

describe.skipIf(examples.length === 0)('worked examples (skipped without ../shared/reference/concat-examples.json)', () => {
  const equal: string[] = [];
  const different: string[] = [];
  // The same expression appears twice where only the table, not the statement, tells which fix is better.
  const fixable = new Set(examples.filter((one) => one.expect.autofix).map((one) => one.before));

  for (const example of examples) {
    it(example.id, () => {
      const text = `CREATE FUNCTION lab.f(${example.params}) RETURNS text LANGUAGE plpgsql AS $fn$ DECLARE r text; q text; BEGIN ${example.statement_before} END $fn$;`;
      const found = risks(text);
      if (example.kind === 'sink' && !example.statement_before.includes("'")) return;
      if (!example.statement_before.includes(example.before.slice(0, 20))) return;
      expect(found.length > 0, 'finding').toBe(example.expect.finding);
      const fixes = found.flatMap((risk) => risk.fixes);
      if (!example.expect.autofix && !/^(using|dollar)$/.test(example.kind) && !fixable.has(example.before)) expect(fixes).toEqual([]);
      if (!example.expect.autofix || !example.expect.finding) return;
      expect(fixes.length, 'fixes').toBeGreaterThan(0);
      const fixed = applyEdits(text, fixes[0]!.edits);
      expect(risks(fixed), fixed).toEqual([]);
      const squeeze = (source: string) => source.replace(/\s+/g, '');
      (squeeze(fixed).includes(squeeze(example.after)) ? equal : different).push(`${example.id}: ${fixed}`);
    });
  }

  it('gives nearly always the fix that was proven', () => {
    expect(equal.length / (equal.length + different.length), different.join('\n')).toBeGreaterThan(0.9);
  });
});

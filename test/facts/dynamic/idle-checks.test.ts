import { beforeAll, describe, expect, it } from 'vitest';
import { findDynamicSql } from '../../../server/src/facts/flow.ts';
import { loadPostgresFromDisk } from '../../../server/src/node-wasm.ts';
import { splitStatements } from '../../../server/src/syntax/sql/statements.ts';

beforeAll(loadPostgresFromDisk);

function seen(made: string, check: string): string[] {
  const text = `${made}\nCREATE FUNCTION app.run(p text) RETURNS void LANGUAGE plpgsql AS $b$ DECLARE ok boolean; BEGIN ${check} EXECUTE 'DROP TABLE ' || p; END $b$;`;
  return findDynamicSql(splitStatements(text)).flatMap(({ risks }) => risks).map(({ severity }) => severity);
}

const required = (body: string, parameters = 'p text') => `CREATE FUNCTION app.require(${parameters}) RETURNS void LANGUAGE plpgsql AS $$ ${body} $$;`;
const answer = (language: string, body: string) => `CREATE FUNCTION app.is_ok(p text) RETURNS boolean LANGUAGE ${language} AS $$ ${body} $$;`;
const perform = 'PERFORM app.require(p);';
const stop = `THEN RAISE EXCEPTION 'no'; END IF;`;

describe('a function that is asked first', () => {
  it.each([
    `BEGIN IF p IS NULL OR p = '' ${stop} END`,
    `BEGIN IF p IS NULL THEN RAISE EXCEPTION 'a = %', p USING ERRCODE = '22004'; END IF; END`,
    `BEGIN IF coalesce(trim(p), '') = '' ${stop} END`,
    `BEGIN IF length(p) > 63 OR char_length(trim(p)) < 1 ${stop} END`,
    `DECLARE v text := btrim(p); BEGIN IF v <> '' THEN RETURN; END IF; RAISE 'no'; END`,
    `BEGIN RAISE NOTICE 'x %', p; END`,
    `DECLARE n int := length(p)::int; BEGIN IF n > 63 ${stop} END`,
    `DECLARE v text; BEGIN SELECT trim(p) INTO v; IF v = '' ${stop} END`,
    `BEGIN FOR i IN 1 .. length(p) LOOP IF i > 63 ${stop} END LOOP; END`,
  ])('is no check when it lets every text through: %s', (body) => {
    expect(seen(required(body), perform)).toEqual(['medium']);
  });

  it.each([
    `BEGIN IF p !~ '^[a-z_. ]+$' ${stop} END`,
    `BEGIN IF p NOT IN ('a', 'b') ${stop} END`,
    `BEGIN IF NOT EXISTS (SELECT 1 FROM app.t WHERE name = p) ${stop} END`,
    `BEGIN IF strpos(p, ';') > 0 ${stop} END`,
    `BEGIN IF p <> quote_ident(p) ${stop} END`,
    `BEGIN PERFORM p::regclass; END`,
    `BEGIN PERFORM app.other(p); END`,
    `BEGIN IF NOT app.other(p) ${stop} END`,
    `BEGIN CASE p WHEN 'a' THEN NULL; END CASE; END`,
    `BEGIN IF p IS DISTINCT FROM current_user ${stop} END`,
    `BEGIN PERFORM p::int; END`,
    `DECLARE n int := trim(p)::int; BEGIN IF n IS NULL ${stop} END`,
    `BEGIN IF regexp_replace(p, '[a-z]', '', 'g') <> '' ${stop} END`,
    `DECLARE v app.name_type := p; BEGIN IF v IS NULL ${stop} END`,
  ])('may be one: %s', (body) => {
    expect(seen(required(body), perform)).toEqual(['low']);
  });

  it('may leave it to others', () => {
    const blank = (body: string) => `CREATE FUNCTION app.is_blank(p text) RETURNS boolean LANGUAGE sql AS $$ SELECT ${body} $$;\n`;
    const asks = required(`BEGIN IF app.is_blank(p) ${stop} END`);
    expect(seen(blank(`p IS NULL OR btrim(p) = ''`) + asks, perform)).toEqual(['medium']);
    expect(seen(asks + blank(`p IS NULL OR btrim(p) = ''`), perform)).toEqual(['medium']);
    expect(seen(blank(`p ~ '[[:space:]]'`) + asks, perform)).toEqual(['low']);
    const all = required(`DECLARE e text; BEGIN FOREACH e IN ARRAY a LOOP IF e IS NULL ${stop} END LOOP; END`, 'VARIADIC a text[]');
    expect(seen(all, 'PERFORM app.require(p, p);')).toEqual(['medium']);
  });

  it('may be one as far as anybody can tell', () => {
    expect(seen('', perform)).toEqual(['low']);
    expect(seen(required(`BEGIN IF p IS NULL ${stop} END`, 'p app.name_type'), perform)).toEqual(['low']);
    expect(seen(required(`BEGIN IF p IS NULL ${stop} END`) + required(`BEGIN IF p !~ q ${stop} END`, 'p text, q text'), perform)).toEqual(['low']);
    expect(seen('CREATE FUNCTION app.require(p text) RETURNS void LANGUAGE plpython3u AS $$ pass $$;', perform)).toEqual(['low']);
  });

  it.each([`IF NOT app.is_ok(p) ${stop}`, `ok := app.is_ok(p); IF NOT ok ${stop}`, `SELECT app.is_ok(p) INTO ok; IF ok IS NOT TRUE ${stop}`])('answers: %s', (check) => {
    expect(seen(answer('sql', `SELECT p IS NOT NULL AND p <> ''`), check)).toEqual(['medium']);
    expect(seen(answer('plpgsql', `BEGIN RETURN length(trim(p)) > 0; END`), check)).toEqual(['medium']);
    expect(seen(answer('sql', `SELECT p ~ '^[a-z .]+$'`), check)).toEqual(['low']);
    expect(seen(answer('sql', `SELECT p = app.own_name()`), check)).toEqual(['low']);
  });
});

describe('a function that is handed JSON', () => {
  const text = `CREATE FUNCTION app.json_text(p json, k text) RETURNS text LANGUAGE plpgsql AS $$ DECLARE v text; BEGIN SELECT trim(p ->> k) INTO v; RETURN v; END; $$;\n`;
  const number = `CREATE FUNCTION app.json_number(p json, k text) RETURNS numeric LANGUAGE plpgsql AS $$ DECLARE v numeric; BEGIN SELECT (p ->> k)::numeric INTO v; RETURN v; END; $$;\n`;
  const check = (body: string) => `CREATE FUNCTION app.validate_request(p json) RETURNS void LANGUAGE plpgsql AS $$ DECLARE v text; ${body} END; $$;\n`;
  const run = (first: string) => `CREATE FUNCTION app.run(p json) RETURNS void LANGUAGE plpgsql AS $$ DECLARE t text; n numeric; BEGIN ${first} t := app.json_text(p, 'table'); EXECUTE 'DROP TABLE ' || t; END; $$;`;
  const told = (made: string, first = 'PERFORM app.validate_request(p);') => findDynamicSql(splitStatements(text + number + made + run(first))).flatMap(({ risks }) => risks).map(({ severity }) => severity);

  it.each([
    `u numeric; BEGIN u := app.json_number(p, 'user'); IF (u IS NULL) ${stop}`,
    `BEGIN IF app.json_number(p, 'user') IS NULL ${stop}`,
    `BEGIN IF (p ->> 'user')::numeric IS NULL ${stop}`,
    `BEGIN IF p ->> 'user' IS NULL OR trim(p ->> 'table') = '' ${stop}`,
    `BEGIN v := app.json_text(p, 'table'); IF v IS NULL ${stop}`,
    `u numeric; BEGIN u = app.json_number(p, 'user'); IF (u IS NULL) ${stop}`,
    `BEGIN PERFORM app.json_number(p, 'user');`,
  ])('asks only whether something is there: %s', (body) => {
    expect(told(check(body))).toEqual(['medium']);
  });

  it.each([
    `BEGIN IF p ->> 'table' !~ '^[a-z. ]+$' ${stop}`,
    `BEGIN IF p ->> 'table' = app.only_table() THEN RETURN; END IF; RAISE EXCEPTION 'no';`,
    `b boolean; BEGIN b = p ->> 'table' ~ '^[a-z]+$'; IF NOT b ${stop}`,
    `BEGIN IF p ->> 'table' NOT IN ('a', 'b') ${stop}`,
    `BEGIN IF NOT EXISTS (SELECT 1 FROM app.tables WHERE name = p ->> 'table') ${stop}`,
    `u numeric; BEGIN u := app.json_number(p, 'table'); IF (u IS NULL) ${stop}`,
    `BEGIN IF (p ->> 'table')::numeric IS NULL ${stop}`,
    `BEGIN PERFORM app.other(p);`,
    `BEGIN PERFORM (p ->> 'table')::regclass;`,
  ])('may restrict what is there: %s', (body) => {
    expect(told(check(body))).toEqual(['low']);
  });

  it('says nothing of what the routine takes out as a number too', () => {
    const check = `CREATE FUNCTION app.validate_request(p json) RETURNS void LANGUAGE plpgsql AS $$ DECLARE u numeric; BEGIN u := app.json_number(p::json, 'user'); IF u IS NULL ${stop} END; $$;\n`;
    expect(told(check, `PERFORM app.validate_request(p); n := app.json_number(p, 'user');`)).toEqual(['medium']);
    expect(told(check, `PERFORM app.validate_request(p); n := length(app.json_text(p, 'user'));`)).toEqual(['low']);
    expect(told(check, `PERFORM app.validate_request(p); n := (p ->> 'user')::int;`)).toEqual(['low']);
  });

  it('may be asked by the routine itself', () => {
    expect(told(number.replace('json_number', 'number_of'), `n := app.number_of(p, 'user'); IF n IS NULL ${stop}`)).toEqual(['low']);
  });
});

import { beforeAll, describe, expect, it } from 'vitest';
import { findDynamicSql } from '../../../server/src/facts/flow.ts';
import { loadPostgresFromDisk } from '../../../server/src/node-wasm.ts';
import { splitStatements } from '../../../server/src/syntax/sql/statements.ts';

beforeAll(loadPostgresFromDisk);

function seen(body: string, clauses = '', more = ''): string[] {
  const text = `CREATE FUNCTION app.audit() RETURNS trigger LANGUAGE plpgsql ${clauses} AS $b$ ${body} $b$;${more}`;
  return findDynamicSql(splitStatements(text)).flatMap(({ risks }) => risks).map(({ severity, origin }) => `${severity} ${origin}`);
}

const definer = 'SECURITY DEFINER';

describe('an argument of a trigger', () => {
  it.each([
    `BEGIN EXECUTE 'SELECT ' || TG_ARGV[0]; END`,
    `BEGIN EXECUTE TG_ARGV[0]; END`,
    `DECLARE v text := TG_ARGV[0]; BEGIN EXECUTE 'SELECT ' || v; END`,
    `DECLARE v text; BEGIN IF TG_NARGS > 0 THEN v := TG_ARGV[0]; ELSE v := 'id'; END IF; EXECUTE 'SELECT ($1).' || v USING NEW; END`,
    `DECLARE a text[] := TG_ARGV[1:3]; BEGIN EXECUTE 'SELECT ' || a[1]; END`,
    `DECLARE a text[] := string_to_array(TG_ARGV[0], ','); BEGIN EXECUTE 'SELECT ' || a[1]; END`,
    `DECLARE e text; BEGIN FOREACH e IN ARRAY TG_ARGV LOOP EXECUTE 'SELECT ' || e; END LOOP; END`,
    `DECLARE r record; BEGIN FOR r IN SELECT a AS c FROM unnest(TG_ARGV) AS a LOOP EXECUTE 'SELECT ' || r.c; END LOOP; END`,
    `BEGIN FOR i IN 0 .. TG_NARGS - 1 LOOP EXECUTE 'SELECT ' || TG_ARGV[i]; END LOOP; END`,
    `BEGIN EXECUTE 'SELECT ' || array_to_string(TG_ARGV, ', '); END`,
    `DECLARE j json := TG_ARGV[0]; BEGIN EXECUTE 'SELECT ' || (j ->> 'table'); END`,
    `BEGIN EXECUTE 'SELECT ''' || TG_ARGV[0] || ''''; END`,
    `BEGIN EXECUTE 'SELECT E''' || TG_ARGV[0] || ''''; END`,
    `BEGIN EXECUTE 'SELECT E''' || replace(TG_ARGV[0], '''', '''''') || ''''; END`,
    `BEGIN EXECUTE 'DO $d$ BEGIN PERFORM ' || TG_ARGV[0] || '; END $d$'; END`,
    `BEGIN EXECUTE format('/* %s */ SELECT 1', TG_ARGV[0]); END`,
  ])('is written by whoever creates it: %s', (body) => {
    expect(seen(body)).toEqual(['info trigger']);
    expect(seen(body, definer)).toEqual(['medium trigger']);
  });

  it('is no name that stands between quotes safely', () => {
    expect(seen(`BEGIN EXECUTE format('SELECT ''%I''', TG_ARGV[0]); END`)).toEqual(['low trigger']);
    expect(seen(`BEGIN EXECUTE format('SELECT ''%I''', TG_ARGV[0]); END`, definer)).toEqual(['medium trigger']);
  });

  it.each([
    [`BEGIN EXECUTE format('SELECT ($1).%I', TG_ARGV[0]) USING NEW; END`, []],
    [`DECLARE v text; BEGIN v := to_jsonb(NEW) ->> TG_ARGV[0]; EXECUTE 'SELECT ''' || v || ''''; END`, ['medium row']],
    [`BEGIN EXECUTE 'SELECT ' || TG_TABLE_NAME; END`, ['info catalog']],
    [`BEGIN EXECUTE TG_TABLE_NAME; END`, []],
  ])('is not what it looks like: %s', (body, expected) => {
    expect(seen(body)).toEqual(expected);
  });

  it('says so', () => {
    const text = `CREATE FUNCTION app.audit() RETURNS trigger LANGUAGE plpgsql AS $b$ BEGIN EXECUTE 'SELECT ' || TG_ARGV[0]; END $b$;`;
    expect(findDynamicSql(splitStatements(text))[0]!.risks[0]!.message).toBe('Whoever creates the trigger can put SQL of their own into this statement through TG_ARGV[0]');
  });
});

describe('a column of the row that is chosen while it runs', () => {
  const found = 'DECLARE v text; BEGIN';

  it('has no type that anybody knows', () => {
    expect(seen(`${found} EXECUTE format('SELECT ($1).%I', TG_TABLE_NAME) INTO v USING OLD; EXECUTE 'DELETE FROM app.t WHERE k = ' || v; END`)).toEqual(['info row']);
    expect(seen(`${found} EXECUTE format('SELECT ($1).%I', TG_TABLE_NAME) INTO v USING OLD; EXECUTE 'DELETE FROM app.t WHERE k = ''' || v || ''''; END`)).toEqual(['low row']);
  });

  it('is a text where a caller gives it, or where something is made of it', () => {
    expect(seen(`${found} EXECUTE 'SELECT lower($1)' INTO v USING NEW.name; EXECUTE 'DELETE FROM app.t WHERE k = ' || v; END`)).toEqual(['medium row']);
  });
});

describe('the keys of a row', () => {
  const table = 'CREATE TABLE app.t (j jsonb); CREATE TRIGGER x BEFORE INSERT ON app.t FOR EACH ROW EXECUTE FUNCTION app.audit();';

  it.each([
    `DECLARE k text; BEGIN FOR k IN SELECT jsonb_object_keys(to_jsonb(NEW)) LOOP EXECUTE 'SELECT ($1).' || k USING NEW; END LOOP; END`,
    `DECLARE k text; j jsonb := to_jsonb(OLD); BEGIN FOR k IN SELECT * FROM jsonb_object_keys(j) LOOP EXECUTE 'SELECT ($1).' || k USING OLD; END LOOP; END`,
    `DECLARE r record; BEGIN FOR r IN SELECT key, value FROM jsonb_each_text(to_jsonb(NEW)) LOOP EXECUTE 'SELECT ($1).' || r.key USING NEW; END LOOP; END`,
    `DECLARE r record; BEGIN FOR r IN SELECT * FROM jsonb_each_text(to_jsonb(NEW)) LOOP EXECUTE 'SELECT ($1).' || r.key USING NEW; END LOOP; END`,
    `DECLARE k text; BEGIN FOR k IN SELECT skeys(hstore(NEW) - hstore(OLD)) LOOP EXECUTE 'SELECT ($1).' || k USING NEW; END LOOP; END`,
    `DECLARE k text; BEGIN FOREACH k IN ARRAY akeys(hstore(NEW)) LOOP EXECUTE 'SELECT ($1).' || k USING NEW; END LOOP; END`,
  ])('are names of columns: %s', (body) => {
    expect(seen(body)).toEqual(['info catalog']);
  });

  it.each([
    `DECLARE k text; BEGIN FOR k IN SELECT jsonb_object_keys(NEW.j) LOOP EXECUTE 'SELECT ($1).' || k USING NEW; END LOOP; END`,
    `DECLARE k text; BEGIN FOR k IN SELECT jsonb_object_keys(to_jsonb(NEW) || NEW.j) LOOP EXECUTE 'SELECT ($1).' || k USING NEW; END LOOP; END`,
    `DECLARE k text; j jsonb := to_jsonb(NEW); BEGIN j := NEW.j; FOR k IN SELECT jsonb_object_keys(j) LOOP EXECUTE 'SELECT ($1).' || k USING NEW; END LOOP; END`,
  ])('of a column are not: %s', (body) => {
    expect(seen(body, '', table)).toEqual(['medium row']);
  });
});

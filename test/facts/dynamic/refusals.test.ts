import { beforeAll, describe, expect, it } from 'vitest';
import { findDynamicSql } from '../../../server/src/facts/flow.ts';
import { loadPostgresFromDisk } from '../../../server/src/node-wasm.ts';
import { splitStatements } from '../../../server/src/syntax/sql/statements.ts';

beforeAll(loadPostgresFromDisk);

/** Of app.run(), which comes behind the functions that it calls. */
function seen(made: string, body: string, declared = ''): string[] {
  const text = `${made}\nCREATE FUNCTION app.run(x text, y text) RETURNS void LANGUAGE plpgsql AS $b$ DECLARE v text; r record; ${declared} BEGIN ${body} END $b$;`;
  return findDynamicSql(splitStatements(text)).flatMap(({ risks }) => risks).map(({ at, severity }) => `${severity} ${text.slice(at.start, at.end)}`);
}

const run = `EXECUTE 'DROP TABLE ' || x;`;
const stop = `THEN RAISE EXCEPTION 'no'; END IF;`;
const makes = (body: string, parameters = 'p text', returns = 'text') => `CREATE FUNCTION app.kind_of(${parameters}) RETURNS ${returns} LANGUAGE plpgsql AS $$ ${body} $$;`;
const finds = `SELECT kind INTO k FROM app.t WHERE name = p;`;

describe('a function of the workspace that fails for what it does not know', () => {
  it.each([
    `BEGIN IF NOT EXISTS (SELECT 1 FROM app.t WHERE name = p AND used) ${stop} RETURN 'a'; END`,
    `DECLARE k text; BEGIN ${finds} IF NOT FOUND ${stop} RETURN k; END`,
    `DECLARE k text; BEGIN ${finds} IF k IS NULL ${stop} RETURN k; END`,
    `DECLARE k text; BEGIN SELECT kind INTO STRICT k FROM app.t WHERE name = p; RETURN k; END`,
    `BEGIN IF (SELECT count(*) FROM app.t WHERE name = p) = 0 ${stop} RETURN 'a'; END`,
    `BEGIN IF p IS NULL OR p !~ '^[a-z_ ]+$' ${stop} RETURN 'a'; END`,
    `BEGIN IF lower(p) NOT IN ('a', 'b') ${stop} RETURN 'a'; END`,
    `DECLARE q text := trim(p); BEGIN IF q <> quote_ident(q) ${stop} RETURN 'a'; END`,
    `BEGIN RETURN p::regclass::text; END`,
    `BEGIN IF p ~ '[^a-z ]' ${stop} RETURN 'a'; END`,
    `BEGIN IF app.is_invalid(p) ${stop} RETURN 'a'; END`,
    `DECLARE ok boolean := app.knows(p); BEGIN IF ok IS NOT TRUE ${stop} RETURN 'a'; END`,
    `BEGIN IF NOT app.knows(p) ${stop} RETURN 'a'; EXCEPTION WHEN others THEN RAISE; END`,
    `DECLARE r app.t; c CURSOR FOR SELECT * FROM app.t WHERE name = p; BEGIN OPEN c; FETCH c INTO r; CLOSE c; IF r.kind IS NULL ${stop} RETURN r.kind; END`,
    `BEGIN IF p = 'a' THEN RETURN 'b'; ELSIF p = 'c' THEN RETURN 'd'; END IF; RAISE EXCEPTION 'no'; END`,
  ])('has asked about it: %s', (body) => {
    expect(seen(makes(body), `v := app.kind_of(x); ${run}`)).toEqual(['low x']);
    expect(seen(makes(body), `SELECT app.kind_of(x) INTO v; ${run}`)).toEqual(['low x']);
    expect(seen(makes(body), `PERFORM app.kind_of(trim(x)); ${run}`)).toEqual(['low x']);
    expect(seen(makes(body), `IF app.kind_of(x) = 'a' THEN RETURN; END IF; ${run}`)).toEqual(['low x']);
  });

  it.each([
    ['it must not be there', `BEGIN IF EXISTS (SELECT 1 FROM app.t WHERE name = p) ${stop} RETURN 'a'; END`],
    ['it must not be there either', `DECLARE k text; BEGIN ${finds} IF FOUND ${stop} RETURN k; END`],
    ['nor counted', `DECLARE n int; BEGIN SELECT count(*) INTO n FROM app.t WHERE name = p; IF n > 0 ${stop} RETURN 'a'; END`],
    ['an empty text', `BEGIN IF (p IS NULL OR p = '') ${stop} RETURN 'a'; END`],
    ['its length', `BEGIN IF length(p) > 63 ${stop} RETURN 'a'; END`],
    ['one word', `BEGIN IF p = 'postgres' ${stop} RETURN 'a'; END`],
    ['words that are refused', `BEGIN IF p ~ 'drop|;' ${stop} RETURN 'a'; END`],
    ['another value of what is stored, which may not be there', `DECLARE k text; BEGIN ${finds} IF k <> 'a' ${stop} RETURN k; END`],
    ['a value that is stored already', `DECLARE k text; BEGIN ${finds} IF k IS NOT NULL AND k = 'a' ${stop} RETURN k; END`],
    ['a sign', `BEGIN IF strpos(p, ';') > 0 ${stop} RETURN 'a'; END`],
    ['what another function forbids when it knows it', `BEGIN IF app.table_exists(p) ${stop} RETURN 'a'; END`],
    ['only a notice', `BEGIN IF NOT EXISTS (SELECT 1 FROM app.t WHERE name = p) THEN RAISE NOTICE 'no'; END IF; RETURN 'a'; END`],
    ['a branch that comes back', `BEGIN IF NOT EXISTS (SELECT 1 FROM app.t WHERE name = p) THEN RETURN NULL; END IF; RETURN 'a'; END`],
    ['an error that it keeps', `BEGIN RETURN p::regclass::text; EXCEPTION WHEN others THEN RETURN NULL; END`],
    ['a name that it makes', `BEGIN RETURN 'kind_' || p; END`],
  ])('but not %s', (_, body) => {
    expect(seen(makes(body), `v := app.kind_of(x); ${run}`)).toEqual(['medium x']);
  });

  it('asks about what is in its place', () => {
    const second = makes(`BEGIN IF q !~ '^[a-z ]+$' ${stop} RETURN 'a'; END`, 'p text, q text');
    expect(seen(second, `v := app.kind_of(x, y); ${run}`)).toEqual(['medium x']);
    expect(seen(second, `v := app.kind_of(y, x); ${run}`)).toEqual(['low x']);
    expect(seen(second, `v := app.kind_of(y, x || y); ${run}`)).toEqual(['medium x']);
    expect(seen(second, `v := app.kind_of(q => x, p => y); ${run}`)).toEqual(['low x']);
    expect(seen(makes(`BEGIN RETURN p; END`) + second, `v := app.kind_of(y, x); ${run}`)).toEqual(['medium x']);
  });

  it.each([
    `${run} v := app.kind_of(x);`,
    `v := app.kind_of(y); ${run}`,
    `v := app.kind_of(x); x := y; ${run}`,
    `IF y = '' THEN v := app.kind_of(x); END IF; ${run}`,
    `v := CASE WHEN y = '' THEN app.kind_of(x) END; ${run}`,
    `v := coalesce(y, app.kind_of(x)); ${run}`,
    `IF y = '' AND app.kind_of(x) = 'a' THEN RETURN; END IF; ${run}`,
    `SELECT app.kind_of(x) INTO v FROM app.t; ${run}`,
  ])('but not where it may not have run: %s', (body) => {
    const strict = makes(`DECLARE k text; BEGIN SELECT kind INTO STRICT k FROM app.t WHERE name = p; RETURN k; END`);
    expect(seen(strict, body)).toEqual(['medium x']);
  });

  it('may leave it to a function that asks for nothing', () => {
    const blank = `CREATE FUNCTION app.is_blank(p text) RETURNS boolean LANGUAGE sql AS $$ SELECT p IS NULL OR p = '' $$;\n`;
    const asks = makes(`BEGIN IF app.is_blank(p) ${stop} RETURN 'a'; END`);
    expect(seen(blank + asks, `v := app.kind_of(x); ${run}`)).toEqual(['medium x']);
  });

  it('says as much of other text in the same statement, which does not run without it', () => {
    expect(seen(makes(`BEGIN RETURN p::regclass::text; END`), `EXECUTE 'ALTER TABLE ' || x || ' RENAME TO ' || quote_ident(app.kind_of(x));`)).toEqual(['low x']);
  });
});

describe('the rows of a function of the workspace', () => {
  const fields = (body: string, language = 'sql') => `CREATE FUNCTION app.fields(s text, t text) RETURNS SETOF text LANGUAGE ${language} AS $$ ${body} $$;`;
  const loop = (query: string) => `FOR r IN ${query} LOOP EXECUTE 'ALTER TABLE ' || x || ' DROP COLUMN ' || quote_ident(r.f); END LOOP;`;

  it.each([
    fields(`SELECT attname::text FROM pg_attribute WHERE attrelid = (s || '.' || t)::regclass`),
    fields(`SELECT c.column_name::text FROM information_schema.columns c WHERE c.table_schema = s AND c.table_name = lower(t)`),
    fields(`BEGIN RETURN QUERY SELECT c.name FROM app.columns c WHERE c.schema = $1 AND c.table = $2; END`, 'plpgsql'),
  ])('decide who comes into the loop: %s', (made) => {
    expect(seen(made, loop('SELECT * FROM app.fields(y, x) AS f'))).toEqual(['low x']);
    expect(seen(made, loop('(SELECT f FROM app.fields(y, x) AS f)'))).toEqual(['low x']);
  });

  it('but not behind it, nor for another value, nor where it only splits what it is given', () => {
    const found = fields(`SELECT c.name FROM app.columns c WHERE c.schema = s AND c.table = t`);
    expect(seen(found, `FOR r IN SELECT * FROM app.fields(y, x) LOOP NULL; END LOOP; ${run}`)).toEqual(['medium x']);
    const array = `CREATE FUNCTION app.fields(x text) RETURNS text[] LANGUAGE plpgsql AS $$ DECLARE c text[]; BEGIN SELECT array_agg(column_name) INTO c FROM information_schema.columns i WHERE i.table_name = fields.x; RETURN c; END $$;`;
    expect(seen(array, `FOREACH r IN ARRAY app.fields(x) LOOP NULL; END LOOP; ${run}`)).toEqual(['low x']);
    expect(seen(array, `FOREACH r IN ARRAY app.fields(y) LOOP NULL; END LOOP; ${run}`)).toEqual(['medium x']);
    expect(seen(found, loop(`SELECT * FROM app.fields(y, 'a') AS f`))).toEqual(['medium x']);
    expect(seen(found, loop(`SELECT * FROM app.columns c LEFT JOIN app.fields(y, x) AS f ON true`))).toEqual(['medium x']);
    expect(seen(fields(`SELECT unnest(string_to_array(t, ','))`), loop('SELECT * FROM app.fields(y, x) AS f'))).toEqual(['medium x']);
    expect(seen('', loop('SELECT * FROM app.fields(y, x) AS f'))).toEqual(['medium x']);
  });
});

describe('a function of the workspace that raises whatever it is given', () => {
  const fails = (body: string) => `CREATE FUNCTION app.fail(m text) RETURNS void LANGUAGE plpgsql AS $$ ${body} $$;`;
  const always = fails(`DECLARE t text := 'app: ' || m; BEGIN t := t || '.'; RAISE EXCEPTION '%', t USING ERRCODE = 'P0001'; END`);
  const check = (call: string) => `IF x NOT IN ('a', 'b') THEN ${call}; END IF; ${run}`;

  it.each([`PERFORM app.fail('no')`, `SELECT app.fail('no')`, `CALL app.fail('no')`, `RAISE NOTICE 'no'; PERFORM fail(x)`])('is a way out: %s', (call) => {
    expect(seen(always, check(call))).toEqual([]);
  });

  it.each([
    fails(`BEGIN IF m <> '' THEN RAISE EXCEPTION '%', m; END IF; END`),
    fails(`BEGIN RAISE WARNING '%', m; END`),
    fails(`BEGIN RETURN; RAISE EXCEPTION '%', m; END`),
    fails(`BEGIN BEGIN RAISE EXCEPTION '%', m; EXCEPTION WHEN others THEN NULL; END; END`),
    fails(`BEGIN RAISE EXCEPTION '%', m; EXCEPTION WHEN others THEN NULL; END`),
    `${always} CREATE FUNCTION app.fail(m text, n int) RETURNS void LANGUAGE plpgsql AS $$ BEGIN RAISE NOTICE '%', m; END $$;`,
    '',
  ])('but not %s', (made) => {
    expect(seen(made, check(`PERFORM app.fail('no')`))).toEqual(['medium x']);
  });

  it('not where it is not called', () => {
    expect(seen(always, check(`v := 'fail'`))).toEqual(['medium x']);
    expect(seen(always, check(`PERFORM count(*) FROM app.fail`))).toEqual(['medium x']);
    expect(seen(always, `IF x NOT IN ('a', 'b') THEN PERFORM app.fail('no'); END IF; x := y; ${run}`)).toEqual(['medium x']);
  });
});

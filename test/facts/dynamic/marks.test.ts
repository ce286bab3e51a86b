import { beforeAll, describe, expect, it } from 'vitest';
import { findDynamicSql } from '../../../server/src/facts/flow.ts';
import { loadPostgresFromDisk } from '../../../server/src/node-wasm.ts';
import { splitStatements } from '../../../server/src/syntax/sql/statements.ts';

beforeAll(loadPostgresFromDisk);

function levels(body: string, declarations = `why text := ''; ok boolean := true; q text;`) {
  const text = `CREATE FUNCTION app.f(x text, y text) RETURNS void LANGUAGE plpgsql AS $f$ DECLARE ${declarations} BEGIN ${body} END $f$;`;
  return findDynamicSql(splitStatements(text)).flatMap(({ risks }) => risks).map(({ severity }) => severity);
}

const run = `EXECUTE 'DELETE FROM app.t_' || x;`;
const missing = `NOT EXISTS (SELECT 1 FROM app.kinds WHERE name = x)`;

describe('a check whose answer is asked for later', () => {
  it.each([
    `IF ${missing} THEN why := 'no such kind'; END IF; IF why <> '' THEN RAISE EXCEPTION '%', why; END IF;`,
    `IF x = '' THEN why := 'empty'; ELSIF ${missing} THEN why := format('no kind %s', x); END IF; IF why <> '' THEN RAISE NOTICE '%', why; RETURN; END IF;`,
    `IF ${missing} THEN ok := false; END IF; IF NOT ok THEN RETURN; END IF;`,
    `BEGIN IF ${missing} THEN ok := false; END IF; END; IF NOT ok THEN RAISE 'no'; END IF;`,
    `ok := false; IF x IN ('a', 'b') THEN ok := true; END IF; IF NOT ok THEN RETURN; END IF;`,
    `IF ${missing} THEN ok := NULL; END IF; IF ok IS NULL THEN RETURN; END IF;`,
    `IF x !~ '^[a-z]+$' THEN ok := false; END IF; IF y = '' THEN ok := false; END IF; IF NOT ok THEN RAISE 'no'; END IF;`,
  ])('%s', (check) => {
    expect(levels(`${check} ${run}`)).toEqual(['low']);
  });

  it.each([
    `IF ${missing} THEN why := 'no such kind'; END IF; IF why <> '' THEN RAISE NOTICE '%', why; END IF;`,
    `IF ${missing} THEN why := 'no such kind'; END IF; IF q <> '' THEN RETURN; END IF;`,
    `IF NOT EXISTS (SELECT 1 FROM app.kinds WHERE name = y) THEN ok := false; END IF; IF NOT ok THEN RETURN; END IF;`,
    `IF ${missing} THEN ok := false; END IF; IF y = '' THEN IF NOT ok THEN RETURN; END IF; END IF;`,
    `IF ${missing} THEN ok := false; END IF; x := x || y; IF NOT ok THEN RETURN; END IF;`,
    `IF x LIKE '%drop%' THEN ok := false; END IF; IF NOT ok THEN RETURN; END IF;`,
    `IF x = '' THEN why := 'empty'; END IF; IF why <> '' THEN RAISE EXCEPTION '%', why; END IF;`,
    `IF x = 'pg_class' THEN ok := false; END IF; IF NOT ok THEN RETURN; END IF;`,
    `IF x IN ('a', 'b') THEN ok := true; END IF; IF ok THEN RETURN; END IF;`,
    `IF ${missing} THEN ok := true; END IF; IF NOT ok THEN RETURN; END IF;`,
  ])('but not %s', (check) => {
    expect(levels(`${check} ${run}`)).toEqual(['medium']);
  });

  const known = `FOR r IN SELECT name FROM app.kinds LOOP IF r.name = x THEN known := true; EXIT; END IF; END LOOP;`;
  const flags = 'r record; known boolean := false; n int := 0; q text;';

  it.each([
    `${known} IF NOT known THEN RETURN; END IF; ${run}`,
    `${known} IF known THEN ${run} END IF;`,
    `${known} IF y <> '' AND known THEN ${run} END IF;`,
    `FOR r IN SELECT name FROM app.kinds LOOP IF r.name = x THEN n := n + 1; END IF; END LOOP; IF n > 0 THEN ${run} END IF;`,
  ])('lets into a branch: %s', (body) => {
    expect(levels(body, flags)).toEqual(['low']);
  });

  it.each([
    `${known} IF known OR y = '' THEN ${run} END IF;`,
    `${known} IF NOT known THEN ${run} END IF;`,
    `${known} IF known THEN NULL; END IF; ${run}`,
    `${known} IF y = '' THEN known := true; END IF; IF known THEN ${run} END IF;`,
    `${known} IF known THEN x := y; ${run} END IF;`,
    `IF x = 'a' THEN q := 'b'; ELSE q := 'c'; END IF; IF q IS NOT NULL THEN ${run} END IF;`,
  ])('but not %s', (body) => {
    expect(levels(body, flags)).toEqual(['medium']);
  });

  it('does not hold before it is asked for', () => {
    expect(levels(`IF ${missing} THEN ok := false; END IF; ${run} IF NOT ok THEN RETURN; END IF;`)).toEqual(['medium']);
  });
});

describe('a CALL behind a check', () => {
  const check = `IF x NOT IN ('a', 'b') THEN RAISE 'no'; END IF;`;
  it.each([[`CALL app.log(q, 1);`, []], [`CALL app.log(CAST(q AS text));`, []], [`CALL app.change(x);`, ['medium']], [`CALL app.change($1);`, ['medium']], [`CALL app.change(a => x);`, ['medium']]])('%s', (call, expected) => {
    expect(levels(`${check} ${call} ${run}`)).toEqual(expected);
  });
});

describe('a CALL of a procedure of the workspace', () => {
  const levelsWith = (made: string) => {
    const text = `${made}\nCREATE FUNCTION app.f(x text) RETURNS void LANGUAGE plpgsql AS $b$ BEGIN IF x NOT IN ('a', 'b') THEN RAISE 'no'; END IF; CALL app.log(x, 1); EXECUTE 'DROP TABLE ' || x; END $b$;`;
    return findDynamicSql(splitStatements(text)).flatMap(({ risks }) => risks).map(({ severity }) => severity);
  };
  const only = `CREATE PROCEDURE app.log(a text, b int) LANGUAGE plpgsql AS $$ BEGIN RAISE NOTICE '%', a; END $$;`;

  it('takes nothing from a check when the procedure leaves nothing in its arguments', () => {
    expect(levelsWith(only)).toEqual([]);
    expect(levelsWith(only.replace('a text', 'INOUT a text'))).toEqual(['medium']);
    expect(levelsWith(`${only} ${only.replace('a text', 'INOUT a text').replace('int', 'bigint')}`)).toEqual(['medium']);
    expect(levelsWith('')).toEqual(['medium']);
  });
});

describe('a quoted text in which something is replaced', () => {
  it('is doubtful when what is replaced is not known', () => {
    const definition = `SELECT pg_get_ruledef(oid) INTO ok FROM pg_rewrite; why := substring(ok from ' TO (.*) ');`;
    const found = (searched: string, value: string) => levels(`${definition} q := replace(ok, ${searched}, ${value}); EXECUTE q;`, 'why text; ok text; q text;');
    expect(found('why', 'quote_ident(x)')).toEqual(['low']);
    expect(found('why', 'x')).toEqual(['medium']);
    expect(found('y', 'quote_ident(x)')).toEqual(['medium']);
    expect(found(`'"'`, 'quote_ident(x)')).toEqual(['medium']);
  });
});

describe('a function whose rows are asked for', () => {
  const find = `SELECT * INTO r FROM app.find_triggers(x) WHERE name = y;`;
  const declared = 'r record; v text;';
  it('lets through what nobody can tell', () => {
    expect(levels(`${find} IF NOT FOUND THEN RETURN; END IF; ${run}`, declared)).toEqual(['low']);
    expect(levels(`${find} IF FOUND IS NOT TRUE THEN RETURN; END IF; ${run}`, declared)).toEqual(['low']);
  });

  it('but not where nobody asks, where a loop goes over them, or where PostgreSQL makes them', () => {
    expect(levels(`${find} ${run}`, declared)).toEqual(['medium']);
    expect(levels(`FOR r IN SELECT * FROM app.split(x) LOOP ${run} END LOOP;`, declared)).toEqual(['medium']);
    expect(levels(`SELECT * INTO r FROM app.find_triggers('a' || x); IF NOT FOUND THEN RETURN; END IF; ${run}`, declared)).toEqual(['medium']);
    expect(levels(`SELECT s INTO v FROM string_to_table(x, ',') AS s; IF NOT FOUND THEN RETURN; END IF; ${run}`, declared)).toEqual(['medium']);
  });
});

it.each([
  ['coalesce(SQLERRM, \'\')', ''],
  ['v', 'GET STACKED DIAGNOSTICS v = MESSAGE_TEXT;'],
  ['v', 'v := SQLERRM;'],
])('the message of an error is chosen by who causes it: %s %s', (value, before) => {
  const text = `CREATE FUNCTION app.f() RETURNS void LANGUAGE plpgsql AS $f$ DECLARE v text; BEGIN PERFORM 1; EXCEPTION WHEN others THEN ${before} EXECUTE 'INSERT INTO app.log VALUES (''' || ${value} || ''')'; END $f$;`;
  expect(findDynamicSql(splitStatements(text)).flatMap(({ risks }) => risks).map(({ severity, message }) => `${severity} ${message}`))
    .toEqual([`low Whoever causes the error can put SQL of their own into this statement through ${value}`]);
});

import { beforeAll, describe, expect, it } from 'vitest';
import { findDynamicSql } from '../../../server/src/facts/flow.ts';
import { loadPostgresFromDisk } from '../../../server/src/node-wasm.ts';
import { splitStatements } from '../../../server/src/syntax/sql/statements.ts';

beforeAll(loadPostgresFromDisk);

/** What is told of x and y, and of nothing else. */
function seen(body: string, declared = 'v text; q text; r record;'): string[] {
  const text = `CREATE FUNCTION app.f(x text, y text, z text) RETURNS void LANGUAGE plpgsql AS $b$ DECLARE ${declared} BEGIN ${body} END $b$;`;
  return findDynamicSql(splitStatements(text)).flatMap(({ risks }) => risks).map(({ at, severity }) => `${severity} ${text.slice(at.start, at.end)}`).filter((one) => /\b[xy]$/.test(one));
}

const columns = `FROM information_schema.columns WHERE table_name = x`;
const list = `SELECT string_agg(quote_ident(column_name), ',') INTO v ${columns};`;
const run = `EXECUTE 'SELECT ' || v || ' FROM ' || x;`;

describe('a statement that is NULL unless something has been found', () => {
  it.each([
    `${list} ${run}`,
    `SELECT array_to_string(array_agg(column_name::text), ',') INTO v ${columns}; ${run}`,
    `SELECT column_name INTO v ${columns} LIMIT 1; ${run}`,
    `v := (SELECT string_agg(quote_ident(column_name), ',') ${columns}); ${run}`,
    `${list} q := 'SELECT ' || v || ' FROM ' || x; EXECUTE q;`,
    `${list} EXECUTE 'SELECT ' || lower(v) || ' FROM ' || x;`,
    `${list} EXECUTE 'SELECT ' || v; EXECUTE 'DROP TABLE ' || x;`,
    `${list} q := 'SELECT ' || v; EXECUTE q; EXECUTE 'DROP TABLE ' || x;`,
    `${list} EXECUTE ('SELECT ' || v) || ' FROM ' || x;`,
    `${list} FOR r IN EXECUTE 'SELECT ' || v || ' FROM ' || x LOOP NULL; END LOOP;`,
    `${list} EXECUTE format('SELECT %2$I FROM %1$s', x, v);`,
    `${list} EXECUTE format('SELECT %I, %% FROM ', v) || x;`,
    `EXECUTE format($q$SELECT column_name FROM information_schema.columns WHERE table_name = %L$q$, x) INTO v; ${run}`,
    `FOR r IN SELECT column_name ${columns} LOOP v := r.column_name; END LOOP; ${run}`,
    `FOR r IN SELECT column_name ${columns} LOOP IF v IS NULL THEN v := quote_ident(r.column_name); ELSE v := v || ',' || quote_ident(r.column_name); END IF; END LOOP; ${run}`,
  ])('%s', (body) => {
    expect(seen(body)).toEqual(['low x']);
  });

  it.each([
    [`${list} EXECUTE 'SELECT ' || coalesce(v, '*') || ' FROM ' || x;`, ''],
    [`${list} IF y = '' THEN EXECUTE 'SELECT ' || v; END IF; EXECUTE 'DROP TABLE ' || x;`, ''],
    [`${list} q := 'SELECT ' || v; EXECUTE 'DROP TABLE ' || x;`, ''],
    [`${list} BEGIN EXECUTE 'SELECT ' || v; EXCEPTION WHEN others THEN NULL; END; EXECUTE 'DROP TABLE ' || x;`, ''],
    [`${list} EXECUTE format('SELECT %2$s FROM %1$s', x, v);`, ''],
    [`${list} EXECUTE format('SELECT %I FROM %s', z, x);`, ''],
    [`EXECUTE 'SELECT count(*) FROM information_schema.columns WHERE table_name = $1' INTO v USING x; ${run}`, ''],
    [`v := app.name_of(x); ${run}`, ''],
    [`SELECT app.name_of(x) INTO v; ${run}`, ''],
    [`SELECT n INTO v FROM app.names_of(x) AS n; ${run}`, ''],
    [`v := EXISTS (SELECT 1 ${columns}); ${run}`, ''],
    [`SELECT EXISTS (SELECT 1 ${columns}) INTO v; ${run}`, ''],
    [`${list} EXECUTE concat('SELECT ', v, ' FROM ', x);`, ''],
    [`${list} EXECUTE 'SELECT ' || concat('a,' || v) || ' FROM ' || x;`, ''],
    [`${list} EXECUTE 'SELECT ' || CASE WHEN z = '' THEN v || ',a' ELSE '*' END || ' FROM ' || x;`, ''],
    [`${list} EXECUTE 'SELECT * FROM ' || x;`, ''],
    [`${list} IF v IS NULL THEN v := '*'; END IF; ${run}`, ''],
    [`SELECT count(*)::text INTO v ${columns}; ${run}`, ''],
    [`SELECT coalesce(string_agg(column_name, ','), '*') INTO v ${columns}; ${run}`, ''],
    [`SELECT string_agg(column_name, ',') INTO v FROM information_schema.columns WHERE table_name = y; ${run}`, ''],
    [`SELECT string_agg(column_name, ',') INTO v FROM information_schema.columns WHERE table_name <> x; ${run}`, ''],
    [`${list} x := y; ${run}`, ''],
    [list, `v text := '*'; q text; r record;`],
    [`FOR r IN SELECT column_name ${columns} LOOP v := v || r.column_name; END LOOP; ${run}`, `v text := ''; q text; r record;`],
    [`FOR r IN SELECT column_name ${columns} LOOP z := r.column_name; END LOOP; EXECUTE 'SELECT ' || z || ' FROM ' || x;`, ''],
  ])('but not %s', (body, other) => {
    const declared = other.startsWith('v ') ? other : undefined;
    expect(seen(body === list ? `FOR r IN SELECT column_name ${columns} LOOP v := r.column_name; END LOOP; ${run}` : body, declared)).toEqual(['medium x']);
  });
});

describe('a list that is NULL when nothing was found', () => {
  it.each(['string_agg(column_name, \',\')', 'array_agg(column_name)', 'array_to_string(array_agg(column_name), \',\')', 'max(column_name)', 'bool_and(true)'])('is asked for: %s', (given) => {
    expect(seen(`SELECT ${given} INTO v ${columns}; IF v IS NULL THEN RAISE EXCEPTION 'no'; END IF; EXECUTE 'TABLE ' || x;`)).toEqual(['low x']);
    expect(seen(`SELECT ${given} INTO v ${columns}; IF v IS NOT NULL THEN EXECUTE 'TABLE ' || x; END IF;`)).toEqual(['low x']);
  });

  it.each([
    `SELECT count(*) INTO v ${columns}; IF v IS NULL THEN RETURN; END IF;`,
    `SELECT coalesce(max(column_name), '') INTO v ${columns}; IF v IS NULL THEN RETURN; END IF;`,
    `SELECT string_agg(column_name, ',') INTO v ${columns}; IF NOT FOUND THEN RETURN; END IF;`,
    `SELECT string_agg(column_name, ',') INTO v ${columns}; IF v IS NULL THEN v := '*'; END IF;`,
    `SELECT string_agg(column_name, ',') INTO v ${columns}; IF v IS NOT NULL THEN RETURN; END IF;`,
  ])('but not %s', (check) => {
    expect(seen(`${check} EXECUTE 'TABLE ' || x;`)).toEqual(['medium x']);
  });
});

describe('the parts of a text that is asked about', () => {
  const asks = (made: string, rest: string) => seen(`v := ${made}; IF NOT app.is_known(v) THEN RAISE EXCEPTION 'no'; END IF; ${rest}`);

  it('have been asked about, too, wherever else they stand', () => {
    for (const made of [`x || '.' || y`, `quote_ident(x) || '.' || lower(y)`]) expect(asks(made, `q := y || '_key'; EXECUTE 'TABLE ' || q;`)).toEqual(['low y']);
    expect(asks(`x || '.' || y`, `EXECUTE 'TABLE ' || x;`)).toEqual(['low x']);
  });

  it('but a part says nothing of the others, and nothing else than joining counts', () => {
    const part = (rest: string) => seen(`v := x || '.' || y; IF NOT app.is_known(x) THEN RAISE EXCEPTION 'no'; END IF; ${rest}`);
    expect(part(`EXECUTE 'TABLE ' || y;`)).toEqual(['medium y']);
    expect(asks(`replace(x, z, y)`, `EXECUTE 'TABLE ' || y;`)).toEqual(['medium y']);
    expect(asks(`coalesce(x, y)`, `EXECUTE 'TABLE ' || y;`)).toEqual(['medium y']);
    expect(asks(`x || '.' || y`, `y := z || y; EXECUTE 'TABLE ' || y;`)).toContain('medium y');
  });
});

describe('a cast beside the value in one statement', () => {
  it.each([
    [`EXECUTE 'CREATE INDEX ' || x || '_i ON ' || x::regclass || ' (a)';`, ['info x']],
    [`EXECUTE format('CREATE INDEX %s_i ON %s (a)', x, x::regclass);`, ['info x']],
    [`q := 'DELETE FROM ' || x || ' WHERE oid = ' || x::regclass::oid; EXECUTE q;`, ['info x']],
    [`EXECUTE 'CREATE INDEX ' || x || '_i ON ' || y::regclass || ' (a)';`, ['medium x']],
    [`EXECUTE 'CREATE INDEX ' || x || '_i ON ' || coalesce(x::regclass::text, 'a') || ' (a)';`, ['medium x']],
    [`EXECUTE 'CREATE INDEX ' || x || '_i ON ' || CASE WHEN z = '' THEN x::regclass::text ELSE 'a' END || ' (a)';`, ['medium x']],
    [`q := 'CREATE INDEX ' || x || '_i ON app.t (a)'; IF z = '' THEN v := x::regclass; END IF; EXECUTE q;`, ['medium x']],
  ])('%s', (body, expected) => {
    expect(seen(body)).toEqual(expected);
  });
});

describe('the loop over a statement that has to find the table', () => {
  it('runs for nothing else', () => {
    expect(seen(`FOR r IN EXECUTE format('SELECT a FROM %I', x) LOOP EXECUTE 'DELETE FROM ' || x; END LOOP;`)).toEqual(['info x']);
    expect(seen(`FOR r IN EXECUTE format('SELECT a FROM %I', y) LOOP EXECUTE 'DELETE FROM ' || x; END LOOP;`)).toEqual(['medium x']);
    expect(seen(`FOR r IN EXECUTE format('SELECT %L AS a', x) LOOP EXECUTE 'DELETE FROM ' || x; END LOOP;`)).toEqual(['medium x']);
  });
});

describe('an ending that only known values give', () => {
  const ending = (more = '') => `CREATE FUNCTION app.f(x text, y text) RETURNS void LANGUAGE plpgsql AS $b$ DECLARE e text; q text; BEGIN
    IF x = ',' THEN e := '.csv'; ELSIF x = ';' THEN e := '.txt'; END IF; ${more}
    q := 'COPY app.t TO ' || quote_literal('a' || e) || ' DELIMITER ''' || x || ''''; EXECUTE q; END $b$;`;
  const levels = (text: string) => findDynamicSql(splitStatements(text)).flatMap(({ risks }) => risks).map(({ severity }) => severity);

  it('leaves no other statement', () => {
    expect(levels(ending())).toEqual(['low']);
  });

  it('unless there is another one, or the value is written again', () => {
    expect(levels(ending(`e := coalesce(e, '.dat');`))).toEqual(['medium']);
    expect(levels(ending(`x := y;`))).toEqual(['medium']);
    expect(levels(ending().replace(`e text;`, `e text := '.dat';`))).toEqual(['medium']);
    expect(levels(ending().replace(`'a' || e`, `concat('a', e)`))).toEqual(['medium']);
    expect(levels(ending().replace(`ELSIF x = ';'`, `ELSIF y = ';'`))).toEqual(['medium']);
  });
});

describe('a value that is changed behind the check', () => {
  const check = (change: string) => seen(`v := split_part(x, '.', 2); IF EXISTS (SELECT 1 FROM app.t WHERE name = v) THEN ${change} EXECUTE 'TABLE ' || x; END IF;`);

  it('has been looked at with what it was', () => {
    expect(check(`x := lower(replace(x, 'a', ''));`)).toEqual(['low x']);
    expect(check(`IF z = '' THEN x := replace(x, 'not', ''); END IF;`)).toEqual(['low x']);
    expect(check(`x := x || '_old';`)).toEqual(['low x']);
  });

  it.each([`x := replace(x, 'a', y);`, `x := x || y;`, `x := y;`, `x := 'a' || y;`, `SELECT name INTO x FROM app.other;`])('but not with something else: %s', (change) => {
    expect(check(change).some((one) => one.startsWith('medium'))).toBe(!change.startsWith('SELECT'));
  });

  it('but a check that says what it holds says no more of it', () => {
    expect(seen(`IF x NOT IN ('a', 'b') THEN RETURN; END IF; x := x || z; EXECUTE 'TABLE ' || x;`)).toContain('medium x');
  });
});

import { beforeAll, describe, expect, it } from 'vitest';
import { findDynamicSql } from '../../../server/src/facts/flow.ts';
import { loadPostgresFromDisk } from '../../../server/src/node-wasm.ts';
import { splitStatements } from '../../../server/src/syntax/sql/statements.ts';

beforeAll(loadPostgresFromDisk);

function seen(statement: string, clauses = ''): string[] {
  const text = `CREATE FUNCTION app.f(x text, a text[], n int) RETURNS void LANGUAGE plpgsql ${clauses} AS $fn$ BEGIN ${statement} END $fn$;`;
  return findDynamicSql(splitStatements(text)).flatMap(({ risks }) => risks).map(({ severity, problem, message }) => {
    expect(message.length).toBeLessThanOrEqual(110);
    return `${severity} ${problem}`;
  });
}

describe('what is wrong with a value because of where it stands', () => {
  it.each([
    [`EXECUTE 'SELECT 1 WHERE ' || x;`, ['medium fragment']],
    [`EXECUTE 'SELECT 1 WHERE a = 1 AND ' || x || ' OR b';`, ['medium fragment']],
    [`EXECUTE format('GRANT %s ON t TO u', x);`, ['medium fragment']],
    [`EXECUTE 'SELECT a FROM t ORDER BY a ' || x;`, ['medium direction']],
    [`EXECUTE 'SELECT a FROM t ORDER BY a ' || x || ' LIMIT 1';`, ['medium direction']],
    [`EXECUTE 'SELECT 1 WHERE a IN (' || x || ')';`, ['medium list']],
    [`EXECUTE 'SELECT ' || array_to_string(a, ',') || ' FROM t';`, ['medium list']],
    [`EXECUTE 'DO $b$ BEGIN PERFORM ''' || x || '''; END $b$';`, ['medium dollar']],
    [`EXECUTE format('DO $b$ BEGIN PERFORM %L; END $b$', x);`, ['info dollar']],
    [`EXECUTE format('DO $b$ BEGIN PERFORM %s; END $b$', n);`, []],
    [`EXECUTE 'SELECT 1 WHERE a = ''' || replace(x, '''', '''''') || '''';`, ['low escaped']],
    [`EXECUTE 'SELECT 1 WHERE a = E''' || replace(x, '''', '''''') || '''';`, ['high escaped']],
    [`EXECUTE format('SELECT a FROM %L', x);`, ['medium wrong']],
    [`EXECUTE format('SELECT a FROM t LIMIT %I', x);`, ['medium wrong']],
    [`EXECUTE format('INSERT INTO t VALUES (1, %I)', x);`, ['medium wrong']],
    [`EXECUTE format('SELECT a FROM t WHERE a = %I', x);`, []],
    [`EXECUTE format('SELECT a FROM t ORDER BY %I, %L', x, x);`, []],
    [`EXECUTE 'DELETE FROM t WHERE (' || array_to_string(a, ' OR ') || ')';`, ['medium fragment']],
    [`EXECUTE 'DELETE FROM t WHERE a IN (' || array_to_string(a, ', ') || ')';`, ['medium list']],
    [`EXECUTE 'CREATE INDEX i_' || array_to_string(a, '_') || ' ON t (b)';`, ['medium concatenated']],
    [`EXECUTE 'CREATE INDEX i_' || (SELECT string_agg(e, '_') FROM unnest(a) u (e)) || ' ON t (b)';`, ['medium concatenated']],
    [`EXECUTE 'CREATE INDEX i ON t (' || (SELECT string_agg(e, ', ') FROM unnest(a) u (e)) || ')';`, ['medium list']],
    [`EXECUTE 'CREATE INDEX i ON t (' || array_to_string(a, x) || ')';`, ['medium list']],
    [`EXECUTE 'SELECT ' || x || ', ARRAY[' || x || '] FROM t';`, ['medium concatenated']],
    [`EXECUTE 'SELECT a, ARRAY[' || x || '] FROM t';`, ['medium list']],
    [`EXECUTE 'ALTER ROLE ' || x || ' SET search_path = ' || x;`, ['medium concatenated']],
    [`EXECUTE 'ALTER ROLE r SET search_path = ' || x;`, ['medium fragment']],
  ])('%s', (statement, expected) => {
    expect(seen(statement)).toEqual(expected);
  });

  it.each([
    [`EXECUTE 'SELECT nextval(''' || app.fq(x) || ''')';`, ['high misquoted']],
    [`EXECUTE format('SELECT "%s" FROM t', app.fq(x));`, ['high misquoted']],
    [`EXECUTE 'SELECT 1 FROM ' || app.fq(x);`, []],
    [`EXECUTE 'SELECT nextval(''' || app.fq('users') || ''')';`, []],
    [`EXECUTE 'SELECT setval(''' || pg_get_serial_sequence(x, 'id') || ''', 1)';`, ['low misquoted']],
    [`EXECUTE 'ALTER SEQUENCE ' || pg_get_serial_sequence(x, 'id') || ' RESTART';`, []],
    [`EXECUTE 'SELECT ''' || format_type(n, n) || '''';`, ['low misquoted']],
    [`EXECUTE 'SELECT ''' || app.word(n) || '''';`, []],
    [`FOR x IN SELECT object_identity FROM pg_event_trigger_ddl_commands() LOOP EXECUTE 'SELECT ''' || x || ''''; END LOOP;`, ['low misquoted']],
    [`FOR x IN SELECT object_identity FROM pg_event_trigger_ddl_commands() LOOP EXECUTE 'COMMENT ON TABLE ' || x || ' IS NULL'; END LOOP;`, []],
  ])('what is quoted already: %s', (statement, expected) => {
    const made = `CREATE FUNCTION app.fq(t text) RETURNS text LANGUAGE sql AS $$ SELECT 'app.' || quote_ident(t) $$;\nCREATE FUNCTION app.word(n int) RETURNS text LANGUAGE sql AS $$ SELECT quote_literal('a') $$;\n`;
    const text = `${made}CREATE FUNCTION app.f(x text, a text[], n int) RETURNS void LANGUAGE plpgsql AS $fn$ BEGIN ${statement} END $fn$;`;
    expect(findDynamicSql(splitStatements(text)).flatMap(({ risks }) => risks).map(({ severity, problem }) => `${severity} ${problem}`)).toEqual(expected);
  });

  it('is escaped by hand in a variable, too', () => {
    const level = (body: string) => findDynamicSql(splitStatements(`CREATE FUNCTION app.f(x text, y text) RETURNS void LANGUAGE plpgsql AS $fn$ DECLARE v text; BEGIN ${body} EXECUTE 'INSERT INTO app.t VALUES (''' || v || ''')'; END $fn$;`))
      .flatMap(({ risks }) => risks).map(({ severity, problem }) => `${severity} ${problem}`);
    expect(level(`v := replace(x, '''', '''''');`)).toEqual(['low escaped']);
    expect(level(`v := x; v := replace(v, '''', '''''');`)).toEqual(['low escaped']);
    expect(level(`v := replace(x, '''', ''''''); v := y;`)).toEqual(['medium concatenated']);
    expect(level(`v := x; IF y = 'a' THEN v := replace(v, '''', ''''''); END IF;`)).toEqual(['medium concatenated', 'low escaped']);
  });

  it('is a list when replace() puts commas or quotes into it, so that no fix takes it for one value', () => {
    for (const value of [`replace(x, ';', ', ')`, `replace(replace(x, ';', ', '), '"', '''')`, `regexp_replace(x, '\\s+', ',', 'g')`]) {
      const text = `CREATE FUNCTION app.f(x text) RETURNS void LANGUAGE plpgsql AS $fn$ BEGIN EXECUTE format('INSERT INTO app.t VALUES (%s, 1)', ${value}); END $fn$;`;
      expect(findDynamicSql(splitStatements(text)).flatMap(({ risks }) => risks).map(({ severity, problem, fixes }) => [severity, problem, fixes.length])).toEqual([['medium', 'list', 0]]);
    }
    expect(seen(`EXECUTE 'SELECT 1 FROM app.t WHERE a = ' || replace(x, ';', '');`)).toEqual(['medium concatenated']);
  });

  it('is worse in a definer', () => {
    expect(seen(`EXECUTE 'SELECT 1 WHERE ' || x;`, 'SECURITY DEFINER')).toEqual(['high fragment']);
    expect(seen(`EXECUTE format('DO $b$ BEGIN PERFORM %L; END $b$', x);`, 'SECURITY DEFINER')).toEqual(['medium dollar']);
    expect(seen(`EXECUTE 'SELECT 1 WHERE a = ''' || replace(x, '''', '''''') || '''';`, 'SECURITY DEFINER')).toEqual(['medium escaped']);
  });
});

describe('a value that stands at places of several kinds', () => {
  const told = (body: string) => {
    const text = `CREATE FUNCTION app.f(x text) RETURNS void LANGUAGE plpgsql AS $f$ DECLARE v text; BEGIN ${body} END $f$;`;
    return findDynamicSql(splitStatements(text)).flatMap(({ risks }) => risks).map(({ severity, problem, message }) => `${severity} ${problem}: ${message}`);
  };
  const through = 'A caller can put SQL of their own into this statement through';

  it('is told once, with what each of them needs', () => {
    const makes = `EXECUTE 'CREATE FUNCTION ' || v || '() RETURNS text LANGUAGE sql AS $$ SELECT ''' || v || ''' $$';`;
    const expected = [`medium concatenated: ${through} coalesce(x, ''); a body between dollar quotes that it stands in has to be passed as one %L`];
    expect(told(`v := 'conv_' || coalesce(x, ''); ${makes}`)).toEqual(expected);
    expect(told(`v := 'conv_' || coalesce(x, ''); EXECUTE 'DROP FUNCTION ' || v; ${makes}`)).toEqual(expected);
    expect(told(`v := 'conv_' || coalesce(x, ''); EXECUTE 'DO $$ BEGIN PERFORM ''' || v || '''; END $$'; EXECUTE 'DROP FUNCTION ' || v;`)).toEqual(expected);
  });

  it('is told by what can stand beside it', () => {
    expect(told(`EXECUTE format('SELECT count(*) FROM (%s) AS q WHERE %s IS NOT NULL', 'SELECT 1', x);`)).toEqual([`medium formatted: ${through} x`]);
    expect(told(`EXECUTE format('CREATE TRIGGER made BEFORE %s ON %s EXECUTE FUNCTION app.g()', coalesce(v, 'UPDATE'), x);`)).toEqual([`medium formatted: ${through} x`]);
    expect(told(`EXECUTE format('CREATE TRIGGER made BEFORE %s ON app.t EXECUTE FUNCTION app.g()', x);`)).toEqual([`medium fragment: ${through} x; build it from constants`]);
  });

  it('is a list where it is called like several names', () => {
    const seen = (name: string) => {
      const text = `CREATE FUNCTION app.f(${name} text) RETURNS void LANGUAGE plpgsql AS $f$ BEGIN EXECUTE 'CREATE INDEX ON app.t USING btree (' || ${name} || ')'; END $f$;`;
      return findDynamicSql(splitStatements(text)).flatMap(({ risks }) => risks).map(({ problem, fixes }) => `${problem} ${fixes.length}`);
    };
    expect(seen('col_names')).toEqual(['list 0']);
    expect(seen('p_columns')).toEqual(['list 0']);
    expect(seen('col_name')).toEqual(['concatenated 1']);
  });

  it('is a list where a function gets one', () => {
    const helper = 'CREATE FUNCTION app.joined(a text, b text) RETURNS text LANGUAGE sql AS $$ SELECT a || $c$, $c$ || b $$;';
    const text = `${helper} CREATE FUNCTION app.f(x text) RETURNS void LANGUAGE plpgsql AS $f$ BEGIN EXECUTE 'SELECT count(*) FROM app.t GROUP BY ' || app.joined('a,b', x); END $f$;`;
    const risks = findDynamicSql(splitStatements(text)).flatMap((site) => site.risks);
    expect(risks.map(({ problem, fixes }) => [problem, fixes.length])).toEqual([['list', 0]]);
  });

  it('is told as a query where it is called like one', () => {
    const seen = (name: string) => {
      const text = `CREATE FUNCTION app.f(${name} text) RETURNS void LANGUAGE plpgsql AS $f$ BEGIN EXECUTE 'DELETE FROM app.t WHERE id IN (' || rtrim(${name}, ';') || ')'; END $f$;`;
      return findDynamicSql(splitStatements(text)).flatMap(({ risks }) => risks).map(({ problem }) => problem);
    };
    expect(seen('p_query')).toEqual(['fragment']);
    expect(seen('p_ids')).toEqual(['list']);
  });

  it('is told as a condition in a body where it is called so', () => {
    const text = `CREATE FUNCTION app.f(p_condition text) RETURNS void LANGUAGE plpgsql AS $f$ BEGIN EXECUTE 'DO $$ BEGIN IF ' || p_condition || ' THEN NULL; END IF; END $$'; END $f$;`;
    expect(findDynamicSql(splitStatements(text)).flatMap(({ risks }) => risks).map(({ message }) => message)).toEqual([`${through} p_condition; build it from constants`]);
  });

  it('is told with what names of schemas need', () => {
    expect(told(`EXECUTE 'SET search_path TO ' || x;`)).toEqual([`medium fragment: ${through} x; quote the name of each schema`]);
  });

  it('is told twice where it is written twice, and as before at one place', () => {
    expect(told(`EXECUTE 'DROP TABLE ' || x; EXECUTE 'SELECT 1 WHERE ' || x;`)).toEqual([`medium concatenated: ${through} x`, `low fragment: ${through} x; build it from constants; it is already a part of a statement that runs before`]);
    expect(told(`v := 'a' || coalesce(x, ''); EXECUTE 'DO $$ BEGIN PERFORM ''' || v || '''; END $$';`)).toEqual([`medium dollar: ${through} coalesce(x, ''); quote it and pass the body as one %L`]);
    expect(told(`v := 'a' || coalesce(x, ''); EXECUTE 'DROP TABLE ' || v; EXECUTE 'DROP VIEW ' || v;`)).toEqual([`medium concatenated: ${through} coalesce(x, '')`]);
  });
});

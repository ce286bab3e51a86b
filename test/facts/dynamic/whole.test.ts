import { beforeAll, describe, expect, it } from 'vitest';
import { findDynamicSql } from '../../../server/src/facts/flow.ts';
import { loadPostgresFromDisk } from '../../../server/src/node-wasm.ts';
import { splitStatements } from '../../../server/src/syntax/sql/statements.ts';

beforeAll(loadPostgresFromDisk);

function routine(body: string, clauses = ''): string {
  return `CREATE FUNCTION app.f(query text, tab text, col text) RETURNS SETOF record LANGUAGE plpgsql ${clauses} AS $b$ DECLARE q text; BEGIN ${body} END $b$;\n`;
}

function seen(text: string): string[] {
  return findDynamicSql(splitStatements(text)).flatMap(({ risks }) => risks).map(({ at, severity, problem }) => `${severity} ${problem} ${text.slice(at.start, at.end)}`);
}

const drop = `EXECUTE 'DROP TABLE ' || tab;`;

describe('a whole query of the caller', () => {
  it.each<[string, string]>([
    ['as it is', `RETURN QUERY EXECUTE query;`],
    ['through a variable', `q := query; EXECUTE q;`],
    ['trim()', `EXECUTE trim(query);`],
    ['rtrim() of a sign', `EXECUTE rtrim(query, ';');`],
    ['replace()', `EXECUTE replace(query, ':schema', 'app');`],
    ['replace() of replace()', `EXECUTE replace(replace(query, ':a', '1'), ':b', tab);`],
    ['regexp_replace()', `q := regexp_replace(query, ';\\s*$', ''); EXECUTE q;`],
    ['format()', `EXECUTE format('%s', query);`],
    ['format() with the query as its template', `EXECUTE format(query, tab);`],
    ['clauses behind it', `EXECUTE query || ' LIMIT 10';`],
    ['FROM behind it', `EXECUTE query || ' FROM ' || quote_ident(col);`],
    ['FROM on the next line', `EXECUTE query || chr(10) || 'FROM app.docs ' || col;`],
    ['FROM behind it in format()', `EXECUTE format('%s FROM %I', query, col);`],
    ['a condition behind it', `EXECUTE query || ' WHERE id = ' || quote_literal(col);`],
    ['clauses behind it in format()', `EXECUTE format('%s ORDER BY 1', query);`],
    ['a sub-select', `EXECUTE 'SELECT * FROM (' || query || ') t';`],
    ['a sub-select that is read at once', `EXECUTE format('SELECT count(*) FROM (%s) AS t WHERE id > 3', trim(query));`],
    ['WITH', `EXECUTE 'WITH t AS MATERIALIZED (' || query || ') SELECT 1 FROM t';`],
    ['EXISTS', `EXECUTE 'SELECT EXISTS (' || query || ')';`],
    ['a part of a set operation', `EXECUTE 'SELECT count(*) FROM ((' || query || ') EXCEPT (SELECT * FROM app.docs)) t';`],
    ['the other part of it', `EXECUTE 'SELECT count(*) FROM ((SELECT * FROM app.docs) UNION ALL (' || query || ')) t';`],
    ['COPY', `EXECUTE 'COPY (' || query || ') TO STDOUT';`],
    ['a table that is made of it', `EXECUTE 'CREATE TEMP TABLE made AS ' || query;`],
    ['EXPLAIN', `EXECUTE 'EXPLAIN (FORMAT JSON) ' || query;`],
    ['two parts of the caller', `EXECUTE query || ' ' || col;`],
    ['dblink()', `PERFORM * FROM dblink('server', query) AS t(n int);`],
    ['query_to_xml()', `PERFORM query_to_xml(replace(query, 'a', 'b'), true, false, '');`],
    ['in one branch', `IF tab IS NULL THEN q := 'SELECT 1'; ELSE q := query; END IF; EXECUTE q;`],
  ])('%s: what else the caller gives is worth no more', (_name, run) => {
    expect(seen(routine(run + drop)).filter((one) => /^(high|medium)/.test(one))).toEqual([]);
    expect(seen(routine(run + drop))).toContain('low concatenated tab');
    expect(seen(routine(drop + run, 'SECURITY DEFINER'))).toContain('high concatenated tab');
  });

  it.each<[string, string]>([
    ['a value called query', `EXECUTE 'SELECT * FROM app.docs WHERE body = ''' || query || '''';`],
    ['a value called query, quoted', `EXECUTE format('SELECT * FROM app.docs WHERE body = %L', query);`],
    ['a value for full text search', `EXECUTE 'SELECT * FROM app.docs WHERE body @@ to_tsquery(' || quote_literal(query) || ')';`],
    ['a table', `EXECUTE 'SELECT * FROM ' || query;`],
    ['a condition', `EXECUTE 'SELECT * FROM app.docs WHERE ' || query;`],
    ['a list of columns', `EXECUTE 'SELECT ' || query || ' FROM app.docs';`],
    ['what a statement of the routine goes on with', `q := 'SELECT ' || query; EXECUTE q || ' FROM app.docs';`],
    ['a stored beginning', `SELECT command INTO q FROM app.jobs; EXECUTE q || ' FROM app.docs';`],
    ['a keyword before the rest', `EXECUTE query || ' TABLE app.docs';`],
    ['a list for IN', `EXECUTE 'SELECT * FROM app.docs WHERE id IN (' || query || ')';`],
    ['a template of the routine', `EXECUTE replace('SELECT * FROM app.docs WHERE id = @@', '@@', query);`],
    ['a template in a variable', `q := 'SELECT * FROM app.docs WHERE id = @@'; EXECUTE replace(q, '@@', query);`],
    ['a stored query', `SELECT command INTO q FROM app.jobs; EXECUTE replace(q, ':x', query);`],
    ['a query that is only shown', `RAISE NOTICE '%', query;`],
    ['a checked word', `IF query NOT IN ('VACUUM', 'ANALYZE') THEN RAISE EXCEPTION 'no'; END IF; EXECUTE query;`],
  ])('is not %s', (_name, run) => {
    expect(seen(routine(run + drop))).toContain('medium concatenated tab');
  });

  it('that a routine puts into its own template is none', () => {
    const run = `EXECUTE replace('SELECT * FROM app.docs WHERE id = @@', '@@', query);`;
    expect(seen(routine(run))).toEqual(['medium concatenated query']);
    expect(seen(routine(run, 'SECURITY DEFINER'))).toEqual(['high concatenated query']);
  });

  it('tells what a statement begins with whoever chooses it', () => {
    expect(seen(routine(`EXECUTE query || ' FROM app.docs';`))).toEqual(['info whole query']);
    expect(seen(routine(`EXECUTE query || ' FROM app.docs';`, 'SECURITY DEFINER'))).toEqual(['high whole query']);
    expect(seen(routine(`SELECT command INTO q FROM app.jobs; EXECUTE q || ' FROM app.docs';`))).toEqual(['info whole q']);
    expect(seen(routine(`EXECUTE query || ' FROM ' || quote_ident(tab);`) + `CREATE FUNCTION app.g(t text) RETURNS void LANGUAGE plpgsql AS $$ BEGIN PERFORM app.f('SELECT ' || t, 'a', ''); END $$;`)).toContain('medium concatenated t');
  });

  it('says why in one sentence, and where', () => {
    const text = routine(`EXECUTE query; ${drop}`);
    const [, risk] = findDynamicSql(splitStatements(text)).flatMap(({ risks }) => risks);
    expect(risk!.message).toBe('A caller can put SQL of their own into this statement through tab; the routine runs a whole query of its caller anyway');
    expect(risk!.related.map(({ at, message }) => `${text.slice(at.start, at.end)}: ${message}`)).toContain('query: This is a whole query of the caller');
  });

  it('leaves alone what others choose, and what only fails', () => {
    expect(seen(routine(`EXECUTE query; EXECUTE format('DROP TABLE %L', tab);`))).toContain('medium wrong tab');
    const list = `SELECT string_agg(label, ',') INTO q FROM app.things; EXECUTE 'SELECT ' || q;`;
    expect(seen(routine(`EXECUTE query; ${list}`)).filter((one) => one.startsWith('medium'))).toEqual(seen(routine(list)).filter((one) => one.startsWith('medium')));
  });

  const own = routine(`EXECUTE query; ${drop}`);
  it.each<[string, string]>([
    ['a definer', `CREATE FUNCTION app.g(t text) RETURNS void LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN PERFORM app.f('SELECT 1', t, ''); END $$;`],
    ['a definer by a later ALTER FUNCTION', `CREATE FUNCTION app.g(t text) RETURNS void LANGUAGE plpgsql AS $$ BEGIN PERFORM app.f('SELECT 1', t, ''); END $$;\nALTER FUNCTION app.g(text) SECURITY DEFINER;`],
    ['a definer through another routine', `CREATE FUNCTION app.h(t text) RETURNS void LANGUAGE sql AS $$ SELECT app.f('SELECT 1', t, '') $$;\nCREATE FUNCTION app.g(t text) RETURNS void LANGUAGE sql SECURITY DEFINER AS $$ SELECT app.h(t) $$;`],
    ['a trigger', `CREATE FUNCTION app.g() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM app.f('SELECT 1', NEW.name, ''); RETURN NEW; END $$;`],
    ['a view', `CREATE VIEW app.v AS SELECT f FROM app.names, app.f('SELECT 1', names.label, '') AS t(f int);`],
  ])('keeps its level where %s calls the routine', (_name, caller) => {
    expect(seen(own + caller)).toContain('medium concatenated tab');
    expect(findDynamicSql(splitStatements(own), {}, [splitStatements(caller)]).flatMap(({ risks }) => risks).map(({ severity }) => severity)).toContain('medium');
  });

  it('is low where a routine of the same rights calls it, itself included', () => {
    expect(seen(`${own}CREATE FUNCTION app.g(t text) RETURNS void LANGUAGE sql AS $$ SELECT app.f('SELECT 1', t, '') $$;`)).toContain('low concatenated tab');
    expect(seen(routine(`EXECUTE query; ${drop} PERFORM app.f('SELECT 1', tab, col);`))).toContain('low concatenated tab');
  });
});

describe('what a routine of the workspace gives row by row', () => {
  const makes = `CREATE FUNCTION app.makes(t text, u text) RETURNS SETOF text LANGUAGE plpgsql AS $$ DECLARE s text; BEGIN s := format('DROP TABLE %s', t); RETURN NEXT s; RETURN NEXT 'SELECT ' || quote_literal(u); END $$;\n`;
  it.each<[string, string[]]>([
    [`FOR q IN SELECT * FROM app.makes(tab, '') LOOP EXECUTE q; END LOOP;`, ['medium concatenated q']],
    [`FOR q IN SELECT app.makes(tab, '') LOOP EXECUTE q; END LOOP;`, ['medium concatenated q']],
    [`FOR q IN SELECT m FROM app.makes(tab, '') AS m LOOP EXECUTE q; END LOOP;`, ['medium concatenated q']],
    [`SELECT * INTO q FROM app.makes(tab, ''); EXECUTE q;`, ['medium concatenated q']],
    [`FOR q IN SELECT * FROM app.makes('a', tab) LOOP EXECUTE q; END LOOP;`, []],
    [`FOR q IN SELECT * FROM app.makes('a', 'b') LOOP EXECUTE q; END LOOP;`, []],
    [`FOR q IN SELECT * FROM app.other(tab) LOOP EXECUTE q; END LOOP;`, ['info result q']],
    [`FOR q IN SELECT * FROM app.other(tab) LOOP EXECUTE 'DROP TABLE ' || q; END LOOP;`, ['low concatenated q']],
    [`FOR q IN SELECT name FROM app.makes(tab, ''), app.names LOOP EXECUTE 'DROP TABLE ' || q; END LOOP;`, ['low concatenated q']],
  ])('%s', (body, expected) => {
    expect(seen(makes + routine(body))).toEqual(expected);
  });
});

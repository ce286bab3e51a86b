import { beforeAll, describe, expect, it } from 'vitest';
import { findDynamicSql } from '../../../server/src/facts/flow.ts';
import { loadPostgresFromDisk } from '../../../server/src/node-wasm.ts';
import { splitStatements } from '../../../server/src/syntax/sql/statements.ts';

beforeAll(loadPostgresFromDisk);

function seen(statement: string, clauses = ''): string[] {
  const text = `CREATE FUNCTION app.make(p_name text, p_body text, p_expression text, p_value text) RETURNS void LANGUAGE plpgsql ${clauses} AS $f$ BEGIN EXECUTE ${statement}; END $f$;`;
  return findDynamicSql(splitStatements(text)).flatMap(({ risks }) => risks).map(({ severity, problem, at }) => `${severity} ${problem} ${text.slice(at.start, at.end)}`);
}

const definer = 'SECURITY DEFINER';
const create = (body: string) => `'CREATE FUNCTION app.' || quote_ident(p_name) || '() RETURNS int LANGUAGE plpgsql AS $b$ ${body} $b$'`;

describe('the code of a body that the caller hands over', () => {
  it.each([
    create(`' || p_body || '`),
    create(`BEGIN ' || p_body || '; RETURN 1; END`),
    create(`DECLARE n int; BEGIN n := 1; ' || p_body || '; RETURN n; END`),
    `format('CREATE FUNCTION app.%I() RETURNS int LANGUAGE sql AS $b$ %s $b$', p_name, p_body)`,
    `format('DO $b$ BEGIN %s END $b$', p_body)`,
    `'SELECT dblink_exec(''other'', $q$' || p_body || '$q$)'`,
    `'SELECT query_to_xml($q$' || p_body || '$q$, true, true, '''')'`,
  ])('gains nothing by its end: %s', (statement) => {
    expect(seen(statement)).toEqual(['info dollar p_body']);
    expect(seen(statement, definer)).toEqual(['high dollar p_body']);
  });

  it('may be the one expression of it, when it is called so', () => {
    expect(seen(create(`BEGIN RETURN ' || p_expression || '; END`))).toEqual(['info dollar p_expression']);
    expect(seen(create(`BEGIN RETURN ' || p_value || '; END`))).toEqual(['medium dollar p_value']);
    expect(seen(`format('CREATE FUNCTION app.%I() RETURNS int LANGUAGE sql AS $b$ SELECT %s $b$', p_name, p_expression)`)).toEqual(['info dollar p_expression']);
  });

  it('lowers what else the same caller gives', () => {
    expect(seen(`format('CREATE FUNCTION app.%s() RETURNS int LANGUAGE plpgsql AS $b$ %s $b$', p_name, p_body)`)).toEqual(['low formatted p_name', 'info dollar p_body']);
    expect(seen(`format('CREATE FUNCTION app.%s() RETURNS int LANGUAGE plpgsql AS $b$ %s $b$', p_name, p_body)`, definer)).toEqual(['high formatted p_name', 'high dollar p_body']);
  });

  it.each([
    create(`BEGIN RETURN (SELECT count(*) FROM ' || p_body || '); END`),
    create(`BEGIN IF ' || p_body || ' THEN RETURN 1; END IF; END`),
    create(`BEGIN ' || p_body || ' TABLE app.t; END`),
    create(`BEGIN RETURN ''' || p_body || '''; END`),
    `format('CREATE FUNCTION app.%I() RETURNS int LANGUAGE sql AS $b$ SELECT 1 WHERE %s $b$', p_name, p_body)`,
    `format('INSERT INTO app.notes VALUES ($t$%s$t$)', p_body)`,
  ])('is only a part of it: %s', (statement) => {
    expect(seen(statement)).toEqual(['medium dollar p_body']);
  });

  it('lowers what else the caller gives, also where it is quoted as a whole', () => {
    expect(seen(`format('CREATE FUNCTION app.%s() RETURNS int LANGUAGE plpgsql AS %L', p_name, p_body)`)).toEqual(['low formatted p_name']);
    expect(seen(`format('COMMENT ON FUNCTION app.%s() IS %L', p_name, p_body)`)).toEqual(['medium formatted p_name']);
  });

  it('is quoted as a whole', () => {
    expect(seen(`format('CREATE FUNCTION app.%I() RETURNS int LANGUAGE plpgsql AS %L', p_name, p_body)`)).toEqual([]);
  });
});

describe('the text of a function that runs it elsewhere', () => {
  it('is code as well, wherever it stands among the arguments', () => {
    expect(seen(`format('SELECT dblink_exec(%L, %L)', 'other', 'DELETE FROM app.t WHERE name = ''' || p_value || '''')`)).toEqual(['medium concatenated p_value']);
    expect(seen(`format('SELECT app.note(%L, %L)', 'other', 'DELETE FROM app.t WHERE name = ''' || p_value || '''')`)).toEqual([]);
  });

  it('is code as well where USING gives it', () => {
    expect(seen(`'SELECT dblink_exec($1, $2)' USING 'other', 'DROP TABLE ' || p_value`)).toEqual(['medium concatenated p_value']);
    expect(seen(`'SELECT dblink_exec($1, $2)' USING 'other', format('DROP TABLE %I', p_value)`)).toEqual([]);
    expect(seen(`'SELECT dblink_exec($1, $2)' USING 'other', p_value`)).toEqual(['info whole p_value']);
    expect(seen(`'SELECT app.note($1, $2)' USING 'other', 'DROP TABLE ' || p_value`)).toEqual([]);
  });

  it('is code as well in a variable that is quoted', () => {
    const text = `CREATE FUNCTION app.f(p_value text) RETURNS void LANGUAGE plpgsql AS $f$ DECLARE q text := 'DROP TABLE ' || p_value; BEGIN EXECUTE format('SELECT dblink_exec(%L)', q); END $f$;`;
    expect(findDynamicSql(splitStatements(text)).flatMap(({ risks }) => risks).map(({ severity, problem, origin }) => `${severity} ${problem} ${origin}`)).toEqual(['medium concatenated param']);
  });
});

describe('the name of an object between dollar quotes', () => {
  const seenOf = (placeholder: string, clauses = '') => {
    const text = `CREATE FUNCTION app.f() RETURNS void LANGUAGE plpgsql ${clauses} AS $f$ DECLARE r record; BEGIN FOR r IN SELECT relname FROM pg_class LOOP EXECUTE format('DO $d$ BEGIN EXECUTE ${placeholder}; END $d$', r.relname); END LOOP; END $f$;`;
    return findDynamicSql(splitStatements(text)).flatMap(({ risks }) => risks).map(({ severity, problem, origin }) => `${severity} ${problem} ${origin}`);
  };

  it('may end the body, whatever quotes are inside', () => {
    expect(seenOf(`''DROP TABLE ''||quote_ident(%L)`)).toEqual(['info dollar catalog']);
    expect(seenOf(`''DROP TABLE ''||quote_ident(%L)`, 'SECURITY DEFINER')).toEqual(['low dollar catalog']);
    expect(seenOf(`''DROP TABLE %I''`, 'SECURITY DEFINER')).toEqual(['low dollar catalog']);
  });
});

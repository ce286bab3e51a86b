import { beforeAll, describe, expect, it } from 'vitest';
import { findDynamicSql } from '../../../server/src/facts/flow.ts';
import { loadPostgresFromDisk } from '../../../server/src/node-wasm.ts';
import { splitStatements } from '../../../server/src/syntax/sql/statements.ts';

beforeAll(loadPostgresFromDisk);

function seen(body: string) {
  const text = `CREATE FUNCTION app.f(t text, s text, b boolean) RETURNS void LANGUAGE plpgsql AS $f$ DECLARE n int; q text; BEGIN ${body} END $f$;`;
  return findDynamicSql(splitStatements(text)).flatMap(({ risks }) => risks).map(({ at, severity, problem }) => `${severity} ${problem} ${text.slice(at.start, at.end)}`);
}

const run = `EXECUTE format('INSERT INTO app.log (text) VALUES (''failed: %s'')', t);`;

describe('a column that ALTER TABLE has to find', () => {
  const levels = (first: string) => {
    const text = `CREATE FUNCTION app.f(t regclass, c text) RETURNS void LANGUAGE plpgsql AS $b$ BEGIN EXECUTE ${first}; EXECUTE 'DELETE FROM app.notes WHERE field = ''' || c || ''''; END $b$;`;
    return findDynamicSql(splitStatements(text)).flatMap(({ risks }) => risks).map(({ severity }) => severity);
  };

  it('is the name of a column from there on', () => {
    expect(levels(`format('ALTER TABLE %s DROP COLUMN %I CASCADE', t, c)`)).toEqual(['info']);
    expect(levels(`format('ALTER TABLE %s RENAME COLUMN %I TO old', t, c)`)).toEqual(['info']);
    expect(levels(`'ALTER TABLE ' || t || ' ALTER COLUMN ' || quote_ident(c) || ' DROP NOT NULL'`)).toEqual(['info']);
  });

  it('may be any name where it need not be there, or was added', () => {
    expect(levels(`format('ALTER TABLE %s DROP COLUMN IF EXISTS %I', t, c)`)).toEqual(['medium']);
    expect(levels(`format('ALTER TABLE %s ADD COLUMN %I int', t, c)`)).toEqual(['medium']);
    expect(levels(`format('ALTER TABLE %s ADD %I int', t, c); EXECUTE format('ALTER TABLE %s DROP COLUMN %I', t, c)`)).toEqual(['medium']);
  });
});

describe('a table that a statement has found', () => {

  it.each([
    `EXECUTE format('SELECT count(*) FROM %I', t) INTO n;`,
    `EXECUTE format('SELECT count(*) FROM %I.%I', s, t) INTO n;`,
    `EXECUTE format('LOCK TABLE app.%1$I', t);`,
    `EXECUTE format('UPDATE %2$I SET a = %1$L', s, t);`,
    `EXECUTE 'DELETE FROM app.' || quote_ident(t);`,
    `q := quote_ident(t || '_old'); EXECUTE format('SELECT 1 FROM app.%s WHERE id = %s', q, 1) INTO n;`,
    `SELECT quote_ident(t) INTO STRICT q; EXECUTE format('DELETE FROM %s', q);`,
    `EXECUTE format('CREATE FOREIGN TABLE %I.a (b int) SERVER %I', s, t);`,
    `EXECUTE format('CREATE FOREIGN TABLE app.a (b int) SERVER %1$I OPTIONS (c %2$L)', t, s);`,
    `EXECUTE format('UPDATE %1$I '\n 'SET n = 1 '\n 'WHERE %1$I.id = 5', t);`,
    `EXECUTE 'DELETE '\n 'FROM ' || quote_ident(t);`,
    `q := 'ALTER TABLE app.' || quote_ident(t) || ' ADD COLUMN a int'; EXECUTE q;`,
    `q := quote_ident(s) || '.' || quote_ident(t); q := 'INSERT INTO ' || q || ' VALUES (1)'; EXECUTE q;`,
    `IF b THEN q := ' WHERE a = 1'; ELSE q := ''; END IF; EXECUTE 'UPDATE app.' || quote_ident(t) || ' SET n = 1' || q;`,
    `EXECUTE format('CREATE FOREIGN TABLE app.a (b int) '\n 'SERVER %I', t);`,
    `CREATE TABLE app.made (a int); EXECUTE format('DELETE FROM %I', t);`,
    `EXECUTE 'ALTER PUBLICATION ' || quote_ident(t) || ' ADD TABLE app.a';`,
    `EXECUTE format('DROP ROLE %I', t);`,
    `EXECUTE format('CREATE TABLE app.made AS TABLE %I.%I', s, t);`,
    `EXECUTE format('CREATE TEMP TABLE %I (LIKE %I INCLUDING ALL)', s, t);`,
    `EXECUTE format('CREATE TABLE app.%2$I (LIKE app.%1$I)', t, s);`,
    `EXECUTE format('SET LOCAL ROLE %I', t);`,
    `EXECUTE format('REFRESH MATERIALIZED VIEW app.%I', t);`,
    `q := quote_ident(t || '_old'); EXECUTE format('DELETE FROM @extschema@.%s', q);`,
    `CREATE TEMP TABLE IF NOT EXISTS made ON COMMIT DROP AS SELECT 1; ALTER TABLE made RENAME TO later; EXECUTE format('DELETE FROM %I', t);`,
    `EXECUTE 'CREATE TABLE app.made (a int, b text DEFAULT ' || quote_literal(s) || ')'; EXECUTE format('DELETE FROM %I', t);`,
    `EXECUTE 'CREATE TABLE IF NOT EXISTS made AS SELECT 1'; EXECUTE format('DELETE FROM %I', t);`,
  ])('%s', (found) => {
    expect(seen(`${found} ${run}`)).toEqual(['info formatted t']);
  });

  it.each([
    `IF b THEN EXECUTE format('SELECT count(*) FROM %I', t) INTO n; END IF;`,
    `EXECUTE format('DROP TABLE IF EXISTS %I', t);`,
    `EXECUTE format('DROP ROLE IF EXISTS %I', t);`,
    `EXECUTE format('CREATE TABLE %I (LIKE %I)', t, s);`,
    `EXECUTE format('CREATE TABLE IF NOT EXISTS app.made (LIKE %I)', t);`,
    `EXECUTE format('CREATE ROLE %I', t); EXECUTE format('ALTER ROLE %I LOGIN', t);`,
    `EXECUTE format('ALTER ROLE app_%I LOGIN', t);`,
    `EXECUTE format('CREATE TABLE %I (a int)', t); EXECUTE format('DELETE FROM %I', t);`,
    `CREATE TABLE made (a int); EXECUTE 'CREATE TABLE IF NOT EXISTS ' || quote_ident(t) || ' (a int)'; EXECUTE format('DELETE FROM %I', t);`,
    `EXECUTE format('CREATE TABLE IF NOT EXISTS %I (a int)', t); EXECUTE format('DELETE FROM %I', t);`,
    `EXECUTE replace('CREATE TABLE made (a int)', 'made', quote_ident(t)); EXECUTE format('DELETE FROM %I', t);`,
    `EXECUTE format('ALTER TABLE made RENAME TO %I', t); EXECUTE format('DELETE FROM %I', t);`,
    `EXECUTE format('UPDATE '\n '%1$I SET a = 1', s);`,
    `EXECUTE format('SELECT count(*) FROM %I', s) INTO n;`,
    `EXECUTE format('SELECT count(*) FROM %I', t) INTO n; t := s;`,
    `EXECUTE format('SELECT a FROM %I', 'x' || t);`,
    `EXECUTE format('SELECT ''%I''', t);`,
    `q := quote_ident(t || '_old'); t := s; EXECUTE format('SELECT 1 FROM app.%s', q) INTO n;`,
    `q := quote_ident(s || '_old'); EXECUTE format('SELECT 1 FROM app.%s', q) INTO n;`,
    `q := quote_ident(t); q := 'a'; EXECUTE format('SELECT 1 FROM app.%s', q) INTO n;`,
    `q := quote_ident(t); EXECUTE format('SELECT 1 FROM app.a%s', q) INTO n;`,
    `EXECUTE format('CREATE FOREIGN TABLE IF NOT EXISTS app.a (b int) SERVER %I', t);`,
    `IF b THEN q := 'ALTER TABLE app.' || quote_ident(t) || ' ADD COLUMN a int'; EXECUTE q; END IF;`,
    `BEGIN q := 'ALTER TABLE app.' || quote_ident(t) || ' ADD COLUMN a int'; EXECUTE q; EXCEPTION WHEN others THEN NULL; END;`,
    `q := 'ALTER TABLE app.' || quote_ident(s) || ' ADD COLUMN a int'; EXECUTE q;`,
    `q := 'ALTER TABLE app.' || quote_ident(t) || ' ADD COLUMN a int'; EXECUTE q; t := s;`,
    `q := 'CREATE TABLE app.' || quote_ident(t) || ' (a int)'; EXECUTE q; q := 'ALTER TABLE app.' || quote_ident(t) || ' ADD COLUMN b int'; EXECUTE q;`,
    `IF b THEN q := 'ALTER TABLE app.' || quote_ident(t) || ' ADD COLUMN a int'; ELSE q := 'SELECT 1'; END IF; EXECUTE q;`,
    `EXECUTE format('CREATE SERVER %I FOREIGN DATA WRAPPER w', t); EXECUTE format('CREATE FOREIGN TABLE app.a (b int) SERVER %I', t);`,
  ])('but not %s', (found) => {
    expect(seen(`${found} ${run}`)).toContain('medium formatted t');
  });
});

describe('quotes that a value may end which is not known', () => {
  it('are no place of what stands behind it', () => {
    expect(seen(`EXECUTE 'SELECT 1 FROM app.t WHERE a = ''' || app.choose(b, 'x''', 'y''') || ' AND c = ' || quote_literal(t);`)).not.toContain('high misquoted quote_literal(t)');
    expect(seen(`EXECUTE 'SELECT 1 FROM app.t WHERE a = ''' || app.choose(b, 'x''', 'y''') || ' AND c = ' || t;`)).toContain('medium concatenated t');
  });

  it('are one where nothing else stands in them, or the text ends them', () => {
    expect(seen(`EXECUTE 'SELECT 1 FROM app.t WHERE a = ''' || quote_literal(t);`)).toEqual(['high misquoted quote_literal(t)']);
    expect(seen(`EXECUTE 'SELECT 1 FROM app.t WHERE a = ''' || app.choose(b) || ' ' || quote_literal(t) || '''';`)).toContain('high misquoted quote_literal(t)');
  });
});

describe('a name that a statement takes as a part of another one', () => {
  it.each([
    `EXECUTE 'CREATE TABLE log_' || quote_ident(t) || ' (a int)';`,
    `EXECUTE format('CREATE TABLE log_%s (a int)', quote_ident(t));`,
    `EXECUTE format('COMMENT ON TABLE app.%I_old IS ''b''', t);`,
    `EXECUTE format('ALTER TABLE %I.%I_old ADD COLUMN b int', s, t);`,
    `EXECUTE format('DROP TABLE IF EXISTS %I_old', t);`,
    `EXECUTE format('INSERT INTO app.%I_old VALUES (1)', t);`,
  ])('is a word: %s', (found) => {
    expect(seen(`${found} ${run}`)).toEqual([]);
  });

  it.each([
    `EXECUTE format('DELETE FROM %I_old', t);`,
    `EXECUTE format('SELECT count(*) FROM %I_old', t) INTO n;`,
    `EXECUTE format('UPDATE %I_old SET a = 1', t);`,
  ])('is a table where the rest is its alias: %s', (found) => {
    expect(seen(`${found} ${run}`)).toEqual(['info formatted t']);
  });

  it.each([
    `EXECUTE format('SELECT 1 AS %I_old', t) INTO n;`,
    `IF b THEN EXECUTE format('DROP TABLE %I_old', t); END IF;`,
    `EXECUTE format('DROP TABLE %I%s', t, s);`,
    `EXECUTE format('DROP TABLE "old_%s"', t);`,
    `PERFORM cron.schedule('* * * * *', format('DROP TABLE %I_old', t));`,
    `BEGIN EXECUTE format('DROP TABLE %I_old', t); EXCEPTION WHEN others THEN NULL; END;`,
  ])('but not in %s', (found) => {
    expect(seen(`${found} ${run}`)).toContain('medium formatted t');
  });
});

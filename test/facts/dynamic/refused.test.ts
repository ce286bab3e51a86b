import { describe, expect, it } from 'vitest';
import { findDynamicSql } from '../../../server/src/facts/flow.ts';
import { loadPostgresFromDisk } from '../../../server/src/node-wasm.ts';
import { splitStatements } from '../../../server/src/syntax/sql/statements.ts';

await loadPostgresFromDisk();

function told(body: string, clauses = ''): string[] {
  const text = `CREATE FUNCTION app.f(t text) RETURNS void LANGUAGE plpgsql ${clauses} AS $b$ ${body} $b$;\n`;
  return findDynamicSql(splitStatements(text)).flatMap(({ risks }) => risks.map(({ severity, message }) => `${severity} ${/\((.*)\)$/.exec(message)?.[1] ?? ''}`.trim()));
}

describe('code that PostgreSQL does not compile', () => {
  it.each<[string, string]>([
    [`BEGIN EXECUTE 'DROP TABLE ' || t; PERFORM 1 PERFORM 2; END`, 'syntax error at or near "2"'],
    [`DECLARE n int BEGIN EXECUTE 'DROP TABLE ' || t; END`, 'syntax error at or near "BEGIN"'],
    [`BEGIN EXECUTE 'SELECT 1 FROM ' || t INTO n; END`, '"n" is not a known variable'],
    [`BEGIN EXECUTE 'DROP TABLE ' || t; SELECT FROM WHERE; END`, 'syntax error at or near "WHERE"'],
    [`BEGIN EXECUTE 'DROP TABLE ' || t; IF t = 'a' PERFORM 1; END IF; END`, 'missing "THEN" at end of SQL expression'],
    [`BEGIN FOR q IN SELECT 1 LOOP EXECUTE 'DROP TABLE ' || t; END LOOP; END`, 'loop variable of loop over rows must be a record variable or list of scalar variables'],
    [`BEGIN IF t IS NULL THEN RETURN; EXIT; END IF; EXECUTE 'DROP TABLE ' || t; END`, 'EXIT cannot be used outside a loop, unless it has a label'],
    [`BEGIN RAISE NOTICE '%'; EXECUTE 'DROP TABLE ' || t; END`, 'too few parameters specified for RAISE'],
    [`<<a>> BEGIN EXECUTE 'DROP TABLE ' || t; END b`, 'end label "b" differs from block\'s label "a"'],
  ])('%s', (body, why) => {
    expect(told(body)).toEqual([`low ${why}`]);
    expect(told(body, 'SECURITY DEFINER')).toEqual([`low ${why}`]);
  });

  it.each([
    `BEGIN EXECUTE 'DROP TABLE ' || t; END`,
    // A type and a table that nobody knows here, and what only one of them can have.
    `DECLARE k app.kind; r app.users; BEGIN SELECT kind INTO k FROM app.users; SELECT name INTO r.name FROM app.users; EXECUTE 'DROP TABLE ' || t; END`,
    `BEGIN EXECUTE 'DROP TABLE ' || t; PERFORM @extschema@.f(); END`,
    // Play.
    `BEGIN EXECUTE 'DROP TABLE ' || t;; PERFORM 1;; END`,
    `BEGIN EXECUTE 'DROP TABLE ' || t; PERFORM {{ schema }}.f(); END`,
    `BEGIN EXECUTE 'DROP TABLE ' || t; SELECT 1 INTO t FROM app.t WHERE a = :name; END`,
    `DECLARE k app.kind; BEGIN FOR k IN SELECT kind FROM app.users LOOP EXECUTE 'DROP TABLE ' || t; END LOOP; END`,
    // Greenplum.
    `BEGIN EXECUTE 'DROP TABLE ' || t; CREATE TABLE app.a AS SELECT 1 AS n DISTRIBUTED BY (n); END`,
    // Too long to be compiled on every keystroke.
    `BEGIN EXECUTE 'DROP TABLE ' || t; ${'PERFORM 1; '.repeat(1_000)} SELECT FROM WHERE; END`,
  ])('is not said of %.120s', (body) => {
    expect(told(body)).toEqual(['medium']);
  });

  it('is also a statement that PostgreSQL does not parse', () => {
    const around = (parameters: string, end: string) => {
      const text = `CREATE FUNCTION app.f(${parameters}) RETURNS void AS $b$ BEGIN EXECUTE 'DROP TABLE ' || t; END $b$ ${end}`;
      return findDynamicSql(splitStatements(text)).flatMap(({ risks }) => risks.map(({ severity }) => severity));
    };
    expect(around('t text,', 'LANGUAGE plpgsql;')).toEqual(['low']);
    expect(around('t text', 'LANGUAGE plpgsql VOLATIL;')).toEqual(['low']);
    expect(around('t text', 'LANGUAGE plpgsql VOLATILE;')).toEqual(['medium']);
    expect(around('t text, {{ more }}', 'LANGUAGE plpgsql VOLATILE;')).toEqual(['medium']);
    expect(around('t text', 'LANGUAGE plpgsql :options;')).toEqual(['medium']);
    expect(around('t text', 'LANGUAGE plpgsql\n/\n')).toEqual(['medium']);
  });

  it('is that of Greenplum', () => {
    expect(told(`BEGIN EXECUTE 'DROP TABLE ' || t; END`, 'EXECUTE ON ANY')).toEqual(['low syntax error at or near "EXECUTE"']);
  });

  it('says nothing of what is told as low anyway, and of other languages', () => {
    expect(told(`DECLARE r record; BEGIN SELECT name INTO r FROM app.t; EXECUTE 'DROP TABLE ' || r.name; SELECT FROM WHERE; END`)).toEqual(['low']);
    const text = 'CREATE FUNCTION app.f(t text) RETURNS xml LANGUAGE sql AS $$ SELECT query_to_xml(\'SELECT * FROM \' || t, true, true, \'\') $$;';
    expect(findDynamicSql(splitStatements(text))[0]!.risks[0]!.severity).toBe('medium');
  });
});

import { beforeAll, describe, expect, it } from 'vitest';
import { findDynamicSql } from '../../server/src/facts/flow.ts';
import { loadPostgresFromDisk } from '../../server/src/node-wasm.ts';
import type { Fix } from '../../server/src/rules/rule.ts';
import { splitStatements } from '../../server/src/syntax/sql/statements.ts';
import { applyEdits } from '../../server/src/text.ts';

beforeAll(loadPostgresFromDisk);

const params = 'x text, y text, n int, b boolean, t regclass, j jsonb, a text[]';

function head(quote: string): string {
  return `CREATE FUNCTION app.f(${params}) RETURNS void LANGUAGE plpgsql AS ${quote} DECLARE q text; BEGIN `;
}

function fixesOf(text: string): readonly Fix[] {
  const found = findDynamicSql(splitStatements(text));
  return found.flatMap((one) => one.risks)[0]?.fixes ?? [];
}

/** The statement after the fix with this number; undefined when there is none. */
function fixed(statement: string, number = 0): string | undefined {
  const text = `${head('$fn$')}${statement} END $fn$;`;
  const fix = fixesOf(text)[number];
  if (fix === undefined) return undefined;
  const after = applyEdits(text, fix.edits);
  expect(fixesOf(after)).toEqual([]);
  return after.slice(head('$fn$').length, -' END $fn$;'.length);
}

describe('what is written', () => {
  it.each([
    // values
    [`EXECUTE 'SELECT 1 WHERE ''a'' = ''' || x || '''';`, `EXECUTE format('SELECT 1 WHERE ''a'' = %L', x);`],
    [`EXECUTE 'SELECT 1 WHERE ''a'' = ''' || x || '@' || y || '''';`, `EXECUTE format('SELECT 1 WHERE ''a'' = %L', x || '@' || y);`],
    [`EXECUTE 'SELECT 1 WHERE 10 % 3 = ' || x;`, `EXECUTE format('SELECT 1 WHERE 10 %% 3 = %L', x);`],
    [`EXECUTE 'SELECT 1 WHERE a LIKE ''it''''s ' || x || '%''';`, `EXECUTE format('SELECT 1 WHERE a LIKE %L', 'it''s ' || x || '%');`],
    [`EXECUTE E'SELECT 1\\nWHERE a = \\'' || x || E'\\'';`, `EXECUTE format('SELECT 1\nWHERE a = %L', x);`],
    [`EXECUTE $q$SELECT 1 WHERE a = '$q$ || x || $q$'$q$;`, `EXECUTE format('SELECT 1 WHERE a = %L', x);`],
    [`EXECUTE 'SELECT date ''' || x || '''';`, `EXECUTE format('SELECT date %L', x);`],
    [`EXECUTE 'INSERT INTO t VALUES (' || n || ', ''' || j || ''', ' || quote_literal(y) || ')';`, `EXECUTE format('INSERT INTO t VALUES (%s, %L, %L)', n, j, y);`],
    [`EXECUTE 'SELECT ' || b || ' AND a = ''' || x || '''';`, `EXECUTE format('SELECT %s AND a = %L', b::text, x);`],
    [`EXECUTE 'SELECT 1 WHERE a = ''' || lower(x) || '''';`, `EXECUTE format('SELECT 1 WHERE a = %L', lower(x));`],
    // names
    [`EXECUTE 'DROP TABLE ' || x;`, `EXECUTE format('DROP TABLE %I', x);`],
    [`EXECUTE 'DROP TABLE ' || x || '.' || y;`, `EXECUTE format('DROP TABLE %I.%I', x, y);`],
    [`EXECUTE 'CREATE TABLE s."' || x || '_Old" ()';`, `EXECUTE format('CREATE TABLE s.%I ()', x || '_Old');`],
    [`EXECUTE 'CREATE TABLE s.Part_' || x || '_' || n || ' ()';`, `EXECUTE format('CREATE TABLE s.%I ()', 'part_' || x || '_' || n);`],
    [`EXECUTE 'CREATE INDEX ON ' || t || ' (' || x || ')';`, `EXECUTE format('CREATE INDEX ON %s (%I)', t, x);`],
    [`EXECUTE 'GRANT SELECT ON ' || t || ' TO ' || x;`, `EXECUTE format('GRANT SELECT ON %s TO %I', t, x);`],
    [`EXECUTE 'CREATE ROLE ' || x || ' LOGIN PASSWORD ''' || y || '''';`, `EXECUTE format('CREATE ROLE %I LOGIN PASSWORD %L', x, y);`],
    // lines
    [`EXECUTE 'SELECT 1 '\n      || 'WHERE a = ''' || x || '''';`, `EXECUTE format('SELECT 1 '\n      || 'WHERE a = %L', x);`],
    [`EXECUTE 'SELECT 1 WHERE a = ''' || x || '''\n  AND b';`, `EXECUTE format('SELECT 1 WHERE a = %L\n  AND b', x);`],
    [`EXECUTE 'SELECT 1 WHERE a = ''' || x || '''' INTO q USING 1; -- why`, `EXECUTE format('SELECT 1 WHERE a = %L', x) INTO q USING 1; -- why`],
    [`EXECUTE 'SELECT 1 WHERE a = ''' /* who */ || x || '''';`, `EXECUTE format('SELECT 1 WHERE a = %L' /* who */, x);`],
    [`EXECUTE 'SELECT 1 ' || -- one\n  'WHERE a = ' /* two */ || quote_literal(y) || -- three\n  ' AND b = ''' || x || '''';`, `EXECUTE format('SELECT 1 ' || -- one\n  'WHERE a = ' /* two */ || '%L' || -- three\n  ' AND b = %L', y, x);`],
    [`EXECUTE concat('SELECT 1 ', -- one\n  'WHERE a = ''', x, '''');`, `EXECUTE format('SELECT 1 ' || -- one\n  'WHERE a = %L', x);`],
    [`EXECUTE 'INSERT INTO t VALUES (''' || x ||\n  ''', ''' || y ||\n  ''') ' ||\n  'RETURNING a';`, `EXECUTE format('INSERT INTO t VALUES (%L, %L) ' ||\n  'RETURNING a', x, y);`],
    [`EXECUTE $q$SELECT 'one'\n  WHERE a = '$q$ || x || $q$'$q$;`, `EXECUTE format($q$SELECT 'one'\n  WHERE a = %L$q$, x);`],
    // format
    [`EXECUTE format('DROP TABLE %s', x);`, `EXECUTE format('DROP TABLE %I', x);`],
    [`EXECUTE format('DROP TABLE "%s"', x);`, `EXECUTE format('DROP TABLE %I', x);`],
    [`EXECUTE format($q$SELECT '%s'$q$, x /* it */);`, `EXECUTE format($q$SELECT %L$q$, x /* it */);`],
    [`EXECUTE format('SELECT ''%1$s'' FROM %2$I WHERE a = ''%1$s''', x, y);`, `EXECUTE format('SELECT %1$L FROM %2$I WHERE a = %1$L', x, y);`],
    [`EXECUTE format('SELECT %s::%s', n, x);`, `EXECUTE format('SELECT %s::%s', n, x::regtype);`],
    [`EXECUTE format('SELECT 1 WHERE a LIKE ''%s%%''', x);`, `EXECUTE format('SELECT 1 WHERE a LIKE %L', x || '%');`],
    [`EXECUTE format($q$SELECT 1 WHERE a LIKE '%s%%'$q$, x);`, `EXECUTE format($q$SELECT 1 WHERE a LIKE %L$q$, x || '%');`],
    [`EXECUTE format('SELECT nextval(''%I.%I'')', x, y);`, `EXECUTE format('SELECT nextval(%L)', format('%I.%I', x, y));`],
    [`EXECUTE format('SELECT %L', x) || ' FROM ' || y;`, `EXECUTE format('SELECT %L FROM %I', x, y);`],
    // where the text is put together
    [`q := 'SELECT 1'; q := q || ' WHERE a = ''' || x || ''''; EXECUTE q;`, `q := 'SELECT 1'; q := q || format(' WHERE a = %L', x); EXECUTE q;`],
    [`EXECUTE 'SELECT 1' || CASE WHEN b THEN ' WHERE a = ''' || x || '''' ELSE '' END;`, `EXECUTE 'SELECT 1' || CASE WHEN b THEN format(' WHERE a = %L', x) ELSE '' END;`],
  ])('%s', (before, after) => {
    expect(fixed(before)).toBe(after);
  });

  it('offers ::regclass for a table that exists', () => {
    expect(fixed(`EXECUTE 'TRUNCATE ' || x;`, 1)).toBe(`EXECUTE format('TRUNCATE %s', x::regclass);`);
    expect(fixed(`EXECUTE 'CREATE TABLE ' || x || ' ()';`, 1)).toBeUndefined();
  });

  it('doubles quotes again in a quoted body', () => {
    const text = `${head("'")}EXECUTE ''SELECT 1 WHERE a = '''''' || x || ''''''''; END ';`;
    expect(applyEdits(text, fixesOf(text)[0]!.edits)).toBe(`${head("'")}EXECUTE format(''SELECT 1 WHERE a = %L'', x); END ';`);
  });
});

describe('a value that the body takes for a name with a schema in front', () => {
  it.each([
    `PERFORM x::regclass;`,
    `PERFORM CAST(x AS regclass);`,
    `PERFORM to_regclass(x);`,
    `q := split_part(x, '.', 2);`,
    `q := substring(x from position('.' in x) + 1);`,
    `PERFORM y::regclass; x := y;`,
    `SELECT tableowner INTO q FROM pg_tables WHERE schemaname || '.' || tablename = x;`,
  ])('%s', (use) => {
    expect(fixed(`${use} EXECUTE 'TRUNCATE ' || x;`)).toBe(`${use} EXECUTE format('TRUNCATE %s', x::regclass);`);
    expect(fixed(`${use} EXECUTE 'CREATE TABLE ' || x || ' ()';`)).toBeUndefined();
    expect(fixed(`${use} EXECUTE 'CREATE TABLE ' || x || '_old ()';`)).toBeUndefined();
  });

  it('but not when another value is read so', () => {
    expect(fixed(`PERFORM x::regclass; EXECUTE 'TRUNCATE ' || y;`)).toBe(`PERFORM x::regclass; EXECUTE format('TRUNCATE %I', y);`);
    expect(fixed(`PERFORM y.x::regclass, xx::regclass; EXECUTE 'TRUNCATE ' || x;`)).toContain('%I');
  });
});

describe('nothing is offered', () => {
  it.each([
    ['a condition', `EXECUTE 'SELECT 1 WHERE ' || x;`],
    ['a list', `EXECUTE 'SELECT 1 WHERE a IN (' || x || ')';`],
    ['a list in quotes beside a value', `EXECUTE 'SELECT 1 WHERE a = ''' || y || ''' AND b IN (' || x || ')';`],
    ['a dollar quoted body', `EXECUTE 'DO $b$ BEGIN PERFORM ''' || x || '''; END $b$';`],
    ['a keyword', `EXECUTE 'GRANT ' || x || ' ON t TO u';`],
    ['a setting', `EXECUTE 'SET search_path TO ' || x;`],
    ['a comment in the statement', `EXECUTE 'SELECT 1 -- ' || x;`],
    ['a comment that would be lost', `EXECUTE 'SELECT 1 WHERE a = ''' || x || ('''' /* who */);`],
    ['an escape string that is built', `EXECUTE 'SELECT E''a\\n' || x || '''';`],
    ['an argument of a function that may be a column or a value', `EXECUTE 'SELECT lower(' || x || ') FROM t';`],
    ['the whole statement', `EXECUTE x;`],
    ['a value that goes on behind a number', `EXECUTE 'SELECT 1' || x;`],
    ['a literal that ends in another assignment', `q := 'SELECT '''; q := q || x; q := q || ''''; EXECUTE q;`],
  ])('%s', (_, statement) => {
    expect(fixed(statement)).toBeUndefined();
  });
});

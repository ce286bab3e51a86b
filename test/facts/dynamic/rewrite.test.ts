import { beforeAll, describe, expect, it } from 'vitest';
import { findDynamicSql } from '../../../server/src/facts/flow.ts';
import { loadPostgresFromDisk } from '../../../server/src/node-wasm.ts';
import type { Fix } from '../../../server/src/rules/rule.ts';
import { splitStatements } from '../../../server/src/syntax/sql/statements.ts';
import { applyEdits } from '../../../server/src/text.ts';

beforeAll(loadPostgresFromDisk);

const params = 'x text, y text, n int, b boolean, t regclass, j jsonb, a text[]';

const table = 'CREATE TABLE t (id int, a text, born date, data jsonb);\n';

function head(quote: string): string {
  return `CREATE FUNCTION app.f(${params}) RETURNS void LANGUAGE plpgsql AS ${quote} DECLARE q text; BEGIN `;
}

function fixesOf(text: string): readonly Fix[] {
  const found = findDynamicSql(splitStatements(text));
  return found.flatMap((one) => one.risks)[0]?.fixes ?? [];
}

/** The statement after the fix with this number; undefined when there is none. */
function fixed(statement: string, number = 0, before = ''): string | undefined {
  const text = `${before}${head('$fn$')}${statement} END $fn$;`;
  const fix = fixesOf(text)[number];
  if (fix === undefined) return undefined;
  const after = applyEdits(text, fix.edits);
  expect(fixesOf(after)).toEqual([]);
  return after.slice(before.length + head('$fn$').length, -' END $fn$;'.length);
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
    // numbers, which literals in quotes are not everywhere
    [`EXECUTE 'SELECT now() - ' || x || ' * interval ''1 day''';`, `EXECUTE format('SELECT now() - %s * interval ''1 day''', x::numeric);`],
    [`EXECUTE 'CREATE SEQUENCE s START ' || x;`, `EXECUTE format('CREATE SEQUENCE s START %s', x::numeric);`],
    [`EXECUTE 'SELECT to_hex(' || x || ')';`, `EXECUTE format('SELECT to_hex(%s)', x::numeric);`],
    // code in literals
    [`EXECUTE 'DO $b$ BEGIN PERFORM ''' || x || '''; END $b$';`, `EXECUTE format('DO %L', format(' BEGIN PERFORM %L; END ', x));`],
    [`EXECUTE 'CREATE FUNCTION g() RETURNS text LANGUAGE sql AS ''SELECT ''''' || x || '''''''';`, `EXECUTE format('CREATE FUNCTION g() RETURNS text LANGUAGE sql AS %L', format('SELECT %L', x));`],
    [`EXECUTE 'SELECT $b$it''s ' || x || '$b$';`, `EXECUTE format('SELECT %L', 'it''s ' || x);`],
    // where a NULL leaves something out
    [`EXECUTE 'SELECT 1' || coalesce(' WHERE a = ''' || x || ''' AND b = ''' || y || '''', '');`, `EXECUTE 'SELECT 1' || coalesce(' WHERE a = ' || quote_literal(x) || ' AND b = ' || quote_literal(y), '');`],
    [`EXECUTE concat('SELECT 1 ', 'ORDER BY ' || x);`, `EXECUTE concat('SELECT 1 ', 'ORDER BY ' || quote_ident(x));`],
    [`q := ' WHERE a LIKE ''' || x || '%'''; IF q IS NULL THEN RETURN; END IF; EXECUTE 'SELECT 1' || q;`, `q := ' WHERE a LIKE ' || quote_literal(x || '%'); IF q IS NULL THEN RETURN; END IF; EXECUTE 'SELECT 1' || q;`],
    // calls that were made once
    [`EXECUTE format('INSERT INTO t VALUES (%1$s, ''%2$s''), (%1$s, '''')', nextval('s'), x || 'a');`, `EXECUTE format('INSERT INTO t VALUES (%1$s, %2$L), (%1$s, '''')', nextval('s'), x || 'a');`],
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
    [`EXECUTE format('SELECT 1 WHERE a LIKE ''%s%%''', x);`, `EXECUTE format('SELECT 1 WHERE a LIKE %L', concat(x, '%'));`],
    [`EXECUTE format($q$SELECT 1 WHERE a LIKE '%s%%'$q$, x);`, `EXECUTE format($q$SELECT 1 WHERE a LIKE %L$q$, concat(x, '%'));`],
    [`EXECUTE format('SELECT nextval(''%I.%I'')', x, y);`, `EXECUTE format('SELECT nextval(%L)', format('%I.%I', x, y));`],
    [`EXECUTE format('SELECT %L', x) || ' FROM ' || y;`, `EXECUTE format('SELECT %L FROM %I', x, y);`],
    // where the text is put together
    [`q := 'SELECT 1'; q := q || ' WHERE a = ''' || x || ''''; EXECUTE q;`, `q := 'SELECT 1'; q := q || format(' WHERE a = %L', x); EXECUTE q;`],
    [`FOR q IN SELECT 'DROP TABLE s.' || x UNION ALL SELECT 'DROP VIEW s.' || y LOOP EXECUTE q; END LOOP;`, `FOR q IN SELECT format('DROP TABLE s.%I', x) UNION ALL SELECT format('DROP VIEW s.%I', y) LOOP EXECUTE q; END LOOP;`],
    [`FOR q IN SELECT 'log_' || x LOOP RAISE NOTICE '%', q; EXECUTE 'TRUNCATE ' || q; END LOOP;`, `FOR q IN SELECT format('%I', 'log_' || x) LOOP RAISE NOTICE '%', q; EXECUTE 'TRUNCATE ' || q; END LOOP;`],
    [`EXECUTE 'SELECT 1' || CASE WHEN b THEN ' WHERE a = ''' || x || '''' ELSE '' END;`, `EXECUTE 'SELECT 1' || CASE WHEN b THEN format(' WHERE a = %L', x) ELSE '' END;`],
  ])('%s', (before, after) => {
    expect(fixed(before)).toBe(after);
  });

  it.each([
    ['a text in a column of text', `EXECUTE 'SELECT id FROM t WHERE a = ''' || x || '''' INTO q;`, `EXECUTE 'SELECT id FROM t WHERE a = $1' INTO q USING x;`],
    ['numbers beside it', `EXECUTE 'UPDATE t SET a = ''' || x || ''' WHERE id = ' || n;`, `EXECUTE 'UPDATE t SET a = $1 WHERE id = $2' USING x, n;`],
    ['behind what is passed already', `EXECUTE 'INSERT INTO t (id, a) VALUES ($1, ''' || x || ''')' USING n;`, `EXECUTE 'INSERT INTO t (id, a) VALUES ($1, $2)' USING n, x;`],
    ['with a name', `EXECUTE 'SELECT ' || y || ' FROM t WHERE a LIKE ''' || x || '%''';`, `EXECUTE format('SELECT %I FROM t WHERE a LIKE $1', y) USING x || '%';`],
    ['jsonb as it is', `EXECUTE 'UPDATE t SET data = ''' || j::text || '''';`, `EXECUTE 'UPDATE t SET data = $1' USING j;`],
    ['an array', `EXECUTE 'DELETE FROM t WHERE a IN (''' || array_to_string(a, ''',''') || ''')';`, `EXECUTE 'DELETE FROM t WHERE a = ANY ($1)' USING a;`],
    ['a loop', `FOR q IN EXECUTE 'SELECT a FROM t WHERE a = ''' || x || '''' LOOP END LOOP;`, `FOR q IN EXECUTE 'SELECT a FROM t WHERE a = $1' USING x LOOP END LOOP;`],
  ])('passes with USING where the types are known: %s', (_, before, after) => {
    expect(fixed(before, 0, table)).toBe(after);
  });

  it.each([
    ['another type', `EXECUTE 'SELECT a FROM t WHERE id = ''' || x || '''';`, `EXECUTE 'SELECT a FROM t WHERE id = $1::integer' USING x;`],
    ['a list of another type', `EXECUTE 'SELECT a FROM t WHERE id NOT IN (' || array_to_string(a, ', ') || ')';`, `EXECUTE 'SELECT a FROM t WHERE id <> ALL ($1::integer[])' USING a;`],
  ])('casts as the second choice: %s', (_, before, after) => {
    expect(fixed(before, 0, table)).not.toContain('USING');
    expect(fixed(before, 1, table)).toBe(after);
  });

  it.each([
    ['a type that is not known', `EXECUTE 'SELECT a FROM u WHERE b = ''' || x || '''';`],
    ['a command', `EXECUTE 'COMMENT ON TABLE t IS ''' || x || '''';`],
    ['a typed literal', `EXECUTE 'SELECT date ''' || x || ''' FROM t';`],
    ['a text that is put together before', `q := 'SELECT a FROM t WHERE a = ''' || x || ''''; EXECUTE q;`],
  ])('passes nothing with USING: %s', (_, before) => {
    expect(fixed(before, 0, table)).not.toContain('USING');
    expect(fixed(before, 1, table)).toBeUndefined();
  });

  it('quotes lists element by element', () => {
    expect(fixed(`EXECUTE 'SELECT ' || array_to_string(a, ', ') || ' FROM t';`)).toBe(`EXECUTE 'SELECT ' || (SELECT string_agg(quote_ident(v), ', ') FROM unnest(a) v) || ' FROM t';`);
    expect(fixed(`EXECUTE format('SELECT %s FROM %s', array_to_string(a, ', '), x);`)).toBe(`EXECUTE format('SELECT %s FROM %I', (SELECT string_agg(quote_ident(v), ', ') FROM unnest(a) v), x);`);
    expect(fixed(`EXECUTE 'SELECT 1 WHERE b IN (''' || array_to_string(a, ''', ''') || ''')';`)).toBe(`EXECUTE format('SELECT 1 WHERE b IN (%s)', (SELECT string_agg(quote_literal(v), ', ') FROM unnest(a) v));`);
    expect(fixed(`EXECUTE 'SELECT 1 WHERE b = ''' || array_to_string(a, ''',''') || '!''';`)).toBeUndefined();
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
    `IF y = '' THEN PERFORM x::regclass; END IF;`,
    `IF y = '' THEN PERFORM CAST(x AS regclass); END IF;`,
    `PERFORM to_regclass(x);`,
    `q := split_part(x, '.', 2);`,
    `q := substring(x from position('.' in x) + 1);`,
    `IF y = '' THEN PERFORM y::regclass; END IF; x := y;`,
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
    ['a keyword', `EXECUTE 'GRANT ' || x || ' ON t TO u';`],
    ['a setting', `EXECUTE 'SET search_path TO ' || x;`],
    ['a comment in the statement', `EXECUTE 'SELECT 1 -- ' || x;`],
    ['a comment that would be lost', `EXECUTE 'SELECT 1 WHERE a = ''' || x || ('''' /* who */);`],
    ['an escape string that is built', `EXECUTE 'SELECT E''a\\n' || x || '''';`],
    ['an argument of a function that may be a column or a value', `EXECUTE 'SELECT lower(' || x || ') FROM t';`],
    ['the whole statement', `EXECUTE x;`],
    ['a value that is quoted for code between dollar quotes', `EXECUTE format('SELECT $q$%L$q$', x);`],
    ['a value that is quoted for the template of another format()', `EXECUTE format('DO $b$ BEGIN EXECUTE format($s$ SELECT max(%s) FROM t WHERE %L::boolean $s$); END $b$', x, n > 1);`],
    ['a value that goes on behind a number', `EXECUTE 'SELECT 1' || x;`],
    ['a name that a loop also stores', `FOR q IN SELECT 'log_' || x LOOP EXECUTE 'TRUNCATE ' || q; INSERT INTO t (a) VALUES (q); END LOOP;`],
    ['one of the rows of a loop that also stores it', `FOR q IN VALUES ('id'), ('log_' || x) LOOP EXECUTE 'TRUNCATE ' || q; INSERT INTO t (a) VALUES (q); END LOOP;`],
    ['a literal that ends in another assignment', `q := 'SELECT '''; q := q || x; q := q || ''''; EXECUTE q;`],
  ])('%s', (_, statement) => {
    expect(fixed(statement)).toBeUndefined();
  });
});

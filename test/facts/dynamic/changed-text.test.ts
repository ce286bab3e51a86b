import { beforeAll, describe, expect, it } from 'vitest';
import { findDynamicSql } from '../../../server/src/facts/flow.ts';
import { loadPostgresFromDisk } from '../../../server/src/node-wasm.ts';
import { splitStatements } from '../../../server/src/syntax/sql/statements.ts';

beforeAll(loadPostgresFromDisk);

function seen(body: string, header = 'app.f(x text, y text, l text[])', declarations = 'q text; e text; r record; n int;') {
  const text = `CREATE FUNCTION ${header} RETURNS void LANGUAGE plpgsql AS $f$ DECLARE ${declarations} BEGIN ${body} END $f$;`;
  return findDynamicSql(splitStatements(text)).flatMap(({ risks }) => risks).map(({ at, severity, problem }) => `${severity} ${problem} ${text.slice(at.start, at.end)}`);
}

describe('a template that replace() fills', () => {
  it('has the value in the place that it names', () => {
    expect(seen(`q := 'SELECT * FROM #t#'; q := replace(q, '#t#', x); EXECUTE q;`)).toEqual(['medium concatenated x']);
    expect(seen(`q := 'SELECT * FROM #t#'; q := replace(q, '#t#', quote_ident(x)); EXECUTE q;`)).toEqual([]);
    expect(seen(`EXECUTE replace('SELECT * FROM app.t WHERE a = #v#', '#v#', quote_literal(x));`)).toEqual([]);
    expect(seen(`EXECUTE replace('SELECT * FROM app.t WHERE a = ''#v#''', '#v#', quote_literal(x));`)).toEqual(['high misquoted quote_literal(x)']);
  });

  it('is filled step by step', () => {
    const filled = (second: string) => `q := 'SELECT #a# FROM #b#'; q := replace(q, '#a#', quote_ident(x)); q := replace(q, '#b#', ${second}); EXECUTE q;`;
    expect(seen(filled('y'))).toEqual(['medium concatenated y']);
    expect(seen(filled('quote_ident(y)'))).toEqual([]);
  });

  it('tells one value once, whatever is wrong in its places', () => {
    expect(seen(`EXECUTE replace('SELECT #t# FROM "#t#" WHERE a = ''#t#''', '#t#', x);`)).toEqual(['medium concatenated x']);
  });

  it('takes stored values as well', () => {
    expect(seen(`SELECT name INTO e FROM app.tabs; EXECUTE replace('TRUNCATE #t#', '#t#', e);`)).toEqual(['low concatenated e']);
    const text = `FOR r IN SELECT * FROM app.tabs LOOP e := e || 'INSERT INTO ' || r.name || ' VALUES (NEW.*);'; END LOOP;`;
    expect(seen(`${text} EXECUTE replace('CREATE FUNCTION g() RETURNS trigger AS $t$ BEGIN #b# RETURN NULL; END $t$ LANGUAGE plpgsql', '#b#', e);`, 'app.f()', `e text := ''; r record;`)).toEqual(['low dollar r.name']);
  });

  it('stays what the caller gives when the caller gives it', () => {
    expect(seen(`EXECUTE replace(x, '#t#', quote_ident(y));`)).toEqual(['info whole replace(x, \'#t#\', quote_ident(y))']);
  });

  it('loses a sign instead', () => {
    const url = `q := replace(concat('https://', x, '?$filter=a'), '$', '%24');`;
    expect(seen(`${url} EXECUTE 'SELECT $a$' || q || '$a$';`)).toEqual([]);
    expect(seen(`${url} EXECUTE 'SELECT ' || q;`)).toEqual(['medium concatenated q']);
  });

  it('may lose its quotes', () => {
    expect(seen(`q := 'SELECT ' || quote_ident(x); q := replace(q, '"', ''); EXECUTE q;`)).not.toEqual([]);
  });
});

describe('a list without its last sign', () => {
  const list = (element: string) => `q := 'SELECT '; FOREACH e IN ARRAY l LOOP q := q || ${element} || ', '; END LOOP;`;

  it.each([`rtrim(q, ', ')`, `trim(trailing ', ' from q)`, `trim(both ', ' FROM q)`, `left(q, -2)`, `substr(q, 1, length(q) - 2)`, `substring(q from 0 for char_length(q) - 1)`, `substring(q from 1 for (n - 2))`])('%s', (cut) => {
    expect(seen(`${list('e')} n := length(q); q := ${cut} || ' FROM app.t'; EXECUTE q;`)).toEqual(['medium concatenated e']);
    expect(seen(`${list('quote_ident(e)')} n := length(q); q := ${cut} || ' FROM app.t'; EXECUTE q;`)).toEqual([]);
  });

  it('may lose a quote', () => {
    expect(seen(`${list('quote_ident(e)')} q := substring(q from 0 for length(q) - 2) || ' FROM app.t'; EXECUTE q;`)).not.toEqual([]);
    expect(seen(`${list('quote_ident(e)')} n := length(q); n := 3; q := substring(q from 1 for n - 2) || ' FROM app.t'; EXECUTE q;`)).not.toEqual([]);
    expect(seen(`${list('quote_ident(e)')} q := left(q, -3) || ' FROM app.t'; EXECUTE q;`)).not.toEqual([]);
    expect(seen(`${list('quote_ident(e)')} q := rtrim(q, ', "') || ' FROM app.t'; EXECUTE q;`)).not.toEqual([]);
  });

  it('is followed where the table stands in front', () => {
    const body = `q := 'CREATE TABLE ' || x || '.t ('; FOR r IN SELECT attname || ' ' || atttypid::regtype || ', ' AS col FROM pg_attribute LOOP q := q || r.col; END LOOP; q := rtrim(q, ', ') || ')'; EXECUTE q;`;
    expect(seen(body).filter((one) => one.startsWith('medium'))).toEqual(['medium concatenated x']);
  });
});

describe('an array that begins empty', () => {
  it.each(['(ARRAY[])::text[]', 'ARRAY[]::text[]', `'{}'`])('%s', (empty) => {
    const body = (value: string) => `l2 := ${empty}; IF x <> '' THEN l2 := array_append(l2, format('n LIKE %s', ${value})); END IF; EXECUTE format('SELECT * FROM app.t WHERE %s', array_to_string(l2, ' AND '));`;
    expect(seen(body('x'), undefined, 'l2 text[];')).toEqual(['medium formatted x']);
    expect(seen(body('quote_literal(x)'), undefined, 'l2 text[];')).toEqual([]);
  });
});

describe('what only the script can call', () => {
  it('is given what the script gives it', () => {
    expect(seen(`EXECUTE 'DROP TABLE ' || x;`, 'pg_temp.f(x text)')).toEqual(['low concatenated x']);
    expect(seen(`EXECUTE 'DROP TABLE ' || x;`, 'pg_temp_tools.f(x text)')).toEqual(['medium concatenated x']);
  });
});

describe('a column that has to be the same as another one', () => {
  const query = (condition: string, join = 'JOIN') => `WITH given AS (SELECT jsonb_object_keys(d) AS name), known AS (SELECT attname AS name FROM pg_attribute)
    SELECT string_agg('(d ->> ''' || given.name || ''')', ',') INTO q FROM known ${join} given ON ${condition}; EXECUTE 'SELECT ' || q;`;
  const levels = (body: string) => seen(body, 'app.f(d jsonb)', 'q text;').map((one) => one.split(' ')[0]);

  it('is chosen no more freely', () => {
    expect(levels(query('given.name = known.name'))).toEqual(['info']);
    expect(levels(query('(known.name = given.name) AND given.name <> known.name'))).toEqual(['info']);
  });

  it('but not where a row comes without it', () => {
    expect(levels(query('given.name <> known.name'))).toEqual(['medium']);
    expect(levels(query('given.name = known.name', 'RIGHT JOIN'))).toEqual(['medium']);
    expect(levels(query('given.name = known.name OR d IS NULL'))).toEqual(['medium']);
    expect(levels(query('NOT given.name = known.name'))).toEqual(['medium']);
    expect(levels(query('lower(given.name) = known.name'))).toEqual(['medium']);
  });
});

describe('a query behind WHEN of a CASE statement', () => {
  it('is read as one', () => {
    const body = (column: string) => `CASE x WHEN 'a' THEN SELECT string_agg(${column}, ',') INTO q FROM app.cols; WHEN 'b' THEN IF y = '' THEN SELECT string_agg(${column}, ',') INTO q FROM app.more; END IF; END CASE; EXECUTE 'SELECT ' || q;`;
    expect(seen(body('quote_ident(name)'))).toEqual([]);
    expect(seen(body('name'))).toEqual(['low list q']);
  });
});

describe('a list that begins with its first separator', () => {
  const list = (grows: string, run: string) => seen(`q := ''; FOREACH e IN ARRAY l LOOP ${grows} END LOOP; ${run}`);
  const grows = `q := q || ',' || quote_ident(e);`;

  it.each(['substring(q from 2)', 'substr(q, 2)', 'right(q, -1)', 'right(q, length(q) - 1)', `ltrim(q, ',')`])('keeps its quotes without it: %s', (cut) => {
    expect(list(grows, `EXECUTE 'SELECT ' || ${cut} || ' FROM app.t';`)).toEqual([]);
    expect(list(grows, `q := ${cut}; EXECUTE 'SELECT ' || q || ' FROM app.t';`)).toEqual([]);
    expect(list(`q := q || ',' || e;`, `EXECUTE 'SELECT ' || ${cut} || ' FROM app.t';`)).not.toEqual([]);
  });

  it('loses a quote where more is cut, or another one may be the first', () => {
    expect(list(grows, `EXECUTE 'SELECT ' || substr(q, 3) || ' FROM app.t';`)).not.toEqual([]);
    expect(list(`IF e > 'a' THEN ${grows} ELSE q := q || quote_ident(e); END IF;`, `EXECUTE 'SELECT ' || substr(q, 2) || ' FROM app.t';`)).not.toEqual([]);
    expect(list(`q := q || quote_ident(e) || ',';`, `EXECUTE 'SELECT ' || substr(q, 2) || ' FROM app.t';`)).not.toEqual([]);
  });
});

import { beforeAll, describe, expect, it } from 'vitest';
import { findDynamicSql } from '../../server/src/facts/flow.ts';
import { loadPostgresFromDisk } from '../../server/src/node-wasm.ts';
import { splitStatements } from '../../server/src/syntax/sql/statements.ts';

beforeAll(loadPostgresFromDisk);

function seen(body: string, { params = 'x text', clauses = '' } = {}): string[] {
  const text = `CREATE FUNCTION app.f(${params}) RETURNS void LANGUAGE plpgsql ${clauses} AS $b$ ${body} $b$;`;
  return findDynamicSql(splitStatements(text)).flatMap(({ risks }) => risks.map(({ severity, at, origin }) => `${severity} ${origin} ${text.slice(at.start, at.end)}`));
}

function message(body: string, params = 'x text'): string | undefined {
  return findDynamicSql(splitStatements(`CREATE FUNCTION app.f(${params}) RETURNS void LANGUAGE plpgsql AS $b$ ${body} $b$;`)).flatMap(({ risks }) => risks)[0]?.message;
}

const definer = { clauses: 'SECURITY DEFINER' };
const drop = `EXECUTE 'DROP TABLE ' || x;`;
const quoted = `EXECUTE 'SELECT ''' || x || '''';`;

describe('a check by a name', () => {
  // PostgreSQL takes `a;b` for the name of a table, also without quotes, as long as there is no blank in it.
  it.each([
    `IF to_regclass(x) IS NULL THEN RAISE 'no'; END IF;`,
    `PERFORM x::regclass;`,
    `v := x::regclass;`,
    `SELECT relnatts::text INTO v FROM pg_class WHERE oid = x::regclass;`,
    `EXECUTE format('SELECT %L::regclass', x);`,
    `EXECUTE format('SELECT %1$L::regclass', x);`,
    `EXECUTE 'SELECT ' || quote_literal(x) || '::regclass';`,
    `EXECUTE 'SELECT $1::regclass' USING x;`,
    `IF NOT has_table_privilege(x, 'SELECT') THEN RAISE 'no'; END IF;`,
    `IF NOT has_table_privilege(current_user, x, 'SELECT') THEN RAISE 'no'; END IF;`,
    `SELECT INTO v count(*) FROM pg_views WHERE upper(viewname) = upper(x::name); IF v = 0 THEN RAISE 'no'; END IF;`,
    `v := EXISTS (SELECT 1 FROM information_schema.tables WHERE table_name = x); IF NOT v THEN RAISE 'no'; END IF;`,
    `v := (SELECT EXISTS (SELECT FROM pg_class WHERE relname = x)); IF NOT v THEN RAISE 'no'; END IF;`,
    `v = (SELECT count(*) FROM pg_class WHERE relname = x); IF v = 0 THEN RAISE 'no'; END IF;`,
    `v := (SELECT relname FROM pg_class WHERE relname = x); IF v IS NULL THEN RAISE 'no'; END IF;`,
  ])('leaves the names of objects: %s', (check) => {
    expect(seen(`DECLARE v text; BEGIN ${check} ${drop} END`)).toEqual(['info catalog x']);
    expect(seen(`DECLARE v text; BEGIN ${check} ${drop} END`, definer)).toEqual(['medium catalog x']);
  });

  it('may stand in a declaration', () => {
    expect(seen(`DECLARE v boolean := EXISTS (SELECT 1 FROM pg_class WHERE relname = x); BEGIN IF NOT v THEN RAISE 'no'; END IF; ${drop} END`)).toEqual(['info catalog x']);
  });

  it.each([
    `BEGIN PERFORM x::regclass; EXCEPTION WHEN others THEN NULL; END;`,
    `IF n = 1 THEN EXECUTE format('SELECT %L::regclass', x); END IF;`,
    `EXECUTE format('SELECT %L::regclass', x); x := x || y;`,
    `EXECUTE format('SELECT %L::regclass', y);`,
    `EXECUTE format('SELECT %L::text', x);`,
    `v := EXISTS (SELECT 1 FROM pg_class WHERE relname = x OR n = 1); IF NOT v THEN RAISE 'no'; END IF;`,
    `v := EXISTS (SELECT 1 FROM pg_class WHERE relname = x); v := true; IF NOT v THEN RAISE 'no'; END IF;`,
    `v := EXISTS (SELECT 1 FROM pg_class WHERE relname = x); IF v THEN RAISE 'there already'; END IF;`,
    `v := NOT EXISTS (SELECT 1 FROM pg_class WHERE relname = x); IF NOT v THEN RAISE 'no'; END IF;`,
    `v := (SELECT count(*) FROM pg_class WHERE relname = x) + 1; IF v = 0 THEN RAISE 'no'; END IF;`,
  ])('is none: %s', (check) => {
    expect(seen(`DECLARE v text; BEGIN ${check} ${drop} END`, { params: 'x text, y text, n int' })).toEqual(['medium param x']);
  });

  it('lets comments in types through', () => {
    expect(seen(`BEGIN PERFORM x::regtype; EXECUTE 'ALTER TABLE app.t ADD c ' || x || ' NOT NULL'; END`, definer)).toEqual(['low param x']);
    expect(message(`BEGIN IF to_regtype(x) IS NULL THEN RAISE 'no'; END IF; EXECUTE 'SELECT NULL::' || x; END`)).toMatch(/only types through, but comments may stand in them$/);
  });

  it('makes a relation out of a parameter of that type', () => {
    expect(seen(quoted.replace(/^/, 'BEGIN ') + ' END', { params: 'x regclass' })).toEqual(['info catalog x']);
    expect(seen(`BEGIN ${drop} END`, { params: 'x regclass', ...definer })).toEqual([]);
  });
});

describe('a check by what fails', () => {
  const list = `EXECUTE 'SELECT a FROM app.t LIMIT ' || x;`;

  it.each([
    `IF n > x::int THEN PERFORM 1; END IF;`,
    `n := (x::integer - 1) * 10;`,
    `IF n::bigint > x::integer THEN`,
  ])('is a cast to a number of what has to be looked at: %s', (check) => {
    expect(seen(`DECLARE n int; BEGIN ${check} ${list} ${check.endsWith('THEN') ? 'END IF;' : ''} END`)).toEqual([]);
  });

  it.each([
    `IF n > 1 AND x::int > 2 THEN PERFORM 1; END IF;`,
    `n := CASE WHEN n > 1 THEN x::int ELSE 0 END;`,
    `n := coalesce(n, x::int);`,
    `n := (SELECT count(*) FROM app.t WHERE x::int > 1);`,
    `n := y::int + 1;`,
    `IF n = 1 THEN n := x::int + 1; END IF;`,
    `n := x::int + 1; x := y;`,
    `IF n = 1 THEN NULL; ELSIF n > x::int THEN NULL; END IF;`,
  ])('is none where the cast may be left out: %s', (check) => {
    expect(seen(`DECLARE n int; BEGIN ${check} ${list} END`, { params: 'x text, y text' })).toEqual(['medium param x']);
  });

  it('counts before the statement runs, too', () => {
    const run = (between: string) => `DECLARE q text; BEGIN q := 'SELECT ' || x; ${between} EXECUTE q; END`;
    expect(seen(run(`IF x NOT IN ('a', 'b') THEN RAISE 'no'; END IF;`))).toEqual([]);
    expect(seen(run(`IF NOT app.has_column(x) THEN RAISE 'no'; END IF;`))).toEqual(['low param x']);
    expect(seen(run(`x := 'a'; IF x NOT IN ('a', 'b') THEN RAISE 'no'; END IF;`))).toEqual(['medium param x']);
    expect(seen(run(`IF y NOT IN ('a', 'b') THEN RAISE 'no'; END IF;`), { params: 'x text, y text' })).toEqual(['medium param x']);
  });

  it('is a word that stays, beside what is quoted', () => {
    const run = (quoting: string) => `DECLARE v text; BEGIN v := x; IF v <> 'NULL' THEN v := ${quoting}; END IF; EXECUTE 'UPDATE app.t SET a = ' || v; END`;
    expect(seen(run('quote_literal(v)'))).toEqual([]);
    expect(seen(run('trim(v)'))).not.toEqual([]);
    expect(seen(run(`quote_literal(v) || y`), { params: 'x text, y text' })).not.toEqual([]);
  });
});

describe('a check by a pattern', () => {
  it.each([
    [`IF x NOT ILIKE 'enable' THEN RAISE 'no'; END IF;`],
    [`IF NOT (x ILIKE ANY (ARRAY['ENABLE', 'DISABLE'])) THEN RAISE 'no'; END IF;`],
    [`IF x NOT LIKE 'a' AND x NOT LIKE 'b' THEN RAISE 'no'; END IF;`],
  ])('is a list when LIKE has no wildcard: %s', (check) => {
    expect(seen(`BEGIN ${check} ${drop} END`)).toEqual([]);
  });

  it.each([
    `IF x NOT ILIKE 'enable%' THEN RAISE 'no'; END IF;`,
    `IF x NOT LIKE 'a____' THEN RAISE 'no'; END IF;`,
    `IF NOT (x ILIKE ANY (ARRAY['ENABLE', '%'])) THEN RAISE 'no'; END IF;`,
    `IF x ILIKE 'enable' THEN RAISE 'no'; END IF;`,
  ])('is none: %s', (check) => {
    expect(seen(`BEGIN ${check} ${drop} END`)).toEqual(['medium param x']);
  });

  it('that lets words and blanks through leaves no more than words', () => {
    const explain = (pattern: string) => `BEGIN IF x SIMILAR TO '${pattern}' THEN EXECUTE 'EXPLAIN (' || x || ') SELECT 1'; END IF; END`;
    expect(seen(explain('[A-z_ ]+'))).toEqual(['low param x']);
    expect(message(explain('[A-z_ ]+'))).toMatch(/only words can get there$/);
    expect(seen(explain('[A-z_, ]+'))).toEqual(['medium param x']);
    expect(seen(`BEGIN IF x !~ '^[A-z ]+$' THEN RAISE 'no'; END IF; ${quoted} END`)).toEqual([]);
    expect(seen(`BEGIN IF x !~ '^[A-z ]+$' THEN RAISE 'no'; END IF; EXECUTE 'SELECT E''' || x || ''''; END`)).toEqual(['low param x']);
  });

  it.each([
    [`IF position('$q$' IN x) > 0 THEN RAISE 'no'; END IF;`, []],
    [`IF strpos(x, '$') > 0 THEN RAISE 'no'; END IF;`, []],
    [`IF x LIKE '%$q$%' THEN RAISE 'no'; END IF;`, []],
    [`IF x LIKE '%$q%' THEN RAISE 'no'; END IF;`, []],
    [`IF x LIKE '%q$%' THEN RAISE 'no'; END IF;`, ['medium param x']],
    [`IF position('$r$' IN x) > 0 THEN RAISE 'no'; END IF;`, ['medium param x']],
    [`IF position('$q$' IN x) = 0 THEN RAISE 'no'; END IF;`, ['medium param x']],
    [`IF position('$q$' IN x) > 1 THEN RAISE 'no'; END IF;`, ['medium param x']],
  ])('may keep the tag out of dollar quotes: %s', (check, expected) => {
    expect(seen(`BEGIN ${check} EXECUTE 'INSERT INTO app.notes VALUES ($q$ ' || x || ' $q$)'; END`)).toEqual(expected);
    // In code it can end the comment or the quotes around it, and needs no more.
    expect(seen(`BEGIN ${check} EXECUTE 'DO $q$ BEGIN PERFORM app.g(); /* ' || x || ' */ END $q$'; END`)).toEqual(['medium param x']);
    expect(seen(`BEGIN ${check} EXECUTE 'DO $q$ BEGIN PERFORM app.g(''' || x || '''); END $q$'; END`)).toEqual(['medium param x']);
  });

  it.each([
    [`replace(x, '$', '')`, []],
    [`replace(replace(x, 'a', ' '), '$', '%24')`, []],
    [`translate(x, '$%', '')`, []],
    [`regexp_replace(x, '[$]', '', 'g')`, []],
    [`replace(x, '$', '$$')`, ['medium']],
    [`replace(x, '$$', '')`, ['medium']],
    [`regexp_replace(x, '[$]', '')`, ['medium']],
    [`replace(x, '%', '')`, ['medium']],
  ])('takes the sign out of dollar quotes: %s', (value, expected) => {
    const levels = (body: string) => seen(`BEGIN ${body} END`).map((one) => one.replace(/ .*/s, ''));
    expect(levels(`EXECUTE 'COPY app.t FROM PROGRAM $q$ fetch ' || ${value} || ' $q$';`)).toEqual(expected);
    expect(levels(`EXECUTE 'DO $q$ BEGIN PERFORM app.g(''' || ${value} || '''); END $q$';`)).toEqual(['medium']);
    expect(levels(`EXECUTE 'DO $q$ BEGIN ' || ${value} || ' END $q$';`)).toEqual(['info']);
  });

  it.each([
    [`IF position('''' IN x) > 0 THEN RAISE 'no'; END IF;`],
    [`IF x LIKE '%''%' THEN RAISE 'no'; END IF;`],
    [`IF x ~ '[;'']' THEN RAISE 'no'; END IF;`],
  ])('may keep quotes out of quotes, and out of nothing else: %s', (check) => {
    expect(seen(`BEGIN ${check} ${quoted} END`)).toEqual([]);
    expect(seen(`BEGIN ${check} ${drop} END`)).toEqual(['medium param x']);
    expect(seen(`BEGIN ${check} EXECUTE 'SELECT E''' || x || ''''; END`)).toEqual(['medium param x']);
  });
});

describe('what cannot be told', () => {
  it('is less than medium when a function is asked about the value', () => {
    expect(seen(`BEGIN IF NOT app.is_name(x) THEN RAISE 'no'; END IF; ${drop} END`)).toEqual(['low param x']);
    expect(seen(`BEGIN IF app.is_name(x, n) THEN ${drop} END IF; END`, { params: 'x text, n int', ...definer })).toEqual(['low param x']);
    expect(message(`BEGIN IF NOT app.is_name(x) THEN RAISE 'no'; END IF; ${drop} END`)).toMatch(/what the function lets through that is asked about it before cannot be told here$/);
  });

  it.each([
    `IF app.is_name(x) THEN RAISE 'no'; END IF;`,
    `IF NOT app.is_name(y) THEN RAISE 'no'; END IF;`,
    `IF NOT app.is_name(x || y) THEN RAISE 'no'; END IF;`,
    `IF NOT starts_with(x, 'a') THEN RAISE 'no'; END IF;`,
    `IF app.count_of(x) > 3 THEN RAISE 'no'; END IF;`,
    `IF NOT app.is_name(x) THEN RAISE NOTICE 'no'; END IF;`,
  ])('is no check: %s', (check) => {
    expect(seen(`BEGIN ${check} ${drop} END`, { params: 'x text, y text' })).toEqual(['medium param x']);
  });

  it('is the type of a parameter that nobody knows, whatever it is cast to', () => {
    expect(seen(`BEGIN EXECUTE 'SELECT ' || x::text; END`, { params: 'x app.amount' })).toEqual(['low param x::text']);
  });
});

describe('what only a session can do', () => {
  it('is less for those who have its rights anyway', () => {
    const run = `BEGIN EXECUTE 'SELECT ''' || x || ''''; END`;
    expect(seen(run, { params: 'x timestamptz' })).toEqual(['low param x']);
    expect(seen(run, { params: 'x timestamp with time zone', ...definer })).toEqual(['medium param x']);
    expect(seen(run.replace('|| x', '|| coalesce(x, now())'), { params: 'x timestamptz' })).toEqual(['low param coalesce(x, now())']);
    expect(seen(run.replace('|| x', '|| coalesce(x, now()::text)'), { params: 'x text' })).toEqual(['medium param coalesce(x, now()::text)']);
    expect(message(run, 'x bytea')).toMatch(/only the settings of a session, such as TimeZone/);
    const body = (value: string) => `BEGIN EXECUTE format($q$DO $d$ BEGIN PERFORM ${value}; END $d$$q$, x); END`;
    expect(seen(body('%L'), { params: 'x timestamptz', ...definer })).toEqual(['low param x']);
    expect(seen(body(`'%s'`), { params: 'x timestamptz', ...definer })).toEqual(['medium param x']);
    expect(seen(body('%L'), { params: 'x text', ...definer })).toEqual(['medium param x']);
    expect(seen(run, { params: 'x jsonb' })).toEqual(['medium param x']);
  });

  it('can switch off what doubled quotes stand on', () => {
    const run = (before: string, after = `''''`) => `BEGIN EXECUTE 'SELECT ${before}' || replace(x, '''', '''''') || ${after}; END`;
    expect(seen(run(`''`), definer)).toEqual(['medium param x']);
    expect(seen(run(`''`))).toEqual(['low param x']);
    expect(message(run(`''`))).toBe('Quotes doubled by hand keep out SQL that comes through x only while standard_conforming_strings is on; use %L');
    expect(seen(run(`E''`))).toEqual(['high param x']);
    expect(seen(run('', `''`))).toEqual(['medium param x']);
    expect(message(run('', `''`))).toMatch(/do not keep out SQL/);
  });
});

describe('what is beside a value', () => {
  it('makes no text out of a number of the caller', () => {
    const run = `DECLARE t text; q text; BEGIN t := 'part_' || n; q := format('CREATE TABLE %s (', t); FOR r IN SELECT name FROM app.fields LOOP q := format('%s %s text', q, r.name); END LOOP; EXECUTE q; END`;
    expect(seen(run, { params: 'n int' }).every((one) => one.includes('fetched'))).toBe(true);
  });

  it('tells nothing of a type that nobody knows', () => {
    const make = `CREATE FUNCTION app.indent(i text) RETURNS text LANGUAGE sql AS $$ SELECT '  ' || i $$;\n`;
    const text = `${make}CREATE FUNCTION app.f(x app.views.key%type) RETURNS void LANGUAGE plpgsql AS $b$ BEGIN EXECUTE 'SELECT ' || app.indent(concat('v_', x)); END $b$;`;
    expect(findDynamicSql(splitStatements(text)).flatMap(({ risks }) => risks.map(({ severity }) => severity))).toEqual(['low']);
  });

  it('leaves a statement of the caller one when another statement follows', () => {
    expect(seen(`BEGIN EXECUTE x || '; ANALYZE app.t'; END`)).toEqual(['info param x']);
    expect(seen(`BEGIN EXECUTE x || '; ANALYZE app.t'; END`, definer)).toEqual(['high param x']);
    expect(seen(`BEGIN EXECUTE 'SELECT ' || x || '; ANALYZE app.t'; END`)).toEqual(['medium param x']);
  });
});

describe('a part of a value', () => {
  it('of a few characters holds no statement', () => {
    expect(seen(`BEGIN EXECUTE 'SELECT x''' || substring(x, 6, 2) || left(x, 2) || ''''; END`)).toEqual(['low param substring(x, 6, 2)', 'low param left(x, 2)']);
    expect(seen(`BEGIN EXECUTE 'SELECT ''' || left(x, 20) || ''''; END`)).toEqual(['medium param left(x, 20)']);
  });

  it('holds nothing of what is taken out of it', () => {
    expect(seen(`DECLARE a text[] := ARRAY['a', 'b']; BEGIN EXECUTE 'SELECT ' || array_to_string(array_remove(a, x), ','); END`)).toEqual([]);
    expect(seen(`BEGIN EXECUTE 'SELECT ' || nullif('a', x); END`)).toEqual([]);
    expect(seen(`BEGIN EXECUTE 'SELECT ' || rtrim('a', x); END`)).toEqual([]);
    expect(seen(`BEGIN EXECUTE 'SELECT ' || nullif(x, 'a'); END`)).toEqual([`medium param nullif(x, 'a')`]);
  });

  it('cut off at its end by a pattern without quotes keeps its quoting', () => {
    const run = (pattern: string) => `DECLARE q text := ''; BEGIN q := q || 'a = ' || quote_literal(x) || ' AND '; q := regexp_replace(q, ${pattern}, ''); EXECUTE 'SELECT 1 WHERE ' || q; END`;
    for (const pattern of [`E'\\\\s*AND\\\\s+$'`, `'\\s*AND\\s*$'`, `',\\s*$'`, `'[ ,]+$'`]) expect(seen(run(pattern)), pattern).toEqual([]);
    for (const pattern of [`'.$'`, `'[^a]+$'`, `'''.*'`, `'\\W+$'`, `'[[:punct:]]$'`, `'[ -~]$'`]) expect(seen(run(pattern)), pattern).not.toEqual([]);
  });

  it('is the mistake that has been told of the whole', () => {
    expect(seen(`DECLARE q text := 'SELECT '; BEGIN q := q || x || ', '; q := substring(q, 1, length(q) - 2); EXECUTE q; END`)).toEqual(['medium param x']);
    expect(seen(`DECLARE q text := ''; BEGIN IF n = 1 THEN q := q || x || ', '; q := substring(q, 1, length(q) - 2); END IF; EXECUTE 'SELECT ' || q; END`, { params: 'x text, n int' })).toEqual(['medium param x']);
  });
});

describe('a list of what is put together', () => {
  it.each<[string, string[]]>([
    [`SELECT string_agg('DROP TABLE ' || t.name, ';') INTO q FROM app.tables t; EXECUTE q;`, ['low fetched t.name']],
    [`SELECT string_agg('DROP TABLE ' || relname, ';') INTO q FROM pg_class; EXECUTE q;`, ['info catalog relname']],
    [`SELECT string_agg('DROP TABLE ' || x || '_' || quote_ident(relname), ';') INTO q FROM pg_class; EXECUTE q;`, ['medium param x']],
    [`SELECT string_agg('CALL app.drop(''' || quote_ident(x) || ''')', ';') INTO q FROM pg_class; EXECUTE q;`, ['high param quote_ident(x)']],
    [`SELECT string_agg(format('CALL app.drop(''%I'')', relname), ';') INTO q FROM pg_class; EXECUTE q;`, ['low catalog %I']],
    [`SELECT string_agg(format('CALL app.drop(%L)', relname), ';') INTO q FROM pg_class; EXECUTE q;`, []],
    [`EXECUTE 'SELECT 1 WHERE ' || (SELECT string_agg(quote_ident(k) || ' = ''' || x || '''', ' AND ') FROM unnest(ARRAY['a', 'b']) k);`, ['medium param x']],
    [`EXECUTE 'SELECT 1 WHERE ' || (SELECT string_agg(format('%I = %L', k, x), ' AND ') FROM unnest(ARRAY['a', 'b']) k);`, []],
    [`SELECT array_agg('SELECT * FROM ' || t.name) INTO a FROM app.tables t; EXECUTE array_to_string(a, ' UNION ALL ');`, ['low fetched t.name']],
    [`SELECT array_agg(format('SELECT * FROM %I', t.name)) INTO a FROM app.tables t; EXECUTE array_to_string(a, ' UNION ALL ');`, []],
    [`SELECT array_agg('SELECT * FROM ' || t.name) INTO a FROM app.tables t; a := a || x; EXECUTE array_to_string(a, ' UNION ALL ');`, ['medium param array_to_string(a, \' UNION ALL \')']],
  ])('is read element by element: %s', (statements, expected) => {
    expect(seen(`DECLARE q text; a text[]; BEGIN ${statements} END`)).toEqual(expected);
  });
});

describe('what a fix offers', () => {
  const titles = (body: string, params = 'x text') => findDynamicSql(splitStatements(`CREATE FUNCTION app.f(${params}) RETURNS text LANGUAGE plpgsql AS $b$ ${body} $b$;`)).flatMap(({ risks }) => risks.flatMap(({ fixes }) => fixes.map(({ title }) => title)));

  it('is a function that exists, where one is called', () => {
    expect(titles(`BEGIN EXECUTE 'SELECT ' || x || '(1)'; END`)).toEqual(['Quote with format(); a name is taken as it is stored, with its capitals and without a schema', 'Quote with format() and accept only functions that exist with one list of parameters (::regproc)']);
    expect(titles(`BEGIN EXECUTE format('SELECT %s($1)', x) USING 1; END`).at(-1)).toMatch(/::regproc/);
    expect(titles(`BEGIN EXECUTE 'CREATE FUNCTION ' || x || '() RETURNS int LANGUAGE sql AS ''SELECT 1'''; END`).join()).not.toMatch(/regproc/);
  });

  it('is nothing for what is joined to a text in the statement', () => {
    expect(titles(`BEGIN EXECUTE 'SELECT max(''n'' || ' || x || ') FROM app.t'; END`)).toEqual([]);
  });

  it('is nothing for a name that stands for itself elsewhere', () => {
    const run = (between: string) => `DECLARE v text; BEGIN v := 'log_' || x; ${between} EXECUTE 'CREATE TABLE ' || v || ' (a int)'; END`;
    expect(titles(run(`IF EXISTS (SELECT FROM pg_class WHERE relname = v) THEN RETURN v; END IF;`))).toEqual([]);
    expect(titles(run(`RETURN QUERY SELECT v;`))).toEqual([]);
    expect(titles(run(`RAISE NOTICE '%', v;`))).toEqual([expect.stringMatching(/^Quote with format\(\)/)]);
    expect(titles(run(`EXECUTE 'DROP TABLE ' || v;`))).not.toEqual([]);
    expect(titles(run(`EXECUTE 'DROP TABLE ' || v || ' CASCADE';`))).not.toEqual([]);
    expect(titles(run(`EXECUTE 'DROP TABLE ' || quote_ident(v || '_old');`))).toEqual([]);
    expect(titles(run(`EXECUTE 'DROP TABLE ' || quote_ident('old_' || v);`))).toEqual([]);
    expect(titles(run(`EXECUTE format('DROP TABLE %s', v);`))).not.toEqual([]);
    expect(titles(run(`EXECUTE format('DROP TABLE %s_old', v);`))).toEqual([]);
    expect(titles(run(`EXECUTE format('DROP TABLE %I', v);`))).toEqual([]);
    expect(titles(run(`EXECUTE format('SELECT ''%s''', v);`))).toEqual([]);
    const selected = (select: string, next: string) => `DECLARE v text; BEGIN ${select}; ${next} EXECUTE format('DROP TABLE %s', v); END`;
    for (const select of ["SELECT 'log_' || x INTO v", "SELECT 'log_' || x INTO STRICT v", "SELECT INTO v 'log_' || x"]) {
      expect(titles(selected(select, `PERFORM quote_ident(v || '_old');`)), select).toEqual([]);
      expect(titles(selected(select, 'PERFORM app.touch(v);')), select).toEqual([]);
      expect(titles(selected(select, '')), select).not.toEqual([]);
    }
  });

  it('is nothing for a part of a statement that makes the next one', () => {
    const run = (next: string) => `DECLARE q text; BEGIN EXECUTE format('SELECT string_agg(''ALTER TABLE %s ADD COLUMN '' || name, '';'') FROM app.columns', x) INTO q; ${next} END`;
    expect(titles(run('EXECUTE q;'))).toEqual([]);
    expect(titles(run('FOR r IN EXECUTE q LOOP NULL; END LOOP;'))).toEqual([]);
    expect(titles(run('RETURN q;'))).not.toEqual([]);
    expect(titles(`DECLARE q text; BEGIN EXECUTE 'SELECT name FROM ' || x INTO q; EXECUTE q; END`)).not.toEqual([]);
  });

  it('does not tell of a NULL that stays what it was', () => {
    expect(titles(`BEGIN RETURN QUERY EXECUTE format('SELECT a FROM app.t ORDER BY a %s', x); END`)).toEqual(['Quote with format() and accept only ASC and DESC']);
  });
});

describe('what is quoted in a string of a body between dollar quotes', () => {
  const inBody = (body: string, params = 'x text'): string => `BEGIN EXECUTE format('DO $do$ BEGIN ${body.replaceAll("'", "''")}; END $do$', ${params.split(' ')[0]!}); END`;

  it.each([`PERFORM '%I'`, `PERFORM '%L'`, `PERFORM "%I"()`, `EXECUTE 'TABLE %I'`, `EXECUTE 'SELECT %L'`])('is as good as unquoted: %s', (body) => {
    expect(seen(inBody(body))).toEqual(['medium param x']);
    expect(seen(inBody(body), definer)).toEqual(['high param x']);
    expect(message(inBody(body))).toMatch(/^quote_(ident|literal)\(\) or %[IL] inside quotes protects nothing: SQL can enter through x; pass the body as one %L with a format\(\) of its own$/);
  });

  it.each([`PERFORM %L`, `PERFORM %I()`, `EXECUTE 'SELECT ' || %L`, `PERFORM 'a', %L, 'b'`])('is quoted otherwise: %s', (body) => {
    expect(seen(inBody(body))).toEqual(['info param x']);
    expect(seen(inBody(body), definer)).toEqual(['medium param x']);
    expect(message(inBody(body))).toMatch(/^A caller can end the dollar-quoted body/);
  });

  it('is the same for quote_ident()', () => {
    expect(seen(`BEGIN EXECUTE 'DO $$ BEGIN PERFORM ''' || quote_ident(x) || '''; END $$'; END`)).toEqual(['medium param x']);
  });
});

import { beforeAll, describe, expect, test } from 'vitest';
import { findDynamicSql } from '../../../server/src/facts/flow.ts';
import { loadPostgresFromDisk } from '../../../server/src/node-wasm.ts';
import { splitStatements } from '../../../server/src/syntax/sql/statements.ts';

beforeAll(loadPostgresFromDisk);

const builds = "'SELECT * FROM app.t WHERE name = ''' || p || ''''";
const quotes = "'SELECT * FROM app.t WHERE name = ' || quote_literal(p)";
const constant = "'SELECT * FROM app.t'";

describe('what a routine of the file gives back', () => {
  test('behind a check that leaves through a routine that always raises', () => {
    const found = (fails: string) => findDynamicSql(splitStatements(`CREATE FUNCTION app.fail(v text) RETURNS void LANGUAGE plpgsql AS $$ BEGIN ${fails} END $$;
CREATE FUNCTION app.make(p text) RETURNS text LANGUAGE plpgsql AS $$ BEGIN IF p NOT IN ('AND', 'OR') THEN PERFORM app.fail(p); END IF; RETURN 'SELECT 1 WHERE true ' || p || ' false'; END $$;
CREATE FUNCTION app.run(p text) RETURNS void LANGUAGE plpgsql AS $$ BEGIN EXECUTE app.make(p); END $$;`)).flatMap(({ risks }) => risks).map(({ severity }) => severity);
    expect(found(`RAISE EXCEPTION 'wrong %', v;`)).toEqual([]);
    expect(found(`IF v = 'x' THEN RAISE EXCEPTION 'wrong %', v; END IF;`)).toEqual(['medium']);
    expect(found(`RAISE NOTICE 'wrong %', v;`)).toEqual(['medium']);
  });

  test.each([
    ['RETURN', (text: string) => `CREATE FUNCTION app.make(p text) RETURNS text LANGUAGE plpgsql AS $$ BEGIN RETURN ${text}; END $$;`, 's := app.make(p); EXECUTE s;'],
    ['a query whose texts have FROM in them', (text: string) => `CREATE FUNCTION app.make(p text) RETURNS text LANGUAGE sql AS $$ SELECT ${text}; $$;`, 'EXECUTE app.make(p);'],
    ['an OUT parameter', (text: string) => `CREATE FUNCTION app.make(p text, OUT q text) LANGUAGE plpgsql AS $$ BEGIN q := ${text}; END $$;`, 's := app.make(p); EXECUTE s;'],
    ['an OUT parameter, from a query', (text: string) => `CREATE FUNCTION app.make(p text, OUT q text) LANGUAGE plpgsql AS $$ BEGIN q := ${text}; END $$;`, 'SELECT q INTO s FROM app.make(p); EXECUTE s;'],
    ['an OUT parameter that is set before a RETURN in the middle',
      (text: string) => `CREATE FUNCTION app.make(p text, OUT q text) LANGUAGE plpgsql AS $$ BEGIN IF p <> '' THEN q := ${text}; RETURN; END IF; q := ''; END $$;`, 's := app.make(p); EXECUTE s;'],
    ['a column of RETURNS TABLE', (text: string) => `CREATE FUNCTION app.make(p text) RETURNS TABLE (q text) LANGUAGE plpgsql AS $$ BEGIN q := ${text}; RETURN NEXT; END $$;`,
      'FOR s IN SELECT q FROM app.make(p) LOOP EXECUTE s; END LOOP;'],
  ])('%s', (_, create, run) => {
    const found = (text: string) => findDynamicSql(splitStatements(
      `${create(text)}\nCREATE FUNCTION app.run(p text) RETURNS void LANGUAGE plpgsql AS $$ DECLARE s text; r record; BEGIN ${run} END $$;`,
    )).flatMap(({ risks }) => risks).map(({ severity }) => severity);
    expect(found(builds)).toEqual(['medium']);
    expect(found(quotes)).toEqual([]);
    expect(found(constant)).toEqual([]);
  });

  test('one of several columns may be another one than the text', () => {
    const text = `CREATE FUNCTION app.make(p text, OUT n int, OUT q text) LANGUAGE plpgsql AS $$ BEGIN n := 1; q := ${builds}; END $$;
      CREATE FUNCTION app.run(p text) RETURNS void LANGUAGE plpgsql AS $$ DECLARE r record; BEGIN FOR r IN SELECT m.q FROM app.make(p) m LOOP EXECUTE r.q; END LOOP; END $$;`;
    expect(findDynamicSql(splitStatements(text)).flatMap(({ risks }) => risks).map(({ severity }) => severity)).toEqual(['low']);
  });

  test('a text of another place that the caller\'s words are put into is none of the caller\'s', () => {
    const found = (made: string, given: string) => findDynamicSql(splitStatements(
      `CREATE FUNCTION app.make(q text, p text, OUT r text) LANGUAGE plpgsql AS $$ DECLARE v text; BEGIN SELECT ${made} INTO r; END $$;
      CREATE FUNCTION app.run(p text, q text) RETURNS void LANGUAGE plpgsql AS $$ DECLARE d text; s text; BEGIN
      FOR d IN SELECT pg_get_indexdef(indexrelid) FROM pg_index LOOP SELECT app.make(${given}, p) INTO s; EXECUTE s || ';'; END LOOP; END $$;`,
    )).flatMap(({ risks }) => risks).map(({ severity, problem }) => `${severity} ${problem}`);
    for (const made of [`replace(q, 'a', ' ON app.' || p)`, `regexp_replace(q, 'a', p)`, `replace(regexp_replace(q, 'a', p), 'b', 'c' || p)`]) {
      expect(found(made, 'd')).toEqual(['medium concatenated']);
      expect(found(made, 'q')).toEqual(['info whole']);
    }
  });

  test.each([
    ['rows of a query', 'CREATE FUNCTION app.make(p text) RETURNS TABLE (q text) LANGUAGE plpgsql AS $$ BEGIN RETURN QUERY SELECT t.name FROM app.t; END $$;'],
    ['two functions of one name', "CREATE FUNCTION app.make(p text, OUT q text) LANGUAGE plpgsql AS $$ BEGIN q := p; END $$; CREATE FUNCTION app.make(p int, OUT q text) LANGUAGE plpgsql AS $$ BEGIN q := 'SELECT 1'; END $$;"],
    ['an OUT parameter without a name', 'CREATE FUNCTION app.make(p text, OUT text) LANGUAGE plpgsql AS $$ BEGIN $2 := p; END $$;'],
  ])('is not known: %s', (_, create) => {
    const text = `${create}\nCREATE FUNCTION app.run(p text) RETURNS void LANGUAGE plpgsql AS $$ DECLARE s text; BEGIN SELECT q INTO s FROM app.make(p); EXECUTE s; END $$;`;
    expect(findDynamicSql(splitStatements(text)).flatMap(({ risks }) => risks).filter(({ severity }) => severity === 'high' || severity === 'medium')).toEqual([]);
  });
});

describe('what reaches the text that a function gives', () => {
  const run = (call: string) => `CREATE FUNCTION app.run(p text, q text, a text[]) RETURNS void LANGUAGE plpgsql AS $$ BEGIN EXECUTE 'SELECT 1 FROM ' || ${call}; END $$;`;
  const seen = (made: string, call: string) => findDynamicSql(splitStatements(`${made}\n${run(call)}`)).flatMap(({ risks }) => risks).map(({ severity, origin }) => `${severity} ${origin}`);
  const sql = (name: string, header: string, body: string) => `CREATE FUNCTION app.${name}(${header}) RETURNS text LANGUAGE sql AS $$ ${body} $$;`;
  const plpgsql = (name: string, header: string, body: string) => `CREATE FUNCTION app.${name}(${header}) RETURNS text LANGUAGE plpgsql AS $$ ${body} $$;`;
  const flag = plpgsql('word', 'flag text, t text', `BEGIN IF flag = 'x' THEN RETURN t; END IF; RETURN t || ' x'; END`);

  test('is not what it only asks', () => {
    expect(seen(flag, `app.word(p, 'a')`)).toEqual([]);
    expect(seen(flag, `app.word('x', p)`)).toEqual(['medium param']);
  });

  test('may be named in the call', () => {
    expect(seen(flag, `app.word(t => 'a', flag => p)`)).toEqual([]);
    expect(seen(flag, `app.word(t => p, flag => 'x')`)).toEqual(['medium param']);
    expect(seen(flag, `app.word(t := p, flag := 'x')`)).toEqual(['medium param']);
  });

  test('may be one of many', () => {
    const any = plpgsql('joined', 'sep text, VARIADIC parts text[]', 'BEGIN RETURN array_to_string(parts, sep); END');
    expect(seen(any, `app.joined('.', 'a', 'b', p)`)).toEqual(['medium param']);
    expect(seen(any, `app.joined('.', 'a', 'b', 'c')`)).toEqual([]);
  });

  test('stays quoted, unless quotes come around it or are cut off', () => {
    const pick = sql('pick', 'c boolean, a anyelement, b anyelement', 'SELECT CASE WHEN c THEN a ELSE b END');
    expect(seen(pick, `app.pick(true, quote_ident(p), 'b')`)).toEqual([]);
    expect(seen(pick, `app.pick(true, quote_ident(p), q)`)).toEqual(['medium param']);
    expect(seen(sql('dotted', 's text, t text', `SELECT s || '.' || t`), `app.dotted('app', quote_ident(p))`)).toEqual([]);
    expect(seen(sql('bare', 't text', `SELECT trim(t, '"')`), `app.bare(quote_ident(p))`)).toEqual(['medium param']);
    expect(seen(sql('text', 't text', `SELECT '(SELECT ''' || t || ''')'`), `app.text(quote_ident(p))`)).toEqual(['medium param']);
  });

  test('is stored where the argument is only looked for', () => {
    expect(seen(sql('table_of', 'k text', 'SELECT name FROM app.tables WHERE key = k'), 'app.table_of(p)')).toEqual(['low fetched']);
    expect(seen(plpgsql('table_of', 'k text', 'DECLARE r text; BEGIN SELECT name INTO r FROM app.tables WHERE key = k; RETURN r; END'), 'app.table_of(p)')).toEqual(['low fetched']);
    expect(seen(sql('table_of', 'k text', 'SELECT quote_ident(name) FROM app.tables WHERE key = k'), 'app.table_of(p)')).toEqual([]);
    expect(seen(sql('table_of', 'k text', `SELECT v.name FROM (VALUES ('a', 'x'), ('b', 'y')) v(k, name) WHERE v.k = table_of.k`), 'app.table_of(p)')).toEqual([]);
    expect(seen(sql('table_of', 'k text', 'SELECT name FROM app.a UNION SELECT k'), 'app.table_of(p)')).toEqual(['medium param']);
    expect(seen(sql('table_of', 'k text', `INSERT INTO app.asked VALUES (k); SELECT 'x'`), 'app.table_of(p)')).toEqual([]);
  });

  test('is the name of an object, quoted by PostgreSQL', () => {
    for (const made of [sql('rel', 'k text', 'SELECT k::regclass::text'), sql('rel', 'k text', `SELECT 'ONLY ' || k::regclass`)]) expect(seen(made, 'app.rel(p)')).toEqual([]);
    const inQuotes = `CREATE FUNCTION app.run(p text) RETURNS void LANGUAGE plpgsql AS $$ BEGIN EXECUTE 'SELECT ''' || app.rel(p) || ''''; END $$;`;
    expect(findDynamicSql(splitStatements(`${sql('rel', 'k text', 'SELECT k::regclass::text')}\n${inQuotes}`)).flatMap(({ risks }) => risks).map(({ severity }) => severity)).toEqual(['info']);
  });

  test('is a field of a row', () => {
    const row = (language: string, body: string) => `CREATE FUNCTION app.row_of(k text) RETURNS app.tables LANGUAGE ${language} AS $$ ${body} $$;`;
    expect(seen(row('sql', 'SELECT * FROM app.tables WHERE key = k'), '(app.row_of(p)).name')).toEqual(['low fetched']);
    expect(seen(row('plpgsql', 'DECLARE r app.tables; BEGIN r.key := quote_ident(k); r.name := k; RETURN r; END'), '(app.row_of(p)).name')).toEqual(['medium param']);
    expect(seen(row('plpgsql', `DECLARE r app.tables; BEGIN r.key := 'a'; r.name := quote_ident(k); RETURN r; END`), '(app.row_of(p)).name')).toEqual([]);
    expect(seen(row('sql', 'SELECT * FROM (SELECT k AS key, k AS name) s'), '(app.row_of(p)).name')).toEqual(['info unknown']);
  });

  test('may be the argument after all', () => {
    const label = plpgsql('label', 'k text', 'DECLARE r text; BEGIN SELECT name INTO r FROM app.labels WHERE key = k; IF r IS NULL THEN RETURN k; END IF; RETURN r; END');
    expect(seen(label, 'app.label(p)')).toEqual(['medium param']);
    expect(seen(label, `app.label('a')`)).toEqual(['low fetched']);
    expect(seen(plpgsql('label', 'k text', `BEGIN RETURN k || current_setting('app.suffix'); END`), `app.label('a')`)).toEqual(['medium param']);
  });

  test('is told as the result where the whole statement is stored', () => {
    const text = `${sql('job', 'k text', 'SELECT command FROM app.jobs WHERE name = k')} CREATE FUNCTION app.run(p text) RETURNS void LANGUAGE plpgsql AS $$ BEGIN EXECUTE app.job(p); END $$;`;
    expect(findDynamicSql(splitStatements(text)).flatMap(({ risks }) => risks).map(({ severity, problem }) => `${severity} ${problem}`)).toEqual(['info result']);
  });

  describe('through other functions', () => {
    const one = sql('one', 't text', 'SELECT quote_ident(t)');
    const two = sql('two', 't text', `SELECT 'app.' || app.one(lower(t))`);
    const three = plpgsql('three', 't text', 'DECLARE r text; BEGIN r := app.two(t); RETURN r; END');

    test.each([[[one, two, three]], [[three, two, one]], [[two, one, three]]])('in any order', (made) => {
      expect(seen(made.join('\n'), 'app.three(p)')).toEqual([]);
      expect(findDynamicSql(splitStatements(run('app.three(p)')), {}, made.map((text) => splitStatements(text))).flatMap(({ risks }) => risks)).toEqual([]);
      expect(findDynamicSql(splitStatements(`${three}\n${run('app.three(p)')}`), { trusted: ['app.two'] }).flatMap(({ risks }) => risks)).toEqual([]);
    });

    test('that quote nothing', () => {
      expect(seen([sql('one', 't text', 'SELECT lower(t)'), two, three].join('\n'), 'app.three(p)')).toEqual(['medium param']);
      expect(seen([two, three].join('\n'), 'app.three(p)')).toEqual(['info unknown']);
    });

    test('with the arguments in another order', () => {
      const made = sql('one', 'a text, b text', 'SELECT b') + sql('two', 'a text, b text', 'SELECT app.one(b, a)');
      expect(seen(made, `app.two('x', p)`)).toEqual([]);
      expect(seen(made, `app.two(p, 'x')`)).toEqual(['medium param']);
    });

    test('of the same name', () => {
      expect(seen(sql('tab', 's text, t text', `SELECT format('%I.%I', s, t)`) + sql('tab', 't text', `SELECT app.tab('app', t)`), 'app.tab(p)')).toEqual([]);
    });

    const walk = (name: string, other: string, value: string) => `CREATE FUNCTION app.${name}(t text[]) RETURNS text LANGUAGE plpgsql AS $$ BEGIN IF cardinality(t) = 0 THEN RETURN ''; END IF; RETURN ${value} || app.${other}(t[2:]); END $$;`;

    test('that lead back to themselves', () => {
      expect(seen(walk('even', 'odd', 'quote_ident(t[1])') + walk('odd', 'even', `',' || quote_ident(t[1])`), 'app.even(a)')).toEqual([]);
      expect(seen(walk('even', 'odd', 'quote_ident(t[1])') + walk('odd', 'even', 't[1]'), 'app.even(a)')).toEqual(['medium param']);
      expect(seen(walk('even', 'even', 'quote_ident(t[1])'), 'app.even(a)')).toEqual([]);
      expect(seen(walk('even', 'even', 'app.other(t[1])'), 'app.even(a)')).toEqual(['info unknown']);
    });
  });
});

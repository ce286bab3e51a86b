import { beforeAll, describe, expect, it } from 'vitest';
import type { FlowOptions } from '../../../server/src/facts/flow.ts';
import { findDynamicSql } from '../../../server/src/facts/flow.ts';
import { loadPostgresFromDisk } from '../../../server/src/node-wasm.ts';
import { splitStatements } from '../../../server/src/syntax/sql/statements.ts';

beforeAll(loadPostgresFromDisk);

function seen(text: string, options: FlowOptions = {}, others: readonly string[] = []): string[] {
  return findDynamicSql(splitStatements(text), options, others.map(splitStatements))
    .flatMap(({ kind, risks }) => risks.map((risk) => `${kind} ${risk.severity} ${risk.problem} ${text.slice(risk.at.start, risk.at.end)}`));
}

function routine(body: string, { name = 'app.f', params = 'x text', language = 'plpgsql', clauses = '' } = {}): string {
  return `CREATE FUNCTION ${name}(${params}) RETURNS void LANGUAGE ${language} ${clauses} AS $b$ ${body} $b$;\n`;
}

describe('text runs here', () => {
  it.each<[string, string]>([
    [`DECLARE y text; BEGIN EXECUTE 'DROP TABLE ' || x INTO STRICT y; END`, 'execute'],
    [`BEGIN EXECUTE 'DROP TABLE ' || x USING 1; END`, 'execute'],
    [`DECLARE r record; BEGIN FOR r IN EXECUTE 'SELECT * FROM ' || x LOOP NULL; END LOOP; END`, 'for'],
    [`BEGIN RETURN QUERY EXECUTE 'SELECT * FROM ' || x; END`, 'return-query'],
    [`DECLARE c refcursor; BEGIN OPEN c FOR EXECUTE 'SELECT * FROM ' || x; END`, 'open'],
    [`BEGIN PERFORM query_to_xml('SELECT * FROM ' || x, true, false, ''); END`, 'query'],
    [`BEGIN PERFORM * FROM crosstab('SELECT * FROM ' || x) AS t (a int); END`, 'query'],
    [`BEGIN PERFORM ts_stat('SELECT v FROM ' || x); END`, 'query'],
    [`BEGIN PERFORM dblink_exec('DROP TABLE ' || x); END`, 'remote'],
    [`BEGIN PERFORM public.dblink_exec('c', 'DROP TABLE ' || x, false); END`, 'remote'],
    [`BEGIN PERFORM * FROM dblink('c', 'SELECT * FROM ' || x) AS t (a int); END`, 'remote'],
    [`BEGIN PERFORM run_command_on_shards('t', 'DROP TABLE ' || x); END`, 'remote'],
    [`BEGIN PERFORM * FROM pgr_dijkstra('SELECT id, source, target, cost FROM ' || x, 1, 2, false); END`, 'query'],
    [`BEGIN PERFORM * FROM pgr_withPoints('SELECT * FROM ways', 'SELECT * FROM ' || x, 1, 2); END`, 'query'],
    [`BEGIN PERFORM cron.schedule('j', '@daily', 'VACUUM ' || x); END`, 'cron'],
    [`BEGIN PERFORM cron.alter_job(1, command => 'VACUUM ' || x); END`, 'cron'],
    [`BEGIN PERFORM timetable.add_job('j', '@daily', 'VACUUM ' || x); END`, 'cron'],
    [`BEGIN PERFORM pglogical.replicate_ddl_command('DROP TABLE ' || x, '{default}'); END`, 'remote'],
    [`BEGIN PERFORM spock.replicate_ddl('DROP TABLE ' || x); END`, 'remote'],
    [`BEGIN CALL distributed_exec('DROP TABLE ' || x); END`, 'remote'],
    [`BEGIN PERFORM pgivm.create_immv('v', 'SELECT * FROM ' || x); END`, 'query'],
    [`BEGIN CALL dbms_sql.parse(c, 'SELECT * FROM ' || x); END`, 'query'],
  ])('%s', (body, kind) => {
    expect(seen(routine(body))).toEqual([`${kind} medium concatenated x`]);
  });

  it.each([
    `BEGIN PERFORM dblink_exec(x, 'DROP TABLE t'); END`,
    `BEGIN PERFORM cron.schedule('j ' || x, '@daily', 'VACUUM'); END`,
    `BEGIN PERFORM app.schedule('VACUUM ' || x); END`,
    `BEGIN PERFORM app.parse(1, 'VACUUM ' || x); END`,
    `BEGIN PERFORM query_to_xml('SELECT 1', true, false, x); END`,
    `BEGIN PERFORM cursor_to_xml(x::refcursor, 1, true, false, ''); END`,
    `BEGIN PERFORM table_to_xml(x::regclass, true, false, ''); END`,
    `BEGIN PERFORM lo_import('/tmp/' || x); END`,
  ])('not here: %s', (body) => {
    expect(seen(routine(body))).toEqual([]);
  });

  it('also in the body of a function in SQL', () => {
    expect(seen(routine(`SELECT query_to_xml('SELECT * FROM ' || x, true, false, '')`, { language: 'sql' }))).toEqual(['query medium concatenated x']);
    expect(seen(routine(`SELECT query_to_xml('SELECT * FROM ' || $1, true, false, '')`, { language: 'sql', params: 'text' }))).toEqual(['query medium concatenated $1']);
  });

  it('also outside of routines', () => {
    expect(seen(`SELECT cron.schedule('j', '@daily', 'VACUUM ' || name) FROM app.tables;`)).toEqual(['cron info concatenated name']);
    expect(seen(`SELECT cron.schedule('j', '@daily', format('VACUUM %I', name)) FROM app.tables;`)).toEqual([]);
  });

  it('not where such a function is made or dropped', () => {
    expect(seen(`CREATE FUNCTION dblink(text) RETURNS int LANGUAGE c AS 'x', 'y'; DROP FUNCTION dblink(text, text); GRANT EXECUTE ON FUNCTION query_to_xml(text) TO PUBLIC;`)).toEqual([]);
  });
});

describe('a routine that runs what it is given', () => {
  const run = routine('BEGIN RAISE DEBUG \'%\', q; EXECUTE q; END', { name: 'app.run', params: 'label text, q text' });
  const info = 'execute info whole q';

  it('is a sink for its callers', () => {
    expect(seen(run + routine(`BEGIN PERFORM app.run('l', 'DROP TABLE ' || x); END`))).toEqual([info, 'wrapper medium concatenated x']);
    expect(seen(run + routine(`BEGIN PERFORM run(q => 'DROP TABLE ' || x, label => 'l'); END`))).toEqual([info, 'wrapper medium concatenated x']);
    expect(seen(run + routine(`BEGIN PERFORM app.run('l ' || x, 'SELECT 1'); END`))).toEqual([info]);
    expect(seen(run + routine(`BEGIN PERFORM app.run('l', format('DROP TABLE %I', x)); END`))).toEqual([info]);
  });

  it('in another file of the workspace', () => {
    expect(seen(routine(`BEGIN PERFORM app.run('l', 'DROP TABLE ' || x); END`))).toEqual([]);
    expect(seen(routine(`BEGIN PERFORM app.run('l', 'DROP TABLE ' || x); END`), {}, [run])).toEqual(['wrapper medium concatenated x']);
  });

  it('through a variable, and through further routines', () => {
    const through = routine('DECLARE v text := q; BEGIN EXECUTE v; END', { name: 'app.a', params: 'q text' })
      + routine('BEGIN PERFORM app.a(q); END', { name: 'app.b', params: 'q text' })
      + routine('SELECT app.b($1)', { name: 'app.c', params: 'text', language: 'sql' });
    expect(seen(through + routine(`BEGIN PERFORM app.c('DROP TABLE ' || x); END`))).toContain('wrapper medium concatenated x');
  });

  it('unless it changes or checks it', () => {
    expect(seen(routine(`BEGIN q := 'SELECT 1'; EXECUTE q; END`, { name: 'app.run', params: 'q text' }) + routine(`BEGIN PERFORM app.run('a' || x); END`))).toEqual([]);
  });

  it('ends when routines call each other', () => {
    const ring = routine('BEGIN PERFORM app.b(q); END', { name: 'app.a', params: 'q text' }) + routine('BEGIN PERFORM app.a(q); EXECUTE q; END', { name: 'app.b', params: 'q text' });
    expect(seen(ring + routine(`BEGIN PERFORM app.a('DROP TABLE ' || x); END`))).toContain('wrapper medium concatenated x');
  });

  it('is worse in a definer', () => {
    expect(seen(routine('BEGIN PERFORM app.run(\'l\', x); END', { clauses: 'SECURITY DEFINER' }), {}, [run])).toEqual(['wrapper high whole x']);
  });
});

describe('what functions of the workspace give', () => {
  const call = routine(`BEGIN EXECUTE 'DROP TABLE ' || app.q(x, 'public'); END`);

  it.each<[string, string, string[]]>([
    ['quoted text', `BEGIN RETURN quote_ident(b) || '.' || quote_ident(a); END`, []],
    ['a constant', `BEGIN IF a = '' THEN RETURN 'x'; END IF; RETURN 'y'; END`, []],
    ['what it is given', `BEGIN RETURN b || '.' || a; END`, ['execute medium concatenated app.q(x, \'public\')']],
    ['only its second argument', `BEGIN PERFORM a; RETURN b; END`, []],
    ['what is stored', `BEGIN RETURN (SELECT name FROM app.t); END`, ['execute low concatenated app.q(x, \'public\')']],
    ['sometimes unquoted', `BEGIN IF b = '' THEN RETURN a; END IF; RETURN quote_ident(a); END`, ['execute medium concatenated app.q(x, \'public\')']],
  ])('%s', (_, body, expected) => {
    const made = `CREATE FUNCTION app.q(a text, b text) RETURNS text LANGUAGE plpgsql AS $q$ ${body} $q$;\n`;
    expect(seen(made + call)).toEqual(expected);
    expect(seen(call, {}, [made])).toEqual(expected);
  });

  it('can be told', () => {
    expect(seen(call, { trusted: ['app.q'] })).toEqual([]);
    expect(seen(routine(`BEGIN PERFORM app.later(1, 'DROP TABLE ' || x); END`), { sinks: ['app.later:2'] })).toEqual(['wrapper medium concatenated x']);
    expect(seen(routine(`BEGIN PERFORM app.later('DROP TABLE ' || x); END`), { sinks: ['app.later'] })).toEqual(['wrapper medium concatenated x']);
  });
});

describe('a query that is given as one', () => {
  it.each<[string, string[]]>([
    [`BEGIN EXECUTE 'EXPLAIN ' || x; END`, ['execute info whole x']],
    [`BEGIN EXECUTE format('EXPLAIN (ANALYZE, FORMAT JSON) %s', x); END`, ['execute info whole x']],
    [`BEGIN EXECUTE 'SELECT count(*) FROM (' || x || ') t'; END`, ['execute info whole x']],
    [`BEGIN EXECUTE 'CREATE TEMP TABLE t AS ' || x; END`, ['execute info whole x']],
    [`BEGIN EXECUTE format(x, 'a'); END`, ['execute info whole format(x, \'a\')']],
    [`BEGIN EXECUTE 'EXPLAIN SELECT 1 WHERE ' || x; END`, ['execute medium fragment x']],
    [`BEGIN EXECUTE app.build(x); END`, ['execute info result app.build(x)']],
  ])('%s', (body, expected) => {
    expect(seen(routine(body))).toEqual(expected);
  });
});

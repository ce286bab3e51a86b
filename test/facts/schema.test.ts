import { beforeAll, describe, expect, it } from 'vitest';
import type { CreateFunctionStmt, FunctionParameter, TypeName } from '@pgsql/types';
import { noFiles } from '../../server/src/document.ts';
import { append } from '../../server/src/facts/sql/append.ts';
import { bodyNames } from '../../server/src/facts/sql/body-names.ts';
import { findPathProblem } from '../../server/src/facts/sql/path-problem.ts';
import { readRoutine } from '../../server/src/facts/sql/routine-text.ts';
import type { Routine } from '../../server/src/facts/schema.ts';
import { neededPath, proposePath, repairPath } from '../../server/src/facts/sql/search-path.ts';
import { sqlFacts } from '../../server/src/facts/sql.ts';
import type { SqlFacts } from '../../server/src/facts/sql.ts';
import { loadPostgres, parsePostgres } from '../../server/src/syntax/sql/postgres.ts';
import { applyEdits } from '../../server/src/text.ts';

beforeAll(() => loadPostgres());

function facts(text: string, version = 18): SqlFacts {
  return sqlFacts({ path: 'a.sql', text, language: 'sql', version, files: noFiles });
}

function only(text: string): Routine {
  const { routines } = facts(text);
  expect(routines).toHaveLength(1);
  return routines[0]!;
}

const definer = (name: string, rest = ''): string => `CREATE FUNCTION ${name} RETURNS int LANGUAGE sql SECURITY DEFINER ${rest} AS $$ SELECT 1 $$;\n`;

function state(text: string): string {
  const { routines } = facts(text);
  return routines.map(({ schema, name, types, definer: words, path, publicExecute }) => [
    `${schema ?? '?'}.${name}(${types.join(',')})`,
    words ? 'definer' : 'invoker',
    path.kind === 'list' ? path.entries.map((entry) => entry.name).join(',') : path.kind,
    publicExecute.kind,
  ].join(' ')).join('\n');
}

describe('what a file leaves behind', () => {
  it.each<[string, string, string]>([
    ['a new routine', definer('app.f(x int)'), 'app.f(int4) definer none default'],
    ['a path in the clause', definer('app.f()', 'SET search_path = pg_catalog, "App", pg_temp'), 'app.f() definer pg_catalog,App,pg_temp default'],
    ['SET SCHEMA', definer('app.f()', "SET SCHEMA 'app'"), 'app.f() definer app default'],
    ['a path by ALTER', `${definer('app.f(x int)')}ALTER FUNCTION app.f(integer) SET search_path TO app, pg_temp;`, 'app.f(int4) definer app,pg_temp default'],
    ['ALTER without a parameter list', `${definer('app.f(x int)')}ALTER ROUTINE app.f SET search_path TO app;`, 'app.f(int4) definer app default'],
    ['ALTER of another overload', `${definer('app.f(x int)')}ALTER FUNCTION app.f(text) SET search_path TO app;`, 'app.f(int4) definer none default'],
    ['RESET', `${definer('app.f()', 'SET search_path = app')}ALTER FUNCTION app.f() RESET search_path;`, 'app.f() definer none default'],
    ['RESET ALL', `${definer('app.f()', 'SET search_path = app')}ALTER FUNCTION app.f() RESET ALL;`, 'app.f() definer none default'],
    ['RESET of something else', `${definer('app.f()', 'SET search_path = app')}ALTER FUNCTION app.f() RESET work_mem;`, 'app.f() definer app default'],
    ['TO DEFAULT', `${definer('app.f()', 'SET search_path = app')}ALTER FUNCTION app.f() SET search_path TO DEFAULT;`, 'app.f() definer none default'],
    ['SECURITY INVOKER', `${definer('app.f()')}ALTER FUNCTION app.f() SECURITY INVOKER;`, 'app.f() invoker none default'],
    ['the path of the session', `SET search_path = app, public;\n${definer('f()')}`, 'app.f() definer none default'],
    ['FROM CURRENT', `SET search_path = app, pg_temp;\n${definer('f()', 'SET search_path FROM CURRENT')}`, 'app.f() definer app,pg_temp default'],
    ['FROM CURRENT without a SET', definer('app.f()', 'SET search_path FROM CURRENT'), 'app.f() definer unknown default'],
    ['set_config of a dump', `SELECT pg_catalog.set_config('search_path', '', false);\n${definer('public.f()')}`, 'public.f() definer none default'],
    ['SET LOCAL ends with its transaction', `SET search_path = a;\nBEGIN;\nSET LOCAL search_path = b;\nCOMMIT;\n${definer('f()')}`, 'a.f() definer none default'],
    ['OR REPLACE drops SET and DEFINER', `${definer('app.f()', 'SET search_path = app')}CREATE OR REPLACE FUNCTION app.f() RETURNS int LANGUAGE sql AS $$ SELECT 2 $$;`, 'app.f() invoker none default'],
    ['OR REPLACE keeps privileges', `${definer('app.f()')}REVOKE ALL ON FUNCTION app.f() FROM PUBLIC;\n${definer('app.f()').replace('CREATE', 'CREATE OR REPLACE')}`, 'app.f() definer none revoked'],
    ['DROP and CREATE give them back', `${definer('app.f()')}REVOKE ALL ON FUNCTION app.f() FROM PUBLIC;\nDROP FUNCTION IF EXISTS app.f();\n${definer('app.f()')}`, 'app.f() definer none default'],
    ['DROP', `${definer('app.f()')}DROP FUNCTION app.f();`, ''],
    ['DROP SCHEMA', `${definer('app.f()')}DROP SCHEMA app CASCADE;`, ''],
    ['an unknown older version', definer('app.f()').replace('CREATE', 'CREATE OR REPLACE'), 'app.f() definer none assumed'],
    ['REVOKE from several', `${definer('app.f()')}REVOKE EXECUTE ON FUNCTION app.f() FROM anon, PUBLIC;`, 'app.f() definer none revoked'],
    ['REVOKE from another role', `${definer('app.f()')}REVOKE EXECUTE ON FUNCTION app.f() FROM anon;`, 'app.f() definer none default'],
    ['REVOKE of the grant option', `${definer('app.f()')}REVOKE GRANT OPTION FOR EXECUTE ON FUNCTION app.f() FROM PUBLIC;`, 'app.f() definer none default'],
    ['REVOKE in the schema', `${definer('app.f()')}REVOKE ALL PRIVILEGES ON ALL FUNCTIONS IN SCHEMA x, app FROM PUBLIC;`, 'app.f() definer none revoked'],
    ['REVOKE in another schema', `${definer('app.f()')}REVOKE ALL ON ALL ROUTINES IN SCHEMA x FROM PUBLIC;`, 'app.f() definer none default'],
    ['REVOKE in the schema before', `REVOKE ALL ON ALL FUNCTIONS IN SCHEMA app FROM PUBLIC;\n${definer('app.f()')}`, 'app.f() definer none default'],
    ['GRANT to PUBLIC', `${definer('app.f()')}REVOKE ALL ON FUNCTION app.f() FROM PUBLIC;GRANT EXECUTE ON FUNCTION app.f() TO PUBLIC;`, 'app.f() definer none granted'],
    ['global default privileges', `ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;\n${definer('app.f()')}`, 'app.f() definer none revoked'],
    ['default privileges of a role', `ALTER DEFAULT PRIVILEGES FOR ROLE a REVOKE ALL ON ROUTINES FROM PUBLIC;\nSET ROLE b;\n${definer('app.f()')}`, 'app.f() definer none default'],
    ['default privileges in a schema', `ALTER DEFAULT PRIVILEGES IN SCHEMA app REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;\n${definer('app.f()')}`, 'app.f() definer none default'],
    ['RENAME', `${definer('app.f(x int)')}ALTER FUNCTION app.f(int) RENAME TO g;\nALTER FUNCTION app.g(int) SET search_path = app;`, 'app.g(int4) definer app default'],
    ['SET SCHEMA of ALTER', `${definer('app.f()')}ALTER FUNCTION app.f() SET SCHEMA b;\nREVOKE ALL ON FUNCTION b.f() FROM PUBLIC;`, 'b.f() definer none revoked'],
    ['the same name in two schemas', `${definer('f()')}${definer('app.f()')}`, '?.f() definer none default\napp.f() definer none default'],
    ['ROLLBACK', `BEGIN;\n${definer('app.f()')}ROLLBACK;\n${definer('app.g()')}`, 'app.g() definer none default'],
    ['ROLLBACK TO', `BEGIN;\n${definer('app.g()')}SAVEPOINT s;\n${definer('app.f()')}ROLLBACK TO SAVEPOINT s;\nCOMMIT;`, 'app.g() definer none default'],
    ['the way back of a migration', `-- +goose Up\n${definer('app.f()')}-- +goose Down\nDROP FUNCTION app.f();`, 'app.f() definer none default'],
    ['a psql variable as schema', 'CREATE FUNCTION :schema.f(x int) RETURNS int LANGUAGE sql SECURITY DEFINER AS $$ SELECT 1 $$;\nREVOKE ALL ON FUNCTION :schema.f(int) FROM PUBLIC;', ':schema.f(int4) definer none revoked'],
    ['@extschema@ in the path', definer('@extschema@.f()', 'SET search_path = pg_catalog, @extschema@, pg_temp'), '@extschema@.f() definer pg_catalog,@extschema@,pg_temp default'],
    ['a template as path', definer('app.f()', 'SET search_path = {{ path }}'), 'app.f() definer unknown default'],
    ['a statement that is broken', 'CREATE FUNCTION app.f( RETURNS int LANGUAGE sql SECURITY DEFINER AS;', ''],
    ['an option that no server knows', 'CREATE FUNCTION app.f() RETURNS int LANGUAGE sql NO SQL SECURITY DEFINER AS $$ SELECT 1 $$;', 'app.f() definer none default'],
    ['words in a string', "CREATE FUNCTION app.f() RETURNS text LANGUAGE sql AS 'SELECT ''SECURITY DEFINER''';", 'app.f() invoker none default'],
  ])('%s', (_name, text, expected) => {
    expect(state(text)).toBe(expected);
  });

  it('sees that a REVOKE comes too late', () => {
    const { publicExecute } = only(`BEGIN;\n${definer('app.f()')}COMMIT;\nREVOKE ALL ON FUNCTION app.f() FROM PUBLIC;`);
    expect(publicExecute).toMatchObject({ kind: 'revoked', late: {} });
    const inTime = only(`BEGIN;\n${definer('app.f()')}REVOKE ALL ON FUNCTION app.f() FROM PUBLIC;\nCOMMIT;`);
    expect(inTime.publicExecute).toMatchObject({ kind: 'revoked', by: {} });
    expect(inTime.publicExecute).not.toHaveProperty('late');
  });

  it('names a routine as it is called behind its CREATE', () => {
    expect(only(`${definer('app.f(x int)')}ALTER FUNCTION app.f(int) RENAME TO g;`)).toMatchObject({ target: 'app.f(int)', moved: true });
  });

  it('points at the words in the file', () => {
    const text = `-- é 😀\n${definer('app.f()', 'SET search_path = a, b')}`;
    const routine = only(text);
    expect(text.slice(routine.at.start, routine.at.end)).toBe('app.f');
    expect(text.slice(routine.definer!.at.start, routine.definer!.at.end)).toBe('SECURITY DEFINER');
    if (routine.path.kind !== 'list') throw new Error('no path');
    expect(text.slice(routine.path.place.at.start, routine.path.place.at.end)).toBe('a, b');
  });
});

describe('names of parameters and types', () => {
  const lists = [
    '', 'int', 'x int', 'a integer, b text', 'x double precision', 'double precision', 'IN a int, OUT b text, INOUT c "Odd Type"',
    'VARIADIC xs text[]', 'total OUT numeric', 'x app.money', 'app.money', 'x "A"."B"', 'x numeric(10, 2) DEFAULT 1.5', "x text = 'a,b'",
    'x character varying(20)', 'x timestamp with time zone', 'timestamp without time zone', 'x interval day to second',
    'x int[]', 'x int ARRAY', 'x int ARRAY[3]', 'x int[3][4]', 'x t.c%TYPE', 'x "char"', 'x char(3)', 'x bit varying(3)', 'x national character varying',
    'x setof int', 'x /* why */ int -- because\n, y bool', 'x bigint default (1 + 2), y smallint', '"x y" json', 'x decimal', 'float(53)',
  ];

  it.each(lists)('reads (%s) as PostgreSQL does', (list) => {
    const text = `CREATE FUNCTION app.f(${list}) RETURNS SETOF record LANGUAGE sql AS $$ SELECT 1 $$`;
    const [routine] = facts(`${text};\n-- definer`).routines;
    expect(routine!.text.parameters.map(({ mode, type }) => `${mode} ${type}`)).toEqual(treeParameters(text));
    // ALTER and REVOKE have to find it again.
    expect(treeParameters(`CREATE FUNCTION ${routine!.target} RETURNS record LANGUAGE sql AS ''`)).toEqual(treeParameters(text));
  });
});

function treeParameters(text: string): string[] {
  const parsed = parsePostgres(text);
  if (parsed.kind !== 'tree') throw new Error(`not a tree: ${JSON.stringify(parsed)}`);
  const statement = (parsed.node as { CreateFunctionStmt: CreateFunctionStmt }).CreateFunctionStmt;
  return (statement.parameters ?? []).map((node) => (node as { FunctionParameter: FunctionParameter }).FunctionParameter)
    .filter(({ mode }) => mode !== 'FUNC_PARAM_OUT' && mode !== 'FUNC_PARAM_TABLE')
    .map(({ mode, argType }) => `${mode === 'FUNC_PARAM_VARIADIC' ? 'variadic' : 'in'} ${typeText(argType!)}`);
}

function typeText(type: TypeName): string {
  const names = (type.names ?? []).map((node) => (node as { String: { sval: string } }).String.sval);
  const last = names[names.length - 1]!;
  const name = last === 'char' && names.length === 1 ? '"char"' : last;
  return (type.pct_type ? `${names.join('.')}%type` : name) + (type.arrayBounds ? '[]' : '');
}

describe('names in a body', () => {
  function names(body: string, language = 'plpgsql'): string {
    const { routines } = facts(`CREATE FUNCTION app.f() RETURNS int LANGUAGE ${language} SECURITY DEFINER AS $body$${body}$body$;`);
    const { names: found, complete } = bodyNames(routines[0]!.created.written);
    return [...found.map(({ kind, name }) => `${kind} ${name}`), ...complete ? [] : ['and more']].join(', ');
  }

  it.each<[string, string]>([
    ['SELECT 1', ''],
    ['SELECT * FROM a', 'relation a'],
    ['SELECT * FROM s.a', ''],
    ['SELECT * FROM a x, b AS y, ONLY c JOIN "D" ON x.i = y.i, s.e', 'relation a, relation b, relation c, relation D'],
    ['SELECT extract(epoch FROM t), substring(x FROM 2), trim(both FROM z) FROM a', 'routine extract, routine substring, relation a'],
    ['SELECT a IS DISTINCT FROM b', ''],
    ['SELECT f(1), s.g(2), coalesce(1, h())', 'routine f, routine h'],
    ['SELECT * FROM f(1) AS t(i int, j), LATERAL g(2)', 'routine f, routine g'],
    ['SELECT * FROM f(1) t(i), "G"(2) AS s(j)', 'routine f, routine G'],
    ['INSERT INTO a (b, c) VALUES (1, 2) RETURNING i', 'relation a'],
    ['INSERT INTO a VALUES (1) ON CONFLICT (i) DO UPDATE SET x = 1', 'relation a'],
    ['UPDATE a SET x = 1 FROM b WHERE a.i = b.i', 'relation a, relation b'],
    ['DELETE FROM a USING b WHERE a.i = b.i', 'relation a, relation b'],
    ['SELECT * FROM a FOR UPDATE', 'relation a'],
    ['WITH q AS (SELECT * FROM a) SELECT * FROM q', 'relation a'],
    ['WITH a AS (SELECT * FROM a) SELECT * FROM a', 'relation a'],
    ['WITH RECURSIVE q(i) AS (SELECT 1 UNION SELECT i + 1 FROM q) SELECT * FROM q', ''],
    ["SELECT nextval('s_seq'), nextval('app.s_seq'), 'a'::regclass", 'routine nextval, relation s_seq, type regclass, relation a'],
    ['SELECT x::regclass', 'type regclass, and more'],
    ['SELECT x::mood, CAST(y AS app.mood), CAST(z AS citext), 1::numeric(3,1)', 'type mood, type citext'],
    ["SELECT 'FROM a'", ''],
    ['SELECT x <=> y', 'and more'],
    ['SELECT (SELECT v FROM cfg LIMIT 1), a.b FROM (SELECT 1) a', 'relation cfg'],
  ])('%s', (body, expected) => {
    expect(names(body, 'sql')).toBe(expected);
  });

  it.each<[string, string]>([
    ['BEGIN RETURN EXISTS (SELECT 1 FROM pwds w WHERE lower(w.p) = lower($2)); END', 'relation pwds, routine lower'],
    ['DECLARE r users%ROWTYPE; n users.name%TYPE; m r%TYPE; k mood; t text; BEGIN SELECT * INTO STRICT r FROM users; END', 'relation users, type mood, type text'],
    ['BEGIN FOR r IN SELECT i FROM a LOOP PERFORM f(r.i); END LOOP; END', 'relation a, routine f'],
    ['BEGIN CREATE TEMP TABLE t AS SELECT * FROM a; INSERT INTO t SELECT 1; END', 'relation a'],
    ['BEGIN EXECUTE format($$SELECT 1 FROM %I$$, x); END', 'routine format, and more'],
    ["BEGIN EXECUTE 'DELETE FROM a'; END", 'relation a'],
    ["BEGIN RAISE EXCEPTION 'no' USING ERRCODE = '42501'; END", ''],
    ['BEGIN IF (x > 1) AND (SELECT count(*) FROM a) > 0 THEN RETURN 1; END IF; END', 'routine count, relation a'],
    ['BEGIN FETCH NEXT FROM c INTO r; END', ''],
  ])('%s', (body, expected) => {
    expect(names(body)).toBe(expected);
  });

  it('does not know other languages', () => {
    expect(names('return 1', 'plpython3u')).toBe('and more');
  });
});

describe('the proposed path', () => {
  const tables = 'CREATE TABLE app.users (i int);\nCREATE TABLE log.entries (i int);\nCREATE FUNCTION app.help() RETURNS int LANGUAGE sql AS $$ SELECT 1 $$;\n';
  const body = (text: string, path = ''): string => `CREATE FUNCTION api.f() RETURNS int LANGUAGE sql SECURITY DEFINER ${path} AS $$ ${text} $$;`;

  function proposal(text: string, version = 18): string {
    const { schema, document } = facts(text, version);
    const routine = schema.routines.find(({ name }) => name === 'f')!;
    const proposed = routine.path.kind === 'list'
      ? repairPath(schema, routine, routine.path.entries, document.version)
      : proposePath(schema, routine, document.version);
    const { placeholder } = proposed;
    if (!placeholder) return proposed.text;
    return `${proposed.text.slice(0, placeholder.start)}<${proposed.text.slice(placeholder.start, placeholder.end)}>${proposed.text.slice(placeholder.end)}`;
  }

  it.each<[string, string]>([
    [body('SELECT 1'), 'pg_catalog, pg_temp'],
    [body('SELECT count(*) FROM pg_roles'), 'pg_catalog, pg_temp'],
    [tables + body('SELECT i FROM entries, users'), 'pg_catalog, log, app, pg_temp'],
    [tables + body('SELECT help()'), 'pg_catalog, app, pg_temp'],
    [tables + body('SELECT i FROM users, elsewhere'), 'pg_catalog, app, <api>, pg_temp'],
    [body('SELECT i FROM elsewhere'), 'pg_catalog, <api>, pg_temp'],
    [`SET search_path = app;\nCREATE TABLE t (i int);\n${body('SELECT i FROM t')}`, 'pg_catalog, app, pg_temp'],
    [`CREATE TABLE t (i int);\n${body('SELECT i FROM t').replace('api.f', 'f')}`, 'pg_catalog, <public>, pg_temp'],
    [body('SELECT i FROM @extschema@.t, elsewhere').replace('api.f', 'f'), 'pg_catalog, <@extschema@>, pg_temp'],
    [`CREATE TABLE "My App".t (i int);\n${body('SELECT i FROM t')}`, 'pg_catalog, "My App", pg_temp'],
    [body('SELECT 1', 'SET search_path = app'), 'pg_catalog, app, pg_temp'],
    [body('SELECT 1', 'SET search_path = pg_temp, app, pg_catalog'), 'pg_catalog, app, pg_temp'],
    [body('SELECT 1', 'SET search_path = "$user", app'), 'pg_catalog, app, pg_temp'],
    [body('SELECT 1', `SET search_path = 'app, "B", pg_temp'`), 'pg_catalog, app, "B", pg_temp'],
    [body('SELECT 1', `SET search_path = ''`), 'pg_catalog, pg_temp'],
  ])('%s', (text, expected) => {
    expect(proposal(text)).toBe(expected);
  });

  it('keeps out a schema in which everybody may create objects', () => {
    expect(proposal(body('SELECT i FROM elsewhere').replace('api.f', 'f'), 14)).toBe('pg_catalog, <schema_name>, pg_temp');
    expect(proposal(tables + body('SELECT i FROM users', 'SET search_path = public, app'), 14)).toBe('pg_catalog, app, pg_temp');
    expect(proposal(body('SELECT i FROM elsewhere', 'SET search_path = public, app'), 14)).toBe('pg_catalog, <public>, app, pg_temp');
  });

  it('says what a body needs', () => {
    const { schema, routines } = facts(tables + body('SELECT i FROM users'));
    expect(neededPath(schema, routines[1]!)).toEqual({ schemas: ['app'], complete: true });
  });
});

describe('what is wrong with a path', () => {
  const body = (path: string, text = 'SELECT i FROM t'): string =>
    `CREATE FUNCTION app.f(x text) RETURNS int LANGUAGE sql SECURITY DEFINER SET search_path = ${path} AS $$ ${text} $$;\n`;

  it.each<[string, number, object | undefined]>([
    [body('pg_catalog, app, pg_temp'), 18, undefined],
    [body('app, pg_temp'), 18, undefined],
    [body('pg_temp'), 18, undefined],
    [body('pg_catalog'), 18, { kind: 'temporary', how: 'first', used: true }],
    [body('app', 'SELECT i FROM app.t'), 18, { kind: 'temporary', how: 'first', used: false }],
    [body('pg_temp, app'), 18, { kind: 'temporary', how: 'listed', used: true }],
    [body('pg_temp, app, pg_temp'), 18, { kind: 'temporary', how: 'listed', used: true }],
    [body("''", 'SELECT i FROM app.t'), 18, undefined],
    [body("''"), 18, undefined],
    [body("''", 'SELECT 1 FROM pg_class'), 18, { kind: 'temporary', how: 'empty', used: true }],
    [body("''", "SELECT 'a'::text FROM app.t"), 18, { kind: 'temporary', how: 'empty', used: true }],
    [body("''", "SELECT '1'::int FROM app.t"), 18, undefined],
    [body("'app, pg_temp'"), 18, { kind: 'misquoted' }],
    [body("'app', 'pg_temp'"), 18, undefined],
    [body('"$user", app, pg_temp'), 18, { kind: 'user' }],
    [body('public, pg_temp'), 18, { kind: 'public' }],
    [body('public, pg_temp'), 14, { kind: 'open', schema: 'public', by: undefined }],
    [`REVOKE CREATE ON SCHEMA public FROM PUBLIC;\n${body('public, pg_temp')}`, 14, undefined],
    [`REVOKE USAGE ON SCHEMA public FROM PUBLIC;\n${body('public, pg_temp')}`, 14, { kind: 'open' }],
    [`GRANT ALL ON SCHEMA app TO PUBLIC;\n${body('app, pg_temp')}`, 18, { kind: 'open', schema: 'app', by: { role: 'public' } }],
    [`GRANT USAGE ON SCHEMA app TO PUBLIC;\n${body('app, pg_temp')}`, 18, undefined],
    [`GRANT CREATE ON SCHEMA app TO writer;\n${body('app, pg_temp')}`, 18, { kind: 'creator', schema: 'app', by: { role: 'writer' } }],
    [`GRANT CREATE ON SCHEMA app TO writer;\n${body('app, pg_temp')}ALTER FUNCTION app.f(text) OWNER TO writer;`, 18, undefined],
    [`GRANT CREATE ON SCHEMA app TO writer;\nREVOKE ALL ON SCHEMA app FROM writer;\n${body('app, pg_temp')}`, 18, undefined],
  ])('%s', (text, version, expected) => {
    const { schema, routines: [routine] } = facts(text, version);
    const { path } = routine!;
    if (path.kind !== 'list') throw new Error('no path');
    const problem = findPathProblem(schema, routine!, path.entries, version);
    if (expected) expect(problem).toMatchObject(expected);
    else expect(problem).toBeUndefined();
  });
});

describe('statements behind a statement', () => {
  it.each<[string, string | undefined]>([
    ['SELECT 1;', 'SELECT 1;\nX;'],
    ['SELECT 1', 'SELECT 1;\nX;'],
    ['SELECT 1\n', 'SELECT 1;\nX;\n'],
    ['SELECT 1; -- one\nSELECT 2;', 'SELECT 1; -- one\nX;\nSELECT 2;'],
    ['SELECT 1; SELECT 2;', 'SELECT 1;\nX; SELECT 2;'],
    ['  SELECT 1;\r\n', '  SELECT 1;\r\n  X;\r\n'],
    ['SELECT 1 \\g\nSELECT 2;', undefined],
  ])('%j', (text, expected) => {
    const edit = append(text, facts(text).file.statements[0]!, ['X;']);
    expect(edit && applyEdits(text, [edit])).toBe(expected);
  });
});

describe('reading a routine', () => {
  it('keeps what it read by the text', () => {
    const { file } = facts(definer('f()'));
    const { written } = file.statements[0]!;
    expect(readRoutine(written)).toBe(readRoutine(written));
  });
});

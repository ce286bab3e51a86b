import { beforeAll, describe, expect, it } from 'vitest';
import { noFiles } from '../../../server/src/document.ts';
import { sqlFacts } from '../../../server/src/facts/sql.ts';
import type { Schema } from '../../../server/src/facts/schema.ts';
import { loadPostgres } from '../../../server/src/syntax/sql/postgres.ts';

beforeAll(() => loadPostgres());

function schema(text: string, version = 18): Schema {
  return sqlFacts({ path: 'a.sql', text, language: 'sql', version, files: noFiles }).schema;
}

/** Roles, then the tables with who may SELECT, then types and policies. */
function left(text: string, version?: number): string {
  const { roles, relations, types } = schema(text, version);
  return [
    ...roles.filter(({ known }) => known).map(({ name, attributes }) => `${name}${attributes.login.on ? '+' : ''}`),
    ...relations.filter(({ known, kind }) => known && kind === 'table').map(({ name, acl, rls, policies }) => (
      `${name}(${acl.map(({ grantee }) => grantee).join()})${rls.on ? '!' : ''}${policies.map((policy) => policy.name).join()}`)),
    ...types.map(({ name }) => name),
  ].join(' ');
}

describe('a DO block', () => {
  it.each<[string, string]>([
    ["IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'a') THEN CREATE ROLE a LOGIN; END IF", 'a+'],
    ["CREATE ROLE a; IF NOT EXISTS (SELECT 1 FROM pg_catalog.pg_roles WHERE rolname = 'a') THEN CREATE ROLE a LOGIN; END IF", 'a'],
    ["IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'a') THEN ALTER ROLE a NOLOGIN; ELSE CREATE ROLE a LOGIN; GRANT b TO a; END IF", 'a+'],
    ["CREATE ROLE b; IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'b') THEN CREATE TABLE t (); GRANT SELECT ON t TO b; END IF", 'b t(b)'],
    ["CREATE TABLE t (); IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'b') THEN GRANT SELECT ON t TO b; END IF", 't()'],
    ["IF to_regclass('public.t') IS NULL THEN CREATE TABLE t (); GRANT SELECT ON t TO b; END IF", 't(b)'],
    ["CREATE TABLE t (); IF (SELECT true) THEN GRANT SELECT ON t TO b; END IF; GRANT SELECT ON t TO c", 't(c)'],
    ["CREATE TABLE t (); IF false THEN GRANT SELECT ON t TO b; ELSIF true THEN GRANT SELECT ON t TO c; ELSE GRANT SELECT ON t TO d; END IF", 't(c)'],
    ["CREATE TABLE t (); IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'b') THEN RETURN; END IF; GRANT SELECT ON t TO b", 't()'],
    ["CREATE TABLE t (); IF 1 > now() THEN RAISE EXCEPTION 'no'; END IF; GRANT SELECT ON t TO b", 't(b)'],
    ["CREATE TABLE t (); CASE x WHEN 1 THEN GRANT SELECT ON t TO b; ELSE NULL; END CASE; GRANT SELECT ON t TO c", 't(c)'],
    ["IF NOT EXISTS (SELECT 1 FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace WHERE t.typname = 'e' AND n.nspname = 'public') THEN CREATE TYPE e AS ENUM (); END IF", 'e'],
    ["CREATE TABLE t (); IF NOT EXISTS (SELECT FROM pg_policies WHERE tablename = 't' AND policyname = 'p') THEN CREATE POLICY p ON t; END IF; IF EXISTS (SELECT FROM pg_policies WHERE tablename = 't' AND policyname = 'p') THEN DROP POLICY p ON t; END IF", 't()'],
    ["CREATE TABLE t (i int); IF NOT EXISTS (SELECT 1 FROM information_schema.columns WHERE table_name = 't' AND column_name = 'i') THEN ALTER TABLE t ENABLE ROW LEVEL SECURITY; END IF", 't()'],
    ["CREATE TABLE t (a int); IF EXISTS (SELECT * FROM information_schema.columns WHERE table_schema != 'information_schema' AND table_name = 't' AND column_name = 'a') THEN GRANT SELECT ON t TO b; END IF", 't(b)'],
    ["CREATE TABLE t (); IF current_setting('server_version_num')::int >= 190000 THEN GRANT SELECT ON t TO b; ELSE GRANT SELECT ON t TO c; END IF", 't(c)'],
    ["CREATE TABLE t (); BEGIN CREATE ROLE a; EXCEPTION WHEN duplicate_object THEN ALTER ROLE a LOGIN; END; GRANT SELECT ON t TO a", 'a t(a)'],
    ["CREATE ROLE a; BEGIN CREATE TYPE e AS ENUM (); CREATE ROLE a LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END", 'a'],
    ["CREATE ROLE a; BEGIN CREATE ROLE a; EXCEPTION WHEN duplicate_object THEN ALTER ROLE a LOGIN; END", 'a+'],
    ["CREATE TABLE t (); BEGIN GRANT SELECT ON t TO b; EXCEPTION WHEN undefined_object THEN NULL; END", 't()'],
    ["CREATE TABLE t (); CREATE ROLE b; BEGIN GRANT SELECT ON t TO b; EXCEPTION WHEN OTHERS THEN NULL; END", 'b t(b)'],
    ["CREATE TABLE t (a int); BEGIN EXECUTE 'ALTER TABLE t RENAME a TO b'; CREATE TABLE u (); EXCEPTION WHEN undefined_column THEN NULL; END; BEGIN ALTER TABLE t RENAME a TO c; CREATE TABLE v (); EXCEPTION WHEN undefined_column THEN NULL; END", 't() u()'],
    ["CREATE TABLE t (); CREATE TABLE u (); CREATE VIEW w AS SELECT FROM u; BEGIN DROP TABLE t; EXCEPTION WHEN OTHERS THEN NULL; END; BEGIN DROP TABLE u; EXCEPTION WHEN OTHERS THEN NULL; END", 'u()'],
    ["EXECUTE 'CREATE TABLE t ()'; EXECUTE format('GRANT SELECT ON %I TO %I', 't', 'B')", 't(B)'],
    ["FOREACH r IN ARRAY ARRAY['t', 'u'] LOOP EXECUTE format('CREATE TABLE %I ()', r); EXECUTE 'ALTER TABLE ' || quote_ident(r) || ' ENABLE ROW LEVEL SECURITY'; END LOOP", 't()! u()!'],
    ["FOR r IN SELECT unnest(ARRAY['t', 'u']) AS name LOOP EXECUTE format('CREATE TABLE %I ()', r.name); END LOOP", 't() u()'],
    ["FOR i IN 1..3 LOOP EXECUTE 'CREATE TABLE t' || i || ' ()'; END LOOP", 't1() t2() t3()'],
    ["CREATE TABLE t (); FOR r IN SELECT rolname FROM pg_roles LOOP GRANT SELECT ON t TO b; END LOOP; GRANT SELECT ON t TO c", 't(c)'],
    ["CREATE TABLE t (); CREATE TABLE u (); FOR r IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', r.tablename); END LOOP", 't()! u()!'],
    ["CREATE TABLE t (); CREATE TABLE u (); FOR r IN SELECT table_schema s, table_name AS name FROM information_schema.tables WHERE table_name LIKE 'u%' LOOP EXECUTE 'DROP TABLE ' || r.name; END LOOP", 't()'],
    ["CREATE TABLE t (); CREATE TABLE u_v (); FOR r IN (SELECT * FROM information_schema.tables t WHERE t.table_type = 'BASE TABLE' AND table_name NOT IN ('x', 't') ORDER BY 1) LOOP EXECUTE format('GRANT SELECT ON %I.%I TO a', r.table_schema, r.table_name); END LOOP", 't() u_v(a)'],
    ["CREATE TABLE t (); CREATE POLICY p ON t; CREATE POLICY q ON t; CREATE POLICY r ON t; FOR r IN SELECT policyname, tablename FROM pg_policies WHERE tablename = 't' AND policyname <> 'q' LOOP EXECUTE format('DROP POLICY IF EXISTS %I ON public.%I', r.policyname, r.tablename); END LOOP", 't()q'],
    ["CREATE TABLE t (); CREATE VIEW v AS SELECT; FOR r IN SELECT n.nspname, c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'public' AND c.relkind = 'r' LOOP EXECUTE format('GRANT SELECT ON %I.%I TO a', r.nspname, r.relname); END LOOP", 't(a)'],
    ["CREATE TABLE t (); FOR r IN SELECT tablename FROM pg_tables WHERE hasindexes LOOP EXECUTE format('GRANT SELECT ON %I TO a', r.tablename); END LOOP", 't()'],
    ["FOREACH r IN ARRAY '{\"t\",\n u }'::text[] LOOP EXECUTE format('CREATE TABLE %I ()', r); END LOOP", 't() u()'],
    ["CREATE TABLE t (); FOR r IN SELECT table_schema s FROM information_schema.tables WHERE table_name = 't' GROUP BY table_schema LOOP EXECUTE format('GRANT SELECT ON %I.t TO a', r.s); END LOOP", 't(a)'],
    ["CREATE TABLE t (); FOR r IN SELECT table_schema s FROM information_schema.tables WHERE table_name = 't' GROUP BY table_schema HAVING count(*) > 1 LOOP EXECUTE format('GRANT SELECT ON %I.t TO a', r.s); END LOOP", 't()'],
    ["CREATE TABLE t (); FOREACH r IN ARRAY ARRAY['b', 'c'] LOOP CONTINUE WHEN r = now(); EXECUTE format('GRANT SELECT ON t TO %I', r); END LOOP", 't()'],
    ["CREATE ROLE a; IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'a') THEN r := 'ALTER'; ELSE r := 'CREATE'; END IF; EXECUTE r || ' ROLE a LOGIN'", 'a+'],
    ["SELECT count(*) INTO n FROM pg_roles WHERE rolname = 'a'; IF n = 0 THEN CREATE ROLE a; END IF; SELECT count(*) INTO n FROM pg_roles WHERE rolname = 'a'; IF n > 0 THEN ALTER ROLE a LOGIN; END IF", 'a+'],
    ["SELECT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'a') INTO r; IF NOT r THEN CREATE ROLE a; END IF", 'a'],
    ["IF (SELECT count(*) FROM pg_roles WHERE rolname = 'a') = 0 THEN CREATE ROLE a; END IF", 'a'],
    ["CREATE ROLE a; PERFORM 1 FROM pg_roles WHERE rolname = 'a'; IF FOUND THEN ALTER ROLE a LOGIN; ELSE CREATE ROLE b; END IF", 'a+'],
    ["SELECT rolname INTO r FROM pg_roles WHERE rolname = 'a'; IF r IS NULL THEN CREATE ROLE a; END IF", 'a'],
    ["EXECUTE 'SELECT count(*) FROM pg_roles WHERE rolname = ''a''' INTO n; IF n = 0 THEN CREATE ROLE a; END IF", 'a'],
    ["CREATE TABLE t (); SELECT count(*) INTO n FROM t; IF n = 0 THEN GRANT SELECT ON t TO b; ALTER TABLE t ENABLE ROW LEVEL SECURITY; END IF", 't()!'],
    ["CREATE TABLE t (); r := 'two'; CASE r WHEN 'one' THEN GRANT SELECT ON t TO a; WHEN 'two', 'three' THEN GRANT SELECT ON t TO b; ELSE GRANT SELECT ON t TO c; END CASE", 't(b)'],
    ["CREATE TABLE t (); FOREACH r IN ARRAY ARRAY['a', 'b', 'c', 'd'] LOOP CONTINUE WHEN r = 'b'; EXIT WHEN r = 'd'; EXECUTE format('GRANT SELECT ON t TO %I', r); END LOOP; GRANT SELECT ON t TO e", 't(a,c,e)'],
    ["CREATE TABLE t (); r := 'x'; IF r IN ('x', 'y') THEN RETURN; END IF; GRANT SELECT ON t TO b", 't()'],
    ["CREATE TABLE t (); IF r IS NULL THEN GRANT SELECT ON t TO b; END IF; SELECT 'c' INTO r; IF r IS NULL THEN GRANT SELECT ON t TO d; END IF; EXECUTE 'GRANT SELECT ON t TO ' || r", 't(b,c)'],
    ["CREATE TABLE t (); FOR r, n IN SELECT schemaname, tablename FROM pg_tables LOOP EXECUTE format('GRANT SELECT ON %I.%I TO b', r, n); END LOOP", 't(b)'],
    ["CREATE TABLE t (); FOR r IN EXECUTE 'SELECT tablename FROM pg_tables' LOOP EXECUTE format('GRANT SELECT ON %I TO b', r); END LOOP", 't(b)'],
    ["CREATE TABLE t (); FOR r IN SELECT a FROM t LOOP IF r IS NULL THEN GRANT SELECT ON t TO b; END IF; END LOOP", 't()'],
    ["CREATE TABLE t (); GET DIAGNOSTICS r = ROW_COUNT; IF r IS NULL THEN GRANT SELECT ON t TO b; END IF", 't()'],
    ["CREATE TABLE t (); r := coalesce(current_setting('app.reader', true), 'b'); EXECUTE 'GRANT SELECT ON t TO ' || r", 't(b)'],
    ["CREATE TABLE t (); r := array_to_string(string_to_array('a.b', '.'), ', '); EXECUTE 'GRANT SELECT ON t TO ' || replace(upper(r), 'A', 'c')", 't(c,b)'],
    ["EXECUTE format('CREATE ROLE a LOGIN PASSWORD %L', (SELECT secret FROM vault)); EXECUTE 'CREATE ROLE b PASSWORD ' || quote_literal(now()); EXECUTE format('CREATE ROLE %I', now())", 'a+ b'],
    ["CREATE TABLE t (a int, o int); CREATE TABLE u (a int); FOR r IN SELECT table_name FROM information_schema.columns WHERE table_schema = 'public' AND column_name = 'o' LOOP EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', r); END LOOP", 't()! u()'],
    ["CREATE TABLE t (); CREATE TABLE u (); FOR r IN SELECT tablename FROM pg_tables WHERE NOT schemaname = ANY (ARRAY['pg_catalog', 'information_schema']) AND (tablename ~ '^t' OR lower(tablename) = 'x') LOOP EXECUTE 'GRANT SELECT ON ' || r || ' TO b'; END LOOP", 't(b) u()'],
    ["CREATE TABLE t (); CREATE VIEW v AS SELECT; FOR q IN SELECT 'table' AS kind, tablename AS name FROM pg_tables UNION ALL SELECT 'view', viewname FROM pg_views LOOP EXECUTE format(CASE q.kind WHEN 'table' THEN 'GRANT SELECT ON %I TO b' ELSE 'CREATE TABLE %I_2 ()' END, q.name); END LOOP", 't(b) v_2()'],
    ["CREATE TABLE t (); FOR q IN SELECT 'GRANT SELECT ON ' || quote_ident(table_schema) || '.' || quote_ident(table_name) || ' TO b;' AS command FROM information_schema.tables LOOP EXECUTE q.command; END LOOP", 't(b)'],
    ["CREATE TABLE t (); FOR r IN SELECT c.oid::regclass::text FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') AND NOT c.relrowsecurity LOOP EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', r); END LOOP", 't()!'],
    ["CREATE TABLE t (); FOR r IN SELECT relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace LEFT JOIN pg_depend d ON d.objid = c.oid AND d.deptype = 'e' WHERE n.nspname = 'public' AND d.objid IS NULL LOOP EXECUTE format('GRANT SELECT ON %I TO b', r); END LOOP", 't(b)'],
    ["CREATE TABLE t (); FOR q IN SELECT * FROM (VALUES ('t', 'b'), ('t', 'c')) AS v (object, who) WHERE v.who <> 'c' LOOP EXECUTE format('GRANT SELECT ON %I TO %I', q.object, q.who); END LOOP", 't(b)'],
    ["CREATE TABLE t (); FOR r IN SELECT name FROM unnest(string_to_array('b,c', ',')) AS x (name) LOOP EXECUTE format('GRANT SELECT ON t TO %I', r); END LOOP", 't(b,c)'],
    ["CREATE TABLE t (); FOR r IN SELECT tablename FROM pg_tables LIMIT 1 LOOP EXECUTE format('GRANT SELECT ON %I TO b', r); END LOOP; FOR r IN SELECT tablename FROM pg_tables WHERE tableowner = 'x' LOOP EXECUTE format('GRANT SELECT ON %I TO c', r); END LOOP", 't()'],
    ["CREATE TABLE t (); EXECUTE format('GRANT %s ON %I TO %I', quote_ident('select'), 't', 'b')", 't(b)'],
  ])('%s', (text, expected) => {
    expect(left(`DO $$ DECLARE r text; n int; BEGIN ${text}; END $$`)).toBe(expected);
  });

  it('knows its constants', () => {
    expect(left("DO $$ DECLARE who CONSTANT text := 'b'; q text; BEGIN CREATE TABLE t (); q := format('GRANT SELECT ON t TO %I', who); EXECUTE q; IF now() THEN q := 'x'; END IF; EXECUTE q; END $$")).toBe('t(b)');
  });

  it.each([
    ["SELECT p.oid::regprocedure AS sig FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE n.nspname = 'public' AND p.prokind = 'f'", "ALTER FUNCTION %s SET search_path = ''', r.sig", 'f g'],
    ["SELECT p.oid::regprocedure::text FROM pg_proc p, pg_namespace n WHERE n.oid = p.pronamespace AND n.nspname = 'public' AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = p.oid)", "ALTER ROUTINE %s SET search_path = ''', r", 'f g p'],
    ["SELECT n.nspname, p.proname, pg_get_function_identity_arguments(p.oid) AS args FROM pg_proc p INNER JOIN pg_namespace n ON p.pronamespace = n.oid WHERE p.proname IN ('f', 'x') ORDER BY 1", "ALTER FUNCTION %I.%I(%s) SET search_path = ''', r.nspname, r.proname, r.args", 'f'],
    ["SELECT format('%I.%I(%s)', n.nspname, p.proname, pg_get_function_identity_arguments(p.oid)) AS sig FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE p.prosecdef AND p.proname <> 'x'", "ALTER FUNCTION %s SET search_path = ''', r.sig", 'g'],
    ['SELECT p.proname FROM pg_proc p WHERE p.procost > 1', "ALTER FUNCTION %I SET search_path = ''', r.proname", ''],
  ])('knows the routines that a loop goes through: %s', (query, command, expected) => {
    const made = `CREATE FUNCTION f(a text, b int[]) RETURNS int LANGUAGE sql AS $$ SELECT 1 $$; CREATE FUNCTION g() RETURNS int LANGUAGE sql SECURITY DEFINER AS $$ SELECT 1 $$;
      CREATE PROCEDURE p() LANGUAGE sql AS $$ SELECT 1 $$;`;
    const { routines } = schema(`${made} DO $$ DECLARE r record; BEGIN FOR r IN ${query} LOOP EXECUTE format('${command.replace("''", "''''")}); END LOOP; END $$`);
    expect(routines.filter(({ path }) => path.kind === 'list').map(({ name }) => name).join(' ')).toBe(expected);
  });

  it('shows a role in the information schema what it may use', () => {
    const made = 'CREATE ROLE a; CREATE TABLE t (); CREATE TABLE u (); GRANT SELECT ON u TO a; SET ROLE a;';
    expect(left(`${made} DO $$ BEGIN FOR r IN SELECT table_name FROM information_schema.tables LOOP EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', r.table_name); END LOOP; END $$`)).toBe('a t() u(a)!');
  });

  it('may stand there twice', () => {
    const block = "DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'a') THEN CREATE ROLE a; ELSE ALTER ROLE a LOGIN; END IF; END $$;";
    expect(left(block)).toBe('a');
    expect(left(block + block)).toBe('a+');
  });

  it.each([
    'DO $$ BEGIN IF', 'DO $$ BEGIN FOR x IN', 'DO $$ DECLARE x', 'DO $$ BEGIN END; ELSE WHEN THEN LOOP $$', "DO $$ BEGIN FOREACH x IN ARRAY ARRAY[ LOOP EXECUTE x; $$",
    'DO $$ BEGIN BEGIN EXCEPTION WHEN $$', 'DO $$ BEGIN CASE WHEN $$', 'DO $$ << $$', "DO $$ BEGIN FOR a IN 1..150 LOOP FOR b IN 1..150 LOOP FOR c IN 1..150 LOOP NULL; END LOOP; END LOOP; END LOOP; END $$",
  ])('may be half written: %s', (text) => {
    expect(left(text)).toBe('');
  });
});

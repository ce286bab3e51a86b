import fc from 'fast-check';

/** Words that stand for one of several names, so that statements meet each other's objects. */
const words: Readonly<Record<string, readonly string[]>> = {
  role: ['r1', 'r2', 'r3', '"R 4"'],
  schema: ['s1', 's2', 'public'],
  relation: ['t1', 't2', 's1.t1', 's2.t1', 'public.t2', '"T"', 's1.t3'],
  view: ['v1', 's1.v1', 's2.v2'],
  matview: ['m1', 's1.m1'],
  sequence: ['q1', 's1.q1', 't1_id_seq'],
  routine: ['f1()', 'f1(integer)', 's1.f1(int)', 's1.f2(text, bigint)', 'f3(x varchar(3), OUT y int)', 's2.f4(VARIADIC a int[])'],
  procedure: ['p1()', 's1.p1(text)'],
  bare: ['f1', 's1.f1', 's1.f2'],
  type: ['e1', 's1.e1', 'd1'],
  policy: ['pol1', 'pol2'],
  trigger: ['trg1', 'trg2'],
  option: ['', '', ' WITH GRANT OPTION'],
  grantee: ['r1', 'r2', 'r3', 'PUBLIC', 'r1, r2', 'CURRENT_USER'],
  tablePrivilege: ['SELECT', 'INSERT, UPDATE', 'ALL', 'ALL PRIVILEGES', 'SELECT (a)', 'UPDATE (a, b), SELECT', 'TRUNCATE, TRIGGER', 'ALL (a)'],
  attribute: ['SUPERUSER', 'NOSUPERUSER', 'CREATEROLE', 'LOGIN NOINHERIT', 'BYPASSRLS', 'NOBYPASSRLS REPLICATION', 'CREATEDB NOLOGIN', 'INHERIT'],
  security: ['', ' SECURITY DEFINER', ' SECURITY DEFINER SET search_path = pg_catalog, s1, pg_temp', " SET search_path TO ''", ' SET search_path FROM CURRENT'],
  action: [
    'ENABLE ROW LEVEL SECURITY', 'DISABLE ROW LEVEL SECURITY', 'FORCE ROW LEVEL SECURITY, ENABLE ROW LEVEL SECURITY', 'NO FORCE ROW LEVEL SECURITY',
    'ADD COLUMN c text', 'ADD c2 serial', 'ADD COLUMN IF NOT EXISTS c bigint', 'DROP COLUMN c', 'DROP COLUMN IF EXISTS c', 'RENAME COLUMN b TO b2', 'RENAME b2 TO b',
    'ALTER COLUMN b TYPE varchar(10)', 'INHERIT t2', 'NO INHERIT t2', 'ADD GENERATED ALWAYS AS IDENTITY', 'DROP COLUMN id', 'ALTER id DROP DEFAULT',
  ],
  on: ['TABLES', 'SEQUENCES', 'FUNCTIONS', 'ROUTINES', 'TYPES'],
  kinds: ['TABLES', 'SEQUENCES', 'FUNCTIONS', 'PROCEDURES', 'ROUTINES'],
  for: ['', '', ' FOR ROLE r1', ' FOR USER r2', ' IN SCHEMA s1', ' FOR ROLE r1 IN SCHEMA s1, s2'],
  exists: ['', ' IF EXISTS'],
  cascade: ['', ' CASCADE'],
  newSchema: ['s1', 's2', 's3'],
  event: ['ddl_command_start', 'ddl_command_end', 'sql_drop'],
  new: ['n1', 'n2', 't1', 'f1'],
  path: ['s1', 's2, public', 'public', '"$user", public', "''", 's1, pg_catalog'],
};

/** What statements about these objects look like; the first ones come more often, so that there is something to speak of. */
const often: readonly string[] = [
  'CREATE TABLE {relation} (id serial, a int, b text)', 'CREATE TABLE {relation} (id int GENERATED ALWAYS AS IDENTITY, a numeric(3, 1) NOT NULL DEFAULT 0, b timestamp with time zone)',
  'CREATE FUNCTION {routine} LANGUAGE sql{security} AS $$ SELECT 1 $$', 'CREATE OR REPLACE FUNCTION {routine} RETURNS int LANGUAGE sql{security} AS $$ SELECT 1 $$',
  'CREATE FUNCTION {routine} RETURNS int LANGUAGE sql{security} AS $$ SELECT 1 $$',
  'GRANT {tablePrivilege} ON {relation} TO {grantee}{option}', 'REVOKE {tablePrivilege} ON TABLE {relation} FROM {grantee}{cascade}',
  'GRANT EXECUTE ON FUNCTION {routine} TO {grantee}{option}', 'REVOKE ALL ON FUNCTION {routine} FROM {grantee}{cascade}', 'REVOKE EXECUTE ON FUNCTION {bare} FROM PUBLIC',
  'ALTER TABLE {relation} {action}', 'ALTER TABLE{exists} ONLY {relation} {action}',
];
const sometimes: readonly string[] = [
  'CREATE TABLE IF NOT EXISTS {relation} (LIKE t1)', 'CREATE TABLE {relation} (x int) INHERITS (t1)', 'CREATE TABLE {relation} (i int, a text) PARTITION BY LIST (i)',
  'CREATE TABLE {relation} PARTITION OF t2 DEFAULT', 'ALTER TABLE {relation} ATTACH PARTITION t1 FOR VALUES IN (1)', 'ALTER TABLE t2 DETACH PARTITION {relation}',
  'CREATE TABLE {relation} AS SELECT 1 AS a', 'CREATE TEMP TABLE {relation} (a int)',
  'CREATE VIEW {view} AS SELECT * FROM {relation}', 'CREATE OR REPLACE VIEW {view} WITH (security_barrier) AS SELECT a FROM {relation} x, s1.t1 WHERE x.a = 1',
  'CREATE VIEW {view} WITH (security_invoker = on) AS WITH q AS (SELECT a FROM t1) SELECT q.a FROM q JOIN {relation} USING (a)',
  'CREATE OR REPLACE VIEW {view} AS SELECT * FROM {relation}', 'ALTER VIEW {view} SET (security_invoker = true)', 'ALTER VIEW {view} RESET (security_invoker)',
  'CREATE VIEW {view} AS SELECT a FROM {relation} WHERE a > 0 WITH LOCAL CHECK OPTION', 'ALTER TABLE {view} OWNER TO {role}',
  'CREATE MATERIALIZED VIEW {matview} AS SELECT * FROM {relation}', 'DROP MATERIALIZED VIEW {matview}', 'DROP VIEW {view}{cascade}',
  'CREATE SEQUENCE {sequence}', 'GRANT USAGE, SELECT ON SEQUENCE {sequence} TO {grantee}', 'GRANT ALL ON {sequence} TO {grantee}', 'ALTER SEQUENCE {sequence} OWNED BY t1.a', 'DROP SEQUENCE {sequence}',
  'CREATE POLICY {policy} ON {relation} USING (true)', 'CREATE POLICY {policy} ON {relation} AS RESTRICTIVE FOR UPDATE TO {grantee} USING (a > 0) WITH CHECK (true)',
  'CREATE POLICY {policy} ON {relation} FOR INSERT TO {role} WITH CHECK (b IS NOT NULL)', 'ALTER POLICY {policy} ON {relation} TO {role} USING (false)',
  'ALTER POLICY {policy} ON {relation} RENAME TO pol3', 'DROP POLICY{exists} {policy} ON {relation}',
  'CREATE FUNCTION trf() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$', 'CREATE TRIGGER {trigger} BEFORE INSERT ON {relation} FOR EACH ROW EXECUTE FUNCTION trf()',
  'DROP TRIGGER {trigger} ON {relation}', 'ALTER TRIGGER {trigger} ON {relation} RENAME TO trg3', 'ALTER FUNCTION trf() SET SCHEMA {schema}', 'DROP FUNCTION trf(){cascade}',
  'CREATE PROCEDURE {procedure} LANGUAGE sql{security} AS $$ SELECT 1 $$', 'GRANT EXECUTE ON PROCEDURE {procedure} TO {grantee}', 'ALTER PROCEDURE {procedure} SECURITY DEFINER', 'DROP ROUTINE {procedure}',
  'ALTER FUNCTION {routine} SECURITY DEFINER', 'ALTER FUNCTION {routine} SECURITY INVOKER RESET ALL', 'ALTER ROUTINE {routine} SET search_path = {path}', 'ALTER FUNCTION {routine} RESET search_path',
  'ALTER FUNCTION {routine} OWNER TO {role}', 'ALTER FUNCTION {routine} RENAME TO {new}', 'ALTER FUNCTION {routine} SET SCHEMA {schema}', 'DROP FUNCTION{exists} {routine}', 'DROP FUNCTION {bare}',
  'ALTER TABLE {relation} OWNER TO {role}', 'ALTER TABLE {relation} RENAME TO {new}', 'ALTER TABLE {relation} SET SCHEMA {schema}', 'DROP TABLE{exists} {relation}{cascade}', 'DROP TABLE {relation}, {relation}',
  'CREATE SCHEMA IF NOT EXISTS {schema}', 'CREATE SCHEMA s3 AUTHORIZATION {role}', 'GRANT USAGE ON SCHEMA {schema} TO {grantee}', 'GRANT ALL ON SCHEMA {schema} TO {grantee}{option}', 'REVOKE CREATE ON SCHEMA {schema} FROM {grantee}',
  'ALTER SCHEMA {schema} OWNER TO {role}', 'ALTER SCHEMA s2 RENAME TO s4', 'ALTER SCHEMA s4 RENAME TO s2', 'DROP SCHEMA s2 CASCADE', 'CREATE SCHEMA s2',
  'GRANT SELECT ON ALL TABLES IN SCHEMA {schema} TO {grantee}', 'REVOKE ALL ON ALL {kinds} IN SCHEMA {schema} FROM {grantee}', 'GRANT ALL ON ALL {kinds} IN SCHEMA s1, {schema} TO {grantee}{option}',
  'ALTER DEFAULT PRIVILEGES{for} GRANT ALL ON {on} TO {grantee}{option}', 'ALTER DEFAULT PRIVILEGES{for} REVOKE ALL ON {on} FROM {grantee}', 'ALTER DEFAULT PRIVILEGES{for} GRANT SELECT ON TABLES TO {grantee}',
  'ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC', 'ALTER DEFAULT PRIVILEGES GRANT USAGE ON SCHEMAS TO {role}',
  'CREATE TYPE {type} AS ENUM ()', 'CREATE DOMAIN {type} AS int', 'GRANT USAGE ON TYPE {type} TO {grantee}', 'REVOKE ALL ON TYPE {type} FROM {grantee}', 'ALTER TYPE {type} OWNER TO {role}', 'DROP TYPE {type}',
  'ALTER TYPE {type} RENAME TO {new}', 'ALTER DOMAIN {type} SET SCHEMA {schema}',
  'ALTER ROLE {role} {attribute}', 'ALTER USER {role} WITH {attribute}', 'GRANT {role} TO {role}', 'GRANT {role} TO {role} WITH ADMIN OPTION', 'REVOKE {role} FROM {role}{cascade}', 'REVOKE ADMIN OPTION FOR {role} FROM {role}{cascade}',
  'ALTER GROUP {role} ADD USER {role}', 'ALTER ROLE r3 RENAME TO r5', 'ALTER ROLE r5 RENAME TO r3', 'ALTER ROLE {role} SET search_path = s1', 'ALTER ROLE {role} RESET ALL', 'CREATE ROLE r6 {attribute} IN ROLE {role}', 'CREATE USER r6 ADMIN {role}', 'DROP ROLE r6',
  'REASSIGN OWNED BY {role} TO {role}', 'DROP OWNED BY {role}{cascade}',
  'SET search_path = {path}', 'SET LOCAL search_path = {path}', 'SET ROLE {role}', 'RESET ROLE', 'RESET ROLE', 'SET LOCAL ROLE {role}', 'SET SESSION AUTHORIZATION {role}', 'RESET SESSION AUTHORIZATION', 'RESET SESSION AUTHORIZATION',
  'BEGIN', 'BEGIN', 'COMMIT', 'ROLLBACK', 'COMMIT AND CHAIN', 'SAVEPOINT a', 'SAVEPOINT b', 'ROLLBACK TO a', 'RELEASE a', 'ROLLBACK TO SAVEPOINT b',
  'CREATE PUBLICATION pub FOR TABLE {relation}', 'ALTER PUBLICATION pub ADD TABLE {relation}', 'ALTER PUBLICATION pub SET TABLE {relation}', 'ALTER PUBLICATION pub DROP TABLE {relation}', 'CREATE PUBLICATION pub2 FOR TABLES IN SCHEMA {schema}', 'DROP PUBLICATION pub',
  "CREATE SCHEMA {newSchema} AUTHORIZATION {role} CREATE VIEW v1 AS SELECT a FROM t1 GRANT SELECT ON v1 TO {grantee}{option} CREATE TABLE t1 (id serial, a int)", 'CREATE SCHEMA {newSchema} CREATE SEQUENCE q1 GRANT ALL ON q1, {relation} TO {grantee} CREATE TABLE t2 (a int)',
  'CREATE TABLE {relation} (LIKE {relation} INCLUDING ALL, x int)', 'CREATE TABLE {relation} (LIKE t1 INCLUDING IDENTITY EXCLUDING IDENTITY)', 'CREATE TABLE IF NOT EXISTS {relation} (id serial, z int)', 'CREATE UNLOGGED TABLE {relation} (a, b) AS SELECT 1, 2 WITH NO DATA',
  'CREATE TABLE {relation} PARTITION OF t2 FOR VALUES IN (1, 2) PARTITION BY LIST (a)', 'ALTER TABLE ONLY {relation} DETACH PARTITION t1', 'CREATE TABLE {relation} (b text) INHERITS (t1, t2)',
  'CREATE FUNCTION etf() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN NULL; END $$', 'CREATE EVENT TRIGGER evt ON {event} EXECUTE FUNCTION etf()', 'ALTER EVENT TRIGGER evt OWNER TO {role}', 'ALTER EVENT TRIGGER evt RENAME TO evt2', 'DROP EVENT TRIGGER{exists} evt', 'ALTER EVENT TRIGGER evt DISABLE',
  'GRANT {role} TO {role} GRANTED BY {role}', 'REVOKE {role} FROM {role} GRANTED BY {role}{cascade}', 'CREATE ROLE r6 {attribute} ROLE {role}, {role} ADMIN {role}', 'DROP ROLE{exists} r6, r3', 'ALTER GROUP {role} DROP USER {role}', 'CREATE ROLE r3', 'ALTER ROLE {role} SET role = r1', 'ALTER ROLE {role} RESET search_path',
  'CREATE TYPE {type} AS (x int, y text)', 'CREATE TYPE {type} AS RANGE (subtype = int4)', 'DROP TYPE {type} CASCADE', 'DROP DOMAIN{exists} {type}', 'CREATE TABLE {relation} (a int, e e1)', 'CREATE FUNCTION f5(e1, s1.e1[]) RETURNS int LANGUAGE sql AS $$ SELECT 1 $$',
  'DROP FUNCTION {routine} CASCADE', 'DROP SCHEMA {schema} CASCADE', 'DROP SCHEMA s3', 'ALTER TABLE {relation} DROP COLUMN a CASCADE', 'ALTER TABLE {relation} DROP COLUMN IF EXISTS id CASCADE', 'DROP TABLE {relation}, {relation} CASCADE', 'DROP VIEW IF EXISTS {view}, {view}{cascade}',
  'CREATE POLICY {policy} ON {relation} USING (EXISTS (SELECT FROM {relation} q WHERE q.a = 1))', 'CREATE POLICY {policy} ON {relation} USING (f1(a) IS NULL)', 'CREATE POLICY {policy} ON {relation} FOR SELECT USING (s1.f1(1) = 1)', 'CREATE POLICY {policy} ON {relation} FOR DELETE TO {role}, {role} USING (id > 0)', 'ALTER POLICY {policy} ON {relation} TO {grantee}', 'ALTER POLICY {policy} ON {relation} USING (a = f1(1))',
  'CREATE VIEW {view} AS SELECT f1(1) AS a', 'CREATE RECURSIVE VIEW {view} (a) AS SELECT 1 AS a', 'CREATE VIEW {view} (x, y) AS SELECT a, id FROM {relation}', 'ALTER VIEW {view} RENAME TO {new}', 'ALTER VIEW {view} SET SCHEMA {schema}', 'ALTER MATERIALIZED VIEW {matview} OWNER TO {role}', 'ALTER SEQUENCE {sequence} SET SCHEMA {schema}', 'ALTER SEQUENCE {sequence} OWNED BY NONE', 'ALTER SEQUENCE {sequence} OWNER TO {role}', 'CREATE SEQUENCE {sequence} OWNED BY t2.a', 'CREATE TEMP SEQUENCE {sequence}',
  'ALTER TABLE {relation} ALTER id ADD GENERATED BY DEFAULT AS IDENTITY', 'ALTER TABLE {relation} ALTER id DROP IDENTITY IF EXISTS', 'ALTER TABLE {relation} ADD COLUMN i2 int GENERATED ALWAYS AS IDENTITY, ADD c3 int', 'ALTER TABLE {relation} RENAME COLUMN id TO id2',
  'CREATE OR REPLACE TRIGGER {trigger} AFTER UPDATE ON {relation} FOR EACH ROW EXECUTE FUNCTION trf()', 'CREATE CONSTRAINT TRIGGER {trigger} AFTER INSERT ON {relation} DEFERRABLE FOR EACH ROW EXECUTE FUNCTION trf()', 'CREATE TRIGGER {trigger} INSTEAD OF DELETE ON {view} FOR EACH ROW EXECUTE FUNCTION trf()',
  'CREATE OR REPLACE PROCEDURE {procedure} LANGUAGE sql{security} AS $$ SELECT 2 $$', 'ALTER PROCEDURE {procedure} OWNER TO {role}', 'DROP PROCEDURE{exists} {procedure}', 'REVOKE ALL ON ROUTINE {procedure} FROM PUBLIC, {grantee}{cascade}', 'REVOKE GRANT OPTION FOR {tablePrivilege} ON {relation} FROM {grantee}{cascade}', 'REVOKE GRANT OPTION FOR ALL ON FUNCTION {routine} FROM {grantee}{cascade}',
  'REVOKE GRANT OPTION FOR USAGE ON SCHEMA {schema} FROM {grantee}{cascade}', 'GRANT {tablePrivilege} ON {relation}, {relation} TO {grantee}, {grantee}{option}', 'GRANT SELECT ON {view} TO {grantee}', 'REVOKE ALL ON {matview} FROM {role}', 'GRANT ALL ON TABLE {relation} TO GROUP {role} GRANTED BY CURRENT_USER',
  'ALTER DEFAULT PRIVILEGES{for} REVOKE GRANT OPTION FOR ALL ON {on} FROM {grantee}', 'ALTER DEFAULT PRIVILEGES{for} REVOKE ALL ON FUNCTIONS FROM PUBLIC, {grantee}', 'ALTER DEFAULT PRIVILEGES FOR ROLE {role}, {role} GRANT EXECUTE ON ROUTINES TO {grantee}',
  'DROP OWNED BY {role}, {role} CASCADE', 'REASSIGN OWNED BY CURRENT_USER TO {role}', 'REASSIGN OWNED BY {role}, {role} TO CURRENT_USER', 'SET SESSION ROLE {role}', "SET role TO 'r1'", 'SET ROLE NONE', 'SET SESSION SESSION AUTHORIZATION DEFAULT', 'SET LOCAL SESSION AUTHORIZATION {role}', 'ROLLBACK AND CHAIN', 'START TRANSACTION READ WRITE', 'END', 'ABORT', 'RELEASE SAVEPOINT b',
  "SELECT set_config('search_path', 's1', false)", "SELECT pg_catalog.set_config('search_path', '', true)",
  "DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'r6') THEN CREATE ROLE r6 {attribute}; ELSE ALTER ROLE r6 {attribute}; END IF; END $$",
  "DO $$ BEGIN IF EXISTS (SELECT FROM pg_catalog.pg_authid WHERE rolname = 'r1') THEN GRANT SELECT ON {relation} TO r1; END IF; END $$",
  "DO $$ BEGIN IF NOT EXISTS (SELECT 1 FROM pg_type WHERE typname = 'e1') THEN CREATE TYPE e1 AS ENUM (); END IF; END $$", 'DO $$ BEGIN CREATE TYPE {type} AS ENUM (); EXCEPTION WHEN duplicate_object THEN NULL; END $$',
  "DO $$ BEGIN IF NOT EXISTS (SELECT 1 FROM pg_policies WHERE schemaname = 's1' AND tablename = 't1' AND policyname = 'pol1') THEN CREATE POLICY pol1 ON s1.t1 TO {role} USING (true); END IF; END $$",
  "DO $$ BEGIN IF to_regclass('s1.t1') IS NOT NULL THEN GRANT SELECT ON s1.t1 TO {role}; END IF; END $$",
  "DO $$ DECLARE name text; BEGIN FOREACH name IN ARRAY ARRAY['s1', 's2'] LOOP EXECUTE format('GRANT {tablePrivilege} ON ALL TABLES IN SCHEMA %I TO {role}', name); EXECUTE 'ALTER DEFAULT PRIVILEGES IN SCHEMA ' || quote_ident(name) || ' GRANT SELECT ON TABLES TO {role}'; END LOOP; END $$",
  "DO $$ BEGIN CREATE ROLE r6; GRANT r1 TO r6; EXCEPTION WHEN duplicate_object THEN ALTER ROLE r6 {attribute}; END $$", "DO $$ BEGIN CREATE TABLE {relation} (a int); CREATE TABLE {relation} (a int); EXCEPTION WHEN duplicate_table THEN CREATE SCHEMA IF NOT EXISTS s3; END $$",
  "DO $$ BEGIN IF NOT EXISTS (SELECT 1 FROM information_schema.columns WHERE table_schema = 'public' AND table_name = 't1' AND column_name = 'c') THEN ALTER TABLE public.t1 ADD COLUMN c text; END IF; END $$",
  "DO $$ BEGIN IF current_setting('server_version_num')::int >= 160000 THEN GRANT SELECT ON t1 TO r2; ELSE GRANT INSERT ON t1 TO r3; RETURN; END IF; GRANT UPDATE ON t1 TO r2; END $$",
  "DO $$ DECLARE r record; BEGIN FOR r IN SELECT schemaname, tablename FROM pg_tables WHERE schemaname = 's1' LOOP EXECUTE format('GRANT SELECT ON %I.%I TO {role}', r.schemaname, r.tablename); END LOOP; END $$",
  "DO $$ DECLARE r record; BEGIN FOR r IN (SELECT policyname FROM pg_policies WHERE schemaname = 'public' AND tablename = 't1') LOOP EXECUTE format('DROP POLICY %I ON public.t1', r.policyname); END LOOP; END $$",
  "DO $$ DECLARE r record; BEGIN FOR r IN SELECT table_schema, table_name AS name FROM information_schema.tables WHERE table_schema IN ('public', 's2') AND table_type = 'BASE TABLE' LOOP EXECUTE format('ALTER TABLE %I.%I ENABLE ROW LEVEL SECURITY', r.table_schema, r.name); END LOOP; END $$",
  'DO $$ BEGIN GRANT SELECT ON t1 TO r1; REVOKE ALL ON FUNCTION f1() FROM PUBLIC; END $$', 'DO $$ BEGIN CREATE TABLE t1 (id serial, a int); END $$',
  "CREATE OR REPLACE FUNCTION opens(object text, who text DEFAULT 'r2') RETURNS void LANGUAGE plpgsql{security} AS $$ BEGIN EXECUTE format('GRANT {tablePrivilege} ON %s TO %I', object, who); IF who = 'r1' THEN EXECUTE 'ALTER TABLE ' || object || ' ENABLE ROW LEVEL SECURITY'; END IF; END $$",
  "SELECT opens('{relation}', 'r1')", "SELECT public.opens('{relation}'), opens(who => 'r3', object => '{relation}')", "SELECT opens(schemaname || '.' || quote_ident(tablename), 'r3') FROM pg_tables WHERE schemaname = '{schema}'",
  'CREATE OR REPLACE PROCEDURE protects(n int) LANGUAGE plpgsql{security} AS $$ BEGIN CREATE TABLE IF NOT EXISTS t3 (a int); ALTER TABLE t1 ENABLE ROW LEVEL SECURITY; IF n > 1 THEN RETURN; END IF; GRANT SELECT ON t1 TO r3; END $$', 'CALL protects(1)', 'CALL protects(2)',
  "DO $$ DECLARE n int; command text; BEGIN SELECT count(*) INTO n FROM pg_policies WHERE schemaname = 's1' AND tablename = 't1' AND policyname = 'pol1'; IF n = 0 THEN command := 'CREATE'; ELSE command := 'ALTER'; END IF; EXECUTE format('%s POLICY pol1 ON s1.t1 TO {role}', command); END $$",
  "DO $$ DECLARE r record; BEGIN FOR r IN SELECT 'TABLE' AS kind, schemaname AS home, tablename AS name FROM pg_tables WHERE schemaname IN ('s1', 's2') UNION ALL SELECT 'SEQUENCE', schemaname, sequencename FROM pg_sequences WHERE schemaname = 's1' LOOP EXECUTE format('GRANT SELECT ON %s %I.%I TO {role}', r.kind, r.home, r.name); END LOOP; END $$",
  "DO $$ DECLARE r record; BEGIN FOR r IN SELECT p.oid::regprocedure AS name FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE n.nspname = '{schema}' AND p.prokind = 'f' LOOP CONTINUE WHEN r.name::text ~ '^f2'; EXECUTE 'REVOKE ALL ON FUNCTION ' || r.name || ' FROM PUBLIC'; END LOOP; END $$",
  "DO $$ DECLARE there boolean; BEGIN SELECT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = 'r6') INTO there; CASE WHEN there THEN GRANT r6 TO {role}; ELSE CREATE ROLE r6 {attribute}; END CASE; END $$",
];

/** What every run begins with. */
export const beginning: readonly string[] = [
  'SET search_path = "$user", public',
  'CREATE ROLE r1', 'CREATE ROLE r2 LOGIN', 'CREATE ROLE r3', 'CREATE ROLE "R 4" SUPERUSER', 'CREATE SCHEMA s1', 'CREATE SCHEMA s2 AUTHORIZATION r1', 'GRANT ALL ON SCHEMA s1 TO r1, r2',
];

/** SET ROLE and the like on the server only concern a session; roles concern all of it, so what a run may leave is named here. */
export const rolesOfRuns = ['r1', 'r2', 'r3', 'R 4', 'r5', 'r6'];

const template = fc.oneof({ weight: 2, arbitrary: fc.constantFrom(...often) }, { weight: 3, arbitrary: fc.constantFrom(...sometimes) });

/** A statement; the numbers choose the names, so that a smaller example keeps its form. */
const statement = fc.tuple(template, fc.array(fc.nat({ max: 11 }), { minLength: 5, maxLength: 5 })).map(([form, numbers]) => {
  let next = 0;
  return form.replace(/\{(\w+)\}/g, (_match, word: string) => {
    const choices = words[word]!;
    return choices[numbers[next++ % numbers.length]! % choices.length]!;
  });
});

export const statements = fc.array(statement, { minLength: 10, maxLength: 80, size: 'max' });

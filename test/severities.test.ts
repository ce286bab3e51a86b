import { beforeAll, describe, expect, test } from 'vitest';
import { lint } from '../server/src/lint.ts';
import { loadPostgresFromDisk } from '../server/src/node-wasm.ts';
import { folderOf, resolvePath } from '../server/src/paths.ts';
import type { Severity } from '../server/src/rules/rule.ts';
import { filesOf, setOf } from './files.ts';

beforeAll(loadPostgresFromDisk);

const pythonOf = (body: string, parameters = '(a text)') => `CREATE FUNCTION f${parameters} RETURNS text LANGUAGE plpython3u AS $$ ${body} $$;\n`;
const python = pythonOf('return open(a).read()');
const ownedBy = (role: string) =>
  `CREATE ROLE ${role} LOGIN;\nCREATE TABLE d (o name);\nALTER TABLE d OWNER TO ${role};\nALTER TABLE d ENABLE ROW LEVEL SECURITY;\nCREATE POLICY p ON d USING (o = current_user);\n`;

const lent = (parameters: string, language: string, body: string) =>
  `CREATE FUNCTION public.f${parameters} RETURNS text LANGUAGE ${language} SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$ ${body} $$;`;

const shown = 'CREATE TABLE d (o name);\nALTER TABLE d ENABLE ROW LEVEL SECURITY;\nCREATE POLICY p ON d USING (o = current_user);\nCREATE VIEW v AS SELECT o FROM d;\nGRANT SELECT ON v TO clerk;\n';

/** The same mistake is worth a page, a look or a note by what an attacker gains from it. */
const cases: readonly (readonly [rule: string, severity: Severity, text: string])[] = [
  ['copy-server-file', 'medium', "CREATE FUNCTION f(p text) RETURNS void LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN EXECUTE format('COPY t FROM %L', p); END $$;"],
  // The caller needs the right to read files.
  ['copy-server-file', 'low', "CREATE FUNCTION f(p text) RETURNS void LANGUAGE plpgsql AS $$ BEGIN EXECUTE format('COPY t FROM %L', p); END $$;"],
  ['create-or-replace-in-shared-schema', 'medium', 'GRANT CREATE ON SCHEMA app TO PUBLIC;\nCREATE OR REPLACE FUNCTION app.f() RETURNS int LANGUAGE sql AS $$ SELECT 1 $$;'],
  ['search-path-writable-first', 'high', 'GRANT CREATE ON SCHEMA app TO PUBLIC;\nALTER ROLE web SET search_path = app, pg_catalog;'],
  ['search-path-writable-first', 'low', 'GRANT CREATE ON SCHEMA app TO PUBLIC;\nSET search_path = app, pg_catalog;'],
  ['rls-truncate-granted', 'medium', 'CREATE TABLE d (o name);\nALTER TABLE d ENABLE ROW LEVEL SECURITY;\nCREATE POLICY p ON d USING (o = current_user);\nGRANT ALL ON d TO clerk;'],
  // PostGraphile runs its requests in the name of this role, which nobody logs in as.
  ['rls-truncate-granted', 'low', "CREATE ROLE member;\nCREATE TABLE d (o int);\nALTER TABLE d ENABLE ROW LEVEL SECURITY;\nCREATE POLICY p ON d USING (o = current_setting('jwt.claims.user_id')::int);\nGRANT ALL ON d TO member;"],
  ['rls-truncate-granted', 'medium', "CREATE ROLE member LOGIN;\nCREATE TABLE d (o int);\nALTER TABLE d ENABLE ROW LEVEL SECURITY;\nCREATE POLICY p ON d USING (o = current_setting('jwt.claims.user_id')::int);\nGRANT ALL ON d TO member;"],
  ['rls-truncate-granted', 'low', 'CREATE TABLE d (o uuid);\nALTER TABLE d ENABLE ROW LEVEL SECURITY;\nCREATE POLICY p ON d USING (o = auth.uid());\nGRANT ALL ON d TO authenticated;'],
  ['weak-bcrypt-cost', 'medium', "UPDATE users SET hash = crypt($1, gen_salt('bf'));"],
  ['weak-bcrypt-cost', 'low', "INSERT INTO users VALUES ('a', crypt('known to all', gen_salt('bf')));"],
  ['weak-bcrypt-cost', 'low', "UPDATE users SET otp_hash = crypt(@otp, gen_salt('bf'));"],
  ['default-privileges-public', 'high', 'ALTER DEFAULT PRIVILEGES IN SCHEMA app GRANT ALL ON TABLES TO PUBLIC;'],
  ['default-privileges-public', 'medium', 'ALTER DEFAULT PRIVILEGES IN SCHEMA app GRANT SELECT ON TABLES TO PUBLIC;'],
  ['security-definer-public-execute', 'medium', lent('(path text)', 'plpython3u', 'return open(path).read()')],
  ['security-definer-public-execute', 'low', lent('()', 'plpython3u', 'return os.getloadavg()')],
  ['security-definer-untrusted-language', 'medium', lent('(path text)', 'plpython3u', 'return open(path).read()')],
  ['security-definer-untrusted-language', 'low', lent('()', 'plpython3u', 'return os.getloadavg()')],
  ['anon-writes-unguarded', 'high', 'CREATE TABLE public.t (i int);\nGRANT ALL ON public.t TO anon;'],
  // Supabase made it, and its API does not show it.
  ['anon-writes-unguarded', 'low', 'CREATE TABLE supabase_functions.t (i int);\nGRANT ALL ON supabase_functions.t TO anon;'],
  ['view-without-security-invoker', 'medium', shown],
  ['view-without-security-invoker', 'low', shown.replaceAll(' v ', ' public_doc ').replace('TO clerk', 'TO anon')],
  ['view-without-security-invoker', 'medium', shown.replaceAll(' v ', ' public_doc ').replace('TO clerk', 'TO anon').replace('SELECT o', 'SELECT *')],
  ['view-replace-drops-options', 'low', "CREATE VIEW v WITH (security_barrier) AS SELECT 1 AS a;\nCREATE OR REPLACE VIEW v AS SELECT 2 AS a;\n"],
  ['view-without-security-invoker', 'low', shown.replace('CREATE VIEW', '-- No security_invoker: everybody may see who there is.\nCREATE VIEW')],
  ['view-without-security-invoker', 'low', shown.replace('SELECT o FROM', 'SELECT count(*) AS n, max(length(o)) AS l FROM')],
  ['view-without-security-invoker', 'medium', shown.replace('SELECT o FROM d', 'SELECT count(*) AS n FROM d GROUP BY o')],
  ['view-without-security-invoker', 'low', shown.replace('SELECT o FROM d', 'SELECT kind, count(*) AS n FROM d GROUP BY kind')],
  // Everybody may read it in Supabase, and so the rows of each user.
  ['view-without-security-invoker', 'medium', 'CREATE TABLE d (o uuid);\nALTER TABLE d ENABLE ROW LEVEL SECURITY;\nCREATE POLICY p ON d USING (o = auth.uid());\nCREATE VIEW v AS SELECT * FROM d;'],
  ['view-without-security-invoker', 'low', 'CREATE TABLE d (o uuid);\nALTER TABLE d ENABLE ROW LEVEL SECURITY;\nCREATE POLICY p ON d USING (o = auth.uid());\nCREATE VIEW v AS SELECT * FROM d;\nREVOKE ALL ON v FROM anon, authenticated;'],
  ['view-without-security-invoker', 'low', 'CREATE TABLE d (o name);\nALTER TABLE d ENABLE ROW LEVEL SECURITY;\nCREATE POLICY p ON d USING (o = current_user);\nCREATE VIEW v AS SELECT * FROM d;'],
  // Numbers of votes for what everybody may see.
  ['view-without-security-invoker', 'low', shown.replace('SELECT o FROM d', 'SELECT e.id, count(x.o) FILTER (WHERE x.o IS NOT NULL) AS n FROM e LEFT JOIN d AS x ON x.o = e.o GROUP BY e.id')],
  ['view-without-security-invoker', 'medium', shown.replace('SELECT o FROM d', 'SELECT e.id, x.o, count(x.o) AS n FROM e LEFT JOIN d AS x ON x.o = e.o GROUP BY e.id, x.o')],
  ['view-without-security-invoker', 'medium', shown.replace('FROM d;', "FROM d WHERE o <> 'x';")],
  // It looks by itself at who is asking.
  ['view-without-security-invoker', 'low', shown.replace('FROM d;', "FROM d WHERE o = current_setting('request.jwt.claims', true)::json ->> 'name';")],
  ['view-without-security-invoker', 'low', `CREATE FUNCTION me() RETURNS uuid LANGUAGE sql AS 'SELECT auth.uid()';\n${shown.replace('FROM d;', 'FROM d WHERE mine(me());')}`],
  ['security-definer-public-execute', 'medium', lent('(a text)', 'sql', 'SELECT b FROM app.t WHERE c = a')],
  ['security-definer-public-execute', 'low', lent('(a text)', 'sql', 'SELECT b FROM app.t WHERE c = a').replace('public.f', 'public.sign_in')],
  // A function that it calls asks who is calling.
  ['security-definer-public-execute', 'low', `CREATE FUNCTION app.is_boss() RETURNS bool LANGUAGE sql AS 'SELECT app.me() = 1';\nCREATE FUNCTION app.me() RETURNS int LANGUAGE sql AS 'SELECT auth.uid()';\n${lent('(a text)', 'sql', 'SELECT b FROM app.t WHERE c = a AND app.is_boss()')}`],
  // Supabase shows it to strangers, who tell it what to write; to count one up is meant for them.
  ...([['medium', 'DELETE FROM app.t WHERE c = a'], ['low', 'UPDATE public.t SET views = views + 1 WHERE c = a'], ['low', 'UPDATE public.t SET n = coalesce(n, 0) + 1, updated_at = now() WHERE c = a'],
    ['low', 'SELECT b FROM app.t WHERE c = a'], ['low', 'DELETE FROM app.t WHERE c = auth.uid()']] as const).map(([severity, body]) => (
    ['security-definer-public-execute', severity, `CREATE POLICY p ON x USING (i = auth.uid());\n${lent('(a text)', 'sql', body).replace('CREATE', 'CREATE OR REPLACE')}`] as const)),
  ['security-definer-public-execute', 'low', `CREATE POLICY p ON x USING (i = auth.uid());\n${lent('(a text)', 'sql', 'DELETE FROM app.t WHERE c = a').replace('CREATE', 'CREATE OR REPLACE').replace('.f(', '.accept_invitation(')}`],
  ['security-definer-public-execute', 'low', `CREATE POLICY p ON x USING (i = auth.uid());\n${lent('(a text)', 'sql', 'INSERT INTO app.t VALUES (a)').replace('CREATE', 'CREATE OR REPLACE').replace('.f(', '.create_bulk_booking(')}`],
  ['security-definer-public-execute', 'low', `CREATE POLICY p ON x USING (i = auth.uid());\n${lent('()', 'sql', 'DELETE FROM app.t').replace('CREATE', 'CREATE OR REPLACE')}`],
  ['security-definer-public-execute', 'low', lent('(a text)', 'sql', 'DELETE FROM app.t WHERE c = a').replace('CREATE', 'CREATE OR REPLACE')],
  // The caller proves himself by a code; sums that are made anew; counting that is granted to all on purpose.
  ['security-definer-public-execute', 'low', `CREATE POLICY p ON x USING (i = auth.uid());\n${lent('(p_invite_code text)', 'sql', "UPDATE app.t SET answer = 'no' WHERE c = p_invite_code").replace('CREATE', 'CREATE OR REPLACE')}`],
  ['security-definer-public-execute', 'medium', `CREATE POLICY p ON x USING (i = auth.uid());\n${lent('(p_invite_code text)', 'sql', 'UPDATE app.t SET code = p_invite_code WHERE true').replace('CREATE', 'CREATE OR REPLACE')}`],
  ['security-definer-public-execute', 'low', `CREATE POLICY p ON x USING (i = auth.uid());\n${lent('(a text)', 'sql', 'UPDATE app.t SET total = app.sum_of(a) WHERE c = a').replace('CREATE', 'CREATE OR REPLACE').replace('.f(', '.invoices_recalculate_total(')}`],
  ['security-definer-public-execute', 'low', `${lent('(a text)', 'sql', 'DELETE FROM app.t WHERE c = a').replace('.f(', '.track_click(')}\nGRANT EXECUTE ON FUNCTION public.track_click(text) TO PUBLIC;`],
  // Supabase grants it to anon by name; a yes or no is for policies.
  ['security-definer-public-execute', 'medium', `CREATE POLICY p ON x USING (i = auth.uid());\n${lent('(a text)', 'sql', 'SELECT b FROM app.t WHERE c = a')}\nREVOKE ALL ON FUNCTION public.f(text) FROM PUBLIC;\nGRANT EXECUTE ON FUNCTION public.f(text) TO authenticated;`],
  ['security-definer-public-execute', 'low', `CREATE POLICY p ON x USING (i = auth.uid());\n${lent('(a text)', 'sql', 'SELECT true FROM app.t WHERE c = a').replace('RETURNS text', 'RETURNS boolean')}\nREVOKE ALL ON FUNCTION public.f(text) FROM PUBLIC;`],
  ['security-definer-path-set-in-body', 'high', "CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN SET search_path = app; DELETE FROM t; END $$;"],
  // Who comes through an API cannot choose a path.
  // Nothing runs before it.
  ['security-definer-path-set-in-body', 'low', 'CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql SECURITY DEFINER AS $$ DECLARE n int; BEGIN SET LOCAL search_path = pg_catalog, app, pg_temp; DELETE FROM t; END $$;'],
  ['security-definer-path-set-in-body', 'medium', 'CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql SECURITY DEFINER AS $$ DECLARE n int := count(*) FROM t; BEGIN SET LOCAL search_path = pg_catalog, app, pg_temp; DELETE FROM t; END $$;'],
  ['security-definer-path-set-in-body', 'high', 'CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN SET LOCAL search_path = app; DELETE FROM t; END $$;'],
  ['security-definer-path-set-in-body', 'low', "CREATE POLICY p ON x USING (i = auth.uid());\nCREATE FUNCTION f() RETURNS void LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN SET LOCAL search_path = app; DELETE FROM t; END $$;"],
  ['security-definer-path-set-in-body', 'medium', `CREATE POLICY p ON x USING (i = auth.uid());\nCREATE FUNCTION f() RETURNS void LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN SET search_path = app; DELETE FROM t; END $$;`],
  ['plaintext-password', 'medium', "CREATE ROLE app LOGIN PASSWORD 'CHANGEME_APP';"],
  ['rls-user-writable-column', 'high', 'CREATE TABLE members (id int PRIMARY KEY, user_id uuid, team_id int);\nALTER TABLE members ENABLE ROW LEVEL SECURITY;\nCREATE POLICY own ON members FOR UPDATE USING (user_id = auth.uid());\nCREATE TABLE docs (team_id int);\nALTER TABLE docs ENABLE ROW LEVEL SECURITY;\nCREATE POLICY team ON docs USING (team_id IN (SELECT m.team_id FROM members m WHERE m.user_id = auth.uid()));\n'],
  // New rows are open to the same value.
  ['rls-user-writable-column', 'medium', 'CREATE TABLE members (id int PRIMARY KEY, user_id uuid, team_id int);\nALTER TABLE members ENABLE ROW LEVEL SECURITY;\nCREATE POLICY own ON members FOR UPDATE USING (user_id = auth.uid());\nCREATE TABLE docs (team_id int);\nALTER TABLE docs ENABLE ROW LEVEL SECURITY;\nCREATE POLICY team ON docs USING (team_id IN (SELECT m.team_id FROM members m WHERE m.user_id = auth.uid()));\nCREATE POLICY add ON members FOR INSERT WITH CHECK (user_id = auth.uid());\n'],
  ['dynamic-sql-concatenation', 'medium', "-- Dumped by pg_dump version 15.1\nCREATE FUNCTION app.f(a text) RETURNS void LANGUAGE plpgsql AS $$ BEGIN EXECUTE 'SELECT ' || a || '::int'; END $$;"],
  // The platform made it, the dump only shows it.
  ['dynamic-sql-concatenation', 'low', "-- Dumped by pg_dump version 15.1\nCREATE FUNCTION realtime.f(a text) RETURNS void LANGUAGE plpgsql AS $$ BEGIN EXECUTE 'SELECT ' || a || '::int'; END $$;"],
  ['security-definer-public-execute', 'low', lent('(hasura_session json)', 'sql', "SELECT b FROM app.t WHERE c = hasura_session ->> 'x-hasura-user-id'")],
  ['role-createrole', 'medium', 'CREATE ROLE helpdesk CREATEROLE;'],
  ['role-createrole', 'info', 'ALTER ROLE supabase_auth_admin WITH NOINHERIT CREATEROLE LOGIN;'],
  ['grant-superuser-role', 'info', 'GRANT postgres TO nhost_hasura;'],
  ['security-definer-public-execute', 'low', lent('(a text)', 'plpgsql', "BEGIN RETURN substring(a FROM 1 FOR 3); END")],
  ['security-definer-public-execute', 'medium', lent('(a text)', 'plpgsql', "BEGIN RETURN (SELECT substring(b FROM 1 FOR 3) FROM app.t); END")],
  ['security-definer-public-execute', 'low', lent('(a text)', 'sql', 'UPDATE app.t SET b = a RETURNING b').replace('public.f', 'public.validate_token')],
  ['security-definer-public-execute', 'low', lent('()', 'sql', "SELECT b FROM app.t WHERE c = current_setting(''app.tenant'')".replaceAll("''", "'"))],
  ['security-definer-public-execute', 'low', "CREATE FUNCTION public.f(a text) RETURNS void LANGUAGE c SECURITY DEFINER AS 'MODULE_PATHNAME';"],
  ['grant-create-on-public-schema', 'high', 'GRANT ALL ON SCHEMA public TO PUBLIC;'],
  ['grant-create-on-public-schema', 'low', '-- Dumped by pg_dump version 9.6.2\nGRANT ALL ON SCHEMA public TO PUBLIC;'],
  ['session-replication-role', 'low', "SET session_replication_role = replica;\n\\copy t FROM 't.csv' CSV\nANALYZE t;\nREINDEX TABLE t;\nUPDATE u SET a = 1;"],
  ['session-replication-role', 'medium', "SET session_replication_role = replica;\nUPDATE t SET a = 1;\nDELETE FROM u;\nCREATE INDEX ON t (a);"],
  ['session-replication-role', 'low', "DO $$ DECLARE old text := current_setting('session_replication_role'); BEGIN PERFORM set_config('session_replication_role', 'replica', true); UPDATE t SET a = 1; PERFORM set_config('session_replication_role', old, true); END $$;"],
  ['system-catalog-write', 'high', "UPDATE pg_proc SET prosrc = 'g' WHERE proname = 'f';"],
  // The name of the policy says that anybody may, and no column names a user; or one does.
  ['rls-insert-check-true', 'low', 'CREATE TABLE guests (id int, organization_id uuid, phone text);\nALTER TABLE guests ENABLE ROW LEVEL SECURITY;\nCREATE POLICY public_insert ON guests FOR INSERT WITH CHECK (true);'],
  ['rls-insert-check-true', 'medium', 'CREATE TABLE guests (id int, organization_id uuid, user_id uuid);\nALTER TABLE guests ENABLE ROW LEVEL SECURITY;\nCREATE POLICY public_insert ON guests FOR INSERT WITH CHECK (true);'],
  ['rls-insert-check-true', 'medium', 'CREATE TABLE guests (id int, organization_id uuid, phone text);\nALTER TABLE guests ENABLE ROW LEVEL SECURITY;\nCREATE POLICY p ON guests FOR INSERT WITH CHECK (true);'],
  ['rls-insert-check-true', 'low', 'CREATE TABLE ad_views (id int, user_id uuid);\nALTER TABLE ad_views ENABLE ROW LEVEL SECURITY;\nCREATE POLICY p ON ad_views FOR INSERT WITH CHECK (true);'],
  ['rls-insert-check-true', 'low', 'CREATE TABLE callbacks (id int, client_name text, client_email text);\nALTER TABLE callbacks ENABLE ROW LEVEL SECURITY;\nCREATE POLICY "Anyone can ask" ON callbacks FOR INSERT WITH CHECK (true);'],
  ['rls-insert-check-true', 'medium', 'CREATE TABLE callbacks (id int, client_id uuid);\nALTER TABLE callbacks ENABLE ROW LEVEL SECURITY;\nCREATE POLICY "Anyone can ask" ON callbacks FOR INSERT WITH CHECK (true);'],
  ['security-definer-search-path', 'low', 'CREATE FUNCTION app.f() RETURNS SETOF app.t LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN RETURN QUERY SELECT * FROM app.t; END $$;'],
  ['security-definer-search-path', 'medium', 'CREATE FUNCTION app.f() RETURNS SETOF int LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN RETURN QUERY SELECT 2 * app.t.i FROM app.t; END $$;'],
  // PostGraphile shows another schema.
  ['dynamic-sql-concatenation', 'low', "CREATE POLICY p ON d USING (o = current_setting('jwt.claims.id'));\nCREATE FUNCTION app_private.f(a text) RETURNS void LANGUAGE plpgsql AS $$ BEGIN EXECUTE 'CREATE ROLE ' || a; END $$;"],
  ['dynamic-sql-concatenation', 'high', "CREATE POLICY p ON d USING (o = current_setting('jwt.claims.id'));\nCREATE FUNCTION app_private.f(a text) RETURNS void LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN EXECUTE 'CREATE ROLE ' || a; END $$;"],
  ['dynamic-sql-concatenation', 'medium', "CREATE POLICY p ON d USING (o = current_setting('jwt.claims.id'));\nCREATE FUNCTION app_public.f(a text) RETURNS void LANGUAGE plpgsql AS $$ BEGIN EXECUTE 'CREATE ROLE ' || a; END $$;"],
  // A helper of the script.
  ['dynamic-sql-concatenation', 'low', "CREATE FUNCTION f(a text) RETURNS void LANGUAGE plpgsql AS $$ BEGIN EXECUTE 'CREATE ROLE ' || a; END $$;\nSELECT f('x');\nDROP FUNCTION f(text);\n"],
  ['dynamic-sql-concatenation', 'medium', "DROP FUNCTION IF EXISTS f(text);\nCREATE FUNCTION f(a text) RETURNS void LANGUAGE plpgsql AS $$ BEGIN EXECUTE 'CREATE ROLE ' || a; END $$;\n"],
  // Who comes through an API names no type.
  ['dynamic-sql-unquoted-format', 'low', "CREATE POLICY p ON d USING (o = auth.uid());\nCREATE FUNCTION f(a text) RETURNS void LANGUAGE plpgsql SECURITY DEFINER AS $$ DECLARE t text; BEGIN SELECT udt_name INTO t FROM information_schema.columns WHERE column_name = a; EXECUTE format('SELECT NULL::%s', t); END $$;"],
  ['dynamic-sql-unquoted-format', 'medium', "CREATE FUNCTION f(a text) RETURNS void LANGUAGE plpgsql SECURITY DEFINER AS $$ DECLARE t text; BEGIN SELECT udt_name INTO t FROM information_schema.columns WHERE column_name = a; EXECUTE format('SELECT NULL::%s', t); END $$;"],
  // Between CREATE and REVOKE nobody calls it with SQL of his own.
  ['dynamic-sql-concatenation', 'low', "CREATE FUNCTION f(a text) RETURNS void LANGUAGE plpgsql AS $$ BEGIN EXECUTE 'CREATE ROLE ' || a; END $$;\nREVOKE ALL ON FUNCTION f(text) FROM PUBLIC;\n"],
  ['rls-insert-check-true', 'low', 'CREATE TABLE offers (id int, company text, project_name text);\nALTER TABLE offers ENABLE ROW LEVEL SECURITY;\nCREATE POLICY p ON offers FOR INSERT TO authenticated WITH CHECK (true);'],
  ['rls-insert-check-true', 'medium', 'CREATE TABLE offers (id int, company_id int);\nALTER TABLE offers ENABLE ROW LEVEL SECURITY;\nCREATE POLICY p ON offers FOR INSERT TO authenticated WITH CHECK (true);'],
  ['security-definer-public-execute', 'high', "CREATE POLICY p ON d USING (o = auth.uid());\nCREATE OR REPLACE FUNCTION public.make_admin(u uuid) RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = '' AS 'INSERT INTO public.user_roles (user_id, role) VALUES ($1, ''admin'')';"],
  ['security-definer-public-execute', 'low', "CREATE POLICY p ON d USING (o = auth.uid());\nCREATE OR REPLACE FUNCTION public.gam_refresh_board(k text) RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = '' AS 'DELETE FROM public.board WHERE kind = $1';"],
  ['rls-insert-check-true', 'low', 'CREATE TABLE companies (id int, company_name text, email text);\nALTER TABLE companies ENABLE ROW LEVEL SECURITY;\nCREATE POLICY p ON companies FOR INSERT TO authenticated WITH CHECK (true);'],
  ['rls-insert-check-true', 'medium', "CREATE TABLE notes (id int, email text);\nALTER TABLE notes ENABLE ROW LEVEL SECURITY;\nCREATE POLICY p ON notes FOR INSERT TO authenticated WITH CHECK (true);\nCREATE POLICY q ON notes FOR SELECT USING (email = auth.jwt() ->> 'email');"],
  ['rls-policy-always-true', 'medium', 'CREATE TABLE d (id int);\nALTER TABLE d ENABLE ROW LEVEL SECURITY;\nCREATE POLICY p ON d USING (true);'],
  ['rls-policy-always-true', 'high', 'CREATE TABLE password_reset_tokens (id int);\nALTER TABLE password_reset_tokens ENABLE ROW LEVEL SECURITY;\nCREATE POLICY p ON password_reset_tokens FOR UPDATE USING (true);'],
  ['rls-insert-check-true', 'medium', 'CREATE TABLE n (id int, author_id uuid);\nALTER TABLE n ENABLE ROW LEVEL SECURITY;\nCREATE POLICY p ON n FOR INSERT TO authenticated WITH CHECK (true);'],
  // Strangers have no name that could be another one's.
  ['rls-insert-check-true', 'low', 'CREATE TABLE n (id int, author_id uuid);\nALTER TABLE n ENABLE ROW LEVEL SECURITY;\nCREATE POLICY p ON n FOR INSERT TO anon WITH CHECK (true);'],
  ['rls-insert-check-true', 'low', 'CREATE TABLE contact_messages (id int, email text);\nALTER TABLE contact_messages ENABLE ROW LEVEL SECURITY;\nCREATE POLICY p ON contact_messages FOR INSERT WITH CHECK (true);'],
  // No column says whose a row is.
  ['rls-insert-check-true', 'low', 'CREATE TABLE n (id int, title text);\nALTER TABLE n ENABLE ROW LEVEL SECURITY;\nCREATE POLICY p ON n FOR INSERT TO authenticated WITH CHECK (true);'],
  ['security-definer-search-path', 'high', 'CREATE FUNCTION f() RETURNS int LANGUAGE sql SECURITY DEFINER AS $$ SELECT count(*)::int FROM t $$;'],
  // Which routines get a path is known when it runs.
  ['security-definer-search-path', 'low', "CREATE FUNCTION f() RETURNS int LANGUAGE sql SECURITY DEFINER AS $$ SELECT count(*)::int FROM t $$;\nDO $$ DECLARE r regprocedure; BEGIN FOR r IN SELECT f FROM app.routines LOOP EXECUTE format('ALTER FUNCTION %s SET search_path = app', r); END LOOP; END $$;"],

  ['security-definer-search-path', 'medium', 'CREATE FUNCTION f() RETURNS bool LANGUAGE sql SECURITY DEFINER AS $$ SELECT app.i = 1 FROM app.t $$;'],
  // PostgREST, PostGraphile and Hasura give their clients no session either.
  ...["SELECT current_setting('request.jwt.claims', true)", "SELECT current_setting('jwt.claims.user_id', true)", 'GRANT SELECT ON t TO web_anon', 'CREATE ROLE authenticator NOINHERIT', 'GRANT SELECT ON t TO service_role', "SELECT session ->> 'x-hasura-user-id' FROM t"].map((said) => (
    ['security-definer-search-path', 'medium', `CREATE FUNCTION f() RETURNS int LANGUAGE sql SECURITY DEFINER AS $$ SELECT count(*)::int FROM t $$;\n${said};`] as const)),
  ['security-definer-search-path', 'medium', 'CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$ DECLARE t text; BEGIN NEW.a := t; RETURN NEW; END $$;'],
  ['security-definer-search-path', 'low', 'CREATE FUNCTION f() RETURNS int LANGUAGE sql SECURITY DEFINER AS $$ SELECT i FROM app.t $$;'],
  ['security-definer-unsafe-search-path', 'high', 'CREATE FUNCTION f() RETURNS int LANGUAGE sql SECURITY DEFINER SET search_path = app AS $$ SELECT i FROM t $$;'],
  ['security-definer-unsafe-search-path', 'medium', "CREATE FUNCTION f() RETURNS int LANGUAGE sql SECURITY DEFINER SET search_path = '' AS $$ SELECT count(*)::int FROM pg_roles $$;"],
  ['dynamic-sql-unquoted-format', 'medium', "CREATE FUNCTION f(t text) RETURNS void LANGUAGE plpgsql AS $$ BEGIN EXECUTE format('DELETE FROM %s', t); END $$;"],
  // Nobody but its owner may call it, or administrators only.
  ['dynamic-sql-unquoted-format', 'low', "CREATE FUNCTION f(t text) RETURNS void LANGUAGE plpgsql AS $$ BEGIN EXECUTE format('DELETE FROM %s', t); END $$;\nREVOKE ALL ON FUNCTION f(text) FROM PUBLIC;"],
  ['dynamic-sql-unquoted-format', 'low', "CREATE FUNCTION f(t text) RETURNS void LANGUAGE plpgsql AS $$ BEGIN EXECUTE format('DELETE FROM %s', t); END $$;\nREVOKE ALL ON FUNCTION f(text) FROM PUBLIC;\nGRANT EXECUTE ON FUNCTION f(text) TO app_admin;"],
  ['dynamic-sql-unquoted-format', 'medium', "CREATE FUNCTION f(t text) RETURNS void LANGUAGE plpgsql AS $$ BEGIN EXECUTE format('DELETE FROM %s', t); END $$;\nREVOKE ALL ON FUNCTION f(text) FROM PUBLIC;\nGRANT EXECUTE ON FUNCTION f(text) TO web;"],
  // Clients of an API send no SQL.
  ['security-definer-search-path', 'medium', 'CREATE FUNCTION f() RETURNS int LANGUAGE sql SECURITY DEFINER AS $$ SELECT count(*)::int FROM t WHERE o = auth.uid() $$;'],
  ['security-definer-unsafe-search-path', 'low', 'CREATE FUNCTION f() RETURNS int LANGUAGE sql SECURITY DEFINER SET search_path = app AS $$ SELECT i FROM t WHERE o = auth.uid() $$;'],
  // A type of the caller's own needs a session, and nearly every body names one.
  ['security-definer-unsafe-search-path', 'low', 'CREATE FUNCTION f() RETURNS text LANGUAGE sql SECURITY DEFINER SET search_path = app AS $$ SELECT i::text FROM app.t $$;'],
  ['security-definer-unsafe-search-path', 'low', "CREATE FUNCTION f() RETURNS text LANGUAGE sql SECURITY DEFINER SET search_path = '' AS $$ SELECT i::text FROM app.t $$;"],
  ['disable-trigger-all', 'medium', 'ALTER TABLE audit DISABLE TRIGGER ALL;'],
  ['disable-trigger-all', 'low', 'ALTER TABLE orders DISABLE TRIGGER USER;\nCREATE INDEX i ON orders (a);\nINSERT INTO orders SELECT * FROM old.orders;'],
  ['grant-all', 'low', 'CREATE TABLE t (i int);\nGRANT ALL ON t TO shop;'],
  ['role-superuser', 'medium', 'CREATE ROLE shop SUPERUSER;'],
  // That one is meant to be a superuser.
  ['role-superuser', 'low', 'CREATE ROLE shop_admin SUPERUSER;'],
  ['rls-not-forced', 'medium', ownedBy('shop')],
  ['rls-not-forced', 'low', ownedBy('shop_owner')],
  ['weak-bcrypt-cost', 'low', "UPDATE users SET hash = crypt($1, gen_salt('bf', 9));"],
  ['plaintext-password', 'medium', "CREATE ROLE apiuser LOGIN PASSWORD 'APIUSER-PASSWORD';"],
  ['plaintext-password', 'high', "CREATE ROLE apiuser LOGIN PASSWORD 'APIUSER-x8Kd0';"],
  ['security-definer-public-execute', 'medium', "CREATE POLICY p ON d USING (o = auth.uid());\nCREATE OR REPLACE FUNCTION public.give(u uuid, n int) RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = '' AS 'INSERT INTO public.points (user_id, n) VALUES ($1, $2) ON CONFLICT DO NOTHING';"],
  // It counts, or fills in what is missing.
  ['security-definer-public-execute', 'low', "CREATE POLICY p ON d USING (o = auth.uid());\nCREATE FUNCTION public.hit(i uuid) RETURNS void LANGUAGE sql SECURITY DEFINER AS 'UPDATE public.c SET n = n + 1, at = now() WHERE id = i';\nREVOKE ALL ON FUNCTION public.hit(uuid) FROM PUBLIC;"],
  ['security-definer-public-execute', 'medium', "CREATE POLICY p ON d USING (o = auth.uid());\nCREATE FUNCTION public.hit(i uuid) RETURNS void LANGUAGE sql SECURITY DEFINER AS 'UPDATE public.c SET n = 7 WHERE id = i';\nREVOKE ALL ON FUNCTION public.hit(uuid) FROM PUBLIC;"],
  ['security-definer-public-execute', 'low', "CREATE POLICY p ON d USING (o = auth.uid());\nCREATE OR REPLACE FUNCTION public.begin_with(u uuid) RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = '' AS 'INSERT INTO public.streaks (user_id) VALUES ($1) ON CONFLICT (user_id) DO NOTHING';"],
  ['weak-password-hash', 'low', "INSERT INTO users VALUES ('a', crypt('123456', gen_salt('md5')));"],
  ['weak-password-hash', 'high', "UPDATE users SET hash = crypt($1, gen_salt('md5'));"],
  ['security-definer-public-execute', 'medium', "CREATE POLICY p ON d USING (o = auth.uid());\nCREATE OR REPLACE FUNCTION public.email_of(u uuid) RETURNS text LANGUAGE sql SECURITY DEFINER SET search_path = '' AS 'SELECT email FROM auth.users WHERE id = $1';"],
  ['security-definer-public-execute', 'low', "CREATE POLICY p ON d USING (o = auth.uid());\nCREATE OR REPLACE FUNCTION public.is_there(u text) RETURNS bool LANGUAGE sql SECURITY DEFINER SET search_path = '' AS 'SELECT EXISTS (SELECT FROM auth.users WHERE email = $1)';"],
  ['sensitive-column-exposed', 'medium', 'CREATE TABLE leads (id int, email text);\nALTER TABLE leads ENABLE ROW LEVEL SECURITY;\nCREATE POLICY p ON leads FOR SELECT TO anon USING (true);\nGRANT SELECT ON leads TO anon;'],
  ['sensitive-column-exposed', 'medium', 'CREATE TABLE profiles (id int, contact_email text, email text);\nALTER TABLE profiles ENABLE ROW LEVEL SECURITY;\nCREATE POLICY p ON profiles FOR SELECT TO anon USING (true);\nGRANT SELECT ON profiles TO anon;'],
  ['sensitive-column-exposed', 'high', 'CREATE TABLE leads (id int, api_key text);\nALTER TABLE leads ENABLE ROW LEVEL SECURITY;\nCREATE POLICY p ON leads FOR SELECT TO anon USING (true);\nGRANT SELECT ON leads TO anon;'],
  ['weak-bcrypt-cost', 'medium', "UPDATE users SET hash = crypt($1, gen_salt('bf', 7));"],
  ['security-definer-unsafe-search-path', 'high', "GRANT CREATE ON SCHEMA app TO PUBLIC;\nCREATE FUNCTION app.f() RETURNS bigint LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, app, pg_temp AS 'SELECT count(*) FROM t';"],
  ['security-definer-unsafe-search-path', 'medium', "GRANT CREATE ON SCHEMA app TO PUBLIC;\nCREATE FUNCTION app.f(a text) RETURNS text LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, app, pg_temp AS 'SELECT lower($1)';"],
  // Requests create nothing.
  ['security-definer-unsafe-search-path', 'low', "GRANT CREATE ON SCHEMA app TO PUBLIC;\nCREATE FUNCTION app.f() RETURNS bigint LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, app, pg_temp AS $$ SELECT count(*) FROM t WHERE o = current_setting('jwt.claims.user_id') $$;"],
  // Whoever calls it becomes any user.
  ['security-definer-public-execute', 'high', "CREATE POLICY p ON d USING (o = auth.uid());\nCREATE OR REPLACE FUNCTION public.set_password(u uuid, p text) RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = '' AS 'UPDATE auth.users SET encrypted_password = $2 WHERE id = $1';"],
  ['security-definer-public-execute', 'medium', "CREATE POLICY p ON d USING (o = auth.uid());\nCREATE OR REPLACE FUNCTION public.set_note(u uuid, p text) RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = '' AS 'UPDATE public.notes SET note = $2 WHERE id = $1';"],
  ['untrusted-language', 'medium', python],
  // It only computes.
  ['untrusted-language', 'low', pythonOf('import math; return str(math.pi) + a')],
  ['untrusted-language', 'low', pythonOf('plan = plpy.prepare("SELECT $1", ["text"]); return plpy.execute(plan, [a])[0]["x"]')],
  ['untrusted-language', 'medium', pythonOf('return plpy.execute("SELECT " + a)[0]["x"]')],
  ['untrusted-language', 'medium', pythonOf('return eval(a)')],
  // Nobody hands anything in, except what it reads.
  ['untrusted-language', 'low', pythonOf('import os; return os.uname()', '()')],
  ['untrusted-language', 'medium', pythonOf('import os; return os.system(plpy.execute("SELECT c FROM t")[0]["c"])', '()')],
  ['untrusted-language', 'medium', python.replace('plpython3u', 'plpython3u SECURITY DEFINER').replace('open(a).read()', 'a')],
  ['grant-to-public', 'high', 'GRANT UPDATE ON app.t TO PUBLIC;'],
  ['grant-to-public', 'medium', 'GRANT SELECT ON ALL TABLES IN SCHEMA app TO PUBLIC;'],
  ['grant-to-public', 'low', 'GRANT SELECT ON app.currencies TO PUBLIC;'],
];

test.each(cases)('%s: %s', (rule, severity, text) => {
  expect(severitiesOf(rule, text, 'schema.sql')).toEqual([severity]);
});

test('a GRANT that opens a schema counts where it stands, and less in the files that suffer from it', () => {
  const grant = 'GRANT ALL ON SCHEMA public TO PUBLIC;\n';
  const create = 'CREATE TABLE IF NOT EXISTS public.jobs (cmd text);\n';
  expect(severitiesOf('create-if-not-exists-in-shared-schema', grant + create, 'schema.sql')).toEqual(['medium']);
  expect(severitiesOf('create-if-not-exists-in-shared-schema', create, 'migrations/2_jobs.sql', { '1_grants.sql': grant })).toEqual(['low']);
});

test('a file in an untrusted language asks for one look', () => {
  expect(severitiesOf('untrusted-language', python + python.replace(' f(', ' g('), 'schema.sql')).toEqual(['medium', 'low']);
});

test.each([
  ['app/.bolt/supabase_discarded_migrations/20240101000000_a.sql', 'low'], ['supabase/migrations/_archive/1.sql', 'low'], ['db/backup/1.sql', 'low'], ['x/old/1.sql', 'low'], ['sql/schema.old.sql', 'low'],
  ['supabase/migrations/20240101000000_archive.sql', 'medium'], ['archive/src/api/1.sql', 'medium'], ['old/app/supabase/migrations/1_a.sql', 'medium'], ['backup/sql/1.sql', 'medium'],
] as const)('what was put aside is a note, what is only called like that is not: %s', (path, severity) => {
  expect(severitiesOf('rls-policy-always-true', 'CREATE TABLE d (id int);\nALTER TABLE d ENABLE ROW LEVEL SECURITY;\nCREATE POLICY p ON d USING (true);', path)).toEqual([severity]);
  expect(severitiesOf('plaintext-password', "ALTER ROLE app PASSWORD 'Tr0ub4dor&3';", path)).toEqual(['high']);
});

test.each(['/home/a/app_old', '/home/a/rollback', '/home/a/old'])('the name of the project\'s own folder says nothing: %s', (top) => {
  const text = 'CREATE TABLE d (id int);\nALTER TABLE d ENABLE ROW LEVEL SECURITY;\nCREATE POLICY p ON d USING (true);';
  const severities = (about: object) => lint({ path: `${top}/1.sql`, text, language: 'sql', version: 18, files: filesOf({}), ...about }).findings.filter(({ rule }) => rule === 'sql/rls-policy-always-true').map(({ severity }) => severity);
  expect(severities({ top })).toEqual(['medium']);
  expect(severities({})).toEqual(['low']);
});

test('a routine that a helper of the script makes stays when the helper is dropped', () => {
  const helper = (body: string) => `CREATE FUNCTION app.setup(x text) RETURNS void LANGUAGE plpgsql AS $w$ BEGIN ${body} END $w$;\nSELECT app.setup('a');\nDROP FUNCTION app.setup;\n`;
  expect(severitiesOf('dynamic-sql-concatenation', helper("EXECUTE 'DROP TABLE ' || x;"), 'a.sql')).toEqual(['low']);
  expect(severitiesOf('dynamic-sql-concatenation', helper("CREATE FUNCTION app.f(y text) RETURNS void LANGUAGE plpgsql AS $$ BEGIN EXECUTE 'DROP TABLE ' || y; END $$;"), 'a.sql')).toEqual(['medium']);
});

test('what a script grants in the schema of its extension is granted on its functions', () => {
  const text = "CREATE FUNCTION take(x text) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$ BEGIN EXECUTE 'DROP TABLE ' || x; END $$;\nREVOKE ALL ON ALL FUNCTIONS IN SCHEMA @extschema@ FROM PUBLIC;\n";
  expect(severitiesOf('dynamic-sql-concatenation', text, 'ext--1.0.sql')).toEqual(['low']);
  expect(severitiesOf('dynamic-sql-concatenation', `${text}GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA @extschema@ TO keeper;\n`, 'ext--1.0.sql')).toEqual(['high']);
});

test('a script that is called like a version, and is none, makes no other one old', () => {
  const text = "CREATE FUNCTION f(x text) RETURNS void LANGUAGE plpgsql AS $$ BEGIN EXECUTE 'DROP TABLE ' || x; END $$;\n";
  expect(severitiesOf('dynamic-sql-concatenation', text, 'ext--1.0.sql', { 'ext--1.0_tutorial.sql': 'SELECT 1;' })).toEqual(['medium']);
  expect(severitiesOf('dynamic-sql-concatenation', text, 'ext--1.0.sql', { 'ext--1.1-beta2.sql': 'SELECT 1;' })).toEqual(['low']);
});

test('a script for a developer is a trial by its name, a migration is not', () => {
  const text = "CREATE ROLE app LOGIN PASSWORD 'app';";
  expect(severitiesOf('weak-or-default-password', text, 'db/init-dev.sql')).toEqual(['info']);
  expect(severitiesOf('weak-or-default-password', text, 'db/init.sql')).toEqual(['high']);
  expect(severitiesOf('weak-or-default-password', text, 'migrations/V2__roles_dev.sql')).toEqual(['high']);
});

test('what asks for a password in another language is none', () => {
  expect(severitiesOf('plaintext-password', "CREATE ROLE a LOGIN PASSWORD 'TROCAR_SENHA_AQUI';\nCREATE ROLE b LOGIN PASSWORD 'cambiar-la-clave';", 'db/roles.sql')).toEqual([]);
});

test('a folder called supabase says that the database is behind an API', () => {
  const text = 'CREATE FUNCTION f() RETURNS bigint LANGUAGE sql SECURITY DEFINER AS $$ SELECT count(*) FROM t $$;\n';
  expect(severitiesOf('security-definer-search-path', text, 'src/lib/supabase/rpc/f.sql', { 'g.sql': 'SELECT 1;' })).toEqual(['medium']);
  expect(severitiesOf('security-definer-search-path', text, 'src/lib/rpc/f.sql', { 'g.sql': 'SELECT 1;' })).toEqual(['high']);
});

test('without a semicolon the words of the next routine are not taken for those of the first', () => {
  const text = 'CREATE FUNCTION app.a() RETURNS bigint LANGUAGE sql AS $$ SELECT count(*) FROM t $$\n\nCREATE OR REPLACE FUNCTION app.b() RETURNS bigint\nLANGUAGE sql SECURITY DEFINER AS $$ SELECT count(*) FROM t $$\n';
  const { findings } = lint({ path: 'db/a.sql', text: `${text}CREATE POLICY p ON d USING (true);`, language: 'sql', version: 18, files: filesOf({}) });
  expect(findings.filter(({ message }) => message.includes('app.a'))).toEqual([]);
});

test('an extension mends its own objects in its scripts', () => {
  expect(severitiesOf('system-catalog-write', "UPDATE pg_proc SET prosrc = 'g' WHERE proname = 'f';", 'x--1.0--1.1.sql')).toEqual(['low']);
});

test('a file that declares its functions LEAKPROOF asks for one look', () => {
  const text = 'CREATE FUNCTION f(a text) RETURNS bool LANGUAGE sql LEAKPROOF AS $$ SELECT true $$;\n';
  expect(severitiesOf('function-leakproof', text + text.replace('f(', 'g('), 'schema.sql')).toEqual(['medium', 'low']);
});

test.each([
  ['x--1.0.sql', ['x--1.0.sql', 'x--1.1.sql'], 'low'],
  ['x--1.1.sql', ['x--1.0.sql', 'x--1.1.sql'], 'high'],
  ['x--1.9.sql', ['x--1.9.sql', 'x--1.10.sql'], 'low'],
  ['x--1.0--1.1.sql', ['x--1.0.sql', 'x--1.1.sql'], 'low'],
  // Nothing but the updates tells what version 1.1 holds.
  ['x--1.0--1.1.sql', ['x--1.0.sql', 'x--1.0--1.1.sql'], 'high'],
  ['x--1.0.sql', ['x--1.0.sql', 'y--1.1.sql'], 'high'],
] as const)('%s among %j', (path, names, severity) => {
  const text = 'CREATE FUNCTION f() RETURNS int LANGUAGE sql SECURITY DEFINER AS $$ SELECT count(*)::int FROM t $$;';
  const document = { path, text, language: 'sql' as const, version: 18, files: filesOf(Object.fromEntries(names.map((name) => [name, '']))) };
  expect(lint(document).findings.filter(({ rule }) => rule === 'sql/security-definer-search-path').map((finding) => finding.severity)).toEqual([severity]);
});

describe('scripts that try something out', () => {
  const text = "CREATE ROLE boss SUPERUSER;\nCREATE FUNCTION f() RETURNS int LANGUAGE sql SECURITY DEFINER AS $$ SELECT count(*)::int FROM t $$;\nCOPY t TO PROGRAM 'cat';\n";
  const worst = (path: string, addition = '', environment?: 'production') =>
    new Set(lint({ path, text: text + addition, language: 'sql', version: 18, files: filesOf({}), ...(environment && { environment }) }).findings.map(({ severity }) => severity));

  test.each([
    ['db/2024_x/down.sql', ''], ['schema/revert/search/f@v1.sql', ''], ['db/x.down.sql', ''], ['db/revert/x.sql', ''], ['sql/U2__x.sql', ''], ['test/sql/a.sql', ''], ['tests/a.sql', ''], ['sql/pool-test.sql', ''], ['sql/test_pool.sql', ''], ['sql/pool.spec.sql', ''],
    ['sql/a.sql', '\\set VERBOSITY terse\n'], ['sql/a.sql', 'CREATE ROLE regress_boss;\n'], ['sql/a.sql', 'SELECT f(); -- should fail\n'], ['sql/a.sql', 'SELECT f(); -- fails\n'],
    ['sql/a.sql', 'SELECT plan(3);\n'],
  ])('%s %s', (path, addition) => {
    expect(worst(path, addition)).not.toContain('critical');
    expect(worst(path, addition)).not.toContain('high');
    expect(worst(path, addition)).not.toContain('medium');
  });

  test.each([
    ['sql/a.sql', ''], ['sql/countdown.sql', ''], ['sql/U_x.sql', ''], ['migrations/20240101_add_test.sql', ''], ['sql/contest.sql', ''], ['sql/latest.sql', ''], ['sql/a.sql', "SELECT 'should fail';\n"], ['sql/a.sql', '-- plan the indexes (2);\n'],
  ])('are not %s %s', (path, addition) => {
    expect(worst(path, addition)).toContain('high');
  });

  test('with results that pg_regress compares', () => {
    const document = { path: 'sql/a.sql', text, language: 'sql' as const, version: 18, files: filesOf({ 'expected/a.out': '' }) };
    expect(lint(document).findings.some(({ severity }) => severity === 'high')).toBe(false);
  });

  test('unless the project says otherwise', () => {
    expect(worst('test/a.sql', '', 'production')).toContain('high');
  });
});

function severitiesOf(rule: string, text: string, path: string, files: Record<string, string> = {}): readonly Severity[] {
  const texts = Object.fromEntries([...Object.entries(files).map(([name, content]) => [resolvePath(folderOf(path), name), content]), [path, text]]);
  const set = setOf(path, texts);
  const document = { path, text, language: 'sql' as const, version: 18, files: filesOf(texts), ...set && { set } };
  return lint(document, { onCrash: (_, error) => { throw error; } }).findings.filter((finding) => finding.rule === `sql/${rule}`).map(({ severity }) => severity);
}

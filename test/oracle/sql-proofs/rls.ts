import type { SqlProof } from '../sql-proofs.ts';

const schema = 'CREATE SCHEMA app; GRANT USAGE ON SCHEMA app TO PUBLIC; CREATE ROLE anon; GRANT anon TO mallory;';
const table = "CREATE TABLE app.doc (id int, owner name DEFAULT current_user, body text);\nCREATE POLICY own ON app.doc USING (owner = current_user);\n";
const guarded = `${table}ALTER TABLE app.doc ENABLE ROW LEVEL SECURITY;\n`;
const rows = "INSERT INTO app.doc VALUES (1, 'alice', 'secret'), (2, 'mallory', 'mine'); GRANT SELECT, INSERT, UPDATE, DELETE ON app.doc TO alice, mallory;";
const own = { as: 'alice', run: ['SELECT body FROM app.doc'], gets: 'secret' };
const count = (relation: string) => `SELECT count(*)::int FROM ${relation}`;

export const rls: readonly SqlProof[] = [
  {
    rule: 'sql/rls-policy-not-enabled', before: schema, file: table, after: rows,
    attack: { as: 'mallory', run: [count('app.doc')], gets: 2, stopped: 1 },
    honest: { as: 'alice', run: ["SELECT body FROM app.doc WHERE owner = 'alice'"], gets: 'secret' },
  },
  {
    rule: 'sql/rls-disabled', before: schema, file: `${guarded}ALTER TABLE app.doc DISABLE ROW LEVEL SECURITY;\n`, after: rows,
    attack: { as: 'mallory', run: [count('app.doc')], gets: 2, stopped: 1 },
    honest: { as: 'alice', run: ["SELECT body FROM app.doc WHERE owner = 'alice'"], gets: 'secret' },
  },
  {
    rule: 'sql/rls-not-forced', before: `${schema} GRANT CREATE ON SCHEMA app TO mallory; CREATE ROLE web LOGIN; GRANT USAGE, CREATE ON SCHEMA app TO web;`,
    file: `CREATE TABLE app.doc (id int, owner name, body text);\nALTER TABLE app.doc OWNER TO web;\nCREATE POLICY own ON app.doc USING (owner = 'alice');\nALTER TABLE app.doc ENABLE ROW LEVEL SECURITY;\n`,
    after: rows, options: { applicationRoles: ['web'] },
    attack: { as: 'web', run: [count('app.doc')], gets: 2, stopped: 1 }, honest: own,
  },
  {
    rule: 'sql/rls-with-check-wider-than-using', before: schema,
    file: 'CREATE TABLE app.doc (id int, owner name, body text);\nCREATE POLICY seen ON app.doc FOR SELECT USING (true);\nCREATE POLICY own ON app.doc FOR UPDATE USING (owner = current_user) WITH CHECK (true);\nALTER TABLE app.doc ENABLE ROW LEVEL SECURITY;\n',
    after: rows,
    attack: { as: 'mallory', run: ["WITH planted AS (UPDATE app.doc SET owner = 'alice' WHERE id = 2 RETURNING 1) SELECT count(*)::int FROM planted"], gets: 1, stopped: /new row violates row-level security policy/ },
    honest: { as: 'mallory', run: ["WITH changed AS (UPDATE app.doc SET body = 'new' WHERE id = 2 RETURNING 1) SELECT count(*)::int FROM changed"], gets: 1 },
  },
  {
    rule: 'sql/rls-partition-not-enabled', before: schema,
    file: 'CREATE TABLE app.doc (id int, owner name, body text) PARTITION BY LIST (id);\nCREATE TABLE app.doc1 PARTITION OF app.doc FOR VALUES IN (1, 2);\nALTER TABLE app.doc ENABLE ROW LEVEL SECURITY;\nCREATE POLICY own ON app.doc USING (owner = current_user);\nGRANT SELECT ON ALL TABLES IN SCHEMA app TO alice, mallory;\n',
    after: "INSERT INTO app.doc VALUES (1, 'alice', 'secret');",
    attack: { as: 'mallory', run: [count('app.doc1')], gets: 1, stopped: 0 }, honest: own,
  },
  {
    rule: 'sql/rls-user-writable-column',
    before: `${schema} CREATE ROLE authenticated; GRANT authenticated TO mallory, alice; CREATE SCHEMA auth; GRANT USAGE ON SCHEMA auth TO PUBLIC; `
      + "CREATE FUNCTION auth.uid() RETURNS name LANGUAGE sql STABLE AS 'SELECT session_user';",
    file: 'CREATE TABLE app.profiles (id name PRIMARY KEY, nick text, is_admin bool NOT NULL DEFAULT false);\nALTER TABLE app.profiles ENABLE ROW LEVEL SECURITY;\n'
      + 'CREATE POLICY seen ON app.profiles FOR SELECT USING (true);\nCREATE POLICY own ON app.profiles FOR UPDATE TO authenticated USING (id = auth.uid());\n'
      + 'GRANT SELECT, UPDATE ON app.profiles TO authenticated;\nCREATE TABLE app.doc (body text);\nALTER TABLE app.doc ENABLE ROW LEVEL SECURITY;\n'
      + 'CREATE POLICY admin ON app.doc USING (EXISTS (SELECT FROM app.profiles p WHERE p.id = auth.uid() AND p.is_admin));\nGRANT SELECT ON app.doc TO authenticated;\n',
    after: "INSERT INTO app.profiles VALUES ('mallory', 'm', false), ('alice', 'a', true); INSERT INTO app.doc VALUES ('secret');",
    attack: {
      as: 'mallory', run: ['UPDATE app.profiles SET is_admin = true', 'SELECT body FROM app.doc'], gets: 'secret', stopped: /permission denied for table profiles/,
    },
    honest: { as: 'alice', run: ["UPDATE app.profiles SET nick = 'al' WHERE id = 'alice'", "SELECT nick || body FROM app.profiles, app.doc WHERE id = 'alice'"], gets: 'alsecret' },
  },
  {
    rule: 'sql/rls-truncate-granted', before: schema, file: `${guarded}GRANT ALL ON app.doc TO mallory;\n`, after: "INSERT INTO app.doc VALUES (1, 'alice', 'secret'); GRANT SELECT ON app.doc TO alice;",
    attack: { as: 'mallory', run: ['TRUNCATE app.doc', "SELECT 'emptied'"], gets: 'emptied', stopped: /permission denied for table doc/ },
    honest: { as: 'mallory', run: ["INSERT INTO app.doc VALUES (2, 'mallory', 'mine')", 'SELECT body FROM app.doc'], gets: 'mine' },
  },
  {
    rule: 'sql/view-without-security-invoker', before: schema, file: `${guarded}CREATE VIEW app.v AS SELECT * FROM app.doc;\nGRANT SELECT ON app.v TO alice, mallory;\n`, after: rows,
    attack: { as: 'mallory', run: [count('app.v')], gets: 2, stopped: 1 },
    honest: { as: 'alice', run: ["SELECT body FROM app.v WHERE owner = 'alice'"], gets: 'secret' },
  },
  {
    rule: 'sql/view-replace-drops-options', before: schema,
    file: `${guarded}CREATE VIEW app.v WITH (security_invoker = true) AS SELECT * FROM app.doc;\nGRANT SELECT ON app.v TO alice, mallory;\nCREATE OR REPLACE VIEW app.v AS SELECT id, owner, body FROM app.doc;\n`, after: rows,
    attack: { as: 'mallory', run: [count('app.v')], gets: 2, stopped: 1 },
    honest: { as: 'alice', run: ["SELECT body FROM app.v WHERE owner = 'alice'"], gets: 'secret' },
  },
  {
    rule: 'sql/view-missing-security-barrier', before: `${schema} CREATE SCHEMA mal AUTHORIZATION mallory;`,
    file: 'CREATE TABLE app.phone (owner name, num text);\nCREATE VIEW app.mine AS SELECT * FROM app.phone WHERE owner = current_user;\nGRANT SELECT ON app.mine TO alice, mallory;\n',
    after: "INSERT INTO app.phone VALUES ('alice', 'secret');",
    attack: {
      as: 'mallory', gets: 'secret', stopped: '',
      run: [
        `CREATE FUNCTION mal.leak(t text) RETURNS boolean COST 0.0000001 LANGUAGE plpgsql AS $$ BEGIN PERFORM set_config('mal.seen', t, false); RETURN true; END $$`,
        "SELECT set_config('mal.seen', '', false)", 'SELECT count(*) FROM app.mine WHERE mal.leak(num)', "SELECT current_setting('mal.seen')",
      ],
    },
    honest: { as: 'alice', run: ['SELECT num FROM app.mine'], gets: 'secret' },
  },
  {
    rule: 'sql/anon-writes-unguarded', before: schema, file: 'CREATE TABLE app.notes (id int, body text);\nGRANT SELECT, UPDATE, DELETE ON app.notes TO anon;\n',
    after: "INSERT INTO app.notes VALUES (1, 'secret');",
    attack: { as: 'mallory', run: ['SET ROLE anon', 'WITH gone AS (DELETE FROM app.notes RETURNING 1) SELECT count(*)::int FROM gone'], gets: 1, stopped: 0 },
    honest: { as: 'postgres', run: ['SELECT body FROM app.notes'], gets: 'secret' },
  },
  {
    rule: 'sql/rls-missing-on-exposed-table', before: schema, file: 'CREATE TABLE public.profiles (id int, owner name);\n',
    after: "INSERT INTO profiles VALUES (1, 'alice'); GRANT ALL ON profiles TO anon;",
    attack: { as: 'mallory', run: ['SET ROLE anon', count('profiles')], gets: 1, stopped: 0 },
    honest: { as: 'postgres', run: [count('profiles')], gets: 1 },
  },
  {
    rule: 'sql/rls-user-metadata', before: `${schema} CREATE SCHEMA auth; GRANT USAGE ON SCHEMA auth TO PUBLIC;
      CREATE FUNCTION auth.jwt() RETURNS json LANGUAGE sql AS $$ SELECT CASE current_user WHEN 'alice' THEN '{"app_metadata": {"role": "admin"}, "user_metadata": {"role": "admin"}}' ELSE '{"user_metadata": {"role": "admin"}}' END::json $$;`,
    file: "CREATE TABLE app.doc (id int, owner name, body text);\nALTER TABLE app.doc ENABLE ROW LEVEL SECURITY;\nCREATE POLICY p ON app.doc USING ((auth.jwt() -> 'user_metadata' ->> 'role') = 'admin');\n",
    after: rows,
    attack: { as: 'mallory', run: [count('app.doc')], gets: 2, stopped: 0 },
    honest: { as: 'alice', run: [count('app.doc')], gets: 2 },
  },
  {
    rule: 'sql/rls-open-without-identity', before: schema,
    file: "CREATE TABLE app.doc (id int, owner name, body text);\nALTER TABLE app.doc ENABLE ROW LEVEL SECURITY;\nCREATE POLICY own ON app.doc USING (current_setting('app.person', true) IS NULL OR owner = current_setting('app.person', true));\n",
    after: rows,
    attack: { as: 'mallory', run: [count('app.doc')], gets: 2, stopped: 0 },
    honest: { as: 'alice', run: ["SET app.person = 'alice'", 'SELECT body FROM app.doc'], gets: 'secret' },
  },
  {
    rule: 'sql/rls-policy-to-public', before: schema,
    file: 'CREATE TABLE app.doc (id int, owner name, body text);\nALTER TABLE app.doc ENABLE ROW LEVEL SECURITY;\nCREATE POLICY few ON app.doc USING (id < 10);\n', after: rows,
    attack: { as: 'mallory', run: [count('app.doc')], gets: 2, stopped: 0 },
    honest: { as: 'alice', run: [count('app.doc')], gets: 2 },
  },
  {
    rule: 'sql/security-definer-public-execute',
    before: `${schema} CREATE ROLE authenticated; CREATE SCHEMA auth; GRANT USAGE ON SCHEMA auth TO PUBLIC; CREATE FUNCTION auth.uid() RETURNS uuid LANGUAGE sql AS 'SELECT NULL::uuid';
      ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT EXECUTE ON FUNCTIONS TO anon, authenticated; CREATE TABLE app.log (who uuid); INSERT INTO app.log VALUES (NULL);`,
    file: `CREATE TABLE public.notes (who uuid);\nALTER TABLE public.notes ENABLE ROW LEVEL SECURITY;\nCREATE POLICY own ON public.notes USING (who = auth.uid());
CREATE FUNCTION public.purge(days int) RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS 'DELETE FROM app.log WHERE days > 0';
REVOKE ALL ON FUNCTION public.purge(int) FROM PUBLIC;\nGRANT EXECUTE ON FUNCTION public.purge(int) TO authenticated;\nGRANT authenticated TO alice;`,
    attack: { as: 'mallory', run: ['SET ROLE anon', 'SELECT public.purge(1)', 'SELECT 1'], gets: 1, stopped: /permission denied for function purge/ },
    honest: { as: 'alice', run: ['SET ROLE authenticated', 'SELECT public.purge(1)', 'SELECT 1'], gets: 1 },
  },
  {
    rule: 'sql/materialized-view-in-api', before: `${schema} CREATE ROLE authenticated; ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT ALL ON TABLES TO anon, authenticated;`,
    file: "CREATE MATERIALIZED VIEW public.sales AS SELECT 'secret' AS body;\n",
    attack: { as: 'mallory', run: ['SET ROLE anon', 'SELECT body FROM public.sales'], gets: 'secret', stopped: /permission denied for materialized view sales/ },
    honest: { as: 'postgres', run: ['SELECT body FROM public.sales'], gets: 'secret' },
  },
  {
    rule: 'sql/foreign-table-over-rls', before: `${schema} CREATE ROLE authenticated; ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT ALL ON TABLES TO anon, authenticated;
      CREATE EXTENSION file_fdw; CREATE SERVER files FOREIGN DATA WRAPPER file_fdw;`,
    file: "CREATE FOREIGN TABLE public.crm (line text) SERVER files OPTIONS (filename 'PG_VERSION');\n",
    attack: { as: 'mallory', run: ['SET ROLE anon', count('public.crm')], gets: 1, stopped: /permission denied for foreign table crm/ },
    honest: { as: 'postgres', run: [count('public.crm')], gets: 1 },
  },
];

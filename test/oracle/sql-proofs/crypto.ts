import type { SqlProof } from '../sql-proofs.ts';

export const crypto: readonly SqlProof[] = [
  {
    rule: 'sql/weak-password-hash',
    before: `CREATE EXTENSION pgcrypto; CREATE TABLE public.users (password text);
      CREATE FUNCTION public.login(word text) RETURNS boolean LANGUAGE sql SECURITY DEFINER AS $$ SELECT password = crypt(word, password) FROM users $$;`,
    file: "INSERT INTO users SELECT crypt('password1', gen_salt('des'));",
    attack: { as: 'mallory', run: ["SELECT login('password-and-anything')"], gets: true, stopped: false },
    honest: { as: 'alice', run: ["SELECT login('password1')"], gets: true },
  },
  {
    rule: 'sql/weak-password-hash',
    before: `CREATE EXTENSION pgcrypto; CREATE TABLE public.users (name text, typed text, password text); GRANT SELECT ON users TO PUBLIC;
      INSERT INTO users VALUES ('ann', 'sunshine'), ('bob', 'sunshine');`,
    file: 'UPDATE users SET password = md5(typed);',
    attack: { as: 'mallory', run: ["SELECT name FROM users WHERE password = md5('sunshine') ORDER BY name LIMIT 1"], gets: 'ann', stopped: undefined },
    honest: { as: 'alice', run: ['SELECT count(password)::int FROM users'], gets: 2 },
  },
  {
    rule: 'sql/predictable-random-token',
    file: 'CREATE FUNCTION public.new_token() RETURNS text LANGUAGE sql AS $$ SELECT md5(random()::text) $$;',
    attack: {
      as: 'mallory',
      run: ['SELECT setseed(0.42)', 'CREATE TEMP TABLE seen AS SELECT new_token() AS token', 'SELECT setseed(0.42)', 'SELECT new_token() = token FROM seen'],
      gets: true, stopped: false,
    },
    honest: { as: 'alice', run: ["SELECT new_token() ~ '^[0-9a-f]{32}$'"], gets: true },
  },
  {
    rule: 'sql/hardcoded-encryption-key',
    before: 'CREATE EXTENSION pgcrypto; CREATE SCHEMA app; GRANT USAGE ON SCHEMA app TO alice;',
    file: `CREATE FUNCTION app.seal(word text) RETURNS bytea LANGUAGE sql AS 'SELECT public.pgp_sym_encrypt(word, ''Xq7!mmP2z'')';
      CREATE FUNCTION app.unseal(data bytea) RETURNS text LANGUAGE sql AS $$ SELECT public.pgp_sym_decrypt(data, 'Xq7!mmP2z') $$;`,
    attack: { as: 'mallory', run: ["SELECT substring(prosrc FROM '''([^'']+)''') FROM pg_proc WHERE proname = 'seal'"], gets: 'Xq7!mmP2z', stopped: 'app.encryption_key' },
    honest: { as: 'alice', run: ["SET app.encryption_key = 'Xq7!mmP2z'", "SELECT app.unseal(app.seal('the plan'))"], gets: 'the plan' },
  },
  {
    rule: 'sql/secret-in-comment',
    before: "CREATE SCHEMA app; CREATE TABLE app.jobs AS SELECT 'sweep' AS job;",
    file: "COMMENT ON TABLE app.jobs IS 'worker logs in with password=k7#pQ2xv';",
    attack: { as: 'mallory', run: ["SELECT substring(description FROM 'password=(.*)') FROM pg_description WHERE description ~ 'worker logs in'"], gets: 'k7#pQ2xv', stopped: undefined },
    honest: { as: 'postgres', run: ['SELECT job FROM app.jobs'], gets: 'sweep' },
  },
  {
    rule: 'sql/secret-in-default',
    before: 'CREATE SCHEMA app;',
    file: "CREATE TABLE app.hooks (url text, key text DEFAULT 'AKIA2E0A8F3B244C9986');",
    attack: { as: 'mallory', run: ["SELECT count(*)::int FROM pg_attrdef WHERE pg_get_expr(adbin, adrelid) ~ 'AKIA'"], gets: 1, stopped: 0 },
    honest: { as: 'postgres', run: ["INSERT INTO app.hooks VALUES ('https://pay.example', 'k') RETURNING key"], gets: 'k' },
  },
];

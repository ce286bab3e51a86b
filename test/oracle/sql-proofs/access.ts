import type { SqlProof } from '../sql-proofs.ts';

const loopback = "'host=127.0.0.1 user=postgres dbname=lab port=' || current_setting('port')";
const remote = `CREATE FUNCTION public.remote(q text) RETURNS text LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
  AS $$ SELECT x FROM public.dblink(${loopback}, q) AS t(x text) $$;`;
const passwordRequired = /password (or GSSAPI delegated credentials )?(is )?required/;

/** Rows of the file's own server, reached over the network. */
const server = `
  CREATE EXTENSION postgres_fdw;
  DO $$ BEGIN EXECUTE format('CREATE SERVER loop FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host %L, port %L, dbname %L)', '127.0.0.1', current_setting('port'), 'lab'); END $$;
  CREATE TABLE public.secret AS SELECT 'the plan' AS word;
  CREATE FOREIGN TABLE public.far (word text) SERVER loop OPTIONS (table_name 'secret');
  GRANT SELECT ON public.far TO mallory; GRANT USAGE ON FOREIGN SERVER loop TO mallory;
`;

export const access: readonly SqlProof[] = [
  {
    rule: 'sql/copy-program',
    before: 'CREATE SCHEMA app; CREATE TABLE app.o (t text); GRANT USAGE ON SCHEMA app TO PUBLIC; GRANT SELECT, INSERT ON app.o TO mallory;',
    file: `CREATE FUNCTION app.run(cmd text) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
      AS $$ BEGIN EXECUTE format('COPY app.o FROM PROGRAM %L', cmd); END $$;`,
    attack: { as: 'mallory', run: ["SELECT app.run('echo ran as the server')", 'SELECT t FROM app.o'], gets: 'ran as the server', stopped: /program/ },
    honest: { as: 'postgres', run: ["SELECT app.run('echo 42')", 'SELECT t FROM app.o'], gets: '42' },
    fix: 0,
  },
  {
    rule: 'sql/copy-server-file',
    before: 'CREATE SCHEMA app; CREATE TABLE app.o (t text); GRANT USAGE ON SCHEMA app TO PUBLIC; GRANT SELECT, INSERT ON app.o TO mallory;',
    file: `CREATE FUNCTION app.load(path text) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
      AS $$ BEGIN EXECUTE format('COPY app.o FROM %L', path); END $$;`,
    attack: {
      as: 'mallory', run: ["SELECT app.load('PG_VERSION')", 'SELECT count(*) > 0 FROM app.o'], gets: true,
      stopped: /COPY from a file/,
    },
    honest: { as: 'postgres', run: ["SELECT app.load('PG_VERSION')", 'SELECT count(*) > 0 FROM app.o'], gets: true },
    fix: 0,
  },
  {
    rule: 'sql/server-file-function',
    before: 'CREATE SCHEMA app; GRANT USAGE ON SCHEMA app TO PUBLIC;',
    file: `CREATE FUNCTION app.note(name text) RETURNS text LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
      AS $$ SELECT pg_read_file(name) $$;`,
    attack: { as: 'mallory', run: ["SELECT app.note('pg_hba.conf') ~ 'host'"], gets: true, stopped: /permission denied for function pg_read_file/ },
    honest: { as: 'postgres', run: ["SELECT app.note('pg_hba.conf') ~ 'host'"], gets: true },
    fix: 0,
  },
  {
    rule: 'sql/server-file-function',
    file: 'GRANT EXECUTE ON FUNCTION pg_read_file(text) TO mallory;',
    attack: { as: 'mallory', run: ["SELECT pg_read_file('pg_hba.conf') ~ 'host'"], gets: true, stopped: /permission denied for function pg_read_file/ },
    honest: { as: 'postgres', run: ["SELECT pg_read_file('pg_hba.conf') ~ 'host'"], gets: true },
  },
  {
    rule: 'sql/untrusted-language',
    file: "UPDATE pg_language SET lanpltrusted = true WHERE lanname = 'c';",
    attack: {
      as: 'mallory',
      run: ["CREATE FUNCTION pg_temp.own() RETURNS trigger LANGUAGE c AS '$libdir/refint', 'check_primary_key'", "SELECT count(*)::int FROM pg_proc WHERE proname = 'own'"],
      gets: 1, stopped: /permission denied for language c/,
    },
    honest: { as: 'postgres', run: ["CREATE FUNCTION pg_temp.own() RETURNS trigger LANGUAGE c AS '$libdir/refint', 'check_primary_key'", 'SELECT 1'], gets: 1 },
  },
  {
    rule: 'sql/dblink-connect-u',
    before: 'CREATE EXTENSION dblink;',
    file: 'GRANT EXECUTE ON FUNCTION dblink_connect_u(text) TO mallory;',
    attack: {
      as: 'mallory', run: [`SELECT dblink_connect_u(${loopback})`, "SELECT super FROM dblink('SELECT current_setting(''is_superuser'')') AS t(super text)"],
      gets: 'on', stopped: /permission denied for function dblink_connect_u/,
    },
    honest: { as: 'postgres', run: [`SELECT dblink_connect_u(${loopback})`], gets: 'OK' },
  },
  {
    rule: 'sql/dblink-connect-u',
    before: 'CREATE EXTENSION dblink; GRANT EXECUTE ON FUNCTION dblink_connect_u(text, text) TO mallory;',
    file: `CREATE FUNCTION public.sync() RETURNS text LANGUAGE sql AS $$ SELECT dblink_connect_u('main', ${loopback}) $$;`,
    attack: {
      as: 'mallory', run: ['SELECT sync()', "SELECT super FROM dblink('main', 'SELECT current_setting(''is_superuser'')') AS t(super text)"],
      gets: 'on', stopped: passwordRequired,
    },
    honest: { as: 'postgres', run: ['SELECT sync()'], gets: 'OK' },
  },
  {
    rule: 'sql/user-mapping-password',
    before: server,
    file: `CREATE USER MAPPING FOR mallory SERVER loop OPTIONS (user 'alice', password 'k7#pQ2xv');
      CREATE USER MAPPING FOR postgres SERVER loop OPTIONS (user 'postgres');`,
    attack: { as: 'mallory', run: ["SELECT array_to_string(umoptions, ',') ~ 'k7#pQ2xv' FROM pg_user_mappings WHERE usename = 'mallory'"], gets: true, stopped: false },
    honest: { as: 'postgres', run: ['SELECT word FROM public.far'], gets: 'the plan' },
    fix: 1,
  },
  {
    rule: 'sql/user-mapping-password',
    before: server,
    file: `CREATE USER MAPPING FOR mallory SERVER loop OPTIONS (user 'postgres', password_required 'false');
      CREATE USER MAPPING FOR postgres SERVER loop OPTIONS (user 'postgres');`,
    attack: { as: 'mallory', run: ['SELECT word FROM public.far'], gets: 'the plan', stopped: passwordRequired },
    honest: { as: 'postgres', run: ['SELECT word FROM public.far'], gets: 'the plan' },
  },
  {
    rule: 'sql/connection-string-password',
    before: 'CREATE EXTENSION dblink;',
    file: `CREATE FUNCTION public.sync() RETURNS text LANGUAGE sql
      AS $$ SELECT dblink_connect('main', 'host=127.0.0.1 user=alice password=k7#pQ2xv dbname=lab port=' || current_setting('port')) $$;`,
    attack: { as: 'mallory', run: ["SELECT substring(prosrc FROM 'password=(\\S+)') FROM pg_proc WHERE proname = 'sync'"], gets: 'k7#pQ2xv', stopped: null },
    honest: { as: 'postgres', run: ['SELECT sync()'], gets: 'OK' },
    words: ['/nowhere/.pgpass'],
  },
  {
    rule: 'sql/dblink-in-definer',
    before: 'CREATE EXTENSION dblink;',
    file: remote,
    attack: { as: 'mallory', run: ["SELECT remote('SELECT current_setting(''is_superuser'')')"], gets: 'on', stopped: passwordRequired },
    honest: { as: 'postgres', run: ["SELECT remote('SELECT 42')"], gets: '42' },
    fix: 1,
  },
  {
    rule: 'sql/dblink-in-definer',
    before: 'CREATE EXTENSION dblink; CREATE ROLE reader;',
    file: remote,
    attack: { as: 'mallory', run: ["SELECT remote('SELECT current_setting(''is_superuser'')')"], gets: 'on', stopped: passwordRequired },
    // Here nobody is asked for a password, so an honest connection can only be a superuser's own.
    honest: { as: 'postgres', run: [`SELECT x FROM dblink(${loopback}, 'SELECT 42') AS t(x text)`], gets: '42' },
    words: ['reader'],
  },
  {
    rule: 'sql/sensitive-column-exposed',
    file: "CREATE TABLE public.users (id int, name text, password_hash text);\nINSERT INTO users VALUES (1, 'ann', 'h4sh');\nGRANT SELECT ON users TO PUBLIC;",
    attack: { as: 'mallory', run: ['SELECT password_hash FROM users'], gets: 'h4sh', stopped: /permission denied for table users/ },
    honest: { as: 'alice', run: ['SELECT name FROM users WHERE id = 1'], gets: 'ann' },
  },
];

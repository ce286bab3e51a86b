import type { SqlProof } from '../sql-proofs.ts';

const audited = `CREATE TABLE accounts (balance int); CREATE TABLE audit (balance int);
  CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO public.audit VALUES (NEW.balance); RETURN NEW; END $$;
  CREATE TRIGGER note AFTER INSERT ON accounts FOR EACH ROW EXECUTE FUNCTION note();
  CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
  CREATE TRIGGER touch BEFORE INSERT ON accounts FOR EACH ROW EXECUTE FUNCTION touch();`;

export const settings: readonly SqlProof[] = [
  {
    rule: 'sql/password-encryption-md5',
    file: "SET password_encryption = 'md5';\nALTER ROLE mallory PASSWORD 'mallory';\n",
    attack: { as: 'postgres', run: ["SELECT rolpassword = 'md5' || md5('mallory' || 'mallory') FROM pg_authid WHERE rolname = 'mallory'"], gets: true, stopped: false },
    honest: { as: 'postgres', run: ["SELECT rolpassword IS NOT NULL FROM pg_authid WHERE rolname = 'mallory'"], gets: true },
  },
  {
    rule: 'sql/alter-system-insecure',
    file: 'ALTER SYSTEM SET full_page_writes = off;\n',
    attack: { as: 'postgres', run: ["SELECT setting FROM pg_file_settings WHERE name = 'full_page_writes' ORDER BY seqno DESC LIMIT 1"], gets: 'off', stopped: 'on' },
    honest: { as: 'postgres', run: ['SELECT count(*)::int FROM pg_file_settings WHERE error IS NOT NULL AND sourcefile LIKE \'%auto.conf\' AND error NOT LIKE \'%restart%\''], gets: 0 },
  },
  {
    rule: 'sql/search-path-writable-first',
    before: 'CREATE SCHEMA shared; CREATE SCHEMA app; CREATE TABLE app.t AS SELECT 7 AS a;',
    file: 'GRANT ALL ON SCHEMA shared TO PUBLIC;\nALTER ROLE postgres SET search_path = shared, app, pg_catalog;\n',
    after: `SET ROLE mallory; CREATE FUNCTION shared.version() RETURNS text LANGUAGE plpgsql AS $$ BEGIN
      EXECUTE 'ALTER ROLE mallory SUPERUSER'; RETURN 'x'; EXCEPTION WHEN others THEN RETURN 'y'; END $$; RESET ROLE;`,
    attack: { as: 'postgres', run: ['SELECT version()', "SELECT rolsuper FROM pg_roles WHERE rolname = 'mallory'"], gets: true, stopped: false },
    honest: { as: 'postgres', run: ['SELECT a FROM t'], gets: 7 },
  },
  {
    rule: 'sql/session-replication-role',
    before: audited,
    file: 'SET session_replication_role = replica;\nINSERT INTO accounts VALUES (1); UPDATE accounts SET balance = 2;\nSELECT 1; SELECT 2; SELECT 3;\n',
    attack: { as: 'postgres', run: ['SELECT count(*)::int FROM audit'], gets: 0, stopped: 1 },
    honest: { as: 'postgres', run: ['SELECT balance FROM accounts'], gets: 2 },
  },
  {
    rule: 'sql/session-replication-role',
    before: `${audited} GRANT INSERT ON accounts TO mallory; GRANT INSERT, SELECT ON audit TO mallory;`,
    file: "ALTER ROLE mallory SET session_replication_role = 'replica';\n",
    attack: { as: 'mallory', run: ['INSERT INTO accounts VALUES (1)', 'SELECT count(*)::int FROM audit'], gets: 0, stopped: 2 },
    honest: { as: 'mallory', run: ['INSERT INTO accounts VALUES (1)', 'SELECT 1'], gets: 1 },
  },
  {
    rule: 'sql/disable-trigger-all',
    before: audited,
    file: 'ALTER TABLE accounts DISABLE TRIGGER ALL;\n',
    words: ['touch'],
    after: 'INSERT INTO accounts VALUES (1);',
    attack: { as: 'postgres', run: ['SELECT count(*)::int FROM audit'], gets: 0, stopped: 1 },
    honest: { as: 'postgres', run: ['SELECT balance FROM accounts'], gets: 1 },
  },
  {
    rule: 'sql/alter-role-database-insecure-setting',
    file: 'ALTER ROLE mallory SET standard_conforming_strings = off;\n',
    attack: { as: 'mallory', run: ["SELECT 'a\\' || ' || 'injected'"], gets: "a' || injected", stopped: /syntax error|unterminated/ },
    honest: { as: 'mallory', run: ["SELECT 'a'"], gets: 'a' },
  },
  {
    rule: 'sql/session-insecure-setting',
    file: "SET allow_system_table_mods = on;\nDO $$ BEGIN ALTER TABLE pg_catalog.pg_description ADD COLUMN note text; EXCEPTION WHEN insufficient_privilege THEN NULL; END $$;\n",
    attack: { as: 'postgres', run: ["SELECT count(*)::int FROM pg_attribute WHERE attrelid = 'pg_description'::regclass AND attname = 'note'"], gets: 1, stopped: 0 },
    honest: { as: 'postgres', run: ['SELECT 1'], gets: 1 },
  },
];

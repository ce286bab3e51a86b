import type { SqlProof } from '../sql-proofs.ts';

/** The cluster of a proof lets everybody in by trust, so that the password is compared with what the server stores; as MD5, because that has no salt. */
const isPassword = (role: string, password: string) => `SELECT rolpassword = 'md5' || md5('${password}${role}') FROM pg_authid WHERE rolname = '${role}'`;
const asMd5 = "SET password_encryption = 'md5';";
const superuser = (role: string) => `SELECT rolsuper FROM pg_roles WHERE rolname = '${role}'`;

export const roles: readonly SqlProof[] = [
  {
    rule: 'sql/role-superuser',
    file: 'ALTER ROLE mallory SUPERUSER;\n',
    attack: { as: 'mallory', run: ['SELECT rolpassword IS NULL FROM pg_authid WHERE rolname = \'alice\''], gets: true, stopped: /permission denied for table pg_authid/ },
    honest: { as: 'mallory', run: ['SELECT count(*)::int FROM pg_roles WHERE rolname = \'alice\''], gets: 1 },
  },
  {
    rule: 'sql/role-createrole',
    versions: [15],
    file: 'ALTER ROLE mallory CREATEROLE;\n',
    attack: {
      as: 'mallory', run: ['GRANT pg_execute_server_program TO mallory', "CREATE TEMP TABLE o (t text); COPY o FROM PROGRAM 'echo owned'", 'SELECT t FROM o'],
      gets: 'owned', stopped: /must have admin option|permission denied/,
    },
    honest: { as: 'mallory', run: ['SELECT 1'], gets: 1 },
  },
  {
    rule: 'sql/role-createrole',
    versions: [15],
    file: 'ALTER ROLE mallory CREATEROLE;\n',
    attack: { as: 'mallory', run: ["ALTER ROLE alice PASSWORD 'known'", 'SELECT true'], gets: true, stopped: /permission denied/ },
    honest: { as: 'alice', run: ['SELECT 1'], gets: 1 },
  },
  {
    rule: 'sql/role-createrole',
    versions: [18],
    file: 'ALTER ROLE mallory CREATEROLE;\n',
    attack: {
      as: 'mallory', run: ['CREATE ROLE helper LOGIN', 'GRANT helper TO alice', "SELECT pg_has_role('alice', 'helper', 'member')"],
      gets: true, stopped: /permission denied to create role/,
    },
    honest: { as: 'mallory', run: ['SELECT 1'], gets: 1 },
  },
  {
    rule: 'sql/role-bypassrls',
    before: `CREATE TABLE notes (owner name, text text); INSERT INTO notes VALUES ('alice', 'hers'), ('mallory', 'own');
      ALTER TABLE notes ENABLE ROW LEVEL SECURITY; CREATE POLICY own ON notes USING (owner = current_user); GRANT SELECT ON notes TO PUBLIC;`,
    file: 'ALTER ROLE mallory BYPASSRLS;\n',
    attack: { as: 'mallory', run: ["SELECT count(*)::int FROM notes WHERE owner = 'alice'"], gets: 1, stopped: 0 },
    honest: { as: 'mallory', run: ["SELECT text FROM notes WHERE owner = 'mallory'"], gets: 'own' },
  },
  {
    rule: 'sql/role-replication',
    file: 'ALTER ROLE mallory REPLICATION;\n',
    attack: {
      as: 'mallory', run: ["SELECT slot_name::text FROM pg_create_physical_replication_slot('fills_the_disk', true, true)"],
      gets: 'fills_the_disk', stopped: /must be superuser or replication role|permission denied to use replication slots/,
    },
    honest: { as: 'mallory', run: ['SELECT 1'], gets: 1 },
  },
  {
    rule: 'sql/role-createdb',
    file: 'ALTER ROLE mallory CREATEDB;\n',
    attack: { as: 'mallory', run: ['CREATE DATABASE fills_the_disk', 'DROP DATABASE fills_the_disk', 'SELECT true'], gets: true, stopped: /permission denied to create database/ },
    honest: { as: 'mallory', run: ['SELECT 1'], gets: 1 },
  },
  {
    rule: 'sql/grant-predefined-superuser-like',
    file: 'GRANT pg_execute_server_program, pg_monitor TO mallory;\n',
    attack: {
      as: 'mallory', run: ["CREATE TEMP TABLE o (t text); COPY o FROM PROGRAM 'echo owned'", 'SELECT t FROM o'],
      gets: 'owned', stopped: /must be superuser or have privileges|permission denied to COPY/,
    },
    honest: { as: 'mallory', run: ["SELECT pg_has_role('pg_monitor', 'usage')"], gets: true },
  },
  {
    rule: 'sql/grant-predefined-superuser-like',
    file: 'GRANT pg_read_server_files TO mallory;\n',
    attack: {
      as: 'mallory', run: ["CREATE TEMP TABLE o (t text)", "DO $$ BEGIN EXECUTE format('COPY o FROM %L', '/etc/hostname'); END $$", 'SELECT count(*) > 0 FROM o'],
      gets: true, stopped: /must be superuser or have privileges|permission denied to COPY/,
    },
    honest: { as: 'mallory', run: ['SELECT 1'], gets: 1 },
  },
  {
    rule: 'sql/grant-broad-predefined-role',
    before: "CREATE TABLE secrets AS SELECT 'secret' AS s; CREATE TABLE prices AS SELECT 5 AS p; GRANT SELECT ON prices TO mallory;",
    file: 'GRANT pg_read_all_data TO mallory;\n',
    attack: { as: 'mallory', run: ['SELECT s FROM secrets'], gets: 'secret', stopped: /permission denied for table secrets/ },
    honest: { as: 'mallory', run: ['SELECT p FROM prices'], gets: 5 },
  },
  {
    rule: 'sql/grant-role-with-admin-option',
    before: 'CREATE ROLE staff; CREATE TABLE secrets AS SELECT \'secret\' AS s; GRANT SELECT ON secrets TO staff;',
    file: 'GRANT staff TO mallory WITH ADMIN OPTION;\n',
    attack: {
      as: 'mallory', run: ['GRANT staff TO alice', "SELECT pg_has_role('alice', 'staff', 'member')"],
      gets: true, stopped: /must have admin option|permission denied to grant role/,
    },
    honest: { as: 'mallory', run: ['SELECT s FROM secrets'], gets: 'secret' },
  },
  {
    rule: 'sql/grant-superuser-role',
    file: 'CREATE ROLE readers;\nGRANT readers, postgres TO mallory;\n',
    attack: { as: 'mallory', run: ['SET ROLE postgres', 'ALTER ROLE mallory SUPERUSER', superuser('mallory')], gets: true, stopped: /permission denied to set role/ },
    honest: { as: 'mallory', run: ["SELECT pg_has_role('readers', 'usage')"], gets: true },
  },
  {
    rule: 'sql/group-role-with-login',
    file: 'CREATE ROLE staff LOGIN;\nGRANT staff TO mallory, alice;\n',
    attack: { as: 'staff', run: ['SELECT session_user::text'], gets: 'staff', stopped: /role "staff" is not permitted to log in/ },
    honest: { as: 'mallory', run: ["SELECT pg_has_role('staff', 'usage')"], gets: true },
  },
  {
    rule: 'sql/plaintext-password',
    file: "DO $$ BEGIN CREATE ROLE app LOGIN PASSWORD 'Tr0ub4dor&3'; END $$;\n",
    before: asMd5,
    attack: { as: 'postgres', run: [isPassword('app', 'Tr0ub4dor&3')], gets: true, stopped: null },
    honest: { as: 'app', run: ['SELECT session_user::text'], gets: 'app' },
  },
  {
    rule: 'sql/md5-password-hash',
    file: "CREATE ROLE app LOGIN PASSWORD 'md5d3b07384d113edec49eaa6238ad5ff00';\n",
    fix: 1,
    attack: { as: 'postgres', run: ["SELECT rolpassword FROM pg_authid WHERE rolname = 'app'"], gets: 'md5d3b07384d113edec49eaa6238ad5ff00', stopped: null },
    honest: { as: 'app', run: ['SELECT session_user::text'], gets: 'app' },
  },
  {
    rule: 'sql/weak-or-default-password',
    file: "DO $$ BEGIN CREATE ROLE app LOGIN PASSWORD 'app'; END $$;\n",
    before: asMd5,
    attack: { as: 'postgres', run: [isPassword('app', 'app')], gets: true, stopped: null },
    honest: { as: 'app', run: ['SELECT session_user::text'], gets: 'app' },
  },
];

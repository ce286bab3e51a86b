import { one, several } from './cases.ts';
import type { Case } from './lab.ts';

const spying = (text: string): string => `${text}; SELECT lab.spy(); --`;
const roleNow = 'SELECT current_user::text';
const pathNow = `SELECT current_setting('search_path')`;

/** Names of roles, schemas, databases, types and settings where statements other than queries take them. */
export const objects: readonly Case[] = [
  one('name', 'role to become', `EXECUTE 'SET LOCAL ROLE ' || x;`, ['lab_reader', 'none', 'nonsense'], { attacks: [spying('none')], check: roleNow, known: { capitals: [`'LAB_READER'`] } }),
  one('name', 'session authorization', `EXECUTE 'SET LOCAL SESSION AUTHORIZATION ' || x;`, ['lab_reader', 'nonsense'], { attacks: [spying('postgres')], check: roleNow, known: { capitals: [`'DEFAULT'`] } }),
  one('name', 'setting', `EXECUTE 'SET LOCAL ' || x || ' TO ''on''';`, ['enable_seqscan', 'Enable_SeqScan', 'lab.flag', 'nonsense'], { attacks: [`lab.flag TO 'on'; SELECT lab.spy(); --`], check: `SELECT current_setting('enable_seqscan')` }),
  one('name', 'setting, reset', `EXECUTE 'RESET ' || x;`, ['enable_seqscan', 'nonsense'], { attacks: [spying('enable_seqscan')] }),
  several('one schema in front', 'p_schema text', `EXECUTE 'SET LOCAL search_path TO ' || p_schema || ', pg_catalog';`, [`'lab'`, `'nonsense'`], [`'lab; SELECT lab.spy(); --'`], { check: pathNow, known: { capitals: [`'LAB'`] } }),
  several('schema of a tenant', 'tenant text', `EXECUTE format('SET LOCAL search_path = %s', tenant);`, [`'lab'`, `'public'`], [`'lab; SELECT lab.spy(); --'`], { check: pathNow, known: { capitals: [`'LAB'`] } }),
  several('schema of a role', 'p_schema text', `EXECUTE 'ALTER ROLE lab_reader SET search_path = ' || p_schema;`, [`'lab'`], [`'lab; SELECT lab.spy(); --'`], { check: `SELECT string_agg(setconfig::text, ',') FROM pg_db_role_setting`, known: { capitals: [`'LAB'`] } }),
  one('name', 'role and its schema', `EXECUTE 'ALTER ROLE ' || x || ' SET search_path = ' || x;`, ['lab_reader'], { attacks: ['lab_reader SET search_path = lab; SELECT lab.spy(); --'], check: `SELECT string_agg(setconfig::text, ',') FROM pg_db_role_setting` }),
  several('schemas', 'x text', `EXECUTE 'SET LOCAL search_path TO ' || x;`, [], [`'lab; SELECT lab.spy(); --'`], { expect: 'none' }),
  one('name', 'new schema of a table', `EXECUTE 'ALTER TABLE lab.log SET SCHEMA ' || x;`, ['public', 'nonsense'], { attacks: [spying('public')], check: `SELECT string_agg(relnamespace::regnamespace::text, ',') FROM pg_class WHERE relname = 'log'`, known: { capitals: [`'PUBLIC'`] } }),
  one('name', 'new schema of a function', `EXECUTE 'ALTER FUNCTION lab.spy() SET SCHEMA ' || x;`, ['public', 'nonsense'], { attacks: [`public; INSERT INTO lab.canary VALUES (1); --`], known: { capitals: [`'PUBLIC'`] } }),
  one('name', 'schema of default privileges', `EXECUTE 'ALTER DEFAULT PRIVILEGES IN SCHEMA ' || x || ' GRANT SELECT ON TABLES TO lab_reader';`, ['lab', 'nonsense'], { attacks: [`lab GRANT SELECT ON TABLES TO lab_reader; SELECT lab.spy(); --`], check: `SELECT string_agg(defaclacl::text, ',') FROM pg_default_acl`, known: { capitals: [`'LAB'`] } }),
  one('name', 'role of default privileges', `EXECUTE 'ALTER DEFAULT PRIVILEGES FOR ROLE ' || x || ' GRANT SELECT ON TABLES TO lab_reader';`, ['lab_reader', 'nonsense'], { attacks: [`lab_reader GRANT SELECT ON TABLES TO lab_reader; SELECT lab.spy(); --`], check: `SELECT string_agg(defaclrole::regrole::text, ',') FROM pg_default_acl` }),
  one('name', 'role that a new one is a member of', `EXECUTE 'CREATE ROLE lab_made IN ROLE ' || x;`, ['lab_reader', 'nonsense'], { attacks: [spying('lab_reader')], check: `SELECT string_agg(roleid::regrole::text, ',') FROM pg_auth_members WHERE member = to_regrole('lab_made')` }),
  one('name', 'database of a setting', `EXECUTE 'ALTER ROLE lab_reader IN DATABASE ' || x || ' SET work_mem = ''1MB''';`, ['postgres', 'nonsense'], { attacks: [`postgres SET work_mem = '1MB'; SELECT lab.spy(); --`], check: `SELECT string_agg(setdatabase::text, ',') FROM pg_db_role_setting` }),
  one('name', 'owner of a sequence', `EXECUTE 'ALTER SEQUENCE lab.users_seq OWNED BY lab.' || x || '.id';`, ['users', 'nonsense'], { attacks: [spying('users.id')], expect: 'maybe' }),
  one('name', 'tablespace of a new table', `EXECUTE 'CREATE TABLE lab.made TABLESPACE ' || x || ' AS SELECT 1 AS n';`, ['pg_default', 'nonsense'], { attacks: [`pg_default AS SELECT lab.spy(); --`], check: `SELECT count(*) FROM pg_class WHERE relname = 'made'` }),
  one('name', 'new enumeration', `EXECUTE 'CREATE TYPE lab.' || x || ' AS ENUM (''a'')';`, ['mood', 'users'], { attacks: [`mood AS ENUM ('a'); SELECT lab.spy(); --`], check: `SELECT count(*) FROM pg_type WHERE typname = 'mood'` }),
  one('name', 'new enumeration without a schema', `EXECUTE 'CREATE TYPE ' || x || ' AS ENUM (''a'')';`, ['mood'], { attacks: [`mood AS ENUM ('a'); SELECT lab.spy(); --`], check: `SELECT count(*) FROM pg_type WHERE typname = 'mood'` }),
  one('name', 'new range', `EXECUTE 'CREATE TYPE ' || x || ' AS RANGE (subtype = int)';`, ['span'], { attacks: [`span AS RANGE (subtype = int); SELECT lab.spy(); --`], check: `SELECT count(*) FROM pg_type WHERE typname = 'span'` }),
  one('name', 'rule', `EXECUTE 'CREATE RULE ' || x || ' AS ON DELETE TO lab.log DO INSTEAD NOTHING';`, ['keep', 'Keep'], { attacks: [`keep AS ON DELETE TO lab.log DO INSTEAD NOTHING; SELECT lab.spy(); --`], check: `SELECT count(*) FROM pg_rules`, expect: 'maybe' }),
  several('who is logged in', 'x text', `EXECUTE 'GRANT SELECT ON lab.log TO ' || session_user;`, [`''`], [], { check: `SELECT relacl::text FROM pg_class WHERE oid = 'lab.log'::regclass` }),
  several('the database and its owner', 'x text', `EXECUTE format('ALTER DATABASE %s OWNER TO %s', current_database(), current_user);`, [`''`], [], { check: `SELECT string_agg(datdba::regrole::text, ',') FROM pg_database` }),
];

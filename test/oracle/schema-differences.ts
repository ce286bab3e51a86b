/**
 * Where a replayed schema must differ from what a server has, each with statements that show it. Any other difference is a mistake, and so
 * is one of these that is met no longer.
 */
export interface Unavoidable {
  readonly reason: string;
  readonly statements: readonly string[];
  /** On every version. */
  readonly differences: readonly string[];
  /** The statements that the server refuses are replayed too. */
  readonly refused?: boolean;
}

export const unavoidable: readonly Unavoidable[] = [
  {
    reason: 'a function of the files that is called with what a query finds is not followed: which commands it runs, and on what, depends on it',
    statements: [
      "CREATE FUNCTION make(name text) RETURNS void LANGUAGE plpgsql AS $$ BEGIN EXECUTE format('CREATE TYPE %I AS ENUM ()', name); END $$", "SELECT make((SELECT 'made'::text))",
    ],
    differences: ['server only: type public.made of postgres', 'server only: type public.made: PUBLIC may USAGE by postgres'],
  },
  {
    reason: 'a branch whose condition the files do not answer may not run: of what it grants nothing counts',
    statements: ['CREATE ROLE r1', 'CREATE TABLE t1 (a int)', 'DO $$ BEGIN IF now() IS NOT NULL THEN GRANT SELECT ON t1 TO r1; END IF; END $$'],
    differences: ['server only: relation public.t1: r1 may SELECT by postgres'],
  },
  {
    reason: 'a branch whose condition the files do not answer may run: what it makes safer counts',
    statements: ['CREATE TABLE t1 (a int)', 'DO $$ BEGIN IF now() IS NULL THEN ALTER TABLE t1 ENABLE ROW LEVEL SECURITY; END IF; END $$'],
    differences: ['server only: relation public.t1 table of postgres rls false forced false', 'ours only: relation public.t1 table of postgres rls true forced false'],
  },
  {
    reason: 'a branch whose condition the files do not answer may run: what it creates is there, and is dropped only by what surely runs',
    statements: ["DO $$ BEGIN IF now() IS NOT NULL THEN CREATE TABLE t1 (a int); END IF; END $$", "DO $$ BEGIN IF now() IS NOT NULL THEN DROP TABLE t1; END IF; END $$"],
    differences: ['ours only: relation public.t1 column a int4', 'ours only: relation public.t1 table of postgres rls false forced false'],
  },
  {
    reason: 'a branch whose condition the files do not answer may have dropped what a table has to lose before it is dropped without CASCADE, or made it anew',
    statements: ['CREATE TABLE t1 (a int)', 'CREATE VIEW v1 AS SELECT a FROM t1', 'DO $$ BEGIN IF now() IS NOT NULL THEN DROP VIEW v1; END IF; END $$', 'DROP TABLE t1'],
    differences: ['ours only: relation public.v1 view of postgres rls false forced false'],
  },
  {
    reason: 'the files do not name the role that runs them: what they grant to it by name counts',
    statements: ['CREATE SCHEMA s1', 'GRANT USAGE ON SCHEMA s1 TO postgres'],
    differences: ['ours only: schema s1: postgres may USAGE by postgres'],
  },
  {
    reason: 'what a branch looks for may come from elsewhere, as the roles of a platform do',
    statements: ['CREATE TABLE t1 (a int)', "DO $$ BEGIN IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'anon') THEN ALTER TABLE t1 ENABLE ROW LEVEL SECURITY; END IF; END $$"],
    differences: ['server only: relation public.t1 table of postgres rls false forced false', 'ours only: relation public.t1 table of postgres rls true forced false'],
  },
  {
    reason: 'a table that IF NOT EXISTS makes may have been there before, and an earlier branch may have found it',
    statements: ["DO $$ BEGIN IF to_regclass('t1') IS NOT NULL THEN ALTER TABLE t1 ENABLE ROW LEVEL SECURITY; END IF; END $$", 'CREATE TABLE IF NOT EXISTS t1 (a int)'],
    differences: ['server only: relation public.t1 table of postgres rls false forced false', 'ours only: relation public.t1 table of postgres rls true forced undefined'],
  },
  {
    reason: 'the text of an EXECUTE that rows or settings go into is not known',
    statements: ['CREATE TABLE t1 (a int)', "DO $$ BEGIN EXECUTE 'ALTER TABLE ' || (SELECT min(relname) FROM pg_class WHERE relname = 't1') || ' ENABLE ROW LEVEL SECURITY'; END $$"],
    differences: ['ours only: relation public.t1 table of postgres rls false forced false', 'server only: relation public.t1 table of postgres rls true forced false'],
  },
  {
    reason: 'a loop over rows runs as often as there are rows',
    statements: ['CREATE ROLE r1', 'CREATE TABLE t1 (a int)', "DO $$ DECLARE r record; BEGIN FOR r IN SELECT 1 FROM t1 UNION ALL SELECT 1 LOOP GRANT SELECT ON t1 TO r1; END LOOP; END $$"],
    differences: ['server only: relation public.t1: r1 may SELECT by postgres'],
  },
  {
    reason: 'how many rows a table has is not known, also where it was just made: what is dropped when it is empty stays',
    statements: [
      "CREATE TABLE t1 (a int)", "CREATE FUNCTION drops() RETURNS void LANGUAGE plpgsql AS $$ DECLARE n int; BEGIN SELECT count(*) INTO n FROM t1; IF n = 0 THEN EXECUTE 'DROP TABLE t1'; END IF; END $$",
      'SELECT drops()', 'DROP FUNCTION drops()',
    ],
    differences: ['ours only: relation public.t1 column a int4', 'ours only: relation public.t1 table of postgres rls false forced false'],
  },
  {
    reason: 'a name that is made of the date is not known',
    statements: ['CREATE TABLE t1 (d date) PARTITION BY RANGE (d)', "DO $$ BEGIN EXECUTE format('CREATE TABLE %I PARTITION OF t1 DEFAULT', 't1_' || extract(century FROM now())); END $$"],
    differences: [
      'server only: relation public.t1_21 column d date', 'server only: relation public.t1_21 is a partition of public.t1', 'server only: relation public.t1_21 table of postgres rls false forced false',
    ],
  },
  {
    reason: 'where no file sets a search_path, an unqualified table may be the qualified one that makes it safer',
    statements: ['CREATE SCHEMA s1', 'CREATE TABLE t1 (a int)', 'ALTER TABLE IF EXISTS s1.t1 ENABLE ROW LEVEL SECURITY'],
    differences: ['server only: relation public.t1 table of postgres rls false forced false', 'ours only: relation public.t1 table of postgres rls true forced false'],
  },
  {
    reason: 'the files are taken at their word: a statement that the server refuses counts',
    statements: ['CREATE TABLE t1 (a int)', 'GRANT SELECT ON t1 TO r1'],
    differences: ['ours only: relation public.t1: r1 may SELECT by postgres'],
    refused: true,
  },
];

/** What of a catalog is not compared, because no file says it. */
export const unsaid = {
  columns: 'the columns that a table takes from a query or from a table of which they are not known',
  path: 'SET search_path FROM CURRENT, where no file sets the current one',
  role: 'what PUBLIC may, where the role that runs the files may be one whose default privileges they close',
} as const;

/** Each with statements of which it leaves something out. */
export const unsaidIn: Readonly<Record<keyof typeof unsaid, readonly string[]>> = {
  columns: ['CREATE TABLE t1 AS SELECT 1 AS a'],
  path: ['CREATE FUNCTION f1() RETURNS int LANGUAGE sql SET search_path FROM CURRENT AS $$ SELECT 1 $$'],
  role: ['CREATE ROLE r1', 'ALTER DEFAULT PRIVILEGES FOR ROLE r1 REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC', 'CREATE FUNCTION f1() RETURNS int LANGUAGE sql AS $$ SELECT 1 $$'],
};

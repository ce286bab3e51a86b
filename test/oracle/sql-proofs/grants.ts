import type { SqlProof } from '../sql-proofs.ts';

const secret = "CREATE TABLE public.secret (s text); INSERT INTO public.secret VALUES ('hidden');";
/** A trigger function of mallory that makes mallory superuser if it may. */
const trap = `CREATE FUNCTION trap.run() RETURNS trigger LANGUAGE plpgsql AS
  $$ BEGIN EXECUTE 'ALTER ROLE mallory SUPERUSER'; RETURN NEW; EXCEPTION WHEN OTHERS THEN RETURN NEW; END $$`;
const isSuperuser = "SELECT rolsuper FROM pg_catalog.pg_roles WHERE rolname = 'mallory'";
/** The superuser runs lower() on a varchar; a function of mallory fits better than the built-in one. */
const better = `CREATE FUNCTION public.lower(varchar) RETURNS text LANGUAGE plpgsql AS
  $$ BEGIN EXECUTE 'ALTER ROLE mallory SUPERUSER'; RETURN $1; EXCEPTION WHEN insufficient_privilege THEN RETURN $1; END $$`;
const asMallory = (text: string): string => `SET SESSION AUTHORIZATION mallory; ${text}; RESET SESSION AUTHORIZATION;`;
/** As far as it is allowed. */
const tried = (text: string): string => `SET SESSION AUTHORIZATION mallory; DO $do$ BEGIN ${text}; EXCEPTION WHEN insufficient_privilege THEN NULL; END $do$; RESET SESSION AUTHORIZATION;`;
const articles = "CREATE TABLE public.article (t varchar); INSERT INTO public.article VALUES ('X');";
const lowering = ['SELECT lower(t) FROM public.article', isSuperuser];

export const grants: readonly SqlProof[] = [
  {
    rule: 'sql/grant-to-public',
    file: `${secret}\nGRANT SELECT ON public.secret TO PUBLIC;`,
    attack: { as: 'mallory', run: ['SELECT s FROM public.secret'], gets: 'hidden', stopped: /permission denied/ },
    honest: { as: 'alice', run: ['SELECT s FROM public.secret'], gets: 'hidden' },
  },
  {
    rule: 'sql/grant-to-public',
    before: 'CREATE SCHEMA app; CREATE SCHEMA other;',
    file: 'GRANT USAGE ON SCHEMA app TO alice;\nGRANT CREATE, USAGE ON SCHEMA app TO PUBLIC, alice;',
    attack: { as: 'mallory', run: ['CREATE TABLE app.mine (i int)', "SELECT 'created'"], gets: 'created', stopped: /permission denied/ },
    honest: { as: 'alice', run: ['CREATE TABLE app.hers (i int)', "SELECT 'created'"], gets: 'created' },
  },
  {
    rule: 'sql/grant-all',
    before: 'CREATE TABLE public.orders (i int); CREATE SCHEMA trap AUTHORIZATION mallory;',
    file: 'GRANT ALL ON public.orders TO mallory, alice;',
    after: `${asMallory(trap)} ${tried('EXECUTE \'CREATE TRIGGER t BEFORE INSERT ON public.orders FOR EACH ROW EXECUTE FUNCTION trap.run()\'')}`,
    attack: { as: 'postgres', run: ['INSERT INTO public.orders VALUES (1)', isSuperuser], gets: true, stopped: false },
    honest: { as: 'alice', run: ['INSERT INTO public.orders VALUES (2); UPDATE public.orders SET i = 3; DELETE FROM public.orders', 'SELECT count(*)::int FROM public.orders'], gets: 0 },
  },
  {
    rule: 'sql/grant-all',
    before: "CREATE TABLE public.notes (owner name); INSERT INTO public.notes VALUES ('alice'); ALTER TABLE public.notes ENABLE ROW LEVEL SECURITY; CREATE POLICY own ON public.notes USING (owner = current_user);",
    file: 'GRANT ALL ON public.notes TO mallory, alice;',
    attack: { as: 'mallory', run: ['TRUNCATE public.notes', "SELECT 'emptied'"], gets: 'emptied', stopped: /permission denied/ },
    honest: { as: 'alice', run: ['SELECT count(*)::int FROM public.notes'], gets: 1 },
  },
  {
    rule: 'sql/grant-with-grant-option',
    file: `${secret}\nCREATE ROLE partner;\nGRANT partner TO alice;\nGRANT SELECT ON public.secret TO partner WITH GRANT OPTION;`,
    after: 'SET SESSION AUTHORIZATION alice; SET ROLE partner; GRANT SELECT ON public.secret TO mallory; RESET SESSION AUTHORIZATION;',
    attack: { as: 'mallory', run: ['SELECT s FROM public.secret'], gets: 'hidden', stopped: /permission denied/ },
    honest: { as: 'alice', run: ['SELECT s FROM public.secret'], gets: 'hidden' },
  },
  {
    rule: 'sql/default-privileges-public',
    file: 'ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO PUBLIC;',
    after: secret,
    attack: { as: 'mallory', run: ['SELECT s FROM public.secret'], gets: 'hidden', stopped: /permission denied/ },
    honest: { as: 'alice', run: ['SELECT s FROM public.secret'], gets: 'hidden' },
  },
  {
    rule: 'sql/default-privileges-revoke-noop',
    before: 'CREATE SCHEMA app; GRANT USAGE ON SCHEMA app TO PUBLIC;',
    file: 'ALTER DEFAULT PRIVILEGES IN SCHEMA app REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;',
    after: "CREATE FUNCTION app.secret() RETURNS text LANGUAGE sql SECURITY DEFINER AS $$ SELECT 'hidden' $$; GRANT EXECUTE ON FUNCTION app.secret() TO alice;",
    attack: { as: 'mallory', run: ['SELECT app.secret()'], gets: 'hidden', stopped: /permission denied/ },
    honest: { as: 'alice', run: ['SELECT app.secret()'], gets: 'hidden' },
  },
  {
    rule: 'sql/grant-create-on-public-schema',
    file: `${articles}\nGRANT CREATE ON SCHEMA public TO PUBLIC;`,
    after: tried(`EXECUTE $x$ ${better} $x$`).replaceAll('$$', '$b$'),
    attack: { as: 'postgres', run: lowering, gets: true, stopped: false },
    honest: { as: 'postgres', run: ['SELECT count(*)::int FROM public.article'], gets: 1 },
  },
  {
    rule: 'sql/public-schema-not-revoked',
    versions: [14],
    file: articles,
    after: tried(`EXECUTE $x$ ${better} $x$`).replaceAll('$$', '$b$'),
    attack: { as: 'postgres', run: lowering, gets: true, stopped: false },
    honest: { as: 'postgres', run: ['SELECT count(*)::int FROM public.article'], gets: 1 },
  },
  {
    rule: 'sql/grant-set-parameter',
    before: `CREATE TABLE public.t (i int); GRANT INSERT ON public.t TO PUBLIC; CREATE TABLE public.audit (i int);
      CREATE FUNCTION public.log() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN INSERT INTO public.audit VALUES (NEW.i); RETURN NEW; END $$;
      CREATE TRIGGER log BEFORE INSERT ON public.t FOR EACH ROW EXECUTE FUNCTION public.log(); GRANT SELECT ON public.audit TO PUBLIC;`,
    file: 'GRANT SET ON PARAMETER work_mem, session_replication_role TO mallory;',
    attack: { as: 'mallory', run: ['SET session_replication_role = replica', 'INSERT INTO public.t VALUES (2)', 'SELECT count(*)::int FROM public.audit WHERE i = 2'], gets: 0, stopped: /permission denied to set parameter/ },
    honest: { as: 'alice', run: ['INSERT INTO public.t VALUES (1)', 'SELECT count(*)::int FROM public.audit WHERE i = 1'], gets: 1 },
  },
];

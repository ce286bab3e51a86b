import type { Session, SqlProof } from '../sql-proofs.ts';

const takesOver = "BEGIN EXECUTE 'ALTER ROLE mallory SUPERUSER'; RETURN %; EXCEPTION WHEN insufficient_privilege THEN RETURN %; END";
const isSuperuser = 'SELECT rolsuper FROM pg_catalog.pg_roles WHERE rolname = current_user';

/** A function of mallory whose body makes mallory superuser if it may. */
function trap(signature: string, returns: string, value: string): string {
  return `CREATE FUNCTION ${signature} RETURNS ${returns} LANGUAGE plpgsql AS $$ ${takesOver.replaceAll('%', value)} $$`;
}

const logins = `
  CREATE SCHEMA app;
  GRANT USAGE ON SCHEMA app TO PUBLIC;
  CREATE TABLE app.logins (who text, secret text);
  INSERT INTO app.logins VALUES ('admin', 'Real');
  CREATE FUNCTION app.may_enter(who text, secret text) RETURNS boolean
    LANGUAGE plpgsql SECURITY DEFINER AS $$
  BEGIN
    -- Without regard to case.
    RETURN EXISTS (SELECT FROM logins AS l WHERE l.who = $1 AND lower(l.secret) = lower($2));
  END $$;`;
const ownTable: Session = {
  as: 'mallory', gets: true,
  run: [
    'SET search_path = app, pg_catalog',
    "CREATE TEMP TABLE logins (who text, secret text); INSERT INTO logins VALUES ('admin', 'forged')",
    "SELECT app.may_enter('admin', 'forged')",
  ],
};
const entering: Session = { as: 'mallory', run: ['SET search_path = app', "SELECT app.may_enter('admin', 'REAL')"], gets: true };

const searchPath: readonly SqlProof[] = [
  { rule: 'sql/security-definer-search-path', file: logins, attack: { ...ownTable, stopped: false }, honest: entering },
  {
    rule: 'sql/security-definer-search-path',
    before: 'CREATE SCHEMA trap AUTHORIZATION mallory;',
    file: logins,
    attack: {
      as: 'mallory', gets: true, stopped: false,
      run: [trap('trap.lower(t text)', 'text', 't'), 'SET search_path = trap, pg_catalog, app', "SELECT app.may_enter('admin', 'Real')", isSuperuser],
    },
    honest: entering,
  },
  {
    rule: 'sql/security-definer-search-path',
    file: `${logins.replace('SECURITY DEFINER', 'SECURITY DEFINER SET search_path = pg_catalog, app, pg_temp')}\nALTER FUNCTION app.may_enter(text, text) RESET search_path;\n`,
    attack: { ...ownTable, stopped: false },
    honest: entering,
  },
  {
    rule: 'sql/security-definer-search-path',
    file: `
      CREATE SCHEMA app; GRANT USAGE ON SCHEMA app TO PUBLIC;
      CREATE TABLE app.t (i int); INSERT INTO app.t VALUES (1);
      CREATE FUNCTION app.helper() RETURNS bigint LANGUAGE plpgsql AS $$ BEGIN RETURN (SELECT sum(i) FROM t); END $$;
      CREATE FUNCTION app.total() RETURNS bigint LANGUAGE sql SECURITY DEFINER SET search_path = app BEGIN ATOMIC SELECT app.helper(); END;
      ALTER FUNCTION app.total() RESET search_path;`,
    words: ['app'],
    attack: {
      as: 'mallory', gets: '666', stopped: '1',
      run: ['SET search_path = app; CREATE TEMP TABLE t (i int); INSERT INTO t VALUES (666); GRANT SELECT ON t TO PUBLIC', 'SELECT app.total()'],
    },
    honest: { as: 'alice', run: ['SET search_path = app', 'SELECT app.total()'], gets: '1' },
  },
];

const settings = `
  CREATE SCHEMA app;
  CREATE TABLE app.setting (value text);
  INSERT INTO app.setting VALUES ('real');
  GRANT USAGE ON SCHEMA app TO PUBLIC;
  GRANT CREATE ON SCHEMA public TO PUBLIC;`;
const temporary = ["CREATE TEMP TABLE setting (value text); INSERT INTO setting VALUES ('forged')", 'SELECT app.current()'];
const inPublic = ["CREATE TABLE public.setting (value text); INSERT INTO public.setting VALUES ('forged'); GRANT SELECT ON public.setting TO PUBLIC", 'SELECT app.current()'];

function unsafePath(path: string, attack: readonly string[], more = ''): SqlProof {
  return {
    rule: 'sql/security-definer-unsafe-search-path',
    file: `${settings}
      CREATE FUNCTION app.current() RETURNS text LANGUAGE plpgsql SECURITY DEFINER SET search_path ${path}
        AS $$ BEGIN RETURN (SELECT value FROM setting LIMIT 1); END $$;${more}`,
    attack: { as: 'mallory', run: attack, gets: 'forged', stopped: 'real' },
    honest: { as: 'alice', run: ['SELECT app.current()'], gets: 'real' },
  };
}

const unsafeSearchPath: readonly SqlProof[] = [
  unsafePath('= public, app, pg_temp', inPublic),
  unsafePath('= app', temporary),
  unsafePath('TO pg_catalog, app', temporary),
  unsafePath('= pg_temp, app', temporary),
  {
    ...unsafePath("= 'app, pg_temp'", temporary),
    honest: { as: 'alice', run: ['SELECT count(*) FROM pg_proc WHERE proname = \'current\''], gets: '1' },
  },
  {
    rule: 'sql/security-definer-unsafe-search-path',
    file: `CREATE SCHEMA app; GRANT USAGE ON SCHEMA app TO PUBLIC;
      CREATE FUNCTION app.is_superuser(who name) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = ''
        AS $$ BEGIN RETURN (SELECT rolsuper FROM pg_roles WHERE rolname = who); END $$;`,
    attack: {
      as: 'mallory', gets: true, stopped: false,
      run: ["CREATE TEMP TABLE pg_roles (rolname name, rolsuper boolean); INSERT INTO pg_roles VALUES ('mallory', true)", "SELECT app.is_superuser('mallory')"],
    },
    honest: { as: 'mallory', run: ["SELECT app.is_superuser('postgres')"], gets: true },
  },
  {
    rule: 'sql/security-definer-unsafe-search-path',
    file: `CREATE SCHEMA app; GRANT USAGE ON SCHEMA app TO PUBLIC;
      CREATE FUNCTION app.as_text(x integer) RETURNS text LANGUAGE plpgsql SECURITY DEFINER SET search_path = ''
        AS $$ BEGIN RETURN x::text; END $$;`,
    attack: {
      as: 'mallory', gets: true, stopped: false,
      run: [
        trap('pg_temp.evil()', 'boolean', 'true'), 'CREATE DOMAIN pg_temp.text AS pg_catalog.text CHECK (pg_temp.evil())',
        'SELECT app.as_text(5)', isSuperuser,
      ],
    },
    honest: { as: 'mallory', run: ['SELECT app.as_text(5)'], gets: '5' },
  },
];

const vault = `
  CREATE SCHEMA app;
  GRANT USAGE ON SCHEMA app TO PUBLIC;
  CREATE TABLE app.vault (s text);
  INSERT INTO app.vault VALUES ('hidden');`;
const opening = `
  CREATE FUNCTION app.open_vault(x integer DEFAULT 1, OUT s text, VARIADIC more text[] DEFAULT '{}') RETURNS text
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$ SELECT s FROM app.vault $$;`;
const grant = '\nGRANT EXECUTE ON FUNCTION app.open_vault(int, VARIADIC text[]) TO alice;';

function publicExecute(file: string): SqlProof {
  return {
    rule: 'sql/security-definer-public-execute', file,
    attack: { as: 'mallory', run: ['SELECT app.open_vault()'], gets: 'hidden', stopped: /permission denied for function open_vault/ },
    honest: { as: 'alice', run: ['SELECT app.open_vault()'], gets: 'hidden' },
  };
}

const publicExecution: readonly SqlProof[] = [
  publicExecute(vault + opening + grant),
  publicExecute(`${vault}${opening}\nREVOKE ALL ON FUNCTION app.open_vault(int, text[]) FROM PUBLIC;\nDROP FUNCTION app.open_vault;${opening}${grant}`),
  publicExecute(`${vault}\nALTER DEFAULT PRIVILEGES IN SCHEMA app REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;${opening}${grant}`),
  {
    rule: 'sql/security-definer-public-execute',
    file: `${vault}
      CREATE PROCEDURE app.empty_vault(x int, INOUT n int, OUT m text) LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
        AS $$ BEGIN DELETE FROM app.vault; n := 0; m := ''; END $$;`,
    attack: { as: 'mallory', run: ['CALL app.empty_vault(1, 2, NULL)'], gets: 0, stopped: /permission denied for procedure/ },
    honest: { as: 'postgres', run: ['CALL app.empty_vault(1, 2, NULL)'], gets: 0 },
  },
];

const others: readonly SqlProof[] = [
  {
    rule: 'sql/security-definer-trigger-public-execute',
    before: 'CREATE SCHEMA app; GRANT USAGE ON SCHEMA app TO PUBLIC; CREATE TABLE app.audit (who text, what text); CREATE TABLE app.t (note text); GRANT INSERT ON app.t TO alice;',
    file: `CREATE FUNCTION app.log() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
      BEGIN EXECUTE 'INSERT INTO app.audit VALUES (''' || session_user || ''', ''' || NEW.note || ''')'; RETURN NEW; END $$;`,
    after: 'CREATE TRIGGER t BEFORE INSERT ON app.t FOR EACH ROW EXECUTE FUNCTION app.log();',
    attack: {
      as: 'mallory', gets: true, stopped: /permission denied for function/,
      run: [
        'CREATE TEMP TABLE mine (note text); CREATE TRIGGER t BEFORE INSERT ON mine FOR EACH ROW EXECUTE FUNCTION app.log()',
        "INSERT INTO mine VALUES ('x''); ALTER ROLE mallory SUPERUSER; --')", isSuperuser,
      ],
    },
    honest: { as: 'alice', run: ["INSERT INTO app.t VALUES ('hello')", "SELECT 'written'"], gets: 'written' },
  },
  {
    rule: 'sql/security-definer-current-user',
    before: "CREATE TABLE public.salary (emp name, amount int); INSERT INTO public.salary VALUES ('alice', 100), ('mallory', 1);",
    file: `CREATE FUNCTION public.my_salary() RETURNS SETOF public.salary LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
      SELECT * FROM public.salary WHERE emp = current_user OR pg_has_role('postgres', 'member') $$;`,
    attack: { as: 'mallory', run: ['SELECT count(*)::int FROM public.my_salary()'], gets: 2, stopped: 1 },
    honest: { as: 'postgres', run: ['SELECT count(*)::int FROM public.my_salary()'], gets: 2 },
  },
  {
    rule: 'sql/security-definer-path-set-in-body',
    file: `CREATE SCHEMA app; GRANT USAGE ON SCHEMA app TO PUBLIC;
      CREATE TABLE app.t (i int); INSERT INTO app.t VALUES (1);
      CREATE FUNCTION app.total() RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER AS $$
      DECLARE n bigint := (SELECT sum(i) FROM t);
      BEGIN
        SET LOCAL search_path = pg_catalog, app, pg_temp;
        RETURN n;
      END $$;`,
    attack: {
      as: 'mallory', gets: '666', stopped: '1',
      run: ['SET search_path = app; CREATE TEMP TABLE t (i int); INSERT INTO t VALUES (666)', 'SELECT app.total()'],
    },
    honest: { as: 'alice', run: ['SET search_path = app', 'SELECT app.total()'], gets: '1' },
  },
  {
    rule: 'sql/security-definer-superuser-owner',
    before: 'CREATE ROLE boss SUPERUSER; CREATE ROLE app_functions; CREATE SCHEMA app; GRANT USAGE ON SCHEMA app TO PUBLIC; GRANT USAGE, CREATE ON SCHEMA app TO app_functions; CREATE TABLE app.t1 (i int); GRANT SELECT ON app.t1 TO app_functions;',
    file: `ALTER ROLE boss SUPERUSER;
      CREATE FUNCTION app.rows_in(t text) RETURNS int LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
      DECLARE r int; BEGIN EXECUTE 'SELECT count(*) FROM app.' || t INTO r; RETURN r; END $$;
      ALTER FUNCTION app.rows_in(text) OWNER TO boss;`,
    words: ['app_functions'],
    attack: {
      as: 'mallory', gets: true, stopped: /permission denied|must be superuser/,
      run: ["SELECT app.rows_in('t1; ALTER ROLE mallory SUPERUSER; SELECT 1')", isSuperuser],
    },
    honest: { as: 'alice', run: ["SELECT app.rows_in('t1')"], gets: 0 },
  },
  {
    rule: 'sql/function-leakproof',
    file: `CREATE TABLE public.notes (owner name, secret text); INSERT INTO public.notes VALUES ('alice', 'of alice'), ('mallory', 'of mallory');
      ALTER TABLE public.notes ENABLE ROW LEVEL SECURITY;
      CREATE POLICY own ON public.notes USING (owner = session_user); GRANT SELECT ON public.notes TO mallory, alice;
      CREATE FUNCTION public.starts(a text, b text) RETURNS boolean LANGUAGE plpgsql IMMUTABLE COST 0.0000001 LEAKPROOF AS $$ BEGIN IF a <> 'of mallory' THEN RAISE 'no %', a; END IF; RETURN true; END $$;`,
    attack: {
      as: 'mallory', gets: 'no of alice', stopped: 'nothing',
      run: [
        `CREATE FUNCTION pg_temp.peek() RETURNS text LANGUAGE plpgsql AS $$
          BEGIN PERFORM count(*) FROM public.notes WHERE public.starts(secret, 'x'); RETURN 'nothing'; EXCEPTION WHEN OTHERS THEN RETURN SQLERRM; END $$`,
        'SELECT pg_temp.peek()',
      ],
    },
    honest: { as: 'postgres', run: ["SELECT public.starts('of mallory', 'x')"], gets: true },
  },
  {
    rule: 'sql/definer-create-or-replace-drops-settings',
    before: 'CREATE SCHEMA app; GRANT USAGE ON SCHEMA app TO PUBLIC; CREATE TABLE app.t (i int); INSERT INTO app.t VALUES (1); GRANT SELECT ON app.t TO PUBLIC; CREATE SCHEMA trap AUTHORIZATION mallory; GRANT USAGE ON SCHEMA trap TO PUBLIC;',
    file: `CREATE FUNCTION app.total() RETURNS int LANGUAGE plpgsql SET search_path = pg_catalog, app, pg_temp AS $$ BEGIN RETURN (SELECT sum(i) FROM t); END $$;
      CREATE OR REPLACE FUNCTION app.total() RETURNS int LANGUAGE plpgsql AS $$ BEGIN RETURN (SELECT sum(i) + 0 FROM t); END $$;`,
    attack: {
      as: 'postgres', gets: 666, stopped: 1,
      run: ['CREATE TABLE trap.t AS SELECT 666 AS i', 'SET search_path = trap, app', 'SELECT app.total()'],
    },
    honest: { as: 'alice', run: ['SET search_path = app', 'SELECT app.total()'], gets: 1 },
  },
  {
    rule: 'sql/function-search-path-mutable',
    before: 'CREATE SCHEMA trap AUTHORIZATION mallory; GRANT USAGE ON SCHEMA trap TO PUBLIC;',
    file: 'CREATE SCHEMA app; GRANT USAGE ON SCHEMA app TO PUBLIC;\nCREATE FUNCTION app.norm(x varchar) RETURNS text LANGUAGE plpgsql AS $$ BEGIN RETURN lower(x); END $$;\n',
    after: `SET SESSION AUTHORIZATION mallory; ${trap('trap.lower(t varchar)', 'text', 't')}; RESET SESSION AUTHORIZATION;`,
    attack: {
      as: 'postgres', gets: true, stopped: false,
      run: ['SET search_path = trap, app', "SELECT app.norm('A')", "SELECT rolsuper FROM pg_roles WHERE rolname = 'mallory'"],
    },
    honest: { as: 'alice', run: ["SELECT app.norm('A')"], gets: 'a' },
  },
];

export const definer: readonly SqlProof[] = [...searchPath, ...unsafeSearchPath, ...publicExecution, ...others];

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Client } from 'pg';
import { noFiles } from '../../server/src/document.ts';
import { sqlFacts } from '../../server/src/facts/sql.ts';
import { loadPostgres } from '../../server/src/syntax/sql/postgres.ts';
import type { Finding } from '../../server/src/rules/rule.ts';
import searchPath from '../../server/src/rules/sql/security-definer-search-path.ts';
import unsafeSearchPath from '../../server/src/rules/sql/security-definer-unsafe-search-path.ts';
import publicExecute from '../../server/src/rules/sql/security-definer-public-execute.ts';
import { applyEdits } from '../../server/src/text.ts';
import { startPostgres } from './servers.ts';
import type { Server } from './servers.ts';

type SqlRule = typeof searchPath | typeof unsafeSearchPath | typeof publicExecute;

beforeAll(() => loadPostgres());

/** `text` with the first fix of every finding of the rule; these need nothing from a user. */
function fixed(rule: SqlRule, text: string, version: number): string {
  const found = check(rule, text, version);
  expect(found.length).toBeGreaterThan(0);
  const edits = found.flatMap((finding) => finding.fixes![0]!.edits);
  expect(edits.filter((edit) => edit.placeholders)).toEqual([]);
  const result = applyEdits(text, edits);
  expect(check(rule, result, version)).toEqual([]);
  return result;
}

function check(rule: SqlRule, text: string, version: number): Finding[] {
  return [...rule.check(sqlFacts({ path: 'a.sql', text, language: 'sql', version, files: noFiles }), {})];
}

// Servers of other versions have been asked once; two are enough to see a difference in the rules for the schema public.
describe.each([15, 18])('attacks on PostgreSQL %i', (version) => {
  let server: Server;
  let count = 0;

  beforeAll(async () => {
    server = await startPostgres(version);
    await asOwner('postgres', 'CREATE ROLE mallory LOGIN; CREATE ROLE alice LOGIN;');
  });
  afterAll(() => server?.stop());

  /** A new database with `text` run in it by a superuser. */
  async function install(text: string): Promise<string> {
    const database = `lab${++count}`;
    await asOwner('postgres', `CREATE DATABASE ${database}`);
    await asOwner(database, text);
    return database;
  }

  const asOwner = (database: string, ...texts: string[]): Promise<unknown> => run('postgres', database, texts);
  const asMallory = (database: string, ...texts: string[]): Promise<unknown> => run('mallory', database, texts);

  /** Runs the texts in one session; the first column of the last row, or the message of the first error. */
  async function run(user: string, database: string, texts: readonly string[]): Promise<unknown> {
    const client = new Client({ host: '127.0.0.1', port: server.port, user, database, password: '' });
    await client.connect();
    try {
      let last: unknown;
      for (const text of texts) {
        const { rows = [] } = await client.query(text) as { rows?: Record<string, unknown>[] };
        last = Object.values(rows[rows.length - 1] ?? {})[0];
      }
      return last;
    } finally {
      await client.end();
    }
  }

  describe('a definer without a search_path', () => {
    const text = `
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
    const ownTable = [
      'SET search_path = app, pg_catalog',
      "CREATE TEMP TABLE logins (who text, secret text); INSERT INTO logins VALUES ('admin', 'forged')",
      "SELECT app.may_enter('admin', 'forged')",
    ];
    const prepareFunction = 'CREATE SCHEMA trap AUTHORIZATION mallory';
    const ownFunction = [
      `CREATE FUNCTION trap.lower(t text) RETURNS text LANGUAGE plpgsql AS
        $$ BEGIN EXECUTE 'ALTER ROLE mallory SUPERUSER'; RETURN t; EXCEPTION WHEN insufficient_privilege THEN RETURN t; END $$`,
      'SET search_path = trap, pg_catalog, app',
      "SELECT app.may_enter('admin', 'Real')",
      'SELECT rolsuper FROM pg_catalog.pg_roles WHERE rolname = current_user',
    ];
    const honest = ['SET search_path = app', "SELECT app.may_enter('admin', 'REAL')"];

    it('is taken over by a table and by a function of the caller', async () => {
      const database = await install(text);
      await asOwner(database, prepareFunction);
      expect(await asMallory(database, ...ownTable)).toBe(true);
      expect(await asMallory(database, ...ownFunction)).toBe(true);
      expect(await asMallory(database, ...honest)).toBe(true);
      await asOwner(database, 'ALTER ROLE mallory NOSUPERUSER');
    });

    it('is safe after the fix, and answers as before', async () => {
      const database = await install(fixed(searchPath, text, version));
      await asOwner(database, prepareFunction);
      expect(await asMallory(database, ...ownTable)).toBe(false);
      expect(await asMallory(database, ...ownFunction)).toBe(false);
      expect(await asMallory(database, ...honest)).toBe(true);
      expect(await asMallory(database, "SELECT app.may_enter('admin', 'forged')")).toBe(false);
    });

    it('is safe again when the fix is put on a RESET', async () => {
      const later = `${fixed(searchPath, text, version)}\nALTER FUNCTION app.may_enter(text, text) RESET search_path;\n`;
      expect(await asMallory(await install(later), ...ownTable)).toBe(true);
      expect(await asMallory(await install(fixed(searchPath, later, version)), ...ownTable)).toBe(false);
    });
  });

  describe('a definer with an unsafe search_path', () => {
    const setup = `
      CREATE SCHEMA app;
      CREATE TABLE app.setting (value text);
      INSERT INTO app.setting VALUES ('real');
      GRANT USAGE ON SCHEMA app TO PUBLIC;
      GRANT CREATE ON SCHEMA public TO PUBLIC;`;
    const definer = (path: string): string => `${setup}
      CREATE FUNCTION app.current() RETURNS text LANGUAGE plpgsql SECURITY DEFINER SET search_path ${path}
        AS $$ BEGIN RETURN (SELECT value FROM setting LIMIT 1); END $$;`;
    const temporary = ["CREATE TEMP TABLE setting (value text); INSERT INTO setting VALUES ('forged')", 'SELECT app.current()'];
    const inPublic = [
      "CREATE TABLE public.setting (value text); INSERT INTO public.setting VALUES ('forged'); GRANT SELECT ON public.setting TO PUBLIC",
      'SELECT app.current()',
    ];

    it.each<[string, string, readonly string[]]>([
      ['a schema that is open to everybody', '= public, app, pg_temp', inPublic],
      ['no pg_temp', '= app', temporary],
      ['no pg_temp behind pg_catalog', 'TO pg_catalog, app', temporary],
      ['pg_temp at the front', '= pg_temp, app', temporary],
      ['a list in quotes', "= 'app, pg_temp'", temporary],
    ])('%s', async (_name, path, attack) => {
      const text = definer(path);
      expect(await asMallory(await install(text), ...attack)).toBe('forged');
      const safe = await install(fixed(unsafeSearchPath, text, version));
      expect(await asMallory(safe, ...attack)).toBe('real');
      expect(await asMallory(safe, 'SELECT app.current()')).toBe('real');
    });

    it('"$user" is the owner', async () => {
      const text = `${definer('= "$user", app, pg_temp')}\nCREATE SCHEMA postgres; CREATE TABLE postgres.setting AS SELECT 'of the owner' AS value;`;
      expect(await asMallory(await install(text), 'SELECT app.current()')).toBe('of the owner');
      expect(await asMallory(await install(fixed(unsafeSearchPath, text, version)), 'SELECT app.current()')).toBe('real');
    });

    it('an empty path lets temporary tables stand for the catalogs', async () => {
      const text = `CREATE SCHEMA app; GRANT USAGE ON SCHEMA app TO PUBLIC;
        CREATE FUNCTION app.is_superuser(who name) RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = ''
          AS $$ BEGIN RETURN (SELECT rolsuper FROM pg_roles WHERE rolname = who); END $$;`;
      const attack = [
        "CREATE TEMP TABLE pg_roles (rolname name, rolsuper boolean); INSERT INTO pg_roles VALUES ('mallory', true)",
        "SELECT app.is_superuser('mallory')",
      ];
      expect(await asMallory(await install(text), ...attack)).toBe(true);
      const safe = await install(fixed(unsafeSearchPath, text, version));
      expect(await asMallory(safe, ...attack)).toBe(false);
      expect(await asMallory(safe, "SELECT app.is_superuser('postgres')")).toBe(true);
    });

    it('pg_temp alone is safe, and not reported', async () => {
      const text = definer('= pg_temp').replace('FROM setting', 'FROM app.setting');
      expect(check(unsafeSearchPath, text, version)).toEqual([]);
      expect(await asMallory(await install(text), ...temporary)).toBe('real');
    });
  });

  describe('a definer that every role may execute', () => {
    const setup = `
      CREATE SCHEMA app;
      GRANT USAGE ON SCHEMA app TO PUBLIC;
      CREATE TABLE app.vault (s text);
      INSERT INTO app.vault VALUES ('hidden');`;
    const definer = `
      CREATE FUNCTION app.open_vault(x integer DEFAULT 1, OUT s text, VARIADIC more text[] DEFAULT '{}') RETURNS text
        LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$ SELECT s FROM app.vault $$;`;
    const grant = '\nGRANT EXECUTE ON FUNCTION app.open_vault(int, VARIADIC text[]) TO alice;';
    const call = 'SELECT app.open_vault()';

    it('gives its data to anybody, and after the fix only to those who were granted it', async () => {
      const text = setup + definer + grant;
      expect(await asMallory(await install(text), call)).toBe('hidden');
      const safe = await install(fixed(publicExecute, text, version));
      await expect(asMallory(safe, call)).rejects.toThrow('permission denied for function open_vault');
      expect(await run('alice', safe, [call])).toBe('hidden');
      expect(await asOwner(safe, call)).toBe('hidden');
    });

    it('keeps its privileges when it is replaced, and loses them when it is created again', async () => {
      const revoke = '\nREVOKE ALL ON FUNCTION app.open_vault(int, text[]) FROM PUBLIC;';
      const replaced = setup + definer + revoke + definer.replace('CREATE', 'CREATE OR REPLACE');
      expect(check(publicExecute, replaced, version)).toEqual([]);
      await expect(asMallory(await install(replaced), call)).rejects.toThrow('permission denied');
      const again = `${setup}${definer}${revoke}\nDROP FUNCTION app.open_vault;${definer}`;
      expect(await asMallory(await install(again), call)).toBe('hidden');
      await expect(asMallory(await install(fixed(publicExecute, again, version)), call)).rejects.toThrow('permission denied');
    });

    it('is not helped by default privileges of a schema, but by global ones', async () => {
      const inSchema = `${setup}\nALTER DEFAULT PRIVILEGES IN SCHEMA app REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;${definer}`;
      expect(await asMallory(await install(inSchema), call)).toBe('hidden');
      await expect(asMallory(await install(fixed(publicExecute, inSchema, version)), call)).rejects.toThrow('permission denied');
      const everywhere = `${setup}\nALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;${definer}`;
      expect(check(publicExecute, everywhere, version)).toEqual([]);
      await expect(asMallory(await install(everywhere), call)).rejects.toThrow('permission denied');
    });

    it('is a procedure as well', async () => {
      const text = `${setup}
        CREATE PROCEDURE app.empty_vault(x int, INOUT n int, OUT m text) LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp
          AS $$ BEGIN DELETE FROM app.vault; n := 0; m := ''; END $$;`;
      expect(await asMallory(await install(text), 'CALL app.empty_vault(1, 2, NULL)')).toBe(0);
      const safe = await install(fixed(publicExecute, text, version));
      await expect(asMallory(safe, 'CALL app.empty_vault(1, 2, NULL)')).rejects.toThrow('permission denied for procedure');
    });
  });
});

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Client } from 'pg';
import { noFiles } from '../../server/src/document.ts';
import { lint } from '../../server/src/lint.ts';
import { loadPostgresFromDisk } from '../../server/src/node-wasm.ts';
import { startPostgres } from './servers.ts';
import type { Server } from './servers.ts';

beforeAll(loadPostgresFromDisk);

/** The attacks that rules speak of are in `sql-proofs/definer.ts`. Here is what the rules do not report: the same attacks fail. */
describe.each([15, 18])('what is not reported is safe on PostgreSQL %i', (version) => {
  let server: Server;
  let count = 0;

  beforeAll(async () => {
    server = await startPostgres(version);
    await run('postgres', 'postgres', 'CREATE ROLE mallory LOGIN');
  });
  afterAll(() => server?.stop());

  /** What mallory gets by the last text in a new database with `file`, of which the rule has nothing to say. */
  async function attack(rule: string, file: string, ...texts: string[]): Promise<unknown> {
    expect(lint({ path: 'a.sql', text: file, language: 'sql', version, files: noFiles }, { only: rule }).findings).toEqual([]);
    const database = `lab${++count}`;
    await run('postgres', 'postgres', `CREATE DATABASE ${database}`);
    await run('postgres', database, file);
    return run('mallory', database, ...texts);
  }

  /** The first column of the last row, or the message of the first error. */
  async function run(user: string, database: string, ...texts: string[]): Promise<unknown> {
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

  it('a search_path of pg_temp alone', async () => {
    const file = `CREATE SCHEMA app; CREATE TABLE app.setting (value text); INSERT INTO app.setting VALUES ('real'); GRANT USAGE ON SCHEMA app TO PUBLIC;
      CREATE FUNCTION app.current() RETURNS text LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_temp
        AS $$ BEGIN RETURN (SELECT value FROM app.setting LIMIT 1); END $$;`;
    const forged = "CREATE TEMP TABLE setting (value text); INSERT INTO setting VALUES ('forged')";
    expect(await attack('sql/security-definer-unsafe-search-path', file, forged, 'SELECT app.current()')).toBe('real');
  });

  const vault = `CREATE SCHEMA app; GRANT USAGE ON SCHEMA app TO PUBLIC; CREATE TABLE app.vault (s text); INSERT INTO app.vault VALUES ('hidden');`;
  const definer = `CREATE FUNCTION app.open_vault(x integer DEFAULT 1, OUT s text) RETURNS text
    LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$ SELECT s FROM app.vault $$;`;
  const publicExecute = 'sql/security-definer-public-execute';
  const call = 'SELECT app.open_vault()';

  it('a definer that keeps its privileges when it is replaced', async () => {
    const file = `${vault}${definer}\nREVOKE ALL ON FUNCTION app.open_vault(int) FROM PUBLIC;\n${definer.replace('CREATE', 'CREATE OR REPLACE')}`;
    await expect(attack(publicExecute, file, call)).rejects.toThrow('permission denied');
  });

  it('a definer after global default privileges', async () => {
    const file = `${vault}\nALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;${definer}`;
    await expect(attack(publicExecute, file, call)).rejects.toThrow('permission denied');
  });

  it.each(['SET ROLE postgres', 'RESET ROLE', 'SET SESSION AUTHORIZATION postgres', "PERFORM set_config('role', 'postgres', false)"])('no definer changes its role: %s', async (statement) => {
    const file = `CREATE FUNCTION public.f() RETURNS void LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN ${statement}; END $$;`;
    await expect(attack('sql/security-definer-path-set-in-body', file, 'SELECT public.f()')).rejects.toThrow(/cannot set parameter "(role|session_authorization)" within security-definer function/);
  });
});

import fc from 'fast-check';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { noFiles } from '../../server/src/document.ts';
import { sqlFacts } from '../../server/src/facts/sql.ts';
import { loadPostgres } from '../../server/src/syntax/sql/postgres.ts';
import { amount } from '../amount.ts';
import { unavoidable, unsaid, unsaidIn } from './schema-differences.ts';
import { compare, theirSentences } from './schema-state.ts';
import type { Compared } from './schema-state.ts';
import { beginning, rolesOfRuns, statements } from './schema-statements.ts';
import { startPostgres } from './servers.ts';
import type { Server } from './servers.ts';

beforeAll(() => loadPostgres());

describe.each([15, 18])('what statements leave behind on PostgreSQL %i', (version) => {
  let server: Server;
  let count = 0;

  beforeAll(async () => {
    server = await startPostgres(version);
  });
  afterAll(() => server?.stop());

  it('is what the catalog says, whatever comes in whatever order', async () => {
    await fc.assert(fc.asyncProperty(statements, async (texts) => {
      const { differences, text } = await judge([...beginning, ...texts]);
      expect(differences, text).toEqual([]);
    }), amount(6, 600));
  }, 1_800_000);

  it.each(unavoidable)('differs only because $reason', async ({ statements: texts, differences, refused }) => {
    expect((await judge(texts, refused)).differences).toEqual(differences);
  });

  it.each(Object.entries(unsaidIn))('does not say %s', async (why, texts) => {
    const judged = await judge(texts);
    expect(judged, unsaid[why as keyof typeof unsaid]).toMatchObject({ differences: [], unsaid: [why] });
  });

  /** Runs the statements on the server and in thought. Those that the server refuses are left out here too. */
  async function judge(texts: readonly string[], refused = false): Promise<Compared & { readonly text: string }> {
    const database = `judge${++count}`;
    const admin = await server.connect();
    await admin.query(`CREATE DATABASE ${database}`);
    const client = new Client({ host: '127.0.0.1', port: server.port, user: 'postgres', database, password: '' });
    await client.connect();
    try {
      const accepted: string[] = [];
      for (const text of texts) if (await isAccepted(client, text) || refused) accepted.push(text);
      await client.query('ROLLBACK');
      await client.query('RESET SESSION AUTHORIZATION; RESET ROLE; RESET search_path');
      const text = [...accepted, 'ROLLBACK'].map((one) => `${one};\n`).join('');
      const { schema } = sqlFacts({ path: 'a.sql', text, language: 'sql', version, files: noFiles });
      return { ...compare(schema, await theirSentences(client), version, /DEFAULT PRIVILEGES.* REVOKE .* FROM .*PUBLIC/.test(text)), text };
    } finally {
      await client.end();
      await admin.query(`DROP DATABASE ${database} WITH (FORCE)`);
      for (const role of rolesOfRuns) await admin.query(`DROP ROLE IF EXISTS "${role}"`);
      await admin.end();
    }
  }
});

/** An error must not end a transaction that the statements have begun. */
async function isAccepted(client: Client, text: string): Promise<boolean> {
  const control = /^(BEGIN|START|COMMIT|END|ROLLBACK|ABORT|SAVEPOINT|RELEASE)/.test(text);
  const inside = await isInside(client);
  // The tools that apply migrations open a transaction where a file opens none.
  if (!inside && /^SET LOCAL|set_config\(.*true\)/.test(text)) return false;
  if (inside) await client.query('SAVEPOINT before_it');
  try {
    await client.query(text);
    if (inside && !control) await client.query('RELEASE before_it');
    return true;
  } catch {
    if (inside) await client.query('ROLLBACK TO before_it');
    return false;
  }
}

async function isInside(client: Client): Promise<boolean> {
  const { rows } = await client.query('SELECT now() <> statement_timestamp() AS inside') as { rows: { inside: boolean }[] };
  return rows[0]!.inside;
}

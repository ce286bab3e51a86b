import type { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadPostgresFromDisk } from '../../server/src/node-wasm.ts';
import type { Case } from './dynamic-sql/lab.ts';
import { prove, schema } from './dynamic-sql/lab.ts';
import { matrix } from './dynamic-sql/matrix.ts';
import type { Server } from './servers.ts';
import { startPostgres } from './servers.ts';

describe.each([18])('PostgreSQL %i', (major) => {
  let server: Server;
  let client: Client;

  beforeAll(async () => {
    await loadPostgresFromDisk();
    server = await startPostgres(major);
    client = await server.connect();
    await client.query(schema);
  });
  afterAll(async () => {
    await client?.end();
    await server?.stop();
  });

  it('every position in every writing', async () => {
    expect(await proveAll(client, matrix())).toEqual([]);
  });
});

async function proveAll(client: Client, cases: readonly Case[]): Promise<string[]> {
  const problems: string[] = [];
  for (let at = 0; at < cases.length; at += 100) problems.push(...await prove(client, cases.slice(at, at + 100)));
  return problems;
}

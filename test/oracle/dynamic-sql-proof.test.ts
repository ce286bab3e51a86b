import type { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadPostgresFromDisk } from '../../server/src/node-wasm.ts';
import { amount } from './amount.ts';
import { generate } from './dynamic-sql/generator.ts';
import { proveAll, schema } from './dynamic-sql/lab.ts';
import { matrix } from './dynamic-sql/matrix.ts';
import type { Server } from './servers.ts';
import { startPostgres } from './servers.ts';

describe.each([15, 17, 18])('PostgreSQL %i', (major) => {
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

  it('keeps what statements do and ends the attack, at every position in every writing', async () => {
    const all = matrix();
    const { numRuns } = amount(180, all.length);
    const share = Math.ceil(all.length / numRuns);
    const { problems } = await proveAll(client, all.filter((_, index) => (index + major) % share === 0));
    expect(problems).toEqual([]);
  });

  it('keeps what statements do and ends the attack, whatever the statement is put together from', async () => {
    const { numRuns, seed } = amount(60, 2000);
    const { problems, attacked, unsafe } = await proveAll(client, generate(numRuns, seed));
    expect(problems).toEqual([]);
    expect(attacked / unsafe).toBeGreaterThan(0.95);
  });
});

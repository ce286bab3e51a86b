import type { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { loadPostgresFromDisk } from '../../server/src/node-wasm.ts';
import { amount } from '../amount.ts';
import { checks, parameter, places, toldAt } from '../places.ts';
import { attacks, getsThrough } from './dynamic-sql/attacks.ts';
import { built } from './dynamic-sql/built.ts';
import { further } from './dynamic-sql/further.ts';
import { generate } from './dynamic-sql/generator.ts';
import { fixedTexts, proveAll, routineOf, schema, withoutTables } from './dynamic-sql/lab.ts';
import { matrix } from './dynamic-sql/matrix.ts';
import { mixed } from './dynamic-sql/mixed.ts';
import { named } from './dynamic-sql/named.ts';
import { objects } from './dynamic-sql/objects.ts';
import { asked, runsHostile } from './dynamic-sql/places.ts';
import { shapes } from './dynamic-sql/shapes.ts';
import { styles } from './dynamic-sql/styles.ts';
import { unusual } from './dynamic-sql/unusual.ts';
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

  it('keeps what statements do and ends the attack, where it once went wrong', async () => {
    expect((await proveAll(client, named)).problems).toEqual([]);
  });

  it('keeps what statements do and ends the attack, however they are laid out and put together', async () => {
    expect((await proveAll(client, [...further, ...shapes])).problems).toEqual([]);
  });

  it('keeps what statements do and ends the attack, where other statements than queries take names', async () => {
    expect((await proveAll(client, objects)).problems).toEqual([]);
  });

  it('lets attacks through where something is told of them, and none where nothing is', async () => {
    const wrong: string[] = [];
    for (const one of attacks.filter(({ call }) => call !== undefined)) {
      const told = one.told.some((level) => !level.startsWith('info'));
      const hit = await getsThrough(client, one);
      // A whole statement of the caller's is told as info, and so is a number of which nothing tells that it is one.
      if (hit ? one.told.length === 0 : told) wrong.push(`${one.id}: ${hit ? 'gets through' : 'does not get through'}`);
    }
    expect(wrong).toEqual([]);
  });

  it('lets hostile values through where a check is told to leave everything, and none where it is told to leave nothing', async () => {
    await client.query(asked);
    const wrong: string[] = [];
    for (const place of [parameter, ...places]) {
      for (const [check, change] of [...checks.map((one) => [one, ''] as const), ...place.changes.flatMap((one) => checks.map((check) => [check, one] as const))]) {
        const told = toldAt(place, check, change);
        if (told !== 'nothing' && !told.startsWith('medium')) continue;
        const runs = await runsHostile(client, place, check, change);
        if (runs !== (told !== 'nothing')) wrong.push(`${place.value}: ${check} ${change}: told ${told}, ${runs ? 'gets through' : 'does not get through'}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  it('keeps what statements do and ends the attack, in statements that few write', async () => {
    const all = [...unusual, ...built, ...mixed, ...styles];
    const { numRuns } = amount(140, all.length);
    const share = Math.ceil(all.length / numRuns);
    expect((await proveAll(client, all.filter((_, index) => (index + major) % share === 0))).problems).toEqual([]);
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

  it('takes signs of SQL for the name of a table, also without quotes', async () => {
    await client.query('BEGIN');
    const before = await client.query('SELECT last_value FROM lab.spied');
    await client.query(`CREATE TEMP TABLE "users;select/**/spy()" (); CREATE FUNCTION lab.size(x text) RETURNS void LANGUAGE plpgsql SET search_path = lab, pg_temp AS $$ BEGIN IF to_regclass(x) IS NULL THEN RAISE 'no'; END IF; EXECUTE 'SELECT 1 FROM ' || x; END $$`);
    await client.query(`SELECT lab.size('users;select/**/spy()')`);
    const after = await client.query('SELECT last_value FROM lab.spied');
    await client.query('ROLLBACK');
    expect(Number(after.rows[0].last_value)).toBeGreaterThan(Number(before.rows[0].last_value));
  });

  it('takes comments for a part of a type, and another zone for a sign of a date', async () => {
    const { rows: [type] } = await client.query(`SELECT 'int4 -- rest'::regtype::text AS name`);
    expect(type!.name).toBe('integer');
    await client.query(`BEGIN; SET LOCAL datestyle = 'SQL'; SET LOCAL timezone = '<a''b>5'`);
    const { rows: [date] } = await client.query('SELECT now()::text AS shown');
    await client.query('ROLLBACK');
    expect(date!.shown).toContain(`A'B`);
  });

  it('plans a query with USING as it did before', async () => {
    const body = `FOR r IN EXECUTE 'EXPLAIN (COSTS OFF) SELECT * FROM lab.users WHERE id = ''' || x || ''' AND name = ''' || y || '''' LOOP q := concat(q, r); END LOOP; r := q;`;
    const plan = async (fixes: readonly string[]): Promise<string[]> => Promise.all(fixes.map(async (text) => {
      await client.query('BEGIN; SET LOCAL enable_seqscan = off');
      await client.query(text);
      const { rows } = await client.query<{ plan: string }>(`SELECT lab.f('2', 'bob') AS plan`);
      await client.query('ROLLBACK');
      return rows[0]!.plan;
    }));
    const text = routineOf({ id: '', params: 'x text, y text', body, honest: [], attacks: [] });
    const using = fixedTexts(text).filter(({ titles }) => titles[0]!.includes('USING'));
    expect(using.length).toBe(1);
    const [before, after] = [...await plan([withoutTables(text)]), ...await plan(using.map((one) => withoutTables(one.text)))];
    expect(before).toMatch(/Index Cond/);
    expect(after).toBe(before);
  });
});

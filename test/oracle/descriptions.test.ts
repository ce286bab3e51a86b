import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { describeParameter } from '../../server/src/catalog/descriptions.ts';
import { startPostgres, type Server } from './servers.ts';

/** A run of more words than this is a copy, not a coincidence. */
const longestRun = 6;

describe('the descriptions of parameters beside those of PostgreSQL 18', () => {
  let server: Server;
  let listed: { name: string; theirs: string }[];
  beforeAll(async () => {
    server = await startPostgres(18);
    const client = await server.connect();
    listed = (await client.query(`select name, short_desc || ' ' || coalesce(extra_desc, '') as theirs from pg_settings`)).rows;
    await client.end();
  });
  afterAll(() => server.stop());

  test('leave none out', () => {
    expect(listed.length).toBeGreaterThan(350);
    expect(listed.filter(({ name }) => describeParameter(name) === undefined)).toEqual([]);
  });

  test('are in words of their own', () => {
    expect(listed.filter(({ name, theirs }) => sharesRun(words(describeParameter(name) ?? ''), words(theirs))).map(({ name }) => name)).toEqual([]);
  });
});

function sharesRun(ours: readonly string[], theirs: readonly string[]): boolean {
  const text = ` ${theirs.join(' ')} `;
  return ours.some((_, i) => i + longestRun < ours.length && text.includes(` ${ours.slice(i, i + longestRun + 1).join(' ')} `));
}

function words(text: string): readonly string[] {
  return text.toLowerCase().match(/\w+/g) ?? [];
}

import type { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { anchored } from '../../server/src/facts/hba/anchors.ts';
import { startPostgres, type Server } from './servers.ts';

describe.each([15, 18])('regular expressions and PostgreSQL %i', (version) => {
  let server: Server;
  let client: Client;
  beforeAll(async () => {
    server = await startPostgres(version);
    client = await server.connect();
  });
  afterAll(async () => {
    await client?.end();
    await server?.stop();
  });

  test('an anchored expression matches the names that the whole of the old one matches, and no others', async () => {
    const names = ['admin', 'admins', 'noadmin', 'noadmin2', 'a', 'b', 'ab', 'web1', 'web12x', '', 'a.b', 'a|b', 'root'];
    const wrong: string[] = [];
    for (const pattern of ['admin', '^admin', 'admin$', 'a|b', '^a|b$', '(^a|b$)', 'web\\d', 'a[.|]b', '(?i)ADMIN', 'a\\|b', '^(adm|ro)', '\\Aweb\\d+', '.', 'a?']) {
      for (const name of names) {
        const { rows: [row] } = await client.query<{ whole: boolean; ours: boolean }>(
          'select $1 ~ $2 as whole, $1 ~ $3 as ours', [name, wholeOf(pattern), anchored(pattern) ?? pattern],
        );
        if (row!.whole !== row!.ours) wrong.push(`${pattern} and ${name}: ${JSON.stringify(row)}`);
      }
    }
    expect(wrong).toEqual([]);
  });
});

/** The blunt way: everything between the two ends, whatever it is. */
function wholeOf(pattern: string): string {
  const [options = ''] = /^\(\?[a-z]+\)/.exec(pattern) ?? [];
  return `${options}^(?:${pattern.slice(options.length)})$`;
}

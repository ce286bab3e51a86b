import type { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { noFiles } from '../../server/src/document.ts';
import { formatEdits } from '../../server/src/help/format.ts';
import { rules } from '../../server/src/rules/index.ts';
import { applyEdits } from '../../server/src/text.ts';
import { damage, random } from '../robust/damage.ts';
import type { Server } from './servers.ts';
import { startPostgres } from './servers.ts';

const strange = [
  'host\tall   all 10.0.0.1   255.0.0.0\tmd5   # mask\nlocal all all peer\n',
  'host "a  b",c,  d   all  samenet  ldap  "ldapprefix=cn=  x"   ldapserver=y\n',
  'host all all \\\n   all md5\nhost  a  b  all   reject # goes on \\\nhost all all all trust\n',
  'hostssl all all all cert map=x clientcert=verify-full\r\nlocal   all   all   peer map=y  \r\n',
  'host all all , all md5\nhost a ,b all md5\nhost all, all all md5\n',
  'host all all all\nhots all all all md5\n   host  all  all  ::1/128   scram-sha-256\n',
  '"host" "all" all all "md5"\nhost all +x,/^y all md5#comment\n',
];
const written = rules.filter(({ language }) => language === 'hba').flatMap(({ examples }) => examples.flatMap(({ bad, good, fixed }) => [bad, good, fixed].flatMap((text) => text?.replace(/[«»]/g, '') ?? [])));

describe.each([13, 18])('a formatted pg_hba.conf and PostgreSQL %i', (version) => {
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

  test('the server reads the same records from it, line by line', async () => {
    const next = random(version);
    const damaged = Array.from({ length: 120 }, (_, i) => damage(written[i % written.length]!, strange[i % strange.length]!, next)).filter((text) => !/[\0\ud800-\udfff]/.test(text));
    const texts = [...strange, ...written, ...damaged, [...written, ...strange].join('\n')];
    let changed = 0;
    for (const text of texts) {
      const formatted = applyEdits(text, formatEdits({ path: 'pg_hba.conf', text, language: 'hba', version, files: noFiles }));
      if (formatted === text) continue;
      changed++;
      expect(await recordsOf(formatted), text).toEqual(await recordsOf(text));
    }
    expect(changed).toBeGreaterThan(strange.length);
  });

  /** The view reads the file anew for every query. */
  async function recordsOf(text: string): Promise<unknown[]> {
    await server.writeFile('pg_hba.conf', text);
    const { rows } = await client.query('select line_number, type, database, user_name, address, netmask, auth_method, options, error from pg_hba_file_rules');
    return rows;
  }
});

import { expect, test } from 'vitest';
import type { CompareParams, CompareResult } from '../../server/src/lsp/protocol.ts';
import { Editor } from './editor.ts';

const sound = 'hostssl app app 10.0.0.5/32 scram-sha-256\n';
const files = {
  '/db/pg_hba.conf': sound,
  '/db/migrations/0001_a.sql': 'CREATE TABLE app.t (a int);\n',
  '/db/migrations/0002_b.sql': 'GRANT SELECT ON app.t TO anon;\n',
};

async function compared(earlier: CompareParams['files'], typed?: string): Promise<string | undefined> {
  const editor = await Editor.open({ files, folders: ['/db'] });
  if (typed !== undefined) await editor.type('file:///db/pg_hba.conf', 'pg-hba', typed);
  return (await editor.connection.sendRequest<CompareResult | null>('pgrampart/compare', { folder: 'file:///db', name: 'main', files: earlier } satisfies CompareParams))?.markdown;
}

test('what was different is compared with what is there now', async () => {
  expect(await compared([
    { uri: 'file:///db/migrations/0002_b.sql', text: null },
    { uri: 'file:///db/pg_hba.conf', text: null },
  ])).toBe(`## PostgreSQL security: main → working tree

### Opens

- Role anon can now read app.t (\`migrations/0002_b.sql:1\`)
- The host 10.0.0.5 may now log in over TLS, as "app" to database "app", with a SCRAM password (\`pg_hba.conf:1\`)
`);
});

test('an open document counts as it is in the editor', async () => {
  const earlier = [{ uri: 'file:///db/pg_hba.conf', text: sound }];
  expect(await compared(earlier)).toContain('No change to security');
  expect(await compared(earlier, 'hostssl app app 10.0.0.5/32 trust\n')).toContain('without a password; until now with a SCRAM password');
});

test('files that went away count', async () => {
  const markdown = await compared([{ uri: 'file:///db/migrations/0003_c.sql', text: 'GRANT DELETE ON app.t TO anon;\n' }]);
  expect(markdown).toContain('- Role anon can no longer delete rows of app.t (`migrations/0003_c.sql:1 before`)');
});

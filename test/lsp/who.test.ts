import { expect, test } from 'vitest';
import type { WhoParams, WhoResult } from '../../server/src/lsp/protocol.ts';
import { Editor } from './editor.ts';

const uri = 'file:///db/pg_hba.conf';
const text = 'local all all peer\n  include more.conf\nhost all all all scram-sha-256 \\\n clientcert=secret\n';
const repaired = text.replace(' \\\n clientcert=secret', '');
const files = { '/db/pg_hba.conf': 'host all all all trust\n', '/db/more.conf': '# more\nhost all +admins 10.0.0.0/8 reject\n' };

async function ask(params: Partial<WhoParams>, content = repaired, settings = {}): Promise<WhoResult | null> {
  const editor = await Editor.open({ files, folders: ['/db'], settings });
  await editor.type(uri, 'pg-hba', content);
  return editor.connection.sendRequest('pgrampart/who', { uri, role: 'alice', database: 'app', ...params });
}

test('the text in the editor counts, and places are where the editor has them', async () => {
  expect(await ask({ address: '10.1.2.3', encryption: 'tls', memberOf: ['admins'] })).toEqual({
    decision: 'rejected', message: 'more.conf:2 decides: the server turns role "alice" at database "app" from 10.1.2.3 over TLS away',
    deciding: { uri: 'file:///db/more.conf', range: { start: { line: 1, character: 0 }, end: { line: 1, character: 34 } }, label: 'more.conf:2', text: 'host all +admins 10.0.0.0/8 reject' },
    earlier: [{ uri, range: { start: { line: 0, character: 0 }, end: { line: 0, character: 18 } }, label: 'pg_hba.conf:1', text: 'local all all peer', why: 'is for the Unix-domain socket only', doubtful: false }],
    problems: [], notes: [],
  });
});

test('without an address the client comes over the socket', async () => {
  expect(await ask({})).toMatchObject({ decision: 'admitted', deciding: { label: 'pg_hba.conf:1' }, earlier: [] });
});

test('what is not known leaves it undecided', async () => {
  expect(await ask({ address: '10.1.2.3' })).toMatchObject({ decision: 'undecided', otherwise: { label: 'pg_hba.conf:3' }, earlier: [{ doubtful: false }, { label: 'more.conf:2', doubtful: true }] });
});

test('a file with an error is refused, and options stay unsaid', async () => {
  const result = await ask({}, text);
  expect(result).toMatchObject({ decision: 'refused', problems: [{ label: 'pg_hba.conf:3', text: 'host all all all scram-sha-256 …' }] });
  expect(JSON.stringify(result)).not.toContain('secret');
});

test('nothing is said about an address that is none, nor about a file that is left out', async () => {
  expect(await ask({ address: '10.1.2.0/24' })).toBeNull();
  expect(await ask({}, repaired, { enable: false })).toBeNull();
});

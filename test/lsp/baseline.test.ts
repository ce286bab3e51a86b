import { expect, test } from 'vitest';
import type { BaselineResult } from '../../server/src/lsp/protocol.ts';
import { Editor, until } from './editor.ts';

const path = '/repo/db/pg_hba.conf';
const uri = `file://${path}`;
const trust = 'host all all 0.0.0.0/0 trust\n';

function change(editor: Editor, how: 'update' | 'prune'): Promise<BaselineResult> {
  return editor.connection.sendRequest('pgrampart/baseline', { folder: 'file:///repo', change: how });
}

async function save(editor: Editor, { uri: file, text, project }: BaselineResult): Promise<void> {
  const before = editor.refreshes;
  if (project) await editor.save(project.uri.replace('file://', ''), project.text);
  await editor.save(file.replace('file://', ''), text);
  await until(() => editor.refreshes > before);
}

test('what is there is accepted, what is new is shown, and what is gone is forgotten', async () => {
  const editor = await Editor.open({ files: { [path]: trust }, folders: ['/repo'] });
  await editor.type(uri, 'pg-hba', trust);
  expect(await editor.diagnostics(uri)).not.toEqual([]);

  const accepted = await change(editor, 'update');
  expect(accepted).toMatchObject({ uri: 'file:///repo/pgrampart-baseline.json', accepted: 1, project: { uri: 'file:///repo/pgrampart.jsonc', text: '{\n  "baseline": "pgrampart-baseline.json"\n}\n' } });
  await save(editor, accepted);
  expect(await editor.diagnostics(uri)).toEqual([]);

  await editor.replace(uri, `host app app 0.0.0.0/0 trust\n${trust}`);
  expect((await editor.diagnostics(uri)).map(({ range }) => range.start.line)).toEqual([0]);

  await editor.replace(uri, 'local all all peer\n');
  const pruned = await change(editor, 'prune');
  expect(pruned).toMatchObject({ accepted: 0, removed: 1 });
  expect(pruned.project).toBeUndefined();
});

test('a project file keeps its comments, and one that names a baseline stays as it is', async () => {
  const editor = await Editor.open({ files: { [path]: trust, '/repo/pgrampart.jsonc': '{\n  // ours\n  "rules": {}\n}\n' }, folders: ['/repo'] });
  expect((await change(editor, 'update')).project!.text).toBe('{\n  // ours\n  "rules": {},\n  "baseline": "pgrampart-baseline.json"\n}\n');
  await editor.save('/repo/pgrampart.jsonc', '{ "baseline": "ok/accepted.json" }');
  const named = await change(editor, 'update');
  expect(named).toMatchObject({ uri: 'file:///repo/ok/accepted.json' });
  expect(named.project).toBeUndefined();
});

test('there is nothing to prune without a baseline, and none is overwritten that is broken', async () => {
  const editor = await Editor.open({ files: { [path]: trust }, folders: ['/repo'] });
  expect((await change(editor, 'prune')).text).toBeUndefined();
  await editor.save('/repo/pgrampart-baseline.json', '{"version": 1,');
  expect((await change(editor, 'update')).text).toBeUndefined();
});

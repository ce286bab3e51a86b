import { describe, expect, test } from 'vitest';
import { CancellationTokenSource } from 'vscode-languageserver/node';
import type { ScanResult } from '../../server/src/lsp/protocol.ts';
import { Editor, pause, until } from './editor.ts';

const trust = 'host all all 0.0.0.0/0 trust\n';
const fine = 'hostssl app app 10.0.0.5/32 scram-sha-256\n';
const files = {
  '/one/pg_hba.conf': trust,
  '/one/sub/pg_hba.conf': fine,
  '/one/node_modules/x/pg_hba.conf': trust,
  '/one/ignored/pg_hba.conf': trust,
  '/one/.gitignore': 'ignored/\n',
  '/one/.git/HEAD': 'ref\n',
  '/two/pg_hba.conf': trust,
};
const folders = ['/one', '/two'];

const most = 100;
const many = Object.fromEntries(Array.from({ length: most }, (_, i) => [`/many/pg_hba_${i}.conf`, trust]));

/** An editor whose disk hangs in the middle of a scan until `goOn` is called. */
async function openHanging(): Promise<{ editor: Editor; goOn: () => void }> {
  let goOn = () => {};
  const opened = new Promise<void>((resolve) => { goOn = resolve; });
  const editor = await Editor.open({ files: many, folders: ['/many'], slow: { path: '/many/pg_hba_50.conf', opened } });
  return { editor, goOn };
}

const codesOf = (editor: Editor, uri: string) => editor.scanned.findLast((scanned) => scanned.uri === uri)?.diagnostics.map(({ code }) => code);

describe('a scan', () => {
  test('sends what it finds per file, and one sentence', async () => {
    const editor = await Editor.open({ files, folders });
    const result = await editor.scan();
    expect(result).toMatchObject({ files: 3, filesWithProblems: 2, cancelled: false, skipped: [] });
    expect(result.message).toMatch(/^\d+ problems in 2 files \(\d+ critical\)$/);
    expect(editor.scanned.map(({ uri }) => uri)).toEqual(['file:///one/pg_hba.conf', 'file:///two/pg_hba.conf']);
    expect(codesOf(editor, 'file:///one/pg_hba.conf')).toContain('hba/trust-any');
  });

  test('positions do not count a byte order mark, because editors hide it', async () => {
    const definer = "\ufeffCREATE FUNCTION f() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1';\n";
    const editor = await Editor.open({ files: { '/sql/1.sql': definer }, folders: ['/sql'] });
    await editor.scan();
    const found = editor.scanned[0]!.diagnostics.find(({ code }) => code === 'sql/security-definer-search-path');
    expect(definer.slice(1).slice(found?.range.start.character, found?.range.end.character)).toBe('SECURITY DEFINER');
  });

  test('shows how far it is', async () => {
    const editor = await Editor.open({ files, folders });
    await editor.scan();
    expect(editor.progress[0]).toMatchObject({ kind: 'begin', cancellable: true, title: 'Scanning for PostgreSQL security problems' });
    expect(editor.progress[1]).toMatchObject({ kind: 'report', message: expect.stringMatching(/^1\/2 · pg_hba\.conf · \d+ found$/) });
    expect(editor.progress.at(-1)).toMatchObject({ kind: 'end' });
  });

  test('can be cancelled; what was found stays, and nothing is added behind the back of the user', async () => {
    const { editor, goOn } = await openHanging();
    const source = new CancellationTokenSource();
    const answer = editor.connection.sendRequest<ScanResult>('pgrampart/scan', {}, source.token);
    await until(() => editor.scanned.length > 0);
    source.cancel();
    await pause(100);
    goOn();
    const result = await answer;
    expect(result.cancelled).toBe(true);
    expect(result.files).toBeGreaterThan(0);
    expect(result.files).toBeLessThan(most);
    expect(result.message).toMatch(/^Scan stopped: /);
    expect(editor.scanned.every(({ diagnostics }) => diagnostics.length > 0)).toBe(true);
    const before = editor.scanned.length;
    await editor.save('/many/pg_hba_new.conf', trust);
    await pause(400);
    expect(editor.scanned.slice(before).map(({ uri }) => uri)).not.toContain('file:///many/pg_hba_new.conf');
  });

  test('can be cancelled at its progress, too', async () => {
    const { editor, goOn } = await openHanging();
    const answer = editor.scan();
    await until(() => editor.scanned.length > 0);
    await editor.connection.sendNotification('window/workDoneProgress/cancel', { token: editor.progressTokens[0] });
    await pause(100);
    goOn();
    expect(await answer).toMatchObject({ cancelled: true });
    expect(editor.progress.at(-1)).toMatchObject({ kind: 'end' });
  });

  test('a second one ends the first', async () => {
    const { editor, goOn } = await openHanging();
    const first = editor.scan();
    await until(() => editor.scanned.length > 0);
    const second = editor.scan();
    await until(() => editor.progress.filter(({ kind }) => kind === 'begin').length === 2);
    await pause(100);
    goOn();
    expect(await second).toMatchObject({ cancelled: false, files: most });
    expect(await first).toMatchObject({ cancelled: true });
    expect(codesOf(editor, 'file:///many/pg_hba_0.conf')).toContain('hba/trust-any');
  });

  test('counts what it skips and says why', async () => {
    const editor = await Editor.open({ files: { '/one/pg_hba.conf': `${trust.repeat(100)}`, '/one/sub/pg_hba.conf': 'a\0b' }, folders: ['/one'], settings: { maxFileSize: 1024 } });
    const result = await editor.scan();
    expect(result.skipped.map(({ path }) => path)).toEqual(['/one/pg_hba.conf', '/one/sub/pg_hba.conf']);
    expect(result.message).toBe('No problems in 0 files, 2 skipped');
  });

  test('reads open documents as they are in the editor', async () => {
    const editor = await Editor.open({ files, folders });
    await editor.type('file:///one/pg_hba.conf', 'pg-hba', fine);
    await editor.scan(['/one']);
    expect(editor.scanned).toEqual([]);
    await editor.close('file:///one/pg_hba.conf');
    await until(() => editor.scanned.length > 0);
    expect(codesOf(editor, 'file:///one/pg_hba.conf')).toContain('hba/trust-any');
  });

  test('of a part of the workspace leaves out what the settings leave out of the whole, unless it is that part', async () => {
    const editor = await Editor.open({ files, folders: ['/one'], settings: { exclude: ['/sub/', 'two/sub/old/'] } });
    const result = (roots: string[]) => editor.scan(roots).then(({ files }) => files);
    editor.files.set('/one/two/sub/pg_hba.conf', trust);
    editor.files.set('/one/two/sub/old/pg_hba.conf', trust);
    expect(await result(['/one/two'])).toBe(1);
    expect(await result(['/one/two/sub/old'])).toBe(1);
    expect(await result(['/one/sub'])).toBe(1);
    expect(await result(['/one'])).toBe(2);
  });

  test('the server answers while it runs', async () => {
    const { editor, goOn } = await openHanging();
    await editor.type('untitled:Untitled-1', 'pg-hba', trust);
    const scan = editor.scan();
    await until(() => editor.scanned.length > 0);
    expect(await editor.diagnostics('untitled:Untitled-1')).not.toEqual([]);
    goOn();
    expect(await scan).toMatchObject({ cancelled: false, files: most });
  });
});

describe('after a scan', () => {
  test('files that change, appear or go are kept up to date; ignored ones stay ignored', async () => {
    const editor = await Editor.open({ files, folders });
    await editor.scan();
    await editor.save('/one/pg_hba.conf', fine);
    await until(() => codesOf(editor, 'file:///one/pg_hba.conf')?.length === 0);
    expect(codesOf(editor, 'file:///one/pg_hba.conf')).toEqual([]);

    await editor.save('/one/ignored/pg_hba.conf', trust);
    await editor.save('/one/new/pg_hba.conf', trust);
    await until(() => codesOf(editor, 'file:///one/new/pg_hba.conf') !== undefined);
    expect(codesOf(editor, 'file:///one/new/pg_hba.conf')).toContain('hba/trust-any');
    expect(codesOf(editor, 'file:///one/ignored/pg_hba.conf')).toBeUndefined();

    await editor.save('/one/new/pg_hba.conf', undefined);
    await until(() => codesOf(editor, 'file:///one/new/pg_hba.conf')?.length === 0);
    expect(codesOf(editor, 'file:///one/new/pg_hba.conf')).toEqual([]);
  });

  test('a folder that comes with its files, or goes with them, is told of alone', async () => {
    const editor = await Editor.open({ files, folders });
    await editor.scan();
    for (const path of ['/one/moved/deep/pg_hba.conf', '/one/node_modules/pg_hba.conf']) editor.files.set(path, trust);
    await editor.folder('/one/moved', 'created');
    await editor.folder('/one/node_modules', 'created');
    await until(() => codesOf(editor, 'file:///one/moved/deep/pg_hba.conf') !== undefined);
    expect(codesOf(editor, 'file:///one/moved/deep/pg_hba.conf')).toContain('hba/trust-any');
    expect(codesOf(editor, 'file:///one/node_modules/pg_hba.conf')).toBeUndefined();

    editor.files.delete('/one/moved/deep/pg_hba.conf');
    await editor.folder('/one/moved', 'deleted');
    await until(() => codesOf(editor, 'file:///one/moved/deep/pg_hba.conf')?.length === 0);
    expect(codesOf(editor, 'file:///one/moved/deep/pg_hba.conf')).toEqual([]);
  });

  test('a file of another kind that comes or goes changes nothing', async () => {
    const editor = await Editor.open({ files, folders });
    await editor.type('file:///one/pg_hba.conf', 'pg-hba', trust);
    await editor.scan();
    const [refreshes, said] = [editor.refreshes, editor.scanned.length];
    await editor.save('/one/notes.txt', 'trust');
    await editor.save('/one/notes.txt', undefined);
    await pause(400);
    expect([editor.refreshes, editor.scanned.length]).toEqual([refreshes, said]);
  });

  test('of one file that file is kept up to date, and no other', async () => {
    const editor = await Editor.open({ files, folders });
    await editor.scan(['/one/pg_hba.conf']);
    expect(editor.progress[1]).toMatchObject({ message: expect.stringMatching(/^1\/1 · pg_hba\.conf · /) });
    await editor.save('/one/sub/pg_hba.conf', trust);
    await editor.save('/one/pg_hba.conf', fine);
    await until(() => codesOf(editor, 'file:///one/pg_hba.conf')?.length === 0);
    expect(codesOf(editor, 'file:///one/pg_hba.conf')).toEqual([]);
    await editor.save('/one/pg_hba.conf', trust);
    await until(() => codesOf(editor, 'file:///one/pg_hba.conf')!.length > 0);
    await editor.save('/one/pg_hba.conf', undefined);
    await until(() => codesOf(editor, 'file:///one/pg_hba.conf')?.length === 0);
    expect(codesOf(editor, 'file:///one/pg_hba.conf')).toEqual([]);
    expect(codesOf(editor, 'file:///one/sub/pg_hba.conf')).toBeUndefined();
  });

  test('a change of settings counts', async () => {
    const editor = await Editor.open({ files, folders });
    await editor.scan();
    await editor.changeSettings({ rules: { 'hba/*': 'off', 'cluster/*': 'off' } });
    await until(() => codesOf(editor, 'file:///one/pg_hba.conf')?.length === 0);
    expect(codesOf(editor, 'file:///one/pg_hba.conf')).toEqual([]);
  });

  test('what settings, a project file or .gitignore left out comes back with them', async () => {
    const uri = 'file:///one/pg_hba.conf';
    const editor = await Editor.open({ files, folders });
    await editor.scan();
    const goesAndComes = async (goes: () => Promise<void>, comes: () => Promise<void>) => {
      await goes();
      await until(() => codesOf(editor, uri)?.length === 0);
      expect(codesOf(editor, uri)).toEqual([]);
      await comes();
      await until(() => codesOf(editor, uri)!.length > 0);
      expect(codesOf(editor, uri)).toContain('hba/trust-any');
    };
    await goesAndComes(() => editor.changeSettings({ exclude: ['/pg_hba.conf'] }), () => editor.changeSettings({ exclude: [] }));
    await goesAndComes(() => editor.save('/one/pgrampart.jsonc', '{ "exclude": ["/pg_hba.conf"] }'), () => editor.save('/one/pgrampart.jsonc', undefined));
    await goesAndComes(() => editor.save('/one/.gitignore', 'ignored/\n/pg_hba.conf\n'), () => editor.save('/one/.gitignore', 'ignored/\n'));
    expect(codesOf(editor, 'file:///one/ignored/pg_hba.conf')).toBeUndefined();
  });

  test('clearing takes everything back and ends the watching', async () => {
    const editor = await Editor.open({ files, folders });
    await editor.scan();
    await editor.connection.sendNotification('pgrampart/forgetScan');
    await until(() => codesOf(editor, 'file:///two/pg_hba.conf')?.length === 0);
    expect(codesOf(editor, 'file:///one/pg_hba.conf')).toEqual([]);
    const before = editor.scanned.length;
    await editor.save('/one/pg_hba.conf', trust);
    await pause(400);
    expect(editor.scanned.length).toBe(before);
  });
});

import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { URI } from 'vscode-uri';
import type { BaselineResult } from '../../server/src/lsp/protocol.ts';
import { knownRules } from '../../server/src/policy/catalog.ts';
import { editor } from './vscode.ts';

/** A module of the extension inside an editor of its own. */
async function inside<T>(given: ReturnType<typeof editor>, load: () => Promise<T>): Promise<T> {
  vi.resetModules();
  vi.doMock('vscode', () => given);
  return load();
}

test('the list of rules names severities in the language of the editor', async () => {
  const german = editor();
  const { showRule } = await inside(german, () => import('../../client/src/documentation.ts'));
  await showRule(URI.file(path.join(import.meta.dirname, '../..')) as never, undefined);
  const [items] = german.window.showQuickPick.mock.calls[0]!;
  expect(items.length).toBeGreaterThan(knownRules.length - 10);
  expect(items.map(({ description }) => description)).toContain('Hoch (supabase)');
  expect(new Set(items.map(({ description = '' }) => description.split(' ')[0]))).toEqual(new Set(['Kritisch', 'Hoch', 'Mittel', 'Niedrig', 'Information']));
});

describe('a virtual workspace', () => {
  test('has its open files looked at, and no old versions of them', async () => {
    const { documentSelector } = await inside(editor(['memfs:/shop']), () => import('../../client/src/languages.ts'));
    const schemes = new Set(documentSelector.map(({ scheme }) => scheme));
    expect(schemes).toContain('memfs');
    expect(schemes).not.toContain('git');
  });

  test('has neither project file nor baseline, which is said', async () => {
    const virtual = editor(['memfs:/shop']);
    const { chooseFolder } = await inside(virtual, () => import('../../client/src/project.ts'));
    expect(await chooseFolder()).toBeUndefined();
    expect(virtual.window.showInformationMessage.mock.calls).toEqual([[expect.stringMatching(/^Öffnen Sie zuerst einen Ordner auf der Festplatte/)]]);
  });

  test('does not hide a folder on disk beside it', async () => {
    const both = editor(['memfs:/shop', 'file:///shop']);
    const { chooseFolder } = await inside(both, () => import('../../client/src/project.ts'));
    expect((await chooseFolder())?.uri.toString()).toBe('file:///shop');
  });
});

describe('accepting what is there', () => {
  let folder: string;
  beforeEach(() => { folder = mkdtempSync(path.join(tmpdir(), 'pgrampart-')); });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const accept = 0;
  const changeNothing = 1;

  /** `choice`: which of the offers is taken; `answer`: what is pressed afterwards. */
  async function update(choice: number, answer?: string, more: Partial<BaselineResult> = {}): Promise<ReturnType<typeof editor>> {
    const given = editor([URI.file(folder).toString()]);
    given.window.showQuickPick.mockImplementation(async (items) => items[choice]);
    given.window.showInformationMessage.mockImplementation(async () => answer);
    const uri = (name: string) => URI.file(path.join(folder, name)).toString();
    const result: BaselineResult = { uri: uri('pgrampart-baseline.json'), text: 'accepted', accepted: 3, removed: 0, project: { uri: uri('pgrampart.jsonc'), text: 'names it' }, ...more };
    const { updateBaseline } = await inside(given, () => import('../../client/src/baseline.ts'));
    await updateBaseline({ start: async () => ({ sendRequest: async () => result }) } as never);
    return given;
  }

  test('tells before what will be written, and how much is accepted', async () => {
    const { window } = await update(accept);
    expect(window.showQuickPick.mock.calls[0]![0][accept]).toMatchObject({
      label: '3 Probleme hinnehmen', detail: 'Schreibt pgrampart-baseline.json und nennt die Datei in pgrampart.jsonc',
    });
    expect(readdirSync(folder)).toEqual(['pgrampart-baseline.json', 'pgrampart.jsonc']);
  });

  test('writes nothing when that is not wanted, or when there is nothing to accept', async () => {
    await update(changeNothing);
    const nothing = await update(accept, undefined, { accepted: 0 });
    expect(nothing.window.showQuickPick).not.toHaveBeenCalled();
    expect(nothing.window.showInformationMessage.mock.calls[0]![0]).toMatch(/^Es gibt keine Probleme/);
    expect(readdirSync(folder)).toEqual([]);
  });

  test('can be taken back, with what was there before', async () => {
    writeFileSync(path.join(folder, 'pgrampart.jsonc'), 'before');
    await update(accept, 'Rückgängig');
    expect(readdirSync(folder)).toEqual(['pgrampart.jsonc']);
    expect(readFileSync(path.join(folder, 'pgrampart.jsonc'), 'utf8')).toBe('before');
  });
});

describe('a file that cannot be written', () => {
  let folder: string;
  beforeEach(() => { folder = mkdtempSync(path.join(tmpdir(), 'pgrampart-')); });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  async function write(file: string, given = editor()): Promise<{ written: boolean; said: string | undefined }> {
    const { writeFile } = await inside(given, () => import('../../client/src/write.ts'));
    const written = await writeFile(URI.file(file) as never, 'a report');
    return { written, said: given.window.showErrorMessage.mock.calls[0]?.[0] };
  }

  test.runIf(existsSync('/dev/full'))('on a full disk is told', async () => {
    symlinkSync('/dev/full', path.join(folder, 'report.html'));
    expect(await write(path.join(folder, 'report.html'))).toEqual({ written: false, said: `Nicht geschrieben, denn es ist kein Platz mehr frei: ${folder}/report.html` });
  });

  test('is told where the disk gets full in the middle of it, of which the editor says nothing', async () => {
    const full = editor();
    full.workspace.fs.writeFile = async ({ fsPath }, bytes) => writeFileSync(fsPath, bytes.slice(0, 3));
    expect(await write(path.join(folder, 'report.html'), full)).toEqual({ written: false, said: `Nicht geschrieben, denn es ist kein Platz mehr frei: ${folder}/report.html` });
  });

  test('below a file, in a folder that is not there, or in place of a folder is told', async () => {
    writeFileSync(path.join(folder, 'file'), '');
    expect((await write(path.join(folder, 'file', 'report.html'))).written).toBe(false);
    expect((await write(path.join(folder, 'none', 'report.html'))).said).toContain(path.join(folder, 'none', 'report.html'));
    expect((await write(folder)).written).toBe(false);
  });

  test('and one that can is not spoken of', async () => {
    const file = path.join(folder, 'report.html');
    expect(await write(file)).toEqual({ written: true, said: undefined });
    expect(readFileSync(file, 'utf8')).toBe('a report');
  });
});

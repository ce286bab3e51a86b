import type { CompletionList, DefinitionLink, DocumentLink, DocumentSymbol, FoldingRange, Location, SelectionRange, SymbolInformation, TextEdit, WorkspaceEdit } from 'vscode-languageserver';
import { describe, expect, test } from 'vitest';
import { changedFiles, Editor, until, type Wishes } from './editor.ts';

const conf = 'file:///cluster/postgresql.conf';
const hba = 'file:///cluster/pg_hba.conf';
const ident = 'file:///cluster/pg_ident.conf';
const ids: Record<string, string> = { [conf]: 'postgresql-conf', [hba]: 'pg-hba', [ident]: 'pg-ident' };

async function open(uri: string, text: string, wishes: Wishes = {}): Promise<Editor> {
  const editor = await Editor.open(wishes);
  await editor.type(uri, ids[uri] ?? 'sql', text);
  return editor;
}

const helpMethods = ['completion', 'definition', 'documentLink', 'documentSymbol', 'foldingRange', 'formatting', 'rangeFormatting', 'rename', 'selectionRange'];

describe('the server declares', () => {
  const declared = (editor: Editor) => [...editor.registered.keys()].map((method) => method.replace('textDocument/', '')).filter((method) => helpMethods.includes(method)).sort();

  test('help for configuration files alone, and takes it back with the setting', async () => {
    const editor = await Editor.open();
    await until(() => declared(editor).length > 0);
    expect(declared(editor)).toEqual(helpMethods);
    expect(editor.initialized.capabilities).not.toHaveProperty('completionProvider');
    const { documentSelector, triggerCharacters } = editor.registered.get('textDocument/completion')!.registerOptions as any;
    expect(triggerCharacters).toEqual([' ', '=', ',', "'"]);
    expect(new Set(documentSelector.map(({ language }: { language: string }) => language))).toEqual(new Set(Object.values(ids)));
    expect(JSON.stringify(editor.registered.get('textDocument/formatting'))).not.toContain('postgresql-conf');

    await editor.changeSettings({ languageFeatures: false });
    await until(() => declared(editor).length === 0);
    expect(declared(editor)).toEqual([]);
    await editor.changeSettings({});
    await until(() => declared(editor).length > 0);
    expect(declared(editor)).toEqual(helpMethods);
  });

  test('everything at once to editors that cannot be told later, and nothing that they do not know', async () => {
    const { initialized: { capabilities } } = await Editor.open({ registers: false });
    expect(capabilities).toMatchObject({
      completionProvider: { resolveProvider: true }, definitionProvider: true, documentLinkProvider: {}, documentSymbolProvider: true, foldingRangeProvider: true,
      selectionRangeProvider: true, renameProvider: { prepareProvider: true }, documentFormattingProvider: true, documentRangeFormattingProvider: true,
    });
    const bare = await Editor.open({ capabilities: { textDocument: { rename: {} } } });
    expect(Object.keys(bare.initialized.capabilities).sort()).toEqual(['hoverProvider', 'positionEncoding', 'renameProvider', 'textDocumentSync', 'workspace']);
    expect(bare.initialized.capabilities.renameProvider).toBe(true);
  });

  test('nothing is answered while help is switched off, or in SQL', async () => {
    const off = await open(hba, 'host all all all \n', { settings: { languageFeatures: false } });
    expect(await off.complete(hba, 0, 17)).toEqual([]);
    expect(await off.ask('formatting', hba, { options: { tabSize: 4, insertSpaces: true } })).toBeNull();
    const sql = 'file:///cluster/x.sql';
    const editor = await open(sql, 'select 1;\n');
    expect(await editor.complete(sql, 0, 7)).toEqual([]);
    expect(await editor.ask('documentSymbol', sql)).toBeNull();
  });
});

describe('completion', () => {
  test('a name brings a choice of values, in place of the word under the cursor', async () => {
    const editor = await open(conf, 'port = 5432\nssl_mi\n');
    const item = (await editor.complete(conf, 1, 6)).find(({ label }) => label === 'ssl_min_protocol_version')!;
    expect(item).toMatchObject({
      labelDetails: { description: 'choice · TLSv1.2' }, insertTextFormat: 2,
      textEdit: { range: { start: { line: 1, character: 0 }, end: { line: 1, character: 6 } }, newText: 'ssl_min_protocol_version = ${1|TLSv1.2,TLSv1.3,TLSv1,TLSv1.1|}' },
    });
    expect(item.documentation).toBeUndefined();
    expect((await editor.resolve(item)).documentation).toMatchObject({ kind: 'markdown', value: expect.stringContaining('**ssl_min_protocol_version**') });
  });

  test('the order is ours, and weak values are struck out', async () => {
    const editor = await open(hba, 'hostssl all all all \n');
    const items = await editor.complete(hba, 0, 20, ' ');
    const sorted = [...items].sort((a, b) => (a.sortText! < b.sortText! ? -1 : 1));
    expect(sorted.map(({ label }) => label)).toEqual(items.map(({ label }) => label));
    expect(items[0]).toMatchObject({ label: 'scram-sha-256', labelDetails: { description: expect.stringMatching(/^Password/) } });
    expect(items.at(-1)).toMatchObject({ label: 'trust', tags: [1], documentation: { kind: 'markdown' } });
  });

  test('an editor without snippets, Markdown and tags gets plain text', async () => {
    const editor = await open(conf, 'ss\npassword_encryption = \n', { capabilities: { textDocument: { completion: {} } } });
    const item = (await editor.complete(conf, 0, 2)).find(({ label }) => label === 'ssl')!;
    expect(item.textEdit!.newText).toBe('ssl = ');
    expect(item.detail).toBe('on or off · off');
    expect(item).not.toHaveProperty('insertTextFormat');
    const { documentation } = await editor.resolve(item) as { documentation: { kind: string; value: string } };
    expect(documentation.kind).toBe('plaintext');
    expect(documentation.value).not.toMatch(/\*\*|`|\]\(/);
    for (const value of await editor.complete(conf, 1, 22)) expect(value).not.toHaveProperty('tags');
  });

  test('the version of the settings decides', async () => {
    const editor = await open(conf, '\n', { settings: { postgresVersion: '17' } });
    expect((await editor.complete(conf, 0, 0)).map(({ label }) => label)).not.toContain('io_method');
    await editor.changeSettings({ postgresVersion: '18' });
    expect((await editor.complete(conf, 0, 0)).map(({ label }) => label)).toContain('io_method');
  });

  test('what is open counts, not what is on disk', async () => {
    const editor = await open(hba, 'local all all peer map=\n', { files: { '/cluster/pg_ident.conf': 'old a b\n' } });
    await editor.type(ident, 'pg-ident', 'fresh a b\n');
    expect((await editor.complete(hba, 0, 23)).map(({ label }) => label)).toEqual(['fresh']);
  });

  test('a blank in an empty line asks for nothing', async () => {
    const editor = await open(hba, ' \n');
    expect(await editor.complete(hba, 0, 1, ' ')).toEqual([]);
    expect((await editor.complete(hba, 0, 1)).map(({ label }) => label)).toContain('hostssl');
  });
});

describe('hover', () => {
  test('the finding comes first, then the parameter', async () => {
    const editor = await open(conf, 'password_encryption = md5\n');
    const hover = (await editor.hover(conf, 0, 23))!;
    const { value } = hover.contents as { value: string };
    expect(value.indexOf('conf/password-encryption-md5')).toBeGreaterThan(0);
    expect(value.indexOf('**password_encryption**')).toBeGreaterThan(value.indexOf('conf/password-encryption-md5'));
    expect(editor.marked(conf, { range: hover.range! })).toBe('md5');
    expect(editor.marked(conf, { range: (await editor.hover(conf, 0, 3))!.range! })).toBe('password_encryption');
  });

  test('without help the finding alone is explained', async () => {
    const editor = await open(conf, 'password_encryption = md5\nport = 1\n', { settings: { languageFeatures: false } });
    expect((await editor.hover(conf, 0, 23))!.contents).toMatchObject({ value: expect.not.stringContaining('**password_encryption**') });
    expect(await editor.hover(conf, 1, 1)).toBeNull();
  });

  test('plain text for editors that want it', async () => {
    const editor = await open(conf, 'listen_addresses = 1\n', { capabilities: { textDocument: { hover: { contentFormat: ['plaintext'] } } } });
    const { contents } = (await editor.hover(conf, 0, 1))!;
    expect(contents).toMatchObject({ kind: 'plaintext', value: expect.stringContaining('; * means every interface') });
    expect((contents as { value: string }).value).not.toMatch(/\*\*|`|\\|\]\(/);
  });
});

describe('structure', () => {
  const text = '#----\n# ONE\n#----\nport = 1\nssl = on\n# a\n# b\n';

  test('outline, nested or flat', async () => {
    const [section] = await (await open(conf, text)).ask<DocumentSymbol[]>('documentSymbol', conf);
    expect(section).toMatchObject({ name: 'ONE', children: [{ name: 'port', detail: '1', selectionRange: { start: { line: 3, character: 0 }, end: { line: 3, character: 4 } } }, { name: 'ssl' }] });
    const flat = await (await open(conf, text, { capabilities: {  textDocument: { documentSymbol: {} } } })).ask<SymbolInformation[]>('documentSymbol', conf);
    expect(flat.map(({ name, containerName }) => [name, containerName])).toEqual([['ONE', undefined], ['port', 'ONE'], ['ssl', 'ONE']]);
  });

  test('folding', async () => {
    expect(await (await open(conf, text)).ask<FoldingRange[]>('foldingRange', conf)).toEqual([{ startLine: 1, endLine: 6, kind: 'region' }, { startLine: 5, endLine: 6, kind: 'comment' }]);
  });

  test('selection', async () => {
    const editor = await open(hba, 'host app,all all all reject\n');
    const [first, second] = await editor.ask<SelectionRange[]>('selectionRange', hba, { positions: [{ line: 0, character: 6 }, { line: 0, character: 18 }] });
    const chain = (range: SelectionRange | undefined): string[] => (range === undefined ? [] : [editor.marked(hba, range), ...chain(range.parent)]);
    expect(chain(first)).toEqual(['app', 'app,all', 'host app,all all all reject', 'host app,all all all reject\n']);
    expect(chain(second)[0]).toBe('all');
  });
});

describe('other files', () => {
  const files = { '/cluster/conf.d/a.conf': 'port = 2\n', '/cluster/server.key': 'x', '/cluster/pg_ident.conf': '\ufeff# maps\nadmins x y\na b c\n', '/etc/ssl/server.crt': 'x', '/cluster/server.crt.d/x': '' };

  test('links lead to files of the workspace that are there, and to no others', async () => {
    const editor = await open(conf, "include 'conf.d/a.conf'\nssl_key_file = 'server.key'\nssl_cert_file = '/etc/ssl/server.crt'\nssl_ca_file = 'root.crt'\nident_file = '/etc/postgresql/pg_ident.conf'\n", { files, folders: ['/cluster'] });
    expect((await editor.ask<DocumentLink[]>('documentLink', conf)).map(({ target, range }) => [editor.marked(conf, { range }), target])).toEqual([
      ['conf.d/a.conf', 'file:///cluster/conf.d/a.conf'], ['server.key', 'file:///cluster/server.key'], ['/etc/postgresql/pg_ident.conf', 'file:///cluster/pg_ident.conf'],
    ]);
  });

  test('a map leads to its entries', async () => {
    const editor = await open(hba, 'local all all peer map=admins\n', { files });
    const position = { line: 0, character: 25 };
    expect(await editor.ask<DefinitionLink[]>('definition', hba, { position })).toEqual([{
      originSelectionRange: { start: { line: 0, character: 23 }, end: { line: 0, character: 29 } }, targetUri: ident,
      targetRange: { start: { line: 1, character: 0 }, end: { line: 1, character: 6 } }, targetSelectionRange: { start: { line: 1, character: 0 }, end: { line: 1, character: 6 } },
    }]);
    const plain = await open(hba, 'local all all peer map=admins\n', { files, capabilities: { textDocument: { definition: {} } } });
    expect(await plain.ask<Location[]>('definition', hba, { position })).toMatchObject([{ uri: ident }]);
  });

  test('renaming a map changes both files, each in the version that the editor has', async () => {
    const editor = await open(hba, 'local all all peer map=admins\n', { files });
    const position = { line: 0, character: 24 };
    expect(await editor.ask('prepareRename', hba, { position })).toEqual({ range: { start: { line: 0, character: 23 }, end: { line: 0, character: 29 } }, placeholder: 'admins' });
    const onDisk = changedFiles(await editor.ask<WorkspaceEdit>('rename', hba, { position, newName: 'dba' }));
    expect(onDisk.map(([uri, version]) => [uri, version])).toEqual([[hba, 1], [ident, null]]);
    expect(onDisk[1]![2]).toEqual([{ range: { start: { line: 1, character: 0 }, end: { line: 1, character: 6 } }, newText: 'dba' }]);
    await editor.type(ident, 'pg-ident', 'admins x y\n');
    await editor.replace(ident, 'admins x y\n\n');
    const opened = changedFiles(await editor.ask<WorkspaceEdit>('rename', hba, { position, newName: 'dba' }));
    expect(opened.map(([uri, version]) => [uri, version])).toEqual([[hba, 1], [ident, 2]]);
  });

  test('what cannot be renamed is refused with a sentence for the user', async () => {
    const editor = await open(hba, 'local all all peer map=admins\n', { files });
    await expect(editor.ask('prepareRename', hba, { position: { line: 0, character: 8 } })).rejects.toThrow(/^Only names of maps can be renamed/);
    await expect(editor.ask('rename', hba, { position: { line: 0, character: 24 }, newName: 'a' })).rejects.toThrow("There is a map 'a' already");
    expect(editor.logged).toEqual([]);
  });
});

test('formatting aligns columns; a part alone when asked', async () => {
  const editor = await open(hba, 'local all all peer\nhostssl app app all reject\n');
  const range = { start: { line: 1, character: 0 }, end: { line: 1, character: 3 } };
  const options = { tabSize: 4, insertSpaces: true };
  expect(await editor.change(hba, await editor.ask<TextEdit[]>('rangeFormatting', hba, { range, options }))).toBe('local all all peer\nhostssl  app  app  all  reject\n');
  expect(await editor.change(hba, await editor.ask<TextEdit[]>('formatting', hba, { options }))).toBe('local    all  all       peer\nhostssl  app  app  all  reject\n');
  expect(await editor.ask<TextEdit[]>('formatting', hba, { options })).toEqual([]);
});

test('of very many names those that fit are offered, and the editor asks again while typing', async () => {
  const lines = Array.from({ length: 5000 }, (_, n) => `hostssl db_${n} app_${n} 10.${n >> 8}.${n & 255}.0/24 scram-sha-256`);
  const editor = await open(hba, `${lines.join('\n')}\nlocal \nlocal db_4999\n`);
  const all = await editor.ask<CompletionList>('completion', hba, { position: { line: 5000, character: 6 } });
  expect(all.isIncomplete).toBe(true);
  expect(all.items.length).toBe(600);
  const some = await editor.ask<CompletionList>('completion', hba, { position: { line: 5001, character: 13 } });
  expect(some.items.map(({ label }) => label)).toEqual(['db_4999']);
});

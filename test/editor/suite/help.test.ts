import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { open, revert, until, uriOf } from '../support.ts';

const conf = 'cluster/postgresql.conf';
const hba = 'cluster/pg_hba.conf';
const ident = 'cluster/pg_ident.conf';

async function ask<T>(command: string, ...given: unknown[]): Promise<T> {
  return await vscode.commands.executeCommand<T>(command, ...given);
}

/** Adds a line at the end of the file, as a person types it, without saving; gives the place behind it. */
async function write(editor: vscode.TextEditor, line: string): Promise<vscode.Position> {
  const { document } = editor;
  assert.ok(await editor.edit(edit => edit.insert(document.lineAt(document.lineCount - 1).range.end, `${line}\n`)));
  return document.lineAt(document.lineCount - 2).range.end;
}

/** The first request may come before the server is ready. */
async function complete(name: string, at: vscode.Position, expected: string): Promise<vscode.CompletionItem[]> {
  let items: vscode.CompletionItem[] = [];
  for (let attempt = 0; attempt < 100 && !items.some(item => labelOf(item) === expected); attempt++) {
    ({ items } = await ask<vscode.CompletionList>('vscode.executeCompletionItemProvider', uriOf(name), at, undefined, 500));
    if (!items.some(item => labelOf(item) === expected)) await new Promise(resolve => setTimeout(resolve, 100));
  }
  assert.ok(items.some(item => labelOf(item) === expected), `${expected} is not among ${items.map(labelOf).join(' ')}`);
  return items;
}

function labelOf({ label }: vscode.CompletionItem): string {
  return typeof label === 'string' ? label : label.label;
}

function textOf(contents: vscode.Hover['contents']): string {
  return contents.map(one => (typeof one === 'string' ? one : one.value)).join('\n');
}

suite('Help while writing configuration files', () => {
  let editor: vscode.TextEditor;
  teardown(() => revert(editor));

  test('names and values of parameters are offered and explained', async () => {
    editor = await open(conf);
    const items = await complete(conf, await write(editor, 'ssl_min'), 'ssl_min_protocol_version');
    const item = items.find(one => labelOf(one) === 'ssl_min_protocol_version')!;
    assert.match(typeof item.label === 'string' ? '' : item.label.description ?? '', /TLSv1\.2/);
    assert.match((item.documentation as vscode.MarkdownString).value, /after a reload/);
    assert.ok(item.insertText instanceof vscode.SnippetString);
    const values = await complete(conf, await write(editor, 'wal_level = '), 'logical');
    assert.deepEqual(values.filter(({ kind }) => kind === vscode.CompletionItemKind.EnumMember).map(labelOf), ['replica', 'minimal', 'logical']);
  });

  test('a record of pg_hba.conf is offered word by word', async () => {
    editor = await open(hba);
    for (const [line, expected] of [['hostssl ', 'replication'], ['hostssl app app ', 'samehost'], ['hostssl app app samehost ', 'cert'], ['hostssl app app samehost cert ', 'map'], ['hostssl app app samehost cert map=', 'deploy']] as const) {
      await complete(hba, await write(editor, line), expected);
    }
  });

  test('taking a suggestion replaces the word at the cursor', async () => {
    editor = await open(hba);
    const end = await write(editor, 'hostssl app app samehost scr');
    await complete(hba, end, 'scram-sha-256');
    editor.selection = new vscode.Selection(end, end);
    await ask('editor.action.triggerSuggest');
    const taken = () => editor.document.lineAt(end.line).text === 'hostssl app app samehost scram-sha-256';
    for (let attempt = 0; attempt < 20 && !taken(); attempt++) {
      await ask('acceptSelectedSuggestion');
      await until(taken, 'the suggestion', 300).catch(() => undefined);
    }
    assert.equal(editor.document.lineAt(end.line).text, 'hostssl app app samehost scram-sha-256');
  });

  test('hovering explains parameters and methods', async () => {
    editor = await open(conf);
    const line = editor.document.getText().split('\n').findIndex(text => text.startsWith('shared_buffers'));
    const [parameter] = await ask<vscode.Hover[]>('vscode.executeHoverProvider', uriOf(conf), new vscode.Position(line, 3));
    assert.match(textOf(parameter!.contents), /\*\*shared_buffers\*\*[^]*after a restart/);
    const [method] = await ask<vscode.Hover[]>('vscode.executeHoverProvider', uriOf(hba), new vscode.Position(3, 42));
    assert.match(textOf(method!.contents), /Password; neither the network/);
  });

  test('the outline has readable names', async () => {
    editor = await open(hba);
    const symbols = await ask<vscode.DocumentSymbol[]>('vscode.executeDocumentSymbolProvider', uriOf(hba));
    assert.deepEqual(symbols.map(({ name }) => name), ['local all → all: peer', 'host all → all from 0.0.0.0/0: trust', 'host app → app from 10.0.0.0/8: scram-sha-256']);
  });

  test('names of files can be clicked', async () => {
    editor = await open(conf);
    await write(editor, "ident_file = 'pg_ident.conf'");
    const links = await ask<vscode.DocumentLink[]>('vscode.executeLinkProvider', uriOf(conf), 10);
    assert.deepEqual(links.map(({ target }) => target?.path.split('/').pop()), ['pg_ident.conf']);
  });

  test('a map leads to its entries and is renamed in both files', async () => {
    editor = await open(hba);
    const end = await write(editor, 'hostssl app app 10.0.0.0/8 cert map=deploy');
    const at = end.translate(0, -2);
    const found = await ask<(vscode.Location | vscode.LocationLink)[]>('vscode.executeDefinitionProvider', uriOf(hba), at);
    assert.deepEqual(found.map(one => ('targetUri' in one ? one.targetUri : one.uri).toString()), [uriOf(ident).toString()]);
    const edit = await ask<vscode.WorkspaceEdit>('vscode.executeDocumentRenameProvider', uriOf(hba), at, 'release');
    assert.deepEqual(edit.entries().map(([uri, edits]) => [uri.toString(), edits.map(({ newText }) => newText)]).sort(), [
      [uriOf(hba).toString(), ['release']], [uriOf(ident).toString(), ['release']],
    ]);
    await assert.rejects(ask('vscode.executeDocumentRenameProvider', uriOf(hba), new vscode.Position(1, 2), 'x'), /Only names of maps/);
  });

  test('formatting aligns the columns', async () => {
    editor = await open(hba);
    await write(editor, 'hostssl replication backup 10.1.0.0/16 cert');
    await ask('editor.action.formatDocument');
    await until(() => /\nlocal {4}all {10}all {18}peer\n/.test(editor.document.getText()), 'aligned columns');
    assert.match(editor.document.getText(), /\nhostssl  replication  backup  10\.1\.0\.0\/16  cert\n$/);
    assert.match(editor.document.getText(), /^# TYPE   DATABASE     USER    ADDRESS      METHOD\n/);
  });

  test('what is under a heading can be folded and selected step by step', async () => {
    editor = await open(conf);
    await write(editor, "# - Logging -\nlog_connections = on\nlog_statement = 'ddl'");
    const folds = await ask<vscode.FoldingRange[]>('vscode.executeFoldingRangeProvider', uriOf(conf));
    assert.ok(folds.some(({ start, end }) => editor.document.lineAt(start).text === '# - Logging -' && editor.document.lineAt(end).text.startsWith('log_statement')));
    const end = editor.document.lineAt(editor.document.lineCount - 2).range.end.translate(0, -2);
    const [selection] = await ask<vscode.SelectionRange[]>('vscode.executeSelectionRangeProvider', uriOf(conf), [end]);
    const chain: string[] = [];
    for (let one: vscode.SelectionRange | undefined = selection; one; one = one.parent) chain.push(editor.document.getText(one.range));
    assert.ok(chain.includes("'ddl'") && chain.includes("log_statement = 'ddl'"), chain.join(' | '));
  });
});

suite('Help that is switched off', () => {
  const configuration = () => vscode.workspace.getConfiguration('pgrampart');
  teardown(() => configuration().update('languageFeatures', undefined, vscode.ConfigurationTarget.Workspace));

  test('leaves the files to other extensions', async () => {
    await open(hba);
    await complete(hba, new vscode.Position(2, 0), 'hostssl');
    await configuration().update('languageFeatures', false, vscode.ConfigurationTarget.Workspace);
    let symbols: unknown[] | undefined = ['not yet'];
    for (let attempt = 0; attempt < 100 && symbols && symbols.length > 0; attempt++) {
      symbols = await ask<unknown[] | undefined>('vscode.executeDocumentSymbolProvider', uriOf(hba));
      await new Promise(resolve => setTimeout(resolve, 100));
    }
    assert.deepEqual(symbols ?? [], []);
    assert.deepEqual(await ask<unknown[] | undefined>('vscode.executeFormatDocumentProvider', uriOf(hba), { tabSize: 2, insertSpaces: true }) ?? [], []);
  });
});

import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { actions, apply, finding, findings, gone, open, press, revert, uriOf } from '../support.ts';

const hba = 'cluster/pg_hba.conf';

suite('Quick fixes', () => {
  let editor: vscode.TextEditor | undefined;
  teardown(async () => {
    if (editor) await revert(editor);
  });

  test('the preferred fix of a record makes its finding go', async () => {
    editor = await open(hba);
    const shown = await finding(hba, 'hba/trust-any');
    const preferred = (await actions(hba, shown.range)).filter(action => action.isPreferred);
    assert.equal(preferred.length, 1, 'one fix is recommended');
    await apply(preferred[0]!);
    await gone(hba, 'hba/trust-any');
    assert.match(editor.document.getText(), /^local +all +all +peer$/m, 'the other records are as they were');
  });

  test('Auto Fix makes conf/password-encryption-md5 go', async () => {
    const [file, rule] = ['cluster/postgresql.conf', 'conf/password-encryption-md5'];
    editor = await open(file);
    const shown = await finding(file, rule);
    assert.equal((await actions(file, shown.range)).filter(action => action.isPreferred).length, 1, 'one fix is recommended');
    await press(editor, shown.range.start, 'editor.action.autoFix');
    await gone(file, rule);
  });

  test('a migration is mended in the next one, which opens', async () => {
    const [file, rule] = ['migrations/0001_functions.sql', 'sql/security-definer-search-path'];
    const next = 'migrations/0002_fix_security_definer_search_path.sql';
    editor = await open(file);
    const before = editor.document.getText();
    const shown = await finding(file, rule);
    const preferred = (await actions(file, shown.range)).filter(action => action.isPreferred);
    assert.deepEqual(preferred.map(action => action.title.slice(0, 22)), ['Write a new migration:']);
    await apply(preferred[0]!);
    await gone(file, rule);
    const written = vscode.window.activeTextEditor!.document;
    assert.equal(vscode.workspace.asRelativePath(written.uri), next);
    assert.match(written.getText(), /^ALTER FUNCTION .* SET search_path = .*;\r?\n$/);
    assert.equal(editor.document.getText(), before, 'the old migration is as it was');
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
    await vscode.workspace.fs.delete(uriOf(next));
    await finding(file, rule);
  });

  test('a migration that cannot be written says so', async () => {
    const [file, rule] = ['migrations/0001_functions.sql', 'sql/security-definer-search-path'];
    editor = await open(file);
    const shown = await finding(file, rule);
    const [{ edit, command }] = (await actions(file, shown.range)).filter(action => action.isPreferred) as [vscode.CodeAction];
    assert.equal(edit, undefined, 'the editor itself would say nothing');
    // Its number is another one while the server has not heard yet that an earlier migration is gone.
    const next = vscode.Uri.parse(command!.arguments![1] as string);
    assert.match(next.path, /\/migrations\/000\d_fix_security_definer_search_path\.sql$/);
    await vscode.workspace.fs.createDirectory(next);
    const said = await vscode.commands.executeCommand(command!.command, ...command!.arguments!);
    await vscode.workspace.fs.delete(next);
    assert.equal(said, `Not written, because something of that name is there already: ${next.fsPath}`);
  });

  test('a migration can be mended in place as well', async () => {
    const [file, rule] = ['migrations/0001_functions.sql', 'sql/security-definer-search-path'];
    editor = await open(file);
    const shown = await finding(file, rule);
    const inPlace = (await actions(file, shown.range)).find(action => action.title.startsWith('Set search_path'));
    assert.ok(inPlace, 'there is an action that changes the file');
    await apply(inPlace);
    await gone(file, rule);
  });

  test('a finding can be ignored where it is, with a reason to fill in', async () => {
    editor = await open(hba);
    const shown = await finding(hba, 'hba/trust-any');
    await press(editor, shown.range.start, 'editor.action.codeAction', { kind: 'quickfix.pgrampart.suppress', apply: 'first' });
    await gone(hba, 'hba/trust-any');
    const text = editor.document.getText();
    assert.match(text, /# pgrampart-ignore hba\/trust-any: ./);
    assert.ok(text.indexOf('pgrampart-ignore') < text.indexOf('trust\n'), 'the comment covers the record');
    assert.ok(!text.includes('${'), 'the placeholder is a placeholder and not text');
  });

  test('a finding can be ignored in the whole file', async () => {
    editor = await open(hba);
    const shown = await finding(hba, 'hba/trust-any');
    const action = (await actions(hba, shown.range)).find(one => /in this file/i.test(one.title) && one.kind?.contains(vscode.CodeActionKind.QuickFix.append('pgrampart.suppress')));
    assert.ok(action, 'there is an action to ignore the rule in the file');
    await apply(action);
    await gone(hba, 'hba/trust-any');
    assert.match(editor.document.getText(), /# pgrampart-ignore-file hba\/trust-any: ./);
  });

  test('the documentation of the rule is one of the actions, and opens', async () => {
    editor = await open(hba);
    const shown = await finding(hba, 'hba/trust-any');
    const action = (await actions(hba, shown.range)).find(one => /documentation/i.test(one.title));
    assert.ok(action?.command, 'there is an action that shows the documentation');
    await apply(action);
    await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
  });

  test('fix all changes what is safe and nothing else', async () => {
    editor = await open('standby/postgresql.conf');
    await finding('standby/postgresql.conf', 'meta/unused-suppression');
    const whole = new vscode.Range(0, 0, editor.document.lineCount, 0);
    const all = vscode.CodeActionKind.SourceFixAll.append('pgrampart');
    const [action, ...others] = await actions('standby/postgresql.conf', whole, all);
    assert.ok(action, 'there is a fix for the whole file');
    assert.deepEqual(others, []);
    await apply(action);
    await gone('standby/postgresql.conf', 'meta/unused-suppression');
    assert.match(editor.document.getText(), /^shared_buffers = 128MB\r?\n$/);
  });

  test('fix all leaves alone what a person has to look at', async () => {
    editor = await open(hba);
    await finding(hba, 'hba/trust-any');
    const before = editor.document.getText();
    const whole = new vscode.Range(0, 0, editor.document.lineCount, 0);
    for (const action of await actions(hba, whole, vscode.CodeActionKind.SourceFixAll.append('pgrampart'))) await apply(action);
    assert.equal(editor.document.getText(), before);
    assert.equal(findings(hba, 'hba/trust-any').length, 1);
  });
});

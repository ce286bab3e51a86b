import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { actions, apply, finding, findings, gone, open, until, uriOf } from '../support.ts';

const hba = 'cluster/pg_hba.conf';
const project = 'pgrampart.jsonc';

suite('A project file', () => {
  suiteSetup(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });
  teardown(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await vscode.workspace.fs.delete(uriOf(project)).then(undefined, () => undefined);
  });

  test('goes on counting as it was while it is broken, and says what is wrong with it', async () => {
    await write('{ "rules": { "hba/trust-any": "off" } }\n');
    await open(hba);
    await gone(hba, 'hba/trust-any');
    await write('{ "rules": { "hba/trust-any": "of" } }\n');
    await open(project);
    await until(() => findings(project).length === 1, 'the mistake');
    assert.match(findings(project)[0]!.message, /'of'/);
    assert.deepEqual(findings(hba, 'hba/trust-any'), []);
  });

  test('is completed', async () => {
    await write('{ "rules": { "hba/trust-" } }\n');
    await open(project);
    const names = async () => {
      const { items } = await vscode.commands.executeCommand<vscode.CompletionList>('vscode.executeCompletionItemProvider', uriOf(project), new vscode.Position(0, 24));
      return items.map(({ label }) => (typeof label === 'string' ? label : label.label));
    };
    let offered: string[] = [];
    for (let attempt = 0; attempt < 100 && !offered.includes('hba/trust-any'); attempt++) {
      offered = await names();
      await new Promise(resolve => setTimeout(resolve, 100));
    }
    assert.ok(offered.includes('hba/trust-any'), offered.join(' '));
  });

  test('switches a rule off at once when that is chosen at a finding', async () => {
    await open(hba);
    const shown = await finding(hba, 'hba/trust-any');
    const off = (await actions(hba, shown.range)).find(({ title }) => title === "Turn off 'hba/trust-any' in pgrampart.jsonc");
    assert.ok(off, 'there is an action to turn the rule off');
    await apply(off);
    await gone(hba, 'hba/trust-any');
    assert.match((await vscode.workspace.openTextDocument(uriOf(project))).getText(), /"hba\/trust-any": "off"/);
  });
});

suite('Scan of a selection', () => {
  const selected = 'standby/pg_hba.conf';
  const text = 'host all all 0.0.0.0/0 trust\n';
  let before: Uint8Array;

  suiteSetup(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    await vscode.commands.executeCommand('pgrampart.clearResults');
    before = await vscode.workspace.fs.readFile(uriOf(selected));
  });
  suiteTeardown(async () => {
    await vscode.workspace.fs.writeFile(uriOf(selected), before);
    await vscode.commands.executeCommand('pgrampart.clearResults');
  });

  test('shows what is selected and nothing else, and keeps it up to date', async () => {
    const uri = uriOf(selected);
    await vscode.commands.executeCommand('pgrampart.scanSelection', uri, [uri]);
    await finding(selected, 'hba/trust-any');
    assert.deepEqual(findings('cluster/postgresql.conf'), []);
    await vscode.workspace.fs.writeFile(uri, Buffer.from('local all all peer\n'));
    await until(() => findings(selected).length === 0, 'the findings to go');
    await vscode.workspace.fs.writeFile(uri, Buffer.from(text));
    await finding(selected, 'hba/trust-any');
  });
});

async function write(text: string): Promise<void> {
  await vscode.workspace.fs.writeFile(uriOf(project), Buffer.from(text));
}

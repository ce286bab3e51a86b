import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { finding, findings, open, pause, until, uriOf } from '../support.ts';

const unopened = 'standby/pg_hba.conf';
const scanWorkspace = 'pgrampart.scanWorkspace';

suite('Scan Workspace', () => {
  suiteSetup(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  test('shows findings of files that nobody opened', async () => {
    await scan();
    await finding(unopened, 'hba/trust-any');
    assert.ok(!vscode.workspace.textDocuments.some(document => document.uri.toString() === uriOf(unopened).toString()), 'the file is not open');
    assert.deepEqual(findings('reports/sales.sql'), []);
  });

  test('keeps its results up to date when a file changes on disk', async () => {
    const before = await vscode.workspace.fs.readFile(uriOf(unopened));
    await vscode.workspace.fs.writeFile(uriOf(unopened), Buffer.from('host all all 0.0.0.0/0 scram-sha-256\n'));
    await until(() => findings(unopened, 'hba/trust-any').length === 0, 'the finding to go after the file was repaired on disk');
    await vscode.workspace.fs.writeFile(uriOf(unopened), before);
    await finding(unopened, 'hba/trust-any');
  });

  test('does not report a file twice when it is opened after the scan', async () => {
    await open(unopened);
    await pause(1000);
    assert.equal(findings(unopened, 'hba/trust-any').length, 1);
    await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
  });

  test('stops when it is cancelled', async function () {
    this.timeout(120_000);
    const many = 4000;
    await fill('many', many);
    try {
      let ended = false;
      const scanning = scan().then(() => { ended = true; });
      await until(() => ended || reported() > 0, 'the scan to get going');
      assert.ok(!ended, 'the scan is still running');
      // What the Cancel button of the notification does.
      await vscode.commands.executeCommand('notification.acceptPrimaryAction');
      await until(() => ended, 'the cancelled scan to end', 20_000);
      await scanning;
      await pause(1000);
      assert.ok(reported() < many, `${reported()} of ${many} files were scanned although it was cancelled`);
    } finally {
      await vscode.workspace.fs.delete(uriOf('many'), { recursive: true });
    }
  });

  test('a second scan after a cancelled one is complete', async () => {
    await scan();
    await finding(unopened, 'hba/trust-any');
    await finding('migrations/0001_functions.sql', 'sql/security-definer-search-path');
  });
});

function reported(): number {
  return vscode.languages.getDiagnostics().filter(([uri, all]) => uri.path.includes('/many/') && all.length > 0).length;
}

async function scan(): Promise<void> {
  await vscode.commands.executeCommand(scanWorkspace);
}

async function fill(folder: string, count: number): Promise<void> {
  const source = (await vscode.workspace.openTextDocument(uriOf('migrations/0001_functions.sql'))).getText();
  for (let first = 0; first < count; first += 200) {
    const numbers = Array.from({ length: Math.min(200, count - first) }, (_, index) => first + index);
    await Promise.all(numbers.map(number =>
      vscode.workspace.fs.writeFile(uriOf(`${folder}/${String(number).padStart(5, '0')}.sql`), Buffer.from(source.replace('close_account', `close_account_${number}`)))));
  }
}

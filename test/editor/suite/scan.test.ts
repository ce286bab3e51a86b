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
    const many = 600;
    // Without results there is nothing to keep up to date, so what is reported below comes from the scan.
    await vscode.commands.executeCommand('pgrampart.clearResults');
    await fill('many', many, 40);
    await pause(2000);
    assert.equal(reported(), 0);
    try {
      let ended = false;
      const scanning = scan().then(() => { ended = true; });
      await until(() => ended || reported() > 0, 'the scan to get going');
      assert.ok(!ended, 'the scan is still running');
      // What the Cancel button of the notification does.
      await vscode.commands.executeCommand('notification.acceptPrimaryAction');
      await until(() => ended, 'the cancelled scan to end', 20_000);
      await scanning;
      const then = reported();
      await pause(1000);
      assert.equal(reported(), then, 'nothing goes on behind the back of the person who cancelled');
      assert.ok(then < many, `${then} of ${many} files were scanned although it was cancelled`);
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

// Large files, because making many small ones takes longer than scanning them.
async function fill(folder: string, count: number, functions: number): Promise<void> {
  const one = (await vscode.workspace.openTextDocument(uriOf('migrations/0001_functions.sql'))).getText();
  for (let number = 0; number < count; number++) {
    const text = Array.from({ length: functions }, (_, index) => one.replace('close_account', `close_account_${number}_${index}`)).join('\n');
    await vscode.workspace.fs.writeFile(uriOf(`${folder}/${String(number).padStart(5, '0')}.sql`), Buffer.from(text));
  }
}

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import * as vscode from 'vscode';
import { pause, uriOf } from '../support.ts';

const file = 'cluster/pg_hba.conf';

suite('Compare Security with…', () => {
  const settings = vscode.workspace.getConfiguration('git');
  const switched = settings.inspect<boolean>('enabled')?.globalValue;
  let before: Uint8Array;

  suiteSetup(async () => {
    before = await vscode.workspace.fs.readFile(uriOf(file));
    git('init', '--quiet', '--initial-branch=main');
    git('add', '.');
    git('-c', 'user.name=Somebody', '-c', 'user.email=somebody@example.com', 'commit', '--quiet', '--message=First state');
    await settings.update('enabled', true, vscode.ConfigurationTarget.Global);
    await vscode.workspace.fs.writeFile(uriOf(file), Buffer.concat([before, Buffer.from('host all all 198.51.100.0/24 trust\n')]));
  });

  suiteTeardown(async () => {
    await vscode.workspace.fs.writeFile(uriOf(file), before);
    await settings.update('enabled', switched, vscode.ConfigurationTarget.Global);
    await vscode.workspace.fs.delete(uriOf('.git'), { recursive: true });
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  test('says in words who gets in now, on a page that nothing has to be saved of', async () => {
    const markdown = await compare('HEAD');
    assert.match(markdown ?? '', /^## PostgreSQL security: HEAD → working tree\n/);
    assert.match(markdown ?? '', /198\.51\.100\.0\/24/);
    assert.deepEqual(vscode.workspace.textDocuments.filter((document) => document.isDirty).map(({ uri }) => uri.toString()), []);
  });

  test('calls a commit by the beginning of its name', async () => {
    const hash = execFileSync('git', ['rev-parse', 'HEAD'], { cwd: uriOf('').fsPath, encoding: 'utf8' }).trim();
    assert.match(await compare(hash) ?? '', new RegExp(`^## PostgreSQL security: ${hash.slice(0, 8)} → working tree\n`));
  });

  test('shows nothing for a branch that does not exist', async () => {
    assert.equal(await vscode.commands.executeCommand('pgrampart.compareSecurity', 'no-such-branch'), undefined);
  });
});

/** The Git extension sees the repository a little after it was switched on, and a change of a file a little after it was made. */
async function compare(ref: string): Promise<string | undefined> {
  for (let attempt = 0; attempt < 20; attempt++) {
    const markdown = await vscode.commands.executeCommand<string | undefined>('pgrampart.compareSecurity', ref);
    if (markdown !== undefined) return markdown;
    await pause(1000);
  }
  return undefined;
}

function git(...words: string[]): void {
  execFileSync('git', words, { cwd: uriOf('').fsPath });
}

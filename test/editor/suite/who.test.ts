import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { open, uriOf } from '../support.ts';

interface Answer {
  readonly decision: string;
  readonly message: string;
  readonly earlier: readonly { readonly label: string; readonly why: string }[];
}

suite('Which Rule Matches', () => {
  teardown(async () => {
    await vscode.commands.executeCommand('workbench.action.closeQuickOpen');
  });

  test('selects the record that decides and says why those before it do not', async () => {
    const editor = await open('cluster/pg_hba.conf');
    const { document } = editor;
    const answer = await ask({ role: 'nobody', database: 'nowhere', address: '203.0.113.9' });
    const selected = vscode.window.activeTextEditor!;
    assert.equal(selected.document.uri.toString(), uriOf('cluster/pg_hba.conf').toString());
    const line = document.lineAt(selected.selection.start.line);
    assert.match(answer.message, new RegExp(`^pg_hba\\.conf:${line.lineNumber + 1} decides: `));
    assert.equal(document.getText(selected.selection), line.text.replace(/#.*/, '').trim());
    assert.ok(answer.earlier.every(({ why }) => why.length > 0), JSON.stringify(answer.earlier));
  });

  test('needs a pg_hba.conf', async () => {
    await open('cluster/postgresql.conf');
    assert.equal(await ask({ role: 'nobody' }), undefined);
  });
});

function ask(client: Record<string, string>): Thenable<Answer> {
  return vscode.commands.executeCommand<Answer>('pgrampart.whichRuleMatches', client);
}

import * as vscode from 'vscode';
import { showActions } from './menu.ts';
import { keyboardIsFree } from './walkthrough.ts';

/** A new text, saved nowhere, in which a newcomer sees problems. */
export async function openSample(): Promise<vscode.TextEditor> {
  await keyboardIsFree();
  const shown = vscode.window.visibleTextEditors.find(({ document }) => isSample(document));
  if (shown) return vscode.window.showTextDocument(shown.document, shown.viewColumn);
  const document = vscode.workspace.textDocuments.find(isSample) ?? await vscode.workspace.openTextDocument({ language: 'pg-hba', content: sampleText });
  // Beside the walkthrough, but not beside nothing.
  const isAlone = vscode.window.tabGroups.activeTabGroup.tabs.length === 0;
  return vscode.window.showTextDocument(document, isAlone ? vscode.ViewColumn.Active : vscode.ViewColumn.Beside);
}

/** Goes to the gravest problem of the sample and shows what can be done about it. */
export async function fixSample(): Promise<void> {
  const editor = await openSample();
  const [gravest] = [...await problemsOf(editor.document)].sort((a, b) => a.severity - b.severity);
  if (gravest === undefined) return void vscode.window.showInformationMessage(vscode.l10n.t('The sample has no problems any more'));
  editor.selection = new vscode.Selection(gravest.range.start, gravest.range.start);
  editor.revealRange(new vscode.Range(gravest.range.start, gravest.range.start));
  await showActions(editor, 'quickfix');
  const changing = vscode.workspace.onDidChangeTextDocument(({ document }) => {
    if (document !== editor.document) return;
    changing.dispose();
    // The walkthrough takes the keyboard when it ticks a step off, which would close the menu: it ticks what is done.
    void vscode.commands.executeCommand('setContext', 'pgrampart.sampleChanged', true);
  });
}

const sampleText = `# A pg_hba.conf as one finds it too often
# TYPE   DATABASE     USER      ADDRESS       METHOD

local    all          all                     peer
host     analytics    all       0.0.0.0/0     trust
hostssl  shop         reports   10.20.2.0/24  md5
host     shop         legacy    10.20.3.7/32  password
hostssl  replication  all       10.20.0.0/16  scram-sha-256
hostssl  shop         shop_app  10.20.1.0/24  scram-sha-256
`;

/** It stays the sample while somebody works on it. */
function isSample(document: vscode.TextDocument): boolean {
  return document.isUntitled && !document.isClosed && document.languageId === 'pg-hba' && document.lineAt(0).text === sampleText.split('\n')[0];
}

/** The server may have been started only now. */
async function problemsOf({ uri }: vscode.TextDocument): Promise<readonly vscode.Diagnostic[]> {
  for (let attempt = 0; attempt < 50; attempt++) {
    const problems = vscode.languages.getDiagnostics(uri);
    if (problems.length > 0) return problems;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return [];
}

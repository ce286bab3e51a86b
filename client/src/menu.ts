import * as vscode from 'vscode';

/** The editor drops a menu when it asks for actions by itself, which it does a moment after the cursor or the problems have changed. */
const quiet = 500;

/** Opens the editor's own menu of actions at its cursor, of a file that may just have been opened. */
export async function showActions({ document, selection }: vscode.TextEditor, kind: string): Promise<void> {
  for (let attempt = 0; attempt < 20 && !await isKnown(document.uri, selection); attempt++) await pause(200);
  await pause(quiet);
  await vscode.commands.executeCommand('editor.action.codeAction', { kind });
}

/** Whatever can be fixed or not can be ignored, so there is an action as soon as the server has looked. */
async function isKnown(uri: vscode.Uri, range: vscode.Range): Promise<boolean> {
  const actions = await vscode.commands.executeCommand<readonly unknown[] | undefined>('vscode.executeCodeActionProvider', uri, range, 'quickfix.pgrampart');
  return actions !== undefined && actions.length > 0;
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

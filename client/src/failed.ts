import * as vscode from 'vscode';

/** Says that something came to nothing, and leads to what the server wrote about it. */
export async function sayFailed(message: string): Promise<void> {
  const chosen = await vscode.window.showErrorMessage(message, vscode.l10n.t('Show Output'));
  if (chosen !== undefined) await vscode.commands.executeCommand('pgrampart.showOutput');
}

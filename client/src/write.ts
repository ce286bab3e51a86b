import * as vscode from 'vscode';

/** Writes a file; where that is not possible it says so, and gives false. */
export async function writeFile(uri: vscode.Uri, text: string): Promise<boolean> {
  try {
    await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(text));
    return true;
  } catch (error) {
    void vscode.window.showErrorMessage(vscode.l10n.t('{0} cannot be written: {1}', uri.fsPath, reasonOf(error)));
    return false;
  }
}

/** The editor hands on what the system says, which names the call that failed and the path once more. */
function reasonOf(error: unknown): string {
  const said = error instanceof Error ? error.message : String(error);
  if (/EACCES|EPERM|NoPermissions/.test(said)) return vscode.l10n.t('you have no right to write there');
  if (/EROFS/.test(said)) return vscode.l10n.t('the file system is read-only');
  if (/ENOSPC|EDQUOT/.test(said)) return vscode.l10n.t('there is no space left');
  if (/ENOTDIR|FileNotADirectory/.test(said)) return vscode.l10n.t('part of the path is a file');
  if (/EISDIR|FileIsADirectory/.test(said)) return vscode.l10n.t('it is a folder');
  return said;
}

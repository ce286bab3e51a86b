import { access, constants } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';

/** Writes a file; where that is not possible it says so, and gives false. */
export async function writeFile(uri: vscode.Uri, text: string): Promise<boolean> {
  const bytes = new TextEncoder().encode(text);
  try {
    await vscode.workspace.fs.writeFile(uri, bytes);
    // On a disk that gets full the editor writes what fits, and says nothing.
    if ((await vscode.workspace.fs.stat(uri)).size >= bytes.length) return true;
    sayNotWritten(uri.fsPath, vscode.l10n.t('there is no space left'));
    return false;
  } catch (error) {
    sayNotWritten(uri.fsPath, reasonOf(error));
    return false;
  }
}

/** Applies an edit that makes or changes a file, then does what follows it. The editor itself is silent where it cannot make the file; the sentence that was said instead is given. */
export async function applyEdit(edit: vscode.WorkspaceEdit, uri: string, then: vscode.Command): Promise<string | undefined> {
  if (await vscode.workspace.applyEdit(edit).then((applied) => applied, () => false)) return void await vscode.commands.executeCommand(then.command, ...then.arguments ?? []);
  const { fsPath } = vscode.Uri.parse(uri);
  return sayNotWritten(fsPath, await obstacleAt(fsPath) ?? vscode.l10n.t('the editor has refused the change'));
}

/** The reason comes first, because the editor cuts long messages off. */
function sayNotWritten(path: string, reason: string): string {
  const said = vscode.l10n.t('Not written, because {0}: {1}', reason, path);
  void vscode.window.showErrorMessage(said);
  return said;
}

/** Why nothing can be written there; undefined when the system would allow it. */
async function obstacleAt(file: string): Promise<string | undefined> {
  for (let at = file; ; at = path.dirname(at)) {
    try {
      await access(at, constants.W_OK);
      return at === file ? vscode.l10n.t('something of that name is there already') : undefined;
    } catch (error) {
      if (!/ENOENT/.test(String(error)) || at === path.dirname(at)) return reasonOf(error);
    }
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
  if (/ENOENT|FileNotFound/.test(said)) return vscode.l10n.t('there is no such folder');
  return vscode.l10n.t('the system says “{0}”', said);
}

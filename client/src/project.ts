import * as vscode from 'vscode';
import { firstProject } from '../../server/src/policy/first-project.ts';
import { keyboardIsFree } from './walkthrough.ts';
import { applyEdit } from './write.ts';

/** Opens the project file of a workspace folder, and makes one where there is none. */
export async function openConfig(): Promise<void> {
  const folder = await chooseFolder();
  if (folder === undefined) return;
  for (const name of ['pgrampart.jsonc', '.pgrampart.jsonc']) {
    const uri = vscode.Uri.joinPath(folder.uri, name);
    if (await vscode.workspace.fs.stat(uri).then(() => true, () => false)) return void await vscode.window.showTextDocument(uri);
  }
  const uri = vscode.Uri.joinPath(folder.uri, 'pgrampart.jsonc');
  const edit = new vscode.WorkspaceEdit();
  edit.createFile(uri, { contents: new TextEncoder().encode(firstProject({ versions: new Map(), layouts: new Map() })) });
  await applyEdit(edit, uri.toString(), { title: '', command: 'pgrampart.showFile', arguments: [uri.toString()] });
}

/** A folder on disk, because the server reads nothing else. */
export async function chooseFolder(): Promise<vscode.WorkspaceFolder | undefined> {
  const folders = (vscode.workspace.workspaceFolders ?? []).filter(isOnDisk);
  const active = vscode.window.activeTextEditor && vscode.workspace.getWorkspaceFolder(vscode.window.activeTextEditor.document.uri);
  const obvious = active && isOnDisk(active) ? active : folders.length === 1 ? folders[0] : undefined;
  if (obvious) return obvious;
  await keyboardIsFree();
  const chosen = folders.length > 1 ? await vscode.window.showWorkspaceFolderPick({ placeHolder: vscode.l10n.t('Folder of the project') }) : undefined;
  if (chosen ? isOnDisk(chosen) : folders.length > 1) return chosen;
  void vscode.window.showInformationMessage(vscode.l10n.t('Open a folder on disk first: the project file and the baseline stand in it'));
  return undefined;
}

function isOnDisk({ uri }: vscode.WorkspaceFolder): boolean {
  return uri.scheme === 'file';
}

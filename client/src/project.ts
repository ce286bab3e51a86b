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

export async function chooseFolder(): Promise<vscode.WorkspaceFolder | undefined> {
  const folders = vscode.workspace.workspaceFolders ?? [];
  const active = vscode.window.activeTextEditor && vscode.workspace.getWorkspaceFolder(vscode.window.activeTextEditor.document.uri);
  if (active ?? folders.length === 1) return active ?? folders[0];
  await keyboardIsFree();
  if (folders.length > 1) return vscode.window.showWorkspaceFolderPick({ placeHolder: vscode.l10n.t('Folder of the project') });
  void vscode.window.showInformationMessage(vscode.l10n.t('Open a folder first: the project file stands in it'));
  return undefined;
}

// What the tests say about the editor, in the words of a person in front of it.
import * as vscode from 'vscode';

export function uriOf(name: string): vscode.Uri {
  const folder = vscode.workspace.workspaceFolders?.[0];
  if (!folder) throw new Error('no folder is open');
  return vscode.Uri.joinPath(folder.uri, name);
}

export async function open(name: string): Promise<vscode.TextEditor> {
  return vscode.window.showTextDocument(await vscode.workspace.openTextDocument(uriOf(name)));
}

/** What the extension reports about a file, whether it is open or not. */
export function findings(name: string, rule?: string): vscode.Diagnostic[] {
  const uri = uriOf(name).toString();
  // A lookup by address alone misses nothing, but only the whole list also has the files that are not open.
  const all = vscode.languages.getDiagnostics().find(([file]) => file.toString() === uri)?.[1] ?? [];
  return all.filter(one => one.source === 'pgrampart' && (rule === undefined || ruleOf(one) === rule));
}

export function ruleOf(diagnostic: vscode.Diagnostic): string {
  const { code } = diagnostic;
  return String(typeof code === 'object' ? code.value : code);
}

export async function finding(name: string, rule: string): Promise<vscode.Diagnostic> {
  await until(() => findings(name, rule).length > 0, `${rule} in ${name}`);
  return findings(name, rule)[0]!;
}

export async function gone(name: string, rule: string): Promise<void> {
  await until(() => findings(name, rule).length === 0, `no ${rule} in ${name}`);
}

export async function until(condition: () => boolean, what: string, milliseconds = 45_000): Promise<void> {
  const end = Date.now() + milliseconds;
  while (!condition()) {
    if (Date.now() > end) throw new Error(`waited ${milliseconds / 1000} s for ${what}; ${situation()}`);
    await pause(50);
  }
}

export function pause(milliseconds: number): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, milliseconds));
}

export async function actions(name: string, at: vscode.Range, kind = vscode.CodeActionKind.QuickFix): Promise<vscode.CodeAction[]> {
  // The last argument asks for the edits too, which a server may leave for later.
  return await vscode.commands.executeCommand<vscode.CodeAction[]>('vscode.executeCodeActionProvider', uriOf(name), at, kind.value, 30) ?? [];
}

export async function apply(action: vscode.CodeAction): Promise<void> {
  if (action.edit && !await vscode.workspace.applyEdit(action.edit)) throw new Error(`the editor refused ${action.title}`);
  if (action.command) await vscode.commands.executeCommand(action.command.command, ...action.command.arguments ?? []);
}

/**
 * A command that edits at the cursor, given as a person gives it. The editor drops it when it is asking for actions by
 * itself at that moment (the bulb), so it is given again until the text changes.
 */
export async function press(editor: vscode.TextEditor, at: vscode.Position, command: string, ...rest: unknown[]): Promise<void> {
  const { document } = editor;
  const before = document.version;
  editor.selection = new vscode.Selection(at, at);
  for (let attempt = 0; attempt < 5 && document.version === before; attempt++) {
    await vscode.commands.executeCommand(command, ...rest);
    await until(() => document.version !== before, 'an edit', 3000).catch(() => undefined);
  }
  if (document.version === before) throw new Error(`${command} changed nothing; ${situation()}`);
}

/** Gives the file back the text that it has on disk. */
export async function revert(editor: vscode.TextEditor): Promise<void> {
  await vscode.window.showTextDocument(editor.document);
  await vscode.commands.executeCommand('workbench.action.files.revert');
}

function situation(): string {
  const seen = vscode.languages.getDiagnostics().filter(([, all]) => all.length > 0);
  return `seen: ${seen.map(([uri, all]) => `${vscode.workspace.asRelativePath(uri)} ${all.map(ruleOf).join(' ')}`).join('; ') || 'nothing'}`;
}

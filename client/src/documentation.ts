import * as vscode from 'vscode';
import type { Severity } from '../../server/src/rules/rule.ts';
import { severityNames } from './severities.ts';
import { keyboardIsFree } from './walkthrough.ts';

/** Opens a rule's page, which comes with the extension; without an id the user chooses one. */
export async function showRule(extension: vscode.Uri, id: unknown): Promise<void> {
  const rule = typeof id === 'string' ? id : await chooseRule(extension);
  if (rule === undefined) return;
  const page = vscode.Uri.joinPath(extension, 'docs', 'rules', `${rule}.md`);
  const exists = ruleId.test(rule) && await vscode.workspace.fs.stat(page).then(() => true, () => false);
  if (!exists) {
    void vscode.window.showWarningMessage(vscode.l10n.t("There is no rule '{0}'", rule));
    return;
  }
  try {
    await vscode.commands.executeCommand('markdown.showPreview', page);
  } catch {
    await vscode.window.showTextDocument(page);
  }
}

/** Answers `vscode://pgrampart.pgrampart/rules/hba/trust-any`, whatever the scheme of this editor is called. */
export function registerDocumentation(extension: vscode.Uri): vscode.Disposable {
  return vscode.window.registerUriHandler({
    handleUri: ({ path }) => (path.startsWith('/rules/') ? showRule(extension, path.slice('/rules/'.length)) : undefined),
  });
}

const ruleId = /^[a-z]+\/[a-z0-9-]+$/;

async function chooseRule(extension: vscode.Uri): Promise<string | undefined> {
  const index = new TextDecoder().decode(await vscode.workspace.fs.readFile(vscode.Uri.joinPath(extension, 'docs', 'rules', 'README.md')));
  const items = [...index.matchAll(/^\| \[([^\]]+)\]\([^)]*\) \| (\w+)([^|]*) \| (.+) \|$/gm)]
    .map(([, id, severity, presets, title]) => ({ label: id!, description: `${severityNames[severity as Severity]}${presets!}`, detail: title! }));
  await keyboardIsFree();
  const chosen = await vscode.window.showQuickPick(items, { placeHolder: vscode.l10n.t('Rule to read about'), matchOnDescription: true, matchOnDetail: true });
  return chosen?.label;
}

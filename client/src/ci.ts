import * as vscode from 'vscode';
import { exampleOrigin, pipelines } from './pipelines.ts';
import { keyboardIsFree } from './walkthrough.ts';

/** Asks which service it is for, and puts on the clipboard what runs pgrampart there. */
export async function copyCiSnippet(context: vscode.ExtensionContext): Promise<void> {
  await keyboardIsFree();
  const chosen = await vscode.window.showQuickPick(pipelines, { placeHolder: vscode.l10n.t('Where pgrampart is to run'), ignoreFocusOut: true });
  if (chosen === undefined) return;
  const { version, repository } = context.extension.packageJSON as { readonly version: string; readonly repository?: { readonly url: string } };
  await vscode.env.clipboard.writeText(chosen.text(repository?.url ?? exampleOrigin, `v${version}`));
  // The walkthrough takes the keyboard when it ticks a step off, which would close the question: it ticks what is done.
  void vscode.commands.executeCommand('setContext', 'pgrampart.snippetCopied', true);
  const place = repository ? '' : ` ${vscode.l10n.t('Write the address of the pgrampart repository in place of {0}.', exampleOrigin)}`;
  void vscode.window.showInformationMessage(`${vscode.l10n.t('Copied; paste it into {0}.', chosen.description)}${place}`);
}

import * as vscode from 'vscode';
import { baselineMethod, type BaselineParams, type BaselineResult } from '../../server/src/lsp/protocol.ts';
import { countOfProblems } from './counts.ts';
import { sayFailed } from './failed.ts';
import { chooseFolder } from './project.ts';
import type { Server } from './server.ts';
import { writeFile } from './write.ts';

/** Accepts all problems of a folder, so that only new ones are shown; the project file names the baseline afterwards. */
export async function updateBaseline(server: Server): Promise<void> {
  const result = await ask(server, 'update');
  if (result === undefined) return;
  if (result.text === undefined) return sayBroken(result);
  // The baseline first: a project file must not name one that is not there.
  if (!await write(result.uri, result.text)) return;
  if (result.project && !await write(result.project.uri, result.project.text)) return;
  const open = await vscode.window.showInformationMessage(vscode.l10n.t('{0} accepted; only new ones are shown from now on', countOfProblems(result.accepted)), vscode.l10n.t('Open Baseline'));
  if (open !== undefined) await vscode.commands.executeCommand('vscode.open', vscode.Uri.parse(result.uri));
}

/** Takes out of the baseline what is no longer there, so that it cannot come back unseen. */
export async function pruneBaseline(server: Server): Promise<void> {
  const result = await ask(server, 'prune');
  if (result === undefined) return;
  if (result.text === undefined) return sayBroken(result);
  if (!await write(result.uri, result.text)) return;
  void vscode.window.showInformationMessage(vscode.l10n.t('{0} taken out of the baseline, {1} left', countOfProblems(result.removed), result.accepted));
}

async function ask(server: Server, change: BaselineParams['change']): Promise<BaselineResult | undefined> {
  const folder = await chooseFolder();
  if (folder === undefined) return undefined;
  const title = vscode.l10n.t('Looking at all files for the baseline');
  return vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title, cancellable: true }, async (_, token) => {
    const client = await server.start();
    const answer = await client.sendRequest<BaselineResult | null>(baselineMethod, { folder: folder.uri.toString(), change } satisfies BaselineParams, token).catch(() => null);
    if (answer === null && !token.isCancellationRequested) void sayFailed(vscode.l10n.t('The baseline was not changed; the output of PostgreSQL Security tells why'));
    return answer ?? undefined;
  });
}

function write(uri: string, text: string): Promise<boolean> {
  return writeFile(vscode.Uri.parse(uri), text);
}

function sayBroken({ uri }: BaselineResult): void {
  const name = vscode.workspace.asRelativePath(vscode.Uri.parse(uri));
  void vscode.window.showWarningMessage(vscode.l10n.t('There is no baseline in {0}, so nothing was changed', name));
}

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
  if (result.accepted === 0 && result.removed === 0) return void vscode.window.showInformationMessage(vscode.l10n.t('There are no problems to accept, so nothing was written'));
  if (!await isWanted(result)) return;
  // The baseline first: a project file must not name one that is not there.
  const files = [{ uri: result.uri, text: result.text }, ...(result.project ? [result.project] : [])].map(({ uri, text }) => ({ uri: vscode.Uri.parse(uri), text }));
  const before = await Promise.all(files.map(({ uri }) => vscode.workspace.fs.readFile(uri).then((bytes) => bytes, () => undefined)));
  for (const { uri, text } of files) if (!await writeFile(uri, text)) return;
  const [open, undo] = [vscode.l10n.t('Open Baseline'), vscode.l10n.t('Undo')];
  const chosen = await vscode.window.showInformationMessage(vscode.l10n.t('{0} accepted; only new ones are shown from now on', countOfProblems(result.accepted)), open, undo);
  if (chosen === open) await vscode.commands.executeCommand('vscode.open', files[0]!.uri);
  if (chosen === undo) for (const [index, { uri }] of files.entries()) await putBack(uri, before[index]);
}

/** What follows reaches far, so it is told before. */
async function isWanted({ uri, accepted, project }: BaselineResult): Promise<boolean> {
  const baseline = nameOf(uri);
  const detail = project ? vscode.l10n.t('Writes {0} and names it in {1}', baseline, nameOf(project.uri)) : vscode.l10n.t('Writes {0}', baseline);
  const accept = { label: vscode.l10n.t('Accept {0}', countOfProblems(accepted)), detail };
  const placeHolder = vscode.l10n.t('What is accepted is no longer shown; new problems are');
  return await vscode.window.showQuickPick([accept, { label: vscode.l10n.t('Change nothing') }], { title: vscode.l10n.t('Accept Current Problems as Baseline'), placeHolder, ignoreFocusOut: true }) === accept;
}

function putBack(uri: vscode.Uri, bytes: Uint8Array | undefined): Thenable<void> {
  return bytes === undefined ? vscode.workspace.fs.delete(uri) : vscode.workspace.fs.writeFile(uri, bytes);
}

/** Takes out of the baseline what is no longer there, so that it cannot come back unseen. */
export async function pruneBaseline(server: Server): Promise<void> {
  const result = await ask(server, 'prune');
  if (result === undefined) return;
  if (result.text === undefined) return sayBroken(result);
  if (!await writeFile(vscode.Uri.parse(result.uri), result.text)) return;
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

function nameOf(uri: string): string {
  return vscode.workspace.asRelativePath(vscode.Uri.parse(uri));
}

function sayBroken({ uri }: BaselineResult): void {
  void vscode.window.showWarningMessage(vscode.l10n.t('There is no baseline in {0}, so nothing was changed', nameOf(uri)));
}

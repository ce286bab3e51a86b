import { randomUUID } from 'node:crypto';
import * as vscode from 'vscode';
import { scanMethod, type ScanParams, type ScanResult } from '../../server/src/lsp/protocol.ts';
import { countOfFiles, countOfProblems } from './counts.ts';
import { sayFailed } from './failed.ts';
import type { Results } from './results.ts';
import type { Server } from './server.ts';

/** Scans every folder of the workspace; problems appear while it runs, and one message ends it. */
export async function scanWorkspace(server: Server, results: Results, output: vscode.LogOutputChannel): Promise<ScanResult | undefined> {
  const folders = workspaceFolders();
  if (folders.length > 0) return scan(server, results, output, folders);
  void vscode.window.showInformationMessage(vscode.l10n.t('Open a folder on disk to scan it for PostgreSQL security problems'));
  return undefined;
}

/** Scans what is selected in the Explorer. */
export async function scanSelection(server: Server, results: Results, output: vscode.LogOutputChannel, clicked: unknown, selected: unknown): Promise<ScanResult | undefined> {
  const chosen = (Array.isArray(selected) && selected.length > 0 ? selected as unknown[] : [clicked]).filter((uri): uri is vscode.Uri => uri instanceof vscode.Uri && uri.scheme === 'file');
  if (chosen.length > 0) return scan(server, results, output, chosen.map(String));
  return scanWorkspace(server, results, output);
}

export async function scanFile(server: Server, results: Results, output: vscode.LogOutputChannel): Promise<ScanResult | undefined> {
  const document = vscode.window.activeTextEditor?.document;
  if (document?.uri.scheme === 'file') return scan(server, results, output, [document.uri.toString()]);
  void vscode.window.showInformationMessage(vscode.l10n.t('Open a file on disk to scan it'));
  return undefined;
}

/** URIs of the folders that are on disk. */
export function workspaceFolders(): string[] {
  return (vscode.workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === 'file').map(({ uri }) => uri.toString());
}

async function scan(server: Server, results: Results, output: vscode.LogOutputChannel, roots: string[]): Promise<ScanResult> {
  const title = vscode.l10n.t('Scanning for PostgreSQL security problems');
  const result = await vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title, cancellable: true }, (progress, token) => {
    results.clear();
    return request(server, roots, progress, token);
  });
  results.partial = result.cancelled;
  for (const { path, reason } of result.skipped) output.info(vscode.l10n.t('Skipped {0}: {1}', path, reason));
  void tell(result, roots, output);
  return result;
}

async function request(server: Server, folders: string[], progress: vscode.Progress<{ message?: string; increment?: number }>, token: vscode.CancellationToken): Promise<ScanResult> {
  const [client, { WorkDoneProgress }] = await Promise.all([server.start(), import('vscode-languageclient/node')]);
  const workDoneToken = randomUUID();
  let done = 0;
  const listening = client.onProgress(WorkDoneProgress.type, workDoneToken, (step) => {
    if (step.kind !== 'report') return;
    const percentage = step.percentage ?? done;
    progress.report({ increment: percentage - done, ...(step.message === undefined ? {} : { message: step.message }) });
    done = percentage;
  });
  try {
    return await client.sendRequest<ScanResult>(scanMethod, { folders, workDoneToken, found: vscode.l10n.t('{0} found') } satisfies ScanParams, token);
  } finally {
    listening.dispose();
  }
}

async function tell(result: ScanResult, roots: readonly string[], output: vscode.LogOutputChannel): Promise<void> {
  if (result.failed) return sayFailed(vscode.l10n.t('The scan failed; the output of PostgreSQL Security tells why'));
  const report = { title: vscode.l10n.t('Show Report'), run: () => vscode.commands.executeCommand('pgrampart.showReport', roots) };
  const list = { title: vscode.l10n.t('Show Problems'), run: () => vscode.commands.executeCommand('workbench.actions.view.problems') };
  const log = { title: vscode.l10n.t('Show Output'), run: () => output.show() };
  const chosen = await vscode.window.showInformationMessage(sentence(result), ...(result.problems > 0 ? [report, list] : []), ...(result.skipped.length > 0 ? [log] : []));
  await chosen?.run();
}

function sentence({ problems, files, filesWithProblems, critical, skipped, cancelled }: ScanResult): string {
  const found = vscode.l10n.t('{0} in {1}', countOfProblems(problems), countOfFiles(problems === 0 ? files : filesWithProblems));
  const grave = critical > 0 ? ` (${vscode.l10n.t('{0} critical', critical)})` : '';
  const left = skipped.length > 0 ? `, ${vscode.l10n.t('{0} skipped', skipped.length)}` : '';
  return cancelled ? vscode.l10n.t('Scan stopped: {0} so far', `${found}${grave}${left}`) : `${found}${grave}${left}`;
}

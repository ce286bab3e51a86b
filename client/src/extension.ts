import * as vscode from 'vscode';
import { compareSecurity, ComparisonPages } from './compare.ts';
import { registerDocumentation, showRule } from './documentation.ts';
import { isLookedAt } from './languages.ts';
import { copyCiSnippet } from './ci.ts';
import { Results } from './results.ts';
import { getReady, Server } from './server.ts';
import { pruneBaseline, updateBaseline } from './baseline.ts';
import { openConfig } from './project.ts';
import { copyDiagnosticInfo } from './diagnostics.ts';
import { exportReport, ReportPanel } from './report.ts';
import { fixSample, openSample } from './sample.ts';
import { scanFile, scanSelection, scanWorkspace } from './scan.ts';
import { selectVersion, Status } from './status.ts';
import { actOn, ProblemTree } from './tree.ts';
import { whichRuleMatches } from './who.ts';
import { applyEdit } from './write.ts';

getReady();
// The editor calls activate() a good while after it has loaded the extension when it is busy with a document: what needs no context begins before.
const output = vscode.window.createOutputChannel(vscode.l10n.t('PostgreSQL Security'), { log: true });
const results = new Results();
const ours = new Server(output, results);
const firstDocument = startWithFirstDocument();

export function activate(context: vscode.ExtensionContext): void {
  const status = new Status(ours);
  ours.onLook = (uri, looking) => status.looks(uri, looking);
  // The first look may be over already.
  void status.refresh();
  const tree = new ProblemTree(results, context.workspaceState);
  const report = new ReportPanel(ours);
  const pages = new ComparisonPages();
  context.subscriptions.push(firstDocument, ours, output, results, tree, report, pages, status, registerDocumentation(context.extensionUri));

  const command = (name: string, run: (...given: any[]) => unknown) =>
    context.subscriptions.push(vscode.commands.registerCommand(`pgrampart.${name}`, run));
  command('scanWorkspace', () => scanWorkspace(ours, results, output).finally(() => tree.unfoldOnce()));
  command('scanSelection', (clicked?: unknown, selected?: unknown) => scanSelection(ours, results, output, clicked, selected).finally(() => tree.unfoldOnce()));
  command('scanFile', () => scanFile(ours, results, output).finally(() => tree.unfoldOnce()));
  command('showReport', (about?: unknown) => report.show(about));
  command('exportReport', () => exportReport(ours));
  command('compareSecurity', (ref?: unknown) => compareSecurity(ours, pages, ref));
  command('openConfig', openConfig);
  command('updateBaseline', () => updateBaseline(ours));
  command('pruneBaseline', () => pruneBaseline(ours));
  command('openSample', openSample);
  command('fixSample', fixSample);
  command('copyCiSnippet', () => copyCiSnippet(context));
  command('copyDiagnosticInfo', () => copyDiagnosticInfo(context, ours, results));
  command('groupBySeverity', () => tree.group('severity'));
  command('groupByFile', () => tree.group('file'));
  command('groupByRule', () => tree.group('rule'));
  command('filterProblems', () => tree.filter());
  command('clearFilter', () => tree.clearFilter());
  command('fixListed', (item: unknown) => actOn(item, 'fix'));
  command('ignoreListed', (item: unknown) => actOn(item, 'ignore'));
  command('explainListed', (item: unknown) => actOn(item, 'documentation'));
  command('copyListed', (item: unknown) => actOn(item, 'copy'));
  command('clearResults', () => ours.forgetScan());
  command('selectVersion', selectVersion);
  command('whichRuleMatches', (given?: Parameters<typeof whichRuleMatches>[1]) => whichRuleMatches(ours, given));
  command('restartServer', () => ours.restart());
  command('showOutput', () => output.show());
  command('showRule', (id?: unknown) => showRule(context.extensionUri, id));
  command('showFile', (uri: unknown, word?: unknown) => (typeof uri === 'string' ? showFile(vscode.Uri.parse(uri), word) : undefined));
  command('saveFile', (uri: unknown) => vscode.workspace.textDocuments.find((document) => document.uri.toString() === uri)?.save());
  command('applyEdit', applyEdit);
  command('ignoreProblem', () => vscode.commands.executeCommand('editor.action.codeAction', { kind: 'quickfix.pgrampart.suppress', apply: 'ifSingle' }));
  command('fixAllInNewMigration', () => vscode.commands.executeCommand('editor.action.sourceAction', { kind: 'source.pgrampart.newMigration', apply: 'first' }));
  command('fixAllSafe', () => vscode.commands.executeCommand('editor.action.sourceAction', { kind: 'source.fixAll.pgrampart', apply: 'first' }));

}

/** `word`: what is left to fill in, where it stands last. */
async function showFile(uri: vscode.Uri, word: unknown): Promise<void> {
  const editor = await vscode.window.showTextDocument(uri, { preview: false });
  const at = typeof word === 'string' ? editor.document.getText().lastIndexOf(word) : -1;
  if (at < 0) return;
  editor.selection = new vscode.Selection(editor.document.positionAt(at), editor.document.positionAt(at + (word as string).length));
  editor.revealRange(editor.selection);
}

export async function deactivate(): Promise<void> {
  await ours.stop();
}

/** Nothing runs until there is something to look at. */
function startWithFirstDocument(): vscode.Disposable {
  const start = () => void ours.start().catch(() => undefined);
  const waiting = vscode.workspace.onDidOpenTextDocument((document) => {
    if (!isLookedAt(document)) return;
    waiting.dispose();
    start();
  });
  if (vscode.workspace.textDocuments.some(isLookedAt)) {
    waiting.dispose();
    start();
  }
  return waiting;
}

import { randomBytes } from 'node:crypto';
import { extname } from 'node:path';
import * as vscode from 'vscode';
import { reportMethod, type ReportParams, type ReportResult } from '../../server/src/lsp/protocol.ts';
import type { FileFormat } from '../../server/src/report/formats.ts';
import { sayFailed } from './failed.ts';
import { isLookedAt } from './languages.ts';
import { workspaceFolders } from './scan.ts';
import type { Server } from './server.ts';
import { writeFile } from './write.ts';

const viewType = 'pgrampart.report';

/** The report as a page; the one that is open is made anew. */
export class ReportPanel implements vscode.Disposable {
  readonly #server: Server;
  readonly #serializer: vscode.Disposable;
  #panel: vscode.WebviewPanel | undefined;
  #watching: vscode.Disposable | undefined;
  /** URIs of what it is about; absent: the workspace. */
  #about: readonly string[] | undefined;

  constructor(server: Server) {
    this.#server = server;
    this.#serializer = vscode.window.registerWebviewPanelSerializer(viewType, { deserializeWebviewPanel: (panel) => this.#fill(this.#keep(panel)) });
  }

  /** `about`: URIs of files and folders, such as those of a scan. */
  async show(about: unknown): Promise<void> {
    this.#about = Array.isArray(about) ? about.map(String) : undefined;
    if (this.#about === undefined && workspaceFolders().length === 0) return sayNoFolder();
    const panel = this.#panel ?? this.#keep(vscode.window.createWebviewPanel(viewType, title, vscode.ViewColumn.Active, { enableFindWidget: true }));
    panel.reveal();
    await this.#fill(panel);
  }

  dispose(): void {
    this.#serializer.dispose();
    this.#watching?.dispose();
    this.#panel?.dispose();
  }

  #keep(panel: vscode.WebviewPanel): vscode.WebviewPanel {
    this.#panel = panel;
    panel.onDidDispose(() => {
      if (this.#panel !== panel) return;
      this.#panel = undefined;
      this.#watching?.dispose();
    });
    return panel;
  }

  async #fill(panel: vscode.WebviewPanel): Promise<void> {
    this.#watching?.dispose();
    panel.title = title;
    // Before it asks: what changes while the files are looked at may be missing in the report.
    this.#watching = onceChanged(() => (panel.title = vscode.l10n.t('{0} (of an earlier state)', title)));
    const nonce = randomBytes(16).toString('base64url');
    const text = await ask(this.#server, { folders: this.#about ?? workspaceFolders(), format: 'html', nonce });
    // The panel may have been closed while the files were looked at.
    if (text !== undefined && this.#panel === panel) panel.webview.html = text;
  }
}

const title = vscode.l10n.t('PostgreSQL Security Report');

/** Calls back when something has changed that a report may tell of, in an editor, on disk or in the settings. */
function onceChanged(tell: () => void): vscode.Disposable {
  const watcher = vscode.workspace.createFileSystemWatcher('**/{*.conf,*.sql,*.psql,*.pgsql,pgrampart*.json*,.pgrampart.jsonc}');
  const watching = vscode.Disposable.from(
    watcher, watcher.onDidChange(changedOnDisk), watcher.onDidCreate(changedOnDisk), watcher.onDidDelete(changedOnDisk),
    vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => contentChanges.length > 0 && isLookedAt(document) && changed()),
    vscode.workspace.onDidChangeConfiguration((change) => change.affectsConfiguration('pgrampart') && changed()),
  );
  const since = Date.now();
  /** What was saved just before is told of only now, and is in the report. */
  function changedOnDisk(): void {
    if (Date.now() - since > 2000) changed();
  }
  function changed(): void {
    watching.dispose();
    tell();
  }
  return watching;
}

interface ExportFormat extends vscode.QuickPickItem {
  readonly format: FileFormat;
  /** What the file is called by those who read it, or by us. */
  readonly file: string;
}

const exportFormats: readonly ExportFormat[] = [
  { label: 'SARIF', description: vscode.l10n.t('for code scanning services and viewers'), format: 'sarif', file: 'pgrampart.sarif' },
  { label: 'HTML', description: vscode.l10n.t('one page to read or print'), format: 'html', file: 'pgrampart.html' },
  { label: 'Markdown', description: vscode.l10n.t('for a pull request or a wiki'), format: 'markdown', file: 'pgrampart.md' },
  { label: 'CSV', description: vscode.l10n.t('for a spreadsheet'), format: 'csv', file: 'pgrampart.csv' },
  { label: 'JSON', description: vscode.l10n.t('for programs'), format: 'json', file: 'pgrampart.json' },
  { label: 'JUnit', description: vscode.l10n.t('for build servers'), format: 'junit', file: 'pgrampart-junit.xml' },
  { label: 'Checkstyle', description: vscode.l10n.t('for build servers'), format: 'checkstyle', file: 'pgrampart-checkstyle.xml' },
  { label: 'GitLab SAST', format: 'gitlab-sast', file: 'gl-sast-report.json' },
  { label: 'GitLab Code Quality', format: 'gitlab-codequality', file: 'gl-code-quality-report.json' },
  { label: vscode.l10n.t('GitHub annotations'), format: 'github', file: 'pgrampart.txt' },
];

/** Asks for a format and a file, and writes there what the command line would write. */
export async function exportReport(server: Server): Promise<void> {
  const [folder] = vscode.workspace.workspaceFolders ?? [];
  if (workspaceFolders().length === 0 || folder === undefined) return sayNoFolder();
  const chosen = await vscode.window.showQuickPick(exportFormats, { placeHolder: vscode.l10n.t('Format of the report') });
  if (chosen === undefined) return;
  const target = await vscode.window.showSaveDialog({ defaultUri: vscode.Uri.joinPath(folder.uri, chosen.file), filters: { [chosen.label]: [extname(chosen.file).slice(1)] } });
  if (target === undefined) return;
  const text = await ask(server, { folders: workspaceFolders(), format: chosen.format });
  if (text === undefined) return;
  if (!await writeFile(target, text)) return;
  const open = await vscode.window.showInformationMessage(vscode.l10n.t('Report written to {0}', vscode.workspace.asRelativePath(target)), vscode.l10n.t('Open'));
  if (open !== undefined) await vscode.commands.executeCommand('vscode.open', target);
}

/** Undefined when the user has cancelled it, or the server cannot answer. */
async function ask(server: Server, params: ReportParams): Promise<string | undefined> {
  return vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title: vscode.l10n.t('Looking at all files for the report'), cancellable: true }, async (_, token) => {
    const client = await server.start();
    const answer = await client.sendRequest<ReportResult | null>(reportMethod, params, token).catch(() => null);
    if (answer === null && !token.isCancellationRequested) void sayFailed(vscode.l10n.t('The report failed; the output of PostgreSQL Security tells why'));
    return answer?.text;
  });
}

function sayNoFolder(): void {
  void vscode.window.showInformationMessage(vscode.l10n.t('Open a folder on disk to make a report about it'));
}

import * as vscode from 'vscode';
import { compareMethod, type CompareParams, type CompareResult } from '../../server/src/lsp/protocol.ts';
import { sayFailed } from './failed.ts';
import { gitApi, untracked, type Repository } from './git.ts';
import type { Server } from './server.ts';

/** Asks for a branch or commit, and shows what has changed since for security. With a `ref` nothing is asked. */
export async function compareSecurity(server: Server, pages: ComparisonPages, ref?: unknown): Promise<string | undefined> {
  if (!vscode.workspace.isTrusted) return sayRestricted();
  const git = await gitApi().catch(() => undefined);
  if (git === undefined) return say(vscode.l10n.t('Git was not found, or the built-in Git extension is switched off; comparing needs both'));
  const repository = await chooseRepository(git.repositories);
  if (repository === undefined) return git.repositories.length === 0 ? say(vscode.l10n.t('Open a folder of a Git repository to compare it with an earlier state')) : undefined;
  if (await hasNoCommit(repository)) return say(vscode.l10n.t('The repository has no commit yet, so there is nothing to compare with'));
  const wanted = typeof ref === 'string' ? ref : await askForRef(repository);
  if (wanted === undefined) return undefined;
  const commit = await repository.getCommit(wanted).catch(() => undefined);
  if (commit === undefined) return sayUnknown(repository, wanted);
  const base = await repository.getMergeBase(commit.hash, 'HEAD').catch(() => undefined);
  if (base === undefined) return sayUnrelated(repository, wanted);
  const name = /^[0-9a-f]{40,}$/.test(wanted) ? wanted.slice(0, 8) : wanted;
  const markdown = await compareWith(server, repository, base, name);
  if (markdown === undefined) return undefined;
  await pages.show(vscode.l10n.t('Security since {0}', name), markdown);
  void offerToCopy(vscode.l10n.t('What has changed since {0} is on a page of its own', name), markdown);
  return markdown;
}

/** Pages that are shown and not saved anywhere, by their address. */
export class ComparisonPages implements vscode.TextDocumentContentProvider, vscode.Disposable {
  readonly #texts = new Map<string, string>();
  readonly #changed = new vscode.EventEmitter<vscode.Uri>();
  readonly #registered = vscode.workspace.registerTextDocumentContentProvider('pgrampart-comparison', this);
  readonly onDidChange = this.#changed.event;

  async show(title: string, markdown: string): Promise<void> {
    const uri = vscode.Uri.from({ scheme: 'pgrampart-comparison', path: `${title.replaceAll('/', '-')}.md` });
    this.#texts.set(uri.path, markdown);
    this.#changed.fire(uri);
    await vscode.commands.executeCommand('markdown.showPreview', uri).then(undefined, () => vscode.window.showTextDocument(uri));
  }

  /** A page that a window brings back after a restart has to be made anew. */
  provideTextDocumentContent({ path }: vscode.Uri): string {
    return this.#texts.get(path) ?? vscode.l10n.t('This comparison is gone, because it is not saved anywhere. Make it again with Compare Security with… in the command palette.');
  }

  dispose(): void {
    vscode.Disposable.from(this.#registered, this.#changed).dispose();
  }
}

async function offerToCopy(message: string, markdown: string): Promise<void> {
  const chosen = await vscode.window.showInformationMessage(message, vscode.l10n.t('Copy as Markdown'));
  if (chosen !== undefined) await vscode.env.clipboard.writeText(markdown);
}

function say(message: string): undefined {
  void vscode.window.showInformationMessage(message);
  return undefined;
}

async function sayRestricted(): Promise<undefined> {
  const message = vscode.l10n.t('Comparing needs Git, which is switched off in Restricted Mode');
  const chosen = await vscode.window.showInformationMessage(message, vscode.l10n.t('Manage Workspace Trust'));
  if (chosen !== undefined) await vscode.commands.executeCommand('workbench.trust.manage');
  return undefined;
}

async function hasNoCommit(repository: Repository): Promise<boolean> {
  return repository.getCommit('HEAD').then(() => false, async () => (await repository.getBranches({ remote: true, count: 1 }).catch(() => [])).length === 0);
}

const unshallow = 'git fetch --unshallow';

async function sayUnknown(repository: Repository, name: string): Promise<undefined> {
  if (!await isShallow(repository)) return say(vscode.l10n.t("Git knows no branch or commit '{0}'", name));
  return offerUnshallow(vscode.l10n.t("Git knows no branch or commit '{0}' in this shallow clone; {1} brings the rest of the history", name, unshallow));
}

/** A shallow clone may lack the commit where two branches part; otherwise there is none. */
async function sayUnrelated(repository: Repository, name: string): Promise<undefined> {
  if (!await isShallow(repository)) return say(vscode.l10n.t('{0} and the current branch have no commit in common', name));
  return offerUnshallow(vscode.l10n.t('This shallow clone lacks the commit where {0} and the current branch part; {1} brings it', name, unshallow));
}

function isShallow({ rootUri }: Repository): Thenable<boolean> {
  return vscode.workspace.fs.stat(vscode.Uri.joinPath(rootUri, '.git', 'shallow')).then(() => true, () => false);
}

async function offerUnshallow(message: string): Promise<undefined> {
  const chosen = await vscode.window.showInformationMessage(message, vscode.l10n.t('Copy Command'));
  if (chosen !== undefined) await vscode.env.clipboard.writeText(unshallow);
  return undefined;
}

async function chooseRepository(repositories: readonly Repository[]): Promise<Repository | undefined> {
  const { activeTextEditor } = vscode.window;
  const active = activeTextEditor && (await gitApi())?.getRepository(activeTextEditor.document.uri);
  if (active) return active;
  if (repositories.length < 2) return repositories[0];
  const items = repositories.map((repository) => ({ label: vscode.workspace.asRelativePath(repository.rootUri), repository }));
  return (await vscode.window.showQuickPick(items, { placeHolder: vscode.l10n.t('Repository to compare') }))?.repository;
}

const anotherOne = vscode.l10n.t('Another branch, tag or commit…');

async function askForRef(repository: Repository): Promise<string | undefined> {
  const branches = await repository.getBranches({ remote: true, count: 100, sort: 'committerdate' }).catch(() => []);
  const commits = await repository.log({ maxEntries: 20 }).catch(() => []);
  const heading = (label: string) => ({ label, ref: undefined, kind: vscode.QuickPickItemKind.Separator });
  const items = [
    { label: 'HEAD', description: vscode.l10n.t('what is not committed yet'), ref: 'HEAD' },
    heading(vscode.l10n.t('Branches')), ...branches.flatMap(({ name }) => (name === undefined ? [] : [{ label: name, ref: name }])),
    heading(vscode.l10n.t('Last commits')), ...commits.map(({ hash, message }) => ({ label: hash.slice(0, 8), description: message.split('\n')[0] ?? '', ref: hash })),
    heading(''), { label: anotherOne, ref: undefined },
  ];
  const chosen = await vscode.window.showQuickPick(items, { title: vscode.l10n.t('Compare security with'), placeHolder: vscode.l10n.t('Branch or commit to compare the working tree with'), matchOnDescription: true });
  if (chosen?.label !== anotherOne) return chosen?.ref;
  return vscode.window.showInputBox({ title: vscode.l10n.t('Compare security with'), prompt: vscode.l10n.t('Branch, tag or commit'), ignoreFocusOut: true });
}

/** Undefined when the user has cancelled it, or the server cannot answer. */
function compareWith(server: Server, repository: Repository, base: string, name: string): Thenable<string | undefined> {
  return vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title: vscode.l10n.t('Comparing security with {0}', name), cancellable: true }, async (_, token) => {
    const files = await earlierFiles(repository, base);
    const client = await server.start();
    const params: CompareParams = { folder: folderIn(repository).toString(), name, files };
    const result = await client.sendRequest<CompareResult | null>(compareMethod, params, token).catch(() => null);
    if (result === null && !token.isCancellationRequested) void sayFailed(vscode.l10n.t('The comparison failed; the output of PostgreSQL Security tells why'));
    return result?.markdown;
  });
}

/** Of a repository that reaches beyond the workspace only what is in it is compared. */
function folderIn({ rootUri }: Repository): vscode.Uri {
  return vscode.workspace.workspaceFolders?.find(({ uri }) => uri.path.startsWith(`${rootUri.path}/`))?.uri ?? rootUri;
}

/** Those that may matter: SQL, configuration, what it names, and what tells of versions. */
const wanted = /\.(sql|ddl|psql|pgsql|conf|jsonc?|ya?ml|list|txt|sample|j2|erb|tpl|tmpl)$|(^|\/)(PG_VERSION|Dockerfile|[^/.]+)$|\.conf\b/i;

/** Every file that differs from a commit, as it was there: on disk, in an editor, or new. */
async function earlierFiles(repository: Repository, base: string): Promise<CompareParams['files'][number][]> {
  const uris = new Map<string, vscode.Uri>();
  const add = (uri: vscode.Uri) => wanted.test(uri.path) && uris.set(uri.toString(), uri);
  for (const { originalUri, uri } of await repository.diffWith(base)) [originalUri, uri].forEach(add);
  const { workingTreeChanges, untrackedChanges = [] } = repository.state;
  for (const { uri } of [...workingTreeChanges.filter(({ status }) => status === untracked), ...untrackedChanges]) add(uri);
  for (const { uri, isDirty } of vscode.workspace.textDocuments) if (isDirty && uri.path.startsWith(`${repository.rootUri.path}/`)) add(uri);
  return Promise.all([...uris.values()].map(async (uri) => ({ uri: uri.toString(), text: await repository.show(base, uri.fsPath).catch(() => null) })));
}

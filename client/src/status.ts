import * as vscode from 'vscode';
import { statusMethod, type StatusParams, type StatusResult } from '../../server/src/lsp/protocol.ts';
import type { VersionOrigin } from '../../server/src/version-origin.ts';
import { countOfProblems } from './counts.ts';
import { documentSelector, isOurs } from './languages.ts';
import type { Server } from './server.ts';

/** Shorter looks are not worth a turning wheel. */
const busyAfter = 400;

/** Says beside the language of the active editor how many problems its file has, for which PostgreSQL version and by which project file it is looked at. */
export class Status implements vscode.Disposable {
  readonly #server: Server;
  readonly #problems = item('problems', vscode.l10n.t('Problems'));
  readonly #version = item('version', vscode.l10n.t('PostgreSQL version'));
  readonly #project = item('project', vscode.l10n.t('Project configuration'));
  readonly #listener: vscode.Disposable;
  #asked = 0;
  #slow: NodeJS.Timeout | undefined;

  constructor(server: Server) {
    this.#server = server;
    this.#problems.text = 'pgrampart';
    this.#problems.command = { command: 'workbench.actions.view.problems', title: vscode.l10n.t('Show') };
    this.#version.text = 'PostgreSQL';
    this.#version.command = { command: 'pgrampart.selectVersion', title: vscode.l10n.t('Change') };
    this.#project.text = vscode.l10n.t('No project file');
    this.#project.command = { command: 'pgrampart.openConfig', title: vscode.l10n.t('Create') };
    this.#listener = vscode.window.onDidChangeActiveTextEditor(() => {
      this.#rest();
      void this.refresh();
    });
  }

  /** The server begins to look at a document, or has looked. */
  looks(uri: vscode.Uri, looking: boolean): void {
    if (uri.toString() !== vscode.window.activeTextEditor?.document.uri.toString()) return;
    this.#rest();
    if (looking) this.#slow = setTimeout(() => (this.#problems.busy = true), busyAfter);
    else void this.refresh();
  }

  /** Asks for the active editor; an answer that comes late for another one is dropped. */
  async refresh(): Promise<void> {
    const document = vscode.window.activeTextEditor?.document;
    if (document === undefined || !isOurs(document)) return;
    const asked = ++this.#asked;
    const status = await this.#server.ask<StatusResult>(statusMethod, { uri: document.uri.toString() } satisfies StatusParams);
    if (asked === this.#asked) this.#show(status);
  }

  dispose(): void {
    this.#rest();
    vscode.Disposable.from(this.#listener, this.#problems, this.#version, this.#project).dispose();
  }

  #rest(): void {
    clearTimeout(this.#slow);
    this.#problems.busy = false;
  }

  #show(status: StatusResult | undefined): void {
    this.#problems.text = status ? countOfProblems(status.problems) : vscode.l10n.t('Not looked at');
    this.#problems.detail = status ? 'pgrampart' : vscode.l10n.t('switched off, too large, or written for another database');
    this.#version.text = status ? `PostgreSQL ${status.version}` : 'PostgreSQL';
    this.#version.detail = status ? originText(status.origin) : '';
    this.#showProject(status?.project);
    [this.#problems, this.#version, this.#project].forEach(readAloud);
  }

  #showProject(project: StatusResult['project']): void {
    const broken = project !== undefined && project.problems > 0;
    this.#project.text = project ? vscode.workspace.asRelativePath(vscode.Uri.parse(project.uri)) : vscode.l10n.t('No project file');
    this.#project.detail = broken ? vscode.l10n.t('{0}; what was understood last counts', countOfProblems(project.problems)) : '';
    this.#project.severity = broken ? vscode.LanguageStatusSeverity.Warning : vscode.LanguageStatusSeverity.Information;
    this.#project.command = project
      ? { command: 'pgrampart.showFile', title: vscode.l10n.t('Open'), arguments: [project.uri] }
      : { command: 'pgrampart.openConfig', title: vscode.l10n.t('Create') };
  }
}

/** Writes the setting where it already stands, else into the folder or workspace, else for the user. */
export async function selectVersion(): Promise<void> {
  const resource = vscode.window.activeTextEditor?.document.uri;
  const configuration = vscode.workspace.getConfiguration('pgrampart', resource);
  const set = configuration.inspect<string>('postgresVersion');
  const items = ['auto', '18', '17', '16', '15', '14', '13'].map((version) => ({
    version,
    label: version === 'auto' ? vscode.l10n.t('Find out') : `PostgreSQL ${version}`,
    ...(version === 'auto' && { detail: vscode.l10n.t('pgrampart.jsonc, PG_VERSION beside the file, a folder such as postgresql/16, the image of a compose file or Dockerfile, the newest') }),
    ...(version === configuration.get('postgresVersion') && { description: vscode.l10n.t('chosen') }),
  }));
  const chosen = await vscode.window.showQuickPick(items, { title: vscode.l10n.t('PostgreSQL version'), placeHolder: vscode.l10n.t('Version that the files are for') });
  if (chosen === undefined) return;
  const inWorkspace = vscode.workspace.workspaceFolders !== undefined && set?.globalValue === undefined;
  const target = set?.workspaceFolderValue !== undefined ? vscode.ConfigurationTarget.WorkspaceFolder
    : set?.workspaceValue !== undefined || inWorkspace ? vscode.ConfigurationTarget.Workspace : vscode.ConfigurationTarget.Global;
  await configuration.update('postgresVersion', chosen.version === 'auto' ? undefined : chosen.version, target);
}

function originText(origin: VersionOrigin): string {
  switch (origin.from) {
    case 'project': return vscode.l10n.t('from {0}', origin.name);
    case 'folder': return vscode.l10n.t('from the folder name {0}', origin.name);
    case 'image': return vscode.l10n.t('from the image in {0}', origin.name);
    case 'setting': return vscode.l10n.t('from the setting {0}', origin.name);
    case 'cluster': return vscode.l10n.t('from PG_VERSION beside the file');
    case 'nothing': return vscode.l10n.t('the newest one, because no file says which');
    case 'untitled': return vscode.l10n.t('the newest one, because the text is not on disk');
  }
}

/** A screen reader hears what the item is about before what it says. */
function readAloud(made: vscode.LanguageStatusItem): void {
  made.accessibilityInformation = { label: [made.name, made.text, made.detail].filter(Boolean).join(', ') };
}

function item(id: string, name: string): vscode.LanguageStatusItem {
  const made = vscode.languages.createLanguageStatusItem(`pgrampart.${id}`, documentSelector);
  made.name = `${vscode.l10n.t('PostgreSQL Security')}: ${name}`;
  return made;
}

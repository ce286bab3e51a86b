import * as vscode from 'vscode';
import { statusMethod, type StatusParams, type StatusResult } from '../../server/src/lsp/protocol.ts';
import { documentSelector, isOurs } from './languages.ts';
import type { Server } from './server.ts';

/** Says beside the language of the active editor which PostgreSQL version its file is looked at for, and why. */
export class Status implements vscode.Disposable {
  readonly #server: Server;
  readonly #item = vscode.languages.createLanguageStatusItem('pgrampart.version', documentSelector);
  readonly #listener: vscode.Disposable;
  #asked = 0;

  constructor(server: Server) {
    this.#server = server;
    this.#item.name = 'PostgreSQL Security';
    this.#item.text = 'PostgreSQL';
    this.#item.command = { command: 'pgrampart.selectVersion', title: 'Change' };
    this.#listener = vscode.window.onDidChangeActiveTextEditor(() => void this.refresh());
  }

  /** Asks for the active editor; an answer that comes late for another one is dropped. */
  async refresh(uri?: vscode.Uri): Promise<void> {
    const document = vscode.window.activeTextEditor?.document;
    if (document === undefined || !isOurs(document) || (uri !== undefined && uri.toString() !== document.uri.toString())) return;
    const asked = ++this.#asked;
    const status = await this.#server.ask<StatusResult>(statusMethod, { uri: document.uri.toString() } satisfies StatusParams);
    if (asked === this.#asked) this.#show(status);
  }

  dispose(): void {
    this.#listener.dispose();
    this.#item.dispose();
  }

  #show(status: StatusResult | undefined): void {
    this.#item.text = status ? `PostgreSQL ${status.version}` : 'Not looked at';
    this.#item.detail = status ? `${status.origin} · ${problems(status.problems)}` : 'switched off, too large, or written for another database';
  }
}

/** Writes the setting where it already stands, else into the folder or workspace, else for the user. */
export async function selectVersion(): Promise<void> {
  const resource = vscode.window.activeTextEditor?.document.uri;
  const configuration = vscode.workspace.getConfiguration('pgrampart', resource);
  const set = configuration.inspect<string>('postgresVersion');
  const items = ['auto', '18', '17', '16', '15', '14', '13'].map((version) => ({
    version,
    label: version === 'auto' ? 'Find out' : `PostgreSQL ${version}`,
    ...(version === 'auto' && { detail: 'pgrampart.jsonc, PG_VERSION beside the file, a folder such as postgresql/16, the image of a compose file or Dockerfile, the newest' }),
    ...(version === configuration.get('postgresVersion') && { description: 'chosen' }),
  }));
  const chosen = await vscode.window.showQuickPick(items, { title: 'PostgreSQL Version', placeHolder: 'Version that the files are for' });
  if (chosen === undefined) return;
  const inWorkspace = vscode.workspace.workspaceFolders !== undefined && set?.globalValue === undefined;
  const target = set?.workspaceFolderValue !== undefined ? vscode.ConfigurationTarget.WorkspaceFolder
    : set?.workspaceValue !== undefined || inWorkspace ? vscode.ConfigurationTarget.Workspace : vscode.ConfigurationTarget.Global;
  await configuration.update('postgresVersion', chosen.version === 'auto' ? undefined : chosen.version, target);
}

function problems(count: number): string {
  return count === 0 ? 'no problems' : `${count} problem${count === 1 ? '' : 's'}`;
}

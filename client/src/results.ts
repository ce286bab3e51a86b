import * as vscode from 'vscode';

/** What the last scan found. A file that is open shows what the editor asks the server for instead, so that no problem is listed twice. */
export class Results implements vscode.Disposable {
  readonly #shown = vscode.languages.createDiagnosticCollection('pgrampart-scan');
  readonly #found = new Map<string, { uri: vscode.Uri; diagnostics: vscode.Diagnostic[] }>();
  readonly #live = new Set<string>();
  #partial = false;
  #telling: NodeJS.Timeout | undefined;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly onDidChange = this.#changed.event;
  readonly #listeners: vscode.Disposable;

  constructor() {
    this.#listeners = vscode.Disposable.from(
      vscode.window.tabGroups.onDidChangeTabs(({ closed }) => closed.flatMap(urisOf).filter((uri) => !isInTab(uri)).forEach((uri) => this.#closed(uri))),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => this.#closed(uri)),
    );
  }

  set(uri: vscode.Uri, diagnostics: vscode.Diagnostic[]): void {
    const key = uri.toString();
    if (diagnostics.length > 0) this.#found.set(key, { uri, diagnostics });
    else this.#found.delete(key);
    if (!this.#live.has(key)) this.#shown.set(uri, diagnostics);
    this.#tell();
  }

  all(): readonly { readonly uri: vscode.Uri; readonly diagnostics: readonly vscode.Diagnostic[] }[] {
    return [...this.#found.values()];
  }

  /** Was the last scan stopped before it had come to every file? */
  get partial(): boolean {
    return this.#partial;
  }

  set partial(partial: boolean) {
    this.#partial = partial;
    this.#tell();
  }

  clear(): void {
    this.#partial = false;
    this.#found.clear();
    this.#shown.clear();
    this.#tell();
  }

  /** Says whether the server now looks at this document while it is open. */
  live(uri: vscode.Uri, looked: boolean): void {
    if (!looked || !isInTab(uri)) return this.#closed(uri);
    this.#live.add(uri.toString());
    this.#shown.delete(uri);
  }

  dispose(): void {
    clearTimeout(this.#telling);
    this.#listeners.dispose();
    this.#shown.dispose();
    this.#changed.dispose();
  }

  #closed(uri: vscode.Uri): void {
    const key = uri.toString();
    if (!this.#live.delete(key)) return;
    this.#shown.set(uri, this.#found.get(key)?.diagnostics ?? []);
  }

  /** A scan finds hundreds of files a second, of which nobody sees each. */
  #tell(): void {
    this.#telling ??= setTimeout(() => {
      this.#telling = undefined;
      void vscode.commands.executeCommand('setContext', 'pgrampart.hasResults', this.#found.size > 0);
      this.#changed.fire();
    }, 200);
  }
}

function isInTab(uri: vscode.Uri): boolean {
  const key = uri.toString();
  return vscode.window.tabGroups.all.some((group) => group.tabs.some((tab) => urisOf(tab).some((other) => other.toString() === key)));
}

function urisOf({ input }: vscode.Tab): vscode.Uri[] {
  if (input instanceof vscode.TabInputText || input instanceof vscode.TabInputCustom) return [input.uri];
  return input instanceof vscode.TabInputTextDiff ? [input.modified] : [];
}

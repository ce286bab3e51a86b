import * as vscode from 'vscode';

/** What the last scan found. A file that is open shows what the editor asks the server for instead, so that no problem is listed twice. */
export class Results implements vscode.Disposable {
  readonly #shown = vscode.languages.createDiagnosticCollection('pgrampart-scan');
  readonly #found = new Map<string, { uri: vscode.Uri; diagnostics: vscode.Diagnostic[] }>();
  readonly #live = new Set<string>();
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
    this.#tellMenus();
  }

  all(): readonly { readonly uri: vscode.Uri; readonly diagnostics: readonly vscode.Diagnostic[] }[] {
    return [...this.#found.values()];
  }

  clear(): void {
    this.#found.clear();
    this.#shown.clear();
    this.#tellMenus();
  }

  /** Says whether the server now looks at this document while it is open. */
  live(uri: vscode.Uri, looked: boolean): void {
    if (!looked || !isInTab(uri)) return this.#closed(uri);
    this.#live.add(uri.toString());
    this.#shown.delete(uri);
  }

  dispose(): void {
    this.#listeners.dispose();
    this.#shown.dispose();
    this.#changed.dispose();
  }

  #closed(uri: vscode.Uri): void {
    const key = uri.toString();
    if (!this.#live.delete(key)) return;
    this.#shown.set(uri, this.#found.get(key)?.diagnostics ?? []);
  }

  #tellMenus(): void {
    void vscode.commands.executeCommand('setContext', 'pgrampart.hasResults', this.#found.size > 0);
    this.#changed.fire();
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

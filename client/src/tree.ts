import * as vscode from 'vscode';
import type { Results } from './results.ts';

export type Grouping = 'severity' | 'file' | 'rule';

type Item = GroupItem | ProblemItem;

interface GroupItem {
  readonly kind: 'group';
  readonly label: string;
  readonly icon: vscode.ThemeIcon;
  readonly uri?: vscode.Uri;
  readonly rule?: string;
  readonly problems: readonly ProblemItem[];
}

interface ProblemItem {
  readonly kind: 'problem';
  readonly uri: vscode.Uri;
  readonly diagnostic: vscode.Diagnostic;
}

/** The problems of the last scan below "PostgreSQL Security" in the Explorer. */
export class ProblemTree implements vscode.TreeDataProvider<Item>, vscode.Disposable {
  readonly #results: Results;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #view: vscode.TreeView<Item>;
  readonly #parts: vscode.Disposable;
  #grouping: Grouping = 'severity';
  #filter = '';

  readonly onDidChangeTreeData = this.#changed.event;

  constructor(results: Results) {
    this.#results = results;
    this.#view = vscode.window.createTreeView('pgrampart.problems', { treeDataProvider: this, showCollapseAll: true });
    this.#parts = vscode.Disposable.from(this.#view, this.#changed, results.onDidChange(() => this.refresh()));
    this.refresh();
  }

  group(by: Grouping): void {
    this.#grouping = by;
    void vscode.commands.executeCommand('setContext', 'pgrampart.groupedBy', by);
    this.refresh();
  }

  async filter(): Promise<void> {
    const text = await vscode.window.showInputBox({ prompt: vscode.l10n.t('Show problems whose message, rule or file contains this text'), value: this.#filter, placeHolder: vscode.l10n.t('all') });
    if (text === undefined) return;
    this.#filter = text.trim().toLowerCase();
    this.refresh();
  }

  refresh(): void {
    const all = this.#problems();
    const shown = all.filter((problem) => this.#matches(problem));
    const grave = shown.filter(({ diagnostic }) => diagnostic.severity === vscode.DiagnosticSeverity.Error).length;
    this.#view.badge = grave > 0 ? { value: grave, tooltip: vscode.l10n.t('{0} critical or high', grave) } : undefined;
    this.#view.description = this.#filter === '' ? '' : `“${this.#filter}”`;
    this.#view.message = all.length > 0 && shown.length === 0 ? vscode.l10n.t('None of {0} problems contains “{1}”', all.length, this.#filter) : undefined;
    this.#changed.fire();
  }

  getChildren(item?: Item): Item[] {
    if (item === undefined) return this.#groups();
    return item.kind === 'group' ? [...item.problems] : [];
  }

  getTreeItem(item: Item): vscode.TreeItem {
    return item.kind === 'group' ? groupItem(item) : problemItem(item, this.#grouping);
  }

  dispose(): void {
    this.#parts.dispose();
  }

  #problems(): ProblemItem[] {
    return this.#results.all().flatMap(({ uri, diagnostics }) => diagnostics.map((diagnostic): ProblemItem => ({ kind: 'problem', uri, diagnostic })));
  }

  #matches({ uri, diagnostic }: ProblemItem): boolean {
    return `${diagnostic.message}\n${ruleOf(diagnostic)}\n${vscode.workspace.asRelativePath(uri)}`.toLowerCase().includes(this.#filter);
  }

  #groups(): GroupItem[] {
    const groups = new Map<string, ProblemItem[]>();
    for (const problem of this.#problems().filter((one) => this.#matches(one)).sort(byPlace)) {
      const key = keyOf(problem, this.#grouping);
      groups.set(key, [...groups.get(key) ?? [], problem]);
    }
    return [...groups].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)).map(([, problems]) => this.#group(problems));
  }

  #group(problems: readonly ProblemItem[]): GroupItem {
    const { uri, diagnostic } = problems[0]!;
    switch (this.#grouping) {
      case 'severity': return { kind: 'group', label: severityNames[diagnostic.severity], icon: iconOf(diagnostic), problems };
      case 'file': return { kind: 'group', label: vscode.workspace.asRelativePath(uri), icon: vscode.ThemeIcon.File, uri, problems };
      case 'rule': return { kind: 'group', label: ruleOf(diagnostic), icon: iconOf(diagnostic), rule: ruleOf(diagnostic), problems };
    }
  }
}

function keyOf({ uri, diagnostic }: ProblemItem, by: Grouping): string {
  switch (by) {
    case 'severity': return String(diagnostic.severity);
    case 'file': return uri.path;
    case 'rule': return ruleOf(diagnostic);
  }
}

const severityNames: Readonly<Record<vscode.DiagnosticSeverity, string>> = [vscode.l10n.t('Critical and high'), vscode.l10n.t('Medium'), vscode.l10n.t('Low and information'), vscode.l10n.t('Hints')];

function groupItem({ label, icon, uri, rule, problems }: GroupItem): vscode.TreeItem {
  const item = new vscode.TreeItem(label, vscode.TreeItemCollapsibleState.Expanded);
  item.id = `group ${label}`;
  item.iconPath = icon;
  item.description = String(problems.length);
  if (uri) item.resourceUri = uri;
  item.contextValue = rule ? 'rule' : 'group';
  item.accessibilityInformation = { label: vscode.l10n.t('{0}, {1} problems', label, problems.length) };
  return item;
}

function problemItem({ uri, diagnostic }: ProblemItem, grouping: Grouping): vscode.TreeItem {
  const { start } = diagnostic.range;
  const place = `${vscode.workspace.asRelativePath(uri)}:${start.line + 1}`;
  const item = new vscode.TreeItem(diagnostic.message);
  item.description = grouping === 'file' ? `${start.line + 1}` : place;
  item.iconPath = iconOf(diagnostic);
  item.tooltip = new vscode.MarkdownString().appendText(`${diagnostic.message}\n${place}\n${ruleOf(diagnostic)}`);
  item.contextValue = 'problem';
  item.command = { command: 'vscode.open', title: vscode.l10n.t('Open'), arguments: [uri, { selection: diagnostic.range } satisfies vscode.TextDocumentShowOptions] };
  item.accessibilityInformation = { label: vscode.l10n.t('{0}: {1}, {2}, rule {3}', severityNames[diagnostic.severity], diagnostic.message, place, ruleOf(diagnostic)) };
  return item;
}

function iconOf({ severity }: vscode.Diagnostic): vscode.ThemeIcon {
  const [icon, color] = ([['error', 'list.errorForeground'], ['warning', 'list.warningForeground'], ['info', 'notificationsInfoIcon.foreground'], ['lightbulb', 'editorLightBulb.foreground']] as const)[severity];
  return new vscode.ThemeIcon(icon, new vscode.ThemeColor(color));
}

function ruleOf({ code }: vscode.Diagnostic): string {
  return String(typeof code === 'object' ? code.value : code ?? '');
}

function byPlace(a: ProblemItem, b: ProblemItem): number {
  return a.diagnostic.severity - b.diagnostic.severity || (a.uri.path < b.uri.path ? -1 : a.uri.path > b.uri.path ? 1 : a.diagnostic.range.start.compareTo(b.diagnostic.range.start));
}

/** What the inline actions of the tree do with a problem. */
export async function actOn(item: unknown, action: 'fix' | 'ignore' | 'documentation'): Promise<void> {
  const { rule, uri, diagnostic } = (item ?? {}) as { readonly rule?: string; readonly uri?: vscode.Uri; readonly diagnostic?: vscode.Diagnostic };
  const id = diagnostic ? ruleOf(diagnostic) : rule;
  if (action === 'documentation') return void await vscode.commands.executeCommand('pgrampart.showRule', id);
  if (!uri || !diagnostic) return;
  await vscode.window.showTextDocument(uri, { selection: new vscode.Range(diagnostic.range.start, diagnostic.range.start) });
  await vscode.commands.executeCommand('editor.action.codeAction', { kind: action === 'fix' ? 'quickfix.pgrampart.fix' : 'quickfix.pgrampart.suppress' });
}

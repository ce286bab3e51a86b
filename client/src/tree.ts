import * as vscode from 'vscode';
import type { Severity } from '../../server/src/rules/rule.ts';
import { countOfProblems } from './counts.ts';
import { showActions } from './menu.ts';
import type { Results } from './results.ts';
import { severityNames } from './severities.ts';

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
  readonly #memory: vscode.Memento;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #view: vscode.TreeView<Item>;
  readonly #parts: vscode.Disposable;
  #grouping: Grouping = 'severity';
  #filter = '';
  #shown: Item[] = [];

  readonly onDidChangeTreeData = this.#changed.event;

  constructor(results: Results, memory: vscode.Memento) {
    this.#results = results;
    this.#memory = memory;
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
    if (text !== undefined) this.#filterBy(text.trim().toLowerCase());
  }

  clearFilter(): void {
    this.#filterBy('');
  }

  /** A view of the Explorer starts folded up, where a newcomer does not see it; how it is left is the user's business. */
  async unfoldOnce(): Promise<void> {
    this.refresh();
    const [first] = this.#shown;
    if (first === undefined || this.#memory.get(unfolded) !== undefined) return;
    await this.#memory.update(unfolded, true);
    if (!this.#view.visible) await this.#view.reveal(first, { select: false, focus: false });
  }

  refresh(): void {
    const all = this.#problems();
    const shown = all.filter((problem) => this.#matches(problem));
    const grave = shown.filter(({ diagnostic }) => diagnostic.severity === vscode.DiagnosticSeverity.Error).length;
    this.#shown = this.#groups(shown);
    this.#view.badge = grave > 0 ? { value: grave, tooltip: vscode.l10n.t('{0} critical or high', grave) } : undefined;
    this.#view.message = [
      ...(this.#results.partial ? [vscode.l10n.t('The scan was stopped: not all files were looked at')] : []),
      ...(this.#filter === '' ? [] : [vscode.l10n.t('{0} of {1} contain “{2}”', shown.length, countOfProblems(all.length), this.#filter)]),
    ].join('. ');
    this.#changed.fire();
  }

  getChildren(item?: Item): Item[] {
    if (item === undefined) return this.#shown;
    return item.kind === 'group' ? [...item.problems] : [];
  }

  getParent(item: Item): Item | undefined {
    return item.kind === 'group' ? undefined : this.#shown.find((group) => group.kind === 'group' && group.problems.includes(item));
  }

  getTreeItem(item: Item): vscode.TreeItem {
    return item.kind === 'group' ? groupItem(item) : problemItem(item, this.#grouping);
  }

  dispose(): void {
    this.#parts.dispose();
  }

  #filterBy(text: string): void {
    this.#filter = text;
    void vscode.commands.executeCommand('setContext', 'pgrampart.filtered', text !== '');
    this.refresh();
  }

  #problems(): ProblemItem[] {
    return this.#results.all().flatMap(({ uri, diagnostics }) => diagnostics.map((diagnostic): ProblemItem => ({ kind: 'problem', uri, diagnostic })));
  }

  #matches({ uri, diagnostic }: ProblemItem): boolean {
    return `${diagnostic.message}\n${ruleOf(diagnostic)}\n${vscode.workspace.asRelativePath(uri)}`.toLowerCase().includes(this.#filter);
  }

  #groups(shown: readonly ProblemItem[]): GroupItem[] {
    const groups = new Map<string, ProblemItem[]>();
    for (const problem of [...shown].sort(byPlace)) {
      const key = keyOf(problem, this.#grouping);
      const group = groups.get(key);
      if (group) group.push(problem);
      else groups.set(key, [problem]);
    }
    return [...groups].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)).map(([, problems]) => this.#group(problems));
  }

  #group(problems: readonly ProblemItem[]): GroupItem {
    const { uri, diagnostic } = problems[0]!;
    switch (this.#grouping) {
      case 'severity': return { kind: 'group', label: severityNames[severityOf(diagnostic)], icon: iconOf(diagnostic), problems };
      case 'file': return { kind: 'group', label: vscode.workspace.asRelativePath(uri), icon: vscode.ThemeIcon.File, uri, problems };
      case 'rule': return { kind: 'group', label: ruleOf(diagnostic), icon: iconOf(diagnostic), rule: ruleOf(diagnostic), problems };
    }
  }
}

function keyOf({ uri, diagnostic }: ProblemItem, by: Grouping): string {
  switch (by) {
    case 'severity': return String(severities.indexOf(severityOf(diagnostic)));
    case 'file': return uri.path;
    case 'rule': return ruleOf(diagnostic);
  }
}

/** Set in the state of a workspace in which the view has been unfolded. */
const unfolded = 'pgrampart.unfolded';

const severities = Object.keys(severityNames) as Severity[];

/** The editor has fewer levels than the rules, so the server tells it besides. */
function severityOf(diagnostic: vscode.Diagnostic & { readonly data?: { readonly severity?: Severity } }): Severity {
  return diagnostic.data?.severity ?? 'info';
}

function groupItem({ label, icon, uri, rule, problems }: GroupItem): vscode.TreeItem {
  const item = new vscode.TreeItem(label, vscode.TreeItemCollapsibleState.Expanded);
  item.id = `group ${label}`;
  item.iconPath = icon;
  item.description = String(problems.length);
  if (uri) item.resourceUri = uri;
  item.contextValue = rule ? 'rule' : 'group';
  item.accessibilityInformation = { label: `${label}, ${countOfProblems(problems.length)}` };
  return item;
}

function problemItem({ uri, diagnostic }: ProblemItem, grouping: Grouping): vscode.TreeItem {
  const place = placeOf(uri, diagnostic);
  const item = new vscode.TreeItem(diagnostic.message);
  item.description = grouping === 'file' ? `${diagnostic.range.start.line + 1}` : place;
  item.iconPath = iconOf(diagnostic);
  item.tooltip = `${diagnostic.message}\n${place}\n${ruleOf(diagnostic)}`;
  item.contextValue = 'problem';
  item.command = { command: 'vscode.open', title: vscode.l10n.t('Open'), arguments: [uri, { selection: diagnostic.range } satisfies vscode.TextDocumentShowOptions] };
  item.accessibilityInformation = { label: vscode.l10n.t('{0}: {1}, {2}, rule {3}', severityNames[severityOf(diagnostic)], diagnostic.message, place, ruleOf(diagnostic)) };
  return item;
}

function iconOf({ severity }: vscode.Diagnostic): vscode.ThemeIcon {
  const [icon, color] = ([['error', 'list.errorForeground'], ['warning', 'list.warningForeground'], ['info', 'notificationsInfoIcon.foreground'], ['lightbulb', 'editorLightBulb.foreground']] as const)[severity];
  return new vscode.ThemeIcon(icon, new vscode.ThemeColor(color));
}

/** `db/pg_hba.conf:12` */
function placeOf(uri: vscode.Uri, { range }: vscode.Diagnostic): string {
  return `${vscode.workspace.asRelativePath(uri)}:${range.start.line + 1}`;
}

function ruleOf({ code }: vscode.Diagnostic): string {
  return String(typeof code === 'object' ? code.value : code ?? '');
}

function byPlace(a: ProblemItem, b: ProblemItem): number {
  return severities.indexOf(severityOf(a.diagnostic)) - severities.indexOf(severityOf(b.diagnostic)) || (a.uri.path < b.uri.path ? -1 : a.uri.path > b.uri.path ? 1 : a.diagnostic.range.start.compareTo(b.diagnostic.range.start));
}

/** What the actions of the tree do with a problem. */
export async function actOn(item: unknown, action: 'fix' | 'ignore' | 'documentation' | 'copy'): Promise<void> {
  const { rule, uri, diagnostic } = (item ?? {}) as { readonly rule?: string; readonly uri?: vscode.Uri; readonly diagnostic?: vscode.Diagnostic };
  const id = diagnostic ? ruleOf(diagnostic) : rule;
  if (action === 'documentation') return void await vscode.commands.executeCommand('pgrampart.showRule', id);
  if (!uri || !diagnostic) return;
  if (action === 'copy') return void await vscode.env.clipboard.writeText(`${placeOf(uri, diagnostic)} ${diagnostic.message} (${ruleOf(diagnostic)})`);
  const editor = await vscode.window.showTextDocument(uri, { selection: new vscode.Range(diagnostic.range.start, diagnostic.range.start) });
  await showActions(editor, action === 'fix' ? 'quickfix.pgrampart.fix' : 'quickfix.pgrampart.suppress');
}

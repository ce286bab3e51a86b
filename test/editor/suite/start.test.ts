import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { apply, finding, open, pause, ruleOf, until, uriOf } from '../support.ts';

interface Step {
  readonly id: string;
  readonly description: string;
  readonly media: { readonly svg: string; readonly altText: string };
  readonly completionEvents: readonly string[];
}

/** Ticking off a step moves the focus to the walkthrough, and closes what has just opened. */
const asking = new Set(['onCommand:pgrampart.fixSample', 'onCommand:pgrampart.copyCiSnippet']);

suite('First steps', () => {
  suiteSetup(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });
  teardown(async () => {
    await vscode.commands.executeCommand('workbench.action.closeQuickOpen');
  });

  test('each step of the walkthrough has a picture that is there, and commands that exist', async () => {
    const extension = vscode.extensions.getExtension('pgrampart.pgrampart')!;
    await extension.activate();
    const steps = extension.packageJSON.contributes.walkthroughs[0].steps as readonly Step[];
    const commands = new Set(await vscode.commands.getCommands(true));
    assert.deepEqual(steps.map(({ id }) => id), ['see', 'fix', 'scan', 'choose', 'ci']);
    for (const { description, media, completionEvents } of steps) {
      await vscode.workspace.fs.stat(vscode.Uri.joinPath(extension.extensionUri, media.svg));
      assert.doesNotMatch(`${description}${media.altText}`, /^%/);
      const named = [...description.matchAll(/command:([\w.]+)/g)].map(([, name]) => name!);
      assert.ok(named.length > 0);
      for (const name of [...named, ...completionEvents.flatMap(event => /^onCommand:(.+)/.exec(event)?.slice(1) ?? [])]) assert.ok(commands.has(name), name);
      assert.ok(completionEvents.every(event => !asking.has(event)), 'what asks something is not ticked off before it has its answer');
    }
  });

  test('a question that is asked from the walkthrough keeps the keyboard, and stays', async () => {
    await vscode.commands.executeCommand('workbench.action.openWalkthrough', 'pgrampart.pgrampart#start', false);
    await until(() => vscode.window.tabGroups.activeTabGroup.activeTab?.input === undefined, 'the walkthrough');
    const preview = () => vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs).find(({ input }) => input instanceof vscode.TabInputWebview && input.viewType.includes('markdown'));
    // What a click on the link does.
    void vscode.commands.executeCommand('walkthroughs.selectStep', 'choose');
    void vscode.commands.executeCommand('pgrampart.showRule');
    await new Promise(resolve => setTimeout(resolve, 1500));
    await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
    await until(() => preview() !== undefined, 'the page of a rule');
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
  });

  test('the sample shows four problems, and its gravest can be fixed', async () => {
    const { document } = await vscode.commands.executeCommand<vscode.TextEditor>('pgrampart.openSample');
    const rules = () => vscode.languages.getDiagnostics(document.uri).map(ruleOf);
    await until(() => rules().length === 4, 'four problems');
    await vscode.commands.executeCommand('pgrampart.fixSample');
    assert.equal(vscode.window.activeTextEditor?.document, document, 'there is one sample');
    const at = vscode.window.activeTextEditor.selection.active;
    assert.match(document.lineAt(at.line).text, /0\.0\.0\.0\/0 +trust/);
    const [fix] = await vscode.commands.executeCommand<vscode.CodeAction[]>('vscode.executeCodeActionProvider', document.uri, new vscode.Range(at, at), 'quickfix', 10);
    await apply(fix!);
    await until(() => !rules().includes('hba/trust-any'), 'the problem to go');
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
  });

  test('a project file is made once, and counts at once', async () => {
    await open('cluster/pg_hba.conf');
    const project = uriOf('pgrampart.jsonc');
    try {
      await vscode.commands.executeCommand('pgrampart.openConfig');
      const { document } = vscode.window.activeTextEditor!;
      assert.equal(document.uri.toString(), project.toString());
      const text = document.getText();
      await vscode.commands.executeCommand('pgrampart.openConfig');
      assert.equal(vscode.window.activeTextEditor!.document.getText(), text);
    } finally {
      await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
      await vscode.workspace.fs.delete(project);
    }
  });

  test('the report opens as a page', async () => {
    await vscode.commands.executeCommand('pgrampart.showReport');
    const isReport = ({ input }: vscode.Tab) => input instanceof vscode.TabInputWebview && input.viewType.endsWith('pgrampart.report');
    const label = () => vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs.filter(isReport)).map((tab) => tab.label)[0];
    await until(() => label() === 'PostgreSQL Security Report', 'the report');
    const changed = 'standby/pg_hba.conf';
    await pause(2500);
    await vscode.workspace.fs.writeFile(uriOf(changed), await vscode.workspace.fs.readFile(uriOf(changed)));
    await until(() => label() === 'PostgreSQL Security Report (of an earlier state)', 'the page to say that a file was written since');
    await vscode.commands.executeCommand('pgrampart.showReport');
    await until(() => label() === 'PostgreSQL Security Report', 'the report that is made anew');
    // Otherwise a window that brings it back would leave it empty until something else wakes the extension.
    assert.ok((vscode.extensions.getExtension('pgrampart.pgrampart')!.packageJSON.activationEvents as string[]).includes('onWebviewPanel:pgrampart.report'));
    await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
  });

  test('the results of a scan can be walked in the tree', async () => {
    await vscode.commands.executeCommand('pgrampart.scanWorkspace');
    await finding('standby/pg_hba.conf', 'hba/trust-any');
    for (const grouping of ['Rule', 'File', 'Severity']) await vscode.commands.executeCommand(`pgrampart.groupBy${grouping}`);
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    // The keys do nothing until the view is there.
    for (let attempt = 0; attempt < 20 && vscode.window.activeTextEditor === undefined; attempt++) {
      for (const key of ['pgrampart.problems.focus', 'list.focusFirst', 'list.expand', 'list.focusDown', 'list.select']) await vscode.commands.executeCommand(key);
      await until(() => vscode.window.activeTextEditor !== undefined, 'the file of the first problem', 1000).catch(() => undefined);
    }
    const { document, selection } = vscode.window.activeTextEditor!;
    assert.ok(vscode.languages.getDiagnostics(document.uri).some(({ range }) => range.isEqual(selection)), 'its problem is selected');
    await vscode.commands.executeCommand('pgrampart.clearResults');
  });
});

import * as vscode from 'vscode';

/**
 * Resolves when something can be opened that wants the keyboard. A click in a walkthrough selects its step once more, which takes the keyboard a
 * quarter of a second later: away from a text that is there by then, or from a question, which is closed by that.
 */
export async function keyboardIsFree(): Promise<void> {
  const tab = vscode.window.tabGroups.activeTabGroup.activeTab;
  // The editor tells of a walkthrough no more than that it is no text and no page of an extension.
  const mayBeWalkthrough = tab !== undefined && tab.input === undefined;
  if (mayBeWalkthrough) await new Promise((resolve) => setTimeout(resolve, 400));
}

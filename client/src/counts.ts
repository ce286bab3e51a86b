import * as vscode from 'vscode';

export function countOfProblems(count: number): string {
  if (count === 0) return vscode.l10n.t('No problems');
  return count === 1 ? vscode.l10n.t('1 problem') : vscode.l10n.t('{0} problems', count);
}

export function countOfFiles(count: number): string {
  return count === 1 ? vscode.l10n.t('1 file') : vscode.l10n.t('{0} files', count);
}

import * as vscode from 'vscode';
import type { Severity } from '../../server/src/rules/rule.ts';

export const severityNames: Readonly<Record<Severity, string>> = {
  critical: vscode.l10n.t('Critical'), high: vscode.l10n.t('High'), medium: vscode.l10n.t('Medium'), low: vscode.l10n.t('Low'), info: vscode.l10n.t('Information'),
};

import * as vscode from 'vscode';
import { originText } from '../../server/src/version-origin.ts';
import { statusMethod, type StatusParams, type StatusResult } from '../../server/src/lsp/protocol.ts';
import type { Results } from './results.ts';
import type { Server } from './server.ts';

/** Puts on the clipboard what somebody who helps wants to know, in English: versions, settings, counts. Nothing of any file. */
export async function copyDiagnosticInfo(context: vscode.ExtensionContext, server: Server, results: Results): Promise<void> {
  const document = vscode.window.activeTextEditor?.document;
  const status = document && await server.ask<StatusResult>(statusMethod, { uri: document.uri.toString() } satisfies StatusParams);
  const settings = Object.keys(context.extension.packageJSON.contributes.configuration.properties as Record<string, unknown>).flatMap((name) => {
    const { globalValue, workspaceValue, workspaceFolderValue } = vscode.workspace.getConfiguration(undefined, document?.uri ?? null).inspect(name) ?? {};
    const value = workspaceFolderValue ?? workspaceValue ?? globalValue;
    return value === undefined ? [] : [`  ${name}: ${telling(value)}`];
  });
  const projects = await vscode.workspace.findFiles('**/{pgrampart,.pgrampart}.jsonc', '**/node_modules/**', 20);
  const lines = [
    `pgrampart ${context.extension.packageJSON.version as string}`,
    `VS Code ${vscode.version} (${vscode.env.appName}, ${vscode.env.uiKind === vscode.UIKind.Web ? 'web' : 'desktop'}${vscode.env.remoteName ? ', remote' : ''})`,
    `${process.platform} ${process.arch}, node ${process.version}`,
    `Workspace folders: ${vscode.workspace.workspaceFolders?.length ?? 0}, project files: ${projects.length}, trusted: ${vscode.workspace.isTrusted}`,
    `Active file: ${document ? `${document.languageId}, ${document.lineCount} lines` : 'none'}${status ? `, PostgreSQL ${status.version} (${originText(status.origin)}), ${status.problems} problems` : document ? ', not looked at' : ''}`,
    `Last scan: problems in ${results.all().length} files`,
    `Settings that are not the default:${settings.length > 0 ? `\n${settings.join('\n')}` : ' none'}`,
  ];
  await vscode.env.clipboard.writeText(`${lines.join('\n')}\n`);
  void vscode.window.showInformationMessage(vscode.l10n.t('Diagnostic information is on the clipboard: versions, settings and counts, nothing of your files'));
}

/** Patterns name folders and customers: their number is enough. */
function telling(value: unknown): string {
  return Array.isArray(value) && value.some((entry) => !/^[a-z]+$/.test(String(entry))) ? `${value.length} entries` : JSON.stringify(value);
}

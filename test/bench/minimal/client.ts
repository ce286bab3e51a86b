import * as vscode from 'vscode';
import { LanguageClient, TransportKind } from 'vscode-languageclient/node';

export function activate(context: vscode.ExtensionContext): void {
  const run = { module: context.asAbsolutePath('server.cjs'), transport: TransportKind.ipc };
  const client = new LanguageClient('minimal', { run, debug: run }, { documentSelector: [{ language: 'minimal' }] });
  context.subscriptions.push({ dispose: () => void client.dispose() });
  void client.start();
}

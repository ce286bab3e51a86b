import { TextDocumentSyncKind, type Connection, type InitializeResult } from 'vscode-languageserver';
import { actionKinds } from './kinds.ts';
import { readClient, type Client } from './client.ts';
import { helpCapabilities } from './help.ts';
import { Session, type World } from './session.ts';

/** Serves one editor until it hangs up. */
export function serve(connection: Connection, world: World): void {
  connection.onInitialize((params) => {
    const client = readClient(params);
    new Session(connection, world, client, params).listen();
    return answer(client);
  });
  connection.listen();
}

function answer(client: Client): InitializeResult {
  return {
    serverInfo: { name: 'pgrampart' },
    capabilities: {
      positionEncoding: 'utf-16',
      textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental },
      hoverProvider: true,
      ...helpCapabilities(client),
      ...(client.actionLiterals ? { codeActionProvider: { codeActionKinds: actionKinds } } : {}),
      ...(client.pullsDiagnostics ? { diagnosticProvider: { identifier: 'pgrampart', interFileDependencies: true, workspaceDiagnostics: false } } : {}),
      workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
    },
  };
}

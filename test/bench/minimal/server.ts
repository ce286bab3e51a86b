import { createConnection } from 'vscode-languageserver/node';

const connection = createConnection();
const start = { line: 0, character: 0 };
connection.onInitialize(() => ({ capabilities: { textDocumentSync: 1, diagnosticProvider: { interFileDependencies: false, workspaceDiagnostics: false } } }));
connection.languages.diagnostics.on(() => ({ kind: 'full', items: [{ range: { start, end: { line: 0, character: 1 } }, message: 'A problem' }] }));
connection.listen();

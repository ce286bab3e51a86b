import { build } from 'esbuild';
import { fork, spawn, type ChildProcess } from 'node:child_process';
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  createProtocolConnection, IPCMessageReader, IPCMessageWriter, StreamMessageReader, StreamMessageWriter,
  type DocumentDiagnosticReport, type ProtocolConnection,
} from 'vscode-languageserver/node';

let folder: string;
let server: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'pgrampart-'));
  server = join(folder, 'server.cjs');
  await build({ entryPoints: ['server/src/main.ts'], outfile: server, bundle: true, platform: 'node', format: 'cjs', target: 'node20', mainFields: ['module', 'main'], logLevel: 'error', logOverride: { 'empty-import-meta': 'silent' } });
  copyFileSync(createRequire(import.meta.url).resolve('libpg-query/wasm/libpg-query.wasm'), join(folder, 'libpg-query.wasm'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test.each([[['--stdio']], [[]]])('the bundled server speaks over its standard streams with %j', async (args) => {
  const child = spawn(process.execPath, [server, ...args], { stdio: ['pipe', 'pipe', 'inherit'] });
  await talk(child, createProtocolConnection(new StreamMessageReader(child.stdout), new StreamMessageWriter(child.stdin)));
});

test('the bundled server speaks over the channel of node', async () => {
  const child = fork(server, ['--node-ipc'], { execArgv: [] });
  await talk(child, createProtocolConnection(new IPCMessageReader(child), new IPCMessageWriter(child)));
});

async function talk(child: ChildProcess, connection: ProtocolConnection): Promise<void> {
  const exit = new Promise((resolve) => child.on('exit', resolve));
  connection.listen();
  const uri = 'untitled:Untitled-1';
  const text = "CREATE FUNCTION f() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1';\n";
  await connection.sendRequest('initialize', { processId: process.pid, rootUri: null, capabilities: { textDocument: { diagnostic: {} } } });
  await connection.sendNotification('initialized', {});
  await connection.sendNotification('textDocument/didOpen', { textDocument: { uri, languageId: 'sql', version: 1, text } });
  const report = await connection.sendRequest<DocumentDiagnosticReport>('textDocument/diagnostic', { textDocument: { uri } });
  expect(report).toMatchObject({ kind: 'full', items: expect.arrayContaining([expect.objectContaining({ code: 'sql/security-definer-search-path' })]) });
  await connection.sendRequest('shutdown');
  await connection.sendNotification('exit');
  expect(await exit).toBe(0);
  connection.dispose();
}

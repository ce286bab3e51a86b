import { spawn } from 'node:child_process';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { serverOptions } from '../../client/src/server-process.ts';
import {
  createProtocolConnection, DidChangeTextDocumentNotification, DidOpenTextDocumentNotification, DocumentDiagnosticRequest, ExitNotification,
  InitializedNotification, InitializeRequest, ShutdownRequest, StreamMessageReader, StreamMessageWriter, type ProtocolConnection,
} from 'vscode-languageserver-protocol/node';
import { routine } from './flow.ts';

export interface Latency {
  readonly name: string;
  readonly characters: number;
  /** Milliseconds of each keystroke. */
  readonly times: readonly number[];
}

const warmUp = 10;
const keystrokes = 60;

/** Types into texts of several sizes, over the same protocol that an editor speaks. */
export async function measureLatency(server: string): Promise<Latency[]> {
  const child = spawn(process.execPath, [...serverOptions, server, '--stdio'], { stdio: ['pipe', 'pipe', 'inherit'] });
  const connection = createProtocolConnection(new StreamMessageReader(child.stdout), new StreamMessageWriter(child.stdin));
  connection.onRequest('workspace/configuration', ({ items }: { items: unknown[] }) => items.map(() => null));
  connection.onRequest('client/registerCapability', () => null);
  connection.onRequest('workspace/diagnostic/refresh', () => null);
  connection.onUnhandledNotification(() => undefined);
  connection.listen();
  try {
    await connection.sendRequest(InitializeRequest.type, {
      processId: process.pid, rootUri: null, workspaceFolders: null,
      capabilities: { textDocument: { diagnostic: { dynamicRegistration: false, relatedDocumentSupport: false } } },
    });
    await connection.sendNotification(InitializedNotification.type, {});
    const results: Latency[] = [];
    for (const sample of samples()) results.push(await typeInto(connection, sample));
    await connection.sendRequest(ShutdownRequest.type);
    await connection.sendNotification(ExitNotification.type);
    return results;
  } finally {
    connection.dispose();
    child.kill();
  }
}

interface Sample {
  readonly name: string;
  readonly file: string;
  readonly languageId: string;
  readonly text: string;
  /** What the editor waits for after a keystroke; the diagnostics by default. */
  readonly answer?: 'textDocument/completion' | 'textDocument/hover';
  /** Typing happens behind the first occurrence of this in the second half of the text. */
  readonly behind: string;
}

async function typeInto(connection: ProtocolConnection, { name, file, languageId, text, behind, answer }: Sample): Promise<Latency> {
  const uri = pathToFileURL(path.resolve(file)).href;
  await connection.sendNotification(DidOpenTextDocumentNotification.type, { textDocument: { uri, languageId, version: 1, text } });
  const offset = text.indexOf(behind, text.length / 2) + behind.length;
  const lines = text.slice(0, offset).split('\n');
  const position = { line: lines.length - 1, character: lines.at(-1)!.length };
  const after = { line: position.line, character: position.character + 1 };
  const times: number[] = [];
  for (let i = 0; i < warmUp + keystrokes; i++) {
    const start = performance.now();
    const change = i % 2 === 0 ? { range: { start: position, end: position }, text: 'x' } : { range: { start: position, end: after }, text: '' };
    await connection.sendNotification(DidChangeTextDocumentNotification.type, { textDocument: { uri, version: i + 2 }, contentChanges: [change] });
    await connection.sendRequest(answer ?? DocumentDiagnosticRequest.method, { textDocument: { uri }, ...(answer === undefined ? {} : { position }) });
    if (i >= warmUp) times.push(performance.now() - start);
  }
  return { name, characters: text.length, times };
}

function samples(): Sample[] {
  return [
    { name: '10 KB of SQL', file: 'small.sql', languageId: 'sql', text: sql(10_000), behind: 'v_total' },
    { name: '120 KB of SQL', file: 'large.sql', languageId: 'sql', text: sql(120_000), behind: 'v_total' },
    { name: '1,000 lines of one routine', file: 'routine.sql', languageId: 'sql', text: routine(1_000), behind: 'v_count' },
    { name: '5,000 lines of pg_hba.conf', file: 'pg_hba.conf', languageId: 'pg-hba', text: hba(5_000), behind: 'app' },
    { name: '… completion', file: 'pg_hba.conf', languageId: 'pg-hba', text: hba(5_000), behind: 'app', answer: 'textDocument/completion' },
    { name: '… hover', file: 'pg_hba.conf', languageId: 'pg-hba', text: hba(5_000), behind: 'scram-sha', answer: 'textDocument/hover' },
    { name: '5,000 lines of postgresql.conf', file: 'postgresql.conf', languageId: 'postgresql-conf', text: conf(5_000), behind: '\nap' },
    { name: '… completion', file: 'postgresql.conf', languageId: 'postgresql-conf', text: conf(5_000), behind: '\nap', answer: 'textDocument/completion' },
    { name: '… hover', file: 'postgresql.conf', languageId: 'postgresql-conf', text: conf(5_000), behind: '\nap', answer: 'textDocument/hover' },
  ];
}

/** Migrations as they are: tables, grants, and a definer routine with dynamic SQL in every block. */
function sql(characters: number): string {
  const blocks: string[] = [];
  for (let i = 0, length = 0; length < characters; i++) {
    const block = `CREATE TABLE app.orders_${i} (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  customer text NOT NULL CHECK (customer <> ''),
  total numeric(12, 2) DEFAULT 0
);
GRANT SELECT, INSERT ON app.orders_${i} TO app_user;

CREATE FUNCTION app.total_${i}(p_customer text, p_table text) RETURNS numeric
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_total numeric;
BEGIN
  -- the table is chosen by the caller
  EXECUTE format('SELECT sum(total) FROM %I WHERE customer = $1', p_table) INTO v_total USING p_customer;
  IF v_total IS NULL THEN
    EXECUTE 'SELECT 0 FROM app.orders_${i} WHERE customer = ''' || p_customer || '''' INTO v_total;
  END IF;
  RETURN v_total;
END;
$$;
REVOKE EXECUTE ON FUNCTION app.total_${i}(text, text) FROM PUBLIC;

`;
    blocks.push(block);
    length += block.length;
  }
  return blocks.join('');
}

function hba(lines: number): string {
  const records = ['# TYPE  DATABASE  USER  ADDRESS  METHOD', 'local   all   postgres   peer'];
  while (records.length < lines) {
    const n = records.length;
    records.push(`hostssl db_${n}   app_${n}   10.${(n >> 8) & 255}.${n & 255}.0/24   ${n % 10 === 0 ? 'md5' : 'scram-sha-256'}`);
  }
  return `${records.join('\n')}\n`;
}

function conf(lines: number): string {
  return `${Array.from({ length: lines }, (_, n) => `${n % 3 === 0 ? '' : '#'}app.setting_${n} = 'value ${n}'\t\t# as it was`).join('\n')}\n`;
}

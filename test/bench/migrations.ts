import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { serverOptions } from '../../client/src/server-process.ts';
import {
  createProtocolConnection, DidChangeTextDocumentNotification, DidOpenTextDocumentNotification, DocumentDiagnosticRequest, ExitNotification,
  InitializedNotification, InitializeRequest, ShutdownRequest, StreamMessageReader, StreamMessageWriter,
} from 'vscode-languageserver-protocol/node';

export interface MigrationFigures {
  readonly files: number;
  readonly bytes: number;
  /** Milliseconds until the oldest file has any diagnostics, and until they count every file. */
  readonly first: number;
  readonly complete: number;
  /** Milliseconds from each edit in the oldest file to the diagnostics of the newest. */
  readonly edits: readonly number[];
  /** Bytes in memory at the most, and once garbage has been collected; undefined where the system does not tell. */
  readonly peak: number | undefined;
  readonly kept: Kept | undefined;
}

/** What a process has in memory, in bytes. */
export interface Kept {
  readonly rss: number;
  readonly heapUsed: number;
  /** Beside the heap: most of it is set aside for the SQL parser and not used. */
  readonly external: number;
}

const edits = 20;

/** Opens the oldest and the newest of many migrations in the server, as an editor does, and types into the oldest. `text`: of each but the newest. */
export async function measureMigrations(server: string, files: number, text = migration): Promise<MigrationFigures> {
  const folder = mkdtempSync(path.join(tmpdir(), 'pgrampart-migrations-'));
  const { texts, bytes } = writeMigrations(folder, files, text);
  const collected = path.join(folder, 'collected.json');
  const child = spawn(process.execPath, [...serverOptions, '--require', path.join(process.cwd(), 'test/bench/collect.cjs'), server, '--stdio'], {
    stdio: ['pipe', 'pipe', 'inherit'], env: { ...process.env, PGRAMPART_COLLECTED: collected },
  });
  const connection = createProtocolConnection(new StreamMessageReader(child.stdout), new StreamMessageWriter(child.stdin));
  let refreshed = () => {};
  connection.onRequest('workspace/configuration', ({ items }: { items: unknown[] }) => items.map(() => null));
  connection.onRequest('client/registerCapability', () => null);
  connection.onRequest('workspace/diagnostic/refresh', () => { refreshed(); return null; });
  connection.onUnhandledNotification(() => undefined);
  connection.listen();
  try {
    await connection.sendRequest(InitializeRequest.type, {
      processId: process.pid, rootUri: null, workspaceFolders: [{ uri: pathToFileURL(folder).href, name: 'bench' }],
      capabilities: { workspace: { diagnostics: { refreshSupport: true }, workspaceFolders: true }, textDocument: { diagnostic: { dynamicRegistration: false, relatedDocumentSupport: false } } },
    });
    await connection.sendNotification(InitializedNotification.type, {});
    const [oldest, newest] = [texts.at(0)!, texts.at(-1)!].map(([name, text]) => ({ uri: pathToFileURL(path.join(folder, name)).href, text }));
    const report = (uri: string) => connection.sendRequest(DocumentDiagnosticRequest.method, { textDocument: { uri } }) as Promise<{ items: { code: string }[] }>;
    const open = ({ uri, text }: { uri: string; text: string }) => connection.sendNotification(DidOpenTextDocumentNotification.type, { textDocument: { uri, languageId: 'sql', version: 1, text } });

    const start = performance.now();
    await open(oldest!);
    const waiting = new Promise<void>((resolve) => { refreshed = resolve; });
    let found = await report(oldest!.uri);
    const first = performance.now() - start;
    // The newest migration mends what the oldest one did: its findings go when all files are known.
    for (; found.items.some(({ code }) => code === 'sql/security-definer-search-path'); found = await report(oldest!.uri)) await Promise.race([waiting, pause(50)]);
    const complete = performance.now() - start;

    await open(newest!);
    await report(newest!.uri);
    const times: number[] = [];
    for (let version = 2; version < 2 + edits; version++) {
      const begin = performance.now();
      const text = version % 2 === 0 ? `${oldest!.text}CREATE TABLE app.extra (id int);\n` : oldest!.text;
      await connection.sendNotification(DidChangeTextDocumentNotification.type, { textDocument: { uri: oldest!.uri, version }, contentChanges: [{ text }] });
      await report(newest!.uri);
      times.push(performance.now() - begin);
    }
    const peak = peakOf(child.pid!);
    const kept = peak === undefined ? undefined : await keptBy(child.pid!, collected);
    await connection.sendRequest(ShutdownRequest.type);
    await connection.sendNotification(ExitNotification.type);
    return { files, bytes, first, complete, edits: times, peak, kept };
  } finally {
    connection.dispose();
    child.kill();
    rmSync(folder, { recursive: true, force: true });
  }
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/** Linux says how much memory a process has had at the most. */
function peakOf(pid: number): number | undefined {
  return memoryOf(pid, 'VmHWM');
}

function memoryOf(pid: number, name: 'VmHWM' | 'VmRSS'): number | undefined {
  try {
    return Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(readFileSync(`/proc/${pid}/status`, 'utf8'))![1]) * 1024;
  } catch {
    return undefined;
  }
}

async function keptBy(pid: number, file: string): Promise<Kept> {
  process.kill(pid, 'SIGUSR2');
  for (let text = ''; ; await pause(50), text = existsSync(file) ? readFileSync(file, 'utf8') : '') {
    if (text.endsWith('}')) return { ...JSON.parse(text) as Kept, rss: memoryOf(pid, 'VmRSS')! };
  }
}

/** As they are in a product that is ten years old: tables, columns, policies, grants, and now and then a routine. */
function writeMigrations(folder: string, files: number, migrationOf: (n: number) => string): { texts: [string, string][]; bytes: number } {
  const home = path.join(folder, 'supabase', 'migrations');
  mkdirSync(home, { recursive: true });
  const texts: [string, string][] = [];
  let bytes = 0;
  for (let n = 0; n < files; n++) {
    const text = n === files - 1 ? mending : n === 0 ? migration(n) : migrationOf(n);
    const name = `${20_150_101_000_000 + n}_step_${n}.sql`;
    texts.push([path.join('supabase', 'migrations', name), text]);
    writeFileSync(path.join(home, name), text);
    bytes += text.length;
  }
  return { texts, bytes };
}

const mending = 'ALTER FUNCTION app.total_0(text) SET search_path = pg_catalog, app, pg_temp;\nREVOKE ALL ON FUNCTION app.total_0(text) FROM PUBLIC;\n';

function migration(n: number): string {
  const table = `app.orders_${Math.floor(n / 10)}`;
  if (n % 10 === 0) return routine(n, table);
  if (n % 10 === 1) return `CREATE POLICY own ON ${table} USING (customer = current_setting('app.customer', true));\nGRANT SELECT, INSERT ON ${table} TO app_user;\n`;
  return `ALTER TABLE ${table} ADD COLUMN extra_${n} text NOT NULL DEFAULT '';\nCREATE INDEX orders_${n} ON ${table} (extra_${n});\nCOMMENT ON COLUMN ${table}.extra_${n} IS 'Added in step ${n}';\n`;
}

function routine(n: number, table: string): string {
  const path = n === 0 ? '' : ' SET search_path = pg_catalog, app, pg_temp';
  const revoke = n === 0 ? '' : `REVOKE ALL ON FUNCTION app.total_${n}(text) FROM PUBLIC;\n`;
  return `CREATE SCHEMA IF NOT EXISTS app;
CREATE TABLE ${table} (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, customer text NOT NULL, total numeric(12, 2) DEFAULT 0);
ALTER TABLE ${table} ENABLE ROW LEVEL SECURITY;
CREATE FUNCTION app.total_${n}(p_customer text) RETURNS numeric LANGUAGE plpgsql SECURITY DEFINER${path} AS $$
DECLARE
  v_total numeric;
BEGIN
  SELECT sum(total) INTO v_total FROM ${table} WHERE customer = p_customer;
  RETURN coalesce(v_total, 0);
END;
$$;
${revoke}`;
}

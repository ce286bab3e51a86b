// A real VS Code without a desktop: its server as a process of ours, its window in a headless Chromium.
import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { format } from 'node:util';
import type { BrowserContext, Page } from 'playwright-core';
import { cache, repository, run } from './install.ts';
import type { EditorHost } from './install.ts';

export interface Server {
  readonly origin: string;
  /** Resolves when the process is gone, for whatever reason. */
  readonly gone: Promise<void>;
  log(): string;
  stop(): Promise<void>;
}

export interface ServerOptions {
  /** The server's settings, state and extensions live in here. */
  readonly folder: string;
  readonly vsix?: readonly string[];
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly token?: string;
  /** Without it the page may not name an extension and tests to run. */
  readonly smokeTest?: boolean;
}

/** Starts the server on a free port of the loopback interface, with the given packages installed in it. */
export async function startServer(host: EditorHost, options: ServerOptions): Promise<Server> {
  const data = path.join(options.folder, 'data');
  writeSettings(data, options.settings ?? {});
  const common = ['--accept-server-license-terms', '--server-data-dir', data, '--extensions-dir', path.join(options.folder, 'extensions')];
  const env: NodeJS.ProcessEnv = { ...process.env, ...options.env };
  // A terminal of VS Code gives these to its children; they would confuse another VS Code.
  for (const name of Object.keys(env)) if (/^(VSCODE_|ELECTRON_)/.test(name)) delete env[name];
  for (const file of options.vsix ?? []) await run(host.node, [host.serverMain, ...common, '--install-extension', file, '--force'], { env });

  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  const child = spawn(host.node, [
    host.serverMain, '--host', '127.0.0.1', '--port', String(port), ...common, '--disable-telemetry', '--disable-workspace-trust',
    ...(options.token ? ['--connection-token', options.token] : ['--without-connection-token']),
    ...(options.smokeTest ? ['--enable-smoke-test-driver'] : []),
  ], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let log = '';
  child.stdout.on('data', (text: Buffer) => { log += text.toString(); });
  child.stderr.on('data', (text: Buffer) => { log += text.toString(); });
  let exited = false;
  const gone = new Promise<void>(resolve => {
    child.once('error', error => { log += String(error); exited = true; resolve(); });
    child.once('exit', () => { exited = true; resolve(); });
  });
  const killAtExit = () => { child.kill('SIGKILL'); };
  process.once('exit', killAtExit);
  const stop = async () => {
    child.kill();
    const timer = setTimeout(() => child.kill('SIGKILL'), 5000);
    await gone;
    clearTimeout(timer);
    process.off('exit', killAtExit);
  };

  for (let attempt = 0; !await answers(`${origin}/version`); attempt++) {
    if (!exited && attempt < 600) continue;
    await stop();
    throw new Error(`VS Code ${host.version} did not start\n${log}`);
  }
  return { origin, gone, log: () => log, stop };
}

export interface Window {
  readonly page: Page;
  readonly server: Server;
  /** The copy of the workspace that is open in the window. */
  readonly workspace: string;
  /** An address of a file for the page's payload. */
  remote(file: string): string;
  open(payload: readonly (readonly [string, string])[]): Promise<void>;
  close(): Promise<void>;
}

/** A window on a copy of a workspace, in folders that vanish when it is closed; the copy may get another name. */
export async function openWindow(
  host: EditorHost, chromium: string, workspace: string, options: Omit<ServerOptions, 'folder' | 'token'> & { readonly name?: string } = {},
): Promise<Window> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'pgrampart-editor-'));
  const remove = () => rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 });
  const copy = path.join(folder, options.name ?? path.basename(workspace));
  let server: Server | undefined;
  let context: BrowserContext | undefined;
  const close = async () => {
    await context?.close().catch(() => undefined);
    await server?.stop();
    remove();
  };
  try {
    cpSync(workspace, copy, { recursive: true });
    const started = server = await startServer(host, { ...options, folder, env: { ...options.env, HOME: folder } });
    context = await launch(chromium, path.join(folder, 'chromium'));
    const page = context.pages()[0] ?? await context.newPage();
    const remote = (file: string) => `vscode-remote://${new URL(started.origin).host}${file}`;
    const open = async (payload: readonly (readonly [string, string])[]) => {
      await page.goto(`${started.origin}/?folder=${encodeURIComponent(copy)}&payload=${encodeURIComponent(JSON.stringify(payload))}`);
    };
    return { page, server: started, workspace: copy, remote, open, close };
  } catch (error) {
    await close();
    throw error;
  }
}

export interface SuiteOptions {
  readonly host: EditorHost;
  readonly chromium: string;
  readonly workspace: string;
  /** A folder with the extension under development, or with an empty one when `vsix` has what is tested. */
  readonly extension: string;
  /** A CommonJS module that exports `run(): Promise<void>`. */
  readonly tests: string;
  readonly vsix?: readonly string[];
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly timeout?: number;
  /** How often the window is started with the suite, once by default: a later start finds what an earlier one has kept. */
  readonly starts?: number;
  /** Starts the lines that the suite prints; the workbench says much more, which is shown only when the suite fails. */
  readonly mark: string;
  onLine(line: string): void;
}

/** Runs extension tests; gives undefined when they passed, otherwise what went wrong. */
export async function runSuite(options: SuiteOptions): Promise<string | undefined> {
  const window = await openWindow(options.host, options.chromium, options.workspace, {
    vsix: options.vsix, settings: options.settings, env: options.env, smokeTest: true,
  });
  const log: string[] = [];
  let timer: NodeJS.Timeout | undefined;
  try {
    const { page } = window;
    let exit: (code: number) => void = () => undefined;
    const broken = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => reject(new Error('the suite did not end in time')), options.timeout ?? 600_000);
      page.on('crash', () => reject(new Error('the page crashed')));
      void window.server.gone.then(() => reject(new Error('the server of VS Code went away')));
      void page.exposeFunction('codeAutomationExit', (code: number) => exit(code)).catch(reject);
    });
    broken.catch(() => undefined);
    await page.exposeFunction('codeAutomationLog', (type: string, args: unknown[]) => {
      const message = format(...args);
      if (harmless.test(message)) return;
      for (const line of message.split('\n')) {
        if (line.startsWith(options.mark)) options.onLine(line.slice(options.mark.length));
        else log.push(`[${type}] ${line}`);
      }
    });
    for (let start = 0; start < (options.starts ?? 1); start++) {
      const ended = new Promise<number>(resolve => { exit = resolve; });
      await window.open([['extensionDevelopmentPath', window.remote(options.extension)], ['extensionTestsPath', window.remote(options.tests)]]);
      const code = await Promise.race([ended, broken]);
      if (code !== 0) return `the suite ended with ${code}\n${tail(log, window.server)}`;
    }
    return undefined;
  } catch (error) {
    return `${String(error)}\n${tail(log, window.server)}`;
  } finally {
    clearTimeout(timer);
    await window.close();
  }
}

/** The extension as people install it. */
export async function packageExtension(): Promise<string> {
  const file = path.join(cache, 'pgrampart.vsix');
  mkdirSync(cache, { recursive: true });
  rmSync(file, { force: true });
  const vsce = path.join(repository, 'node_modules', '@vscode', 'vsce', 'vsce');
  await run(process.execPath, [vsce, 'package', '--no-dependencies', '-o', file], { cwd: repository });
  return file;
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = net.createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as net.AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}

// A window without anything that talks to the network, moves, or asks questions.
const quiet = {
  'chat.disableAIFeatures': true, 'workbench.secondarySideBar.defaultVisibility': 'hidden', 'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false, 'workbench.enableExperiments': false, 'telemetry.telemetryLevel': 'off', 'update.mode': 'none',
  'extensions.autoUpdate': false, 'extensions.autoCheckUpdates': false, 'extensions.ignoreRecommendations': true,
  'remote.autoForwardPorts': false, 'files.autoSave': 'off', 'files.hotExit': 'off', 'git.enabled': false, 'window.commandCenter': false, 'editor.minimap.enabled': false,
};

function writeSettings(data: string, settings: Readonly<Record<string, unknown>>): void {
  for (const scope of ['User', 'Machine']) {
    mkdirSync(path.join(data, 'data', scope), { recursive: true });
    writeFileSync(path.join(data, 'data', scope, 'settings.json'), JSON.stringify({ ...quiet, ...settings }));
  }
}

async function launch(executablePath: string, profile: string): Promise<BrowserContext> {
  const { chromium } = await import('playwright-core');
  return chromium.launchPersistentContext(profile, {
    executablePath, headless: true, viewport: { width: 1400, height: 860 },
    args: [
      '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
      '--disable-component-update', '--disable-sync', '--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1',
    ],
  });
}

async function answers(address: string): Promise<boolean> {
  try {
    await fetch(address, { signal: AbortSignal.timeout(2000) });
    return true;
  } catch {
    await new Promise(resolve => setTimeout(resolve, 100));
    return false;
  }
}

// Native modules of the server that are not built, and services that are not reachable, on purpose.
const harmless = /spdlog|bindings file|vsda|open-vsx\.org/;

function tail(log: readonly string[], server: Server): string {
  const said = server.log().split('\n').filter(line => !harmless.test(line));
  return ['--- workbench ---', ...log.slice(-40), '--- server ---', ...said.slice(-20)].join('\n');
}

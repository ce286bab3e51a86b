// Bundles the suite and runs it in the embedded hosts, against the packaged extension.
import { build } from 'esbuild';
import { existsSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { findChromium } from '../../scripts/chromium.ts';
import { runSuite } from '../../scripts/host.ts';
import { cache, installHost, repository } from '../../scripts/install.ts';
import type { EditorHost } from '../../scripts/install.ts';
import { resultsVariable, suiteMark } from './names.ts';
import type { Results } from './names.ts';

export type Counts = Pick<Results, 'passed' | 'failed' | 'skipped'>;

export const editorFolder = path.join(repository, 'test', 'editor');
export const harness = path.join(editorFolder, 'harness');
export const workspace = path.join(editorFolder, 'workspace');

/** The suite in the newest and in the oldest VS Code that the package admits, one after the other. */
export async function runEmbedded(vsix: string, names: readonly EditorHost['name'][] = ['newest', 'oldest']): Promise<Counts[]> {
  const tests = await bundleSuite();
  const chromium = await findChromium();
  const counts: Counts[] = [];
  for (const name of names) {
    const host = await installHost(name);
    console.log(`\nEditor suite in VS Code ${host.version} (embedded, ${name})`);
    const results = freshResults(name);
    const problem = await runSuite({
      host, chromium, workspace, extension: harness, tests, vsix: [vsix], mark: suiteMark,
      env: { [resultsVariable]: results }, onLine: line => console.log(line),
    });
    counts.push(readResults(results, problem));
  }
  return counts;
}

/** One CommonJS file per test file, as the extension host loads them. */
export async function bundleSuite(): Promise<string> {
  const outdir = path.join(cache, 'editor-suite');
  rmSync(outdir, { recursive: true, force: true });
  const files = readdirSync(path.join(editorFolder, 'suite')).filter(file => file.endsWith('.test.ts'));
  await build({
    entryPoints: [path.join(editorFolder, 'index.ts'), ...files.map(file => path.join(editorFolder, 'suite', file))],
    outdir, outbase: editorFolder, outExtension: { '.js': '.cjs' }, bundle: true, platform: 'node', format: 'cjs', target: 'node20',
    external: ['vscode', 'mocha'], sourcemap: 'inline', logLevel: 'warning',
  });
  return path.join(outdir, 'index.cjs');
}

export function freshResults(name: string): string {
  const file = path.join(cache, `editor-results-${name}.json`);
  rmSync(file, { force: true });
  return file;
}

/** The counts of one host. One that died counts as a failure, and what is known about its end is shown. */
export function readResults(file: string, problem: string | undefined): Counts {
  const results = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) as Results : undefined;
  if (results?.ended && (problem === undefined || results.failed > 0)) return results;
  for (const failure of results?.failures ?? []) console.error(`failed: ${failure}`);
  console.error(problem ?? 'The suite ended without results');
  return { passed: results?.passed ?? 0, failed: (results?.failed ?? 0) + 1, skipped: results?.skipped ?? 0 };
}

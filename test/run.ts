// Every test in one command: `npm test`. With --editor only those in a real editor, with --unit only the others.
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { packageExtension } from '../scripts/host.ts';
import { cache, main, repository } from '../scripts/install.ts';
import { runEmbedded } from './editor/suites.ts';
import type { Counts } from './editor/suites.ts';

const dead: Counts = { passed: 0, failed: 1, skipped: 0 };

await main(async () => {
  const only = process.argv.slice(2);
  const counts: Counts[] = [];
  if (!only.includes('--editor')) counts.push(await stage('The unit tests', runUnits));
  if (!only.includes('--unit')) {
    const editor = await stage('The editor tests', async () => sum(await runEmbedded(await packageExtension())));
    counts.push(editor);
  }
  const { passed, failed, skipped } = sum(counts);
  console.log(`\n${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`);
  return failed > 0 || passed === 0 ? 1 : 0;
});

// What keeps one stage from running must not hide the results of the others.
async function stage(name: string, work: () => Promise<Counts>): Promise<Counts> {
  try {
    return await work();
  } catch (error) {
    console.error(`\n${name} gave no result: ${error instanceof Error ? error.message : String(error)}`);
    return dead;
  }
}

async function runUnits(): Promise<Counts> {
  const results = path.join(cache, 'unit-results.json');
  mkdirSync(cache, { recursive: true });
  rmSync(results, { force: true });
  const vitest = path.join(repository, 'node_modules', 'vitest', 'vitest.mjs');
  const code = await new Promise<number | null>((resolve, reject) => {
    const child = spawn(process.execPath, [
      vitest, 'run', '--config', 'test/vitest.config.ts', '--reporter=default', '--reporter=json', `--outputFile.json=${results}`,
    ], { cwd: repository, stdio: ['ignore', 'inherit', 'inherit'] });
    child.once('error', reject);
    child.once('close', resolve);
  });
  if (!existsSync(results)) throw new Error(`vitest ended with ${code} and no results`);
  const report = JSON.parse(readFileSync(results, 'utf8')) as VitestReport;
  // A test file that cannot be loaded has no tests, and an error outside of a test fails none.
  const unloaded = report.testResults.filter(file => file.status === 'failed' && file.assertionResults.every(test => test.status !== 'failed')).length;
  const failed = report.numFailedTests + unloaded;
  return { passed: report.numPassedTests, failed: failed === 0 && code !== 0 ? 1 : failed, skipped: report.numPendingTests + report.numTodoTests };
}

interface VitestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly testResults: readonly { readonly status: string; readonly assertionResults: readonly { readonly status: string }[] }[];
}

function sum(counts: readonly Counts[]): Counts {
  const total = (key: keyof Counts) => counts.reduce((all, one) => all + one[key], 0);
  return { passed: total('passed'), failed: total('failed'), skipped: total('skipped') };
}

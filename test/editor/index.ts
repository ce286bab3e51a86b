// What extension tests export; the same module serves the embedded hosts and a desktop VS Code.
import { readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { format } from 'node:util';
import { grepVariable, resultsVariable, suiteMark } from './names.ts';
import type { Results } from './names.ts';

export async function run(): Promise<void> {
  const { default: Mocha } = await import('mocha');
  // The embedded host hands on everything that the extension host prints; marked lines are the suite's own.
  Mocha.reporters.Base.consoleLog = (...values: unknown[]) => {
    for (const line of format(...values).split('\n')) console.log(suiteMark + line);
  };
  const mocha = new Mocha({ ui: 'tdd', color: false, timeout: 60_000, slow: 5_000, reporter: 'spec', forbidOnly: Boolean(process.env['CI']) });
  const wanted = process.env[grepVariable];
  if (wanted) mocha.fgrep(wanted);
  const folder = path.join(__dirname, 'suite');
  for (const file of readdirSync(folder).sort()) {
    if (file.endsWith('.test.cjs')) mocha.addFile(path.join(folder, file));
  }
  const failures: string[] = [];
  const failed = await new Promise<number>(resolve => {
    const runner = mocha.run(resolve);
    runner.on('fail', (test, error: Error) => failures.push(`${test.fullTitle()}: ${error.message}`));
    // Written after every test, so that a host that dies or hangs does not take the counts with it.
    for (const event of ['pass', 'fail', 'pending', 'end'] as const) {
      runner.on(event, () => {
        const { passes = 0, failures: failed = 0, pending = 0 } = runner.stats ?? {};
        report({ passed: passes, failed, skipped: pending, failures, ended: event === 'end' });
      });
    }
  });
  if (failed > 0) throw new Error(`${failed} editor tests failed`);
}

function report(results: Results): void {
  const file = process.env[resultsVariable];
  if (file) writeFileSync(file, JSON.stringify(results));
}

// The full comparison with real servers, and every test of random inputs with many more of them: `npm run oracle`, or
// `npm run oracle -- SEED` to repeat one.
import { spawn } from 'node:child_process';
import path from 'node:path';
import { main, repository, say } from '../../scripts/install.ts';

const ofRandomInputs = ['test/robust', 'test/syntax', 'test/help', 'test/diff', 'test/facts/edits'];

await main(async () => {
  const seed = process.argv[2] ?? String(Date.now() % 2 ** 31);
  say(`Repeat this run with: npm run oracle -- ${seed}`);
  const vitest = path.join(repository, 'node_modules', 'vitest', 'vitest.mjs');
  const env = { ...process.env, PGRAMPART_ORACLE: 'full', PGRAMPART_SEED: seed };
  return new Promise<number>((resolve, reject) => {
    const args = [vitest, 'run', '--config', 'test/vitest.config.ts', '--testTimeout=3600000', 'test/oracle', ...ofRandomInputs];
    const child = spawn(process.execPath, args, { cwd: repository, env, stdio: ['ignore', 'inherit', 'inherit'] });
    child.once('error', reject);
    child.once('close', (code) => resolve(code ?? 1));
  });
});

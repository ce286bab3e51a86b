// Builds what is installed from a Git address. npm brings nothing to build with when that is installed for the whole machine, as
// pre-commit does it: https://github.com/npm/cli/issues/8440
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';

// Standard output belongs to `npm pack`, which prints the name of the package there.
const stdio = ['ignore', process.stderr, process.stderr];
if (!existsSync('node_modules/esbuild')) {
  execFileSync(process.execPath, [process.env.npm_execpath, 'ci', '--no-global', '--include=dev', '--include=optional', '--ignore-scripts'], { stdio });
}
await import('./build.mjs');

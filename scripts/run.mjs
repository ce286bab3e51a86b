// Runs a TypeScript file: `node scripts/run.mjs FILE ARGS…`. Node 20 cannot do that by itself.
import { build } from 'esbuild';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

const [, , file, ...args] = process.argv;
const folder = path.join(import.meta.dirname, '..', '.cache', 'run');
mkdirSync(folder, { recursive: true });
const outfile = path.join(folder, `${path.basename(file, '.ts')}-${process.pid}.mjs`);
await build({
  entryPoints: [file], outfile, bundle: true, platform: 'node', format: 'esm', target: 'node20',
  packages: 'external', sourcemap: 'inline', logLevel: 'warning',
});
process.argv = [process.argv[0], path.resolve(file), ...args];
try {
  await import(pathToFileURL(outfile).href);
} finally {
  const { rmSync } = await import('node:fs');
  rmSync(outfile, { force: true });
}

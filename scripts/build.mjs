// Bundles the extension client, the language server and the command line into dist/.
import { build } from 'esbuild';
import { chmodSync, copyFileSync, mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';

const root = path.join(import.meta.dirname, '..');
process.chdir(root);
rmSync('dist', { recursive: true, force: true });
mkdirSync('dist');

const common = { bundle: true, platform: 'node', target: 'node20', minify: true, keepNames: true, mainFields: ['module', 'main'], logLevel: 'warning', legalComments: 'none' };
// What bundled CommonJS packages expect and an ES module does not have.
const commonJsBanner = [
  "import { createRequire as pgrampartRequire } from 'node:module';",
  'const require = pgrampartRequire(import.meta.url); const __filename = import.meta.filename; const __dirname = import.meta.dirname;',
].join('\n');
await Promise.all([
  build({ ...common, entryPoints: ['client/src/extension.ts'], outfile: 'dist/client.cjs', format: 'cjs', external: ['vscode'] }),
  build({ ...common, entryPoints: ['server/src/main.ts'], outfile: 'dist/server.cjs', format: 'cjs', logOverride: { 'empty-import-meta': 'silent' } }),
  build({ ...common, entryPoints: ['server/src/cli.ts'], outfile: 'dist/cli.js', format: 'esm', banner: { js: `#!/usr/bin/env node\n${commonJsBanner}` } }),
]);
copyFileSync('node_modules/libpg-query/wasm/libpg-query.wasm', 'dist/libpg-query.wasm');
chmodSync('dist/cli.js', 0o755);

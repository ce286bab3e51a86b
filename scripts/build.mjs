// Bundles the extension client, the language server and the command line into dist/.
import { build } from 'esbuild';
import { chmodSync, copyFileSync, mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';

const root = path.join(import.meta.dirname, '..');
process.chdir(root);
rmSync('dist', { recursive: true, force: true });
mkdirSync('dist');

const common = { bundle: true, platform: 'node', target: 'node20', minifyWhitespace: true, minifySyntax: true, mainFields: ['module', 'main'], logLevel: 'warning', legalComments: 'none' };
// What bundled CommonJS packages expect and an ES module does not have.
const commonJsBanner = [
  "import { createRequire as pgrampartRequire } from 'node:module';",
  'const require = pgrampartRequire(import.meta.url); const __filename = import.meta.filename; const __dirname = import.meta.dirname;',
].join('\n');
// What the first problem of a window need not wait for is in files of its own.
const apart = {
  name: 'apart',
  setup: (building) => building.onResolve({ filter: /^(vscode-languageclient\/node|pgsql-ast-parser)$/ }, ({ path: name, kind }) => (
    kind === 'dynamic-import' ? { path: `./${name.replace('/', '-')}.cjs`, external: true } : undefined
  )),
};
const commonJs = { ...common, format: 'cjs', supported: { 'dynamic-import': false }, external: ['vscode'], logOverride: { 'empty-import-meta': 'silent' } };
await Promise.all([
  build({ ...commonJs, entryPoints: ['client/src/extension.ts'], outfile: 'dist/client.cjs', plugins: [apart] }),
  build({ ...commonJs, entryPoints: ['vscode-languageclient/node'], outfile: 'dist/vscode-languageclient-node.cjs' }),
  build({ ...commonJs, entryPoints: ['server/src/main.ts'], outfile: 'dist/server.cjs', plugins: [apart] }),
  build({ ...commonJs, entryPoints: ['pgsql-ast-parser'], outfile: 'dist/pgsql-ast-parser.cjs' }),
  build({ ...common, entryPoints: ['server/src/cli.ts'], outfile: 'dist/cli.js', format: 'esm', banner: { js: `#!/usr/bin/env node\n${commonJsBanner}` } }),
]);
copyFileSync('node_modules/libpg-query/wasm/libpg-query.wasm', 'dist/libpg-query.wasm');
chmodSync('dist/cli.js', 0o755);

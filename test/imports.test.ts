import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import manifest from '../package.json' with { type: 'json' };

const root = path.join(import.meta.dirname, '..');
/** The straight line: a file imports only from its own layer and from those before it. */
const layers = [/^text\.ts$/, /^(document|paths|migrations|new-migration)\.ts$|^layouts\//, /^syntax\//, /^catalog\//, /^facts\//, /^rules\//, /^policy\//, /^(help|checklist)\//, /^(lint|fix|languages|host|workspace|versions|projects|baselines|sets|git-index|git-head|replaced-host|walk|scan|manual|host|node-.*)\.ts$/, /^diff\//, /^compare-scan\.ts$/, /^report\//, /^lsp\//, /^(main|browser|cli|generate)\.ts$|^cli\//];
const only: [RegExp, RegExp][] = [
  [/^(vscode-languageserver|vscode-languageserver-textdocument)/, /^server\/src\/(lsp\/|main\.ts|browser\.ts)/],
  [/^(vscode|vscode-languageclient.*)$/, /^client\//],
  [/^(libpg-query|pgsql-ast-parser|@pgsql)/, /^server\/src\/syntax\/sql\/|^server\/src\/facts\//],
  [/^node:/, /^client\/|^server\/src\/(node-|main\.ts|cli|generate\.ts)/],
];

const sources = ['client/src', 'server/src'].flatMap((folder) => readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts')).map((file) => `${folder}/${file.replaceAll('\\', '/')}`));

test.each(sources)('%s imports one way', (file) => {
  for (const [, type, target] of readFileSync(path.join(root, file), 'utf8').matchAll(/^(?:import|export)\s+(type\s)?(?:[^'";]*?\sfrom\s+)?'([^']+)'/gm)) {
    for (const [name, where] of only) if (name.test(target!)) expect(where.test(file) || (type && !/^vscode/.test(target!)), `${file} imports ${target}`).toBeTruthy();
    if (!target!.startsWith('.') || !file.startsWith('server/src/') || type) continue;
    const layer = (name: string) => layers.findIndex((pattern) => pattern.test(name));
    const to = path.posix.normalize(path.posix.join(path.posix.dirname(file), target!)).replace('server/src/', '');
    const from = file.replace('server/src/', '');
    expect(layer(from), `${from} has no layer`).toBeGreaterThanOrEqual(0);
    expect(layer(to), `${from} imports ${to}`).toBeLessThanOrEqual(layer(from));
  }
});

test('every package that is imported is one that npm installs', () => {
  const packages = new Set([...Object.keys(manifest.dependencies), 'vscode']);
  for (const file of sources) {
    for (const [, target] of readFileSync(path.join(root, file), 'utf8').matchAll(/^import\s+(?!type\s)(?:[^'";]*?\sfrom\s+)?'([^'.][^']*)'/gm)) {
      const name = /^(@[^/]+\/)?[^/]+/.exec(target!)![0];
      if (!target!.startsWith('node:')) expect(packages.has(name), `${file} imports ${target}`).toBe(true);
    }
  }
});

import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { exampleOrigin, pipelines } from '../client/src/pipelines.ts';
import manifest from '../package.json' with { type: 'json' };
import { fileFormats } from '../server/src/report/formats.ts';

const root = path.join(import.meta.dirname, '..');
const read = (file: string) => readFileSync(path.join(root, file), 'utf8');
const texts = pipelines.map(({ label, text }) => ({ label, text: text(exampleOrigin, `v${manifest.version}`) }));

test.each(texts)('the README has what $label needs', ({ text }) => {
  expect(read('README.md')).toContain(text);
});

test.each(texts)('$label asks for formats that there are', ({ text }) => {
  for (const [, format] of text.matchAll(/--format ([a-z-]+)/g)) expect(['pretty', ...Object.keys(fileFormats)]).toContain(format);
});

test('pre-commit finds the hook, for the files that are looked at', () => {
  const hooks = read('.pre-commit-hooks.yaml');
  expect(texts.find(({ label }) => label === 'pre-commit')!.text).toContain('id: pgrampart');
  expect(hooks).toContain('id: pgrampart');
  const files = new RegExp(/files: (.*)/.exec(hooks)![1]!);
  for (const name of ['pg_hba.conf', 'etc/pg_hba.prod.conf', 'pg_ident.conf', 'postgresql.conf', 'postgresql.auto.conf', 'db/1.sql']) expect(files.test(name), name).toBe(true);
  for (const name of ['nginx.conf', 'sql/readme.md', 'pg_hba/nginx.conf']) expect(files.test(name), name).toBe(false);
});

test('npm installs what builds it where it has brought nothing, as for pre-commit', () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'pgrampart-prepare-'));
  try {
    mkdirSync(path.join(folder, 'scripts'));
    cpSync(path.join(root, 'scripts/prepare.mjs'), path.join(folder, 'scripts/prepare.mjs'));
    writeFileSync(path.join(folder, 'scripts/build.mjs'), `import { writeFileSync } from 'node:fs'; writeFileSync('built', '');`);
    writeFileSync(path.join(folder, 'npm.cjs'), `const fs = require('node:fs'); fs.writeFileSync('asked', process.argv.slice(2).join(' ')); fs.mkdirSync('node_modules/esbuild', { recursive: true });`);
    const prepare = () => execFileSync(process.execPath, ['scripts/prepare.mjs'], { cwd: folder, env: { ...process.env, npm_execpath: path.join(folder, 'npm.cjs') } });
    const exists = (file: string) => existsSync(path.join(folder, file));

    prepare();
    expect(readFileSync(path.join(folder, 'asked'), 'utf8')).toMatch(/^ci --no-global --include=dev /);
    expect(exists('built')).toBe(true);
    rmSync(path.join(folder, 'asked'));
    prepare();
    expect(exists('asked'), 'nothing is installed twice').toBe(false);
  } finally {
    rmSync(folder, { recursive: true });
  }
  expect(manifest.scripts.prepare).toBe('node scripts/prepare.mjs');
});

import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { exampleOrigin, pipelines } from '../client/src/pipelines.ts';
import manifest from '../package.json' with { type: 'json' };
import { fileFormats } from '../server/src/report/formats.ts';

const read = (file: string) => readFileSync(path.join(import.meta.dirname, '..', file), 'utf8');
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

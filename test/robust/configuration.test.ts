import { expect, test } from 'vitest';
import type { Document } from '../../server/src/document.ts';
import { hbaFacts } from '../../server/src/facts/access.ts';
import { confFacts } from '../../server/src/facts/conf/settings.ts';
import { lint } from '../../server/src/lint.ts';
import type { Language } from '../../server/src/rules/rule.ts';
import { parseConf } from '../../server/src/syntax/conf.ts';
import { parseHba } from '../../server/src/syntax/hba.ts';
import { parseIdent } from '../../server/src/syntax/ident.ts';
import { filesOf } from '../files.ts';
import { random } from './damage.ts';

function documentOf(language: Language, path: string, files: Readonly<Record<string, string>>): Document {
  return { path, text: files[path]!, language, version: 18, files: filesOf(files) };
}

test('a hundred thousand lines are all read', () => {
  const lines = 100_000;
  expect(parseHba('host all all 10.0.0.0/8 md5\n'.repeat(lines), 18).records).toHaveLength(lines);
  expect(parseHba('host all "all 10.0.0.0/8 md5\n'.repeat(lines), 18).lines).toHaveLength(lines);
  expect(parseHba('host all all \\\n'.repeat(lines), 18).lines).toHaveLength(1);
  expect(parseIdent('m a b\n'.repeat(lines), 18).records).toHaveLength(lines);
  expect(parseConf("work_mem = '4MB'\n".repeat(lines)).settings).toHaveLength(lines);
  expect(parseConf("work_mem = '4MB\n".repeat(lines)).problems).toHaveLength(lines);
});

test.each([
  ['conf', 'postgresql.conf', { 'postgresql.conf': "include 'a.conf'\nwork_mem = 1MB\n", 'a.conf': "include 'postgresql.conf'\ninclude 'a.conf'\n" }],
  ['conf', 'postgresql.conf', { 'postgresql.conf': "include_dir '.'\n" }],
  ['hba', 'pg_hba.conf', { 'pg_hba.conf': 'include a\nlocal @a all peer\n', a: 'include pg_hba.conf\ninclude a\n@a @b\n', b: '@a\n' }],
  ['hba', 'pg_hba.conf', { 'pg_hba.conf': 'include_dir .\nlocal all all trust\n' }],
  ['ident', 'pg_ident.conf', { 'pg_ident.conf': 'include pg_ident.conf\nm @pg_ident.conf b\n' }],
] as const)('%s files that include each other come to an end %#', (language, path, files) => {
  const document = documentOf(language, path, files);
  expect(() => lint(document, { onCrash: (rule, error) => { throw new Error(rule, { cause: error }); } })).not.toThrow();
  if (language === 'conf') expect(confFacts(document).settings.complete).toBe(false);
  if (language === 'hba') expect(hbaFacts(document).records.length).toBeGreaterThan(0);
});

test('bytes that are no text have a tree', () => {
  const next = random(3);
  for (let i = 0; i < 200; i++) {
    const text = String.fromCharCode(...Array.from({ length: next(400) }, () => next(4) > 0 ? next(256) : next(65_536)));
    for (const version of [13, 18]) {
      for (const { lines } of [parseHba(text, version), parseIdent(text, version)]) {
        for (const { line } of lines) expect(line.end).toBeLessThanOrEqual(text.length);
      }
    }
    for (const { at } of parseConf(text).problems) expect(at.end).toBeLessThanOrEqual(text.length);
  }
});

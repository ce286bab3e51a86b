import { beforeAll, describe, expect, test } from 'vitest';
import { confFacts } from '../../server/src/facts/conf/settings.ts';
import includeMissing from '../../server/src/rules/conf/include-missing.ts';
import syntax from '../../server/src/rules/conf/syntax.ts';
import { filesOf } from '../files.ts';
import { checkConf, installPostgres, type Installation } from './servers.ts';

/** Eleven files, each of which includes the next. */
const chain = Object.fromEntries(Array.from({ length: 11 }, (_, i) => [`${i + 1}.conf`, i < 10 ? `include '${i + 2}.conf'\n` : 'port = 1\n']));

interface Case {
  readonly text: string;
  readonly files?: Readonly<Record<string, string>>;
}

const cases: readonly Case[] = [
  { text: "include 'a.conf'\n" },
  { text: "include 'a.conf'\n", files: { 'a.conf': 'port = 1\n' } },
  { text: "include_if_exists 'a.conf'\n" },
  { text: "include ''\n" },
  { text: "include_dir ''\n" },
  { text: "include_dir 'conf.d'\n", files: { PG_VERSION: '18\n' } },
  { text: "include_dir 'conf.d'\n", files: { 'conf.d/a.conf': '' } },
  { text: "include_dir 'a.conf'\n", files: { 'a.conf': '' } },
  { text: "include 'conf.d'\n", files: { 'conf.d/a.conf': '' } },
  { text: "include_if_exists 'conf.d'\n", files: { 'conf.d/a.conf': '' } },
  { text: "include 'postgresql.conf'\n" },
  { text: "include_if_exists 'postgresql.conf'\n" },
  { text: "include 'a.conf'\n", files: { 'a.conf': "include 'postgresql.conf'\n" } },
  { text: "include 'conf.d/a.conf'\n", files: { 'conf.d/a.conf': "include '../b.conf'\n", 'b.conf': "include_dir 'conf.d'\n" } },
  { text: "include '1.conf'\n", files: chain },
  { text: "include '2.conf'\n", files: chain },
];

describe.each([13, 18])('includes and PostgreSQL %i', (version) => {
  let installation: Installation;
  beforeAll(async () => { installation = await installPostgres(version); });

  test.each(cases)('$text $files', async ({ text, files = {} }) => {
    const document = { path: 'postgresql.conf', text, language: 'conf' as const, version, files: filesOf({ ...files, 'postgresql.conf': text }) };
    const weAccept = [includeMissing, syntax].every((rule) => [...rule.check(confFacts(document), {})].length === 0);
    expect((await checkConf(installation, text, files)).accepted).toBe(weAccept);
  });
});

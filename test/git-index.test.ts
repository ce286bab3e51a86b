import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { GitIndex } from '../server/src/git-index.ts';
import { nodeHost } from '../server/src/node-host.ts';

let folder: string;
const git = (...args: string[]) => execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.com', ...args], { cwd: folder, stdio: 'pipe' });

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'pgrampart-git-')).replaceAll('\\', '/');
  git('init', '-q');
  mkdirSync(path.join(folder, 'migrations'));
  for (const name of ['migrations/1_a.sql', 'migrations/1_b.sql', 'migrations/2_ünï.sql', 'README', 'new.sql']) writeFileSync(path.join(folder, name), '');
  git('add', 'migrations', 'README');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test.each([2, 4])('an index of version %i', async (version) => {
  git('update-index', '--index-version', String(version));
  const index = new GitIndex(nodeHost);
  const keeps = (name: string) => index.keeps(`${folder}/${name}`);
  expect(await Promise.all(['migrations/1_a.sql', 'migrations/1_b.sql', 'migrations/2_ünï.sql', 'README'].map(keeps))).toEqual([true, true, true, true]);
  expect(await Promise.all(['new.sql', 'migrations/3.sql'].map(keeps))).toEqual([false, false]);
});

test('a worktree has its own list', async () => {
  git('commit', '-qm', 'first');
  git('worktree', 'add', '-q', 'tree');
  writeFileSync(path.join(folder, 'tree/new.sql'), '');
  const index = new GitIndex(nodeHost);
  expect(await index.keeps(`${folder}/tree/README`)).toBe(true);
  expect(await index.keeps(`${folder}/tree/new.sql`)).toBe(false);
});

test('no repository, or a broken list: not known', async () => {
  const host = (bytes?: Uint8Array) => ({ ...nodeHost, read: async () => bytes ?? Promise.reject(new Error('none')) });
  expect(await new GitIndex(host()).keeps('/a/b.sql')).toBeUndefined();
  expect(await new GitIndex(host(new Uint8Array(20))).keeps('/a/b.sql')).toBeUndefined();
});

import { execFileSync } from 'node:child_process';
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { revisionOf } from '../server/src/git-head.ts';
import { nodeHost } from '../server/src/node-host.ts';

let folder: string;
beforeEach(() => {
  folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'pgrampart-')));
  git('init', '-q', '-b', 'main');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function git(...args: string[]): string {
  return execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.com', '-c', 'commit.gpgsign=false', ...args], { cwd: folder, encoding: 'utf8' }).trim();
}

const from = (name = '.') => revisionOf(path.join(folder, name), nodeHost);

function commit(): string {
  writeFileSync(path.join(folder, 'a.sql'), `${Math.random()}`);
  git('add', '.');
  git('commit', '-q', '-m', 'change');
  return git('rev-parse', 'HEAD');
}

test('a branch, packed or not, and a commit without one', async () => {
  expect(await from()).toBeUndefined();
  git('remote', 'add', 'origin', 'https://example.com/acme/db.git');
  expect(await from()).toBeUndefined();
  const first = commit();
  const expected = { top: folder, url: 'https://example.com/acme/db.git', commit: first, branch: 'main' };
  expect(await from()).toEqual(expected);
  expect(await revisionOf(path.join(folder, 'below', 'it'), nodeHost)).toEqual(expected);
  git('pack-refs', '--all');
  expect(await from()).toEqual(expected);
  git('checkout', '-q', '--detach');
  const { branch: _, ...detached } = expected;
  expect(await from()).toEqual({ ...detached, commit: first });
});

test('a working tree of its own', async () => {
  git('remote', 'add', 'origin', 'https://example.com/acme/db.git');
  const first = commit();
  git('worktree', 'add', '-q', '-b', 'topic', 'elsewhere');
  expect(await from('elsewhere')).toEqual({ top: path.join(folder, 'elsewhere'), url: 'https://example.com/acme/db.git', commit: first, branch: 'topic' });
});

test.each([
  ['https://me:secret@example.com/acme/db.git?token=x', 'https://example.com/acme/db.git'],
  ['git@example.com:acme/db.git', 'ssh://example.com/acme/db.git'],
  ['ssh://git@example.com:2222/acme/db.git', 'ssh://example.com:2222/acme/db.git'],
  ['/srv/git/db.git', undefined], ['../db.git', undefined], ['C:\\\\git\\\\db.git', undefined], ['file:///srv/git/db.git', undefined],
])('%s is told as %s', async (remote, told) => {
  git('remote', 'add', 'origin', remote);
  commit();
  expect((await from())?.url).toBe(told);
});

test('outside of a repository nothing is known', async () => {
  rmSync(path.join(folder, '.git'), { recursive: true });
  expect(await from()).toBeUndefined();
});

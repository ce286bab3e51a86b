import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Console } from '../server/src/cli/console.ts';
import { commandLine } from './command-line.ts';

let folder: string;

beforeAll(() => {
  try {
    execFileSync('git', ['--version']);
  } catch {
    throw new Error('These tests need git, which was not found on this machine');
  }
});
beforeEach(() => {
  folder = realpathSync(mkdtempSync(path.join(tmpdir(), 'pgrampart-')));
  git('init -q -b main');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const risky = 'host all all 0.0.0.0/0 trust\n';
const sound = 'hostssl app app 10.0.0.5/32 scram-sha-256\n';

function git(args: string, where = folder): string {
  return execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.com', '-c', 'commit.gpgsign=false', ...args.split(' ')], {
    cwd: where, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null' },
  });
}

function put(name: string, content: string): void {
  const file = path.join(folder, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, content);
}

function commit(message = 'change'): void {
  git('add -A');
  git(`commit -q --allow-empty -m ${message}`);
}

const pgrampart = (args: string, more?: Parameters<typeof commandLine>[2]) => commandLine(folder, args, more);

/** The findings as `file:line rule`. */
async function found(args: string, more: Partial<Console> = {}): Promise<string[]> {
  const { out, error } = await pgrampart(`scan --quiet ${args}`, more);
  expect(error).toBe('');
  return out.split('\n').filter((line) => line !== '').map((line) => line.replace(/^([^:]+:\d+).*  /, '$1 '));
}

describe('a scan of what changed', () => {
  beforeEach(() => {
    put('pg_hba.conf', risky);
    put('old/pg_hba.conf', risky);
    commit();
  });

  test('tells only what the change brings in', async () => {
    expect(await found('--changed')).toEqual([]);
    put('pg_hba.conf', `# moved\n\n${risky}host replication all 0.0.0.0/0 trust\n`);
    put('new/pg_hba.conf', risky);
    expect(await found('--changed')).toEqual(['new/pg_hba.conf:1 hba/trust-any', 'pg_hba.conf:4 hba/trust-replication']);
    expect(await found('--changed new')).toEqual(['new/pg_hba.conf:1 hba/trust-any']);
  });

  test('does not take what no line says for new when the first line changes', async () => {
    put('postgresql.conf', "# one\nlisten_addresses = 'localhost'\nport = 5432\n");
    commit();
    put('postgresql.conf', "# two\nlisten_addresses = 'localhost'\nport = 5432\nssl = off\n");
    expect(await found('--changed')).toEqual(['postgresql.conf:4 conf/ssl-off']);
  });

  test('takes a renamed file for the same', async () => {
    git('mv pg_hba.conf pg_hba_main.conf');
    expect(await found('--changed')).toEqual([]);
    expect(await found('--staged')).toEqual([]);
  });

  test('looks at the index and not at the disk when it is about the next commit', async () => {
    put('pg_hba.conf', `${sound}${risky}`);
    put('new.sql', 'GRANT ALL ON DATABASE app TO PUBLIC;\nCREATE ROLE a SUPERUSER;\n');
    git('add -A');
    rmSync(path.join(folder, 'new.sql'));
    put('pg_hba.conf', 'host replication all 0.0.0.0/0 trust\n');
    put('untracked/pg_hba.conf', risky);
    const names = await found('--staged');
    expect(names.every((name) => name.startsWith('new.sql:'))).toBe(true);
    expect(names.length).toBeGreaterThan(0);
  });

  test('starts where the branch parted', async () => {
    git('checkout -q -b topic');
    put('topic/pg_hba.conf', risky);
    commit();
    git('checkout -q main');
    put('main/pg_hba.conf', risky);
    commit();
    git('checkout -q topic');
    expect(await found('--since main')).toEqual(['topic/pg_hba.conf:1 hba/trust-any']);
    expect(await found('--since HEAD')).toEqual([]);
  });

  test('reads the migrations that did not change as well', async () => {
    put('migrations/0001_a.sql', 'CREATE TABLE app.t (a int);\nCREATE FUNCTION app.f() RETURNS int LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$ SELECT 1 $$;\n');
    commit();
    put('migrations/0002_b.sql', 'ALTER FUNCTION app.f() RESET search_path;\n');
    const { out } = await pgrampart('scan --changed --format json');
    expect(JSON.parse(out).findings.map(({ path: file }: { path: string }) => file)).toContain('migrations/0002_b.sql');
  });

  test('works before the first commit, from a folder below, and with names that git quotes', async () => {
    rmSync(path.join(folder, '.git'), { recursive: true });
    git('init -q -b main');
    put('a "ü"/pg_hba.conf', risky);
    git('add -A');
    expect(await found('--staged', { cwd: path.join(folder, 'a "ü"') })).toEqual(['pg_hba.conf:1 hba/trust-any']);
    expect(await found('--changed')).toHaveLength(3);
  });

  test('runs nothing that the repository configures', async () => {
    const touched = path.join(folder, 'touched');
    for (const name of ['core.fsmonitor', 'diff.external', 'filter.x.clean', 'filter.x.smudge', 'diff.x.textconv']) git(`config ${name} touch\u00a0${touched}`.replace('\u00a0', '$IFS'));
    put('.gitattributes', '* filter=x diff=x\n');
    put('pg_hba.conf', `${risky}host replication all 0.0.0.0/0 trust\n`);
    expect(await found('--changed')).toEqual(['pg_hba.conf:2 hba/trust-replication']);
    expect(await found('--staged')).toEqual([]);
    expect(existsSync(touched)).toBe(false);
  });
});

describe('what a change does to security', () => {
  beforeEach(() => {
    put('pg_hba.conf', sound);
    put('migrations/0001_a.sql', 'CREATE TABLE app.invoices (id int);\nGRANT SELECT ON app.invoices TO web;\n');
    commit('one');
  });

  const change = () => {
    put('pg_hba.conf', `${sound}host all all 10.0.0.0/8 md5\n`);
    put('migrations/0002_b.sql', 'GRANT SELECT ON app.invoices TO anon;\nREVOKE SELECT ON app.invoices FROM web;\n');
  };
  const opens = [
    'Role anon can now read app.invoices',
    'Any client in 10.0.0.0/8 (16,777,216 addresses) may now log in over TCP, encrypted or not, as any role to any database but not for replication, with a password, by SCRAM or MD5 as it is stored',
  ];

  async function json(args: string, more: Partial<Console> = {}): Promise<any> {
    const { code, out, error } = await pgrampart(`diff --format json ${args}`.trim(), more);
    expect({ code, error }).toEqual({ code: 0, error: '' });
    return JSON.parse(out);
  }
  const texts = ({ changes }: { changes: { effect: string; text: string }[] }, effect: string) => changes.filter((one) => one.effect === effect).map(({ text }) => text);

  test('is nothing where nothing changes', async () => {
    expect(await pgrampart('diff')).toEqual({ code: 0, out: 'HEAD → working tree: No change to security\n', error: '' });
    put('pg_hba.conf', `# moved\n${sound}`);
    expect((await pgrampart('diff --format markdown')).out).toBe('## PostgreSQL security: HEAD → working tree\n\nNo change to security.\n');
  });

  test('is told of the working tree, of a branch, and of two commits', async () => {
    change();
    const diff = await json('');
    expect(texts(diff, 'opens')).toEqual(opens);
    expect(texts(diff, 'closes')).toEqual(['Role web can no longer read app.invoices']);
    expect(diff.added.map(({ rule }: { rule: string }) => rule)).toContain('hba/host-allows-plaintext');
    git('checkout -q -b topic');
    commit('two');
    git('checkout -q main');
    put('other.sql', 'CREATE ROLE boss SUPERUSER;\n');
    commit('three');
    git('checkout -q topic');
    for (const args of ['main', 'main...topic', 'HEAD~1 HEAD', 'HEAD~1..']) expect(texts(await json(args), 'opens')).toEqual(opens);
    expect(texts(await json('main topic'), 'closes')).toEqual(['Role web can no longer read app.invoices', 'Role boss is no longer created']);
    expect(texts(await json('HEAD HEAD~1'), 'opens')).toEqual(['Role web can now read app.invoices']);
    expect(texts(await json('HEAD~1 pg_hba.conf'), 'opens')).toEqual(opens.slice(1));
    expect(texts(await json('-- migrations'), 'opens')).toEqual([]);
  });

  test('is Markdown for a pull request', async () => {
    put('pg_hba.conf', 'host all all 10.0.0.5/32 scram-sha-256\nhost all "a*b" samenet trust\n');
    put('pgrampart.jsonc', '{ "rules": { "hba/*": "off", "hba/trust-network": "high" } }');
    expect((await pgrampart('diff --format markdown')).out).toBe(`## PostgreSQL security: HEAD → working tree

### Opens

- The host 10.0.0.5 may now log in over TCP, encrypted or not, as any role to any database but not for replication, with a SCRAM password; until now only some of them, by line 1 (\`pg_hba.conf:1\`)
- Any client in a network of the server may now log in over TCP, encrypted or not, as "a\\*b" to any database but not for replication, without a password (\`pg_hba.conf:2\`)

### New problems

- **high** Any client in a network of the server can log in as "a\\*b" without a password (\`hba/trust-network\`, \`pg_hba.conf:2\`)
`);
  });

  test('reads a migration in a folder of its own after those that did not change', async () => {
    put('prisma/migrations/20240101000000_a/migration.sql', 'CREATE TABLE app.t (a int);\nGRANT SELECT ON app.t TO web;\n');
    put('prisma/migrations/20240102000000_b/migration.sql', 'GRANT INSERT ON app.t TO web;\n');
    commit();
    put('prisma/migrations/20240103000000_c/migration.sql', 'REVOKE SELECT ON app.t FROM web;\n');
    expect((await json('')).changes).toMatchObject([{ effect: 'closes', text: 'Role web can no longer read app.t' }]);
    commit();
    rmSync(path.join(folder, 'prisma/migrations/20240103000000_c'), { recursive: true });
    expect((await json('')).changes).toMatchObject([{ effect: 'opens', text: 'Role web can now read app.t' }]);
  });

  test('comes from files that went away as well', async () => {
    rmSync(path.join(folder, 'pg_hba.conf'));
    rmSync(path.join(folder, 'migrations'), { recursive: true });
    const diff = await json('');
    expect(texts(diff, 'closes')).toHaveLength(2);
    expect(diff.changes.every(({ side }: { side: string }) => side === 'before')).toBe(true);
  });

  test.each([
    ['diff gone', "git knows no commit 'gone'"],
    ['diff HEAD HEAD gone', 'there is no file or folder gone'],
    ['diff main..HEAD HEAD', 'names two commits already'],
    ['diff HEAD ..', 'lies outside of the repository'],
    ['diff --format sarif', 'unknown value'],
  ])('%s is refused', async (args, message) => {
    expect(await pgrampart(args)).toMatchObject({ code: 2, out: '', error: expect.stringContaining(message) });
  });

  test('a name that is a commit and a path is refused until it is told which', async () => {
    git('branch migrations');
    expect(await pgrampart('diff migrations')).toMatchObject({ code: 2, error: expect.stringContaining("'migrations' is a commit and a path") });
    expect((await pgrampart('diff ./migrations')).out).toBe('HEAD → working tree: No change to security\n');
    expect((await pgrampart('diff -- migrations')).out).toBe('HEAD → working tree: No change to security\n');
  });
});

describe('what git cannot do', () => {
  test.each([
    ['scan --since gone', "git knows no commit 'gone'"],
    ['scan --changed ..', 'lies outside of the repository'],
    ['scan --changed --staged', 'only one of'],
    ['scan --changed --fix', 'cannot be combined with --fix'],
  ])('%s is refused', async (args, message) => {
    commit();
    expect(await pgrampart(args)).toMatchObject({ code: 2, out: '', error: expect.stringContaining(message) });
  });

  test('a clone that is too shallow is refused, and so is a history of its own', async () => {
    commit('one');
    git('checkout -q --orphan other');
    commit('two');
    expect(await pgrampart('scan --since main')).toMatchObject({ code: 2, error: expect.stringContaining('have no commit in common') });
    git(`clone -q --depth 1 --no-single-branch file://${folder} shallow`);
    expect(await pgrampart('scan --since origin/main', { cwd: path.join(folder, 'shallow') })).toMatchObject({ code: 2, error: expect.stringContaining('git fetch --unshallow') });
  });

  test('a folder without a repository and a machine without git are refused', async () => {
    rmSync(path.join(folder, '.git'), { recursive: true });
    expect(await pgrampart('scan --changed')).toMatchObject({ code: 2, error: expect.stringContaining('pgrampart: this folder lies in no git repository') });
    const missing = () => Promise.reject(Object.assign(new Error('spawn git ENOENT'), { code: 'ENOENT' }));
    expect(await pgrampart('scan --staged', { git: missing })).toMatchObject({ code: 2, error: expect.stringContaining('git is needed for this and was not found') });
  });
});

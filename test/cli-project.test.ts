import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { nodeHost } from '../server/src/node-host.ts';
import { projectSchema } from '../server/src/policy/project-schema.ts';
import { commandLine } from './command-line.ts';

let folder: string;
beforeEach(() => { folder = mkdtempSync(path.join(tmpdir(), 'pgrampart-')); });
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const risky = 'host all all 0.0.0.0/0 trust\n';
const sound = 'hostssl app app 10.0.0.5/32 scram-sha-256\n';

function put(name: string, content: string): string {
  const file = path.join(folder, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, content);
  return file;
}

const read = (name: string) => readFileSync(path.join(folder, name), 'utf8');
const pgrampart = (args: string, more?: Parameters<typeof commandLine>[2]) => commandLine(folder, args, more);

describe('init', () => {
  test('writes a project file that is understood and changes nothing of what is found', async () => {
    put('pg_hba.conf', risky);
    put('db/migrations/001_a.sql', 'CREATE TABLE a (b int);\n');
    put('db/migrations/002_b.sql', 'CREATE TABLE c (d int);\n');
    put('PG_VERSION', '16\n');
    const before = (await pgrampart('scan --format json')).out;
    expect(await pgrampart('init')).toEqual({ code: 0, out: 'pgrampart.jsonc written. Found: 1 pg_hba.conf file, 2 SQL files\nNext: pgrampart scan\n', error: '' });
    expect(read('pgrampart.jsonc')).toContain('here: 16 (from PG_VERSION beside the file)');
    expect(await pgrampart('scan --format json')).toEqual({ code: 1, out: before, error: '' });
  });

  test('offers every field that there is', async () => {
    await pgrampart('init');
    for (const field of Object.keys(projectSchema().properties as object)) if (!['$schema', 'presets', 'include'].includes(field)) expect(read('pgrampart.jsonc')).toContain(`"${field}"`);
  });

  test('chooses the preset of what it finds, and names files without an order', async () => {
    put('supabase/config.toml', '');
    put('supabase/migrations/20240101000000_a.sql', 'CREATE TABLE a (b int);\n');
    put('sql/tables.sql', 'CREATE TABLE c (d int);\n');
    put('sql/views.sql', 'CREATE VIEW e AS SELECT d FROM c;\n');
    await pgrampart('init');
    expect(read('pgrampart.jsonc')).toContain('"extends": ["pgrampart:recommended", "pgrampart:supabase"]');
    expect(read('pgrampart.jsonc')).toContain('// "migrations": ["sql/*.sql"]');
  });

  test.each(['pgrampart.jsonc', '.pgrampart.jsonc'])('leaves a %s alone', async (name) => {
    put(name, '{}');
    expect(await pgrampart('init')).toMatchObject({ code: 2, error: expect.stringContaining(`there is a ${name} already`) });
    expect(read(name)).toBe('{}');
  });

  test('needs a folder that is there', async () => {
    expect(await pgrampart('init gone')).toMatchObject({ code: 2, error: expect.stringContaining('no folder gone') });
  });

  test('says why the file could not be written', async () => {
    const write = () => Promise.reject(new Error('you have no right to write there'));
    expect(await pgrampart('init', { write })).toEqual({ code: 3, out: '', error: 'pgrampart: pgrampart.jsonc was not written: you have no right to write there\n' });
    expect(await pgrampart('scan --update-baseline', { write })).toEqual({ code: 3, out: '', error: 'pgrampart: pgrampart-baseline.json was not written: you have no right to write there\n' });
  });
});

describe('--config', () => {
  test('one file for all, its patterns seen from the current folder', async () => {
    put('ci/strict.jsonc', '{ "overrides": [{ "files": ["db/**"], "rules": { "hba/*": "off" } }] }');
    put('pgrampart.jsonc', '{ "rules": { "hba/*": "low" } }');
    put('db/pg_hba.conf', risky);
    put('pg_hba.conf', risky);
    const { out } = await pgrampart('scan --config ci/strict.jsonc --quiet');
    expect(out).toContain('pg_hba.conf:1:24  critical');
    expect(out).not.toContain('db/');
    expect((await pgrampart('scan --config gone.jsonc')).error).toContain('--config gone.jsonc: there is no such file');
    expect((await pgrampart('scan --config a --no-config')).code).toBe(2);
  });

  test.each([['scan'], ['diff']])('a mistake in a project file stops %s', async (command) => {
    execFileSync('git', ['init', '-q'], { cwd: folder });
    put('pgrampart.jsonc', '{\n  "rulse": {}\n}');
    put('pg_hba.conf', risky);
    expect(await pgrampart(command)).toEqual({ code: 2, out: '', error: 'pgrampart: pgrampart.jsonc:2:3 There is no "rulse" here, so it changes nothing; did you mean "rules"?\n' });
  });

  test('a change that mends a project file can be compared', async () => {
    const git = (...args: string[]) => execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.com', ...args], { cwd: folder });
    git('init', '-q');
    put('pgrampart.jsonc', '{ "rulse": {} }');
    git('add', '.');
    git('commit', '-q', '-m', 'broken');
    put('pgrampart.jsonc', '{ "rules": {} }');
    put('pg_hba.conf', risky);
    expect(await pgrampart('diff')).toMatchObject({ code: 0, out: expect.stringContaining('hba/trust-any'), error: '' });
  });
});

describe('migrations', () => {
  const definer = "CREATE FUNCTION app.f(x text) RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1';\n";
  const mend = 'ALTER FUNCTION app.f(text) SET search_path = pg_catalog, pg_temp;\nREVOKE ALL ON FUNCTION app.f(text) FROM PUBLIC;\n';
  const found = async (args: string) => JSON.parse((await pgrampart(`scan --format json ${args}`)).out).findings.length > 0;

  test.each([['', ['b/*.sql', 'a/*.sql'], false], ['', ['a/*.sql', 'b/*.sql'], true], ['b', [{ files: ['b/*.sql', 'a/*.sql'] }], false], ['b', [{ files: 'b/*.sql', database: 'x' }, { files: 'a/*.sql', database: 'y' }], true]])(
    'of "%s" in the order %j', async (args, migrations, expected) => {
      put('db/pgrampart.jsonc', JSON.stringify({ migrations }));
      put('db/b/functions.sql', definer);
      put('db/a/later.sql', mend);
      expect(await found(`db/${args}`)).toBe(expected);
    });

  test('--config says it for files elsewhere, --migrations above it', async () => {
    put('ci/any.jsonc', '{ "migrations": ["b/*.sql", "a/*.sql"] }');
    put('b/functions.sql', definer);
    put('a/later.sql', mend);
    expect(await found('--config ci/any.jsonc')).toBe(false);
    expect(await found('--config ci/any.jsonc --migrations a/*.sql --migrations b/*.sql')).toBe(true);
  });

  test('that are none are told in the file', async () => {
    put('pgrampart.jsonc', '{ "migrations": ["a/*.sql", { "fils": "b" }, 3] }');
    const { error } = await pgrampart('scan');
    expect(error).toContain('pgrampart.jsonc:1:31 There is no "fils" here');
    expect(error).toContain('pgrampart.jsonc:1:29 This is a pattern of files');
    expect(error).toContain('pgrampart.jsonc:1:46 This is a pattern of files');
  });
});

describe('questions', () => {
  test('--list-files names what is looked at, by content where the name does not tell', async () => {
    put('pgrampart.jsonc', '{ "exclude": ["seed"] }');
    put('pg_hba.conf', sound);
    put('a.sql', 'SELECT 1;');
    put('seed/b.sql', 'SELECT 1;');
    put('nginx.conf', 'server { }\n');
    put('node_modules/c.sql', 'SELECT 1;');
    expect(await pgrampart('scan --list-files')).toEqual({ code: 0, out: 'a.sql\npg_hba.conf\n', error: '' });
  });

  test('--print-config says what counts for a file', async () => {
    put('base.jsonc', '{ "postgresVersion": 16, "trustedNetworks": ["10.0.0.0/8"] }');
    put('db/pgrampart.jsonc', '{ "extends": ["pgrampart:strict", "../base.jsonc"], "failOn": "low", "baseline": "known.json", "rules": { "hba/trust-any": "off" } }');
    const { code, out } = await pgrampart('scan --print-config db/pg_hba.conf --rule hba/trust-local=info');
    expect(code).toBe(0);
    const content = JSON.parse(out);
    expect(content).toMatchObject({
      file: 'db/pg_hba.conf', projectFiles: ['db/pgrampart.jsonc', 'base.jsonc'], postgresVersion: 16, presets: ['strict'], baseline: 'db/known.json', failOn: 'low',
      rules: { 'hba/trust-any': 'off', 'hba/trust-local': 'info', 'hba/wide-cidr': ['low', { trustedNetworks: ['10.0.0.0/8'] }] },
    });
  });
});

describe('how a scan ends', () => {
  test('--max-findings counts all of them', async () => {
    put('pg_hba.conf', `${risky}${sound}`);
    const found = JSON.parse((await pgrampart('scan --format json')).out).findings.length;
    expect((await pgrampart(`scan --fail-on none --max-findings ${found}`)).code).toBe(0);
    expect((await pgrampart(`scan --fail-on none --max-findings ${found - 1}`)).code).toBe(1);
    expect((await pgrampart('scan --max-findings many')).error).toContain('--max-findings needs a number');
  });

  test('on GitHub the text is followed by annotations, unless formats are named', async () => {
    put('pg_hba.conf', risky);
    const env = { GITHUB_ACTIONS: 'true' };
    const { out } = await pgrampart('scan', { env });
    expect(out).toContain('1 file scanned');
    expect(out).toMatch(/^::error file=pg_hba\.conf,line=1,/m);
    expect((await pgrampart('scan --format pretty', { env })).out).not.toContain('::error');
    expect((await pgrampart('scan', { env: { GITHUB_ACTIONS: 'false' } })).out).not.toContain('::error');
  });

  test('FORCE_COLOR paints the logs of a build server', async () => {
    put('pg_hba.conf', risky);
    for (const [env, painted] of [[{ FORCE_COLOR: '1' }, true], [{ FORCE_COLOR: '1', TERM: 'dumb' }, true], [{ FORCE_COLOR: '0' }, false], [{ FORCE_COLOR: '1', NO_COLOR: '1' }, false]] as const) {
      expect((await pgrampart('scan', { env })).out.includes('\u001b[')).toBe(painted);
    }
  });
});

describe('--fix --diff', () => {
  test('prints a patch that git applies, and writes nothing', async () => {
    const lines = Array.from({ length: 40 }, (_, i) => (i % 9 === 4 ? 'host all all 0.0.0.0/0 trust' : `# line ${i}`)).join('\r\n');
    put('a b/pg_hba.conf', lines);
    put('pg_hba.conf', risky);
    const { code, out, error } = await pgrampart('scan --fix-review --diff');
    expect({ code, error }).toEqual({ code: 1, error: '' });
    expect(read('a b/pg_hba.conf')).toBe(lines);
    execFileSync('git', ['apply', '-p1'], { cwd: folder, input: out });
    const applied = [read('a b/pg_hba.conf'), read('pg_hba.conf')];
    put('a b/pg_hba.conf', lines);
    put('pg_hba.conf', risky);
    await pgrampart('scan --fix-review');
    expect(applied).toEqual([read('a b/pg_hba.conf'), read('pg_hba.conf')]);
    expect(await pgrampart('scan --fix-review --diff')).toEqual({ code: 0, out: '', error: '' });
  });

  test('shows what would become of standard input', async () => {
    expect((await pgrampart('scan --stdin --stdin-filename pg_hba.conf --fix-review --diff', { input: risky })).out).toContain('-host all all 0.0.0.0/0 trust\n+hostssl all all 0.0.0.0/0 scram-sha-256\n');
    expect((await pgrampart('scan --diff')).error).toContain('--diff needs --fix');
  });
});

describe('--stdin --fix', () => {
  const loose = '\ufefflog_connections = off\r\nport = 5432\r\nssl = on\r\n';
  const named = 'scan --stdin --stdin-filename postgresql.conf';

  test('prints the fixed text alone, and the report beside it', async () => {
    const { code, out, error } = await pgrampart(`${named} --fix --fail-on none`, { input: loose });
    expect(code).toBe(0);
    expect(out).toMatch(/^\ufefflog_connections = (?!off)\S+\r\nport = 5432\r\nssl = on\r\n$/);
    expect(error).toContain('1 fixed in 1 file');
    expect(error).not.toContain('conf/log-connections-off');
    expect(await pgrampart(`${named} --fix --fail-on none`, { input: out })).toMatchObject({ code: 0, out });
  });

  test('fails for what is left, as it does on disk', async () => {
    expect(await pgrampart('scan --stdin --fix', { input: risky })).toMatchObject({ code: 1, out: risky, error: expect.stringContaining('hba/trust-any') });
    const { code, out, error } = await pgrampart('scan --stdin --fix-review --format json --rule hba/*=off --rule meta/*=off', { input: risky });
    expect({ code, out }).toEqual({ code: 0, out: risky });
    expect(JSON.parse(error).findings).toEqual([]);
    expect((await pgrampart('scan --stdin --fix-review', { input: risky })).out).toContain('hostssl all all 0.0.0.0/0 scram-sha-256\n');
  });

  test('prints what is none of its business as it is', async () => {
    expect(await pgrampart('scan --stdin --stdin-filename notes.txt --fix', { input: 'buy milk' })).toMatchObject({ out: 'buy milk' });
    expect(await pgrampart('scan --stdin --fix', { input: '' })).toMatchObject({ code: 0, out: '' });
  });

  test('refuses what it could not give back byte by byte', async () => {
    for (const [bytes, why] of [[Uint8Array.of(0x23, 0xe4, 0x0a), 'not UTF-8'], [Uint8Array.of(0x23, 0, 0x0a), 'not text']] as const) {
      const { code, out, error } = await pgrampart('scan --stdin --fix', { stdin: async () => bytes });
      expect({ code, out }).toEqual({ code: 3, out: '' });
      expect(error).toBe(`pgrampart: standard input is ${why === 'not text' ? why : `${why}, so it was not fixed`}\n`);
    }
  });
});

describe('a disk that is not as one hopes', () => {
  test('links that lead in circles end', async () => {
    put('a/pg_hba.conf', risky);
    symlinkSync(folder, path.join(folder, 'a/again'));
    symlinkSync('self', path.join(folder, 'self'));
    symlinkSync('self.sql', path.join(folder, 'self.sql'));
    const { out } = await pgrampart('scan');
    expect(out).toContain('1 file scanned');
    expect(out).toContain('self.sql  is a link to itself');
  });

  test('a folder that goes away during the scan costs itself, and is named', async () => {
    put('a/pg_hba.conf', risky);
    put('b/pg_hba.conf', risky);
    put('c/pg_hba.conf', risky);
    const host = {
      ...nodeHost,
      list: async (name: string) => {
        if (name.endsWith('/b')) rmSync(path.join(folder, 'b'), { recursive: true, force: true });
        return nodeHost.list(name);
      },
      read: async (name: string) => {
        if (name.endsWith('/a/pg_hba.conf')) rmSync(path.join(folder, 'c'), { recursive: true, force: true });
        return nodeHost.read(name);
      },
    };
    const { code, out, error } = await pgrampart('scan', { host });
    expect({ code, error }).toEqual({ code: 1, error: '' });
    expect(out).toContain('a/pg_hba.conf');
    expect(out).toContain('  b  no such file or folder');
    expect(out).toContain('  c/pg_hba.conf  no such file or folder');
    expect(out).toContain('1 file scanned, 2 skipped');
  });

  test('a report that leads nowhere is named, and the rest is said', async () => {
    put('pg_hba.conf', risky);
    mkdirSync(path.join(folder, 'folder'));
    const { code, out, error } = await pgrampart('scan --format pretty --format sarif=folder --format json=none/out.json');
    expect(code).toBe(3);
    expect(out).toContain('hba/trust-any');
    expect(error).toBe('pgrampart: folder was not written: it is a folder\npgrampart: none/out.json was not written: there is no such folder\n');
    expect(existsSync(path.join(folder, 'none'))).toBe(false);
  });

  test('what must not be read is named', async () => {
    put('secret/pg_hba.conf', risky);
    put('pg_hba.conf', risky);
    const denied = async () => { throw Object.assign(new Error('no'), { code: 'EACCES' }); };
    const host = { ...nodeHost, list: (name: string) => (name.endsWith('/secret') ? denied() : nodeHost.list(name)) };
    const { out } = await pgrampart('scan', { host });
    expect(out).toContain('hba/trust-any');
    expect(out).toContain('  secret  permission denied');
  });
});

describe('where a project lies', () => {
  const conf = 'CREATE ROLE app LOGIN PASSWORD \'Tr0ub4dor&3\';\n';
  const severities = async (cwd: string, args = 'scan') => (JSON.parse((await pgrampart(`${args} --format json`, { cwd: path.join(folder, cwd) })).out) as { findings: { severity: string; rule: string }[] }).findings.map(({ rule, severity }) => `${rule} ${severity}`);

  test.each(['ci/shop', 'tests/demo', 'docker/shop'])('says nothing of its files: %s', async (name) => {
    put('shop/pg_hba.conf', risky);
    put('shop/db/1.sql', conf);
    put(`${name}/pg_hba.conf`, risky);
    put(`${name}/db/1.sql`, conf);
    const plain = await severities('shop');
    expect(plain).toContain('hba/trust-any critical');
    expect(await severities(name)).toEqual(plain);
    expect(await severities(`${name}/db`, 'scan ..')).toEqual(plain);
  });

  test('folders in it do, however deep somebody starts', async () => {
    put('shop/.git/HEAD', 'ref: refs/heads/main\n');
    put('shop/ci/pg_hba.conf', risky);
    const seen = await severities('shop');
    expect(seen).not.toContain('hba/trust-any critical');
    expect(await severities('shop/ci')).toEqual(seen);
    expect(await severities('.', 'scan shop/ci/pg_hba.conf')).toEqual(seen);
  });
});

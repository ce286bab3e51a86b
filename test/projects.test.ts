import { beforeAll, describe, expect, test } from 'vitest';
import type { Console } from '../server/src/cli/console.ts';
import { run } from '../server/src/cli/run.ts';
import { nodeGit } from '../server/src/node-git.ts';
import { loadPostgresFromDisk } from '../server/src/node-wasm.ts';
import { Projects } from '../server/src/projects.ts';
import { Editor, memoryHost, until } from './lsp/editor.ts';

beforeAll(loadPostgresFromDisk);

const trust = 'local all all trust\nhost all all 0.0.0.0/0 trust\n';
const projects = (files: Record<string, string>) => new Projects(memoryHost(new Map(Object.entries(files))));

describe('the project of a file', () => {
  test('is the nearest', async () => {
    const found = projects({ '/repo/pgrampart.jsonc': '{}', '/repo/db/.pgrampart.jsonc': '{}', '/repo/db/main/pg_hba.conf': '' });
    expect((await found.of('/repo/db/main/pg_hba.conf'))!.path).toBe('/repo/db/.pgrampart.jsonc');
    expect((await found.of('/repo/app/pg_hba.conf'))!.path).toBe('/repo/pgrampart.jsonc');
    expect(await found.of('/elsewhere/pg_hba.conf')).toBeUndefined();
  });

  test('builds upon others', async () => {
    const found = projects({ '/repo/pgrampart.jsonc': '{ "extends": "shared/base.jsonc" }', '/repo/shared/base.jsonc': '{ "extends": ["./more.jsonc"], "rules": { "hba/trust-any": "off" } }', '/repo/shared/more.jsonc': '{ "presets": ["cloud"] }' });
    expect((await found.of('/repo/pg_hba.conf'))!.policyOf('/repo/pg_hba.conf')).toMatchObject({ presets: ['cloud'] });
  });

  test('says what is wrong with what it builds upon', async () => {
    const files = { '/repo/a.jsonc': '{ "extends": "./a.jsonc" }', '/repo/pgrampart.jsonc': '{ "extends": ["./gone.jsonc", "./pgrampart.jsonc", "npm:config"] }' };
    const messages = (await projects(files).problems('/repo/pgrampart.jsonc', files['/repo/pgrampart.jsonc'])).map(({ message }) => message);
    expect(messages).toEqual(['There is no file ./gone.jsonc', 'This extends itself', 'Presets are called "pgrampart:recommended" and the like; nothing is fetched']);
  });

  test('counts as it was while it is broken', async () => {
    const files = new Map([['/repo/pgrampart.jsonc', '{ "rules": { "hba/trust-any": "off" } }']]);
    const good = new Map();
    const levelOf = async () => (await new Projects(memoryHost(files), good).of('/repo/pg_hba.conf'))!.policyOf('/repo/pg_hba.conf').levels.get('hba/trust-any');
    expect(await levelOf()).toBe('off');
    files.set('/repo/pgrampart.jsonc', '{ "rules": { "hba/trust-any": "low", ');
    expect(await levelOf()).toBe('off');
    files.set('/repo/pgrampart.jsonc', '{ "rules": { "hba/trust-any": "low" } }');
    expect(await levelOf()).toBe('low');
  });
});

const config = '{ "extends": "pgrampart:strict", "postgresVersion": 14, "environment": "production", "rules": { "hba/trust-local": "off" }, "overrides": [{ "files": ["old/"], "rules": { "hba/*": "info" } }], "exclude": ["gone/"] }';
const files: Record<string, string> = {
  '/repo/pgrampart.jsonc': config, '/repo/docker/pg_hba.conf': trust, '/repo/old/pg_hba.conf': trust, '/repo/gone/pg_hba.conf': trust,
  '/repo/db/a.sql': 'CREATE FUNCTION app.f() RETURNS int LANGUAGE sql SECURITY DEFINER AS $$ SELECT 1 $$;\n', '/repo/db/postgresql.conf': "listen_addresses = '*'\nssl = off\n",
};

describe('editor and command line', () => {
  test('find the same with the same project file', async () => {
    const editor = await Editor.open({ files, folders: ['/repo'] });
    const { findings } = JSON.parse((await pgrampart('scan /repo --format json --fail-on none')).out) as { findings: { path: string; rule: string; severity: string; start: { line: number } }[] };
    expect(findings.length).toBeGreaterThan(5);
    const severities = ['', 'critical high', 'medium', 'low info'];
    for (const path of Object.keys(files).filter((name) => !name.endsWith('.jsonc'))) {
      const uri = `file://${path}`;
      const language = path.endsWith('.sql') ? 'sql' : path.endsWith('pg_hba.conf') ? 'pg-hba' : 'postgresql-conf';
      await editor.type(uri, language, files[path]!);
      const shown = (await editor.diagnostics(uri)).map(({ code, severity, range }) => `${code} ${severities[severity!]} ${range.start.line + 1}`).sort();
      const listed = findings.filter((finding) => `/${finding.path}` === path || finding.path === path.slice(1)).map(({ rule, severity, start }) => `${rule} ${severities.find((words) => words.includes(severity))} ${start.line}`).sort();
      expect(shown, path).toEqual(listed);
      expect(shown.length > 0, path).toBe(!path.includes('/gone/'));
    }
  });

  test('a project file that changes on disk counts at once', async () => {
    const editor = await Editor.open({ files, folders: ['/repo'] });
    const uri = 'file:///repo/docker/pg_hba.conf';
    await editor.type(uri, 'pg-hba', trust);
    expect((await editor.diagnostics(uri)).some(({ code }) => code === 'hba/trust-local')).toBe(false);
    await editor.save('/repo/pgrampart.jsonc', '{}');
    await until(() => editor.refreshes > 0);
    expect((await editor.diagnostics(uri)).some(({ code }) => code === 'hba/trust-local')).toBe(true);
  });

  test('problems of a project file are shown in it', async () => {
    const editor = await Editor.open({ folders: ['/repo'] });
    await editor.type('file:///repo/pgrampart.jsonc', 'jsonc', '{ "rulez": {} }');
    const [problem] = await editor.diagnostics('file:///repo/pgrampart.jsonc');
    expect(editor.marked('file:///repo/pgrampart.jsonc', problem!)).toBe('"rulez"');
  });

  test('the command line refuses a project file that it does not understand, unless it is told not to read it', async () => {
    const broken = { ...files, '/repo/pgrampart.jsonc': '{ "failOn": "never" }' };
    expect(await pgrampart('scan /repo', broken)).toMatchObject({ code: 2, out: '', error: expect.stringContaining('pgrampart.jsonc:1:13 "failOn" is one of') });
    expect((await pgrampart('scan /repo --no-config', broken)).code).toBe(1);
  });

  test('without the project file nothing of it counts, the version neither', async () => {
    const old = { '/repo/pgrampart.jsonc': '{ "postgresVersion": 13 }', '/repo/postgresql.conf': 'password_encryption = on\n' };
    expect((await pgrampart('scan /repo --quiet', old)).out).toContain('conf/password-encryption-md5');
    expect((await pgrampart('scan /repo --quiet --no-config', old)).out).not.toContain('conf/password-encryption-md5');
  });

  test('what is said on the command line counts above the project', async () => {
    const { out } = await pgrampart('scan /repo/old --rule hba/trust-any=critical --preset recommended --quiet');
    expect(out).toContain('critical');
    expect((await pgrampart('scan /repo/old')).code).toBe(0);
  });

  test('the project says from where on the command fails', async () => {
    const loose = { ...files, '/repo/pgrampart.jsonc': '{ "failOn": "none" }' };
    expect((await pgrampart('scan /repo', loose)).code).toBe(0);
    expect((await pgrampart('scan /repo --fail-on critical', loose)).code).toBe(1);
  });
});

async function pgrampart(args: string, given: Record<string, string> = files): Promise<{ code: number; out: string; error: string }> {
  let out = '';
  let error = '';
  const console: Console = {
    host: memoryHost(new Map(Object.entries(given))), git: nodeGit, cwd: '/', version: '0.0.0', env: {}, terminal: false, today: new Date().toISOString().slice(0, 10),
    out: (text) => { out += text; }, error: (text) => { error += text; }, stdin: async () => new Uint8Array(), resolve: (name) => name,
    write: async () => undefined, loadPostgres: loadPostgresFromDisk,
  };
  const code = await run(args.split(' '), console);
  return { code, out, error };
}

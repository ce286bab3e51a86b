import { build } from 'esbuild';
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import manifest from '../package.json' with { type: 'json' };

const bundle = path.join(import.meta.dirname, `../.cache/run/cli-test-${process.pid}.mjs`);
let folder: string;

beforeAll(async () => {
  mkdirSync(path.dirname(bundle), { recursive: true });
  await build({
    entryPoints: [path.join(import.meta.dirname, '../server/src/cli.ts')], outfile: bundle,
    bundle: true, platform: 'node', format: 'esm', target: 'node20', packages: 'external', logLevel: 'warning',
  });
  folder = mkdtempSync(path.join(tmpdir(), 'pgrampart-'));
  writeFileSync(path.join(folder, 'pg_hba.conf'), 'host all all 0.0.0.0/0 trust\n'.repeat(3000));
  writeFileSync(path.join(folder, 'schema.sql'), 'create table t (a int);\n');
});

afterAll(() => {
  rmSync(bundle, { force: true });
  rmSync(folder, { recursive: true, force: true });
});

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly error: string;
}

/** Runs the program. With `closeEarly` its reader goes away after the first bytes. */
function pgrampart(args: readonly string[], { input = '', closeEarly = false, node = [] as readonly string[] } = {}): Promise<Ended> {
  const child = spawn(process.execPath, [...node, bundle, ...args], { cwd: folder });
  let out = '';
  let error = '';
  child.stdout.on('data', (chunk: Buffer) => {
    out += chunk.toString();
    if (closeEarly) child.stdout.destroy();
  });
  child.stderr.on('data', (chunk: Buffer) => { error += chunk.toString(); });
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, out, error })));
}

test('is a program', async () => {
  expect(await pgrampart(['version'])).toEqual({ code: 0, out: `${manifest.version}\n`, error: '' });
  expect(await pgrampart(['scan', 'schema.sql'])).toEqual({ code: 0, out: 'No problems, 1 file scanned\n', error: '' });
  expect((await pgrampart(['scan', '--oops'])).code).toBe(2);
  expect((await pgrampart(['scan', 'gone.sql'])).code).toBe(3);
});

test('writes all of a long report', async () => {
  const { code, out, error } = await pgrampart(['scan', '--format', 'json']);
  expect({ code, error }).toEqual({ code: 1, error: '' });
  expect(JSON.parse(out).files).toBe(2);
  expect(out.length).toBeGreaterThan(200_000);
});

test('does not mind a reader that has seen enough', async () => {
  const { error } = await pgrampart(['scan', '--format', 'json'], { closeEarly: true });
  expect(error).toBe('');
});

test('reads standard input', async () => {
  const { code, out } = await pgrampart(['scan', '--stdin', '--quiet'], { input: 'host all all 0.0.0.0/0 trust\n' });
  expect(code).toBe(1);
  expect(out).toContain('hba/trust-any');
});

test('a file that the memory cannot hold is told by name, and the others are reported', async () => {
  mkdirSync(path.join(folder, 'large'));
  writeFileSync(path.join(folder, 'large', 'a_pg_hba.conf'), 'host all all 0.0.0.0/0 trust\n');
  writeFileSync(path.join(folder, 'large', 'b_pg_hba.conf'), 'hostssl shop shop_app 10.20.1.0/24 scram-sha-256\n'.repeat(60_000));
  // As large, and needs little.
  writeFileSync(path.join(folder, 'large', 'c.sql'), `COPY t FROM stdin;\n${'1\tone\t2\n'.repeat(300_000)}\\.\nGRANT ALL ON t TO PUBLIC;\n`);
  const { code, out, error } = await pgrampart(['scan', 'large', '--quiet'], { node: ['--max-old-space-size=160'] });
  expect(error).toBe('pgrampart: large/b_pg_hba.conf: needs more memory than Node.js allows: split it, leave it out with --exclude, or set NODE_OPTIONS=--max-old-space-size to more megabytes\n');
  expect(out).toContain('large/a_pg_hba.conf:1:24');
  expect(out).toContain('large/c.sql:300003:');
  expect(code).toBe(3);
}, 120_000);

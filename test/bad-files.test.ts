import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Host } from '../server/src/host.ts';
import { nodeHost } from '../server/src/node-host.ts';
import { loadPostgresFromDisk } from '../server/src/node-wasm.ts';
import { wordsFor } from '../server/src/node-memory.ts';
import { scan, type ScanStep } from '../server/src/scan.ts';
import { commandLine } from './command-line.ts';

const home = mkdtempSync(path.join(tmpdir(), 'pgrampart-bad-'));
beforeAll(loadPostgresFromDisk);
afterAll(() => rmSync(home, { recursive: true, force: true }));

const problem = 'GRANT ALL ON TABLE app.secrets TO PUBLIC;\n';

function folder(name: string, texts: Readonly<Record<string, string>>): string {
  const at = path.join(home, name);
  mkdirSync(at);
  for (const [file, text] of Object.entries(texts)) {
    mkdirSync(path.dirname(path.join(at, file)), { recursive: true });
    writeFileSync(path.join(at, file), text);
  }
  return at;
}

async function skippedIn(at: string): Promise<unknown> {
  const { out } = await commandLine(at, 'scan . --format json');
  const { files, skipped } = JSON.parse(out) as { files: number; skipped: { path: string; reason: string }[] };
  return { files, skipped: Object.fromEntries(skipped.map(({ path: name, reason }) => [name, reason])) };
}

test('what cannot be read is skipped with the reason, and the rest is looked at', async () => {
  const at = folder('unreadable', { 'a.sql': problem, 'binary.sql': '\0\x01\x02', 'big.sql': '' });
  truncateSync(path.join(at, 'big.sql'), 600_000_000);
  symlinkSync('loop.sql', path.join(at, 'loop.sql'));
  symlinkSync('nowhere.sql', path.join(at, 'dangling.sql'));
  symlinkSync('.', path.join(at, 'again'));
  expect(await skippedIn(at)).toEqual({ files: 1, skipped: {
    'binary.sql': 'not a text file', 'big.sql': 'larger than 512 MB, which no text can be', 'loop.sql': 'is a link to itself', 'dangling.sql': 'no such file or folder',
  } });
});

test.runIf(process.platform === 'linux')('names that are not UTF-8 are told as what they are, and line breaks in names hide nothing', async () => {
  const at = folder('names', { 'a.sql': problem, 'new\nline.sql': problem });
  writeFileSync(Buffer.concat([Buffer.from(`${at}/`), Buffer.from([0x62, 0xff]), Buffer.from('.sql')]), problem);
  expect(await skippedIn(at)).toEqual({ files: 2, skipped: { 'b\ufffd.sql': 'has a name that is not UTF-8 and cannot be opened by it' } });
  expect((await commandLine(at, 'scan . -q')).out.split('\n')).toHaveLength(3);
});

test.runIf(process.platform !== 'win32')('a pipe and a link to a device end the scan of nothing', async () => {
  const at = folder('endless', { 'pg_hba.conf': 'include zero.conf\ninclude pipe.conf\nhost all all 0.0.0.0/0 trust\n' });
  execFileSync('mkfifo', [path.join(at, 'pipe.conf')]);
  symlinkSync('/dev/zero', path.join(at, 'zero.conf'));
  symlinkSync('/dev/zero', path.join(at, 'PG_VERSION'));
  symlinkSync('/dev/zero', path.join(at, '.gitignore'));
  expect((await commandLine(at, 'scan . -q')).out).toContain('hba/trust-any');
  const { code, error } = await commandLine(at, 'scan pipe.conf zero.conf');
  expect(code).toBe(3);
  expect(error).toBe(['pipe', 'zero'].map((name) => `pgrampart: ${name}.conf: is a pipe or a device, whose text may never end\n`).join(''));
});

test('a folder that goes away while it is scanned: what was found stays, the rest is skipped by name', async () => {
  const at = folder('going', Object.fromEntries(Array.from({ length: 12 }, (_, i) => [`sub${i % 2}/${i + 10}.sql`, problem.replace('secrets', `secrets_${i}`)])));
  const steps: ScanStep[] = [];
  for await (const step of scan(nodeHost, [at], { inside: [at] })) {
    steps.push(step);
    if (steps.length === 4) rmSync(at, { recursive: true });
  }
  expect(steps).toHaveLength(12);
  expect(steps.slice(0, 4).map(({ findings }) => findings?.length)).toEqual([1, 1, 1, 1]);
  expect(steps.slice(4).map(({ skipped }) => skipped)).toEqual(Array.from({ length: 8 }, () => 'no such file or folder'));
});

test('a scan that runs out of memory says so, and reports what it has found', async () => {
  const at = folder('memory', { 'a.sql': problem, 'b.sql': problem, 'c.sql': problem });
  let tell = (_: string) => {};
  let read = 0;
  const host: Host = { ...nodeHost, read: (name) => {
    // Once it is read with the other files, and once to be looked at.
    if (name.endsWith('b.sql') && ++read === 2) tell('there is none');
    return nodeHost.read(name);
  } };
  const { code, out, error } = await commandLine(at, 'scan . --format sarif', { host, watchMemory: (listener) => { tell = listener; return () => {}; } });
  expect(code).toBe(3);
  expect(error).toBe('pgrampart: stopped after 2 of 3 files, because there is none\n');
  const [run] = (JSON.parse(out) as { runs: any[] }).runs;
  expect(run.results).toHaveLength(2);
  expect(run.invocations[0].executionSuccessful).toBe(false);
});

test('what is said of memory tells how to have more, where the machine has more', () => {
  expect(wordsFor(4.3e9, 16.4e9)).toBe('the 4.3 GB of memory that Node.js allows are used up: scan fewer folders at once, or set NODE_OPTIONS=--max-old-space-size=12288 to allow more of what this machine has');
  expect(wordsFor(4.3e9, 4.4e9)).toBe('the 4.3 GB of memory that Node.js allows are used up: scan fewer folders at once');
});

test('where not even the SQL parser has room, no stack is shown', async () => {
  const full = new RangeError('WebAssembly.Instance(): Out of memory: Cannot allocate Wasm memory for new instance');
  const { code, error } = await commandLine(folder('limited', { 'a.sql': problem }), 'scan', { loadPostgres: () => Promise.reject(full) });
  expect(code).toBe(3);
  expect(error).toBe(`pgrampart: there is not enough memory (${full.message}). Where ulimit -v is set, it has to allow 12 GB of addresses, most of which stay unused\n`);
});

import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Console } from '../server/src/cli/console.ts';
import { nodeHost } from '../server/src/node-host.ts';
import { knownRules } from '../server/src/policy/catalog.ts';
import { fileFormats } from '../server/src/report/formats.ts';
import { commandLine } from './command-line.ts';

let folder: string;
beforeEach(() => { folder = mkdtempSync(path.join(tmpdir(), 'pgrampart-')); });
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const risky = 'host all all 0.0.0.0/0 trust\n';
const sound = 'hostssl app app 10.0.0.5/32 scram-sha-256\n';
const unused = `# pgrampart-ignore hba/trust-any: was needed once\n${sound}`;

function put(name: string, content: string | Uint8Array): string {
  const file = path.join(folder, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, content);
  return file;
}

const pgrampart = (args: string, more?: Parameters<typeof commandLine>[2]) => commandLine(folder, args, more);

const json = async (args: string, more = {}) => JSON.parse((await pgrampart(`scan --format json ${args}`, more)).out) as any;

describe('a baseline', () => {
  test('tells how it is made to count', async () => {
    put('pg_hba.conf', risky);
    expect((await pgrampart('scan --update-baseline')).out).toBe('pgrampart-baseline.json accepts 1 problem\nNext: write "baseline": "pgrampart-baseline.json" into pgrampart.jsonc, so that scans leave them out\n');
    expect((await pgrampart('scan --update-baseline --baseline pgrampart-baseline.json')).out).toBe('pgrampart-baseline.json accepts 1 problem\n');
  });

  test('accepts what is there, shows what is new, and forgets what is gone', async () => {
    put('pgrampart.jsonc', '{ "baseline": "accepted.json" }');
    put('pg_hba.conf', risky);
    expect(await pgrampart('scan --update-baseline')).toEqual({ code: 0, out: 'accepted.json accepts 1 problem\n', error: '' });
    expect(await pgrampart('scan')).toEqual({ code: 0, out: 'No problems, 1 file scanned, 1 in the baseline\n', error: '' });
    put('pg_hba.conf', `# moved\nhost app app 0.0.0.0/0 trust\n${risky}`);
    expect((await pgrampart('scan')).code).toBe(1);
    const sarif = JSON.parse((await pgrampart('scan --format sarif')).out);
    expect(sarif.runs[0].results.map(({ suppressions }: { suppressions?: unknown }) => suppressions)).toEqual([undefined, [{ kind: 'external', status: 'accepted' }]]);
    put('pg_hba.conf', sound);
    expect((await pgrampart('scan --prune-baseline')).out).toBe('1 problem taken out of accepted.json, 0 left\n');
  });

  test('forgets files that are gone, and follows those that have another name', async () => {
    put('a/pg_hba.conf', risky);
    put('b/pg_hba.conf', `${risky}host app app 0.0.0.0/0 trust\n`);
    const [accepted] = /\d+/.exec((await pgrampart('scan --update-baseline')).out)!;
    const rest = (lines: string) => Number(/, (\d+) left/.exec(lines)![1]);
    rmSync(path.join(folder, 'a'), { recursive: true });
    expect(rest((await pgrampart('scan b --prune-baseline')).out)).toBe(Number(accepted));
    const { out } = await pgrampart('scan --prune-baseline');
    expect(out).toMatch(/^[1-9]\d* problems? taken out of pgrampart-baseline\.json/);
    renameSync(path.join(folder, 'b'), path.join(folder, 'c'));
    expect(await pgrampart('scan --prune-baseline')).toMatchObject({ out: `0 problems taken out of pgrampart-baseline.json, ${rest(out)} left\n` });
    expect(readFileSync(path.join(folder, 'pgrampart-baseline.json'), 'utf8')).not.toMatch(/"[ab]\//);
    expect((await pgrampart('scan --baseline pgrampart-baseline.json')).code).toBe(0);
  });

  test('keeps what it says about files that were not looked at', async () => {
    put('a/pg_hba.conf', risky);
    put('b/pg_hba.conf', risky);
    await pgrampart('scan --update-baseline');
    put('a/pg_hba.conf', sound);
    expect((await pgrampart('scan a --update-baseline')).out).toContain('pgrampart-baseline.json accepts 1 problem\n');
    expect((await pgrampart('scan --baseline pgrampart-baseline.json')).code).toBe(0);
  });

  test.each([['scan --baseline gone.json', 'gone.json is no baseline; --update-baseline makes one'], ['scan --update-baseline --fix', 'cannot be combined'], ['scan --update-baseline --prune-baseline', 'cannot be combined']])('%s is refused', async (args, message) => {
    expect(await pgrampart(args)).toMatchObject({ code: 2, error: expect.stringContaining(message) });
  });

  test('that is broken accepts nothing and is not overwritten', async () => {
    put('pgrampart.jsonc', '{ "baseline": "accepted.json" }');
    put('pg_hba.conf', risky);
    put('accepted.json', '{"version": 1, "problems": [');
    expect(await pgrampart('scan')).toMatchObject({ code: 3, error: expect.stringContaining('accepted.json is no baseline') });
    expect((await pgrampart('scan --update-baseline')).code).toBe(3);
    expect(readFileSync(path.join(folder, 'accepted.json'), 'utf8')).toBe('{"version": 1, "problems": [');
  });
});

describe('reports', () => {
  test('go to files, and one of them to standard output', async () => {
    put('pg_hba.conf', risky);
    put('old.html', 'what was there before');
    const { code, out, error } = await pgrampart('scan --format json --format sarif=out.sarif --format html=old.html --format pretty=findings.txt');
    expect({ code, error }).toEqual({ code: 1, error: '' });
    expect(JSON.parse(out).findings).toHaveLength(1);
    expect(JSON.parse(readFileSync(path.join(folder, 'out.sarif'), 'utf8')).version).toBe('2.1.0');
    expect(readFileSync(path.join(folder, 'old.html'), 'utf8')).toMatch(/^<!DOCTYPE html>.*<mark>trust<\/mark>/s);
    expect(readFileSync(path.join(folder, 'findings.txt'), 'utf8')).toContain('hba/trust-any');
  });

  test('that cannot be written are named, and the others are written', async () => {
    put('pg_hba.conf', sound);
    const { code, error } = await pgrampart('scan --format csv=missing/a.csv --format junit=a.xml');
    expect(code).toBe(3);
    expect(error).toContain('missing/a.csv was not written');
    expect(existsSync(path.join(folder, 'a.xml'))).toBe(true);
  });

  test('that fail half-way leave nothing behind and are named, and the others are written', async () => {
    put('pg_hba.conf', sound);
    const failing = vi.spyOn(fileFormats, 'sarif').mockImplementation(function* () {
      yield 'x'.repeat(3_000_000);
      throw new Error('no more');
    });
    const { code, error } = await pgrampart('scan --format sarif=a.sarif --format junit=a.xml');
    failing.mockRestore();
    expect({ code, error }).toEqual({ code: 3, error: 'pgrampart: a.sarif was not written: no more\n' });
    expect(readdirSync(folder).sort()).toEqual(['a.xml', 'pg_hba.conf']);
  });

  test.each([['scan --format json --format csv', 'only one --format'], ['scan --format csv=', 'needs a file'], ['scan --format htm=a', "did you mean 'html'?"]])('%s is refused', async (args, message) => {
    expect(await pgrampart(args)).toMatchObject({ code: 2, error: expect.stringContaining(message) });
  });
});

test('what only people read is printed as soon as a file has been looked at', async () => {
  for (const name of ['a', 'b', 'c']) put(`${name}/pg_hba.conf`, risky);
  const events: string[] = [];
  const read = (file: string) => {
    if (/[abc]\/pg_hba\.conf$/.test(file)) events.push(`read ${path.basename(path.dirname(file))}`);
    return nodeHost.read(file);
  };
  await pgrampart('scan', { host: { ...nodeHost, read }, out: (text) => void events.push(`print ${text.split('\n')[0]!.split('/')[0]}`) });
  expect(events.indexOf('print a')).toBeLessThan(events.lastIndexOf('read c'));
  expect(events.indexOf('print a')).toBeGreaterThanOrEqual(0);
  const { out } = await pgrampart('scan');
  expect((await pgrampart('scan --format pretty=printed.txt --format json=all.json')).code).toBe(1);
  expect(readFileSync(path.join(folder, 'printed.txt'), 'utf8')).toBe(out);
});

describe('exit codes', () => {
  test('0 without findings', async () => {
    put('pg_hba.conf', sound);
    expect(await pgrampart('scan')).toEqual({ code: 0, out: 'No problems, 1 file scanned\n', error: '' });
  });

  test('0 where there is nothing to look at, which is said', async () => {
    put('notes/notes.txt', 'hello');
    const { code, out, error } = await pgrampart('scan notes');
    expect({ code, out }).toEqual({ code: 0, out: 'No problems, 0 files scanned\n' });
    expect(error).toMatch(/^pgrampart: no postgresql\.conf, pg_hba\.conf, pg_ident\.conf or SQL file to look at in notes, or all are left out by /);
  });

  test('1 with findings at or above --fail-on', async () => {
    put('pg_hba.conf', risky);
    expect((await pgrampart('scan')).code).toBe(1);
    expect((await pgrampart('scan --fail-on critical')).code).toBe(1);
    expect((await pgrampart('scan --fail-on none')).code).toBe(0);
    expect((await pgrampart('scan --fail-on medium --rule hba/*=low --rule meta/*=off')).code).toBe(0);
    expect((await pgrampart('scan --fail-on low --rule hba/*=low')).code).toBe(1);
    expect((await pgrampart('scan --fail-on info --rule hba/*=off')).code).toBe(0);
  });

  test.each([
    ['scam', "did you mean 'scan'?"], ['db/a.sql', "did you mean 'pgrampart scan db/a.sql'?"], ['', 'no command given'],
    ['scan --fromat json', "did you mean '--format'?"], ['scan --format jsn', "did you mean 'json'?"], ['scan --format', 'needs a value'], ['scan --format --quiet', 'needs a value'],
    ['scan --quiet=1', 'takes no value'], ['scan --fail-on hihg', "did you mean 'high'?"], ['scan --pg-version 12', "did you mean '13'?"], ['scan --pg-version 19', "did you mean '18'?"],
    ['scan --pg-version new', 'Valid are auto and 13'], ['scan --rule hba/trust-ayn=low', "did you mean 'hba/trust-any'?"], ['scan --rule hba/trust-any=lwo', "did you mean 'low'?"],
    ['scan --rule hba/trust-any', 'ID=LEVEL'], ['scan --rule nope/*=low', "unknown rule 'nope/*'"], ['explain hba/trust-ayn', "did you mean 'hba/trust-any'?"], ['explain', 'takes one rule id'],
    ['foo', "unknown command 'foo'. Commands are scan, who, diff, init, rules, explain, version, help; a file or folder of that name is looked at by 'pgrampart scan foo'"], ['sacn', "did you mean 'scan'?"],
    ['scan -f json', "unknown option '-f'."], ['scan --foo', "unknown option '--foo'."], ['explain foo', "unknown rule 'foo'. All of them are listed by 'pgrampart rules'"],
    ['scan --json', "did you mean '--format json'?"], ['scan --role app', "'scan' takes no --role, which is for 'who'"], ['rules --format json', "'rules' takes no --format, which is for 'scan' and 'diff'"],
    ['scan -', '--stdin reads standard input'], ['help scam', "did you mean 'scan'?"],
    ['rules x', 'takes no arguments'], ['scan --stdin a.sql', 'cannot be combined with paths'], ['scan --stdin-filename a', 'needs --stdin'],
  ])('2 for: %s', async (args, message) => {
    const { code, out, error } = await pgrampart(args);
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(error).toContain(message);
  });

  test('3 for a named path that cannot be read, and the rest is reported', async () => {
    put('pg_hba.conf', risky);
    const { code, out, error } = await pgrampart('scan gone.sql pg_hba.conf');
    expect(code).toBe(3);
    expect(error).toBe('pgrampart: gone.sql: no such file or folder\n');
    expect(out).toContain('hba/trust-any');
    expect(out).toContain('  gone.sql  no such file or folder');
  });

  test('not text, or not ours: skipped and no failure', async () => {
    put('a.sql', new Uint8Array([0, 1, 2, 3]));
    put('notes.txt', 'hello');
    const { code, out } = await pgrampart('scan a.sql notes.txt');
    expect(code).toBe(0);
    expect(out).toContain('2 skipped');
  });

  test('3 when a rule fails, with its name', async () => {
    put('pg_hba.conf', risky);
    const failing = { ...nodeHost, list: async () => { throw new TypeError('broken'); }, size: undefined, read: async () => { throw new TypeError('broken'); } };
    expect((await pgrampart('scan', { host: failing as unknown as Console['host'] })).code).toBe(3);
  });
});

describe('JSON', () => {
  test('has the promised shape on real files', async () => {
    put('db/pg_hba.conf', risky);
    put('db/postgresql.conf', "listen_addresses = '*'\n");
    const content = await json('.');
    expect(Object.keys(content)).toEqual(['schema', 'files', 'skipped', 'findings']);
    expect(content).toMatchObject({ schema: 'pgrampart-findings/1', files: 2, skipped: [] });
    const found = content.findings.find(({ rule }: { rule: string }) => rule === 'hba/trust-any');
    expect(Object.keys(found)).toEqual(['rule', 'severity', 'path', 'message', 'start', 'end', 'related', 'fixes']);
    expect(found).toMatchObject({ severity: 'critical', path: 'db/pg_hba.conf', start: { line: 1, column: 24, offset: 23 }, end: { line: 1, column: 29, offset: 28 } });
    expect(found.fixes[0]).toMatchObject({ safety: 'review', edits: [{ text: 'scram-sha-256' }] });
  });

  test('is the same whatever the order of the paths', async () => {
    put('a/pg_hba.conf', risky);
    put('b/pg_hba.conf', risky);
    expect(await json('b a')).toEqual(await json('a b a/pg_hba.conf'));
  });

  test('places are right behind a byte order mark and with CRLF', async () => {
    const text = `\ufeff# c\r\n${risky.replace('\n', '\r\n')}`;
    put('pg_hba.conf', text);
    const [{ start, end }] = (await json('.')).findings.filter(({ rule }: { rule: string }) => rule === 'hba/trust-any');
    expect(text.slice(start.offset, end.offset)).toBe('trust');
    expect(start).toMatchObject({ line: 2, column: 24 });
  });
});

test('SARIF of real files names the rules', async () => {
  put('pg_hba.conf', risky);
  const { out } = await pgrampart('scan --format sarif');
  const [first] = JSON.parse(out).runs[0].results;
  expect(first).toMatchObject({ ruleId: expect.stringContaining('hba/'), partialFingerprints: {} });
});

describe('standard input', () => {
  test('is named and has the neighbours of its name', async () => {
    put('db/postgresql.conf', "listen_addresses = '*'\n");
    const content = await json('--stdin --stdin-filename db/pg_hba.conf', { input: risky });
    expect(content.files).toBe(1);
    expect(content.findings[0].path).toBe('db/pg_hba.conf');
  });

  test('tells its language by its content', async () => {
    expect((await json('--stdin', { input: risky })).findings.map(({ rule }: { rule: string }) => rule)).toContain('hba/trust-any');
    expect((await json('--stdin', { input: 'select 1;' })).findings).toEqual([]);
  });
});

describe('migrations', () => {
  const definer = "CREATE FUNCTION app.f(x text) RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1';\n";
  const mend = 'ALTER FUNCTION app.f(text) SET search_path = pg_catalog, pg_temp;\nREVOKE ALL ON FUNCTION app.f(text) FROM PUBLIC;\n';

  test('a later one counts, also when only the older one is looked at', async () => {
    put('migrations/1_a.sql', definer);
    expect((await json('migrations/1_a.sql')).findings).not.toEqual([]);
    put('migrations/2_b.sql', mend);
    expect((await json('migrations/1_a.sql')).findings).toEqual([]);
    expect((await json('')).findings).toEqual([]);
  });

  test('--migrations says the order', async () => {
    put('b/functions.sql', definer);
    put('a/later.sql', mend);
    expect((await json('b --migrations b/*.sql --migrations a/*.sql')).findings).toEqual([]);
    expect((await json('b --migrations a/*.sql --migrations b/*.sql')).findings).not.toEqual([]);
  });

  test('are fixed only when asked for, or when git does not keep them yet', async () => {
    const file = put('migrations/1_a.sql', definer);
    const { error } = await pgrampart('scan --fix-review');
    expect(readFileSync(file, 'utf8')).toBe(definer);
    expect(error).toContain('1 migration was left as it is, because it may have been applied already');
    execFileSync('git', ['init', '-q'], { cwd: folder });
    await pgrampart('scan --fix-review');
    expect(readFileSync(file, 'utf8')).toBe(definer);
    execFileSync('git', ['add', '.'], { cwd: folder });
    await pgrampart('scan --fix-review');
    expect(readFileSync(file, 'utf8')).toBe(definer);
    put('migrations/2_b.sql', definer.replace('app.f', 'app.g'));
    await pgrampart('scan --fix-review');
    expect(readFileSync(path.join(folder, 'migrations/2_b.sql'), 'utf8')).toContain('SET search_path');
    expect(readFileSync(file, 'utf8')).toBe(definer);
    await pgrampart('scan --fix-review --in-place');
    expect(readFileSync(file, 'utf8')).toContain('SET search_path');
  });
});

describe('fixing', () => {
  test('--fix makes safe fixes only', async () => {
    const file = put('pg_hba.conf', unused + risky);
    const { out } = await pgrampart('scan --fix');
    expect(readFileSync(file, 'utf8')).toBe(sound + risky);
    expect(out).toContain('1 fixed in 1 file');
  });

  test('--fix-review makes all, and a second time changes nothing', async () => {
    const file = put('pg_hba.conf', `# é 😀\r\n${risky.replace('\n', '\r\n')}`);
    chmodSync(file, 0o640);
    await pgrampart('scan --fix-review');
    const fixed = readFileSync(file, 'utf8');
    expect(fixed).toBe('# é 😀\r\nhostssl all all 0.0.0.0/0 scram-sha-256\r\n');
    expect(statSync(file).mode & 0o777).toBe(0o640);
    const { mtimeMs, ino } = statSync(file);
    await pgrampart('scan --fix-review');
    expect(statSync(file)).toMatchObject({ mtimeMs, ino });
    expect(readdirSync(folder)).toEqual(['pg_hba.conf']);
  });

  test('a link stays a link', async () => {
    const file = put('real/pg_hba.conf', risky);
    symlinkSync(file, path.join(folder, 'pg_hba.conf'));
    await pgrampart('scan --fix-review pg_hba.conf');
    expect(readFileSync(file, 'utf8')).toContain('scram-sha-256');
    expect(existsSync(path.join(folder, 'pg_hba.conf'))).toBe(true);
  });

  test('a file that is not UTF-8 keeps every byte', async () => {
    const bytes = new Uint8Array([...new TextEncoder().encode(risky), 0x23, 0xe9, 0x0a]);
    const file = put('pg_hba.conf', bytes);
    const { code, error } = await pgrampart('scan --fix-review');
    expect(new Uint8Array(readFileSync(file))).toEqual(bytes);
    expect(code).toBe(3);
    expect(error).toContain('pg_hba.conf was not fixed: it is not UTF-8');
  });
});

describe('on the terminal', () => {
  test.each([
    ['scan', true, {}, true], ['scan', false, {}, false], ['scan --no-color', true, {}, false],
    ['scan', true, { NO_COLOR: '1' }, false], ['scan', true, { TERM: 'dumb' }, false], ['scan --format json', true, {}, false],
  ] as const)('%s, terminal %s, %j: colours %s', async (args, terminal, env, colored) => {
    put('pg_hba.conf', risky);
    expect((await pgrampart(args, { terminal, env })).out.includes('\u001b[')).toBe(colored);
  });

  test('--quiet is one line per finding', async () => {
    put('pg_hba.conf', risky);
    const { out } = await pgrampart('scan --quiet');
    expect(out).toMatch(/^(pg_hba\.conf:1:\d+  \w+  .+  hba\/[\w-]+\n)+$/);
  });
});

describe('other commands', () => {
  test.each(['--help who', 'who --help', 'help who'])('%s is about that command alone', async (args) => {
    const { code, out } = await pgrampart(args);
    expect(code).toBe(0);
    expect(out).toMatch(/^Usage\n  pgrampart who \[options\] pg_hba\.conf\n +say which .*\n\nOptions of who\n[^]*\n\nExit codes of who\n  0 [^]*cannot be read\n$/);
    expect(out).not.toContain('scan [paths');
  });

  test.each(['scan', 'diff', 'init', 'rules', 'explain', 'version', 'help'])('there is help about %s', async (command) => {
    expect((await pgrampart(`help ${command}`)).out).toMatch(new RegExp(`^Usage\\n  pgrampart ${command}\\b`));
  });

  test('help tells every option', async () => {
    const { code, out } = await pgrampart('--help');
    expect(code).toBe(0);
    for (const option of ['--format', '--pg-version', '--fail-on', '--fix', '--fix-review', '--stdin', '--stdin-filename', '--rule', '--quiet', '--no-color', 'explain', 'rules', 'version']) expect(out).toContain(option);
    expect((await pgrampart('-h')).out).toBe(out);
    expect((await pgrampart('scan -h')).out).toBe((await pgrampart('help scan')).out);
    expect((await pgrampart('help')).out).toBe(out);
  });

  test('version', async () => {
    expect(await pgrampart('version')).toEqual({ code: 0, out: '0.0.0\n', error: '' });
    expect((await pgrampart('--version')).out).toBe('0.0.0\n');
  });

  test('rules lists all, explain shows one', async () => {
    expect((await pgrampart('rules')).out.trimEnd().split('\n')).toHaveLength(knownRules.length);
    for (const { id } of knownRules) expect((await pgrampart(`explain ${id}`)).out).toContain(id);
  });
});

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { run } from '../server/src/cli/run.ts';
import { nodeGit } from '../server/src/node-git.ts';
import { nodeHost } from '../server/src/node-host.ts';
import { loadPostgresFromDisk } from '../server/src/node-wasm.ts';
import { writeAtomically } from '../server/src/node-write.ts';

let folder: string;
beforeEach(() => { folder = mkdtempSync(path.join(tmpdir(), 'pgrampart-')); });
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function put(name: string, content: string | Uint8Array): void {
  const file = path.join(folder, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, content);
}

async function who(args: string): Promise<{ code: number; out: string; error: string }> {
  let out = '';
  let error = '';
  const code = await run(['who', ...args.split(' ').filter((word) => word !== '')], {
    host: nodeHost, git: nodeGit, cwd: folder, version: '0.0.0', env: {}, terminal: false, today: '2026-01-01',
    out: (text) => { out += text; }, error: (text) => { error += text; }, stdin: async () => new Uint8Array(),
    resolve: (name) => path.resolve(folder, name), write: writeAtomically, loadPostgres: loadPostgresFromDisk,
  });
  return { code, out, error };
}

const rules = `# who may come in
local   all  postgres  peer
hostssl all  +admins   10.0.0.0/8   cert
host    app  alice     10.0.0.0/8   ldap  ldapserver=ldap.example.com ldapprefix=secret
include more.conf
`;

beforeEach(() => {
  put('pg_hba.conf', rules);
  put('more.conf', 'host all all 192.168.0.0/16 reject\n');
});

test('says which record decides and why those before it do not', async () => {
  expect(await who('--role alice --database app --address 10.1.2.3 pg_hba.conf')).toEqual({
    code: 0, error: '',
    out: `pg_hba.conf:4 decides: role "alice" at database "app" from 10.1.2.3 without encryption may log in with a password that the LDAP server accepts
  pg_hba.conf:4  host app alice 10.0.0.0/8 ldap …

Lines before it
  pg_hba.conf:2  local all postgres peer
      is for the Unix-domain socket only
  pg_hba.conf:3  hostssl all +admins 10.0.0.0/8 cert
      is for TLS connections only
`,
  });
});

test('the same for programs', async () => {
  const { code, out } = await who('--role bob --address 192.168.1.5 --json pg_hba.conf');
  expect(code).toBe(1);
  expect(JSON.parse(out)).toEqual({
    schema: 'pgrampart-who/1', decision: 'rejected',
    message: 'more.conf:1 decides: the server turns role "bob" at database "bob" from 192.168.1.5 without encryption away',
    deciding: { path: 'more.conf', line: 1, text: 'host all all 192.168.0.0/16 reject' }, otherwise: null,
    earlier: [
      { path: 'pg_hba.conf', line: 2, text: 'local all postgres peer', why: 'is for the Unix-domain socket only', doubtful: false },
      { path: 'pg_hba.conf', line: 3, text: 'hostssl all +admins 10.0.0.0/8 cert', why: 'is for TLS connections only', doubtful: false },
      { path: 'pg_hba.conf', line: 4, text: 'host app alice 10.0.0.0/8 ldap …', why: '10.0.0.0/8 does not contain 192.168.1.5', doubtful: false },
    ],
    problems: [], notes: [],
  });
});

describe('exit codes', () => {
  test.each([
    [0, 'admitted', '--role postgres --socket'],
    [0, 'admitted', '--role alice --address 10.0.0.1 --tls --member-of staff,admins'],
    [1, 'unmatched', '--role bob --socket'],
    [1, 'unmatched', '--role postgres --socket --replication'],
    [1, 'rejected', '--role bob --address 192.168.1.5 --gss'],
    [3, 'undecided', '--role alice --address 10.0.0.1 --tls'],
    [1, 'unmatched', '--role alice --address 10.0.0.1 --tls --member-of='],
    [3, 'refused', '--role alice --socket --pg-version 15'],
  ])('%i for %s: %s', async (code, decision, args) => {
    const answer = await who(`${args} --json pg_hba.conf`);
    expect([answer.code, (JSON.parse(answer.out) as { decision: string }).decision]).toEqual([code, decision]);
  });

  test.each([
    ['pg_hba.conf', "'who' needs --role"], ['--role a pg_hba.conf', 'needs --address or --socket'], ['--role a --socket', 'takes one file'], ['--role a --socket a b', 'takes one file'],
    ['--role a --address 10.0.0.0/8 x', 'a client has one address, not a network'], ['--role a --address host x', "'host' is no IP address"], ['--role a --socket --tls x', '--socket cannot be combined'],
    ['--role a --address ::1 --tls --gss x', '--tls cannot be combined'], ['--role a --socket --replication --database b x', '--replication cannot be combined'], ['--roll a x', "did you mean '--role'?"],
    ['--role a --socket --pg-version 9 x', "unknown PostgreSQL version '9'"], ['--role --socket x', 'needs a value'],
  ])('2 for %s', async (args, message) => {
    const { code, out, error } = await who(args);
    expect({ code, out, error }).toEqual({ code: 2, out: '', error: expect.stringContaining(message) });
  });

  test('3 for what cannot be read', async () => {
    put('pg_hba.bin', Uint8Array.of(1, 0, 2));
    expect(await who('--role a --socket nothing.conf')).toEqual({ code: 3, out: '', error: 'pgrampart: nothing.conf: no such file or folder\n' });
    expect(await who('--role a --socket pg_hba.bin')).toEqual({ code: 3, out: '', error: 'pgrampart: pg_hba.bin: not a text file\n' });
  });
});

test('says on what an undecided answer depends', async () => {
  const { out } = await who('--role alice --database app --address 10.0.0.1 --tls pg_hba.conf');
  expect(out).toMatch(/^That depends on pg_hba\.conf:3: whether the role is a member of "admins" is not known; otherwise pg_hba\.conf:4 decides\n/);
  expect(out).toContain('      may decide: whether the role is a member of "admins" is not known\n');
});

test('names what the server refuses, and never an option', async () => {
  put('pg_hba.conf', 'host all all all ldap ldapserver=a ldapprefix=geheim ldapbindpasswd=geheim\n\nhost all all all trsut\n');
  const { code, out } = await who('--role alice --socket pg_hba.conf');
  expect(code).toBe(3);
  expect(out).toMatch(/^The server refuses this file as a whole, and what it loaded before stays in force: pg_hba\.conf:1, .*\n\nRefused\n  pg_hba\.conf:1  host all all all ldap …\n/);
  expect(out).toContain('  pg_hba.conf:3  host all all all trsut\n      "trsut" is not an authentication method\n');
  expect(out).not.toContain('geheim');
});

test('ssl of the postgresql.conf beside the file counts', async () => {
  put('postgresql.conf', 'ssl = off\n');
  const { out } = await who('--role alice --database app --address 10.0.0.1 --tls --member-of admins pg_hba.conf');
  expect(out).toMatch(/^pg_hba\.conf:4 decides/);
  expect(out).toMatch(/\n\nNote: TLS is off in postgresql\.conf, so this client comes in without it or not at all\n$/);
});

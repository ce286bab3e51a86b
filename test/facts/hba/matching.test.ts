import { describe, expect, test } from 'vitest';
import { hbaFacts } from '../../../server/src/facts/access.ts';
import { decide, type HbaClient, type Network } from '../../../server/src/facts/hba/matching.ts';
import { parseIp } from '../../../server/src/syntax/address.ts';
import { regexMatches } from '../../../server/src/syntax/regex-match.ts';
import { filesOf } from '../../files.ts';

// What matches and what does not is compared with real servers in oracle/who.test.ts; here is what only we say.

const net = (address: string, more: Partial<Network> = {}): Network => ({ address: parseIp(address)!, encryption: 'none', ...more });
const alice: HbaClient = { role: 'alice', database: 'app', transport: net('192.168.1.5'), memberOf: [] };

function ask(text: string, client: Partial<HbaClient> = {}, files: Record<string, string> = {}, version = 18) {
  const facts = hbaFacts({ path: 'pg_hba.conf', text, language: 'hba', version, files: filesOf(files) });
  return decide(facts, { ...alice, ...client });
}

const whys = (...args: Parameters<typeof ask>) => ask(...args).earlier.map(({ why }) => why);

describe('why a record does not decide', () => {
  test.each([
    ['local all all trust', 'is for the Unix-domain socket only'],
    ['hostssl all all all trust', 'is for TLS connections only'],
    ['hostgssenc all all all trust', 'is for connections with GSSAPI encryption only'],
    ['host all all 10.0.0.0/8 trust', '10.0.0.0/8 does not contain 192.168.1.5'],
    ['host all all 10.0.0.1 255.0.255.0 trust', '10.0.0.0 mask 255.0.255.0 does not contain 192.168.1.5'],
    ['host all all ::/0 trust', 'is for IPv6 clients, and 192.168.1.5 is IPv4'],
    ['host all all ALL trust', 'is for the host "ALL", which no client has'],
    ['host all all localhost trust', "is for the server's own machine only"],
    ['host web all all trust', 'is for database "web"'],
    ['host web,shop all all trust', 'is for 2 other databases'],
    ['host replication all all trust', 'is for physical replication only'],
    ['host sameuser all all trust', 'is for the database of the same name as the role'],
    ['host samerole all all trust', 'is for databases named like a role that the role is a member of'],
    ['host all bob all trust', 'is for role "bob"'],
    ['host all +admins all trust', 'is for members of role "admins"'],
    ['host all @names.txt all trust', 'is for role "bob"'],
  ])('%s', (record, why) => {
    expect(ask(`${record}\n`, {}, { 'names.txt': 'bob' })).toMatchObject({ kind: 'none', earlier: [{ path: 'pg_hba.conf', doubtful: false, why }] });
  });
  test('to replication', () => {
    expect(ask('host all all all trust\n', { database: undefined as never }).earlier[0]!.why).toBe('does not name the keyword replication');
  });
  test('on the socket', () => {
    expect(whys('host all all all trust\n', { transport: 'socket' })).toEqual(['is for TCP connections, not for the socket']);
  });
});

describe('what is not known is not decided', () => {
  const unknown: HbaClient = { role: 'alice', database: 'app', transport: net('192.168.1.5') };
  test.each([
    ['host all +admins all trust', 'whether the role is a member of "admins" is not known'],
    ['host samerole all all trust', 'whether the role is a member of one named like the database is not known'],
    ['host all all db.example.com trust', 'is for "db.example.com", and whether 192.168.1.5 has that name is not known'],
    ['host all all .example.com trust', 'is for ".example.com", and whether 192.168.1.5 has that name is not known'],
    ['host all all samenet trust', 'whether 192.168.1.5 is in a network of the server is not known'],
    ['host all /(?=a) all trust', 'whether "/(?=a)" matches is not known'],
    ['host all {{ role }} all trust', 'what stands here once the placeholders are filled in is not known'],
  ])('%s', (record, why) => {
    const decision = decide(hbaFacts({ path: 'pg_hba.conf', text: `${record}\nhost all all all md5\n`, language: 'hba', version: 18, files: filesOf({}) }), unknown);
    expect(decision).toMatchObject({ kind: 'undecided', decides: { record: { method: { text: 'md5' } } }, earlier: [{ doubtful: true, why }] });
  });
  test('what surely does not fit outweighs it', () => {
    expect(ask('host web +admins all trust\nhost all all db.example.com reject\nhost all all all md5\n', { memberOf: undefined as never, transport: net('192.168.1.5', { name: 'web.example.com' }) }))
      .toMatchObject({ kind: 'record', decides: { record: { method: { text: 'md5' } } } });
  });
  test('a file outside of what can be seen', () => {
    const document = { path: 'pg_hba.conf', text: 'include /etc/hba.conf\nhost all @names all md5\n', language: 'hba' as const, version: 18, files: { ...filesOf({}), missing: () => false } };
    expect(decide(hbaFacts(document), alice).earlier.map(({ why }) => why)).toEqual(['the file "/etc/hba.conf" cannot be seen', 'what "@names" holds is not known']);
  });
});

test('names and networks that are told decide', () => {
  expect(ask('host all all .Example.com trust\n', { transport: net('192.168.1.5', { name: 'db.example.COM' }) }).kind).toBe('record');
  const facts = hbaFacts({ path: 'pg_hba.conf', text: 'host all all samehost trust\nhost all all samenet md5\n', language: 'hba', version: 18, files: filesOf({}) });
  expect(decide(facts, alice, [{ address: parseIp('192.168.1.1')!, mask: parseIp('255.255.255.0')! }]).decides?.record.method.text).toBe('md5');
  expect(decide(facts, alice, []).kind).toBe('none');
});

test('with ssl off nobody comes in over TLS', () => {
  const decision = ask('hostssl all all all trust\nhost all all all md5\n', { transport: net('192.168.1.5', { encryption: 'tls' }) }, { 'postgresql.conf': 'ssl = off\n' });
  expect(decision).toMatchObject({ kind: 'record', decides: { record: { method: { text: 'md5' } } }, earlier: [{ why: 'is for TLS connections only, and ssl is off' }] });
  expect(decision.notes).toEqual(['TLS is off in postgresql.conf, so this client comes in without it or not at all']);
});

test('names are cut as the server cuts them', () => {
  expect(ask(`host all ${'a'.repeat(63)} all trust\n`, { role: 'a'.repeat(70) }).kind).toBe('record');
});

test('folders that include each other come to an end', () => {
  const files = Object.fromEntries(Array.from({ length: 5 }, (_, i) => [`d/${i}.conf`, 'include_dir .\n']));
  expect(ask('include_dir d\n', {}, files).kind).toBe('refused');
});

describe('regular expressions', () => {
  test.each([
    ['^a', 'alice', true], ['^b', 'alice', false], ['lic', 'alice', true], ['^(alice|bob)$', 'bob', true], ['^(alice|bob)$', 'bobby', false], ['^a.{3}e$', 'alice', true],
    ['^[^a-z]', 'Alice', true], ['^[[:digit:]x]+$', '1x2', true], ['\\d{2,}', 'a12', true], ['\\d{2,}', 'a1', false], ['^a?b*c+?$', 'cc', true], ['^\\.$', '.', true], ['^[]a]$', ']', true],
    ['^[a-]$', '-', true], ['a{b', 'a{b', true], ['', 'x', true], ['^(?:ab)+$', 'abab', true], ['^.$', '😀', true], ['\\w\\s\\W', 'a -', true], ['^(a|)$', '', true],
    ['(?=a)', 'a', undefined], ['(a)\\1', 'aa', undefined], ['***=a', 'a', undefined], ['[[.a.]]', 'a', undefined], ['\\ya', 'a', undefined], ['(', 'a', undefined], ['a**', 'a', undefined],
  ])('%s and %s', (pattern, text, result) => {
    expect(regexMatches(pattern, text)).toBe(result);
  });
  test('one that takes others for ever is given up', () => {
    expect(regexMatches('^(((((a?){99}){99}){99}){99}){99}b$', 'a'.repeat(63))).toBe(undefined);
    expect(regexMatches('^(a+)+$', `${'a'.repeat(62)}b`)).toBe(false);
  });
});

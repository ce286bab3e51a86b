import { networkInterfaces } from 'node:os';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { amount } from '../amount.ts';
import { hbaFacts } from '../../server/src/facts/access.ts';
import type { LoadedRecord } from '../../server/src/facts/hba/loaded.ts';
import { decide, type Decision, type HbaClient, type Interface } from '../../server/src/facts/hba/matching.ts';
import { baseName } from '../../server/src/paths.ts';
import { parseIp } from '../../server/src/syntax/address.ts';
import type { HbaRecord } from '../../server/src/syntax/hba.ts';
import { Lines } from '../../server/src/text.ts';
import { filesOf } from '../files.ts';
import { issue, newAuthority } from './certificates.ts';
import { knock, usable, type Reception } from './knock.ts';
import type { Server } from './servers.ts';
import { startPostgres } from './servers.ts';

type Files = Readonly<Record<string, string>>;

/** A client that both the server and we can be asked about. */
interface Guest {
  readonly role: keyof typeof memberOf;
  /** Absent: physical replication. */
  readonly database?: string;
  /** An address, or the socket. */
  readonly from: string;
  readonly tls?: boolean;
}

/** The roles of the server and the groups they are in, directly or not. */
const memberOf = { alice: ['staff', 'admins'], bob: [], Bob: [], carol: ['admins'], app: ['admins'], boss: [], 'all': [], staff: ['admins'] };
const roles = `
  create role admins; create role staff login; grant admins to staff; create role alice login password 'secret'; grant staff to alice;
  set password_encryption = 'md5'; create role bob login password 'secret'; create role "Bob" login password 'secret';
  create role carol login noinherit; grant admins to carol; create role app login; grant admins to app;
  create role boss login superuser; create role "all" login;`;

const authority = newAuthority('pgrampart test');
const identity = issue(authority, 'localhost');

describe.each([13, 16, 18])('who gets in, said by us and by PostgreSQL %i', (version) => {
  let server: Server;
  let addresses: readonly string[];

  beforeAll(async () => {
    addresses = await usable(['127.0.0.1', '127.0.0.2', '127.0.0.5', '127.0.0.9', '127.1.2.3', '127.200.0.5', '::1']);
    server = await startPostgres(version, {
      files: { 'server.crt': identity.certificate, 'server.key': identity.key },
      settings: {
        ssl: 'on', listen_addresses: addresses.includes('::1') ? '127.0.0.1,::1' : '127.0.0.1', unix_socket_directories: '.',
        log_connections: 'on', log_line_prefix: '[%r] ', max_connections: '50',
      },
    });
    const client = await server.connect();
    await client.query(roles);
    await client.end();
  });
  afterAll(async () => server?.stop());

  test('about files and clients made up at random', async () => {
    const guests = fc.array(guest(addresses), { minLength: 8, maxLength: 16 });
    await fc.assert(fc.asyncProperty(files(version), guests, async (texts, clients) => {
      await load(texts);
      const answers = await Promise.all(clients.map(ask));
      expect(answers.map(({ theirs }) => theirs)).toEqual(answers.map(({ ours, theirs }) => predicted(ours, texts, version, theirs)));
    }), amount(30, 300));
  });

  test.each(sentences.filter(({ from = 13, to = 18 }) => from <= version && version <= to))('$that', async ({ file, files = {}, clients }) => {
    await load({ 'pg_hba.conf': file, ...files });
    for (const [client, met] of clients) {
      if (client.from !== 'socket' && !addresses.includes(client.from)) continue;
      const { ours, theirs } = await ask(client);
      expect(theirs, JSON.stringify(client)).toContain(met);
      expect(predicted(ours, texts, version, theirs)).toBe(theirs);
      expect(ours.kind).not.toBe('undecided');
    }
  });

  test.each(broken.filter(({ from = 13, to = 18 }) => from <= version && version <= to))('a file is refused as a whole: $that', async ({ file, files = {} }) => {
    await load({ 'pg_hba.conf': 'local all all reject\n' });
    await load({ 'pg_hba.conf': file, ...files });
    const { ours, theirs } = await ask(alice('socket'));
    expect(ours).toMatchObject({ kind: 'refused', earlier: [] });
    await logged(/was not reloaded/, 0);
    expect(theirs).toBe('pg_hba.conf rejects');
  });

  let texts: Files = {};

  async function load(given: Files): Promise<void> {
    texts = given;
    for (const [name, text] of Object.entries(given)) await server.writeFile(name, text);
    await server.hangUp();
  }

  async function ask(guest: Guest): Promise<{ ours: Decision; theirs: string }> {
    const ours = decide(hbaFacts({ path: 'pg_hba.conf', text: texts['pg_hba.conf']!, language: 'hba', version, files: filesOf(texts) }), clientOf(guest), ownAddresses());
    return { ours, theirs: await meet(guest) };
  }

  /** How the server received the client, and the line that it names. In the log, clients on the socket all look alike, so they come one by one. */
  function meet(guest: Guest): Promise<string> {
    if (guest.from !== 'socket') return visit(guest);
    return (onSocket = onSocket.then(() => visit(guest)));
  }

  let onSocket = Promise.resolve('');

  async function visit({ role, database, from, tls = false }: Guest): Promise<string> {
    const before = server.log().length;
    const reception = await knock({
      port: server.port, role, ...(database === undefined ? { replication: true } : { database }),
      from: from === 'socket' ? { socket: server.dataDir } : { address: from, tls },
    });
    return await lineIn(from === 'socket' ? '[local]' : `${from}(${reception.localPort})`, before, reception) + receptionText(reception);
  }

  /** Where the deciding line is. Servers before 17 do not say which one let somebody in without asking, and none says which one rejects. */
  async function lineIn(name: string, start: number, { entered, asked, message }: Reception): Promise<string> {
    const told = entered ? version >= 17 : asked !== undefined || /authentication failed/.test(message ?? '');
    if (!told) return '';
    const prefix = `[${name}] `.replace(/[^\w ]/g, '\\$&');
    const wanted = new RegExp(`^${prefix}.*(?:\n\t.*)*?(?:method=[\\w-]+ \\(|Connection matched (?:file ")?)(?:[^\\n"]*/)?([\\w.]+)(?::|"? line )(\\d+)`, 'm');
    const [, file, line] = await logged(wanted, start);
    return `${file}:${line} `;
  }

  /** What the server writes may be seen a moment after what it does. */
  async function logged(wanted: RegExp, start: number): Promise<RegExpExecArray> {
    for (let attempt = 0; attempt < 1000; attempt++) {
      const found = wanted.exec(server.log().slice(start));
      if (found) return found;
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
    throw new Error(`the log has no ${wanted}: ${server.log()}`);
  }
});

function ownAddresses(): Interface[] {
  return Object.values(networkInterfaces()).flatMap((all = []) => all.map(({ address, netmask }) => ({ address: parseIp(address)!, mask: parseIp(netmask)! })));
}

function clientOf({ role, database, from, tls = false }: Guest): HbaClient {
  return {
    role, ...(database !== undefined && { database }), memberOf: memberOf[role],
    transport: from === 'socket' ? 'socket' : { address: parseIp(from)!, encryption: tls ? 'tls' : 'none' },
  };
}

function receptionText({ entered, asked, message = '' }: Reception): string {
  if (asked !== undefined) return asked === 'password' ? asked : 'hashed password';
  if (entered) return 'in';
  return /no pg_hba\.conf entry|pg_hba\.conf rejects|\w+ authentication failed/.exec(message)?.[0] ?? message;
}

/** What the server must do when our decision is right; `actual` where ours leaves several possibilities and it is one of them. */
function predicted(decision: Decision, texts: Files, version: number, actual: string): string {
  if (decision.kind === 'refused') return `refused: ${decision.problems.map(({ why }) => why).join()}`;
  const records = decision.earlier.filter(({ doubtful }) => doubtful).map(({ path, line }) => ({ path, record: line as HbaRecord }));
  const possible = [...records, decision.decides].map((loaded) => (loaded ? effect(loaded, texts, version) : 'no pg_hba.conf entry'));
  return possible.includes(actual) ? actual : possible.join(' or ');
}

function effect({ path, record }: Pick<LoadedRecord, 'path' | 'record'>, texts: Files, version: number): string {
  const at = `${baseName(path)}:${new Lines(texts[path]!).position(record.line.start).line + 1} `;
  switch (record.method.text) {
    case 'trust': return `${version >= 17 ? at : ''}in`;
    case 'reject': return 'pg_hba.conf rejects';
    case 'password': return `${at}password`;
    case 'peer': case 'ident': return `${at}${record.address ? 'Ident' : 'Peer'} authentication failed`;
    default: return `${at}hashed password`;
  }
}

/** A rule of the game, a file that shows it, and how its clients are met. */
interface Sentence {
  readonly that: string;
  readonly from?: number;
  readonly to?: number;
  readonly file: string;
  readonly files?: Files;
  readonly clients: readonly (readonly [Guest, string])[];
}

const alice = (from: string, more: Partial<Guest> = {}): Guest => ({ role: 'alice', database: 'app', from, ...more });
const home = '127.0.0.1';
const none = 'no pg_hba.conf entry';
const rejects = 'pg_hba.conf rejects';
const asksPlain = 'pg_hba.conf:2 password';

const sentences: readonly Sentence[] = [
  { that: 'the first record that matches decides, and nobody falls through to the next', file: 'host app all all scram-sha-256\nhost all all all trust\n', clients: [[alice(home), 'pg_hba.conf:1 hashed password'], [alice(home, { database: 'bob' }), 'in']] },
  { that: 'who matches no record is rejected', file: 'local all all trust\n', clients: [[alice(home), none], [alice('socket'), 'in']] },
  { that: 'host is for every TCP connection and never for the socket', file: 'host all all all trust\n', clients: [[alice(home), 'in'], [alice(home, { tls: true }), 'in'], [alice('::1'), 'in'], [alice('socket'), none]] },
  { that: 'hostssl is for TLS', file: 'hostssl all all all reject\nhost all all all password\n', clients: [[alice(home), asksPlain], [alice(home, { tls: true }), rejects]] },
  { that: 'hostnossl is for connections without TLS', file: 'hostnossl all all all reject\nhost all all all password\n', clients: [[alice(home), rejects], [alice(home, { tls: true }), asksPlain]] },
  { that: 'hostnogssenc says nothing about TLS, hostgssenc is for GSSAPI alone', file: 'hostgssenc all all all reject\nhostnogssenc all all all password\n', clients: [[alice(home), asksPlain], [alice(home, { tls: true }), asksPlain]] },
  { that: 'all does not take in physical replication', file: 'local all all reject\nlocal replication all password\n', clients: [[{ role: 'alice', from: 'socket' }, asksPlain], [alice('socket'), rejects]] },
  { that: 'replication is never a database', file: 'local replication all reject\nlocal "replication" all password\n', clients: [[alice('socket', { database: 'replication' }), asksPlain], [{ role: 'alice', from: 'socket' }, rejects]] },
  { that: 'quoted keywords are names', file: 'local "all" "all" reject\nlocal all all password\n', clients: [[{ role: 'all', database: 'all', from: 'socket' }, rejects], [alice('socket'), asksPlain]] },
  { that: 'keywords in capitals are names', file: 'local ALL all reject\nlocal all All reject\nlocal all all password\n', clients: [[alice('socket'), 'pg_hba.conf:3 password']] },
  { that: 'sameuser is the database named like the role', file: 'local sameuser all password\n', clients: [[alice('socket', { database: 'alice' }), 'pg_hba.conf:1 password'], [alice('socket'), none]] },
  { that: 'samerole is a database named like a group of the role, itself counted', file: 'local samerole all password\n', clients: [[alice('socket', { database: 'admins' }), 'password'], [alice('socket', { database: 'alice' }), 'password'], [{ role: 'bob', database: 'admins', from: 'socket' }, none], [{ role: 'boss', database: 'admins', from: 'socket' }, none]] },
  { that: '+role is for members, indirect and uninheriting ones too, not for superusers as such', file: 'local all +admins password\n', clients: [[alice('socket'), 'password'], [{ role: 'carol', database: 'app', from: 'socket' }, 'password'], [{ role: 'boss', database: 'app', from: 'socket' }, none]] },
  { that: '"+role" is a name', file: 'local all "+admins" reject\nlocal all all password\n', clients: [[alice('socket'), asksPlain]] },
  { that: 'names keep their case', file: 'local all Bob reject\nlocal all all password\n', clients: [[{ role: 'bob', database: 'app', from: 'socket' }, asksPlain], [{ role: 'Bob', database: 'app', from: 'socket' }, rejects]] },
  { that: 'a regular expression is not anchored', from: 16, file: 'local all /lic reject\nlocal all all password\n', clients: [[alice('socket'), rejects], [{ role: 'bob', database: 'app', from: 'socket' }, asksPlain]] },
  { that: 'a regular expression in quotes is one', from: 16, file: 'local "/^p{2}|^app$" all reject\nlocal all all password\n', clients: [[alice('socket'), rejects], [alice('socket', { database: 'apple' }), asksPlain]] },
  { that: 'before 16 a regular expression is a name', to: 15, file: 'local all /lic reject\nlocal all all password\n', clients: [[alice('socket'), asksPlain]] },
  { that: 'bits outside the mask do not count', file: 'host all all 127.99.0.1/8 reject\nhost all all all password\n', clients: [[alice('127.0.0.5'), rejects], [alice('::1'), asksPlain]] },
  { that: 'a mask need not be one run of ones', file: 'host all all 127.0.0.5 255.0.0.255 reject\nhost all all all password\n', clients: [[alice('127.200.0.5'), rejects], [alice('127.0.0.9'), asksPlain]] },
  { that: 'a number alone is a mask of its own', file: 'host all all 10.9.8.1 24 reject\nhost all all all password\n', clients: [[alice(home), rejects], [alice('127.0.0.5'), rejects], [alice('127.0.0.9'), asksPlain]] },
  { that: '10.1/16 is 10.0.0.1/16, and a leading zero is octal', file: 'host all all 127.1/32 reject\nhost all all 127.0.0.011/32 reject\nhost all all all password\n', clients: [[alice(home), rejects], [alice('127.0.0.9'), rejects], [alice('127.0.0.5'), 'pg_hba.conf:3 password']] },
  { that: '0.0.0.0/0 does not take in IPv6, all does', file: 'host all all 0.0.0.0/0 reject\nhost all all all password\n', clients: [[alice(home), rejects], [alice('::1'), asksPlain]] },
  { that: '::/0 and mapped addresses do not take in IPv4', file: 'host all all ::/0 reject\nhost all all ::ffff:127.0.0.1/128 reject\nhost all all all password\n', clients: [[alice(home), 'pg_hba.conf:3 password'], [alice('::1'), rejects]] },
  { that: 'samehost is the very address, samenet its network', file: 'host all all samehost reject\nhost all all samenet password\n', clients: [[alice(home), rejects], [alice('127.0.0.9'), asksPlain]] },
  { that: '*, ALL and "all" are hosts that nobody is', file: 'host all all * reject\nhost all all ALL reject\nhost all all "all" reject\nhost all all all password\n', clients: [[alice(home), 'pg_hba.conf:4 password']] },
  { that: 'ident on the socket is peer', file: 'local all all ident\nhost all all all ident\n', clients: [[alice('socket'), 'pg_hba.conf:1 Peer'], [alice(home), 'pg_hba.conf:2 Ident']] },
  { that: 'md5 takes SCRAM secrets, scram-sha-256 asks for SCRAM alone', file: 'local all alice md5\nlocal all bob md5\n', clients: [[alice('socket'), 'hashed password'], [{ role: 'bob', database: 'app', from: 'socket' }, 'hashed password']] },
  { that: '@file stands for the names in it, keywords among them', file: 'local @names.txt all reject\nlocal all @"names.txt" password\n', files: { 'names.txt': 'bob # one\nalice,"all"\n' }, clients: [[alice('socket', { database: 'bob' }), rejects], [alice('socket'), asksPlain], [{ role: 'carol', database: 'app', from: 'socket' }, none]] },
  { that: '@file is seen from the file that names it', file: 'local all @lists/a.txt password\n', files: { 'lists/a.txt': '@b.txt\n', 'lists/b.txt': 'alice' }, clients: [[alice('socket'), 'password']] },
  { that: 'a line that ends in a backslash goes on, comments too', from: 14, file: '# a comment \\\nlocal all all reject\nlocal all \\\nall password\n', clients: [[alice('socket'), 'pg_hba.conf:3 password']] },
  { that: 'a comment may begin inside a word', file: 'local all all reject# trust\n', clients: [[alice('socket'), rejects]] },
  { that: 'included files stand where their line is', from: 16, file: 'include one.conf\ninclude_if_exists nothing.conf\ninclude_dir dir\nlocal all all trust\n', files: { 'one.conf': 'local all bob reject\n', 'dir/b.conf': 'local all alice reject\n', 'dir/a.conf': 'local app alice password\n', 'dir/.c.conf': 'broken', 'dir/d.txt': 'broken' }, clients: [[alice('socket'), 'a.conf:1 password'], [alice('socket', { database: 'bob' }), rejects], [{ role: 'bob', database: 'app', from: 'socket' }, rejects], [{ role: 'carol', database: 'app', from: 'socket' }, 'in']] },
];

const broken: readonly Omit<Sentence, 'clients'>[] = [
  { that: 'a word that is no method', file: 'local all all trust\nlocal all all trsut\n' },
  { that: 'no record at all', file: '# nothing\n' },
  { that: 'a list of names that does not exist', file: 'local all @nobody.txt trust\nlocal all all trust\n' },
  { that: 'a list of names that is empty', file: 'local all @empty.txt trust\nlocal all all trust\n', files: { 'empty.txt': '# nobody\n' } },
  { that: 'a file that is not there', from: 16, file: 'include nothing.conf\nlocal all all trust\n' },
  { that: 'a folder that is not there', from: 16, file: 'include_dir nothing\nlocal all all trust\n' },
  { that: 'an error in an included file', from: 16, file: 'include bad.conf\nlocal all all trust\n', files: { 'bad.conf': 'local all\n' } },
  { that: 'a file that includes itself', from: 16, file: 'local all all trust\ninclude pg_hba.conf\n' },
  { that: 'include before 16', to: 15, file: 'include one.conf\nlocal all all trust\n', files: { 'one.conf': 'local all all trust\n' } },
  { that: 'a regular expression that is none', from: 16, file: 'local all /( trust\n' },
  { that: 'peer on the network', file: 'host all all all peer\nlocal all all trust\n' },
];

const names = (...usual: string[]) => fc.oneof({ weight: 3, arbitrary: fc.constant('all') }, { weight: 6, arbitrary: fc.constantFrom(...usual) },
  { weight: 1, arbitrary: fc.tuple(fc.constantFrom(...usual), fc.constantFrom(...usual)).map(([a, b]) => `${a},${b}`) });
const database = names('app', 'alice', 'Alice', 'sameuser', 'samerole', 'samegroup', 'SAMEUSER', 'replication', '"replication"', '"all"', '"sameuser"', 'a"ll"', '@names.txt', '/^a', '"/p{2}"', '/^(alice|x.*)$');
const role = names('alice', 'bob', 'Bob', 'BOB', '+admins', '+staff', '"+admins"', '+alice', '+nobody', '"all"', 'ALL', '@names.txt', '/^[ab]', '/[^a-z]', '/o{1}b$');
/** No names: what the resolver of this machine takes its time for is no part of this. */
const address = fc.constantFrom(
  'all', 'samehost', 'samenet', '0.0.0.0/0', '::/0', '::1/128', '::1/127', '::2/128',
  '127.0.0.0/8', '127.0.0.1/32', '127.0.0.5/8', '127.0.0.4/30', '127.0.0.1 255.255.255.255', '127.0.0.5 255.0.0.255', '127.0.0.1 24', '127.1/16', '127.0.0.010/29', '10.0.0.0/8',
  '::ffff:127.0.0.1/128', '0x7f000001/32', '127.0.0.1 0.0.0.0', '::1 ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff',
);
const type = fc.constantFrom('local', 'host', 'host', 'hostssl', 'hostnossl', 'hostnogssenc', 'hostgssenc');
const method = fc.constantFrom('trust', 'reject', 'md5', 'password', 'scram-sha-256', 'ident');
const end = fc.constantFrom('', '', ' # all', '\r', ' \\\n');

const line = fc.tuple(type, database, role, address, method, end).map(([type, ...columns]) => {
  const [databases, users, clients, how, ending] = columns;
  return [type, databases, users, ...(type === 'local' ? [] : [clients]), how].join(' \t') + ending;
});
const text = (least: number) => fc.array(line, { minLength: least, maxLength: 7 }).map((lines) => lines.map((one) => `${one}\n`).join(''));

function files(version: number): fc.Arbitrary<Files> {
  // 13 does not join lines, 16 is the first to include files.
  const joined = (words: string) => (version < 14 ? words.replaceAll('\\\n', '\n') : words);
  const directive = version < 16 ? fc.constant('') : fc.constantFrom('', '', 'include more.conf\n', 'include_if_exists more.conf\n', 'include_dir hba.d\n', 'include_if_exists none.conf\n');
  const list = fc.constantFrom('bob\n', 'alice, "all"\nall # bob\n', 'app bob');
  return fc.record({ first: text(1), directive, last: text(0), more: text(1), below: text(1), list }).map(({ first, directive, last, more, below, list }) => ({
    'pg_hba.conf': joined(first + directive + last), 'names.txt': list, 'hba.d/names.txt': list, 'more.conf': joined(more), 'hba.d/1.conf': joined(below), 'hba.d/2.conf': joined(more), 'hba.d/3.txt': 'broken\n',
  }));
}

function guest(addresses: readonly string[]): fc.Arbitrary<Guest> {
  return fc.record({
    role: fc.constantFrom(...Object.keys(memberOf) as Guest['role'][]),
    database: fc.constantFrom('app', 'app', 'alice', 'bob', 'admins', 'all', 'replication', undefined),
    from: fc.oneof(fc.constant('socket'), { weight: 3, arbitrary: fc.constantFrom(...addresses) }),
    tls: fc.boolean(),
  }).map(({ database, ...rest }) => ({ ...rest, ...(database !== undefined && { database }) }));
}

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { amount } from '../amount.ts';
import { hbaChanges } from '../../server/src/diff/hba.ts';
import { hbaFacts } from '../../server/src/facts/access.ts';
import { files, firstOf, kindsOfClients, lineOf, textOf, type Words, type World } from '../facts/hba-clients.ts';
import { filesOf } from '../files.ts';

function changes(before: string, after: string, files: Readonly<Record<string, string>> = {}): string[] {
  const [old, now] = [before, after].map((text) => hbaFacts({ path: 'pg_hba.conf', text, language: 'hba', version: 18, files: filesOf(files) }));
  return hbaChanges(old, now).map(({ effect, text, path, line, gone }) => `${effect} ${gone ? 'before ' : ''}${path === 'pg_hba.conf' ? '' : path}${line}: ${text}`);
}

const anybody = 'over TCP, encrypted or not, as any role to any database but not for replication';
const tls = 'over TLS, as any role to any database but not for replication';

describe('nothing changes', () => {
  test.each<[string, string, string]>([
    ['the same', 'host all all 10.0.0.0/8 md5\n', 'host all all 10.0.0.0/8 md5\n'],
    ['layout and comments', 'host all all 10.0.0.0/8 md5\n', '# who\nhost\tall  all\t10.0.0.0/8\tmd5 # old\n'],
    ['a mask in another spelling', 'host all all 10.0.0.0/8 md5\n', 'host all all 10.0.0.0 255.0.0.0 md5\n'],
    ['records that do not meet are moved', 'host all a 10.0.0.0/8 md5\nhost all b 10.0.0.0/8 trust\n', 'host all b 10.0.0.0/8 trust\nhost all a 10.0.0.0/8 md5\n'],
    ['a record that nobody reaches is added', 'host all all 10.0.0.0/8 md5\n', 'host all all 10.0.0.0/8 md5\nhost all all 10.1.0.0/16 trust\n'],
    ['a record that nobody reached is removed', 'host all all 10.0.0.0/8 md5\nhost all all 10.1.0.0/16 trust\n', 'host all all 10.0.0.0/8 md5\n'],
    ['a refusal at the end is what happens anyway', 'host all all 10.0.0.0/8 md5\n', 'host all all 10.0.0.0/8 md5\nhost all all all reject\n'],
    ['a network is written as its halves', 'host all all 10.0.0.0/8 md5\n', 'host all all 10.0.0.0/9 md5\nhost all all 10.128.0.0/9 md5\n'],
    ['a list is written as records', 'host a,b u 10.0.0.0/8 md5\n', 'host a u 10.0.0.0/8 md5\nhost b u 10.0.0.0/8 md5\n'],
  ])('%s', (_, before, after) => {
    expect(changes(before, after)).toEqual([]);
  });
});

test.each<[string, string, string, string[]]>([
  ['a new record', '', '# new\nhost all all 10.0.0.0/8 md5\n', [`opens 2: Any client in 10.0.0.0/8 (16,777,216 addresses) may now log in ${anybody}, with a password, by SCRAM or MD5 as it is stored`]],
  ['a record is gone', 'host all all 10.0.0.5/32 md5\n', '', [`closes before 1: The host 10.0.0.5 may no longer log in ${anybody}, with a password, by SCRAM or MD5 as it is stored`]],
  ['a wider network', 'host all all 10.0.0.5/32 scram-sha-256\n', 'host all all all scram-sha-256\n',
    [`opens 1: Any client on any network may now log in ${anybody}, with a SCRAM password; until now only some of them, by line 1`]],
  ['a narrower network', 'host all all all scram-sha-256\n', 'host all all 10.0.0.5/32 scram-sha-256\n',
    [`closes before 1: Any client on any network may no longer log in ${anybody}, with a SCRAM password; some of them still may, by line 1`]],
  ['a weaker method', 'host all all 10.0.0.5/32 scram-sha-256\n', 'host all all 10.0.0.5/32 trust\n', [`opens 1: The host 10.0.0.5 may log in ${anybody}, without a password; until now with a SCRAM password`]],
  ['a stronger method', 'host all all 10.0.0.5/32 trust\n', 'host all all 10.0.0.5/32 scram-sha-256\n', [`closes 1: The host 10.0.0.5 may log in ${anybody}, with a SCRAM password; until now without a password`]],
  ['other options', 'hostssl all all 10.0.0.5/32 cert map=a\n', 'hostssl all all 10.0.0.5/32 cert map=b\n',
    [`changes 1: The host 10.0.0.5 may log in ${tls}, with a certificate that pg_ident.conf maps to the role; until now with other options of the method`]],
  ['TLS is no longer wanted', 'hostssl all all 10.0.0.5/32 scram-sha-256\n', 'host all all 10.0.0.5/32 scram-sha-256\n',
    [`opens 1: The host 10.0.0.5 may now log in ${anybody}, with a SCRAM password; until now only if the connection was encrypted`]],
  ['TLS is wanted', 'host all all 10.0.0.5/32 scram-sha-256\n', 'hostssl all all 10.0.0.5/32 scram-sha-256\n',
    [`closes before 1: The host 10.0.0.5 may no longer log in ${anybody}, with a SCRAM password, unless the connection is encrypted`]],
  ['a refusal is gone', 'host all carol 10.0.0.0/8 reject\nhostssl all all all cert\n', 'hostssl all all all cert\n',
    [`opens 1: Any client in 10.0.0.0/8 (16,777,216 addresses) is no longer turned away over TCP, encrypted or not when it asks to log in as "carol" to any database but not for replication; line 1 decides: Any client on any network may log in ${tls}, with a certificate of the role`]],
  ['a record for one role is gone before one for all', 'host all pgbouncer 127.0.0.1/32 scram-sha-256\nhost all all 127.0.0.1/32 trust\n', 'host all all 127.0.0.1/32 trust\n',
    [`opens 1: Any program on the server machine may log in ${anybody}, without a password; until now some of them with a SCRAM password, by line 1`]],
  ['a refusal is gone before several records', 'host all bob all reject\nhost all all 10.0.0.0/8 md5\nhost all all 192.168.0.0/16 md5\n', 'host all all 10.0.0.0/8 md5\nhost all all 192.168.0.0/16 md5\n',
    ['opens 1: Any client on any network is no longer turned away over TCP, encrypted or not when it asks to log in as "bob" to any database but not for replication; lines 1 and 2 decide']],
  ['a refusal is new', 'hostssl all all all cert\n', 'host all all 10.0.0.0/8 reject\nhostssl all all all cert\n',
    [`closes before 1: Any client on any network may no longer log in ${tls}, with a certificate of the role, because of line 1; some of them still may, by line 2`]],
  ['a refusal moves behind what it was to stop', 'host all all 10.0.0.5/32 reject\nhost all all 10.0.0.5/32 trust\n', 'host all all 10.0.0.5/32 trust\nhost all all 10.0.0.5/32 reject\n',
    [`opens 1: The host 10.0.0.5 may now log in ${anybody}, without a password; until now line 1 turned them away`]],
  ['nobody knows whether a network of the server meets another one', 'host all all samenet reject\nhost all all 10.0.0.5/32 scram-sha-256\n', 'host all all 10.0.0.5/32 scram-sha-256\nhost all all samenet reject\n',
    [`changes 1: The host 10.0.0.5 may log in ${anybody}, with a SCRAM password; line 1, which may have turned some of them away, no longer stands before it`]],
  ['the reverse', 'host all all 10.0.0.5/32 scram-sha-256\n', 'host all all samenet reject\nhost all all 10.0.0.5/32 scram-sha-256\n',
    [`changes 1: The host 10.0.0.5 may log in ${anybody}, with a SCRAM password, unless line 1 turns them away now`]],
  ['nobody knows who is a member', 'host all +staff 10.0.0.5/32 scram-sha-256\n', 'host all alice 10.0.0.5/32 scram-sha-256\n', [
    'opens 1: The host 10.0.0.5 may now log in over TCP, encrypted or not, as "alice" to any database but not for replication, with a SCRAM password; until now perhaps some of them, by line 1',
    'closes before 1: The host 10.0.0.5 may no longer log in over TCP, encrypted or not, as any member of "staff" to any database but not for replication, with a SCRAM password',
  ]],
])('%s', (_, before, after, expected) => {
  expect(changes(before, after)).toEqual(expected);
});

test('included files count, where they are included', () => {
  const files = { 'more.conf': 'local all all peer\nlocal all all trust\nlocal replication all peer\n' };
  expect(changes('', 'include more.conf\n', files)).toEqual([
    'opens more.conf1: Any account on the server machine may now log in over the Unix-domain socket, as any role to any database but not for replication, from the operating-system account of the same name',
    'opens more.conf3: Any account on the server machine may now log in over the Unix-domain socket, as any role for replication, from the operating-system account of the same name',
  ]);
});

test('files of a thousand records are compared, larger ones not', () => {
  const many = (count: number) => Array.from({ length: count }, (_, i) => `host db${i} all 10.0.0.5/32 md5\n`).join('');
  expect(changes(many(1000), `${many(1000)}local all all peer\n`)).toHaveLength(1);
  expect(changes(many(2500), `local all all peer\n${many(2500)}`)).toEqual(['changes undefined: So many records changed that they were not compared']);
});

describe('what every client of a small world meets', () => {
  const pairs = fc.tuple(files(8), fc.nat(8), fc.nat(8)).map(([{ at, records }, from, to]) => {
    // Both files hold records of the same list, so that much stays as it is.
    const [before, after] = [records.slice(Math.min(from, records.length - 1)), records.filter((_, i) => i !== to)];
    return { before, after, world: { at, records: [...before, ...after] } };
  });
  const met = ({ before, after, world }: { before: readonly Words[]; after: readonly Words[]; world: World }) => kindsOfClients(world, 18).map((set) => {
    const methodOf = (records: readonly Words[], own: number) => (own === 0 ? 'reject' : records[firstOf(own)]!.method);
    return [methodOf(before, set & ((1 << before.length) - 1)), methodOf(after, set >> before.length)] as const;
  });
  const text = (records: readonly Words[]) => records.map(lineOf).join('\n');

  test('is told when it is another thing', () => {
    fc.assert(fc.property(pairs, (pair) => {
      const kinds = met(pair);
      const told = changes(text(pair.before), text(pair.after)).map((line) => line.split(' ')[0]);
      if (kinds.some(([old, now]) => old === 'reject' && now !== 'reject')) expect(told.some((effect) => effect !== 'closes')).toBe(true);
      if (kinds.some(([old, now]) => old !== 'reject' && now === 'reject')) expect(told.some((effect) => effect !== 'opens')).toBe(true);
    }), amount(300, 5_000));
  });

  test('is not told when it is the same', () => {
    // What names of hosts and lists of members stand for is not known.
    const known = pairs.filter(({ world }) => !/[+/a-z]{2}\.example|samenet|DB\.|db\.|\+|same|\/[^\d]/.test(textOf(world)));
    fc.assert(fc.property(known, (pair) => {
      const kinds = met(pair);
      const told = changes(text(pair.before), text(pair.after)).map((line) => line.split(' ')[0]);
      if (kinds.every(([old, now]) => old === now)) expect(told).toEqual([]);
    }), amount(300, 5_000));
  });
});

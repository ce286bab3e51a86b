import { expect, test } from 'vitest';
import { hbaFacts } from '../../../server/src/facts/access.ts';
import { rangeText, recordText } from '../../../server/src/facts/hba/record-text.ts';
import { hbaHelp } from '../../../server/src/help/hba-hover.ts';
import type { HbaNetwork } from '../../../server/src/syntax/hba.ts';
import { filesOf } from '../../files.ts';

const documentOf = (text: string, version = 18) => ({ path: 'pg_hba.conf', text, language: 'hba' as const, version, files: filesOf({}) });
const factsOf = (text: string) => hbaFacts(documentOf(text));

test.each([
  ['host all all 10.0.0.0/8 scram-sha-256', 'Any client in 10.0.0.0/8 (16,777,216 addresses) may log in over TCP, encrypted or not, as any role to any database but not for replication, with a SCRAM password'],
  ['hostssl app,web alice 10.0.0.5/32 cert', 'The host 10.0.0.5 may log in over TLS, as "alice" to database "app" or database "web", with a certificate of the role'],
  ['hostssl all all all trust clientcert=verify-ca', 'Any client on any network may log in over TLS, as any role to any database but not for replication, with a certificate of the CA alone'],
  ['host replication,all rep 2001:db8::/64 md5', 'Any client in 2001:db8::/64 (2^64 addresses) may log in over TCP, encrypted or not, as "rep" to any database and for replication, with a password, by SCRAM or MD5 as it is stored'],
  ['local sameuser +admins peer map=m', 'Any account on the server machine may log in over the Unix-domain socket, as any member of "admins" to the database of the same name, from an operating-system account that pg_ident.conf maps to the role'],
  ['hostnossl replication all samenet reject', 'Any client in a network of the server is turned away over TCP without TLS when it asks to log in as any role for replication'],
  ['host "all" all ALL trust', 'No client may log in over TCP, encrypted or not, as any role to database "all", without a password'],
  ['host /^a all 10.0.0.1 255.0.255.0 ident', 'Any client in 10.0.0.0 mask 255.0.255.0 (65,536 addresses) may log in over TCP, encrypted or not, as any role to any database that matches "/^a", if the ident server of the client names the role'],
])('%s', (record, words) => {
  const facts = factsOf(record);
  expect(recordText(facts, facts.records[0]!)).toBe(words);
});

test.each([
  ['10.1.2.3/8', '10.0.0.0 to 10.255.255.255, 16,777,216 addresses'],
  ['10.1.2.3/32', '10.1.2.3, one address'],
  ['0.0.0.0/0', '0.0.0.0 to 255.255.255.255, 4,294,967,296 addresses'],
  ['fe80::1/10', 'fe80:: to febf:ffff:ffff:ffff:ffff:ffff:ffff:ffff, 2^118 addresses'],
  ['10.9.8.1 24', '1,073,741,824 addresses that agree with 0.0.0.0 in the bits of 0.0.0.24, not one range'],
])('the range of %s', (address, words) => {
  expect(rangeText(factsOf(`host all all ${address} md5`).records[0]!.address as HbaNetwork)).toBe(words);
});

const order = [
  'host app all 10.1.0.0/16 trust', 'hostssl all alice 10.0.0.0/8 reject', 'host all all 11.0.0.0/8 md5', 'host "all" bob all md5', 'local all all peer',
  'host all all 10.0.0.0/8 scram-sha-256', 'host all all 10.2.0.0/16 md5', 'hostssl web alice 10.3.0.0/16 md5',
].join('\n');

test.each([
  ['10.0.0.0/8 scram', ['Line 1 (trust) decides first for 10.1.0.0/16, database "app"', 'Line 2 (reject) decides first for TLS connections, role "alice"', 'Line 4 (md5) decides first for database "all", role "bob"']],
  ['10.2.0.0/16', ['No client gets as far as this record: line 2, line 4, line 6 decide for all of them']],
  ['10.3.0.0/16', ['No client gets as far as this record: line 2 decides for all of them']],
  ['local', []],
])('the place of the record %s among the others', (part, sentences) => {
  const at = order.indexOf(part);
  expect(hbaHelp(documentOf(order), { start: at, end: at })?.paragraphs.filter((one) => /^(Line|No client gets)/.test(one))).toEqual(sentences);
});

test('help on an address begins with its range', () => {
  const at = order.indexOf('10.1.0.0');
  expect(hbaHelp(documentOf(order), { start: at, end: at })).toMatchObject({ at: { start: at, end: at + 11 }, paragraphs: ['10.1.0.0 to 10.1.255.255, 65,536 addresses', expect.stringMatching(/^Any client in 10\.1\.0\.0\/16/)] });
});

test('there is no help outside of records', () => {
  expect(hbaHelp(documentOf('# host\n\nhots all all\nhost all {{ role }} all md5\n'), { start: 2, end: 2 })).toBeUndefined();
  expect(hbaHelp(documentOf('hots all all\n'), { start: 2, end: 2 })).toBeUndefined();
  expect(hbaHelp(documentOf('host all {{ role }} all md5\n'), { start: 2, end: 2 })).toBeUndefined();
});

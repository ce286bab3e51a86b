import { expect, test } from 'vitest';
import { decodeQuoted } from '../../server/src/syntax/conf-tokens.ts';
import { optionOf, parseConninfo } from '../../server/src/syntax/conninfo.ts';

/** Reads a connection string in the quotes of a postgresql.conf; `at` is what the spans show. */
function read(raw: string) {
  const conninfo = parseConninfo(decodeQuoted(raw, 0));
  return conninfo.options.map(({ keyword, value, span, at }) => [keyword, value, raw.slice(span.start, span.end), raw.slice(at.start, at.end)]);
}

test('keywords and values, as libpq takes them', () => {
  expect(read(`'host=db1  port = 5433 application_name=''a b'''`)).toEqual([
    ['host', 'db1', 'host=db1', 'db1'],
    ['port', '5433', 'port = 5433', '5433'],
    ['application_name', 'a b', `application_name=''a b''`, `''a b''`],
  ]);
});

test('backslashes of both quotings are undone, and spans show what is written', () => {
  expect(read(String.raw`'user=a\\ b password=\'it\\\'s\''`)).toEqual([
    ['user', 'a b', String.raw`user=a\\ b`, String.raw`a\\ b`],
    ['password', "it's", String.raw`password=\'it\\\'s\'`, String.raw`\'it\\\'s\'`],
  ]);
});

test('what libpq would refuse ends the reading', () => {
  expect(read(`'host=db1 =x user=a'`).map(([keyword]) => keyword)).toEqual(['host']);
  expect(read(`'host=''db1'`)).toEqual([]);
  expect(read(`''`)).toEqual([]);
});

test('every part of a URI', () => {
  expect(read(`'postgresql://me:s%20x@[::1]:5433,db2/app?sslmode=require&ssl=true'`)).toEqual([
    ['user', 'me', 'me', 'me'],
    ['password', 's x', ':s%20x', 's%20x'],
    ['host', '::1,db2', '[::1]:5433,db2', '[::1]:5433,db2'],
    ['port', '5433,', '[::1]:5433,db2', '[::1]:5433,db2'],
    ['dbname', 'app', '/app', 'app'],
    ['sslmode', 'require', '?sslmode=require', 'require'],
    ['sslmode', 'require', '&ssl=true', 'ssl=true'],
  ]);
  expect(read(`'postgres:///app?host=%2Frun&port=1%zz'`).map(([keyword, value]) => `${keyword} ${value}`)).toEqual(['dbname app', 'host /run', 'port 1%zz']);
});

test('the last of several options counts, and a further one goes to the end', () => {
  const raw = `'host=a host=b'`;
  const conninfo = parseConninfo(decodeQuoted(raw, 0));
  expect(optionOf(conninfo, 'host')?.value).toBe('b');
  expect(conninfo.next).toEqual({ at: raw.length - 1, separator: ' ' });
  expect(parseConninfo(decodeQuoted(`'postgres://a/?x=1'`, 0)).next.separator).toBe('&');
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { amount } from '../amount.ts';
import { formatEdits } from '../../server/src/help/format.ts';
import { parseHba } from '../../server/src/syntax/hba.ts';
import { parseIdent } from '../../server/src/syntax/ident.ts';
import { applyEdits } from '../../server/src/text.ts';
import { documentOf } from './documents.ts';

function format(language: 'hba' | 'ident', text: string, version = 18): string {
  return applyEdits(text, formatEdits(documentOf(language, text, { version })));
}

describe('pg_hba.conf', () => {
  test('columns stand below each other and below their heading; local records skip the address', () => {
    const text = [
      '# TYPE DATABASE USER ADDRESS METHOD', 'local all postgres\tpeer', '   host  all,app  all 127.0.0.1/32  scram-sha-256  ',
      'hostssl replication backup 10.20.0.31/32 cert map=backup   clientname=DN', '',
    ].join('\n');
    expect(format('hba', text)).toBe([
      '# TYPE   DATABASE     USER      ADDRESS        METHOD',
      'local    all          postgres                 peer',
      'host     all,app      all       127.0.0.1/32   scram-sha-256',
      'hostssl  replication  backup    10.20.0.31/32  cert           map=backup clientname=DN', '',
    ].join('\n'));
  });

  test('without any address there is no column for it', () => {
    expect(format('hba', 'local all all peer\nlocal   replication   all   peer\n')).toBe('local  all          all  peer\nlocal  replication  all  peer\n');
  });

  test('a mask has its own column', () => {
    expect(format('hba', 'host all all 10.0.0.0 255.0.0.0 md5\nhost all all ::1/128 md5\n')).toBe('host  all  all  10.0.0.0  255.0.0.0  md5\nhost  all  all  ::1/128              md5\n');
  });

  test('comments behind records stand below each other within a block, other comments stay', () => {
    const text = 'local all all peer # one\nlocal app app_owner peer   # two\n\n#  as   it was\nlocal x y peer # three\n';
    expect(format('hba', text)).toBe(
      'local  all  all        peer  # one\nlocal  app  app_owner  peer  # two\n\n#  as   it was\nlocal  x    y          peer  # three\n');
  });

  test('blanks inside quotes and behind commas are part of a field', () => {
    expect(format('hba', 'host "a  b"   c,  d 10.0.0.0/8 ldap "ldapprefix=cn=  x"\n')).toBe('host  "a  b"  c,  d  10.0.0.0/8  ldap  "ldapprefix=cn=  x"\n');
  });

  test.each([
    ['a template', 'host   {{ db }}   all   10.0.0.0/8   md5\n'],
    ['a line that goes on', 'host   all   all \\\n  10.0.0.0/8   md5\n'],
    ['an include', 'include    extra.conf\n'],
    ['what is no record', 'hots   all   all   10.0.0.0/8   md5\n'],
    ['a stray comma', 'host   all   all  ,  10.0.0.0/8   md5\n'],
    ['a byte order mark', '\ufeffhost   all   all   10.0.0.0/8   md5\n'],
    ['a heading behind a byte order mark', '\ufeff# TYPE   DATABASE   USER   ADDRESS   METHOD\n'],
  ])('%s is left alone', (_, line) => {
    expect(format('hba', line)).toBe(line);
  });

  test('an unfinished record is aligned as far as it goes', () => {
    expect(format('hba', 'host  shop  shop_export 10.20.4.0/24\nhostssl all all all reject\n')).toBe('host     shop  shop_export  10.20.4.0/24\nhostssl  all   all          all           reject\n');
  });

  test('one long cell does not push the others away', () => {
    const long = Array.from({ length: 12 }, (_, i) => `database_${i}`).join(',');
    expect(format('hba', `host ${long} all all reject\nhost a all all reject\n`)).toBe(`host  ${long}  all  all  reject\nhost  a  all  all  reject\n`);
  });

  test('line ends stay as they are', () => {
    expect(format('hba', 'local  all   all  peer\r\nlocal app app_owner peer \r\n')).toBe('local  all  all        peer\r\nlocal  app  app_owner  peer\r\n');
  });

  test('a range changes its own lines only, with the columns of the file', () => {
    const text = 'local all all peer\nhostssl app app_owner all reject\nlocal   a   b   peer\n';
    const start = text.indexOf('hostssl');
    const edits = formatEdits(documentOf('hba', text), { start, end: start + 3 });
    expect(applyEdits(text, edits)).toBe('local all all peer\nhostssl  app  app_owner  all  reject\nlocal   a   b   peer\n');
  });
});

test('pg_ident.conf has three columns', () => {
  expect(format('ident', '# MAPNAME SYSTEM-USERNAME PG-USERNAME\nbackup /^b-([0-9]+)\\.x$ backup # by certificate\nadmins "tom baker"   postgres\n')).toBe(
    '# MAPNAME  SYSTEM-USERNAME   PG-USERNAME\nbackup     /^b-([0-9]+)\\.x$  backup  # by certificate\nadmins     "tom baker"       postgres\n');
});

const blank = fc.constantFrom(' ', '  ', '\t', ' \t ', '      ');
const word = fc.constantFrom('all', 'app', 'a,b', 'a, b', '"x  y"', '+staff', '/^db_', '@list', 'replication', 'é', '😀', '"', 'a"b c"d', ',', 'x,');
const address = fc.constantFrom('10.0.0.0/8', '::1/128', '10.0.0.1 255.255.255.255', 'samenet', '.example.com', '10.0.0.1');
const method = fc.constantFrom('scram-sha-256', 'md5', 'cert map=a', 'ldap ldapserver=x "ldapprefix=cn= "', 'peer', 'trust', 'nonsense', '{{ method }}');
const behind = fc.constantFrom('', ' ', '# note', '  #note   with   blanks', ' \\', ' # goes on \\', '\r');
const hbaLine = fc.oneof(
  { weight: 6, arbitrary: fc.tuple(fc.constantFrom('', ' ', '\t'), fc.constantFrom('local', 'host', 'hostssl', 'hots'), word, word, fc.option(address, { nil: undefined }), method, blank, blank, behind)
    .map(([indent, type, database, user, from, how, a, b, end]) => `${indent}${[type, database, user].join(a)}${from === undefined || type === 'local' ? '' : a + from.replace(' ', b)}${b}${how}${end}`) },
  fc.constantFrom('', '# a comment   of its own', '# TYPE   DATABASE USER   ADDRESS METHOD', '#   TYPE  DATABASE  USER  ADDRESS  METHOD', 'include   x.conf', '\ufeffhost all all all reject', 'host\0 all', ','),
  fc.string({ maxLength: 12 }),
);
const identLine = fc.oneof(
  fc.tuple(fc.constantFrom('m', '"a map"', '@x'), fc.constantFrom('ci', '"tom  baker"', '/^(.*)@x$'), fc.constantFrom('app', '\\1', 'all', 'a,b'), blank, behind).map(([map, system, role, gap, end]) => `${map}${gap}${system}${gap}${role}${end}`),
  fc.constantFrom('# MAPNAME SYSTEM-USERNAME   PG-USERNAME', '', '#x'),
);
const textOf = (line: fc.Arbitrary<string>) => fc.tuple(fc.array(line, { maxLength: 8 }), fc.constantFrom('\n', '\r\n')).map(([lines, end]) => lines.join(end));

describe.each([['hba', hbaLine, parseHba], ['ident', identLine, parseIdent]] as const)('whatever stands in a %s file', (language, line, parse) => {
  /** Everything that is read, without the places where it stands. */
  const meaning = (text: string, version: number) => {
    const { lines, comments } = parse(text, version);
    return {
      lines: lines.map(({ fields, template, error }) => [fields.map((tokens) => tokens.map(({ text: read, quoted, file }) => [read, quoted, file])), template, error?.message]),
      comments: comments.map(({ start, end }) => text.slice(start, end)).map((comment) => (/^# *TYPE|^# *MAPNAME/.test(comment) ? comment.replace(/[ \t]+/g, ' ') : comment)),
    };
  };

  test('formatting keeps its meaning, its comments and its line ends, and is finished after once', () => {
    fc.assert(fc.property(textOf(line), fc.constantFrom(13, 15, 18), (text, version) => {
      const once = format(language, text, version);
      expect(meaning(once, version)).toEqual(meaning(text, version));
      expect(once.replace(/[ \t]+/g, '')).toBe(text.replace(/[ \t]+/g, ''));
      expect(format(language, once, version)).toBe(once);
    }), amount(2000, 50_000));
  });
});

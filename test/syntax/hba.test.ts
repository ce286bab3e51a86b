import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { formatIp } from '../../server/src/syntax/address.ts';
import { parseHba, type HbaFile, type HbaRecord } from '../../server/src/syntax/hba.ts';

const slice = (text: string, span: { start: number; end: number }) => text.slice(span.start, span.end);
const read = (text: string, version = 18): HbaFile => parseHba(text, version);

function only(text: string, version = 18): HbaRecord {
  const { lines, records } = read(text, version);
  expect(lines.map((line) => line.error?.message)).toEqual([undefined]);
  expect(records).toHaveLength(1);
  return records[0]!;
}

function refusal(text: string, version = 18): string | undefined {
  return read(text, version).lines.find((line) => line.error)?.error?.message;
}

const names = (tokens: readonly { text: string }[]) => tokens.map((token) => token.text);

describe('lines', () => {
  test('a line ending in a backslash goes on in the next, from 14 on', () => {
    const text = 'local all \\\n  all \\\r\n peer\nlocal x x trust\n';
    const { records } = read(text, 14);
    expect(records.map((record) => record.method.text)).toEqual(['peer', 'trust']);
    expect(slice(text, records[0]!.span)).toBe('local all \\\n  all \\\r\n peer');
    expect(slice(text, records[0]!.method.span)).toBe('peer');
    expect(refusal(text, 13)).toBeDefined();
  });

  test('a word may be cut in two', () => {
    const text = 'local all all pe\\\ner\n';
    const { method } = only(text);
    expect(method.text).toBe('peer');
    expect(slice(text, method.span)).toBe('pe\\\ner');
  });

  test('a comment and a quoted word go on as well', () => {
    expect(read('# old \\\nlocal all all trust\nlocal all all peer\n').records).toHaveLength(1);
    expect(read('# old \\\nlocal all all trust\nlocal all all peer\n', 13).records).toHaveLength(2);
    expect(names(only('local "a\\\nb" all peer').databases)).toEqual(['ab']);
  });

  test('a backslash before a blank is a word, and so is every backslash in 13', () => {
    expect(refusal('local all all peer \\ \n')).toBe('an option is written name=value');
    expect(refusal('local all all peer \\\n', 13)).toBe('an option is written name=value');
    expect(refusal('local all all peer \\\n', 14)).toBeUndefined();
  });

  test('an empty line ends a continued one', () => {
    expect(read('local all all peer\\\n\nlocal all all trust').records).toHaveLength(2);
  });

  test('a carriage return is a blank, not a line end', () => {
    expect(refusal('local all all peer\rlocal all all peer\n')).toBe('an option is written name=value');
    expect(read('local all all peer\r\nlocal all all trust\r\n').records).toHaveLength(2);
  });

  test('a form feed and a no-break space are part of a word', () => {
    expect(refusal('local all all peer\f\n')).toContain('is not an authentication method');
    expect(refusal('local\u00a0all all peer\n')).toContain('is not a connection type');
  });

  test('a NUL hides the rest of its line, from 14 on the line end too', () => {
    expect(read('local all all\0 rubbish\n peer\n', 14).records).toHaveLength(1);
    expect(read('local all all peer\0 rubbish\nlocal all all trust\n', 13).records).toHaveLength(2);
  });

  test('a byte order mark belongs to the first word', () => {
    const { error } = read('\uFEFFlocal all all peer\n').lines[0]!;
    expect(error).toEqual({ at: { start: 0, end: 1 }, message: 'a byte order mark stands before the first word', instead: '' });
    expect(refusal('\uFEFF# comment\nlocal all all peer\n')).toBe('a byte order mark stands before the first word');
  });
});

describe('words', () => {
  test('blanks and commas part words; a comma behind a word joins the field', () => {
    expect(names(only('local a,b all peer').databases)).toEqual(['a', 'b']);
    expect(names(only('local a, b,\tc all peer').databases)).toEqual(['a', 'b', 'c']);
    expect(names(only('local ,a ,b peer').users)).toEqual(['b']);
  });

  test('a trailing comma swallows the next column', () => {
    expect(refusal('local all, all trust')).toBe('the record ends before the authentication method');
    expect(only('local all all peer map=x, # none').options).toHaveLength(1);
  });

  test('quotes keep blanks, commas and #; two quotes are one', () => {
    expect(names(only('local "a b,#c" "say ""hi""" peer').databases)).toEqual(['a b,#c']);
    expect(names(only('local "a b,#c" "say ""hi""" peer').users)).toEqual(['say "hi"']);
    expect(names(only('local "" all peer').databases)).toEqual(['']);
  });

  test('a quote that is not closed swallows the rest of the line', () => {
    expect(refusal('local "all all peer')).toBe('the record ends before the role');
    expect(read('local "all all peer\nlocal all all peer').records).toHaveLength(1);
  });

  test('quoting may begin inside a word, and then a keyword stays a keyword', () => {
    const [database] = only('local a"ll" all peer').databases;
    expect(database).toMatchObject({ text: 'all', quoted: false });
    expect(only('local "all" all peer').databases[0]).toMatchObject({ text: 'all', quoted: true });
  });

  test('# begins a comment even inside a word, single quotes are plain characters', () => {
    const text = 'local \'all\' all md5# old';
    const { records: [record], comments } = read(text);
    expect(record!.method.text).toBe('md5');
    expect(names(record!.databases)).toEqual(["'all'"]);
    expect(comments.map((comment) => slice(text, comment))).toEqual(['# old']);
  });

  test('@file puts words of another file in place; a lone @ and a quoted one do not', () => {
    const { databases, users } = only('local @dbs,app,@ "@x",@"a b" peer');
    expect(databases.map((token) => token.file)).toEqual(['dbs', undefined, undefined]);
    expect(users.map((token) => token.file)).toEqual([undefined, 'a b']);
    expect(read('host all all @networks md5').lines[0]).toMatchObject({ template: true });
  });

  test('servers before 16 read words up to 10239 characters', () => {
    const record = (length: number) => `local all ${'x'.repeat(length)} peer`;
    expect(refusal(record(10_239), 15)).toBeUndefined();
    expect(refusal(record(10_240), 15)).toContain('longer');
    expect(refusal(record(10_240), 16)).toBeUndefined();
  });
});

describe('includes', () => {
  test.each(['include', 'include_if_exists', 'include_dir'])('%s is read from 16 on', (kind) => {
    const { lines, records } = read(`${kind} "x y"\n`, 16);
    expect(records).toEqual([]);
    expect(lines[0]!.include).toMatchObject({ kind, target: { text: 'x y' } });
    expect(refusal(`${kind} x\n`, 15)).toContain('from PostgreSQL 16 on');
  });

  test('only two columns make one; the word may be quoted but not in capitals', () => {
    expect(read('"include" a,b').lines[0]!.include!.target.text).toBe('a');
    expect(refusal('include a b')).toBe('"include" is not a connection type');
    expect(refusal('INCLUDE a')).toBe('"INCLUDE" is not a connection type');
  });
});

describe('columns', () => {
  test('the six types, in lower case', () => {
    expect(only('"host" all all all md5').type.text).toBe('host');
    for (const type of ['host', 'hostssl', 'hostnossl', 'hostgssenc', 'hostnogssenc']) expect(only(`${type} all all all md5`).type.text).toBe(type);
    expect(read('HOST all all all md5').lines[0]!.error).toMatchObject({ message: '"HOST" is not a connection type', instead: 'host' });
    expect(read('hostsll all all all md5').lines[0]!.error!.instead).toBe('hostssl');
    expect(refusal('host,local all all all md5')).toBe('a record has one connection type, here are 2');
  });

  test('a missing column', () => {
    expect(refusal('host')).toBe('the record ends before the database');
    expect(refusal('host all')).toBe('the record ends before the role');
    expect(refusal('host all all')).toBe('the record ends before the address');
    expect(refusal('host all all all')).toBe('the record ends before the authentication method');
    expect(refusal('host all all 10.0.0.1')).toBe('"10.0.0.1" has no mask');
  });

  test('regular expressions are checked from 16 on, quoted ones too', () => {
    expect(refusal('local "/(a" all peer')).toContain('a parenthesis that is not closed');
    expect(refusal('local "/(a" all peer', 15)).toBeUndefined();
    expect(refusal('local all /[a peer')).toContain('a bracket that is not closed');
    expect(refusal('local /^(?:a|[]x]+?)$ all peer')).toBeUndefined();
  });

  test.each([
    ['0.0.0.0/0', '0.0.0.0', '0.0.0.0'], ['0/0', '0.0.0.0', '0.0.0.0'], ['10.1/16', '10.0.0.1', '255.255.0.0'], ['010.0.0.1/8', '8.0.0.1', '255.0.0.0'],
    ['0x0a.1/+8', '10.0.0.1', '255.0.0.0'], ['10.0.0.5/8', '10.0.0.5', '255.0.0.0'], ['::1/128', '::1', 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff'],
    ['fe80::1%eth0/10', 'fe80::1', 'ffc0::'], ['10.9.8.1 24', '10.9.8.1', '0.0.0.24'], ['10.0.0.1 255.0.255.0', '10.0.0.1', '255.0.255.0'],
    ['::ffff:10.0.0.1/104', '::ffff:10.0.0.1', 'ffff:ffff:ffff:ffff:ffff:ffff:ff00:0'],
  ])('%s is %s with mask %s', (written, network, mask) => {
    const { address } = only(`host all all ${written} md5`);
    expect(address!.kind === 'ip' && [formatIp(address!.network), formatIp(address!.mask)]).toEqual([network, mask]);
  });

  test('a prefix length is known for a mask of ones and then zeros', () => {
    expect(only('host all all 10.0.0.0 255.255.0.0 md5').address).toMatchObject({ kind: 'ip', bits: 16 });
    expect(only('host all all 10.0.0.0 24 md5').address).not.toHaveProperty('bits');
  });

  test.each([
    ['all', 'all'], ['samehost', 'samehost'], ['samenet', 'samenet'], ['"all"', 'host'], ['ALL', 'host'], ['*', 'host'], ['db.example.com', 'host'],
    ['.example.com', 'suffix'], ['[::1]', 'host'], ['08.0.0.1', 'host'], ['1.2.3.4.5', 'host'],
  ])('%s is an address of kind %s', (written, kind) => {
    expect(only(`host all all ${written} md5`).address!.kind).toBe(kind);
  });

  test.each(['300.1.1.1/32', 'db.example.com/24', '10.0.0.1/33', '10.0.0.1/', '10.0.0.1/8x', '::1/129', '10.0.0.1 ::ff', '10.0.0.1 x', '10.0.0.1,10.0.0.2/32'])('%s is refused', (written) => {
    expect(refusal(`host all all ${written} md5`)).toBeDefined();
  });

  test('an address without a mask is told from a bad mask', () => {
    expect(read('host all all 10.0.0.1 md5').lines[0]!.error).toMatchObject({ message: '"10.0.0.1" has no mask', instead: '10.0.0.1/32' });
    expect(read('host all all fe80::1 md5').lines[0]!.error!.instead).toBe('fe80::1/128');
    expect(read('host all all 0.0.0.0 md5').lines[0]!.error!.instead).toBeUndefined();
    expect(refusal('host all all 10.0.0.1 what md5')).toBe('"what" is no mask for "10.0.0.1"');
  });

  test('methods are words in lower case of the right place and version', () => {
    expect(read('local all all TRUST').lines[0]!.error!.instead).toBe('trust');
    expect(read('local all all turst').lines[0]!.error!.instead).toBeUndefined();
    expect(read('local all all scram_sha_256').lines[0]!.error!.instead).toBe('scram-sha-256');
    expect(only('local all all "peer"').method.text).toBe('peer');
    for (const bad of ['local all all krb5', 'local all all gss', 'host all all all peer', 'host all all all cert', 'local all all cert', 'local all all md5,peer']) expect(refusal(bad), bad).toBeDefined();
    expect(refusal('local all all ident')).toBeUndefined();
    expect(refusal('local all all 127.0.0.1/32 trust')).toContain('a local record has no address');
    expect(refusal('host all all all oauth issuer=i scope=s', 17)).toContain('from PostgreSQL 18 on');
    expect(refusal('host all all all oauth issuer=i scope=s', 18)).toBeUndefined();
  });
});

describe('options', () => {
  const accepted = (method: string, options: string, version = 18) => refusal(`hostssl all all all ${method} ${options}`, version) === undefined;

  test('have spans of their own', () => {
    const text = 'host all all all ldap "ldapserver=a b" ldapprefix=cn=, ldaptls=1';
    const { options } = only(text);
    expect(options.map(({ name, value }) => [name, value])).toEqual([['ldapserver', 'a b'], ['ldapprefix', 'cn='], ['ldaptls', '1']]);
    expect(options.map(({ nameSpan, valueSpan }) => [slice(text, nameSpan), slice(text, valueSpan)])).toEqual([['ldapserver', 'a b'], ['ldapprefix', 'cn='], ['ldaptls', '1']]);
  });

  test.each<[string, string, boolean]>([
    ['cert', 'map=m', true], ['gss', 'map=m', true], ['md5', 'map=m', false], ['md5', 'foo=1', false], ['md5', 'foo', false],
    ['md5', 'clientcert=verify-ca', true], ['md5', 'clientcert=verify-full', true], ['md5', 'clientcert=1', false], ['md5', 'clientcert=0', false],
    ['cert', 'clientcert=verify-ca', false], ['cert', 'clientcert=verify-full', true], ['md5', 'clientname=DN', true], ['md5', 'clientname=dn', false],
    ['pam', 'pamservice=x pam_use_hostname=1', true], ['md5', 'pamservice=x', false], ['gss', 'krb_realm=R include_realm=0', true], ['gss', 'upn_username=1', false],
    ['sspi', 'compat_realm=1 upn_username=1', true], ['ldap', 'ldapserver=h', false], ['ldap', 'ldapserver=h ldapbasedn=x', true], ['ldap', 'ldapserver=h ldapprefix=x', true],
    ['ldap', 'ldapprefix=x ldapbasedn=y', false], ['ldap', 'ldapbasedn=y ldapsearchattribute=a ldapsearchfilter=b', false], ['ldap', 'ldapbasedn=x ldapport=0', false],
    ['ldap', 'ldapbasedn=x ldapscheme=what', true], ['ldap', 'ldapurl=ldap://h/dc=x?uid?sub', true], ['ldap', 'ldapurl=http://h', false], ['ldap', 'ldapurl=ldap://h:x/b', false], ['ldap', 'ldapurl=ldap://h:+1/b', true], ['ldap', 'ldapurl=ldap://[::1]:389/b', true], ['ldap', 'ldapurl=ldap://h/b?c?bogus', false],
    ['ldap', 'ldapurl=ldap://h/b?c?SUB', true], ['ldap', 'ldapurl=<URL:ldap://h/b??sub??ext>', true], ['ldap', 'ldapurl=ldap://h?c ldapprefix=x', true], ['ldap', 'ldapurl=ldap://h/b?c?sub?f', false], ['ldap', 'ldaptls=yes ldapbasedn=x', true],
    ['radius', '', false], ['radius', 'radiusservers=127.0.0.1', false], ['radius', 'radiusservers=127.0.0.1 radiussecrets=s', true], ['radius', 'radiusservers="" radiussecrets=s', false],
    ['radius', '"radiusservers=127.0.0.1,127.0.0.2" "radiussecrets=a,b"', true], ['radius', '"radiusservers=127.0.0.1,127.0.0.2" "radiussecrets=a,b,c"', false],
    ['radius', 'radiusservers=127.0.0.1 radiussecrets=s radiusports=0', false], ['oauth', 'issuer=i', false], ['oauth', 'issuer=i scope=s map=m', true],
    ['oauth', 'issuer=i scope=s map=m delegate_ident_mapping=1', false], ['md5', 'constructor=1', false],
  ])('%s %s: %s', (method, options, good) => {
    expect(accepted(method, options)).toBe(good);
  });

  test('clientcert and clientname belong to hostssl, and depend on the version', () => {
    expect(refusal('host all all all md5 clientcert=verify-full')).toBe('clientcert works on hostssl records only');
    for (const value of ['1', '0', 'no-verify']) expect(accepted('md5', `clientcert=${value}`, 13)).toBe(true);
    expect(accepted('cert', 'clientcert=no-verify', 13)).toBe(false);
    expect(accepted('md5', 'clientname=CN', 13)).toBe(false);
    expect(accepted('oauth', 'issuer=i scope=s', 17)).toBe(false);
  });

  test('no message quotes a value, which may be a secret', () => {
    for (const text of ['host all all all ldap ldapbindpasswd=my hunter2', 'host all all all md5 radiussecrets=hunter2', 'host all all all radius radiusservers=a,b "radiussecrets=hunter2,b,c"']) {
      expect(refusal(text)).toBeDefined();
      expect(refusal(text)).not.toContain('hunter2');
    }
  });
});

describe('templates', () => {
  test.each(['{{ net }}', '{% if x %}', '${NET}', '%%NET%%', '@net@', '<%= net %>'])('%s makes a line unknowable', (written) => {
    const { lines, records } = read(`local all all peer\nhost all all ${written} nonsense\n`);
    expect(records).toHaveLength(1);
    expect(lines[1]).toMatchObject({ template: true });
    expect(lines[1]!.error).toBeUndefined();
  });

  test('one in a comment does not', () => {
    expect(only('local all all peer # {{ managed }}').template).toBe(false);
  });
});

test('units and comments are where suppressions look for them', () => {
  const text = '# a\nhost all all \\\n all md5 # b\nbroken\n';
  const { units, comments } = read(text);
  expect(units.map((unit) => slice(text, unit))).toEqual(['host all all \\\n all md5', 'broken']);
  expect(comments.map((comment) => slice(text, comment))).toEqual(['# a', '# b']);
});

test('rubbish of any kind is read without a throw, with spans inside the text', () => {
  let seed = 7;
  const next = (limit: number) => (seed = (seed * 1_103_515_245 + 12_345) & 0x7fffffff) % limit;
  const bits = ['host', 'local', ' ', '\t', ',', '"', '#', '\\', '\n', '\r\n', '\r', '\0', '@', '/', '(', '[', '::1', '/0', '%', '{{', 'trust', '=', '\ud800', '\uFEFF', 'é', '0x', '.', 'include', '\u{1F418}'];
  for (let round = 0; round < 2000; round++) {
    const text = Array.from({ length: next(40) }, () => bits[next(bits.length)]).join('');
    for (const version of [13, 18]) {
      const file = read(text, version);
      const spans = [...file.units, ...file.comments, ...file.lines.flatMap((line) => [line.line, ...(line.error ? [line.error.at] : []), ...line.fields.flat().map((token) => token.span)])];
      for (const { start, end } of spans) expect(0 <= start && start <= end && end <= text.length, JSON.stringify(text)).toBe(true);
    }
  }
});

const corpus = path.join(import.meta.dirname, '../../../shared/corpus/pg_hba');

describe.skipIf(!existsSync(corpus))('real files (skipped where ../shared/corpus is absent)', () => {
  const files = existsSync(corpus) ? readdirSync(corpus).map((name) => [name, readFileSync(path.join(corpus, name), 'utf8')] as const) : [];
  const sqlInside = 'hba-002.conf';

  test.each(files)('%s loads, or is the one that a server refuses', (name, text) => {
    for (const version of [13, 14, 15, 16, 17, 18]) {
      const file = read(text, version);
      expect(file.lines.length).toBeGreaterThan(0);
      expect(file.lines.some((line) => line.error !== undefined)).toBe(name === sqlInside);
    }
  });
});

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { amount } from '../amount.ts';
import { foldsOf } from '../../server/src/help/folding.ts';
import { definitionAt, fileNamesOf } from '../../server/src/help/links.ts';
import { outlineOf, type Entry } from '../../server/src/help/outline.ts';
import { Refusal, renameable, renameMap } from '../../server/src/help/rename.ts';
import { selectionsAt } from '../../server/src/help/selection.ts';
import { tokenize } from '../../server/src/syntax/hba-tokens.ts';
import { applyEdits } from '../../server/src/text.ts';
import { cursor, documentOf, type Wishes } from './documents.ts';

type Language = 'conf' | 'hba' | 'ident';

const sectioned = [
  '# The file of a server.', '', '#-----------', '# CONNECTIONS', '#-----------', '', '# - Settings -', '', "listen_addresses = 'localhost'", 'port = 5432',
  '# - TCP -', '#tcp_user_timeout = 0', '', '#-----------', '# LOGGING', '#-----------', 'log_connections = on', '',
].join('\n');

describe('outline', () => {
  const shape = (entries: readonly Entry[]): unknown[] => entries.map(({ name, detail, children }) => (children.length > 0 ? [name, shape(children)] : detail === '' ? name : `${name}: ${detail}`));

  test('settings stand under the headings of their sections', () => {
    expect(shape(outlineOf(documentOf('conf', sectioned)))).toEqual([
      ['CONNECTIONS', [['Settings', ['listen_addresses: localhost', 'port: 5432']], 'TCP']], ['LOGGING', ['log_connections: on']],
    ]);
  });

  test('records have readable names', () => {
    const text = 'local all postgres peer\nhostssl app,"my db" app_rw 10.0.0.0/8 scram-sha-256 clientcert=verify-ca\nhost all all\ninclude extra.conf\n# === Office ===\nhost a b 10.0.0.1 255.0.0.0 reject\n';
    expect(shape(outlineOf(documentOf('hba', text)))).toEqual([
      'local all → postgres: peer', 'hostssl app, "my db" → app_rw from 10.0.0.0/8: scram-sha-256: clientcert', 'host all all: not understood', 'include: extra.conf',
      ['Office', ['host a → b from 10.0.0.1 255.0.0.0: reject']],
    ]);
    expect(shape(outlineOf(documentOf('ident', 'backup /^b@(.*)$ \\1\n')))).toEqual(['backup: /^b@(.*)$ → \\1']);
  });

  test('ranges lie inside each other', () => {
    const check = (entries: readonly Entry[], start: number, end: number): void => {
      let from = start;
      for (const { span, nameSpan, children } of entries) {
        expect(span.start).toBeGreaterThanOrEqual(from);
        expect(span.end).toBeLessThanOrEqual(end);
        expect(nameSpan.start).toBeGreaterThanOrEqual(span.start);
        expect(nameSpan.end).toBeLessThanOrEqual(span.end);
        check(children, span.start, span.end);
        from = span.end;
      }
    };
    const part = fc.constantFrom('#---------', '# TITLE', '# - Sub -', '## === Big === ##', 'ssl = on', 'port 5432 # x', '', 'host all all all md5', '#', 'm a b', '{{ x }}');
    fc.assert(fc.property(fc.array(part, { maxLength: 14 }), fc.constantFrom<Language>('conf', 'hba', 'ident'), fc.constantFrom('\n', '\r\n'), (lines, language, end) => {
      const text = lines.join(end);
      check(outlineOf(documentOf(language, text)), 0, text.length);
    }), amount(1000, 20_000));
  });
});

test('sections, blocks of comments and long records can be folded', () => {
  const folded = (language: Language, text: string) => foldsOf(documentOf(language, text)).map(({ span, kind }) => [kind, ...text.slice(span.start, span.end).split('\n').filter((_, i, all) => i === 0 || i === all.length - 1)]);
  expect(folded('conf', sectioned)).toEqual([
    ['section', '# CONNECTIONS', '#tcp_user_timeout = 0'], ['section', '# - Settings -', 'port = 5432'], ['section', '# - TCP -', '#tcp_user_timeout = 0'], ['section', '# LOGGING', 'log_connections = on'],
  ]);
  expect(folded('hba', '# one\n# two\n# three\n\nhost all \\\n  all all reject\n# alone\n')).toEqual([['comment', '# one', '# three'], ['line', 'host all \\', '  all all reject']]);
  expect(folded('hba', 'host all \\\n  all all reject\n').length).toBe(1);
});

describe('selection', () => {
  const chain = (language: Language, marked: string) => {
    const { text, offset } = cursor(marked);
    return selectionsAt(documentOf(language, text), offset).map(({ start, end }) => text.slice(start, end));
  };

  test('grows from the token over field, record and section to the text', () => {
    expect(chain('hba', '# = A =\nhost a,b|c x all ldap ldaptls=1\n\n')).toEqual(['bc', 'a,bc', 'host a,bc x all ldap ldaptls=1', '# = A =\nhost a,bc x all ldap ldaptls=1', '# = A =\nhost a,bc x all ldap ldaptls=1\n\n']);
    expect(chain('hba', 'local a b peer map=a|b')).toEqual(['ab', 'map=ab', 'local a b peer map=ab']);
    expect(chain('conf', "listen_addresses = 'local|host'\n")).toEqual(['localhost', "'localhost'", "listen_addresses = 'localhost'", "listen_addresses = 'localhost'\n"]);
    expect(chain('conf', '# a com|ment\n')).toEqual(['# a comment', '# a comment\n']);
    expect(chain('ident', '|')).toEqual([]);
  });

  test('never cuts a token in two', () => {
    const piece = fc.constantFrom('host', 'all', ' ', ',', '"a b"', 'map=x', '\n', '#c', '\\\n', '10.0.0.0/8', 'ldap', '"', '😀');
    fc.assert(fc.property(fc.array(piece, { maxLength: 16 }), fc.nat(60), (pieces, at) => {
      const text = pieces.join('');
      const tokens = tokenize(text, 18).flatMap(({ fields }) => fields.flat());
      let inner = { start: Math.min(at, text.length), end: Math.min(at, text.length) };
      for (const span of selectionsAt(documentOf('hba', text), inner.start)) {
        expect(span.start <= inner.start && inner.end <= span.end).toBe(true);
        inner = span;
        for (const token of tokens) {
          const cut = (edge: number) => token.span.start < edge && edge < token.span.end;
          if (span.end - span.start >= token.span.end - token.span.start) expect(cut(span.start) || cut(span.end), JSON.stringify([text, at, span])).toBe(false);
        }
      }
    }), amount(1500, 20_000));
  });
});

describe('links', () => {
  const names = (language: Language, text: string, wishes?: Wishes) => fileNamesOf(documentOf(language, text, wishes)).map(({ span, paths }) => [text.slice(span.start, span.end), ...paths]);

  test('are the names of other files', () => {
    expect(names('conf', "include 'a.conf'\ninclude_dir conf\nhba_file = '/etc/pg/pg_hba.conf'\nssl_cert_file = 'server.crt'\ndata_directory = 'data'\nport = 1\n")).toEqual([
      ['a.conf', '/cluster/a.conf'], ['conf', '/cluster/conf'], ['/etc/pg/pg_hba.conf', '/etc/pg/pg_hba.conf', '/cluster/pg_hba.conf'],
      ['server.crt', '/cluster/server.crt'], ['data', '/cluster/data/postgresql.auto.conf'],
    ]);
    expect(names('hba', 'host @dbs all all reject\ninclude more.conf\nhost "@x" all all reject\n')).toEqual([['@dbs', '/cluster/dbs'], ['more.conf', '/cluster/more.conf']]);
    expect(names('ident', 'include more.conf\nm a b\n')).toEqual([['more.conf', '/cluster/more.conf']]);
  });

  test('definitions: files, entries of a map, the setting in force', () => {
    const go = (language: Language, marked: string, wishes?: Wishes) => {
      const { text, offset } = cursor(marked);
      const document = documentOf(language, text, wishes);
      return definitionAt(document, offset)?.targets.map(({ path, span }) => `${path} ${document.files.read(path)!.slice(span.start, span.end)}`);
    };
    const files = { 'pg_ident.conf': 'a x y\nb x y\na z w\n', dbs: 'one\n', 'conf.d/1.conf': '', 'conf.d/2.conf': 'port = 3\n' };
    expect(go('hba', 'local all all peer map=|a\n', { files })).toEqual(['/cluster/pg_ident.conf a', '/cluster/pg_ident.conf a']);
    expect(go('hba', 'local all all peer map=|none\n', { files })).toEqual([]);
    expect(go('hba', 'local @d|bs all peer\n', { files })).toEqual(['/cluster/dbs ']);
    expect(go('conf', "po|rt = 1\ninclude_dir 'conf.d'\n", { files })).toEqual(['/cluster/conf.d/2.conf port']);
    expect(go('conf', "include_dir 'con|f.d'\n", { files })).toEqual(['/cluster/conf.d/1.conf ', '/cluster/conf.d/2.conf ']);
    expect(go('hba', 'loc|al all all peer\n', { files })).toBeUndefined();
  });
});

describe('renaming a map', () => {
  const ident = 'admins ines postgres\n"admins" "tom baker" postgres\nbackup b b\n';
  const hba = 'local all all peer map=admins\nhost all all all ident "map=admins" # map=admins\nhost all all 10.0.0.1 map=admins\nlocal admins admins peer map=backup\n';

  function rename(language: 'hba' | 'ident', marked: string, name: string, wishes: Wishes = {}): Record<string, string> | string {
    const { text, offset } = cursor(marked);
    const document = documentOf(language, text, wishes);
    const edits = renameMap(document, offset, name);
    if (edits instanceof Refusal) return edits.reason;
    return Object.fromEntries([...edits].map(([path, all]) => [path.slice('/cluster/'.length), applyEdits(document.files.read(path)!, all)]));
  }

  test('reaches every mention in both files, broken records included', () => {
    const renamed = { 'pg_ident.conf': ident.replaceAll('admins', 'dba'), 'pg_hba.conf': 'local all all peer map=dba\nhost all all all ident "map=dba" # map=admins\nhost all all 10.0.0.1 map=dba\nlocal admins admins peer map=backup\n' };
    expect(rename('ident', `ad|${ident.slice(2)}`, 'dba', { files: { 'pg_hba.conf': hba } })).toEqual(renamed);
    expect(rename('hba', hba.replace('map=', 'map=|'), 'dba', { files: { 'pg_ident.conf': ident } })).toEqual(renamed);
  });

  test('finds the file that postgresql.conf names, and what is included', () => {
    const files = { 'postgresql.conf': "hba_file = 'access.conf'\n", 'access.conf': 'include more.conf\n', 'more.conf': 'local all all peer map=m\n' };
    expect(rename('ident', '|m a b\n', 'n', { files })).toEqual({ 'pg_ident.conf': 'n a b\n', 'more.conf': 'local all all peer map=n\n' });
  });

  test('works alone where the other file is not known', () => {
    expect(rename('ident', '|m a b\n', 'n')).toEqual({ 'pg_ident.conf': 'n a b\n' });
  });

  test('gives the exact range of the name', () => {
    const range = (language: 'hba' | 'ident', marked: string) => {
      const { text, offset } = cursor(marked);
      const found = renameable(documentOf(language, text), offset);
      return found instanceof Refusal ? found.reason : text.slice(found.span.start, found.span.end);
    };
    expect(range('ident', '"my m|ap" a b')).toBe('my map');
    expect(range('hba', 'local all all peer "map=m|y map"')).toBe('my map');
    expect(range('hba', 'local all al|l peer map=m')).toMatch(/^Only names of maps/);
    expect(range('ident', 'm a|b b')).toMatch(/^Only names of maps/);
    expect(range('ident', 'm"a|"p a b')).toMatch(/quotes inside/);
    expect(range('ident', '# m|')).toMatch(/^Only names of maps/);
  });

  test.each([['', 'needs a name'], ['a b', 'blanks'], ['@x', 'start with @'], ['include', 'directive'], ['backup', "'backup' already"]])('to %j is refused with a reason', (name, reason) => {
    expect(rename('ident', `|${ident}`, name)).toContain(reason);
  });

  test('to its own name is no problem', () => {
    expect(rename('ident', '|m a b\n', 'm')).toEqual({ 'pg_ident.conf': 'm a b\n' });
  });
});

import { expect, test } from 'vitest';
import { parseIdent } from '../../server/src/syntax/ident.ts';

const refusal = (text: string, version = 18) => parseIdent(text, version).lines.find((line) => line.error)?.error?.message;
const slice = (text: string, span: { start: number; end: number }) => text.slice(span.start, span.end);

test('an entry is map, system user, database user', () => {
  const text = 'admins  "Jo Doe"  postgres # boss\n';
  const { records: [record], comments, units } = parseIdent(text, 18);
  expect([record!.map.text, record!.systemUser.text, record!.databaseUser.text]).toEqual(['admins', 'Jo Doe', 'postgres']);
  expect(slice(text, record!.systemUser.span)).toBe('"Jo Doe"');
  expect(comments.map((comment) => slice(text, comment))).toEqual(['# boss']);
  expect(units.map((unit) => slice(text, unit))).toEqual(['admins  "Jo Doe"  postgres']);
});

test('the lexical rules are those of pg_hba.conf', () => {
  expect(parseIdent('m \\\nu p\n', 14).records).toHaveLength(1);
  expect(refusal('m \\\nu p\n', 13)).toBeDefined();
  expect(parseIdent('# x \\\nm u p\n', 18).records).toHaveLength(0);
  expect(parseIdent('m u p# x', 18).records[0]!.databaseUser.text).toBe('p');
});

test('a column holds one name, and none may be missing', () => {
  expect(refusal('m a,b p')).toBe('a column of a map entry holds one name');
  expect(refusal('m, u p x')).toBe('a column of a map entry holds one name');
  expect(refusal('m')).toContain('three columns');
  expect(refusal('m u')).toContain('three columns');
});

test('what stands behind the third column is ignored', () => {
  const { records } = parseIdent('m u p x y,z', 18);
  expect(records[0]!.ignored.map((token) => token.text)).toEqual(['x', 'y', 'z']);
});

test('a system user may be a regular expression in every version', () => {
  for (const version of [13, 18]) {
    expect(parseIdent('m /^(.*)@example\\.com$ \\1', version).records[0]!.systemUser.kind).toBe('regex');
    expect(parseIdent('m "/^a b$" p', version).records[0]!.systemUser.kind).toBe('regex');
    expect(refusal('m /(x p', version)).toContain('a parenthesis that is not closed');
  }
});

test('a database user has keywords and regular expressions from 16 on', () => {
  const kind = (user: string, version: number) => parseIdent(`m u ${user}`, version).records[0]?.databaseUser.kind;
  expect(['all', '"all"', '+dba', '"+dba"', '/^a', '"/^a"', 'bob'].map((user) => kind(user, 16))).toEqual(['all', 'name', 'member', 'name', 'regex', 'regex', 'name']);
  expect(['all', '+dba', '/^a', '/(x'].map((user) => kind(user, 15))).toEqual(['name', 'name', 'name', 'name']);
  expect(refusal('m u /(x', 16)).toContain('a parenthesis that is not closed');
});

test('includes are read from 16 on', () => {
  expect(parseIdent('include_dir maps.d\n', 16).lines[0]!.include).toMatchObject({ kind: 'include_dir', target: { text: 'maps.d' } });
  expect(refusal('include extra\n', 15)).toContain('three columns');
});

test('templates and files make a line unknowable', () => {
  for (const text of ['m {{ user }} p', 'm @users p', 'm ${USER} a,b']) expect(parseIdent(text, 18)).toMatchObject({ records: [], lines: [{ template: true }] });
});

test('rubbish is read without a throw', () => {
  for (const text of ['', '\0', '\uFEFF', '"', '\\', ',', '\ud800 \udc00', 'a\0b\nc', '\r\n\r\n', '{{{{', '/ / /', 'm /[[:x p']) {
    for (const version of [13, 18]) expect(() => parseIdent(text, version)).not.toThrow();
  }
});

import { expect, test } from 'vitest';
import { documentOf, finding, reportOf, written, at } from './sample.ts';

const parse = (text: string) => JSON.parse(text) as any;

test('has the promised shape', () => {
  const text = 'host all all 0.0.0.0/0 trust\n';
  const other = "listen_addresses = '*'\n";
  const document = documentOf('/project/db/pg_hba.conf', text, { '/project/db/postgresql.conf': other });
  const report = reportOf(document, [finding(text, 'trust', {
    rule: 'hba/trust-any', severity: 'critical',
    related: [{ path: '/project/db/postgresql.conf', at: at(other, "'*'"), message: 'Listens here' }],
    fixes: [{ title: 'Require scram-sha-256', safety: 'review', edits: [{ span: at(text, 'trust'), text: 'scram-sha-256' }] }],
  })], { files: 2, skipped: [{ path: '/project/big.sql', reason: 'not a text file' }] });
  expect(parse(written('json', report))).toEqual({
    schema: 'pgrampart-findings/1',
    files: 2,
    skipped: [{ path: 'big.sql', reason: 'not a text file' }],
    findings: [{
      rule: 'hba/trust-any', severity: 'critical', path: 'db/pg_hba.conf', message: 'Something happens to the reader',
      start: { line: 1, column: 24, offset: 23 }, end: { line: 1, column: 29, offset: 28 },
      related: [{ path: 'db/postgresql.conf', start: { line: 1, column: 20, offset: 19 }, end: { line: 1, column: 23, offset: 22 }, message: 'Listens here' }],
      fixes: [{ title: 'Require scram-sha-256', safety: 'review', edits: [{ start: { line: 1, column: 24, offset: 23 }, end: { line: 1, column: 29, offset: 28 }, text: 'scram-sha-256' }] }],
    }],
  });
});

test.each([
  ['CRLF', 'a\r\nb WORD', { line: 2, column: 3, offset: 5 }],
  ['a lone CR', 'a\rb WORD', { line: 2, column: 3, offset: 4 }],
  ['a byte order mark on its line', '\ufeffab WORD', { line: 1, column: 4, offset: 4 }],
  ['a byte order mark above', '\ufeffa\nb WORD', { line: 2, column: 3, offset: 5 }],
  ['characters outside the BMP', '😀é WORD', { line: 1, column: 5, offset: 4 }],
])('counts UTF-16 with %s', (_, text, start) => {
  const [found] = parse(written('json', reportOf(documentOf('/project/a.sql', text), [finding(text, 'WORD')]))).findings;
  expect(found.start).toEqual(start);
});

test('a file outside the root is named from the root', () => {
  const text = 'x';
  expect(parse(written('json', reportOf(documentOf('/etc/a.sql', text), [finding(text, 'x')]))).findings[0].path).toBe('../etc/a.sql');
});

test('a fix that a person has to complete says where', () => {
  const text = 'x';
  const fixes = [{ title: 'Fill in', safety: 'review', edits: [{ span: at(text, 'x'), text: 'y', placeholders: [{ start: 0, end: 1 }] }] }] as const;
  expect(parse(written('json', reportOf(documentOf('/project/a.sql', text), [finding(text, 'x', { fixes })]))).findings[0].fixes[0].edits[0]).toMatchObject({ text: 'y', placeholders: [{ start: 0, end: 1 }] });
});

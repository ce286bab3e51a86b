import { expect, test } from 'vitest';
import { printable, textReport } from '../../server/src/report/text.ts';
import { reportedFile } from '../../server/src/report/reported.ts';
import { whole } from '../../server/src/report/formats.ts';
import { at, documentOf, finding, reportOf } from './sample.ts';

const printed = (...given: Parameters<typeof textReport>) => whole(textReport(...given));

test('groups by file and marks the span', () => {
  const text = 'SELECT 1;\r\n\tEXECUTE quer;\r\n';
  const report = reportOf(documentOf('/project/db/a.sql', text), [
    finding(text, 'quer', { related: [{ at: at(text, 'SELECT'), message: 'It begins here' }] }),
  ], { files: 3, skipped: [{ path: '/project/b.sql', reason: 'not a text file' }], suppressed: [reportedFile(documentOf('/project/db/a.sql', text), [finding(text, 'quer')])] });
  expect(printed(report)).toBe([
    'db/a.sql',
    '  2:10  high  Something happens to the reader  meta/bad-suppression',
    '     2 | \tEXECUTE quer;',
    '       | \t        ^^^^',
    '      db/a.sql:1:1  It begins here',
    '',
    'Skipped',
    '  b.sql  not a text file',
    '',
    '1 problem in 1 file (1 high), 3 files scanned, 1 skipped, 1 suppressed',
    '',
  ].join('\n'));
});

test('says that there is nothing', () => {
  expect(printed(reportOf(documentOf('/project/a.sql', ''), []))).toBe('No problems, 1 file scanned\n');
});

test('is one line per finding when it is to be brief', () => {
  const text = '\ufeffdrop x;';
  const report = reportOf(documentOf('/project/a.sql', text), [finding(text, 'x')]);
  expect(printed(report, { brief: true })).toBe('a.sql:1:6  high  Something happens to the reader  meta/bad-suppression\n');
});

test.each([
  ['a byte order mark', '\ufeffdrop WORD', '     1 | drop WORD', '       |      ^^^^'],
  ['wide characters', 'select 日本 WORD', '     1 | select 日本 WORD', '       |             ^^^^'],
  ['combining characters', 'e\u0301 WORD', '     1 | e\u0301 WORD', '       |   ^^^^'],
  ['a span over several lines', 'a WORD\nb', '     1 | a WORD', '       |   ^^^^'],
])('marks the right place with %s', (_, text, code, marks) => {
  const one = finding(text, 'WORD', text.includes('\n') ? { at: { start: 2, end: text.length } } : {});
  expect(printed(reportOf(documentOf('/project/a.sql', text), [one])).split('\n').slice(2, 4)).toEqual([code, marks]);
});

test('an empty span at the end gets one mark', () => {
  const text = 'drop';
  const one = finding(text, 'drop', { at: { start: 4, end: 4 } });
  expect(printed(reportOf(documentOf('/project/a.sql', text), [one])).split('\n')[3]).toBe('       |     ^');
});

test('cuts long lines around the span', () => {
  const text = `${'a'.repeat(5000)} WORD ${'b'.repeat(5000)}`;
  const [, , code, marks] = printed(reportOf(documentOf('/project/a.sql', text), [finding(text, 'WORD')])).split('\n');
  expect(code!.length).toBeLessThan(130);
  expect(code!.slice(marks!.indexOf('^'), marks!.lastIndexOf('^') + 1)).toBe('WORD');
});

test('is coloured only when asked to', () => {
  const text = 'x';
  const report = reportOf(documentOf('/project/a.sql', text), [finding(text, 'x')]);
  expect(printed(report, { color: true })).toContain('\u001b[31m');
  expect(printed(report)).not.toContain('\u001b');
});

test('lets no file steer the terminal', () => {
  expect(printable('a\u001b[2Jb\u202ec\r\n\td')).toBe('a·[2Jb·c··\td');
  const text = 'x \u001b]0;title\u0007';
  const report = reportOf(documentOf('/project/\u001b[31m.sql', text), [finding(text, 'x', { message: 'Role \u001b[0m can log in' })]);
  expect(printed(report)).not.toContain('\u001b');
});

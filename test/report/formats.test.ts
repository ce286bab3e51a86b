import { expect, test } from 'vitest';
import { exposureOf } from '../../server/src/facts/hba/exposure.ts';
import { fileFormatNames, whole } from '../../server/src/report/formats.ts';
import type { Report } from '../../server/src/report/report.ts';
import { filesOf } from '../files.ts';
import { documentOf, finding, reportOf, written } from './sample.ts';

const hostile = 'drop WORD -- </script><b>"\'&%0A,|`x`\u202e\0';
const path = '/project/a,"<b>&`:x.sql';

/** A finding whose path, code and message try to become markup. */
function nasty(message = '=cmd("x")|</p><script>alert(1)</script>%0A::error::\u202e'): Report {
  return reportOf(documentOf(path, hostile), [finding(hostile, 'WORD', { rule: 'sql/security-definer-search-path', message })], { skipped: [{ path: '/project/<i>.sql', reason: 'not a text file' }] });
}

/** Every tag is closed by its own kind, and every `&` begins an entity. */
function balanced(text: string): boolean {
  const open: string[] = [];
  for (const [, close, name, rest] of text.replace(/<\?xml[^>]*\?>/, '').matchAll(/<(\/?)([a-z]+)((?:"[^"]*"|[^>"])*)>/g)) {
    if (close) {
      if (open.pop() !== name) return false;
    } else if (!rest!.endsWith('/')) open.push(name!);
  }
  return open.length === 0 && !/&(?!(amp|lt|gt|quot|#\d+);)/.test(text);
}

test.each(fileFormatNames)('%s is the same for the same report and holds no hostile control characters', (format) => {
  const text = written(format, nasty());
  expect(written(format, nasty())).toBe(text);
  // JSON escapes them or keeps them inside of strings, where programs want the truth.
  if (!['json', 'sarif', 'gitlab-sast', 'gitlab-codequality', 'csv', 'github'].includes(format)) expect(text).not.toMatch(/[\0\u202e]/);
});

test.each(['junit', 'checkstyle'] as const)('%s is well-formed whatever it is about', (format) => {
  expect(balanced(written(format, nasty()))).toBe(true);
  expect(balanced(written(format, reportOf(documentOf(path, ''), [])))).toBe(true);
});

test('HTML needs no script and shows hostile text as text', () => {
  const page = written('html', nasty());
  expect(page).not.toMatch(/<script|<b>|onerror|https?:/);
  expect(page).toContain("default-src 'none'");
  expect(page).toContain('<mark>WORD</mark>');
  expect(balanced(page.replace(/^<!DOCTYPE html>/, '').replace(/<(meta|br)[^>]*>/g, '').replace(/<style>[^]*<\/style>/, ''))).toBe(true);
});

test('HTML says who gets in, with words and not with colour alone', () => {
  const text = 'local all all peer\nhost all all 0.0.0.0/0 trust\nhost all all 10.0.0.0/8 md5\nhost all bob 10.0.0.0/8 scram-sha-256\n';
  const entries = exposureOf({ path: 'pg_hba.conf', text, language: 'hba', version: 18, files: filesOf({}) });
  expect(entries.map(({ from, shows, line, plain }) => ({ from, shows, line, plain }))).toEqual([
    { from: 'socket', shows: 'certificate or ticket', line: 1, plain: false },
    { from: 'anywhere', shows: 'nothing', line: 2, plain: true },
  ]);
  const page = written('html', reportOf(documentOf('/project/a.sql', ''), [], { exposed: [{ path: '/project/pg_hba.conf', version: 18, entries }] }));
  expect(page).toContain('<span class="badge">critical</span> 1 record');
  expect(page).toContain('Any client in 0.0.0.0/0 may log in');
});

test('Markdown shows text as text', () => {
  expect(written('markdown', nasty())).toContain('\\|\\</p\\>\\<script\\>');
});

test('CSV has one row per finding, and no cell that a spreadsheet would calculate', () => {
  const lines = written('csv', nasty()).trimEnd().split('\r\n');
  expect(lines).toHaveLength(2);
  expect(lines[1]).toContain('"\'=cmd(""x"")');
});

test('GitHub gets one command per line', () => {
  const text = written('github', nasty('100 %\nmore'));
  expect(text).toBe('::error file=a%2C"<b>&`%3Ax.sql,line=1,endLine=1,col=6,endColumn=10,title=sql/security-definer-search-path::100 %25%0Amore\n');
});

test('JUnit counts, and has a case that passed when there is nothing to say', () => {
  expect(written('junit', nasty())).toContain('tests="1" failures="1"');
  expect(written('junit', reportOf(documentOf(path, ''), []))).toContain('tests="1" failures="0"');
});

test('JUnit has what the schemas of Ant and of Jenkins both allow, in their order', () => {
  const shape = (text: string) => [...text.matchAll(/<(\/?[\w-]+)((?: [\w-]+="[^"]*")*)\s*\/?>/g)].map(([, name, attributes]) => [name, ...[...attributes!.matchAll(/ ([\w-]+)=/g)].map(([, attribute]) => attribute)].join(' '));
  const suite = 'testsuite id name package timestamp hostname tests failures errors skipped time';
  expect(shape(written('junit', nasty()))).toEqual([
    'testsuites', suite, 'properties', 'testcase name classname time', 'failure type message', '/failure', '/testcase', 'system-out', 'system-err', '/testsuite', '/testsuites',
  ]);
  expect(shape(written('junit', reportOf(documentOf(path, ''), [])))).toEqual(['testsuites', suite, 'properties', 'testcase name classname time', 'system-out', 'system-err', '/testsuite', '/testsuites']);
  expect(written('junit', nasty())).toContain('timestamp="2026-01-01T00:00:00"');
});

test.each(['junit', 'checkstyle'] as const)('%s of a hundred times the files takes nothing like ten thousand times as long', (format) => {
  const { reported, ...rest } = nasty();
  const many = { ...rest, reported: Array.from({ length: 20_000 }, (_, i) => ({ ...reported[0]!, path: `${path}.${i}.sql` })) };
  const before = process.cpuUsage();
  expect(written(format, many).match(/<(?:testcase|error) /g)).toHaveLength(20_000);
  expect(process.cpuUsage(before).user / 1e6, 'seconds of the processor').toBeLessThan(6);
});

test('GitLab gets severities, weaknesses and stable identifiers', () => {
  const [problem] = JSON.parse(written('gitlab-codequality', nasty())) as Record<string, unknown>[];
  expect(problem).toMatchObject({ check_name: 'sql/security-definer-search-path', severity: 'critical', location: { lines: { begin: 1 } } });
  const sast = JSON.parse(written('gitlab-sast', nasty())) as { vulnerabilities: Record<string, any>[]; scan: Record<string, unknown> };
  expect(sast.scan).toMatchObject({ type: 'sast', status: 'success', start_time: '2026-01-01T00:00:00' });
  expect(sast.vulnerabilities[0]).toMatchObject({ severity: 'High', identifiers: [{ value: 'sql/security-definer-search-path' }, { type: 'cwe' }] });
});

test('a report that is longer than a text can be is refused in words', () => {
  expect(() => whole(Array.from({ length: 3 }, () => 'x'.repeat(2 ** 28)))).toThrow('The report would be larger than 500 MB');
});

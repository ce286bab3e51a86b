import { expect, test } from 'vitest';
import { exposureOf } from '../../server/src/facts/hba/exposure.ts';
import { style } from '../../server/src/report/html-style.ts';
import { reportedFile } from '../../server/src/report/reported.ts';
import { filesOf } from '../files.ts';
import { documentOf, finding, reportOf, written } from './sample.ts';

const record = 'host all all 0.0.0.0/0 trust\n';
const document = documentOf('/project/pg_hba.conf', record);
const page = written('html', { ...reportOf(document, [finding(record, 'trust', { rule: 'hba/trust-any' })]), exposed: [{ path: document.path, version: 18, entries: exposureOf({ path: document.path, text: record, language: 'hba', version: 18, files: filesOf({}) }) }] });

test('headings go down one level at a time', () => {
  const levels = [...page.matchAll(/<h(\d)/g)].map(([, level]) => Number(level));
  expect(levels[0]).toBe(1);
  expect(levels.filter((level, index) => index > 0 && level > levels[index - 1]! + 1)).toEqual([]);
});

test('each table and picture has a name, and each heading of a table says what it is for', () => {
  expect(page).toMatch(/<table/);
  expect(page).toMatch(/<svg/);
  for (const [tag] of page.matchAll(/<(table|svg)\b[^>]*>/g)) expect(tag).toMatch(/aria-label="[^"]+"/);
  for (const [tag] of page.matchAll(/<th\b[^>]*>/g)) expect(tag).toMatch(/scope="(row|col)"/);
});

const colors = new Map([...style.matchAll(/--(\w+): .*?light-dark\((#\w{6}), (#\w{6})\)/g)].map(([, name, light, dark]) => [name!, [light!, dark!] as const]));

test.each(['text', 'quiet', 'critical', 'high', 'medium', 'low', 'info', 'fine'])('%s can be read on the page in light and dark', (name) => {
  for (const mode of [0, 1] as const) expect(contrast(colors.get(name)![mode], colors.get('page')![mode])).toBeGreaterThanOrEqual(4.5);
});

test('an excerpt can be read on its background', () => {
  for (const mode of [0, 1] as const) expect(contrast(colors.get('text')![mode], colors.get('code')![mode])).toBeGreaterThanOrEqual(4.5);
});

/** As WCAG 2 defines it. */
function contrast(one: string, other: string): number {
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light! + 0.05) / (dark! + 0.05);
}

function luminance(color: string): number {
  const [red, green, blue] = [1, 3, 5].map((at) => Number.parseInt(color.slice(at, at + 2), 16) / 255).map((part) => (part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
}

test('a page holds no more than the gravest ten thousand problems, and says how many there are', () => {
  const text = 'a\n'.repeat(6_000);
  const many = (rest: Parameters<typeof finding>[2]) => Array.from({ length: 6_000 }, (_, line) => finding(text, 'a', { at: { start: 2 * line, end: 2 * line + 1 }, ...rest }));
  const file = (name: string, rest: Parameters<typeof finding>[2]) => reportedFile(documentOf(`/project/${name}.sql`, text), many(rest));
  const files = [file('a', { severity: 'low', message: 'Low one' }), file('b', { severity: 'high', message: 'High one' })];
  const all = written('html', reportOf(document, [], { reported: files }));
  const shown = (message: string) => all.split(message).length - 1;
  expect([shown('Low one'), shown('High one')]).toEqual([4_000, 6_000]);
  expect(all).toContain('The 10000 gravest of 12000 problems follow.');
  expect(all).toContain('4000 of 6000 problems');
  expect(all).toContain('<strong>6000</strong> low');
  expect(written('html', reportOf(document, [], { reported: files.slice(1) }))).not.toContain('gravest');
});

test('what is too wide for a narrow window scrolls by itself', () => {
  expect(page).toContain('<div class="wide"><table class="exposure"');
  expect(page).toContain('.wide { overflow-x: auto; }');
});

import { expect, test } from 'vitest';
import { compare } from '../../server/src/diff/compare.ts';
import { lint, type Looked } from '../../server/src/lint.ts';
import { diffFormats } from '../../server/src/report/diff.ts';
import { filesOf } from '../files.ts';

function looked(text: string): Looked[] {
  const document = { path: '/db/pg_hba.conf', text, language: 'hba', version: 18, files: filesOf({}) } as const;
  return [{ document, findings: lint(document).findings }];
}

const ids = (before: string, after: string) => {
  const { added, fixed } = compare(looked(before), looked(after));
  return { added: added.map(({ finding: { rule } }) => rule), fixed: fixed.map(({ finding: { rule } }) => rule) };
};

test('what is said once of many records is not new because another record comes first', () => {
  const { added, fixed } = ids('host all all 10.0.0.0/16 scram-sha-256\n', 'host all all 10.1.0.0/16 scram-sha-256\nhost all all 10.0.0.0/16 scram-sha-256\n');
  expect(fixed).not.toContain('hba/all-databases-all-users');
  expect(added).not.toContain('hba/all-databases-all-users');
});

test('the gravest come first', () => {
  expect(ids('', 'host all all 10.0.0.0/8 md5\nhost all all 0.0.0.0/0 trust\n').added[0]).toBe('hba/trust-any');
});

test('Markdown fits into a comment, and says how much does not', () => {
  const records = Array.from({ length: 900 }, (_, i) => `host db${i} u${i} 10.0.0.${i % 250}/32 trust\n`).join('');
  const text = diffFormats.markdown({ root: '/db', from: 'main', to: 'topic', diff: compare(looked(''), looked(records)) });
  expect(text.length).toBeLessThan(65_536);
  expect(text).toMatch(/\n\d+ more are not shown here; `pgrampart diff` tells all of them\.\n$/);
});

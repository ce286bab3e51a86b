import { expect, test } from 'vitest';
import { atMost } from '../../../server/src/facts/hba/together.ts';

test('many findings become one with all the edits', () => {
  const finding = (start: number) => ({ at: { start, end: start + 1 }, message: `at ${start}`, fixes: [{ title: 'mend', safety: 'review' as const, edits: [{ span: { start, end: start }, text: 'x' }] }] });
  const findings = [1, 2, 3].map(finding);
  expect(atMost(3, findings, 'all')).toBe(findings);
  const [one, ...none] = atMost(2, findings, 'all');
  expect(none).toEqual([]);
  expect(one).toMatchObject({ at: { start: 1, end: 2 }, message: 'all', related: [{ message: 'at 2' }, { message: 'at 3' }] });
  expect(one!.fixes![0]!.edits.map((edit) => edit.span.start)).toEqual([1, 2, 3]);
});

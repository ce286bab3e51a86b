import { expect, test } from 'vitest';
import { noFiles } from '../../server/src/document.ts';
import { lint } from '../../server/src/lint.ts';
import { applyEdits } from '../../server/src/text.ts';

// The comment itself becomes shorter, which the examples of a rule do not allow.
test.each([
  ['local all all peer\n# old \\\nhost all all all reject\n', 'local all all peer\n# old \nhost all all all reject\n'],
  ['local all all peer\r\n# see C:\\\\\r\nhost all all all reject\r\n', 'local all all peer\r\n# see C:\r\nhost all all all reject\r\n'],
  ['# one \\\n# two \\\nhost all all all reject\n', '# one \\\n# two \nhost all all all reject\n'],
])('%j: the record is in force again', (text, fixed) => {
  const look = (of: string) => lint({ path: 'pg_hba.conf', text: of, language: 'hba', version: 18, files: noFiles }, { only: 'hba/comment-continuation' }).findings;
  const [finding, ...others] = look(text);
  expect(others).toEqual([]);
  expect(applyEdits(text, finding!.fixes[0]!.edits)).toBe(fixed);
  expect(look(fixed)).toEqual([]);
});

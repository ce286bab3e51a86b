import { expect, test } from 'vitest';
import { columnText, groupsBy, textSpan } from '../../../server/src/facts/hba/words.ts';
import { parseHba } from '../../../server/src/syntax/hba.ts';

const recordOf = (text: string) => parseHba(text, 18).records[0]!;

test('where the text of a word stands', () => {
  const written = (user: string) => {
    const text = `local all ${user} peer\n`;
    const span = textSpan(text, recordOf(text).users[0]!);
    return span && text.slice(span.start, span.end);
  };
  expect([written('joe'), written('"Jo Doe"'), written('a"b c"'), written('"a""b"'), written('jo\\\ne')]).toEqual(['joe', 'Jo Doe', undefined, undefined, undefined]);
});

test('columns are compared with their quotes', () => {
  const text = (users: string) => columnText(recordOf(`local all ${users} peer\n`).users);
  expect(text('a, b')).toBe(text('a,b'));
  expect(text('"all"')).not.toBe(text('all'));
});

test('groups keep the order', () => {
  expect(groupsBy([3, 1, 4, 1, 5, 9], (n) => String(n % 3))).toEqual([[3, 9], [1, 4, 1], [5]]);
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { applyEdits, Lines, overlaps } from '../server/src/text.ts';

test('edits are made against the same text, in any order', () => {
  expect(applyEdits('abcdef', [{ span: { start: 4, end: 5 }, text: 'X' }, { span: { start: 0, end: 1 }, text: '' }, { span: { start: 6, end: 6 }, text: '!' }])).toBe('bcdXf!');
});

test('overlapping edits are refused', () => {
  expect(() => applyEdits('abc', [{ span: { start: 0, end: 2 }, text: '' }, { span: { start: 1, end: 3 }, text: '' }])).toThrow(RangeError);
});

test('empty spans overlap what they touch', () => {
  expect(overlaps({ start: 2, end: 2 }, { start: 0, end: 2 })).toBe(true);
  expect(overlaps({ start: 0, end: 2 }, { start: 2, end: 4 })).toBe(false);
});

test('a line ends at \\n, \\r\\n or a lone \\r; columns are UTF-16', () => {
  const lines = new Lines('a\r\né😀b\rc\n');
  expect(lines.count).toBe(4);
  expect(lines.position(3)).toEqual({ line: 1, column: 0 });
  expect(lines.position(6)).toEqual({ line: 1, column: 3 });
  expect(lines.position(8)).toEqual({ line: 2, column: 0 });
  expect(lines.position(99)).toEqual({ line: 3, column: 0 });
});

test('offset and position are inverse', () => {
  fc.assert(fc.property(fc.string({ unit: fc.constantFrom('a', 'é', '😀', '\n', '\r', '\r\n', '\ufeff') }), fc.nat(), (text, n) => {
    const offset = n % (text.length + 1);
    const lines = new Lines(text);
    expect(lines.offset(lines.position(offset))).toBe(offset);
  }));
});

import { describe, expect, test } from 'vitest';
import { anchored, matchesEverything, openDots, spelledOut } from '../../../server/src/facts/hba/anchors.ts';

describe('whole names only', () => {
  test.each([
    ['admin', '^admin$'], ['^admin', '^admin$'], ['admin$', '^admin$'], ['a|b', '^(?:a|b)$'], ['^a|b$', '^(?:^a|b$)$'],
    ['^(a|b)', '^(a|b)$'], ['(^a|b$)', '^(^a|b$)$'], ['a\\$', '^a\\$$'], ['a[$|]', '^a[$|]$'], ['(?i)admin', '(?i)^admin$'], ['(?i)a|b', '(?i)^(?:a|b)$'],
    ['\\.*', '^\\.*$'], ['\\\\.*', '^\\\\.*'], ['a\\|b', '^a\\|b$'],
  ])('%s becomes %s', (pattern, whole) => {
    expect(anchored(pattern)).toBe(whole);
    expect(anchored(whole)).toBeUndefined();
  });
  test.each(['^admin$', '^a$|^b$', '^(a|b)$', '(^a$)', '\\Aa\\Z', '.*', '.+', '(.*)', '^a.*', '.*a$', '^(.*)@b$', '(?i)^a$', '', '***=a', '***:a', '(?x) a', '(?q)a|b'])('%s stays', (pattern) => {
    expect(anchored(pattern)).toBeUndefined();
  });
});

test('what may stand before and behind can be spelled out', () => {
  expect(spelledOut('admin')).toBe('.*admin.*');
  expect(spelledOut('^admin')).toBe('^admin.*');
  expect(spelledOut('admin$')).toBe('.*admin$');
  for (const pattern of ['^admin$', 'a|b', '(?i)a']) expect(spelledOut(pattern)).toBeUndefined();
});

test('what matches every name', () => {
  for (const pattern of ['.*', '.+', '^.*$', '(.*)', '^(.*)$', '(^.*$)']) expect(matchesEverything(pattern), pattern).toBe(true);
  for (const pattern of ['.', '\\.*', 'a.*', '.*a', '^.*@b$', '[^a]*']) expect(matchesEverything(pattern), pattern).toBe(false);
});

test('dots of a domain that match any character', () => {
  const found = (regex: string) => {
    const open = openDots(regex);
    return open && [regex.slice(open.domain.start, open.domain.end), open.dots.length, open.dots.every((dot) => regex[dot] === '.')];
  };
  expect(found('/^(.*)@mail.example.com$')).toEqual(['mail.example.com', 2, true]);
  expect(found('/^(.*)@mail\\.example.com')).toEqual(['mail\\.example.com', 1, true]);
  expect(found('/^(.*@example.com)$')).toEqual(['example.com', 1, true]);
  for (const regex of ['/^(.*)@example\\.com$', '/^a.b$', '/^a@.*$', '/^a@b.+$', '/^a@[a.]b$']) expect(found(regex), regex).toBeUndefined();
});

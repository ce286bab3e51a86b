import fc from 'fast-check';
import { expect, test } from 'vitest';
import { PairNumbers } from '../../../server/src/facts/hba/pair-numbers.ts';

test('pairs are numbered in the order in which they come, and found again', () => {
  fc.assert(fc.property(fc.array(fc.tuple(fc.nat(40), fc.nat(40)), { maxLength: 400 }), (pairs) => {
    const numbers = new PairNumbers();
    const known = new Map<string, number>();
    for (const [a, b] of pairs) {
      expect(numbers.find(a, b)).toBe(known.get(`${a} ${b}`) ?? -1);
      if (!known.has(`${a} ${b}`)) known.set(`${a} ${b}`, known.size);
      expect(numbers.add(a, b)).toBe(known.get(`${a} ${b}`));
    }
    for (const [pair, number] of known) expect(numbers.find(...(pair.split(' ').map(Number) as [number, number]))).toBe(number);
  }));
});

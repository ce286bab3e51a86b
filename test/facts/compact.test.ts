import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { compact, withTightLists } from '../../server/src/facts/compact.ts';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** Bytes on the heap that `make` leaves behind, with what it returns. */
function growthOf(make: () => unknown): number {
  collect();
  const before = process.memoryUsage().heapUsed;
  const made = make();
  collect();
  const grown = process.memoryUsage().heapUsed - before;
  expect(made).toBeDefined();
  return grown;
}

test('a text that was cut from a longer one does not keep that one in memory, wherever in the value it stands', () => {
  const cut = (i: number) => `${'x'.repeat(100_000)}a name that is cut out, ${i}`.slice(100_000);
  expect(growthOf(() => Array.from({ length: 500 }, (_, i) => compact({ name: cut(i), parts: [{ text: cut(i) }] })))).toBeLessThan(10_000_000);
});

test('lists lose the room that they would grow in', () => {
  const one = {};
  const grown = () => ({ columns: [...[one], one] });
  const loose = growthOf(() => Array.from({ length: 50_000 }, grown));
  expect(growthOf(() => Array.from({ length: 50_000 }, () => withTightLists(grown(), undefined)))).toBeLessThan(loose * 0.7);
  expect(growthOf(() => Array.from({ length: 50_000 }, () => withTightLists([...[one], one], undefined)))).toBeLessThan(loose * 0.7);
});

test('lists that were there before are the same afterwards, and so are objects', () => {
  const before = withTightLists({ acl: [1], columns: [1, 2] }, undefined);
  const after = { ...before, columns: [...before.columns, 3] };
  expect(withTightLists(after, before)).toBe(after);
  expect(after.acl).toBe(before.acl);
  expect(after.columns).toEqual([1, 2, 3]);
  const list = withTightLists([before, after], [before]);
  expect(list).toEqual([before, after]);
  expect(list[0]).toBe(before);
});

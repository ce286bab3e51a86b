import { expect, test } from 'vitest';
import { jsonWithList } from '../../server/src/report/json-list.ts';

const items = [{ a: 'x\n  y []', b: [] }, 'text', { c: { d: [1, 2], e: undefined } }];

test.each([
  ['alone', (list: unknown) => list],
  ['in an object behind another empty list', (list: unknown) => ({ empty: [], some: [1], list })],
  ['deep inside', (list: unknown) => ({ text: 'a []', runs: [{ first: [], list }] })],
])('a list %s is written as JSON.stringify writes it', (_, around) => {
  for (const some of [items, items.slice(0, 1), []]) {
    expect([...jsonWithList(around([]), some, (item) => item)].join('')).toBe(`${JSON.stringify(around(some), null, 2)}\n`);
  }
});

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { amount } from '../amount.ts';
import { parseHba } from '../../server/src/syntax/hba.ts';

const lines = [
  'local all postgres peer', 'host all all 10.0.0.0/8 scram-sha-256 # office', '# a comment', '', 'hostssl db,"my db" app 10.0.0.1 255.255.255.0 cert map=m',
  'host all all 10.0.0.1', 'include other.conf', 'host all \\', 'host all all {{ net }} md5', 'host @dbs all samenet md5', 'nonsense', 'host all all ::1/128 md5\r', 'a\0b',
];
const large = fc.array(fc.constantFrom(...lines), { minLength: 700, maxLength: 800 }).map((all) => all.join('\n'));
const edits = fc.array(fc.record({ at: fc.nat(20_000), remove: fc.nat(60), insert: fc.constantFrom('', 'x', '\n', ' ', '#', '\\', '\0', '"', 'host all all all trust\n', '\r\n') }), { minLength: 1, maxLength: 4 });

test('A text that is read after one that is nearly the same gives what it gives on its own', () => {
  fc.assert(fc.property(large, edits, fc.constantFrom(13, 18), (text, changes, version) => {
    let now = text;
    parseHba(now, version);
    for (const { at, remove, insert } of changes) {
      const start = at % (now.length + 1);
      now = now.slice(0, start) + insert + now.slice(start + remove);
      const quick = parseHba(now, version);
      forget();
      expect(quick).toEqual(parseHba(now, version));
    }
  }), amount(12, 200));
});

/** Other large texts push out what is kept. */
function forget(): void {
  for (const version of [14, 15, 16]) parseHba('#\n'.repeat(6_000), version);
}

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { amount } from '../amount.ts';
import { noFiles, type Document } from '../../server/src/document.ts';
import { lint } from '../../server/src/lint.ts';
import { parseHba } from '../../server/src/syntax/hba.ts';

const plain = (n: number) => `hostssl db_${n} app_${n} 10.${(n >> 8) & 255}.${n & 255}.0/24 ${n % 10 === 0 ? 'md5' : 'scram-sha-256'}`;
const others = [
  'local all all peer', 'host all all 10.0.0.0/8 md5', 'hostnossl all all 0.0.0.0/0 reject', 'host "All" ALL samenet trust', 'host replication +ops 10.1.0.0/16 scram-sha-256',
  'hostssl all /^app_.* .example.com ldap ldapserver=l ldapprefix=x', '# pgrampart-ignore hba/md5-method: known', 'host all all 10.1.2.3 255.0.255.0 md5', 'include more.conf', 'host all all',
];

const file = fc.array(fc.tuple(fc.nat(899), fc.constantFrom(...others)), { maxLength: 12 }).map((inserted) => {
  const lines = Array.from({ length: 900 }, (_, n) => plain(n));
  for (const [at, line] of inserted) lines.splice(at, 0, line);
  return `${lines.join('\n')}\n`;
});
const edits = fc.array(fc.record({
  at: fc.nat(), remove: fc.constantFrom(0, 0, 1, 1, 40, 400), insert: fc.constantFrom('', 'x', '7', '\n', ' ', '#', '"', ',', 'host all all all trust\n', 'local all app_7 peer\r\n'),
}), { minLength: 5, maxLength: 8 });

test('Whatever was looked at before, a text has the findings that it has on its own', () => {
  fc.assert(fc.property(file, edits, (text, changes) => {
    let now = text;
    findings(now);
    for (const { at, remove, insert } of changes) {
      const start = at % (now.length + 1);
      now = now.slice(0, start) + insert + now.slice(start + remove);
      const quick = findings(now);
      forget();
      expect(quick).toEqual(findings(now));
    }
  }), amount(10, 100));
});

function findings(text: string) {
  const document: Document = { path: 'pg_hba.conf', text, language: 'hba', version: 18, files: noFiles };
  return lint(document, { presets: ['strict'], onCrash: (_, error) => { throw error; } });
}

/** Other large texts push out what is kept. */
function forget(): void {
  for (const version of [14, 15, 16]) parseHba('#\n'.repeat(6_000), version);
}

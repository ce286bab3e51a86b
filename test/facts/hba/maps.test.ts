import { expect, test } from 'vitest';
import { hbaFacts } from '../../../server/src/facts/access.ts';
import { identFacts, isAnyRole, mapNames, usedMaps } from '../../../server/src/facts/hba/maps.ts';
import { parseIdent } from '../../../server/src/syntax/ident.ts';
import { filesOf } from '../../files.ts';

test('maps are known only when every entry is', () => {
  const maps = (text: string) => mapNames(identFacts({ path: 'pg_ident.conf', text, language: 'ident', version: 18, files: filesOf({}) }));
  expect([...maps('a b c\na d e\nf g h\n')!]).toEqual(['a', 'f']);
  for (const text of ['a b c\ninclude x\n', 'a b {{ c }}\n', 'a b c\nd e\n']) expect(maps(text), text).toBeUndefined();
  const used = (text: string) => usedMaps(hbaFacts({ path: 'pg_hba.conf', text, language: 'hba', version: 18, files: filesOf({}) }));
  expect(used('local all all peer map=a\nlocal all all md5\n')!.has('a')).toBe(true);
  for (const text of ['include x\n', 'local all all {{ method }}\n', 'local all all pear\n', 'local all all peer @options\n']) expect(used(text), text).toBeUndefined();
});

test('a user that may be any role', () => {
  const any = (user: string, version = 18) => isAnyRole(parseIdent(`m u ${user}\n`, version).records[0]!.databaseUser);
  for (const user of ['all', '/.*', '"/^(.*)$"']) expect([user, any(user), any(user, 15)]).toEqual([user, true, false]);
  for (const user of ['"all"', 'All', '/^a.*$', '+all']) expect([user, any(user)]).toEqual([user, false]);
});

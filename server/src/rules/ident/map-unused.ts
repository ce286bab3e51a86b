import { usedMaps } from '../../facts/hba/maps.ts';
import { shown } from '../../syntax/hba-words.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'ident',
  severity: 'info',
  title: 'No record of pg_hba.conf uses this map',
  why: `Entries that nothing uses are taken for rules in force: people add and remove users here, and nothing changes. When a record
uses the map again one day, all of them come in.`,
  cwe: [1164],
  references: ['https://www.postgresql.org/docs/current/auth-username-maps.html'],
  examples: [
    {
      bad: '«old» alice postgres\nold bob postgres\nadmins root postgres\n', good: 'admins root postgres\n',
      files: { 'pg_hba.conf': 'local all all peer map=admins\n' },
    },
    { good: 'admins root postgres\n', files: { 'pg_hba.conf': 'local all postgres peer map=admins\n' } },
    { good: 'old alice postgres\n', because: 'Without pg_hba.conf nothing is known about its records.' },
    { good: 'old alice postgres\n', files: { 'pg_hba.conf': 'local all all peer\ninclude_dir hba.d\n' }, because: 'A record may be in another file.' },
    { good: 'old alice postgres\n', files: { 'pg_hba.conf': 'local all all {{ method }}\n' } },
  ],
  *check({ records, cluster }) {
    const used = cluster.hba && usedMaps(cluster.hba);
    if (!used) return;
    const seen = new Set(used);
    for (const { map } of records) {
      if (seen.has(map.text)) continue;
      seen.add(map.text);
      yield { at: map.span, message: `The map ${shown(map.text)} has no effect: no record of pg_hba.conf names it`, tags: ['unnecessary'] };
    }
  },
});

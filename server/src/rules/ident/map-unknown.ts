import { admits, isReachable } from '../../facts/access.ts';
import { replace } from '../../facts/hba/access-fixes.ts';
import { mapNames } from '../../facts/hba/maps.ts';
import { optionOf } from '../../facts/hba/options.ts';
import { likelyWord, shown } from '../../syntax/hba-words.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'hba',
  severity: 'medium',
  title: 'The record names a map that pg_ident.conf does not have',
  why: `Without entries in the map nobody comes in by this record, and the log only says that no match was found. People who are locked
out at night put trust in its place.`,
  fixing: 'Writes the name of the map that was most likely meant. Read its entries first: they decide who comes in.',
  cwe: [16],
  references: ['https://www.postgresql.org/docs/current/auth-username-maps.html'],
  examples: [
    { bad: 'local all all peer map=«admin»\n', fixed: 'local all all peer map=admins\n', files: { 'pg_ident.conf': 'admins root postgres\n' } },
    { bad: 'hostssl all all all cert map=«people»\n', files: { 'pg_ident.conf': '# MAPNAME SYSTEM-USERNAME PG-USERNAME\n' } },
    { good: 'local all all peer map=admins\nhost all all samenet scram-sha-256\n', files: { 'pg_ident.conf': 'admins root postgres\n' } },
    { good: 'local all all peer map=admins\n', because: 'Without pg_ident.conf nothing is known about its maps.' },
    { good: 'local all all peer map=admins\n', files: { 'pg_ident.conf': 'include_dir maps.d\n' }, version: 18, because: 'The map may be in another file.' },
    { good: 'local all all peer map=admins\n', files: { 'pg_ident.conf': 'admins {{ admin }} postgres\n' } },
    { good: 'local all all peer\nlocal all app peer map=admins\n', files: { 'pg_ident.conf': '' }, because: 'The second record is never reached.' },
  ],
  *check(facts) {
    const maps = facts.cluster.ident && mapNames(facts.cluster.ident);
    if (!maps) return;
    for (const record of facts.records) {
      const option = optionOf(record, 'map');
      if (!option?.value || maps.has(option.value) || !admits(record) || !isReachable(facts, record)) continue;
      const near = likelyWord(option.value, [...maps].filter((map) => /^[\w-]+$/.test(map)));
      yield {
        at: option.valueSpan,
        message: `Nobody can log in by this record: pg_ident.conf has no map ${shown(option.value)}`,
        ...(near !== undefined && { fixes: [replace(`Use the map ${near}`, option.token.span, `map=${near}`)] }),
      };
    }
  },
});

import { admits } from '../../facts/access.ts';
import { replace } from '../../facts/hba/access-fixes.ts';
import { keywordsInCapitals } from '../../facts/hba/keywords.ts';
import { shown } from '../../syntax/hba-words.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'hba',
  severity: 'medium',
  title: 'A keyword in capitals is only a name',
  why: `Keywords are written in small letters. \`ALL\` is a database, a role or a host of that name, and so is \`*\`; there is none, so the
record never matches. A reject written like this keeps nobody out.`,
  fixing: `Writes the keyword. The record comes into force with it and takes connections that later records have decided about so far,
so read those as well.`,
  cwe: [178],
  references: ['https://www.postgresql.org/docs/current/auth-pg-hba-conf.html'],
  examples: [
    { bad: 'host «ALL» all 10.0.0.0/8 reject\n', fixed: 'host all all 10.0.0.0/8 reject\n' },
    { bad: 'host all «All» «SameNet» scram-sha-256\n', fixed: 'host all all samenet scram-sha-256\n' },
    { bad: 'host all all «*» scram-sha-256\n', fixed: 'host all all all scram-sha-256\n' },
    { bad: 'host «Replication» standby 10.0.0.5/32 scram-sha-256\n', fixed: 'host replication standby 10.0.0.5/32 scram-sha-256\n' },
    { good: 'host all all samenet scram-sha-256\nhost replication all all reject\n' },
    { good: 'host "ALL" all 10.0.0.0/8 reject\n', because: 'In quotes it is meant to be a name.' },
    { good: 'host Allegro Sameuser 10.0.0.0/8 scram-sha-256\n', because: 'For a role only all is a keyword.' },
    { good: 'host all all all reject\nhost ALL all 10.0.0.0/8 md5\n', because: 'The second record is never reached.' },
  ],
  *check(facts) {
    for (const { record, column, token, keyword } of keywordsInCapitals(facts)) {
      yield {
        at: token.span,
        message: `${shown(token.text)} is the name of a ${column} here, not the keyword: it ${admits(record) ? 'lets nobody in' : 'keeps nobody out'}`,
        fixes: [replace(`Write ${keyword}`, token.span, keyword)],
      };
    }
  },
});

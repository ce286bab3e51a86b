import { isReachable } from '../../facts/access.ts';
import { unusualRecords } from '../../facts/hba/keywords.ts';
import { shown } from '../../syntax/hba-words.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'hba',
  severity: 'medium',
  title: 'This version of PostgreSQL takes a regular expression for a name',
  why: `Regular expressions for databases and roles are read from PostgreSQL 16 on. Before that the word with its slash is a name that
nobody has: the record never matches, and a reject written like this keeps nobody out.`,
  cwe: [670],
  references: ['https://www.postgresql.org/docs/current/auth-pg-hba-conf.html', 'https://www.postgresql.org/docs/release/16.0/'],
  examples: [
    { bad: 'host all «/^evil» all reject\n', version: 15, good: 'host all evil1,evil2 all reject\n' },
    { bad: 'host «"/^app\\d+$"» app,«/^web» samenet md5\n', version: 13 },
    { good: 'host all /^evil.*$ all reject\n', version: 16 },
    { good: 'host all a/b all reject\nhost all all 10.0.0.0/8 md5\n', version: 15, because: 'Only a slash at the beginning makes a regular expression.' },
    { good: 'host all all all reject\nhost all /^evil all md5\n', version: 15, because: 'The second record is never reached.' },
  ],
  *check(facts) {
    const { version } = facts.document;
    if (version >= 16) return;
    for (const record of unusualRecords(facts)) {
      if (!isReachable(facts, record)) continue;
      for (const token of [...record.databases, ...record.users]) {
        if (!token.text.startsWith('/')) continue;
        yield { at: token.span, message: `PostgreSQL ${version} takes ${shown(token.text)} for a plain name, so nobody matches it` };
      }
    }
  },
});

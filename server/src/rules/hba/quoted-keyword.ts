import { replace } from '../../facts/hba/access-fixes.ts';
import { keywordsInQuotes } from '../../facts/hba/keywords.ts';
import { shown } from '../../syntax/hba-words.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'hba',
  severity: 'low',
  title: 'Quotes make a keyword a name',
  why: `In double quotes a keyword loses its meaning, and single quotes are part of the name: the record is for a database, a role or
a host that is literally called so. A reject written like this keeps nobody out.`,
  fixing: `Takes the quotes away. The record comes into force with it and takes connections that later records have decided about so
far. If there really is a database or a role of that name, keep the quotes.`,
  cwe: [670],
  references: ['https://www.postgresql.org/docs/current/auth-pg-hba-conf.html'],
  examples: [
    { bad: 'host «"all"» all 10.0.0.0/8 reject\n', fixed: 'host all all 10.0.0.0/8 reject\n' },
    { bad: 'host app «"+admins"» «"samenet"» scram-sha-256\n', fixed: 'host app +admins samenet scram-sha-256\n' },
    { bad: "local «'all'» «'all'» peer\n", fixed: 'local all all peer\n' },
    { good: 'host "app" "web" 10.0.0.0/8 scram-sha-256\nhost all "all_users" 10.0.0.0/8 reject\n', because: 'Names may stand in quotes.' },
    { good: 'host all "replication" 10.0.0.0/8 scram-sha-256\n', because: 'For a role only all is a keyword.' },
    { good: 'host all all all reject\nhost "all" all 10.0.0.0/8 md5\n', because: 'The second record is never reached.' },
  ],
  *check(facts) {
    for (const { column, token, keyword } of keywordsInQuotes(facts)) {
      yield {
        at: token.span,
        message: `In quotes ${shown(keyword)} is the name of a ${column} and loses its special meaning`,
        fixes: [replace(`Write ${keyword} without quotes`, token.span, keyword)],
      };
    }
  },
});

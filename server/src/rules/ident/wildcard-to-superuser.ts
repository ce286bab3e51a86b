import { matchesEverything } from '../../facts/hba/anchors.ts';
import { superusers } from '../../facts/superusers.ts';
import { shown } from '../../syntax/hba-words.ts';
import { defineRule, names } from '../rule.ts';

export default defineRule({
  language: 'ident',
  severity: 'high',
  title: 'Every user is mapped to a superuser',
  why: `Whoever has any account, certificate or ticket that the method accepts is superuser of the database, and runs commands on the
server with COPY … TO PROGRAM. A taken-over web server on the same machine is enough.`,
  cwe: [269],
  references: ['https://www.postgresql.org/docs/current/auth-username-maps.html'],
  options: { superusers: names([...superusers], 'The roles that are superuser.') },
  examples: [
    { bad: 'os «/.*» postgres\n', good: 'os root postgres\n' },
    { bad: 'os «/^.*$» postgres\nos «"/^(.*)$"» "postgres"\n' },
    { bad: 'os «/.+» admin\n', options: { superusers: ['admin'] } },
    { good: 'os /^adm.*$ postgres\nos root postgres\nos /.* web\n' },
    { good: 'os /^(.*)$ \\1\n', because: 'Everybody comes in as the role of the same name.' },
    { good: 'os .* postgres\n', because: 'Without the slash it is a name.' },
  ],
  *check({ records }, options) {
    for (const { systemUser, databaseUser } of records) {
      if (systemUser.kind !== 'regex' || !matchesEverything(systemUser.text.slice(1)) || !options.superusers.includes(databaseUser.text)) continue;
      yield { at: systemUser.span, message: `Whoever gets past the method, under whatever name, may be the superuser ${shown(databaseUser.text)}` };
    }
  },
});

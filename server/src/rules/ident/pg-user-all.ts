import { askFor } from '../../facts/hba/access-fixes.ts';
import { isAnyRole } from '../../facts/hba/maps.ts';
import { shown } from '../../syntax/hba-words.ts';
import type { IdentRecord } from '../../syntax/ident.ts';
import { defineRule, names, type Fix } from '../rule.ts';

export default defineRule({
  language: 'ident',
  severity: 'high',
  since: 16,
  title: 'A mapped user may be any role',
  why: `In the column of the role, all is a keyword from PostgreSQL 16 on: the user may log in as every role, superusers included, and
then runs commands on the server.`,
  fixing: `Writes one role for you to put right. A user who needs several gets an entry for each.`,
  cwe: [269],
  references: ['https://www.postgresql.org/docs/current/auth-username-maps.html'],
  options: { administrators: names(['postgres', 'root'], 'System users who may be any role anyway.') },
  examples: [
    { bad: 'os alice «all»\n', fixed: 'os alice alice\n' },
    { bad: 'krb /^(.*)@EXAMPLE\\.COM$ «all» # everybody\n', fixed: 'krb /^(.*)@EXAMPLE\\.COM$ \\1 # everybody\n' },
    { bad: 'os /^web\\d$ «"/^.*$"»\n', fixed: 'os /^web\\d$ app\n' },
    { bad: 'os postgres «all»\n', fixed: 'os postgres postgres\n', because: 'The owner of the server has all of it in its hands anyway: low.' },
    { good: 'os alice "all"\nos all alice\nall bob bob\n', because: 'Only without quotes, and only in the third column, is it a keyword.' },
    { good: 'os alice +writers\nos alice /^app_.*$\n' },
    { good: 'os alice all\n', version: 15, because: 'Before version 16 it is the name of a role.' },
  ],
  *check({ records }, { administrators }) {
    for (const record of records) {
      const { systemUser, databaseUser } = record;
      if (!isAnyRole(databaseUser)) continue;
      const who = systemUser.kind === 'regex' ? `Everybody whose name matches ${shown(systemUser.text)}` : shown(systemUser.text);
      const known = systemUser.kind === 'name' && administrators.includes(systemUser.text);
      yield {
        at: databaseUser.span,
        message: `${who} may log in as any role, superusers included`,
        ...(known && { severity: 'low' }),
        fixes: [nameRole(record)],
      };
    }
  },
});

function nameRole({ systemUser, databaseUser }: IdentRecord): Fix {
  const role = systemUser.kind === 'name' && /^[a-z_][a-z0-9_]*$/.test(systemUser.text) ? systemUser.text
    : systemUser.kind === 'regex' && /(^|[^\\])\((?!\?)/.test(systemUser.text) ? '\\1' : 'app';
  return { title: 'Name one role', safety: 'review', edits: [askFor(databaseUser.span, role)] };
}

import { replace } from '../../facts/hba/access-fixes.ts';
import { anchored } from '../../facts/hba/anchors.ts';
import { superusers } from '../../facts/superusers.ts';
import { isAnyRole } from '../../facts/hba/maps.ts';
import { textSpan } from '../../facts/hba/words.ts';
import { shown } from '../../syntax/hba-words.ts';
import type { IdentRecord } from '../../syntax/ident.ts';
import { defineRule, names } from '../rule.ts';

export default defineRule({
  language: 'ident',
  severity: 'medium',
  title: 'A regular expression is content with a part of the user name',
  why: `Without ^ and $ the expression matches anywhere in a name: \`/@example\\.com\` also matches eve@example.com.attacker.org. Whoever
can get an account or a certificate with such a name comes in.`,
  fixing: `Makes the expression match whole names only. Look in the log (connection authorized, authenticated as) for names that came in
by a part of them before.`,
  cwe: [777],
  references: [
    'https://www.postgresql.org/docs/current/auth-username-maps.html',
    'https://www.postgresql.org/docs/current/functions-matching.html#FUNCTIONS-POSIX-REGEXP',
  ],
  options: { superusers: names([...superusers], 'The roles that are superuser.') },
  examples: [
    { bad: 'krb «/^web\\d+@EXAMPLE\\.COM» web\n', fixed: 'krb /^web\\d+@EXAMPLE\\.COM$ web\n' },
    { bad: 'krb «"/^(.*)@example\\.com"» \\1\n', fixed: 'krb "/^(.*)@example\\.com$" \\1\n', because: 'The attacker chooses the role with the name: high.' },
    {
      bad: 'os «/adm|root» postgres\n', fixed: 'os /^(?:adm|root)$ postgres\n',
      because: 'Both ends of both sides are open: high, since it leads to a superuser.',
    },
    { good: 'krb /^(.*)@EXAMPLE\\.COM$ \\1\nos /^(adm|root)$ postgres\nos adm postgres\n' },
    { good: 'os /.* web\nkrb /^web.* web\n', because: 'These say themselves that anything may stand there.' },
    { good: 'krb /web@{{ realm }} web\n', because: 'What a template puts here is not known.' },
  ],
  *check({ document, records }, options) {
    for (const record of records) {
      const { systemUser } = record;
      const whole = systemUser.kind === 'regex' ? anchored(systemUser.text.slice(1)) : undefined;
      if (whole === undefined) continue;
      const span = textSpan(document.text, systemUser);
      yield {
        at: systemUser.span,
        message: `A user whose name only contains a match of ${shown(systemUser.text)} comes in too`,
        ...(isPowerful(record, options.superusers) && { severity: 'high' }),
        ...(span && { fixes: [replace('Match whole names only', span, `/${whole}`)] }),
      };
    }
  },
});

function isPowerful({ databaseUser }: IdentRecord, powerful: readonly string[]): boolean {
  return databaseUser.text.includes('\\1') || isAnyRole(databaseUser) || powerful.includes(databaseUser.text);
}

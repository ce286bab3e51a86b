import { openDots } from '../../facts/hba/anchors.ts';
import { textSpan } from '../../facts/hba/words.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'ident',
  severity: 'low',
  title: 'A dot in a domain name matches any character',
  why: `In a regular expression a dot stands for any character: \`@mail.example.com\` also matches @mail-example.com, a domain that
anybody may register.`,
  fixing: 'Writes the dots of the domain as dots. Names that came in with another character in their place no longer do.',
  cwe: [625],
  references: ['https://www.postgresql.org/docs/current/auth-username-maps.html'],
  examples: [
    { bad: 'krb /^(.*)@«mail.example.com»$ \\1\n', fixed: 'krb /^(.*)@mail\\.example\\.com$ \\1\n' },
    { bad: 'krb "/^(\\w+)@«EXAMPLE.COM»$" web\n', fixed: 'krb "/^(\\w+)@EXAMPLE\\.COM$" web\n' },
    { good: 'krb /^(.*)@EXAMPLE\\.COM$ \\1\nkrb web@EXAMPLE.COM web\n' },
    {
      good: 'krb /^(.*)@.*$ \\1\nkrb /^(.*)@[a-z.]+\\.example\\.com$ \\1\nkrb /^.+@.+$ web\n',
      because: 'A dot that repeats, or stands in brackets, is meant as it is.',
    },
    { good: 'os /^first.last$ web\n', because: 'There is no domain in it.' },
  ],
  *check({ document, records }) {
    for (const { systemUser } of records) {
      const span = textSpan(document.text, systemUser);
      const found = systemUser.kind === 'regex' && span ? openDots(systemUser.text) : undefined;
      if (!found || !span) continue;
      yield {
        at: { start: span.start + found.domain.start, end: span.start + found.domain.end },
        message: 'Users of a look-alike domain come in too: an unescaped dot matches any character',
        fixes: [{
          title: 'Match a dot only (\\.)', safety: 'review',
          edits: found.dots.map((dot) => ({ span: { start: span.start + dot, end: span.start + dot }, text: '\\' })),
        }],
      };
    }
  },
});

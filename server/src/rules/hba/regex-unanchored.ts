import { admits, isReachable } from '../../facts/access.ts';
import { anchored, spelledOut } from '../../facts/hba/anchors.ts';
import { unusualRecords } from '../../facts/hba/keywords.ts';
import { textSpan } from '../../facts/hba/words.ts';
import { shown } from '../../syntax/hba-words.ts';
import type { HbaToken } from '../../syntax/hba.ts';
import { defineRule, type Fix } from '../rule.ts';

export default defineRule({
  language: 'hba',
  severity: 'medium',
  since: 16,
  title: 'A regular expression is content with a part of the name',
  why: `Without ^ and $ a regular expression matches anywhere in a name: \`/admin\` is also for the role noadmin2. Whoever may create
a role or a database chooses a name that fits.`,
  fixing: `Makes the expression match whole names only. Look through pg_roles or pg_database for names that came in by a part of them
before. The alternative keeps the meaning and says it.`,
  cwe: [777],
  references: [
    'https://www.postgresql.org/docs/current/auth-pg-hba-conf.html',
    'https://www.postgresql.org/docs/current/functions-matching.html#FUNCTIONS-POSIX-REGEXP',
  ],
  examples: [
    { bad: 'host all «/admin» 10.0.0.0/8 scram-sha-256\n', fixed: 'host all /^admin$ 10.0.0.0/8 scram-sha-256\n' },
    { bad: 'local «"/^app\\d+"» all peer\n', fixed: 'local "/^app\\d+$" all peer\n' },
    {
      bad: 'local all «/^web|api$» peer\n', fixed: 'local all /^(?:^web|api$)$ peer\n',
      because: 'Each side of the bar stands for itself: ^ holds for the first only.',
    },
    { good: 'local all /^admin$ peer\nlocal "/^(web|api)\\d?$" all peer\nlocal all /^web$|^api$ peer\n' },
    {
      good: 'local all /^app_ peer\nlocal all /^app.* peer\n',
      because: 'A prefix that ends in a separator, or says itself that anything may follow, is meant so.',
    },
    {
      good: 'host all /evil 10.0.0.0/8 reject\nhost all /evil 10.0.0.0/8 md5\n',
      because: 'To keep out too many is no hole, and the second record is never reached.',
    },
    { good: 'host all /admin 10.0.0.0/8 md5\n', version: 15, because: 'Before version 16 it is a name; that is hba/regex-unsupported.' },
  ],
  *check(facts) {
    for (const record of unusualRecords(facts)) {
      if (!admits(record) || !isReachable(facts, record)) continue;
      for (const token of [...record.databases, ...record.users]) {
        const whole = isRegex(token) && !isPrefix(token.text) ? anchored(token.text.slice(1)) : undefined;
        if (whole === undefined) continue;
        yield {
          at: token.span,
          message: `Every ${record.users.includes(token) ? 'role' : 'database'} whose name only contains a match of ${shown(token.text)} comes in too`,
          fixes: fixesOf(facts.document.text, token, whole),
        };
      }
    }
  },
});

function isRegex({ text, file }: HbaToken): boolean {
  return file === undefined && text.startsWith('/');
}

function isPrefix(regex: string): boolean {
  return /^\/\^[\w-]+[_-]$/.test(regex);
}

function fixesOf(text: string, token: HbaToken, whole: string): Fix[] {
  const span = textSpan(text, token);
  if (!span) return [];
  const open = spelledOut(token.text.slice(1));
  return [
    { title: 'Match whole names only', safety: 'review', edits: [{ span, text: `/${whole}` }] },
    ...(open === undefined ? [] : [{ title: 'Say that anything may stand there', safety: 'safe' as const, edits: [{ span, text: `/${open}` }] }]),
  ];
}

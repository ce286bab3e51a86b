import { removeOption, replace } from '../../facts/hba/access-fixes.ts';
import { legacyClientcert } from '../../facts/hba/options.ts';
import { brokenLines } from '../../facts/hba/selections.ts';
import type { HbaToken } from '../../syntax/hba.ts';
import { defineRule, type Fix } from '../rule.ts';

export default defineRule({
  language: 'hba',
  severity: 'high',
  since: 14,
  title: 'The server refuses the whole file because of an old value of clientcert',
  why: `From PostgreSQL 14 on, clientcert is verify-ca or verify-full. With an older value the server does not start, or keeps the old
records on reload; pg_hba_file_rules shows no reason, so the new records seem to be in force.`,
  fixing: `Asks for the certificate of the role, which is more than 1 meant; the alternative is what it meant. The values 0 and no-verify
are what the server does without the option, so it is deleted.`,
  cwe: [16],
  references: ['https://www.postgresql.org/docs/release/14.0/', 'https://www.postgresql.org/docs/current/ssl-tcp.html#SSL-CLIENT-CERTIFICATES'],
  examples: [
    { bad: 'hostssl all all 10.0.0.0/8 scram-sha-256 «clientcert=1»\n', fixed: 'hostssl all all 10.0.0.0/8 scram-sha-256 clientcert=verify-full\n' },
    { bad: 'hostssl all all 10.0.0.0/8 scram-sha-256 «clientcert=0» # none\n', fixed: 'hostssl all all 10.0.0.0/8 scram-sha-256 # none\n' },
    { bad: 'hostssl all all 10.0.0.0/8 md5 «clientcert=no-verify»\n', fixed: 'hostssl all all 10.0.0.0/8 md5\n', version: 14 },
    { good: 'hostssl all all 10.0.0.0/8 scram-sha-256 clientcert=verify-full\nhostssl all all samenet md5 clientcert=verify-ca\n' },
    { good: 'hostssl all all 10.0.0.0/8 scram-sha-256 clientcert=1\n', version: 13, because: 'Version 13 takes it as verify-ca.' },
    { good: 'hostssl all all 10.0.0.0/8 scram-sha-256 clientcert=full\n', because: 'This was never a value; that is hba/bad-record.' },
  ],
  *check(facts) {
    for (const line of brokenLines(facts)) {
      const legacy = legacyClientcert(line);
      if (!legacy) continue;
      const { token, value } = legacy;
      yield {
        at: token.span,
        message: `The server refuses the whole file: clientcert=${value} is gone since PostgreSQL 14`,
        fixes: value === '1' ? [write(token, 'verify-full', 'the certificate of the role'), write(token, 'verify-ca', 'any certificate of the CA')]
          : [{ title: 'Delete the option', safety: 'review', edits: [removeOption(line, token)] }],
      };
    }
  },
});

function write({ span }: HbaToken, value: string, meaning: string): Fix {
  return replace(`Require ${meaning} (${value})`, span, `clientcert=${value}`);
}

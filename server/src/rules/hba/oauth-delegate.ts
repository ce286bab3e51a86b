import { isReachable } from '../../facts/access.ts';
import { replace } from '../../facts/hba/access-fixes.ts';
import { optionOf, switchState } from '../../facts/hba/options.ts';
import { recordsWithOptions } from '../../facts/hba/selections.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'hba',
  severity: 'medium',
  since: 18,
  title: 'The OAuth validator alone decides who is which role',
  why: `With delegate_ident_mapping the server no longer compares the user of the token with the role that is asked for. A validator that
only checks whether a token is valid lets every user in as every role, superusers included.`,
  fixing: `Makes the server compare the two. Where they differ, add a map (map=) to pg_ident.conf first, or those users cannot log in.`,
  cwe: [863],
  references: ['https://www.postgresql.org/docs/current/auth-oauth.html', 'https://www.postgresql.org/docs/current/oauth-validators.html'],
  examples: [
    {
      bad: 'hostssl all all 10.0.0.0/8 oauth issuer=https://id.example.com scope=openid delegate_ident_mapping=«1»\n',
      fixed: 'hostssl all all 10.0.0.0/8 oauth issuer=https://id.example.com scope=openid delegate_ident_mapping=0\n',
    },
    {
      good: 'hostssl all all 10.0.0.0/8 oauth issuer=https://id.example.com scope=openid delegate_ident_mapping=0\nhostssl all all samenet oauth issuer=https://id.example.com scope=openid map=id\n',
    },
    {
      good: 'hostssl all all all reject\nhostssl all all 10.0.0.0/8 oauth issuer=https://id.example.com scope=openid delegate_ident_mapping=1\n',
      because: 'The second record is never reached.',
    },
  ],
  *check(facts) {
    for (const record of recordsWithOptions(facts)) {
      const option = optionOf(record, 'delegate_ident_mapping');
      if (!option || switchState(option) !== 'on' || !isReachable(facts, record)) continue;
      yield {
        at: option.valueSpan,
        message: 'The server does not check that a token belongs to the role; the validator alone decides',
        fixes: [replace('Let the server compare user and role', option.token.span, 'delegate_ident_mapping=0')],
      };
    }
  },
});

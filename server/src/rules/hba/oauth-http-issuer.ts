import { isReachable } from '../../facts/access.ts';
import { replace } from '../../facts/hba/access-fixes.ts';
import { optionOf } from '../../facts/hba/options.ts';
import { recordsOf } from '../../facts/hba/selections.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'hba',
  severity: 'high',
  since: 18,
  title: 'OAuth tokens are fetched over an unencrypted connection',
  why: `Clients learn from the issuer where to send their credentials and their tokens. Over http whoever sits in between answers in its
place, and logs in with what the clients send.`,
  fixing: `Writes the address with https. The issuer must be reachable like that and call itself so: clients compare the two to the
letter, and the validator must know the new one.`,
  cwe: [319],
  references: ['https://www.postgresql.org/docs/current/auth-oauth.html', 'https://www.rfc-editor.org/rfc/rfc8414#section-2'],
  examples: [
    {
      bad: 'hostssl all all 10.0.0.0/8 oauth issuer=«http»://id.example.com scope=openid\n',
      fixed: 'hostssl all all 10.0.0.0/8 oauth issuer=https://id.example.com scope=openid\n',
    },
    {
      bad: 'local all all oauth issuer="«HTTP»://id.example.com/a" scope="openid email"\n',
      fixed: 'local all all oauth issuer="https://id.example.com/a" scope="openid email"\n',
    },
    { good: 'hostssl all all 10.0.0.0/8 oauth issuer=https://id.example.com scope=openid\n' },
    {
      good: 'hostssl all all all reject\nhostssl all all 10.0.0.0/8 oauth issuer=http://id.example.com scope=openid\n',
      because: 'The second record is never reached.',
    },
  ],
  *check(facts) {
    for (const record of recordsOf(facts, 'oauth')) {
      const issuer = optionOf(record, 'issuer');
      if (!issuer || !/^http:/i.test(issuer.value ?? '') || !isReachable(facts, record)) continue;
      const offset = facts.document.text.slice(issuer.token.span.start, issuer.token.span.end).search(/http:/i);
      const at = { start: issuer.token.span.start + offset, end: issuer.token.span.start + offset + 'http'.length };
      yield {
        at, message: 'Whoever sits between a client and this issuer collects its token and logs in with it',
        fixes: [replace('Write https', at, 'https')],
      };
    }
  },
});

import { admits, isReachable } from '../../facts/access.ts';
import { replace } from '../../facts/hba/access-fixes.ts';
import { optionOf, switchState } from '../../facts/hba/options.ts';
import { recordsWithOptions } from '../../facts/hba/selections.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'hba',
  severity: 'medium',
  title: 'Users of other Kerberos realms pass for those of this one',
  why: `Without the realm, postgres@PARTNER.ORG and postgres@EXAMPLE.COM are one user. Whoever administers a realm that is trusted
creates a principal with the name of your superuser.`,
  fixing: `Keeps the realm in the name, so roles no longer match directly: add a map (map=) with \`/^(.*)@EXAMPLE\\.COM$ \\1\` to
pg_ident.conf first. With one realm, krb_realm=EXAMPLE.COM is enough.`,
  cwe: [287],
  references: ['https://www.postgresql.org/docs/current/gssapi-auth.html', 'https://www.postgresql.org/docs/current/sspi-auth.html'],
  examples: [
    { bad: 'host all all 10.0.0.0/8 gss include_realm=«0»\n', fixed: 'host all all 10.0.0.0/8 gss include_realm=1\n' },
    {
      bad: 'host all all 10.0.0.0/8 gss include_realm=«0» map=krb\n', fixed: 'host all all 10.0.0.0/8 gss include_realm=1 map=krb\n',
      because: 'The map decides who comes in, though without the realm: low.',
    },
    { good: 'host all all 10.0.0.0/8 gss include_realm=0 krb_realm=EXAMPLE.COM\n', because: 'No other realm comes in.' },
    { good: 'host all all 10.0.0.0/8 gss\nhost all all samenet gss include_realm=1\n', because: 'The realm is kept by default.' },
    { good: 'host all all 10.0.0.0/8 gss include_realm=yes\n', because: 'That is hba/option-not-one.' },
    { good: 'host all all all reject\nhost all all 10.0.0.0/8 gss include_realm=0\n', because: 'The second record is never reached.' },
  ],
  *check(facts) {
    for (const record of recordsWithOptions(facts)) {
      const option = optionOf(record, 'include_realm');
      if (!option || switchState(option) !== 'off' || optionOf(record, 'krb_realm') || !admits(record) || !isReachable(facts, record)) continue;
      yield {
        at: option.valueSpan,
        message: 'Users of every trusted Kerberos realm pass for the role of the same name',
        ...(optionOf(record, 'map') && { severity: 'low' }),
        fixes: [replace('Keep the realm (include_realm=1, needs a map)', option.token.span, 'include_realm=1')],
      };
    }
  },
});

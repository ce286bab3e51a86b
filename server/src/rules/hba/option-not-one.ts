import { admits, isReachable } from '../../facts/access.ts';
import { optionOf, switches, switchState } from '../../facts/hba/options.ts';
import { recordsWithOptions } from '../../facts/hba/selections.ts';
import { shown } from '../../syntax/hba-words.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'hba',
  severity: 'medium',
  title: 'An option is off because only 1 switches it on',
  why: `These options know no yes, on or true: every value but 1 means off, and the server does not say so. With \`ldaptls=yes\` every
password goes to the directory in clear text.`,
  fixing: `Writes 1, which is what the value was meant to say; the option takes effect for the first time then. The alternative writes
what the server does now.`,
  cwe: [1188, 319],
  references: ['https://www.postgresql.org/docs/current/auth-ldap.html', 'https://www.postgresql.org/docs/current/gssapi-auth.html'],
  examples: [
    {
      bad: 'hostssl all all 10.0.0.0/8 ldap ldapserver=ldap.example.com ldapprefix="uid=" ldaptls=«yes»\n',
      fixed: 'hostssl all all 10.0.0.0/8 ldap ldapserver=ldap.example.com ldapprefix="uid=" ldaptls=1\n',
      because: 'High: the passwords are sent in clear text.',
    },
    {
      bad: 'host all all 10.0.0.0/8 gss include_realm=«on» krb_realm=EXAMPLE.COM\n',
      fixed: 'host all all 10.0.0.0/8 gss include_realm=1 krb_realm=EXAMPLE.COM\n',
    },
    { bad: 'host all all 10.0.0.0/8 pam "pam_use_hostname=«true»"\n', fixed: 'host all all 10.0.0.0/8 pam "pam_use_hostname=1"\n' },
    { good: 'host all all 10.0.0.0/8 gss include_realm=1\nhost all all samenet pam pam_use_hostname=0\n' },
    { good: 'host all all 10.0.0.0/8 pam pam_use_hostname=off\n', because: 'Off is what the server reads.' },
    { good: 'host all all 10.0.0.0/8 pam pam_use_hostname=yes pam_use_hostname=1\n', because: 'Of two the last one counts.' },
    { good: 'host all all all reject\nhost all all 10.0.0.0/8 pam pam_use_hostname=yes\n', because: 'The second record is never reached.' },
  ],
  *check(facts) {
    for (const record of recordsWithOptions(facts)) {
      if (!admits(record) || !isReachable(facts, record)) continue;
      for (const name of switches) {
        const option = optionOf(record, name);
        if (!option || switchState(option) !== 'mistaken') continue;
        const write = (value: '0' | '1') => [{ span: option.valueSpan, text: option.valueSpan === option.token.span ? `${name}=${value}` : value }];
        yield {
          at: option.valueSpan,
          message: `${name === 'ldaptls' ? 'Passwords go to LDAP in clear text' : `${name} is off`}: ${shown(option.value ?? '')} means off, only 1 is on`,
          ...(name === 'ldaptls' && { severity: 'high' }),
          fixes: [
            { title: `Switch it on (${name}=1)`, safety: 'review', edits: write('1') },
            { title: `Leave it off and say so (${name}=0)`, safety: 'safe', edits: write('0') },
          ],
        };
      }
    }
  },
});

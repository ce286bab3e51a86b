import { replaceValue } from '../../facts/conf/conf-repairs.ts';
import { numberHere } from '../../facts/conf/settings.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'conf',
  severity: 'low',
  title: 'Clients may take very long to log in',
  why: `Whoever connects and then says nothing holds a connection for this long, without a password. A few hundred such clients are enough to
keep everybody else out, and one can wait in the middle of a password exchange for as long.`,
  fixing: 'The fix goes back to a minute, the default. Look before whether a slow method, such as LDAP over a long line, needs more.',
  cwe: [400, 307],
  references: ['https://www.postgresql.org/docs/current/runtime-config-connection.html#GUC-AUTHENTICATION-TIMEOUT'],
  examples: [
    { bad: 'authentication_timeout = «5min»  # slow LDAP\n', fixed: 'authentication_timeout = 60s  # slow LDAP\n' },
    { bad: "authentication_timeout = «'600'»\n", fixed: "authentication_timeout = '60s'\n", because: 'A bare number is in seconds.' },
    { good: 'authentication_timeout = 1min\n', because: 'The default.' },
    { good: 'authentication_timeout = 60000ms\n', because: 'The same.' },
    { good: 'authentication_timeout = 5min\nauthentication_timeout = 30\n', because: 'The last setting wins.' },
    { good: 'authentication_timeout = 1h\n', because: 'The server refuses more than ten minutes; conf/bad-value tells about that.' },
  ],
  *check(facts) {
    const found = numberHere(facts, 'authentication_timeout');
    if (found === undefined || found.number <= 60 || found.number > 600) return;
    yield {
      at: found.setting.value.span,
      message: `Anybody can hold a connection for ${found.number} seconds without a password, and keep others out`,
      fixes: [{ title: 'Give up after 60 seconds', safety: 'review', edits: [replaceValue(found.setting.value, '60s')] }],
    };
  },
});

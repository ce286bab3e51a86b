import { replaceValue } from '../../facts/conf/conf-repairs.ts';
import { flagHere } from '../../facts/conf/settings.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'conf',
  severity: 'low',
  title: 'Kerberos names are compared without regard to case',
  why: `Kerberos tells Alice from alice: they may be two people. With krb_caseins_users both log in as the same role by GSSAPI and SSPI, so
whoever can register a name that differs only in case gets the rights of the other one.`,
  fixing: `The fix compares names as they are, the default. Principals that are written differently from their role, as those of Active
Directory often are, cannot log in afterwards; give them a line in pg_ident.conf.`,
  cwe: [178],
  references: [
    'https://www.postgresql.org/docs/current/runtime-config-connection.html#GUC-KRB-CASEINS-USERS',
    'https://www.postgresql.org/docs/current/gssapi-auth.html',
  ],
  examples: [
    { bad: 'krb_caseins_users = «on»  # AD\n', fixed: 'krb_caseins_users = off  # AD\n' },
    { bad: "krb_caseins_users = «'Yes'»\n", fixed: "krb_caseins_users = 'off'\n" },
    { good: 'krb_caseins_users = off\n', because: 'The default.' },
    { good: 'krb_caseins_users = on\nkrb_caseins_users = 0\n', because: 'The last setting wins.' },
  ],
  *check(facts) {
    const setting = flagHere(facts, 'krb_caseins_users', true);
    if (setting === undefined) return;
    yield {
      at: setting.value.span,
      message: 'The Kerberos users Alice and alice, who may be two people, log in as the same role',
      fixes: [{ title: 'Compare names as they are written', safety: 'review', edits: [replaceValue(setting.value, 'off')] }],
    };
  },
});

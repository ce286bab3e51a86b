import { isPlaceholder, optionOf } from '../../facts/hba/options.ts';
import { recordsWithOptions } from '../../facts/hba/selections.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'hba',
  severity: 'medium',
  title: 'The password for the LDAP directory stands in the file',
  why: `pg_hba.conf is copied into backups, tickets and repositories, and every superuser reads it with pg_hba_file_rules. Whoever
finds the password asks the directory in the name of this server.`,
  cwe: [260, 798],
  references: ['https://www.postgresql.org/docs/current/auth-ldap.html'],
  examples: [
    {
      bad: 'hostssl all all 10.0.0.0/8 ldap ldapserver=l.example.com ldapbasedn="dc=example" ldapbinddn="cn=pg" ldapbindpasswd=«hunter2» ldaptls=1\n',
      good: 'hostssl all all 10.0.0.0/8 ldap ldapserver=l.example.com ldapprefix="cn=" ldapsuffix=",dc=example" ldaptls=1\n',
      because: 'With a prefix and a suffix users bind as themselves, and no password is needed.',
    },
    { bad: 'local all all ldap ldapserver=l.example.com ldapbasedn="dc=example" "ldapbindpasswd=«not so secret»" ldaptls=1\n' },
    { good: 'local all all ldap ldapserver=l.example.com ldapbasedn="dc=example" ldaptls=1\n', because: 'A directory that can be asked without a password.' },
    {
      good: 'local all all ldap ldapserver=l.example.com ldapbasedn="dc=example" ldapbindpasswd=<password> ldaptls=1\n',
      because: 'Something is still to be written here.',
    },
    { good: 'local all all ldap ldapserver=l.example.com ldapbasedn="dc=example" ldapbindpasswd={{ ldap_password }} ldaptls=1\n' },
  ],
  *check(facts) {
    for (const record of recordsWithOptions(facts)) {
      const option = optionOf(record, 'ldapbindpasswd');
      if (!option?.value || isPlaceholder(option.value)) continue;
      yield { at: option.valueSpan, message: 'Whoever reads this file, its backups or its repository has a password of the directory' };
    }
  },
});

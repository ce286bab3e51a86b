import { settingHere } from '../../facts/conf/settings.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'conf',
  severity: 'low',
  title: "Server uses the machine's own Kerberos keys",
  why: `/etc/krb5.keytab holds the keys of the whole machine, those of SSH logins among them, and normally only root reads it. When postgres can
read it, whoever takes over the database server can pose as the machine and as all its other services.`,
  cwe: [250],
  references: [
    'https://www.postgresql.org/docs/current/gssapi-auth.html',
    'https://www.postgresql.org/docs/current/runtime-config-connection.html#GUC-KRB-SERVER-KEYFILE',
  ],
  examples: [
    { bad: "krb_server_keyfile = «'/etc/krb5.keytab'»\n", good: "krb_server_keyfile = 'FILE:/etc/postgresql/krb5.keytab'\n" },
    { bad: "krb_server_keyfile = «'FILE:/etc/krb5.keytab'»  # shared\n" },
    { good: "krb_server_keyfile = ''\n", because: 'What the library takes then is not known from here.' },
    { good: "krb_server_keyfile = '/usr/local/pgsql/etc/krb5.keytab'\n", because: 'A keytab of its own.' },
  ],
  *check(facts) {
    const setting = settingHere(facts, 'krb_server_keyfile');
    if (setting === undefined || !/^(FILE:|WRFILE:)?\/etc\/krb5\.keytab$/.test(setting.value.text)) return;
    yield { at: setting.value.span, message: 'Whoever takes over the database server can pose as every service of this machine' };
  },
});

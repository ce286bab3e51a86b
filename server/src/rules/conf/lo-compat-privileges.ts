import { replaceValue } from '../../facts/conf/conf-repairs.ts';
import { flagHere } from '../../facts/conf/settings.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'conf',
  severity: 'medium',
  title: 'Privileges on large objects are not checked',
  why: `With this setting the server behaves as before 9.0, when large objects had no privileges: any role that can log in reads and
overwrites every large object of the database, whoever owns it.`,
  fixing: `The fix sets lo_compat_privileges to off. Roles that work with large objects of others then need GRANT … ON LARGE OBJECT; see who
owns what in pg_largeobject_metadata first.`,
  cwe: [862],
  references: ['https://www.postgresql.org/docs/current/runtime-config-compatible.html#GUC-LO-COMPAT-PRIVILEGES'],
  examples: [
    { bad: 'lo_compat_privileges = «on»\n', fixed: 'lo_compat_privileges = off\n' },
    { bad: "lo_compat_privileges «'YES'» # old application\n", fixed: "lo_compat_privileges 'off' # old application\n" },
    { good: 'lo_compat_privileges = off\n', because: 'This is the default.' },
    { good: 'lo_compat_privileges = on\nlo_compat_privileges = no\n', because: 'The last setting wins.' },
    { good: 'lo_compat_privileges = ${LO_COMPAT}\n', because: 'What a template becomes is not known.' },
  ],
  *check(facts) {
    const setting = flagHere(facts, 'lo_compat_privileges', true);
    if (setting === undefined) return;
    yield {
      at: setting.value.span,
      message: 'Any role can read and overwrite every large object of its database, whoever owns it',
      fixes: [{ title: 'Check privileges on large objects', safety: 'review', edits: [replaceValue(setting.value, 'off')] }],
    };
  },
});

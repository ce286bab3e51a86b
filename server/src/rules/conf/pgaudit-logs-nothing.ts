import { insertLineBelow, replaceValue } from '../../facts/conf/conf-repairs.ts';
import { preloads } from '../../facts/conf/libraries.ts';
import { isKnown, settingHere } from '../../facts/conf/settings.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'conf',
  severity: 'medium',
  title: 'Audit extension is loaded and logs nothing',
  why: `pgaudit logs nothing until pgaudit.log names the classes of statements that it shall log. Whoever relies on the audit log finds out
after an incident that there is none.`,
  fixing: `The fix logs changes of definitions, of roles and grants, and of data. The last may be much; leave out write where the log has no room
for it. Roles and databases with a pgaudit.log of their own (ALTER ROLE … SET) keep it.`,
  cwe: [778],
  references: ['https://github.com/pgaudit/pgaudit/blob/main/README.md'],
  examples: [
    { bad: "shared_preload_libraries = 'pgaudit'\npgaudit.log = «'none'»\n", fixed: "shared_preload_libraries = 'pgaudit'\npgaudit.log = 'ddl, role, write'\n" },
    {
      bad: "shared_preload_libraries = «'pg_stat_statements,pgaudit'»\nport = 5432\n",
      fixed: "shared_preload_libraries = 'pg_stat_statements,pgaudit'\npgaudit.log = 'ddl, role, write'\nport = 5432\n",
      because: 'A role or a database may have a setting of its own, so it counts less.',
    },
    { good: "shared_preload_libraries = 'pgaudit'\npgaudit.log = 'ddl'\nport = 5432\n" },
    { good: "shared_preload_libraries = 'pgaudit'\npgaudit.role = 'auditor'\nport = 5432\n", because: 'What is granted to that role is logged.' },
    { good: "shared_preload_libraries = 'pg_stat_statements'\npgaudit.log = 'none'\nport = 5432\n", because: 'pgaudit is not loaded.' },
    { good: "shared_preload_libraries = 'pgaudit'\n", path: 'conf.d/libraries.conf', because: 'Another file may set pgaudit.log.' },
  ],
  *check(facts) {
    if (preloads(facts, 'pgaudit') !== true || !isKnown(facts, 'pgaudit.log') || facts.settings.get('pgaudit.role') !== undefined) return;

    const classes = facts.settings.get('pgaudit.log');
    const setting = settingHere(facts, classes ? 'pgaudit.log' : 'shared_preload_libraries');
    if (setting === undefined || !/^\s*(none)?\s*$/i.test(classes?.setting.value.text ?? '')) return;
    const edit = classes ? replaceValue(setting.value, 'ddl, role, write') : insertLineBelow(facts.document, setting.span, "pgaudit.log = 'ddl, role, write'");
    yield {
      at: setting.value.span,
      message: classes
        ? 'There is no audit log: pgaudit is loaded and told to log nothing'
        : 'There is no audit log but for roles with a setting of their own: pgaudit.log is not set',
      ...(!classes && { severity: 'low' as const }),
      fixes: [{ title: 'Log changes of definitions, roles, grants and data', safety: 'review', edits: [edit] }],
    };
  },
});

import { replaceValue } from '../../facts/conf/conf-repairs.ts';
import { flagHere } from '../../facts/conf/settings.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'conf',
  severity: 'info',
  title: 'Queries fail where row security would filter',
  why: `The setting opens no hole: a query that a policy would filter fails instead. But applications break on every table with policies,
and the usual way out, BYPASSRLS or a superuser for the application, does open one. The setting is meant for dumps.`,
  fixing: `The fix sets row_security to on, the default: queries return the rows that policies let through. Set it to off in the session that
makes a dump, as pg_dump does by itself.`,
  cwe: [1188],
  references: [
    'https://www.postgresql.org/docs/current/runtime-config-client.html#GUC-ROW-SECURITY',
    'https://www.postgresql.org/docs/current/ddl-rowsecurity.html',
  ],
  examples: [
    { bad: 'row_security = «off»\n', fixed: 'row_security = on\n' },
    { bad: "row_security «'false'» # dumps\n", fixed: "row_security 'on' # dumps\n" },
    { good: 'row_security = on\n' },
    { good: 'row_security = off\nrow_security = yes\n', because: 'The last setting wins.' },
    { good: "row_security = {{ 'on' if rls else 'off' }}\n", because: 'What a template becomes is not known.' },
  ],
  *check(facts) {
    const setting = flagHere(facts, 'row_security', false);
    if (setting === undefined) return;
    yield {
      at: setting.value.span,
      message: 'Queries on tables with policies fail instead of returning the rows that the policies let through',
      fixes: [{ title: 'Turn on row_security', safety: 'review', edits: [replaceValue(setting.value, 'on')] }],
    };
  },
});

import { replaceValue } from '../../facts/conf/conf-repairs.ts';
import { changedDeveloperOptions } from '../../facts/conf/developer-options.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'conf',
  severity: 'medium',
  title: 'Option for the development of PostgreSQL itself is in use',
  why: `These options exist to debug the server or to rescue what can be read of a damaged database. Some let superusers change system
catalogues, some go on with damaged data as if nothing had happened, others make the server slow or fill its log.`,
  fixing: `The fix writes the default. Take a copy of the data directory first when the option was set to rescue a damaged database, and dump
and restore what was rescued.`,
  cwe: [489, 1188],
  references: ['https://www.postgresql.org/docs/current/runtime-config-developer.html'],
  examples: [
    { bad: 'allow_system_table_mods = «on»  # upgrade\n', fixed: 'allow_system_table_mods = off  # upgrade\n' },
    { bad: "zero_damaged_pages = «'true'»\nignore_checksum_failure = «1»\n", fixed: "zero_damaged_pages = 'off'\nignore_checksum_failure = off\n" },
    { bad: 'post_auth_delay = «2min»\nwal_consistency_checking = «all»\n', fixed: "post_auth_delay = 0\nwal_consistency_checking = ''\n" },
    { bad: 'jit_tuple_deforming = «off»\n', fixed: 'jit_tuple_deforming = on\n', because: 'Meant for testing, but it harms nobody: information.' },
    { good: 'allow_system_table_mods = off\npre_auth_delay = 0s\njit_expressions = TRUE\n', because: 'These are the defaults.' },
    { good: 'zero_damaged_pages = on\nzero_damaged_pages = off\n', because: 'The last setting wins.' },
    { good: "debug_print_plan = on\nignore_invalid_pages = {{ rescue }}\n", because: 'One is about logging, of the other the value is not known.' },
  ],
  *check(facts) {
    for (const { setting, parameter, consequence, severity } of changedDeveloperOptions(facts)) {
      const value = parameter.default;
      yield {
        at: setting.value.span,
        message: consequence,
        severity: facts.trial ? 'info' : severity,
        fixes: [{ title: `Change to the default (${value === '' ? 'empty' : value})`, safety: 'review', edits: [replaceValue(setting.value, value)] }],
      };
    }
  },
});

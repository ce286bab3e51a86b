import { readBoolean } from '../../catalog/numbers.ts';
import { replaceValue } from '../../facts/conf/conf-repairs.ts';
import { preloads } from '../../facts/conf/libraries.ts';
import { settingHere } from '../../facts/conf/settings.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'conf',
  severity: 'info',
  title: 'Audit log holds the parameters of statements',
  why: `Applications pass passwords, tokens and personal data as parameters, so that they are in no statement text. With this setting they are in
the audit log, which is kept for long and read by many.`,
  fixing: `The fix leaves parameters out. Keep them where an audit demands them, and then guard the log like the tables; pgaudit 16 and newer can
at least leave out long ones (pgaudit.log_parameter_max_size).`,
  cwe: [532],
  references: ['https://github.com/pgaudit/pgaudit/blob/main/README.md'],
  examples: [
    { bad: "shared_preload_libraries = 'pgaudit'\npgaudit.log_parameter = «on»\n", fixed: "shared_preload_libraries = 'pgaudit'\npgaudit.log_parameter = off\n" },
    { bad: "pgaudit.log_parameter = «'yes'»\n", fixed: "pgaudit.log_parameter = 'off'\n", path: 'conf.d/audit.conf' },
    { good: 'pgaudit.log_parameter = off\n' },
    { good: 'pgaudit.log_parameter = on\nport = 5432\n', because: 'Nothing loads pgaudit.' },
    { good: "shared_preload_libraries = 'pgaudit'\npgaudit.log_parameter = {{ values }}\n", because: 'What a template becomes is not known.' },
  ],
  *check(facts) {
    const setting = settingHere(facts, 'pgaudit.log_parameter');
    if (setting === undefined || readBoolean(setting.value.text) !== true || preloads(facts, 'pgaudit') === false) return;
    yield {
      at: setting.value.span,
      message: 'Passwords and personal data that applications pass as parameters are in the audit log',
      fixes: [{ title: 'Leave parameters out of the audit log', safety: 'review', edits: [replaceValue(setting.value, 'off')] }],
    };
  },
});

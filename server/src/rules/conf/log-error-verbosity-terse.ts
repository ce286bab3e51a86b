import { replaceValue } from '../../facts/conf/conf-repairs.ts';
import { wordHere } from '../../facts/conf/settings.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'conf',
  severity: 'low',
  title: 'Log leaves out the details of errors',
  why: `The detail says which line of pg_hba.conf refused a login and why a password did not do, and the context names the function and the query
in which an error came up. Terse entries have none of it, and what happened has to be guessed.`,
  fixing: `The fix logs the details, as the server does by default. They may name values of a row: the key that was there already, the row that
broke a constraint.`,
  cwe: [778],
  references: ['https://www.postgresql.org/docs/current/runtime-config-logging.html#GUC-LOG-ERROR-VERBOSITY'],
  examples: [
    { bad: 'log_error_verbosity = «terse»\n', fixed: 'log_error_verbosity = default\n' },
    { bad: "log_error_verbosity = «'TERSE'» # short\n", fixed: "log_error_verbosity = 'default' # short\n" },
    { good: 'log_error_verbosity = verbose\n' },
    { good: 'log_error_verbosity = terse\nlog_error_verbosity = default\n', because: 'The last setting wins.' },
  ],
  *check(facts) {
    const setting = wordHere(facts, 'log_error_verbosity', ['terse']);
    if (setting === undefined) return;
    yield {
      at: setting.value.span,
      message: 'Nobody can tell from the log why a login was refused or where an error came up',
      fixes: [{ title: 'Log the details of errors', safety: 'review', edits: [replaceValue(setting.value, 'default')] }],
    };
  },
});

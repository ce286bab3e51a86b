import { replaceValue } from '../../facts/conf/conf-repairs.ts';
import { wordHere } from '../../facts/conf/settings.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'conf',
  severity: 'low',
  title: 'Statements that fail are not logged',
  why: `The statement behind an error is the best trace of an injection: while an attacker works it out it fails, and its text shows what he
was after and where it came in. At this level the log has the error alone.`,
  fixing: `The fix logs the text of a statement that fails, as the server does by default. What is written in the statement, a mistyped
ALTER ROLE … PASSWORD for one, gets into the log.`,
  cwe: [778],
  references: ['https://www.postgresql.org/docs/current/runtime-config-logging.html#GUC-LOG-MIN-ERROR-STATEMENT'],
  examples: [
    { bad: 'log_min_error_statement = «panic»\n', fixed: 'log_min_error_statement = error\n' },
    { bad: "log_min_error_statement = «'Fatal'»\n", fixed: "log_min_error_statement = 'error'\n" },
    { good: 'log_min_error_statement = error\n' },
    { good: 'log_min_error_statement = debug5\n', because: 'That logs more, not less.' },
    { good: '#log_min_error_statement = panic\nport = 5432\n', because: 'Unset means error.' },
  ],
  *check(facts) {
    const setting = wordHere(facts, 'log_min_error_statement', ['log', 'fatal', 'panic']);
    if (setting === undefined) return;
    yield {
      at: setting.value.span,
      message: 'Nobody can tell from the log which statement failed, that of an injection for one',
      fixes: [{ title: 'Log statements that fail', safety: 'review', edits: [replaceValue(setting.value, 'error')] }],
    };
  },
});

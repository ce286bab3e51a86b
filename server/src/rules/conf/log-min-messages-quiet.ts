import { replaceValue } from '../../facts/conf/conf-repairs.ts';
import { wordHere } from '../../facts/conf/settings.ts';
import { defineRule } from '../rule.ts';

const lost: Readonly<Record<string, string>> = {
  error: 'Warnings never reach the log',
  log: 'Errors never reach the log: refused permissions and broken injections leave no trace',
  fatal: 'Errors, logins and audited statements never reach the log, even where they are to be logged',
  panic: 'Refused passwords, errors, logins and audited statements never reach the log',
};

export default defineRule({
  language: 'conf',
  severity: 'medium',
  title: 'Log leaves out what attacks look like',
  why: `Attempts show in the log as errors: permission denied, syntax errors of an injection that is being worked out, password authentication
failed. For the log the level log stands above error, so that fatal and panic even suppress what log_connections and log_statement ask for.`,
  fixing: 'The fix logs warnings and everything above, as the server does by default. The log grows by what goes wrong.',
  cwe: [778],
  references: ['https://www.postgresql.org/docs/current/runtime-config-logging.html#GUC-LOG-MIN-MESSAGES', 'DOC#RUNTIME-CONFIG-SEVERITY-LEVELS'],
  examples: [
    { bad: 'log_min_messages = «panic»\n', fixed: 'log_min_messages = warning\n' },
    { bad: "log_min_messages = «'LOG'»  # quiet\n", fixed: "log_min_messages = 'warning'  # quiet\n" },
    { bad: 'log_min_messages = «fatal»\n', fixed: 'log_min_messages = warning\n' },
    { bad: 'log_min_messages = «error»\n', fixed: 'log_min_messages = warning\n', because: 'Only warnings are lost, so it counts less.' },
    { good: 'log_min_messages = warning\n' },
    { good: 'log_min_messages = INFO\n', because: 'That logs more, not less.' },
    { good: 'log_min_messages = panic\nlog_min_messages = notice\n', because: 'The last setting wins.' },
  ],
  *check(facts) {
    const setting = wordHere(facts, 'log_min_messages', Object.keys(lost));
    if (setting === undefined) return;

    const level = setting.value.text.toLowerCase();
    yield {
      at: setting.value.span,
      message: lost[level]!,
      ...(level === 'error' && { severity: 'low' as const }),
      fixes: [{ title: 'Log warnings and everything above', safety: 'safe', edits: [replaceValue(setting.value, 'warning')] }],
    };
  },
});

import { replaceValue } from '../../facts/conf/conf-repairs.ts';
import { settingHere } from '../../facts/conf/settings.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'conf',
  severity: 'high',
  title: 'Server logs nothing at all',
  why: `With an empty list of destinations the server stops logging as soon as it has started. Logins, refused passwords, errors and crashes
leave no trace, whatever the other logging parameters say.`,
  fixing: 'The fix sends the log to standard error, where systemd, a container or logging_collector pick it up.',
  cwe: [778],
  references: ['https://www.postgresql.org/docs/current/runtime-config-logging.html#GUC-LOG-DESTINATION'],
  examples: [
    { bad: "log_destination = «''»\nlogging_collector = on\n", fixed: "log_destination = 'stderr'\nlogging_collector = on\n" },
    { bad: "log_destination = «'  '»\n", fixed: "log_destination = 'stderr'\n" },
    { good: "log_destination = 'syslog'\n" },
    { good: "#log_destination = ''\nport = 5432\n", because: 'Unset means stderr.' },
    { good: "log_destination = ''\nlog_destination = stderr\n", because: 'The last setting wins.' },
  ],
  *check(facts) {
    const setting = settingHere(facts, 'log_destination');
    if (setting === undefined || setting.value.text.trim() !== '') return;
    yield {
      at: setting.value.span,
      message: 'The server logs nothing: logins, refused passwords and errors leave no trace',
      fixes: [{ title: 'Log to standard error', safety: 'safe', edits: [replaceValue(setting.value, 'stderr')] }],
    };
  },
});

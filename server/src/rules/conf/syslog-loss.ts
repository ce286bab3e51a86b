import { writeSetting } from '../../facts/conf/conf-repairs.ts';
import { logDestinations } from '../../facts/conf/logging.ts';
import { flagHere } from '../../facts/conf/settings.ts';
import { defineRule } from '../rule.ts';

const consequences: Readonly<Record<string, string>> = {
  syslog_sequence_numbers: 'syslog may drop log lines: repeated ones, such as refused logins, become one',
  syslog_split_messages: 'syslog may cut off log lines: the end of long statements is lost',
};

export default defineRule({
  language: 'conf',
  severity: 'low',
  title: 'syslog may lose log lines',
  why: `Many syslog daemons fold equal lines into one and cut long ones, which hides how often a password was tried, and what came at the end
of an injected statement. A number on each line and lines of moderate length prevent it.`,
  fixing: 'The fix numbers or splits the lines. Programs that read the log have to put up with the number or with the pieces.',
  cwe: [778],
  references: ['https://www.postgresql.org/docs/current/runtime-config-logging.html#GUC-SYSLOG-SEQUENCE-NUMBERS', 'DOC#GUC-SYSLOG-SPLIT-MESSAGES'],
  examples: [
    {
      bad: "log_destination = 'syslog'\nsyslog_sequence_numbers = «off»\nsyslog_split_messages = «0»\n",
      fixed: "log_destination = 'syslog'\nsyslog_sequence_numbers = on\nsyslog_split_messages = on\n",
    },
    { good: "log_destination = 'syslog'\nport = 5432\n", because: 'Both are on by default.' },
    { good: "log_destination = 'stderr'\nsyslog_split_messages = off\n", because: 'Nothing goes to syslog.' },
    { good: 'syslog_split_messages = off\n', path: 'conf.d/logging.conf', because: 'Whether anything goes to syslog is not known.' },
  ],
  *check(facts) {
    if (logDestinations(facts)?.includes('syslog') !== true) return;
    for (const [name, message] of Object.entries(consequences)) {
      const setting = flagHere(facts, name, false);
      if (setting === undefined) continue;
      yield { at: setting.value.span, message, fixes: [{ title: `Turn on ${name}`, safety: 'safe', edits: [writeSetting(facts, name, 'on')] }] };
    }
  },
});

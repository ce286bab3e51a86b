import { writeSetting } from '../../facts/conf/conf-repairs.ts';
import { switchedOff } from '../../facts/conf/settings.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'conf',
  severity: 'low',
  title: 'Ends of sessions are not logged',
  why: `The line that ends a session says how long it lasted, for whom and from where. Without it nobody can tell whether an intruder was in
for a second or for a week, or which sessions were open when something happened.`,
  fixing: 'The fix logs one line at the end of each session. Give the log the room where clients open thousands of short sessions per minute.',
  cwe: [778],
  references: ['https://www.postgresql.org/docs/current/runtime-config-logging.html#GUC-LOG-DISCONNECTIONS'],
  examples: [
    { bad: 'log_disconnections = «off»\n', fixed: 'log_disconnections = on\n' },
    { bad: "log_disconnections = «'0'» # noise\n", fixed: "log_disconnections = 'on' # noise\n" },
    { bad: '«port = 5432»\nlog_connections = on\n', fixed: 'port = 5432\nlog_connections = on\nlog_disconnections = on\n', because: 'Off is the default.' },
    { good: 'log_disconnections = off\nlog_disconnections = tru\n', because: 'The last setting wins.' },
    { good: "log_disconnections = {{ 'on' if audit else 'off' }}\n", because: 'What a template becomes is not known.' },
    { good: 'log_connections = on\n', path: 'conf.d/logging.conf', because: 'Another file may turn it on.' },
  ],
  *check(facts) {
    const place = switchedOff(facts, 'log_disconnections');
    if (place === undefined) return;

    yield {
      at: place.at,
      message: 'The log does not tell how long a session lasted while log_disconnections is off',
      ...(place.unset && { severity: 'info' as const }),
      fixes: [{ title: 'Log the end of every session', safety: 'safe', edits: [writeSetting(facts, 'log_disconnections', 'on')] }],
    };
  },
});

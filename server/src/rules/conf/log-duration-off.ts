import { writeSetting } from '../../facts/conf/conf-repairs.ts';
import { switchedOff } from '../../facts/conf/settings.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'conf',
  severity: 'info',
  presets: ['strict'],
  title: 'Durations of statements are not logged',
  why: `The duration of each statement shows when sessions were active and makes a slow extraction of a whole table stand out from the queries
of an application. Some security guides ask for it; it is one line per statement.`,
  fixing: 'The fix logs the duration of each statement, without its text. Expect one line per statement: the log of a busy server grows by gigabytes a day.',
  cwe: [778],
  references: ['https://www.postgresql.org/docs/current/runtime-config-logging.html#GUC-LOG-DURATION'],
  examples: [
    { bad: 'log_duration = «off»\n', fixed: 'log_duration = on\n' },
    { bad: '«port = 5432»\n', fixed: 'port = 5432\nlog_duration = on\n' },
    { good: 'log_duration = true\n' },
    { good: 'log_min_duration_statement = 0\nport = 5432\n', because: 'That logs each statement with its duration.' },
    { good: 'work_mem = 4MB\n', path: 'conf.d/memory.conf', because: 'Another file may turn it on.' },
  ],
  *check(facts) {
    const place = switchedOff(facts, 'log_duration');
    if (place === undefined || facts.settings.number('log_min_duration_statement') === 0) return;

    yield {
      at: place.at,
      message: 'The log does not tell how long statements took while log_duration is off',
      fixes: [{ title: 'Log the duration of every statement', safety: 'review', edits: [writeSetting(facts, 'log_duration', 'on')] }],
    };
  },
});

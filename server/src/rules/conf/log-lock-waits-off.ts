import { writeSetting } from '../../facts/conf/conf-repairs.ts';
import { switchedOff } from '../../facts/conf/settings.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'conf',
  severity: 'info',
  presets: ['strict', 'cloud'],
  title: 'Long waits for locks are not logged',
  why: `Any role that may read a table can hold a lock on it and let others wait; to them it looks as if the database had died. The log names
who waits and who is in the way, if it is told to. Managed services ask for it in their checklists.`,
  fixing: 'The fix logs a line when a session waits for a lock longer than deadlock_timeout, one second by default.',
  cwe: [778],
  references: ['https://www.postgresql.org/docs/current/runtime-config-logging.html#GUC-LOG-LOCK-WAITS'],
  examples: [
    { bad: 'log_lock_waits = «off»\n', fixed: 'log_lock_waits = on\n' },
    { bad: '«port = 5432»\n', fixed: 'port = 5432\nlog_lock_waits = on\n' },
    { good: 'log_lock_waits = true\n' },
    { good: 'work_mem = 4MB\n', path: 'conf.d/memory.conf', because: 'Another file may turn it on.' },
  ],
  *check(facts) {
    const place = switchedOff(facts, 'log_lock_waits');
    if (place === undefined) return;
    yield {
      at: place.at,
      message: 'The log does not tell which session made the others wait while log_lock_waits is off',
      fixes: [{ title: 'Log long waits for locks', safety: 'safe', edits: [writeSetting(facts, 'log_lock_waits', 'on')] }],
    };
  },
});

import { writeSetting } from '../../facts/conf/conf-repairs.ts';
import { collectsLog } from '../../facts/conf/logging.ts';
import { settingHere } from '../../facts/conf/settings.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'conf',
  severity: 'low',
  title: 'Log file is never changed',
  why: `Neither age nor size makes the server begin a new log file: one file grows until the disk is full, and whoever can provoke errors
decides how fast. Old entries cannot be archived or deleted without touching the file that is in use.`,
  fixing: `The fix begins a new file every day. Before applying it, see that log_filename holds a date, and that no external rotation (logrotate,
pg_rotate_logfile) does this already.`,
  cwe: [779],
  references: ['https://www.postgresql.org/docs/current/runtime-config-logging.html#GUC-LOG-ROTATION-AGE', 'DOC#GUC-LOG-ROTATION-SIZE'],
  examples: [
    { bad: 'logging_collector = on\nlog_rotation_age = «0»\nlog_rotation_size = 0\n', fixed: 'logging_collector = on\nlog_rotation_age = 1d\nlog_rotation_size = 0\n' },
    { bad: "logging_collector = yes\nlog_rotation_size = '0MB'\nlog_rotation_age = «'0'»\n", fixed: "logging_collector = yes\nlog_rotation_size = '0MB'\nlog_rotation_age = '1d'\n" },
    { good: 'logging_collector = on\nlog_rotation_age = 1d\nlog_rotation_size = 0\n', because: 'A new file every day.' },
    { good: 'logging_collector = on\nlog_rotation_age = 0\n', because: 'A new file every 10 MB, by default.' },
    { good: 'logging_collector = off\nlog_rotation_age = 0\nlog_rotation_size = 0\n', because: 'The server creates no log files.' },
    { good: 'log_rotation_age = 0\nlog_rotation_size = 0\n', path: 'conf.d/logging.conf', because: 'Whether the server creates log files is not known.' },
  ],
  *check(facts) {
    const { settings } = facts;
    const setting = settingHere(facts, 'log_rotation_age');
    if (setting === undefined || collectsLog(facts) !== true) return;
    if (settings.number('log_rotation_age') !== 0 || settings.number('log_rotation_size') !== 0) return;

    yield {
      at: setting.value.span,
      message: 'The log is one file that grows until the disk is full',
      fixes: [{ title: 'Begin a new log file every day', safety: 'review', edits: [writeSetting(facts, 'log_rotation_age', '1d')] }],
    };
  },
});

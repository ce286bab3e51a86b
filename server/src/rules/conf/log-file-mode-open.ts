import { replaceValue } from '../../facts/conf/conf-repairs.ts';
import { collectsLog } from '../../facts/conf/logging.ts';
import { numberHere } from '../../facts/conf/settings.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'conf',
  severity: 'medium',
  title: 'Log files are open to other accounts',
  why: `The log holds statements, and with them the names, data and sometimes passwords that were in them. With this mode every account of
the machine, that of a broken web application included, reads it, or erases the traces of its own doing.`,
  fixing: `The fix keeps new log files to the account of the server; those that exist stay as they are until somebody changes them. A log collector
that runs as another account needs 0640 and membership in the group of the files.`,
  cwe: [732, 532],
  references: ['https://www.postgresql.org/docs/current/runtime-config-logging.html#GUC-LOG-FILE-MODE'],
  examples: [
    { bad: 'logging_collector = on\nlog_file_mode = «0644»\n', fixed: 'logging_collector = on\nlog_file_mode = 0600\n' },
    { bad: "log_file_mode = «'0666'» # for the collector\n", fixed: "log_file_mode = '0600' # for the collector\n", path: 'conf.d/logging.conf' },
    { bad: 'logging_collector = on\nlog_file_mode = «0660»\n', fixed: 'logging_collector = on\nlog_file_mode = 0600\n', because: 'Only accounts of the group, so it counts less.' },
    { good: 'logging_collector = on\nlog_file_mode = 0640\n', because: 'Reading the log is what a log group is for.' },
    { good: 'logging_collector = on\nlog_file_mode = 384\n', because: 'The decimal form of 0600.' },
    { good: 'log_file_mode = 0644\n', because: 'Without logging_collector, off by default, the server creates no log files.' },
  ],
  *check(facts) {
    const mode = numberHere(facts, 'log_file_mode');
    if (mode === undefined || mode.number > 0o777 || (mode.number & 0o026) === 0 || collectsLog(facts) === false) return;

    const everybody = (mode.number & 0o006) !== 0;
    const change = (mode.number & 0o002) !== 0 ? 'change' : 'read';
    yield {
      at: mode.setting.value.span,
      message: everybody
        ? `Every account of the machine can ${change} the log, with the data and passwords in it`
        : "Every account of the server's group can change the log",
      ...(!everybody && { severity: 'info' as const }),
      fixes: [{ title: "Keep log files to the server's own account", safety: 'review', edits: [replaceValue(mode.setting.value, '0600')] }],
    };
  },
});

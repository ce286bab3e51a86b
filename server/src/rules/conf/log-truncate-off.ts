import { writeSetting } from '../../facts/conf/conf-repairs.ts';
import { collectsLog } from '../../facts/conf/logging.ts';
import { settingHere, switchedOff } from '../../facts/conf/settings.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'conf',
  severity: 'info',
  presets: ['strict'],
  title: 'Log files whose names come back are appended to',
  why: `The names of the log files repeat, every week or every month, and a file that is there already is continued. Entries of different weeks
stand in one file, nothing is ever deleted, and in the end the disk is full.`,
  fixing: `The fix empties a file when its name comes round again, so that the log holds one cycle of names. Before applying it, see that the older
entries are kept somewhere else for as long as they have to be.`,
  cwe: [779],
  references: ['https://www.postgresql.org/docs/current/runtime-config-logging.html#GUC-LOG-TRUNCATE-ON-ROTATION'],
  examples: [
    { bad: "logging_collector = on\nlog_filename = 'postgresql-%a.log'\nlog_truncate_on_rotation = «off»\n", fixed: "logging_collector = on\nlog_filename = 'postgresql-%a.log'\nlog_truncate_on_rotation = on\n" },
    { bad: "logging_collector = on\nlog_filename = «'postgresql-%d.log'»\n", fixed: "logging_collector = on\nlog_filename = 'postgresql-%d.log'\nlog_truncate_on_rotation = on\n", because: 'Off is the default.' },
    { good: "logging_collector = on\nlog_filename = 'postgresql-%Y-%m-%d.log'\nlog_truncate_on_rotation = off\n", because: 'No name comes back.' },
    { good: "logging_collector = on\nlog_filename = 'postgresql.log'\nlog_truncate_on_rotation = off\n", because: 'The server never empties the file that it is writing.' },
    { good: 'logging_collector = on\nport = 5432\n', because: 'The usual name has a date with the year.' },
    { good: "logging_collector = on\nlog_filename = 'postgresql-%a.log'\nlog_truncate_on_rotation = on\n" },
    { good: "log_filename = 'postgresql-%a.log'\n", path: 'conf.d/logging.conf', because: 'Whether the server creates log files is not known.' },
  ],
  *check(facts) {
    const place = switchedOff(facts, 'log_truncate_on_rotation');
    if (place === undefined || collectsLog(facts) !== true || !comesBack(facts.settings.value('log_filename')!)) return;

    const at = place.unset ? settingHere(facts, 'log_filename')?.value.span : place.at;
    if (at === undefined) return;
    yield {
      at,
      message: 'Log entries of different weeks or months get into one file, and none is ever deleted',
      fixes: [{ title: 'Empty a log file when its name comes back', safety: 'review', edits: [writeSetting(facts, 'log_truncate_on_rotation', 'on')] }],
    };
  },
});

/** The name changes with the time, but nothing in it names the year. */
function comesBack(name: string): boolean {
  return /%[a-zA-Z]/.test(name) && !/%[E0_^#-]*[YyGgCscDFxv+]/.test(name);
}

import { replaceValue } from '../../facts/conf/conf-repairs.ts';
import { settingHere } from '../../facts/conf/settings.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'conf',
  severity: 'info',
  presets: ['strict'],
  title: 'Times in the log are local',
  why: `What happened on several machines is put in order by time. Local times do not line up with logs in UTC, and where clocks change for the
winter an hour is there twice and its entries cannot be told apart.`,
  fixing: 'The fix stamps log lines in UTC. Tell those who read the log; entries from before keep their times.',
  cwe: [778],
  references: ['https://www.postgresql.org/docs/current/runtime-config-logging.html#GUC-LOG-TIMEZONE'],
  examples: [
    { bad: "log_timezone = «'Europe/Berlin'»\n", fixed: "log_timezone = 'UTC'\n" },
    { bad: 'log_timezone = «localtime»\n', fixed: 'log_timezone = UTC\n' },
    { good: "log_timezone = 'Etc/UTC'\n" },
    { good: 'log_timezone = gmt\n' },
    { good: "timezone = 'Europe/Berlin'\nport = 5432\n", because: 'That is for sessions, and the log is in GMT by default.' },
    { good: "log_timezone = '{{ timezone }}'\n", because: 'What a template becomes is not known.' },
  ],
  *check(facts) {
    const setting = settingHere(facts, 'log_timezone');
    if (setting === undefined || /^(etc\/)?(utc|uct|gmt([+-]?0)?|greenwich|universal|zulu)$/i.test(setting.value.text)) return;
    yield {
      at: setting.value.span,
      message: "Times in the log do not line up with other systems' records: they are local",
      fixes: [{ title: 'Log in UTC', safety: 'review', edits: [replaceValue(setting.value, 'UTC')] }],
    };
  },
});

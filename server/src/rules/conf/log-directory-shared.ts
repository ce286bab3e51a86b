import { replaceValue } from '../../facts/conf/conf-repairs.ts';
import { collectsLog } from '../../facts/conf/logging.ts';
import { settingHere } from '../../facts/conf/settings.ts';
import { defineRule } from '../rule.ts';

const temporary = /^(\/private)?\/(tmp|var\/tmp|dev\/shm)(\/|$)|^[a-z]:[\\/](windows[\\/])?te?mp([\\/]|$)/i;
const served = /^\/(var|srv)\/(www|http)(\/|$)|^\/usr\/(share|local)\/(nginx|apache2?|httpd|www)(\/|$)|[\\/](htdocs|public_html|wwwroot|inetpub)([\\/]|$)/i;

export default defineRule({
  language: 'conf',
  severity: 'medium',
  title: 'Log lies in a folder that others use',
  why: `In a folder for temporary files every account can put a file of the coming name in place first and read what the server appends to it,
and a restart wipes the evidence. Below the root of a web site the log, with the data of the statements in it, is one guessed name away
from everybody.`,
  fixing: `The fix writes the log to the folder log in the data directory, where only the account of the server gets. Another folder will do as well,
/var/log/postgresql for one, when it exists and belongs to that account.`,
  cwe: [552, 377],
  references: ['https://www.postgresql.org/docs/current/runtime-config-logging.html#GUC-LOG-DIRECTORY'],
  examples: [
    { bad: "logging_collector = on\nlog_directory = «'/tmp'»\n", fixed: "logging_collector = on\nlog_directory = 'log'\n" },
    { bad: "log_directory = «'/var/tmp/postgres'»\n", fixed: "log_directory = 'log'\n", path: 'conf.d/logging.conf' },
    { bad: "logging_collector = on\nlog_directory = «'/var/www/html/logs'»\n", fixed: "logging_collector = on\nlog_directory = 'log'\n" },
    { bad: "logging_collector = on\nlog_directory = «'C:\\\\inetpub\\\\wwwroot\\\\pg'»\n", fixed: "logging_collector = on\nlog_directory = 'log'\n" },
    { good: "logging_collector = on\nlog_directory = '/var/log/postgresql'\n" },
    { good: "logging_collector = on\nlog_directory = 'tmp'\n", because: 'It is in the data directory.' },
    { good: "logging_collector = on\nlog_directory = '/tmpfs/log'\n" },
    { good: "log_directory = '/tmp'\nlogging_collector = off\n", because: 'The server creates no log files.' },
  ],
  *check(facts) {
    const setting = settingHere(facts, 'log_directory');
    if (setting === undefined || collectsLog(facts) === false) return;

    const message = temporary.test(setting.value.text) ? 'Any account of the machine can put the log file in place first and read along'
      : served.test(setting.value.text) ? 'A web server may hand out the log, with the data and passwords in it, to everybody' : undefined;
    if (message === undefined) return;
    yield {
      at: setting.value.span,
      message,
      ...(facts.trial && { severity: 'info' as const }),
      fixes: [{ title: 'Log to the data directory', safety: 'review', edits: [replaceValue(setting.value, 'log')] }],
    };
  },
});

import { collectsLog } from '../../facts/conf/logging.ts';
import { placeOf } from '../../facts/conf/settings.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'conf',
  severity: 'info',
  presets: ['strict'],
  title: 'Log lies in the data directory',
  why: `A log that grows without end fills the disk of the data, and then the server stops; statements that fail in a loop are enough. Base
backups copy the log along with the data, to wherever they go.`,
  cwe: [552, 779],
  references: ['https://www.postgresql.org/docs/current/runtime-config-logging.html#GUC-LOG-DIRECTORY'],
  examples: [
    { bad: "logging_collector = on\nlog_directory = «'pg_log'»\n", good: "logging_collector = on\nlog_directory = '/var/log/postgresql'\n" },
    { bad: "data_directory = '/srv/pg'\nlogging_collector = on\nlog_directory = «'/srv/pg/log'»\n", good: "logging_collector = on\nlog_directory = '/srv/pglog'\n" },
    { bad: '«port = 5432»\nlogging_collector = on\n', because: 'The folder log of the data directory is the default.' },
    { good: "logging_collector = on\nlog_directory = 'C:\\\\Logs'\n" },
    { good: "log_directory = 'pg_log'\nlogging_collector = off\n", because: 'The server creates no log files.' },
    { good: "log_directory = 'pg_log'\n", path: 'conf.d/logging.conf', because: 'Whether the server creates log files is not known.' },
  ],
  *check(facts) {
    const place = placeOf(facts, 'log_directory');
    const folder = facts.settings.value('log_directory')!;
    if (place === undefined || collectsLog(facts) !== true || !isInside(folder, facts.settings.get('data_directory')?.setting.value.text)) return;
    yield { at: place.at, message: 'A log that grows without end fills the disk of the data: log_directory lies in the data directory' };
  },
});

function isInside(folder: string, dataDirectory: string | undefined): boolean {
  const absolute = /^([\\/]|[a-z]:[\\/])/i.test(folder);
  return !absolute || (dataDirectory !== undefined && folder.startsWith(`${dataDirectory.replace(/[\\/]+$/, '')}/`));
}

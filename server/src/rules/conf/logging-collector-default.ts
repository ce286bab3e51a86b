import { writeSetting } from '../../facts/conf/conf-repairs.ts';
import { logDestinations } from '../../facts/conf/logging.ts';
import { switchedOff } from '../../facts/conf/settings.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'conf',
  severity: 'info',
  presets: ['strict'],
  title: 'Server keeps no log files of its own',
  why: `Without the collector the log is whatever becomes of the standard error of the server. Where nobody redirects it, it is lost at the next
restart, and with it the traces of an intruder.`,
  fixing: `The fix turns the collector on, which takes a restart and moves the log from standard error to files in log_directory. Leave it off where
systemd, a container platform or pg_ctl -l collects the log already.`,
  cwe: [778],
  references: ['https://www.postgresql.org/docs/current/runtime-config-logging.html#GUC-LOGGING-COLLECTOR'],
  examples: [
    { bad: 'logging_collector = «off»\nlog_destination = stderr\n', fixed: 'logging_collector = on\nlog_destination = stderr\n' },
    { bad: '«port = 5432»\n', fixed: 'port = 5432\nlogging_collector = on\n' },
    { good: "logging_collector = off\nlog_destination = 'stderr, syslog'\n", because: 'The log goes to syslog as well.' },
    { good: "logging_collector = off\nlog_destination = csvlog\n", because: 'conf/logging-collector-off says more about it.' },
    { good: 'logging_collector = off\nport = 5432\n', path: 'docker/postgresql.conf', because: 'A container collects standard error.' },
    { good: 'logging_collector = off\n', path: 'conf.d/logging.conf', because: 'Another file may send the log to syslog.' },
  ],
  *check(facts) {
    const place = switchedOff(facts, 'logging_collector');
    if (place === undefined || facts.trial || logDestinations(facts)?.every((destination) => destination === 'stderr') !== true) return;

    yield {
      at: place.at,
      message: 'The log is lost unless something collects standard error while logging_collector is off',
      fixes: [{ title: 'Turn on the logging collector', safety: 'review', edits: [writeSetting(facts, 'logging_collector', 'on')] }],
    };
  },
});

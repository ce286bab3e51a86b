import { writeSetting } from '../../facts/conf/conf-repairs.ts';
import { collectsLog, logDestinations } from '../../facts/conf/logging.ts';
import { settingHere } from '../../facts/conf/settings.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'conf',
  severity: 'medium',
  title: 'CSV or JSON log is never written',
  why: `Only the logging collector writes csvlog and jsonlog. Without it the server sends plain lines to standard error instead and does not
complain: who reads the files that were ordered, an intrusion detection for one, sees nothing and believes that nothing happens.`,
  fixing: `The fix turns the collector on, which takes a restart. From then on the server writes to files in log_directory and no longer to standard
error, where a container or systemd may have collected the log.`,
  cwe: [778],
  references: [
    'https://www.postgresql.org/docs/current/runtime-config-logging.html#GUC-LOGGING-COLLECTOR',
    'https://www.postgresql.org/docs/current/runtime-config-logging.html#RUNTIME-CONFIG-LOGGING-CSVLOG',
  ],
  examples: [
    { bad: "log_destination = 'csvlog'\nlogging_collector = «off»\n", fixed: "log_destination = 'csvlog'\nlogging_collector = on\n" },
    { bad: "port = 5432\nlog_destination = «'stderr, JSONLOG'»\n", fixed: "port = 5432\nlog_destination = 'stderr, JSONLOG'\nlogging_collector = on\n", because: 'Off is the default.' },
    { good: "log_destination = 'csvlog'\nlogging_collector = on\n" },
    { good: "log_destination = 'stderr'\nlogging_collector = off\n", because: 'Standard error needs no collector.' },
    { good: "log_destination = 'csvlog'\n", path: 'conf.d/logging.conf', because: 'Another file may turn the collector on.' },
    { good: "log_destination = 'csvlog'\nlogging_collector = {{ collector }}\n", because: 'What a template becomes is not known.' },
  ],
  *check(facts) {
    const format = logDestinations(facts)?.find((destination) => destination === 'csvlog' || destination === 'jsonlog');
    const setting = settingHere(facts, 'logging_collector') ?? settingHere(facts, 'log_destination');
    if (format === undefined || setting === undefined || collectsLog(facts) !== false) return;

    yield {
      at: setting.value.span,
      message: `No ${format} file is ever written: without logging_collector everything goes to standard error as plain text`,
      fixes: [{ title: 'Turn on the logging collector', safety: 'review', edits: [writeSetting(facts, 'logging_collector', 'on')] }],
    };
  },
});

import { writeSetting } from '../../facts/conf/conf-repairs.ts';
import { replicates } from '../../facts/conf/logging.ts';
import { switchedOff } from '../../facts/conf/settings.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'conf',
  severity: 'low',
  title: 'Copies of the whole cluster leave no trace',
  why: `A role with REPLICATION copies every database, password hashes included, with one command. log_statement does not know the commands
of replication connections: only this parameter logs that a base backup was taken, or a slot made and read.`,
  fixing: 'The fix logs each command of a replication connection: a few lines when a standby connects or a backup runs.',
  cwe: [778],
  references: ['https://www.postgresql.org/docs/current/runtime-config-logging.html#GUC-LOG-REPLICATION-COMMANDS'],
  examples: [
    {
      bad: 'log_replication_commands = «off»\nport = 5432\n', fixed: 'log_replication_commands = on\nport = 5432\n',
      files: { 'pg_hba.conf': 'host replication standby 10.0.0.7/32 scram-sha-256\n' },
    },
    {
      bad: '«port = 5432»\n', fixed: 'port = 5432\nlog_replication_commands = on\n',
      files: { 'pg_hba.conf': 'hostssl all,replication all all cert\n' }, because: 'Off is the default.',
    },
    { bad: "log_replication_commands = «no»\nsynchronous_standby_names = 'standby1'\n", fixed: "log_replication_commands = on\nsynchronous_standby_names = 'standby1'\n" },
    { good: 'log_replication_commands = off\nport = 5432\n', because: 'Whether anybody replicates is not known.' },
    { good: 'log_replication_commands = off\nport = 5432\n', files: { 'pg_hba.conf': 'host replication all 127.0.0.1/32 trust\nhost "replication" all all md5\n' }, because: 'Other machines do not; a database may be called replication.' },
    { good: 'log_replication_commands = off\nport = 5432\n', files: { 'pg_hba.conf': 'host replication all all reject\nhost replication all 10.0.0.7/32 md5\n' }, because: 'Nobody gets as far as the second record.' },
    { good: 'log_replication_commands = on\nport = 5432\n', files: { 'pg_hba.conf': 'host replication standby 10.0.0.7/32 scram-sha-256\n' } },
  ],
  *check(facts) {
    const place = switchedOff(facts, 'log_replication_commands');
    if (place === undefined || !replicates(facts)) return;

    yield {
      at: place.at,
      message: 'Copies of the whole cluster leave no trace in the log while log_replication_commands is off',
      ...(place.unset && { severity: 'info' as const }),
      fixes: [{ title: 'Log replication commands', safety: 'safe', edits: [writeSetting(facts, 'log_replication_commands', 'on')] }],
    };
  },
});

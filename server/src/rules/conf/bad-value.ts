import { findParameter, isCustomName } from '../../catalog/parameters.ts';
import { checkValue } from '../../catalog/values.ts';
import { mendedValue, replaceValue } from '../../facts/conf/conf-repairs.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'conf',
  severity: 'high',
  title: 'Server refuses this value',
  why: `The server does not start with a value that it cannot take, and a running server keeps the old one when told to reload. What
the line was meant to protect is not protected, and only the server log says so.`,
  fixing: 'The fix writes the value that was most likely meant in the way the server reads it.',
  cwe: [1188],
  references: ['https://www.postgresql.org/docs/current/config-setting.html#CONFIG-SETTING-NAMES-VALUES'],
  examples: [
    { bad: 'ssl = «enabled»\n', fixed: 'ssl = on\n' },
    { bad: 'work_mem = «8mb»\n', fixed: 'work_mem = 8MB\n' },
    { bad: "authentication_timeout = «'30 sec'»\n", fixed: "authentication_timeout = '30s'\n" },
    { bad: 'unix_socket_permissions = «777»\n', fixed: 'unix_socket_permissions = 0777\n' },
    { bad: 'password_encryption = «scram_sha_256»\n', fixed: 'password_encryption = scram-sha-256\n' },
    { bad: 'password_encryption = «on»\n', fixed: 'password_encryption = scram-sha-256\n', because: 'From 14 on it has to be said which.' },
    { bad: "log_statement = «' ddl'»\n", fixed: "log_statement = 'ddl'\n" },
    { bad: 'port = «70000»\n', good: 'port = 7000\n' },
    { bad: 'server_version = «16»\n', good: '#server_version = 16\n' },
    { bad: 'log_connections = «tru»\n', good: 'log_connections = true\n', version: 18, because: 'In 18 it is a list.' },
    { good: 'log_connections = tru\n', version: 17, because: 'Any unambiguous beginning of a Boolean will do.' },
    { good: 'work_mem = bad\nwork_mem = 8MB\n', because: 'Only the last one is looked at.' },
    { good: 'wal_compression = zstd\nhuge_pages = 1\nwal_level = hot_standby\nclient_min_messages = debug\n', because: 'The server takes more than it lists.' },
    { good: "shared_buffers = {{ mem }}mb\nport = @port@\n", because: 'What a template becomes is not known.' },
    { good: "my.setting = 'anything'\nlog_file_mode = 0x180\ntemp_buffers = '1.5 MB'\n" },
  ],
  *check({ settings, document }) {
    for (const { setting, path } of settings.examined) {
      if (path !== document.path || setting.template || isCustomName(setting.name.text)) continue;
      const parameter = findParameter(setting.name.text, document.version);
      const message = parameter && checkValue(parameter, setting.value.text, document.version);
      if (parameter === undefined || message === undefined) continue;

      const mended = mendedValue(parameter, setting.value.text, document.version);
      yield {
        at: setting.value.span,
        message,
        fixes: mended === undefined ? [] : [{ title: `Change to ${mended}`, safety: 'review', edits: [replaceValue(setting.value, mended)] }],
      };
    }
  },
});

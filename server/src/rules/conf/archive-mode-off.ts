import { writeSetting } from '../../facts/conf/conf-repairs.ts';
import { settingHere, unset } from '../../facts/conf/settings.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'conf',
  severity: 'info',
  presets: ['strict'],
  title: 'Write-ahead log is not archived',
  why: `Without an archive of the write-ahead log a backup can only be restored as it was made. What somebody deleted or encrypted since
then is lost, and so is the trace of what they did.`,
  fixing: `The fix sets archive_mode to on, which takes a restart. Set archive_command or archive_library as well: until then the server keeps all
of its log in pg_wal, and the disk fills.`,
  cwe: [693],
  references: ['https://www.postgresql.org/docs/current/continuous-archiving.html'],
  examples: [
    { bad: 'port = 5432\narchive_mode = «off»\n', fixed: 'port = 5432\narchive_mode = on\n' },
    { bad: '«port = 5432»\n#archive_mode = off\n', fixed: 'port = 5432\n#archive_mode = off\narchive_mode = on\n' },
    {
      bad: '«wal_level = minimal»\nmax_wal_senders = 0\nport = 5432\n', good: 'wal_level = replica\nport = 5432\narchive_mode = on\n',
      because: 'The server does not start with archive_mode = on and this wal_level.',
    },
    { good: 'port = 5432\narchive_mode = always\n' },
    { good: 'archive_mode = off\narchive_mode = on\n', because: 'The last setting wins.' },
    { good: 'port = 5432\narchive_mode = {{ archive }}\n', because: 'What a template becomes is not known.' },
    { good: "port = 5432\ninclude 'archive.conf'\n", because: 'A file that cannot be read may set it.' },
  ],
  *check(facts) {
    const setting = settingHere(facts, 'archive_mode');
    const written = setting !== undefined && /^(off|false|no|0)$/i.test(setting.value.text);
    const at = written ? setting.value.span : unset(facts, 'archive_mode');
    if (at === undefined) return;
    yield {
      at,
      message: 'A backup cannot be brought up to the moment before a loss or an attack: no log is archived',
      // The server does not start with both.
      fixes: facts.settings.value('wal_level')?.toLowerCase() === 'minimal' ? [] : [{
        title: 'Archive the write-ahead log (set archive_command as well)', safety: 'review',
        edits: [writeSetting(facts, 'archive_mode', 'on')],
      }],
    };
  },
});

import { writeSetting } from '../../facts/conf/conf-repairs.ts';
import { placeOf } from '../../facts/conf/settings.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'conf',
  severity: 'info',
  presets: ['strict', 'cloud'],
  title: 'Temporary files are not logged',
  why: `A single query can fill the disk with temporary files and stop the server for everybody. The log names the statement and the size, if it
is told to. Managed services ask for it in their checklists.`,
  fixing: `The fix logs every temporary file when it is deleted, and its size. Where work_mem is small that is many lines; a size such as 10MB logs
only the larger ones.`,
  cwe: [778],
  references: ['https://www.postgresql.org/docs/current/runtime-config-logging.html#GUC-LOG-TEMP-FILES'],
  examples: [
    { bad: 'log_temp_files = «-1»\n', fixed: 'log_temp_files = 0\n' },
    { bad: "log_temp_files = «'10MB'»\n", fixed: "log_temp_files = '0'\n", because: 'Smaller ones are not logged; the checklists want all of them.' },
    { bad: '«port = 5432»\n', fixed: 'port = 5432\nlog_temp_files = 0\n' },
    { good: 'log_temp_files = 0kB\n' },
    { good: 'work_mem = 4MB\n', path: 'conf.d/memory.conf', because: 'Another file may set it.' },
  ],
  *check(facts) {
    const place = placeOf(facts, 'log_temp_files');
    const limit = facts.settings.number('log_temp_files');
    if (place === undefined || limit === undefined || limit === 0) return;
    yield {
      at: place.at,
      message: limit > 0 ? 'Small temporary files are missing from the log' : 'The log does not tell which query filled the disk while log_temp_files is -1',
      fixes: [{ title: 'Log every temporary file', safety: 'safe', edits: [writeSetting(facts, 'log_temp_files', '0')] }],
    };
  },
});

import { repairs } from '../../facts/conf/conf-repairs.ts';
import { defineRule } from '../rule.ts';

/** After this many the server itself gives up on the file; it is surely not a postgresql.conf. */
const mostProblems = 100;

export default defineRule({
  language: 'conf',
  severity: 'high',
  title: 'Line is not valid in postgresql.conf',
  why: `One line that the server cannot read makes it refuse the whole file: it does not start, and a running server keeps its old
settings when told to reload. Whatever this file was meant to tighten is not in force, and only the server log says so.`,
  fixing: `The fix quotes, closes or comments what is written so that the server reads what was meant. Check the value: from then on the whole
file takes effect, including changes that were never in force before.`,
  cwe: [1188],
  references: ['https://www.postgresql.org/docs/current/config-setting.html#CONFIG-SETTING-CONFIGURATION-FILE'],
  examples: [
    { bad: 'listen_addresses = «*»\n', fixed: "listen_addresses = '*'\n" },
    { bad: 'log_directory = «/var/log/postgresql»  # here\n', fixed: "log_directory = '/var/log/postgresql'  # here\n" },
    { bad: 'log_line_prefix = «"%m [%p] "»\n', fixed: "log_line_prefix = '%m [%p] '\n" },
    { bad: "search_path = app«, public»\n", fixed: "search_path = 'app, public'\n" },
    { bad: 'port = 5432«;»\n', fixed: 'port = 5432\n' },
    { bad: 'effective_cache_size = 0.5«GB»\n', fixed: "effective_cache_size = '0.5GB'\n" },
    { bad: "log_destination = «'stderr»\n", fixed: "log_destination = 'stderr'\n" },
    { bad: 'ssl «: on»\n', fixed: 'ssl = on\n' },
    { bad: '«ssl:» on\n', fixed: 'ssl = on\n' },
    { bad: '«// more memory»\nwork_mem = 8MB\n', fixed: '# // more memory\nwork_mem = 8MB\n' },
    { bad: 'set work_mem «= 8MB;»\n', fixed: 'work_mem = 8MB\n' },
    { bad: 'max_connections = 100 «(change requires restart)»\n', fixed: 'max_connections = 100 # (change requires restart)\n' },
    { bad: '«ssl_cert_file =»\n', fixed: '#ssl_cert_file =\n' },
    { good: "log_filename = postgresql-x.y:1\narchive_command = 'cp %p \\'/a b/%f\\''\nport=5433#here\nwork_mem'4MB'\n", because: 'Odd, but the server reads it.' },
    { good: '{% if replica %}\nport = {{ port }}\n{% endif %}\n', because: 'A template is not yet a configuration file.' },
  ],
  *check({ file, document }) {
    for (const problem of file.problems.slice(0, mostProblems)) {
      yield {
        at: problem.at,
        message: problem.message,
        fixes: repairs(document, problem).map(({ title, edits }) => ({ title, safety: 'review', edits })),
      };
    }
  },
});

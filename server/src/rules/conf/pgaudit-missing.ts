import { appendToList } from '../../facts/conf/conf-repairs.ts';
import { preloadPlace, preloads } from '../../facts/conf/libraries.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'conf',
  severity: 'info',
  presets: ['strict'],
  title: 'No audit log',
  why: `log_statement knows the text that a client sent, and no more. The extension pgaudit also logs which tables a statement touched, what ran
inside functions and DO blocks, and who read a table that is under watch; passwords it leaves out.`,
  fixing: `The fix loads pgaudit with the server. Install its package for this major version first; otherwise the server does not start. Then set
pgaudit.log, which is empty by default.`,
  cwe: [778],
  references: [
    'https://github.com/pgaudit/pgaudit/blob/main/README.md',
    'https://www.postgresql.org/docs/current/runtime-config-client.html#GUC-SHARED-PRELOAD-LIBRARIES',
  ],
  examples: [
    { bad: "shared_preload_libraries = «'pg_stat_statements'»\nport = 5432\n", fixed: "shared_preload_libraries = 'pg_stat_statements, pgaudit'\nport = 5432\n" },
    { bad: "port = 5432\nshared_preload_libraries = «''»\n", fixed: "port = 5432\nshared_preload_libraries = 'pgaudit'\n" },
    { bad: '«port = 5432»\n', fixed: 'port = 5432\nshared_preload_libraries = pgaudit\n' },
    { good: "shared_preload_libraries = 'pg_cron,$libdir/pgaudit.so'\n" },
    { good: "shared_preload_libraries = '{{ libraries }}'\nport = 5432\n", because: 'What a template becomes is not known.' },
    { good: 'work_mem = 4MB\n', path: 'conf.d/memory.conf', because: 'Another file may load it.' },
  ],
  *check(facts) {
    const at = preloadPlace(facts);
    const edit = appendToList(facts, 'shared_preload_libraries', 'pgaudit');
    if (at === undefined || edit === undefined || preloads(facts, 'pgaudit') !== false) return;

    yield {
      at,
      message: 'The log does not tell who read which table or what ran inside functions: pgaudit is not loaded',
      fixes: [{ title: 'Load pgaudit (its package must be installed)', safety: 'review', edits: [edit] }],
    };
  },
});

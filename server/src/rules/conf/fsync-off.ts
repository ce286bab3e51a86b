import { replaceValue } from '../../facts/conf/conf-repairs.ts';
import { flagHere } from '../../facts/conf/settings.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'conf',
  severity: 'high',
  title: 'Writes are not forced to disk',
  why: `The server reports transactions as done that exist only in the memory of the operating system. A power failure or a crash of the
machine leaves data files and write-ahead log at odds: the database is damaged beyond repair, audit records included.`,
  fixing: `The fix sets fsync to on; it takes effect on reload. Writing gets slower: for more speed set synchronous_commit to off, which may lose
the last transactions but damages nothing. A server that ran without it is safe only after it was stopped cleanly and sync was run.`,
  cwe: [693],
  references: ['https://www.postgresql.org/docs/current/runtime-config-wal.html#GUC-FSYNC', 'https://www.postgresql.org/docs/current/non-durability.html'],
  examples: [
    { bad: 'port = 5432\nfsync = «off»  # faster\n', fixed: 'port = 5432\nfsync = on  # faster\n' },
    { bad: "FSYNC «'False'»\n", fixed: "FSYNC 'on'\n" },
    { bad: 'fsync = «0»\n', fixed: 'fsync = on\n', path: 'tests/postgresql.conf', because: 'A server for tests may be thrown away: information.' },
    { good: 'fsync = off\nfsync = on\n', because: 'The last setting wins.' },
    { good: "fsync = {{ 'on' if durable else 'off' }}\n", because: 'What a template becomes is not known.' },
    { good: 'synchronous_commit = off\n', because: 'That loses the last transactions, but damages nothing.' },
  ],
  *check(facts) {
    const setting = flagHere(facts, 'fsync', false);
    if (setting === undefined) return;
    yield {
      at: setting.value.span,
      message: 'A power failure or crash of the machine damages this database beyond repair',
      ...(facts.trial && { severity: 'info' as const }),
      fixes: [{ title: 'Turn on fsync', safety: 'review', edits: [replaceValue(setting.value, 'on')] }],
    };
  },
});

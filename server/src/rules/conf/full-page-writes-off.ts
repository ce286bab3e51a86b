import { replaceValue } from '../../facts/conf/conf-repairs.ts';
import { flagHere } from '../../facts/conf/settings.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'conf',
  severity: 'medium',
  title: 'Half-written pages cannot be repaired after a crash',
  why: `A crash in the middle of writing a page leaves it half old and half new. Only a full copy of the page in the write-ahead log can
repair it; without one the data is silently wrong, and nothing reports it unless checksums are on.`,
  fixing: `The fix sets full_page_writes to on; it takes effect on reload. The write-ahead log grows: wal_compression keeps it small. Leave it off
only on storage that never writes a page in part, such as ZFS with a suitable record size.`,
  cwe: [693],
  references: ['https://www.postgresql.org/docs/current/runtime-config-wal.html#GUC-FULL-PAGE-WRITES'],
  examples: [
    { bad: 'full_page_writes = «off»  # less I/O\n', fixed: 'full_page_writes = on  # less I/O\n' },
    { bad: "full_page_writes = «'no'»\n", fixed: "full_page_writes = 'on'\n", path: 'docker/postgresql.conf' },
    { good: 'full_page_writes = off\nfull_page_writes = on\n', because: 'The last setting wins.' },
    { good: 'full_page_writes = {{ "off" if zfs else "on" }}\n', because: 'What a template becomes is not known.' },
    { good: '#full_page_writes = off\n', because: 'A comment sets nothing, and the default is on.' },
  ],
  *check(facts) {
    const setting = flagHere(facts, 'full_page_writes', false);
    if (setting === undefined) return;
    yield {
      at: setting.value.span,
      message: 'A crash while a page is written leaves data that is wrong, and nothing can repair it',
      ...(facts.trial && { severity: 'info' as const }),
      fixes: [{ title: 'Turn on full_page_writes', safety: 'review', edits: [replaceValue(setting.value, 'on')] }],
    };
  },
});

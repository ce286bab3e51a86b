import { deciding, hiddenOf, linesText } from '../../facts/hba/order-kinds.ts';
import { deleteRecord, moveAbove } from '../../facts/hba/order-fixes.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'hba',
  severity: 'medium',
  title: 'Everybody whom this record lets in is rejected first',
  why: `The first record that matches a client decides, and earlier records reject every client of this one. Somebody counts on an
access that does not exist, and finds out at the worst time: when a backup, a standby or a rescue login needs it.`,
  fixing: 'Deletes the record; nothing changes for any client. If they are to get in, move the record above the reject instead.',
  cwe: [561],
  references: ['https://www.postgresql.org/docs/current/auth-pg-hba-conf.html'],
  examples: [
    {
      bad: 'local all all peer\nhost all all all reject\n«host app app 10.0.0.0/8 scram-sha-256»\n',
      fixed: 'local all all peer\nhost all all all reject\n',
    },
    {
      bad: 'host all all 0.0.0.0/0 reject\nhost all all ::/0 reject\n«hostssl all bob all scram-sha-256»\n',
      fixed: 'host all all 0.0.0.0/0 reject\nhost all all ::/0 reject\n',
    },
    { good: 'host all all all reject\nhost replication standby 10.0.0.5/32 scram-sha-256\n', because: 'all does not take in replication.' },
    { good: 'host all all 0.0.0.0/0 reject\nhost all all all scram-sha-256\n', because: 'IPv6 is left.' },
    {
      good: 'host all all 0.0.0.0/1 trust\nhost all all 128.0.0.0/1 trust\nhost all all ::/0 reject\nhost all all samenet md5\n',
      because: 'Over IPv4 the clients are let in.',
    },
    { good: 'host all all 10.0.0.0/8 reject\nhost all all 0.0.0.0/0 scram-sha-256\n' },
    { good: 'host all all all reject\nlocal all all peer\n' },
  ],
  *check(facts) {
    for (const { record, by } of hiddenOf(facts, 'closed')) {
      const fixes = [deleteRecord(facts, record), moveAbove(facts, record, by[0]!)].filter((fix) => fix !== undefined);
      yield {
        at: record.span,
        message: `Nobody gets in by this record: ${linesText(facts, by)} ${by.length > 1 ? 'reject' : 'rejects'} these clients first`,
        related: deciding(facts, by),
        fixes,
      };
    }
  },
});

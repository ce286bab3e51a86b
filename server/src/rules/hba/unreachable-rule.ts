import { deciding, hiddenOf, linesText, mainOf } from '../../facts/hba/order-kinds.ts';
import { deleteRecord } from '../../facts/hba/order-fixes.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'hba',
  severity: 'low',
  title: 'No client ever gets as far as this record',
  why: `The first record that matches a client decides, and earlier records match every client of this one. Text that does nothing
hides what is in force: whoever changes this record later believes the server has changed, and it has not.`,
  fixing: 'Deletes the record. Nothing changes for any client. If it was meant to change something, move it up instead.',
  cwe: [561],
  references: ['https://www.postgresql.org/docs/current/auth-pg-hba-conf.html'],
  examples: [
    { bad: 'host all all 10.0.0.0/8 scram-sha-256\n«host app app 10.1.0.0/16 scram-sha-256»\n', fixed: 'host all all 10.0.0.0/8 scram-sha-256\n' },
    {
      bad: 'host all all 0.0.0.0/1 md5\nhost all all 128.0.0.0/1 md5\n«host all all 0.0.0.0/0 md5»',
      fixed: 'host all all 0.0.0.0/1 md5\nhost all all 128.0.0.0/1 md5',
      because: 'Two halves leave nothing of the whole.',
    },
    {
      bad: 'hostnossl all all all reject\nhostssl all all all cert\n«host all \\\n  all all md5»  # old\nlocal all all peer\n',
      good: 'hostnossl all all all reject\nhostssl all all all cert\nlocal all all peer\n',
      because: 'What is left is asked for a certificate, which is more than a password.',
    },
    { bad: 'host all all all scram-sha-256\n«host all all all reject»\n', fixed: 'host all all all scram-sha-256\n', because: 'Nobody is left to be rejected.' },
    { bad: 'host sameuser all 10.0.0.0/8 md5\n«host app app 10.1.0.0/16 md5»\n', fixed: 'host sameuser all 10.0.0.0/8 md5\n' },
    { bad: 'host /^app all 10.0.0.0/8 md5\n«host app1 all 10.0.0.0/8 md5»\n', fixed: 'host /^app all 10.0.0.0/8 md5\n' },
    { good: 'host /^app all 10.0.0.0/8 md5\nhost app1 all 10.0.0.0/8 md5\n', version: 15, because: 'Before 16 /^app is the name of a database.' },
    { good: 'host all all all md5\nhost replication all all md5\n', because: 'all does not take in replication.' },
    { good: 'host all all 0.0.0.0/0 md5\nhost all all all md5\n', because: 'The second is for IPv6.' },
    { good: 'host all +dba 10.0.0.0/8 md5\nhost all bob 10.0.0.0/8 md5\n', because: 'Whether bob is a member is not known.' },
    { good: 'host all all samenet md5\nhost all all 10.0.0.0/8 md5\n', because: 'The networks of the server are not known.' },
    { good: 'local all all trust\nhost all all 127.0.0.1/32 trust\nhost all all ::1/128 trust\nhost all all all scram-sha-256\n' },
    { good: 'host all all 10.0.0.0/8 {{ method }}\nhost all all 10.0.0.0/8 md5\n' },
  ],
  *check(facts) {
    for (const { record, by: all } of hiddenOf(facts, 'idle')) {
      const by = mainOf(facts, all, record);
      const fix = deleteRecord(facts, record);
      yield {
        at: record.span,
        message: `No client gets as far as this record: ${linesText(facts, by)} ${by.length > 1 ? 'decide' : 'decides'} for them first`,
        tags: ['unnecessary'],
        related: deciding(facts, by),
        ...(fix && { fixes: [fix] }),
      };
    }
  },
});

import { deciding, hiddenOf, linesText, mainOf } from '../../facts/hba/order-kinds.ts';
import { deleteInstead, moveAbove, targetAmong } from '../../facts/hba/order-fixes.ts';
import { isWeaker } from '../../facts/hba/strength.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'hba',
  severity: 'high',
  title: 'An earlier record lets these clients in on easier terms',
  why: `The first record that matches a client decides. What this record asks for is never asked, because an earlier one takes the
same clients and asks for less: everybody reads that a password is needed, and an attacker needs none.`,
  fixing: `Moves the record above the weaker one, so that its clients must pass it. Clients that got in the easier way until now
may be locked out: see to it that they have what the record asks for.`,
  cwe: [284, 561],
  references: ['https://www.postgresql.org/docs/current/auth-pg-hba-conf.html'],
  examples: [
    {
      bad: 'host all all 0.0.0.0/0 trust\n«host app all 10.0.0.0/8 scram-sha-256»\n',
      fixed: 'host app all 10.0.0.0/8 scram-sha-256\nhost all all 0.0.0.0/0 trust\n',
    },
    {
      bad: 'local all all peer\n\n# everybody\nhost all all all md5\n\n# the web\n«hostssl app web 10.0.0.0/8 scram-sha-256»   # 2024',
      fixed: 'local all all peer\n\n# the web\nhostssl app web 10.0.0.0/8 scram-sha-256   # 2024\n# everybody\nhost all all all md5\n',
      because: 'A comment about one record goes with it.',
    },
    {
      bad: 'hostssl all all all scram-sha-256\n«hostssl all dba all scram-sha-256 clientcert=verify-full»\n',
      fixed: 'hostssl all dba all scram-sha-256 clientcert=verify-full\nhostssl all all all scram-sha-256\n',
    },
    {
      bad: 'host all all 127.0.0.1/32 trust\nhost all all all trust\n«host all all 0.0.0.0/0 md5»\n',
      fixed: 'host all all 127.0.0.1/32 trust\nhost all all 0.0.0.0/0 md5\nhost all all all trust\n',
      because: 'The exception for the server machine stays above.',
    },
    {
      bad: 'host all all 10.0.0.0/8 md5\nhost all +banned all reject\n«host all bob 10.1.0.0/16 scram-sha-256»\n',
      fixed: 'host all bob 10.1.0.0/16 scram-sha-256\nhost all all 10.0.0.0/8 md5\nhost all +banned all reject\n',
      because: 'The reject has no say here: line 1 decides for all of these clients.',
    },
    {
      bad: 'host a all all trust\nhost all +banned all reject\nhost b all all trust\nhost a,b bob all trust\n«host a,b bob all md5»\n',
      because: 'Moved up, the record would let bob in to b if he is a member of banned.',
    },
    { bad: 'host a all all trust\nhost b all all reject\n«host a,b all all md5»\n', because: 'Moved up, the record would let in whom line 2 rejects.' },
    {
      good: 'local all all trust\nhost all all 127.0.0.1/32 trust\nhost all all ::1/128 trust\nlocal replication all trust\nhost replication all 127.0.0.1/32 trust\n\nhost all all all scram-sha-256\n',
      because: 'The image of Docker writes this: only clients on other machines get as far as the last record.',
    },
    { good: 'host all all all trust\nhost all all all trust\n', because: 'It is said twice, and asks no more.' },
    { good: 'host all all all scram-sha-256\nhost all all all trust\n', because: 'The stronger one comes first.' },
    { good: 'host all all 10.0.0.0/8 ldap ldapserver=ldap.example.com ldapprefix="uid="\nhost all all 10.1.0.0/16 scram-sha-256\n', because: 'Neither is weaker.' },
    { good: 'host all all 10.1.0.0/16 md5\nhost all all 10.0.0.0/8 scram-sha-256\n' },
  ],
  *check(facts) {
    for (const { record, by } of hiddenOf(facts, 'weak')) {
      const weaker = mainOf(facts, by.filter((earlier) => isWeaker(earlier, record)), record);
      const target = targetAmong(facts, record, (earlier) => weaker.includes(earlier));
      const fixes = [target && moveAbove(facts, record, target), by.length === 1 ? deleteInstead(facts, weaker[0]!) : undefined];
      const asked = record.method.text === weaker[0]!.method.text ? 'The certificate' : record.method.text;
      yield {
        at: record.span,
        message: `${asked} is never asked for: ${linesText(facts, weaker)} ${weaker.length > 1 ? 'let' : 'lets'} these clients in with ${weaker[0]!.method.text}`,
        related: deciding(facts, weaker),
        fixes: fixes.filter((fix) => fix !== undefined),
      };
    }
  },
});

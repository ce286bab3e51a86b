import { admits, isReachable } from '../../facts/access.ts';
import { isWider } from '../../facts/hba/address-set.ts';
import { deciding, linesText, targetText } from '../../facts/hba/order-kinds.ts';
import { moveAbove, targetAmong } from '../../facts/hba/order-fixes.ts';
import { isWeaker, strengthOf } from '../../facts/hba/strength.ts';
import type { HbaRecord } from '../../syntax/hba.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'hba',
  severity: 'medium',
  title: 'An earlier record for a wider range lets some of these clients in on easier terms',
  why: `The first record that matches a client decides. An earlier record for a wider range takes some of the clients that this one
is for, one database, one role or one kind of connection, and asks them for less. The stricter record looks as if it held for all.`,
  fixing: `Moves the record for the narrower range above the other one, so that all of its clients must pass it. Clients that got in
the easier way until now may be locked out.`,
  cwe: [284],
  references: ['https://www.postgresql.org/docs/current/auth-pg-hba-conf.html'],
  examples: [
    {
      bad: 'hostssl all all 10.0.0.0/8 md5\n«host all all 10.1.0.0/16 scram-sha-256»\n',
      fixed: 'host all all 10.1.0.0/16 scram-sha-256\nhostssl all all 10.0.0.0/8 md5\n',
    },
    {
      bad: 'host app all all trust\n«host all all 10.1.0.0/16 scram-sha-256»\n',
      fixed: 'host all all 10.1.0.0/16 scram-sha-256\nhost app all all trust\n',
    },
    { bad: 'hostssl all all 10.0.0.0/8 md5\nhost all bob 10.1.0.0/16 reject\n«host all all 10.1.0.0/16 scram-sha-256»\n', because: 'Moved up, the record would let bob in.' },
    {
      bad: 'hostssl all all 10.0.0.0/8 md5\nhost all +banned all reject\n«host all bob 10.1.0.0/16 scram-sha-256»\n',
      because: 'Moved up, the record would let bob in if he is a member of banned.',
    },
    {
      bad: 'hostssl all all 10.0.0.0/8 md5\ninclude blocks.conf\n«host all bob 10.1.0.0/16 scram-sha-256»\n', version: 16,
      because: 'What the other file rejects is not known.',
    },
    { good: 'host all all 127.0.0.1/32 trust\nhost all all all scram-sha-256\n', because: 'The narrow range comes first, as it should.' },
    { good: 'host app all 10.0.0.0/8 md5\nhost all all 10.0.0.0/8 scram-sha-256\n', because: 'One database is an exception for the same range.' },
    { good: 'hostssl all all 10.0.0.0/8 scram-sha-256\nhost all all 10.1.0.0/16 md5\n', because: 'The earlier one asks for more.' },
    { good: 'host all all 10.0.0.0/8 reject\nhost all all 10.1.0.0/16 scram-sha-256\n' },
    { good: 'host app all all md5\nhost crm all 10.1.0.0/16 scram-sha-256\n', because: 'They have no client in common.' },
  ],
  *check(facts) {
    const weakest = facts.records.reduce((least, record) => Math.min(least, strengthOf(record)), Infinity);
    const overlapped = facts.records.flatMap((record) => {
      if (!record.address || !admits(record) || strengthOf(record) <= weakest) return [];
      const weaker = facts.order.before(record, (earlier) => takesMore(earlier, record));
      return weaker.length > 0 && isReachable(facts, record) ? [{ record, weaker }] : [];
    });
    for (const { record, weaker } of overlapped) {
      const target = targetAmong(facts, record, (earlier) => takesMore(earlier, record));
      const fix = target && moveAbove(facts, record, target);
      yield {
        at: record.span,
        message: `Some clients of ${targetText(facts, record)} get in with ${weaker[0]!.method.text}: ${linesText(facts, weaker)} ${weaker.length > 1 ? 'decide' : 'decides'} for them first`,
        related: deciding(facts, weaker),
        ...(fix && { fixes: [fix] }),
      };
    }
  },
});

/** On easier terms, for clients of which those of the later record are only a part. */
function takesMore(earlier: HbaRecord, later: HbaRecord): boolean {
  return isWeaker(earlier, later) && isWider(earlier.address, later.address);
}

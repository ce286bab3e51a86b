import { admits, isReachable, type HbaFacts } from '../../facts/access.ts';
import { closesFile, deciding, hiddenOf, isNoException, isOnMachine, linesText, targetText, type Hidden } from '../../facts/hba/order-kinds.ts';
import { moveAbove } from '../../facts/hba/order-fixes.ts';
import { recordsOf } from '../../facts/hba/selections.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'hba',
  severity: 'high',
  title: 'Clients that this record rejects are let in first',
  why: `The first record that matches a client decides. A block that stands below a record that lets the same clients in blocks
nobody: the machine or role that was to be kept out after an incident goes on logging in.`,
  fixing: `Moves the reject above the record that lets these clients in. From then on they are rejected: make sure that no
application of yours is among them.`,
  cwe: [284],
  references: ['https://www.postgresql.org/docs/current/auth-pg-hba-conf.html'],
  examples: [
    {
      bad: 'host all all 10.0.0.0/8 scram-sha-256\n«host all all 10.1.2.0/24 reject»\n',
      fixed: 'host all all 10.1.2.0/24 reject\nhost all all 10.0.0.0/8 scram-sha-256\n',
    },
    {
      bad: 'host app all 10.1.2.0/24 md5\nhostssl all all 10.0.0.0/8 md5\nhost all all 192.168.0.0/16 md5\n«host all mallory all reject»\n',
      fixed: 'host all mallory all reject\nhost app all 10.1.2.0/24 md5\nhostssl all all 10.0.0.0/8 md5\nhost all all 192.168.0.0/16 md5\n',
      because: 'The role is kept out of some networks only.',
    },
    {
      bad: 'host all bob 10.1.2.3/32 md5\r\nhostssl all all 10.0.0.0/8 md5\r\n«host all all 10.1.2.0/24 reject»\r\n',
      fixed: 'host all bob 10.1.2.3/32 md5\r\nhost all all 10.1.2.0/24 reject\r\nhostssl all all 10.0.0.0/8 md5\r\n',
      because: 'What is an exception to the block stays above it.',
    },
    { bad: 'host all all 127.0.0.1/32 trust\n«host all bob 127.0.0.1/32 reject»\n', fixed: 'host all bob 127.0.0.1/32 reject\nhost all all 127.0.0.1/32 trust\n' },
    { good: 'host all all 10.1.2.3/32 scram-sha-256\nhost all all 10.0.0.0/8 reject\n', because: 'An exception comes before the rule.' },
    { good: 'host all bob 10.0.0.0/8 scram-sha-256\nhost app all all reject\n', because: 'One role is let into everything on purpose.' },
    { good: 'host all all all scram-sha-256\nhost all all all reject\n', because: 'A last reject for everybody keeps nobody in particular out.' },
    { good: 'host all all 127.0.0.1/32 trust\nhost all postgres all reject\n', because: 'The server machine itself is let in on purpose.' },
    { good: 'host all all all scram-sha-256\nhost replication all all reject\n', because: 'all does not take in replication.' },
    { good: 'host all all 10.1.2.0/24 reject\nhost all all 10.0.0.0/8 scram-sha-256\n' },
  ],
  *check(facts) {
    for (const { record, by } of hiddenOf(facts, 'open')) {
      const allows = by.filter(admits);
      yield {
        ...finding(facts, record, allows, allows.find((earlier) => isNoException(facts, earlier, record)) ?? allows[0]!),
        message: `The block for ${targetText(facts, record)} never takes effect: ${linesText(facts, allows)} ${allows.length > 1 ? 'let' : 'lets'} these clients in first`,
        ...(allows.every(isOnMachine) && { severity: 'info' }),
      };
    }
    for (const { record, by } of withGaps(facts)) {
      yield {
        ...finding(facts, record, by, by[0]!),
        message: `The block for ${targetText(facts, record)} has gaps: ${linesText(facts, by)} ${by.length > 1 ? 'let' : 'lets'} some of these clients in first`,
        severity: by.every(isOnMachine) ? 'info' : 'medium',
      };
    }
  },
});

/** The records that reject some of their clients, and those before them that let in others and are no exceptions. */
function* withGaps(facts: HbaFacts): Iterable<Hidden> {
  for (const record of recordsOf(facts, 'reject')) {
    if (closesFile(facts, record) || !isReachable(facts, record)) continue;
    const by = facts.order.before(record, (earlier) => admits(earlier) && isNoException(facts, earlier, record) && (!isOnMachine(earlier) || isOnMachine(record)));
    if (by.length > 0) yield { record, by };
  }
}

function finding(facts: HbaFacts, record: Hidden['record'], by: Hidden['by'], target: Hidden['record']) {
  const fix = moveAbove(facts, record, target);
  return { at: record.span, related: deciding(facts, by), ...(fix && { fixes: [fix] }) };
}

import { admits, isReachable, type HbaFacts } from '../../facts/access.ts';
import { isAnyAddress } from '../../facts/hba/address.ts';
import { deciding, isOnMachine, linesText } from '../../facts/hba/order-kinds.ts';
import { recordsOf } from '../../facts/hba/selections.ts';
import { isKeyword, type HbaRecord, type HbaToken } from '../../syntax/hba.ts';
import type { Fix } from '../rule.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'hba',
  severity: 'low',
  title: 'The reject for all databases does not hold for replication',
  why: `In the database column all means every database, and physical replication is none. A client that asks for replication walks
past the reject, and a later record lets it in: what it may copy then is the whole cluster.`,
  fixing: 'Adds a reject for replication below. If a standby or a backup uses this way in, give it a record above the rejects first.',
  cwe: [284],
  references: ['https://www.postgresql.org/docs/current/auth-pg-hba-conf.html'],
  examples: [
    {
      bad: 'host «all» mallory all reject\nhost replication all 10.0.0.0/8 scram-sha-256\n',
      fixed: 'host all mallory all reject\nhost replication mallory all reject\nhost replication all 10.0.0.0/8 scram-sha-256\n',
    },
    {
      bad: 'host replication all 10.0.0.0/8 md5\nhost  app,«all»  all  0.0.0.0/0  reject   # closed\nhost  replication  all  192.168.0.0/16  md5',
      fixed: 'host replication all 10.0.0.0/8 md5\nhost  app,all  all  0.0.0.0/0  reject   # closed\nhost  replication  all  0.0.0.0/0  reject\nhost  replication  all  192.168.0.0/16  md5',
    },
    { good: 'host all,replication mallory all reject\nhost replication all 10.0.0.0/8 scram-sha-256\n' },
    { good: 'host all mallory all reject\nhost replication standby 10.0.0.0/8 scram-sha-256\n', because: 'The record is for another role.' },
    { good: 'host all all all reject\nlocal replication all peer\nhost replication all 127.0.0.1/32 scram-sha-256\n', because: 'Only the server machine itself gets in.' },
    { good: 'host "all" mallory all reject\nhost replication all 10.0.0.0/8 scram-sha-256\n', because: 'This is one database, named all.' },
    { good: 'host replication all 10.0.0.0/8 scram-sha-256\nhost all all all reject\n' },
  ],
  *check(facts) {
    for (const record of recordsOf(facts, 'reject')) {
      if (!record.address || !isAnyAddress(record.address)) continue;
      const all = record.databases.find((database) => isKeyword(database, 'all'));
      if (!all || record.databases.some((database) => isKeyword(database, 'replication')) || !isReachable(facts, record)) continue;
      const region = { type: record.type.text, address: record.address, databases: [{ ...all, text: 'replication' }], users: facts.usersOf(record) };
      const later = facts.order.after(record, region, (other) => admits(other) && !isOnMachine(other));
      if (later.length === 0) continue;
      yield {
        at: all.span,
        message: `Replication is not rejected here: ${linesText(facts, later)} ${later.length > 1 ? 'let' : 'lets'} the same clients copy the cluster`,
        related: deciding(facts, later).map((place) => ({ ...place, message: 'Lets them in for replication' })),
        fixes: [rejectReplication(facts, record, record.databases)],
      };
    }
  },
});

/** The same record for replication, on a line of its own. */
function rejectReplication({ document: { text } }: HbaFacts, { span, line }: HbaRecord, databases: readonly HbaToken[]): Fix {
  const copy = `${text.slice(span.start, databases[0]!.span.start)}replication${text.slice(databases.at(-1)!.span.end, span.end)}`;
  const newline = text.indexOf('\n', line.end);
  const lineEnd = newline < 0 ? '\n' : text.slice(line.end, newline + 1);
  return { title: 'Reject replication too', safety: 'review', edits: [{ span: { start: line.end, end: line.end }, text: lineEnd + copy }] };
}

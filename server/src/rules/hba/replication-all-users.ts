import { askFor } from '../../facts/hba/access-fixes.ts';
import { replicationRecords } from '../../facts/hba/admission.ts';
import { clientsText } from '../../facts/hba/address.ts';
import { isKeyword } from '../../syntax/hba.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'hba',
  severity: 'medium',
  title: 'Every role with REPLICATION may copy the cluster from other machines',
  why: `Superusers and every role with the attribute REPLICATION, also one that was given it for a test years ago, get a full copy of
the cluster here. The record that a standby uses needs to name one role.`,
  fixing: `Writes a name for you to put right: the role in primary_conninfo of the standbys and in the backup jobs; usename of
pg_stat_replication shows those at work.`,
  cwe: [250],
  references: ['https://www.postgresql.org/docs/current/warm-standby.html', 'https://www.postgresql.org/docs/current/role-attributes.html'],
  examples: [
    { bad: 'hostssl replication «all» 10.0.0.5/32 scram-sha-256\n', fixed: 'hostssl replication replicator 10.0.0.5/32 scram-sha-256\n' },
    { bad: 'host replication,app «all» samenet md5 # standby\n', fixed: 'host replication,app replicator samenet md5 # standby\n' },
    { good: 'host replication standby 10.0.0.5/32 scram-sha-256\nhost replication "all" 10.0.0.6/32 scram-sha-256\n' },
    {
      good: 'local replication all peer\nhost replication all 127.0.0.1/32 scram-sha-256\nhost replication all ::1/128 scram-sha-256\n',
      because: 'As initdb writes it, for the server machine itself.',
    },
    { good: 'host all all 10.0.0.0/8 md5\nhost replication all all reject\n' },
    { good: 'host replication all 10.0.0.0/8 trust\n', because: 'That nothing is asked for is worse; that is hba/trust-replication.' },
  ],
  *check(facts) {
    for (const record of replicationRecords(facts)) {
      const all = record.users.find((user) => isKeyword(user, 'all'));
      if (!all) continue;
      yield {
        at: all.span,
        message: `${clientsText(record)} can copy the whole cluster with any role that may replicate`,
        ...(facts.trial && { severity: 'info' }),
        fixes: [{ title: 'Name the role of the standby or backup', safety: 'review', edits: [askFor(all.span, 'replicator')] }],
      };
    }
  },
});

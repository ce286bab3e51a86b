import { remoteRecords, takesAllDatabases, takesAllUsers } from '../../facts/hba/admission.ts';
import { together } from '../../facts/hba/together.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'hba',
  severity: 'info',
  title: 'Every role may log in to every database from other machines',
  why: `One leaked password of any role opens every database that grants CONNECT to PUBLIC, which is all of them unless somebody
revoked it. Records per application keep a lost password at the one database it was for.`,
  cwe: [250, 284],
  references: ['https://www.postgresql.org/docs/current/auth-pg-hba-conf.html'],
  examples: [
    {
      bad: 'host «all all» 10.0.0.0/8 scram-sha-256\nhostssl all all samenet scram-sha-256\n',
      good: 'host shop shop 10.0.0.0/8 scram-sha-256\n',
      because: 'Said once per file.',
    },
    { bad: 'host «app,all web, all» 10.0.0.0/8 md5\n' },
    { good: 'host app all 10.0.0.0/8 scram-sha-256\nhost all app 10.0.0.0/8 scram-sha-256\n' },
    { good: 'host sameuser all 10.0.0.0/8 scram-sha-256\nhost replication all 10.0.0.0/8 scram-sha-256\n' },
    { good: 'local all all peer\nhost all all 127.0.0.1/32 scram-sha-256\nhost all all all reject\n' },
    { good: 'host all all 10.0.0.0/8 trust\n', because: 'That nothing is asked for is worse; that is hba/trust-network.' },
  ],
  *check(facts) {
    const records = remoteRecords(facts).filter((record) => takesAllDatabases(facts, record) && takesAllUsers(facts, record));
    if (records.length === 0) return;
    yield together(records.map(({ databases, users }) => ({
      at: { start: databases[0]!.span.start, end: users.at(-1)!.span.end },
      message: 'Every role comes in here as well',
    })), 'Every role may log in to every database from other machines; a lost password opens them all');
  },
});

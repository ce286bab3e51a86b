import { primaryHere } from '../../facts/conf/commands.ts';
import { asPlaceholder } from '../../facts/conf/conf-repairs.ts';
import { optionOf } from '../../syntax/conninfo.ts';
import { defineRule } from '../rule.ts';

const role = 'replicator';

export default defineRule({
  language: 'conf',
  severity: 'low',
  title: 'Standby replicates as superuser',
  why: `Every standby keeps the credentials of this role. Whoever breaks into one of them is superuser on the primary as well and runs
commands there, where a role that can only replicate would have let them read.`,
  fixing: `The fix writes the name of another role. Create it on the primary with CREATE ROLE … LOGIN REPLICATION, let it in with a line for
replication in pg_hba.conf, and give it a password of its own.`,
  cwe: [250],
  references: ['https://www.postgresql.org/docs/current/warm-standby.html#STREAMING-REPLICATION-AUTHENTICATION'],
  examples: [
    {
      bad: "primary_conninfo = 'host=db1 user=«postgres» sslmode=verify-full'\n",
      fixed: "primary_conninfo = 'host=db1 user=replicator sslmode=verify-full'\n",
    },
    { bad: "primary_conninfo = 'postgresql://«postgres»@db1/'  # b\n", fixed: "primary_conninfo = 'postgresql://replicator@db1/'  # b\n" },
    { good: "primary_conninfo = 'host=postgres user=replicator dbname=postgres'\n", because: 'A machine and a database may be called postgres.' },
    { good: "primary_conninfo = 'host=db1 user={{ user }}'\n", because: 'What a template becomes is not known.' },
    { good: "primary_conninfo = 'host=db1 user=postgres'\nprimary_conninfo = ''\n", because: 'The last setting wins.' },
  ],
  *check(facts) {
    const primary = primaryHere(facts);
    const user = primary && optionOf(primary.conninfo, 'user');
    if (user?.value !== 'postgres') return;
    yield {
      at: user.at,
      message: 'Whoever breaks into this standby is superuser on the primary as well',
      fixes: [{ title: 'Replicate as a role of its own', safety: 'review', edits: [asPlaceholder({ span: user.at, text: role }, role)] }],
    };
  },
});

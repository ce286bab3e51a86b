import { primaryHere } from '../../facts/conf/commands.ts';
import { asPlaceholder } from '../../facts/conf/conf-repairs.ts';
import { writeOption } from '../../facts/conf/primary.ts';
import { isSecret } from '../../facts/secrets.ts';
import { baseName } from '../../paths.ts';
import { optionOf } from '../../syntax/conninfo.ts';
import { defineRule } from '../rule.ts';

const passwordFile = '/var/lib/postgresql/.pgpass';

export default defineRule({
  language: 'conf',
  severity: 'medium',
  title: 'Password for replication in a configuration file',
  why: `Configuration files are copied, put under version control and read by monitoring. Whoever sees this one can log in to the primary
with a role that may copy the whole cluster, password hashes included.`,
  fixing: `The fix names a password file instead. Write the line host:port:replication:user:password into it, give it to the server's account with
mode 0600 (libpq ignores it otherwise), and change the password, because it was readable here.`,
  cwe: [260],
  references: [
    'https://www.postgresql.org/docs/current/libpq-pgpass.html',
    'https://www.postgresql.org/docs/current/runtime-config-replication.html#GUC-PRIMARY-CONNINFO',
  ],
  examples: [
    {
      bad: "primary_conninfo = 'host=db1 user=replicator «password=hunter22» sslmode=verify-full'\n",
      fixed: "primary_conninfo = 'host=db1 user=replicator passfile=/var/lib/postgresql/.pgpass sslmode=verify-full'\n",
    },
    {
      bad: "primary_conninfo = 'host=db1 «password = ''hunter 22''»'  # b\n",
      fixed: "primary_conninfo = 'host=db1 passfile=/var/lib/postgresql/.pgpass'  # b\n",
    },
    { bad: "primary_conninfo = 'postgresql://replicator«:hunter22»@db1/'\n", fixed: "primary_conninfo = 'postgresql://replicator@db1/?passfile=/var/lib/postgresql/.pgpass'\n" },
    { bad: "primary_conninfo = 'host=db1 «password=hunter22»'\n", path: 'postgresql.auto.conf', because: 'pg_basebackup -R wrote it there: information.' },
    { good: "primary_conninfo = 'host=db1 passfile=/etc/postgresql/pgpass'\n" },
    { good: "primary_conninfo = 'host=db1 password=$REPLICATION_PASSWORD'\nprimary_slot_name = 'password'\n", because: 'What is put there is not known.' },
    { good: "primary_conninfo = 'host=db1 password=<password>'\n", because: 'This is a placeholder.' },
    { good: "#primary_conninfo = 'host=db1 password=hunter22'\n", because: 'A comment sets nothing.' },
  ],
  *check(facts) {
    const primary = primaryHere(facts);
    const password = primary && optionOf(primary.conninfo, 'password');
    if (password === undefined || !isSecret(password.value)) return;
    const { conninfo } = primary!;
    const passfile = conninfo.form === 'uri'
      ? [{ span: password.span, text: '' }, asPlaceholder(writeOption(conninfo, 'passfile', passwordFile), passwordFile)]
      : [asPlaceholder({ span: password.span, text: `passfile=${passwordFile}` }, passwordFile)];
    yield {
      at: password.span,
      message: 'Whoever reads this file can log in to the primary and copy everything',
      ...((facts.trial || baseName(facts.document.path) === 'postgresql.auto.conf') && { severity: 'info' as const }),
      fixes: [{ title: 'Name a password file instead', safety: 'review', edits: passfile }],
    };
  },
});

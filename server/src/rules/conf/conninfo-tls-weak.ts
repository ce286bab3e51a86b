import { primaryHere } from '../../facts/conf/commands.ts';
import { weakTls, writeOption } from '../../facts/conf/primary.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'conf',
  severity: 'medium',
  title: 'Standby does not insist on TLS to its primary',
  why: `What a standby receives is a copy of everything that is written, password hashes included. With sslmode=prefer, the default, it goes
on unencrypted when the primary or somebody on the way says so, and with require it takes any certificate: whoever is in between reads all.`,
  fixing: `The fix asks for verify-full: the standby connects only to a primary with a certificate for the name in host. Put the certificate of the
authority into ~/.postgresql/root.crt of the server's account or name it with sslrootcert, and see that the primary has ssl = on.`,
  cwe: [319, 295],
  references: [
    'https://www.postgresql.org/docs/current/libpq-ssl.html#LIBPQ-SSL-PROTECTION',
    'https://www.postgresql.org/docs/current/runtime-config-replication.html#GUC-PRIMARY-CONNINFO',
  ],
  examples: [
    { bad: "primary_conninfo = «'host=db1 user=replicator'»\n", fixed: "primary_conninfo = 'host=db1 user=replicator sslmode=verify-full'\n" },
    {
      bad: "primary_conninfo = 'host=10.0.0.5 sslmode=«prefer» user=replicator'  # db1\n",
      fixed: "primary_conninfo = 'host=10.0.0.5 sslmode=verify-full user=replicator'  # db1\n",
    },
    {
      bad: "primary_conninfo = 'host=db1 sslmode=«\\'require\\'»'\n", fixed: "primary_conninfo = 'host=db1 sslmode=verify-full'\n",
      because: 'It is encrypted, but by whom is not checked: information.',
    },
    {
      bad: "primary_conninfo = «'postgresql://replicator@db1:5433/'»\n",
      fixed: "primary_conninfo = 'postgresql://replicator@db1:5433/?sslmode=verify-full'\n",
    },
    {
      bad: "primary_conninfo = 'postgres://replicator@db1/?sslmode=«disable»&application_name=a'\n",
      fixed: "primary_conninfo = 'postgres://replicator@db1/?sslmode=verify-full&application_name=a'\n",
    },
    { good: "primary_conninfo = 'host=/run/postgresql port=5433'\n", because: 'A socket does not leave the machine.' },
    { good: "primary_conninfo = 'host=localhost hostaddr=127.0.0.1'\n", because: 'Neither does a loopback address.' },
    {
      good: "primary_conninfo = 'host=db1 sslmode=require sslrootcert=/etc/ca.crt'\n",
      because: 'With a root certificate require checks the chain as verify-ca does.',
    },
    { good: "primary_conninfo = 'host=db1 sslmode=prefer sslmode=verify-ca'\n", because: 'The last option wins.' },
    { good: "primary_conninfo = 'host=db1 sslrootcert=system'\n", version: 16, because: 'From 16 on this stands for verify-full.' },
    { good: "primary_conninfo = 'host=db1 gssencmode=require'\n", because: 'Kerberos encrypts it.' },
    { good: "primary_conninfo = 'service=primary host=db1'\n", because: 'The service file may say so.' },
    { good: "primary_conninfo = 'host=db1 user replicator'\n", because: 'libpq refuses it, and what would be added behind it with it.' },
    { good: "primary_conninfo = 'host={{ primary }} user=replicator'\n", because: 'What a template becomes is not known.' },
  ],
  *check(facts) {
    const primary = primaryHere(facts);
    const weak = primary && weakTls(primary.conninfo, facts.document.version);
    if (weak === undefined) return;
    const { setting, conninfo } = primary!;
    const { mode, encrypted } = weak;

    const write = (value: string) => ({ safety: 'review' as const, edits: [writeOption(conninfo, 'sslmode', value, mode)] });
    yield {
      at: mode?.at ?? setting.value.span,
      message: encrypted
        ? 'Whoever answers in the place of the primary is believed: its certificate is not checked'
        : 'Whoever is between primary and standby can read everything that is written to the database',
      ...((encrypted || facts.trial) && { severity: 'info' as const }),
      fixes: [
        { title: 'Require TLS and check the certificate (sslmode=verify-full)', ...write('verify-full') },
        ...(encrypted ? [] : [{ title: 'Require TLS from anybody (sslmode=require)', ...write('require') }]),
      ],
    };
  },
});

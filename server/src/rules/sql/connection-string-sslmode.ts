import { later } from '../../facts/sql/mending.ts';
import { isDump } from '../../facts/sql/dumps.ts';
import { connectionStrings, isReplaced, stringLater } from '../../facts/sql/connection-strings.ts';
import { isSamplePath } from '../../facts/place.ts';
import { weakTls, writeOption } from '../../facts/conf/primary.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'sql',
  severity: 'medium',
  title: 'Connection string does not insist on TLS',
  why: `The connection goes to another machine. With sslmode=prefer, the default, it is unencrypted when the other server or somebody on the way says so, \
and with require it takes any certificate: whoever is in between reads the rows, the statements and sometimes the password.`,
  fixing: `The fix asks for verify-full: a connection comes about only to a server with a certificate for the name in host. Put the certificate of the \
authority into ~/.postgresql/root.crt of the server's account or name it with sslrootcert, and see that the other server has ssl = on.`,
  cwe: [319, 295],
  references: ['https://www.postgresql.org/docs/current/libpq-ssl.html#LIBPQ-SSL-PROTECTION', 'https://www.postgresql.org/docs/current/sql-createsubscription.html'],
  examples: [
    {
      bad: "CREATE SUBSCRIPTION s CONNECTION «'host=db1 user=repl dbname=app'» PUBLICATION p;\n",
      fixed: "CREATE SUBSCRIPTION s CONNECTION 'host=db1 user=repl dbname=app sslmode=verify-full' PUBLICATION p;\n",
    },
    { bad: "SELECT dblink_connect('main', 'host=10.0.0.5 sslmode=«disable» user=app');\n", fixed: "SELECT dblink_connect('main', 'host=10.0.0.5 sslmode=verify-full user=app');\n" },
    {
      bad: "DO 'BEGIN PERFORM dblink_exec(''postgresql://app@db1/app?sslmode=«require»'', ''SELECT 1''); END';\n",
      fixed: "DO 'BEGIN PERFORM dblink_exec(''postgresql://app@db1/app?sslmode=verify-full'', ''SELECT 1''); END';\n",
      because: 'It is encrypted, but by whom is not checked: information.',
    },
    { bad: "ALTER SYSTEM SET primary_conninfo TO «'host=db1 user=repl'»;\n", fixed: "ALTER SYSTEM SET primary_conninfo TO 'host=db1 user=repl sslmode=verify-full';\n" },
    { good: "SELECT dblink_connect('dbname=app');\nSELECT dblink_connect('host=localhost port=5433');\nSELECT dblink_connect('host=/run/postgresql');\n", because: 'These do not leave the machine.' },
    { good: "SELECT dblink_connect('host=db1 ' || options);\nSELECT dblink_connect('host=' || h || ' dbname=a');\n", because: 'What is put behind it may say so.' },
    { good: "SELECT dblink_connect('host=db1 sslmode=require sslrootcert=/etc/ca.crt');\n", because: 'With a root certificate require checks the chain as verify-ca does.' },
    { good: "SELECT dblink_connect('service=primary host=db1');\nSELECT dblink_connect('host={{ primary }}');\nSELECT dblink_connect('host=#db_host port=#db_port');\n", because: 'A service file or a template may say so.' },
    { good: "INSERT INTO app.links VALUES ('postgresql://db1/app');\n", because: 'What it is used for is not known.' },
    { good: "--\n-- PostgreSQL database dump\n--\nCREATE SUBSCRIPTION s CONNECTION 'host=db1 user=repl' PUBLICATION p;\n", because: 'A dump repeats what is decided elsewhere.' },
    { good: "SELECT dblink_connect('host=db1 user=app');\n", path: 'test/sql/dblink.sql' },
    { good: "CREATE SUBSCRIPTION s CONNECTION 'host=db1 user=repl' PUBLICATION p;\nALTER SUBSCRIPTION s CONNECTION 'host=db1 user=repl sslmode=verify-full';\n", because: 'A later statement puts another one in its place.' },
    { bad: "CREATE SUBSCRIPTION s CONNECTION «'host=db1 user=repl'» PUBLICATION p;\nDROP SUBSCRIPTION t;\n", fixed: "CREATE SUBSCRIPTION s CONNECTION 'host=db1 user=repl sslmode=verify-full' PUBLICATION p;\nDROP SUBSCRIPTION t;\n", because: 'That is another subscription.' },
  ],
  *check(facts) {
    if (isSamplePath(facts.document) || isDump(facts.document)) return;
    for (const string of connectionStrings(facts)) {
      const { at, conninfo, whole, template, use } = string;
      const weak = use === 'text' || template ? undefined : weakTls(conninfo, facts.document.version);
      if (!weak || (!whole && !weak.mode) || isReplaced(facts, string)) continue;
      const write = (value: string) => {
        const edits = [writeOption(conninfo, 'sslmode', value, weak.mode)];
        return { safety: 'review' as const, edits, ...value === 'verify-full' && later(stringLater(facts, string, edits)) };
      };
      yield {
        at: weak.mode?.at ?? at,
        message: weak.encrypted
          ? 'Whoever answers in the place of the other server is believed: its certificate is not checked'
          : 'Whoever is between the two servers can read and change what passes between them',
        ...(weak.encrypted && { severity: 'info' as const }),
        fixes: [
          { title: 'Require TLS and check the certificate (sslmode=verify-full)', ...write('verify-full') },
          ...(weak.encrypted ? [] : [{ title: 'Require TLS from anybody (sslmode=require)', ...write('require') }]),
        ],
      };
    }
  },
});

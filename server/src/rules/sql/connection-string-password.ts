import { later } from '../../facts/sql/mending.ts';
import { asPlaceholder } from '../../facts/conf/conf-repairs.ts';
import { type ConnectionString, connectionStrings, isReplaced, stringLater } from '../../facts/sql/connection-strings.ts';
import { isSamplePath } from '../../facts/place.ts';
import { writeOption } from '../../facts/conf/primary.ts';
import type { SqlFacts } from '../../facts/sql.ts';
import { isSecret } from '../../facts/secrets.ts';
import { optionOf, type ConninfoOption } from '../../syntax/conninfo.ts';
import { defineRule, type Fix } from '../rule.ts';

const passwordFile = '/var/lib/postgresql/.pgpass';

export default defineRule({
  language: 'sql',
  severity: 'high',
  title: 'Password in a connection string',
  why: `Who reads this file or its history can log in to the other server. In the database it is no better kept: every role reads the bodies of functions, \
and statements with it go to the log and to pg_stat_activity.`,
  fixing: `The fix names a password file instead. Write the line host:port:database:user:password into it, give it to the server's account with mode 0600, and \
change the password, because it was readable here. dblink and subscriptions of roles that are not superuser need a password in the string: give those a user mapping.`,
  cwe: [798],
  references: [
    'https://www.postgresql.org/docs/current/libpq-pgpass.html', 'https://www.postgresql.org/docs/current/contrib-dblink-connect.html',
    'https://www.postgresql.org/docs/current/sql-createsubscription.html',
  ],
  examples: [
    {
      bad: "CREATE SUBSCRIPTION s CONNECTION 'host=db1 user=repl «password=k7#pQ2xv» dbname=app' PUBLICATION p;\n",
      fixed: "CREATE SUBSCRIPTION s CONNECTION 'host=db1 user=repl passfile=/var/lib/postgresql/.pgpass dbname=app' PUBLICATION p;\n",
    },
    {
      bad: "CREATE FUNCTION app.sync() RETURNS text LANGUAGE plpgsql AS $$ BEGIN RETURN dblink_connect('main', 'host=db1 user=app «password=k7#pQ2xv» dbname=' || current_database()); END $$;\n",
      fixed: "CREATE FUNCTION app.sync() RETURNS text LANGUAGE plpgsql AS $$ BEGIN RETURN dblink_connect('main', 'host=db1 user=app passfile=/var/lib/postgresql/.pgpass dbname=' || current_database()); END $$;\n",
      because: 'Every role can read the body.',
    },
    {
      bad: "SELECT * FROM dblink('postgresql://app«:k7#pQ2xv»@db1/app', 'SELECT 1') AS t(n int);\n",
      fixed: "SELECT * FROM dblink('postgresql://app@db1/app?passfile=/var/lib/postgresql/.pgpass', 'SELECT 1') AS t(n int);\n",
    },
    { bad: "ALTER SYSTEM SET primary_conninfo = 'host=db1 user=repl «password=k7#pQ2xv»';\n", fixed: "ALTER SYSTEM SET primary_conninfo = 'host=db1 user=repl passfile=/var/lib/postgresql/.pgpass';\n" },
    { bad: "INSERT INTO app.shards (url) VALUES ('postgres://app«:k7#pQ2xv»@db1/app');\n", because: 'What it is used for is not known.' },
    { good: "SELECT dblink_connect('host=db1 user=app password=' || app.secret('db1'));\nSELECT dblink_connect(format('host=db1 password=%s', pw));\n", because: 'The password comes from elsewhere.' },
    { good: "CREATE SUBSCRIPTION s CONNECTION 'host=db1 password=${REPL_PASSWORD}' PUBLICATION p;\nSELECT dblink_connect('host=db1 password=<password>');\nSELECT dblink_connect('host=db1 password=xxxx');\n", because: 'These stand for a password.' },
    { good: "SELECT dblink_connect('host=#db_host port=#db_port user=#db_user password=#db_password');\n", because: 'A tool fills all of these places.' },
    { good: "SELECT dblink_exec('main', 'UPDATE u SET a = 1 WHERE password=1');\n", because: 'A statement for the other server is no connection string.' },
    { good: "SELECT dblink_connect('host=db1 user=app password=k7#pQ2xv');\n", path: 'docs/dblink.sql', because: 'It shows how dblink is called.' },
    { good: "-- SELECT dblink_connect('host=db1 password=k7#pQ2xv');\nSELECT 'postgresql://app@db1/app';\n" },
    { good: "ALTER SYSTEM SET primary_conninfo = 'host=db1 user=repl password=k7#pQ2xv';\nALTER SYSTEM SET primary_conninfo = 'host=db1 user=repl passfile=/etc/pg/.pgpass';\n", because: 'A later statement puts another one in its place.' },
  ],
  *check(facts) {
    if (isSamplePath(facts.document)) return;
    for (const string of connectionStrings(facts)) {
      const password = optionOf(string.conninfo, 'password');
      if (password === undefined || !isSecret(password.value) || standsForOne(string, password.value) || isReplaced(facts, string)) continue;
      yield { at: password.span, message: 'Whoever reads this file can log in to the other server with this password', fixes: withFile(facts, string, password) };
    }
  },
});

/** `host=#host password=#password`: it is written like the places that a tool fills. */
function standsForOne({ conninfo }: ConnectionString, password: string): boolean {
  const sign = /^[#&!~^?]/.exec(password)?.[0];
  return sign !== undefined && ['host', 'port'].some((keyword) => optionOf(conninfo, keyword)?.value.startsWith(sign));
}

function withFile(facts: SqlFacts, string: ConnectionString, password: ConninfoOption): Fix[] {
  const { conninfo, use, whole } = string;
  if (use === 'text' || (conninfo.form === 'uri' && !whole)) return [];
  const edits = conninfo.form === 'uri'
    ? [{ span: password.span, text: '' }, asPlaceholder(writeOption(conninfo, 'passfile', passwordFile), passwordFile)]
    : [asPlaceholder({ span: password.span, text: `passfile=${passwordFile}` }, passwordFile)];
  const instead = stringLater(facts, string, edits);
  const statement = instead && `-- The old password is known to who reads these files: change it on the other server.\n${instead}`;
  return [{ title: 'Name a password file instead', safety: 'review', edits, ...later(statement, passwordFile) }];
}

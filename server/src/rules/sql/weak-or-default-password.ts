import { passwordRepairs, writtenPasswords } from '../../facts/sql/passwords.ts';
import { isSamplePath, isTrial } from '../../facts/place.ts';
import { displayRole, isBuiltinSuperuser, optionOf } from '../../facts/sql/role-statements.ts';
import { replaceIn } from '../../facts/sql/sql-edits.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'sql',
  severity: 'high',
  title: 'Password of a role that is guessed first',
  why: `Programs that search the Internet for open servers try the name of the role, postgres, admin, changeme and some thousand others within
minutes, and every password of less than eight characters soon after. For a superuser that gives them the machine as well.`,
  fixing: `The first fix lets psql put the password in from a variable (psql -v app_password=…); fill it with a long random one. Outside of psql leave the
password out and set it with \\password. Set a new one on every server that ran the statement, since this one counts as known.`,
  cwe: [521, 1392],
  references: ['https://www.postgresql.org/docs/current/sql-createrole.html', 'https://www.postgresql.org/docs/current/passwordcheck.html'],
  examples: [
    { bad: "CREATE ROLE app LOGIN PASSWORD «'App'»;\n", fixed: "CREATE ROLE app LOGIN PASSWORD :'app_password';\n" },
    { bad: "ALTER USER postgres WITH PASSWORD «'postgres'»; -- first login\n", fixed: "ALTER USER postgres WITH PASSWORD :'postgres_password'; -- first login\n" },
    { bad: "CREATE USER web PASSWORD «'changeme123'» IN ROLE readers;\nCREATE ROLE etl PASSWORD «'x9!Kq2'»;\n", fixed: "CREATE USER web PASSWORD :'web_password' IN ROLE readers;\nCREATE ROLE etl PASSWORD :'etl_password';\n" },
    { bad: "DO $$ BEGIN CREATE ROLE app LOGIN PASSWORD «$p$secret$p$»; END $$;\n", fixed: 'DO $$ BEGIN CREATE ROLE app LOGIN; END $$;\n' },
    { bad: "ALTER ROLE app PASSWORD «''»;\n", fixed: 'ALTER ROLE app PASSWORD NULL;\n', because: 'The server takes an empty one for none, with a notice: low.' },
    { bad: "CREATE USER app PASSWORD «'app'»;\n", path: 'docker/init.sql', because: 'A database to try things out: information.' },
    { good: "CREATE ROLE app LOGIN PASSWORD 'correct horse battery staple';\n", because: 'Not weak; sql/plaintext-password tells what else is wrong.' },
    { good: "CREATE ROLE app LOGIN PASSWORD :'pw';\nCREATE ROLE web LOGIN PASSWORD '$PW';\nCREATE ROLE etl LOGIN PASSWORD '****';\nCREATE ROLE old LOGIN PASSWORD '%s';\n", because: 'Something else puts the password in.' },
    { good: 'ALTER ROLE app PASSWORD NULL;\n' },
    { good: "CREATE ROLE app PASSWORD 'md5a2b5c0f1a2b5c0f1a2b5c0f1a2b5c0f1';\n", because: 'A hash, whatever it stands for.' },
  ],
  *check(facts) {
    for (const password of writtenPasswords(facts)) {
      const { statement: { command, role }, value, kind } = password;
      if (kind === 'empty') {
        const [edit] = replaceIn(command, value, 'NULL');
        yield {
          at: command.inFile(value),
          message: `${displayRole(role)} has no password after this: the server takes an empty one for none`,
          severity: 'low',
          fixes: edit ? [{ title: 'Say NULL, if that is meant', safety: 'review', edits: [edit] }] : [],
        };
      }
      if (kind !== 'weak') continue;
      const superuser = isBuiltinSuperuser(role) || optionOf(password.statement, 'SUPERUSER')?.on === true;
      yield {
        at: command.inFile(value),
        message: `The password of ${displayRole(role)} is among the first that are tried: anybody can become this ${superuser ? 'superuser' : 'role'}`,
        ...((isTrial(facts.document) || isSamplePath(facts.document)) && { severity: 'info' as const }),
        fixes: passwordRepairs(facts.document, password).map((repair) => ({ ...repair, safety: 'review' })),
      };
    }
  },
});

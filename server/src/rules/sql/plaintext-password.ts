import { asksToBeChanged, passwordRepairs, writtenPasswords } from '../../facts/sql/passwords.ts';
import { isSamplePath, isTrial } from '../../facts/place.ts';
import { displayRole } from '../../facts/sql/role-statements.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'sql',
  severity: 'high',
  title: 'Password of a role in clear text',
  why: `Everybody who can read the file, its history or a copy of it knows the password. The server writes it into its log as well when
log_statement is ddl, mod or all, or when the statement fails, and pg_stat_activity shows it while the statement runs.`,
  fixing: `The first fix lets psql put the password in from a variable: psql -v app_password=… or \\set, from where your secrets are kept. It works in
scripts that psql runs; for Flyway it writes a placeholder. Elsewhere leave the password out and set it with \\password in psql, which sends only a verifier.
The old password is known now: set a new one on every server that ran the statement.`,
  cwe: [798, 532],
  references: [
    'https://www.postgresql.org/docs/current/sql-createrole.html',
    'https://www.postgresql.org/docs/current/app-psql.html#APP-PSQL-META-COMMAND-PASSWORD',
  ],
  examples: [
    { bad: "CREATE ROLE app LOGIN PASSWORD «'Tr0ub4dor&3'»;\n", fixed: "CREATE ROLE app LOGIN PASSWORD :'app_password';\n" },
    { bad: "ALTER USER \"web-app\" WITH ENCRYPTED PASSWORD «'Tr0ub4dor&3'» VALID UNTIL '2030-01-01'; -- rotated\n", fixed: "ALTER USER \"web-app\" WITH ENCRYPTED PASSWORD :'web_app_password' VALID UNTIL '2030-01-01'; -- rotated\n" },
    {
      bad: "DO $$ BEGIN\n  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'app') THEN\n    CREATE ROLE app LOGIN PASSWORD «'Tr0ub4dor&3'»;\n  END IF;\nEND $$;\n",
      fixed: "DO $$ BEGIN\n  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'app') THEN\n    CREATE ROLE app LOGIN;\n  END IF;\nEND $$;\n",
      because: 'psql puts no variables into a quoted body, so the password is left out.',
    },
    { bad: "DO $$ BEGIN EXECUTE 'CREATE ROLE app LOGIN PASSWORD «''Tr0ub4dor&3''»'; END $$;\n", fixed: "DO $$ BEGIN EXECUTE 'CREATE ROLE app LOGIN'; END $$;\n" },
    {
      bad: "SELECT 'CREATE ROLE app LOGIN PASSWORD «''Tr0ub4dor&3''»' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'app')\\gexec\n",
      fixed: "SELECT 'CREATE ROLE app LOGIN' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'app')\\gexec\n",
    },
    { bad: "CREATE ROLE app LOGIN PASSWORD «'Tr0ub4dor&3'»;\n", fixed: "CREATE ROLE app LOGIN PASSWORD '${app_password}';\n", path: 'db/V3__roles.sql', because: 'Flyway puts placeholders in.' },
    { bad: "CREATE ROLE app LOGIN PASSWORD «'CHANGEME_APP'»;\n", fixed: "CREATE ROLE app LOGIN PASSWORD :'app_password';\n", because: 'It asks to be changed, and holds until somebody does: medium.' },
    { bad: "CREATE USER app PASSWORD «'Tr0ub4dor&3'»;\n", path: 'tests/setup.sql', because: 'A database for tests: information.' },
    {
      path: 'migrations/1_roles.sql', files: { '2_rotate.sql': 'ALTER ROLE app PASSWORD NULL;\n' },
      good: "CREATE ROLE app LOGIN PASSWORD 'Tr0ub4dor&3';\n", because: 'A later migration takes the password out of use.',
    },
    { good: "CREATE ROLE app LOGIN PASSWORD :'app_password';\nCREATE ROLE web LOGIN PASSWORD '${WEB_PASSWORD}';\nCREATE ROLE etl LOGIN PASSWORD '{{ etl_password }}';\nCREATE ROLE old LOGIN PASSWORD '@old.password@';\nCREATE ROLE job LOGIN PASSWORD '##JOB_PASSWORD##';\n", because: 'Something else puts the password in.' },
    { good: "DO $$ BEGIN EXECUTE format('CREATE ROLE app LOGIN PASSWORD %L', current_setting('my.password')); END $$;\n", because: 'The password comes from outside.' },
    { good: "ALTER ROLE app PASSWORD NULL;\nSELECT 'CREATE ROLE app PASSWORD ''Tr0ub4dor&3''';\n", because: 'Without \\gexec nothing runs that text.' },
    {
      good: "CREATE ROLE app LOGIN PASSWORD 'SCRAM-SHA-256$4096:c2FsdHNhbHRzYWx0c2FsdA==$8mQPTpJZ2p7CZWiFSyZ2IG9fAZaMKLzZbQ5sZEYkJ1E=:x9Rzy9tHcOGTyKZ4y1kXnUdlMfCqSMc4h3e4Xo4JOcU=';\n",
      because: 'A verifier does not tell the password.',
    },
    { good: "CREATE ROLE app LOGIN PASSWORD '<password>';\n", because: 'The reader is asked to write one.' },
    { good: "CREATE USER MAPPING FOR app SERVER other OPTIONS (user 'app', password 'Tr0ub4dor&3');\n", because: 'That is a password for another server.' },
    { good: "CREATE USER 'app'@'%' IDENTIFIED BY 'Tr0ub4dor&3';\n", because: 'This is another database.' },
  ],
  *check(facts) {
    for (const password of writtenPasswords(facts)) {
      if (password.kind !== 'clear') continue;
      const { command, role } = password.statement;
      yield {
        at: command.inFile(password.value),
        ...asksToBeChanged(password)
          ? { severity: 'medium' as const, message: `Anybody who reads this file can log in as ${displayRole(role)} until somebody sets another password` }
          : { message: `Anybody who reads this file, its history or the server log knows the password of ${displayRole(role)}` },
        ...((isTrial(facts.document) || isSamplePath(facts.document)) && { severity: 'info' as const }),
        fixes: passwordRepairs(facts.document, password).map((repair) => ({ ...repair, safety: 'review' })),
      };
    }
  },
});

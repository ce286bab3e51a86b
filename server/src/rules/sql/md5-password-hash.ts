import { passwordRepairs, writtenPasswords } from '../../facts/sql/passwords.ts';
import { isTrial } from '../../facts/place.ts';
import { displayRole } from '../../facts/sql/role-statements.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'sql',
  severity: 'medium',
  title: 'MD5 hash of a password',
  why: `An MD5 hash lets in whoever has it: no password is needed to answer the server with it where pg_hba.conf says md5. The password behind it
is guessed at billions of tries per second, since the hash has no other salt than the role's name.`,
  fixing: `The first fix lets psql put a password in from a variable, which the server stores as SCRAM-SHA-256. Elsewhere leave it out and set it with
\\password. Records of pg_hba.conf with md5 let both kinds in. A hash that was readable for others counts as a known password.`,
  cwe: [916, 328, 798],
  references: ['https://www.postgresql.org/docs/current/auth-password.html', 'https://www.postgresql.org/docs/current/sql-createrole.html'],
  examples: [
    { bad: "CREATE ROLE app LOGIN PASSWORD «'md5d3b07384d113edec49eaa6238ad5ff00'»;\n", fixed: "CREATE ROLE app LOGIN PASSWORD :'app_password';\n" },
    { bad: "ALTER ROLE app WITH NOSUPERUSER LOGIN PASSWORD «'md5d3b07384d113edec49eaa6238ad5ff00'»;\n", fixed: "ALTER ROLE app WITH NOSUPERUSER LOGIN PASSWORD :'app_password';\n", version: 15, because: 'As pg_dumpall writes it.' },
    { good: "CREATE ROLE app LOGIN PASSWORD 'md5 is not enough here';\n", because: 'No hash, just a password that begins so.' },
    { good: "CREATE ROLE app LOGIN PASSWORD 'MD5D3B07384D113EDEC49EAA6238AD5FF00';\n", because: 'In capitals the server takes it for a password in clear text.' },
    {
      good: "CREATE ROLE app LOGIN PASSWORD 'SCRAM-SHA-256$4096:c2FsdHNhbHRzYWx0c2FsdA==$8mQPTpJZ2p7CZWiFSyZ2IG9fAZaMKLzZbQ5sZEYkJ1E=:x9Rzy9tHcOGTyKZ4y1kXnUdlMfCqSMc4h3e4Xo4JOcU=';\n",
    },
  ],
  *check(facts) {
    for (const password of writtenPasswords(facts)) {
      if (password.kind !== 'md5') continue;
      const { command, role } = password.statement;
      yield {
        at: command.inFile(password.value),
        message: `Whoever reads this MD5 hash can log in as ${displayRole(role)} without knowing the password`,
        severity: isTrial(facts.document) ? 'info' : facts.document.version >= 18 ? 'high' : 'medium',
        fixes: passwordRepairs(facts.document, password).map((repair) => ({ ...repair, safety: 'review' })),
      };
    }
  },
});

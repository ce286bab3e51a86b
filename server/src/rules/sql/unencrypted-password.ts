import { optionOf, roleStatements } from '../../facts/sql/role-statements.ts';
import { removeFrom } from '../../facts/sql/sql-edits.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'sql',
  severity: 'medium',
  title: 'Password is asked to be stored in clear text',
  why: `Up to version 9.6 the server stored such a password as it is: whoever read a backup or the system catalogue had it. Later versions
refuse the statement, so the role is not made, or keeps the password it had.`,
  fixing: 'The fix takes the word out. The server then stores what password_encryption says: a SCRAM-SHA-256 verifier by default.',
  cwe: [256],
  references: ['https://www.postgresql.org/docs/current/sql-createrole.html'],
  examples: [
    { bad: "CREATE ROLE app LOGIN «UNENCRYPTED» PASSWORD :'pw';\n", fixed: "CREATE ROLE app LOGIN PASSWORD :'pw';\n" },
    { bad: "ALTER USER app WITH «unencrypted»\n  PASSWORD '${PW}'; -- legacy client\n", fixed: "ALTER USER app WITH\n  PASSWORD '${PW}'; -- legacy client\n" },
    { good: "CREATE ROLE app LOGIN ENCRYPTED PASSWORD :'pw';\nCREATE ROLE unencrypted LOGIN PASSWORD :'pw';\n" },
  ],
  *check(facts) {
    for (const statement of roleStatements(facts)) {
      const option = optionOf(statement, 'PASSWORD');
      const word = option && statement.command.written.text.slice(option.at.start).match(/^unencrypted\b/i)?.[0];
      if (option === undefined || word === undefined) continue;
      const span = { start: option.at.start, end: option.at.start + word.length };
      yield {
        at: statement.command.inFile(span),
        message: 'PostgreSQL 10 and later refuse this statement; older ones store the password in clear text',
        fixes: [{ title: 'Let the server store a verifier', safety: 'review', edits: removeFrom(statement.command, span) }],
      };
    }
  },
});

import { later } from '../../facts/sql/mending.ts';
import { alterRole, displayRole, loginsLeft, optionOf } from '../../facts/sql/role-statements.ts';
import { asPlaceholder } from '../../facts/conf/conf-repairs.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'sql',
  severity: 'info',
  presets: ['strict'],
  title: 'Password of a role never expires',
  why: `A password without VALID UNTIL is good for ever: one that leaked years ago, or that belongs to somebody who left, still lets in. With a date
somebody has to set a new one in time.`,
  fixing: `The fix writes a date for you to replace. From that day on the role cannot log in with the password: put the change into a calendar first.
Other ways to log in, such as certificates, are not affected.`,
  cwe: [262],
  references: ['https://www.postgresql.org/docs/current/sql-createrole.html'],
  examples: [
    { bad: "CREATE ROLE anna LOGIN PASSWORD «:'pw'»;\n", good: "CREATE ROLE anna LOGIN PASSWORD :'pw' VALID UNTIL '2030-01-01';\n" },
    { bad: "CREATE USER anna PASSWORD «:'pw'» CONNECTION LIMIT 3; -- new\n", good: "CREATE USER anna PASSWORD :'pw' VALID UNTIL '2030-01-01' CONNECTION LIMIT 3; -- new\n" },
    { good: "CREATE ROLE anna LOGIN PASSWORD :'pw';\nALTER ROLE anna VALID UNTIL '2030-01-01';\n", because: 'A later statement sets the date.' },
    { good: 'CREATE ROLE anna LOGIN;\nCREATE ROLE staff NOLOGIN;\n', because: 'Without a password there is none to expire.' },
    { good: "ALTER ROLE anna PASSWORD :'pw';\n", because: 'The role may have a date already.' },
    { good: "CREATE ROLE anna LOGIN PASSWORD :'pw' {{ options }};\n", because: 'What a template becomes is not known.' },
    { good: "CREATE ROLE anna LOGIN PASSWORD NULL;\n" },
  ],
  *check(facts) {
    for (const { statement, left } of loginsLeft(facts)) {
      const { command, role, complete } = statement;
      const value = optionOf(statement, 'PASSWORD')?.value;
      if (value === undefined || !complete || left.password?.null || left.validUntil !== undefined) continue;
      const text = command.quote(" VALID UNTIL '2030-01-01'");
      const at = command.inFile(value);
      yield {
        at,
        message: `The password of ${displayRole(role)} is good for ever, also after it leaked or its owner left`,
        fixes: text === undefined ? [] : [{
          title: 'Let it expire on a day of your choice', safety: 'review',
          edits: [asPlaceholder({ span: { start: at.end, end: at.end }, text }, '2030-01-01')], ...later(alterRole(role, "VALID UNTIL '2030-01-01'"), '2030-01-01'),
        }],
      };
    }
  },
});

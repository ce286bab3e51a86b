import { later } from '../../facts/sql/mending.ts';
import { asPlaceholder } from '../../facts/conf/conf-repairs.ts';
import { alterRole, displayRole, loginsLeft, optionOf } from '../../facts/sql/role-statements.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'sql',
  severity: 'info',
  presets: ['strict'],
  title: 'Role may take every connection of the server',
  why: `A program that forgets to close its connections, or somebody with its password, takes all of max_connections, and nobody else gets in but
superusers. A limit per role keeps the damage with that role.`,
  fixing: `The fix writes a limit for you to replace: what the pool of the program opens at most, and a few more. Beyond it the server refuses the role.`,
  cwe: [770],
  references: ['https://www.postgresql.org/docs/current/sql-createrole.html'],
  examples: [
    { bad: 'CREATE ROLE app «LOGIN»;\n', good: 'CREATE ROLE app LOGIN CONNECTION LIMIT 20;\n' },
    { bad: "CREATE USER «app» PASSWORD :'pw'; -- web\n", good: "CREATE USER app CONNECTION LIMIT 20 PASSWORD :'pw'; -- web\n" },
    { bad: 'CREATE ROLE app «LOGIN» CONNECTION LIMIT -1;\n', because: 'Minus one means none.' },
    { good: 'CREATE ROLE staff NOLOGIN;\nCREATE ROLE writers;\n', because: 'Nobody logs in as these.' },
    { good: 'CREATE ROLE app LOGIN;\nALTER ROLE app CONNECTION LIMIT 20;\n', because: 'A later statement sets it.' },
    { good: 'CREATE ROLE dba SUPERUSER LOGIN;\n', because: 'The limit does not hold for superusers.' },
    { good: 'CREATE ROLE app LOGIN {{ limit }};\n', because: 'What a template becomes is not known.' },
  ],
  *check(facts) {
    for (const { statement, left } of loginsLeft(facts)) {
      const { command, role, complete } = statement;
      if (!complete || left.attributes.superuser.on || (left.connectionLimit !== undefined && left.connectionLimit.value !== -1)) continue;
      const at = command.inFile(optionOf(statement, 'LOGIN')?.at ?? role);
      const edit = { span: { start: at.end, end: at.end }, text: ' CONNECTION LIMIT 20' };
      yield {
        at,
        message: `${displayRole(role)} can take every connection of the server, and nobody else gets in`,
        fixes: left.connectionLimit ? [] : [{ title: 'Limit its connections', safety: 'review', edits: [asPlaceholder(edit, '20')], ...later(alterRole(role, 'CONNECTION LIMIT 20'), '20') }],
      };
    }
  },
});

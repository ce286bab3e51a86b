import { attributesInForce, displayRole, takeAway } from '../../facts/sql/role-statements.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'sql',
  severity: 'info',
  title: 'Role may create databases',
  why: `Whoever takes over a role with CREATEDB can fill the disk with copies of databases and create databases that it owns, in which it may do
as it likes: change every object, keep data where no backup and no audit looks.`,
  fixing: 'The fix takes the right away. Programs that create databases, such as a test runner, need a role of their own for it.',
  cwe: [250],
  references: ['https://www.postgresql.org/docs/current/role-attributes.html', 'https://www.postgresql.org/docs/current/sql-createdatabase.html'],
  examples: [
    { bad: 'CREATE ROLE app LOGIN «CREATEDB»;\n', fixed: 'CREATE ROLE app LOGIN NOCREATEDB;\n' },
    { bad: 'ALTER USER app «createdb»; -- tests\n', fixed: 'ALTER USER app nocreatedb; -- tests\n' },
    { good: 'CREATE ROLE app LOGIN NOCREATEDB;\nCREATE ROLE createdb;\n' },
    { good: 'ALTER ROLE postgres WITH CREATEDB;\nCREATE ROLE dba SUPERUSER CREATEDB;\n', because: 'A superuser may do it anyway.' },
    { good: 'ALTER ROLE app CREATEDB;\nCREATE DATABASE shop OWNER app;\nALTER ROLE app NOCREATEDB;\n', because: 'The file takes it back.' },
  ],
  *check(facts) {
    for (const attribute of attributesInForce(facts, 'CREATEDB')) {
      const { statement: { command, role }, option } = attribute;
      yield {
        at: command.inFile(option.at),
        message: `${displayRole(role)} can create databases of its own on this server`,
        fixes: takeAway(attribute).map((repair) => ({ title: 'Take the right to create databases away', safety: 'review', ...repair })),
      };
    }
  },
});

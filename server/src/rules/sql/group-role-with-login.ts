import { displayRole, loginsLeft, optionOf, takeAway } from '../../facts/sql/role-statements.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'sql',
  severity: 'info',
  title: 'Role that others are members of may log in itself',
  why: `A role that is granted to others collects their privileges. When it can log in as well, people use its password instead of their own
role, nobody can tell who did what, and taking the membership from one of them changes nothing.`,
  fixing: `The fix takes LOGIN from it. Whoever logs in as this role needs a role of his own that is a member of it: look into pg_stat_activity and
the log first.`,
  cwe: [286],
  references: ['https://www.postgresql.org/docs/current/role-membership.html'],
  examples: [
    {
      bad: 'CREATE ROLE staff «LOGIN»;\nCREATE ROLE anna LOGIN;\nCREATE ROLE bert LOGIN;\nGRANT staff TO anna, bert;\n',
      fixed: 'CREATE ROLE staff NOLOGIN;\nCREATE ROLE anna LOGIN;\nCREATE ROLE bert LOGIN;\nGRANT staff TO anna, bert;\n',
    },
    { bad: 'CREATE USER «staff»;\nCREATE USER anna IN ROLE staff;\nCREATE USER bert IN ROLE staff;\n', because: 'CREATE USER means LOGIN.' },
    { good: 'CREATE ROLE staff NOLOGIN;\nCREATE ROLE anna LOGIN;\nCREATE ROLE bert LOGIN;\nGRANT staff TO anna, bert;\n' },
    { good: 'CREATE ROLE owner LOGIN;\nCREATE ROLE deploy LOGIN;\nGRANT owner TO deploy;\n', because: 'One member is no group: it acts for that role, as tools for migrations do.' },
    { good: 'CREATE ROLE staff LOGIN;\nGRANT staff TO anna, bert;\nALTER ROLE staff NOLOGIN;\n', because: 'The file takes it back.' },
    { good: 'CREATE ROLE web LOGIN;\nGRANT SELECT ON orders TO web;\nGRANT readers TO web, etl;\n' },
  ],
  *check(facts) {
    for (const { statement } of loginsLeft(facts)) {
      const { command, role } = statement;
      const members = new Set(facts.schema.memberships.filter((membership) => membership.role === role.name).map(({ member }) => member));
      if (members.size < 2) continue;
      const option = optionOf(statement, 'LOGIN');
      yield {
        at: command.inFile(option?.at ?? role),
        message: `${members.size} roles are members of ${displayRole(role)}, which can log in itself: who did what cannot be told`,
        fixes: option ? takeAway({ statement, option }).map((repair) => ({ title: 'Let nobody log in as this role', safety: 'review', ...repair })) : [],
      };
    }
  },
});

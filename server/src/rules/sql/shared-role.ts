import { displayRole, loginsLeft, optionOf, takeAway } from '../../facts/sql/role-statements.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'sql',
  severity: 'info',
  presets: ['strict'],
  title: 'Role seems to be shared by several people',
  why: `When several people log in as one role, the log cannot tell who did what, and the password has to change for all of them when one leaves,
so it does not. The name of the role says that it is meant for a group.`,
  fixing: `The fix takes LOGIN from the role. Give each person a role of his own and grant this one to it, so that the privileges stay in one place.`,
  cwe: [286],
  references: ['https://www.postgresql.org/docs/current/role-membership.html'],
  examples: [
    { bad: 'CREATE ROLE developers «LOGIN»;\n', fixed: 'CREATE ROLE developers NOLOGIN;\n' },
    { bad: "CREATE USER «bi_team» PASSWORD :'pw';\n", because: 'CREATE USER means LOGIN.' },
    { good: 'CREATE ROLE developers;\nCREATE ROLE anna LOGIN;\nCREATE ROLE teamcity LOGIN;\n' },
    { good: 'CREATE ROLE developers LOGIN;\nALTER ROLE developers NOLOGIN;\n', because: 'The file takes it back.' },
  ],
  *check(facts) {
    for (const { statement } of loginsLeft(facts)) {
      const { command, role } = statement;
      if (!meansSeveral.test(role.name)) continue;
      const option = optionOf(statement, 'LOGIN');
      yield {
        at: command.inFile(option?.at ?? role),
        message: `Who did what cannot be told when several people log in as ${displayRole(role)}`,
        fixes: option ? takeAway({ statement, option }).map((repair) => ({ title: 'Let nobody log in as this role', safety: 'review', ...repair })) : [],
      };
    }
  },
});

const meansSeveral = /(^|[_-])(team|shared|everyone|everybody|users|admins|dbas|developers|devs|engineers|analysts|staff|employees|interns|people|common)$/i;

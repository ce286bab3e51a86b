import { almostTaken } from '../../facts/sql/almost.ts';
import { displayRole, isBuiltinSuperuser, isRunner } from '../../facts/sql/role-statements.ts';
import { isTrustedRole } from '../../facts/sql/trusted-roles.ts';
import { isTrial } from '../../facts/place.ts';
import { adminInForce, adminRepairs, roleGrants } from '../../facts/sql/role-grants.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'sql',
  severity: 'medium',
  title: 'Member of a role may give the role to others',
  why: `With ADMIN OPTION a member makes anybody else a member, and takes the role from others. Whoever takes the account over hands its rights on to
an account of his own. Taking the option back does not end memberships that were given through it up to version 15.`,
  fixing: `The first fix leaves the option out: the membership stays, passing it on ends. Whoever gave the role to others through it cannot any more; look
into pg_auth_members for what was given already.`,
  cwe: [269],
  references: ['https://www.postgresql.org/docs/current/sql-grant.html', 'https://www.postgresql.org/docs/current/role-membership.html'],
  examples: [
    { bad: 'GRANT staff TO anna «WITH ADMIN OPTION»;\n', fixed: 'GRANT staff TO anna;\n' },
    { bad: 'GRANT staff TO anna WITH «ADMIN TRUE», INHERIT FALSE; -- head of team\n', fixed: 'GRANT staff TO anna WITH ADMIN FALSE, INHERIT FALSE; -- head of team\n' },
    { bad: 'CREATE ROLE staff «ADMIN anna»;\n', fixed: 'CREATE ROLE staff ROLE anna;\n' },
    { bad: 'DO $$ BEGIN GRANT staff TO anna «WITH ADMIN OPTION»; END $$;\n', fixed: 'DO $$ BEGIN GRANT staff TO anna; END $$;\n', version: 15 },
    { good: 'GRANT staff TO anna;\nGRANT staff TO bert WITH ADMIN FALSE;\nGRANT staff TO carl WITH INHERIT TRUE, SET FALSE;\n' },
    { good: 'GRANT SELECT ON orders TO anna WITH GRANT OPTION;\n', because: 'That is about a privilege.' },
    { good: 'CREATE ROLE staff;\nGRANT staff TO SESSION_USER WITH ADMIN OPTION;\n', because: 'Whoever runs this made the role.' },
    { good: 'GRANT staff TO postgres WITH ADMIN OPTION;\n', because: 'A superuser may do it anyway.' },
    { good: 'GRANT staff TO rds_superuser WITH ADMIN OPTION;\n', because: 'It is what a managed service has in the place of a superuser.' },
    { good: 'GRANT staff TO anna WITH ADMIN OPTION;\nREVOKE ADMIN OPTION FOR staff FROM anna;\n', because: 'The file takes it back.' },
  ],
  *check(facts) {
    for (const grant of roleGrants(facts)) {
      const { command, members, roles } = grant;
      const admin = adminInForce(facts, grant);
      if (admin === undefined || members.every((member) => isBuiltinSuperuser(member) || isRunner(member) || isTrustedRole(member.name))) continue;
      const who = members.length === 1 ? displayRole(members[0]!) : 'Each of these roles';
      yield {
        at: command.inFile(admin),
        message: `${who} can make anybody a member of ${roles.length === 1 ? displayRole(roles[0]!) : 'these roles'}`,
        ...(isTrial(facts.document) && { severity: 'info' as const }),
        related: almostTaken(facts, grant, roles, true),
        fixes: adminRepairs(grant, facts.document.version).map((repair) => ({ ...repair, safety: 'review' })),
      };
    }
  },
});

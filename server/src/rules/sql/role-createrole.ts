import { isTrial } from '../../facts/place.ts';
import { attributesInForce, displayRole, takeAway } from '../../facts/sql/role-statements.ts';
import { isPlatformRole } from '../../facts/sql/trusted-roles.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'sql',
  severity: 'medium',
  title: 'Role may create and change other roles',
  why: `Up to version 15 such a role may grant itself every role that is no superuser, pg_execute_server_program among them, and set the password of
all these roles: it is a superuser in all but name. From version 16 on it rules over the roles that it created or that it got with ADMIN OPTION.`,
  fixing: `The fix takes the right away. Create roles as a superuser, or in a routine with SECURITY DEFINER that makes exactly the kind of role that is
needed. Programs that create roles through this one cannot any more.`,
  cwe: [269],
  references: ['https://www.postgresql.org/docs/current/role-attributes.html', 'https://www.postgresql.org/docs/15/role-attributes.html'],
  examples: [
    { bad: 'CREATE ROLE helpdesk LOGIN «CREATEROLE»;\n', fixed: 'CREATE ROLE helpdesk LOGIN NOCREATEROLE;\n' },
    { bad: 'ALTER USER app «createrole» NOCREATEDB; -- sign-up\n', fixed: 'ALTER USER app nocreaterole NOCREATEDB; -- sign-up\n', version: 15, because: 'Up to 15: high.' },
    { good: 'CREATE ROLE helpdesk LOGIN NOCREATEROLE;\nCREATE ROLE createrole;\n' },
    { good: 'ALTER ROLE app CREATEROLE;\nCREATE ROLE reports;\nALTER ROLE app NOCREATEROLE;\n', because: 'The file takes it back.' },
    { good: 'CREATE ROLE dba SUPERUSER CREATEROLE;\n', because: 'A superuser may do it anyway; sql/role-superuser tells about that.' },
    { good: 'ALTER ROLE postgres WITH CREATEROLE;\n', because: 'The role that every cluster begins with.' },
  ],
  *check(facts) {
    const nearSuperuser = facts.document.version < 16;
    for (const attribute of attributesInForce(facts, 'CREATEROLE')) {
      const { statement: { command, role }, option } = attribute;
      yield {
        at: command.inFile(option.at),
        message: nearSuperuser
          ? `${displayRole(role)} can grant itself any role and set the password of any that is no superuser`
          : `${displayRole(role)} can create roles, and rule over those that it created`,
        severity: isTrial(facts.document) || isPlatformRole(role.name) ? 'info' : nearSuperuser ? 'high' : 'medium',
        fixes: takeAway(attribute).map((repair) => ({ title: 'Take the right to create roles away', safety: 'review', ...repair })),
      };
    }
  },
});

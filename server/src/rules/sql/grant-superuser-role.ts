import { almostTaken } from '../../facts/sql/almost.ts';
import type { NamePart } from '../../facts/sql/cursor.ts';
import { displayRole, isBuiltinSuperuser, isRunner } from '../../facts/sql/role-statements.ts';
import { isTrial } from '../../facts/place.ts';
import { grantedRoles, grantRepairs, superusersOf } from '../../facts/sql/role-grants.ts';
import { isPlatformRole } from '../../facts/sql/trusted-roles.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'sql',
  severity: 'high',
  title: 'Role is a member of a superuser',
  why: `A member of a superuser becomes superuser with one SET ROLE, and no password is asked. Lists of superusers do not show it, so nobody who looks
after them knows that it is one.`,
  fixing: `The first fix takes the grant out of the file. Grant the role what it needs from roles that are no superusers. On servers that ran the
statement, revoke it as well.`,
  cwe: [250, 269],
  references: ['https://www.postgresql.org/docs/current/role-membership.html', 'https://www.postgresql.org/docs/current/sql-set-role.html'],
  examples: [
    { bad: 'CREATE ROLE app LOGIN;\nGRANT «postgres» TO app;\n', fixed: 'CREATE ROLE app LOGIN;\n' },
    { bad: 'CREATE ROLE dba SUPERUSER;\nGRANT «dba», readers TO anna; -- on call\n', fixed: 'CREATE ROLE dba SUPERUSER;\nGRANT readers TO anna; -- on call\n' },
    { bad: 'CREATE USER app IN ROLE «postgres»;\n', fixed: 'CREATE USER app;\n' },
    { good: 'GRANT app TO postgres;\n', because: 'The other way round gives nothing away.' },
    { good: 'CREATE ROLE dba SUPERUSER;\nGRANT dba TO postgres;\n' },
    { good: 'CREATE ROLE dba SUPERUSER;\nALTER ROLE dba NOSUPERUSER;\nGRANT dba TO anna;\n', because: 'It is an ordinary role.' },
    { good: 'GRANT postgres TO app;\nREVOKE postgres FROM app;\n', because: 'The file takes it back.' },
    { good: 'GRANT ALL ON DATABASE postgres TO app;\n' },
    { good: 'CREATE ROLE dba SUPERUSER;\nGRANT dba TO CURRENT_USER;\nGRANT dba TO SESSION_USER;\n', because: 'Only a superuser can run this.' },
    { good: 'CREATE ROLE dba SUPERUSER;\nGRANT dba TO "${POSTGRES_USER}";\n', because: 'So the container image calls the superuser that it begins with.' },
    { bad: 'CREATE ROLE dba SUPERUSER;\nGRANT «dba» TO CURRENT_USER, clerk;\n', good: 'CREATE ROLE dba SUPERUSER;\nGRANT dba TO CURRENT_USER;\n', because: 'The other one is no superuser yet.' },
  ],
  *check(facts) {
    const superusers = superusersOf(facts);
    for (const granted of grantedRoles(facts)) {
      const { command, role, members } = granted;
      if (!isBuiltinSuperuser(role) && !superusers.has(role.name)) continue;
      if (members.every((member) => isBuiltinSuperuser(member) || superusers.has(member.name) || isFirstUser(member))) continue;
      yield {
        at: command.inFile(role),
        message: `${members.length === 1 ? displayRole(members[0]!) : 'Each of these roles'} can become superuser with SET ROLE ${displayRole(role)}`,
        ...((isTrial(facts.document) || members.every((member) => isPlatformRole(member.name))) && { severity: 'info' as const }),
        related: almostTaken(facts, granted, [granted.role]),
        fixes: grantRepairs(facts, granted).map((repair) => ({ ...repair, safety: 'review' })),
      };
    }
  },
});

/** Whoever can give a superuser away is one, and so is the user that a container image makes first. */
function isFirstUser(member: NamePart): boolean {
  return isRunner(member) || /\bPOSTGRES_USER\b/.test(member.text);
}

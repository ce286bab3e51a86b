import { defineRule } from '../rule.ts';
import type { PrivilegeText } from '../../facts/privilege-text.ts';
import { isEverybody, privilegesIn } from '../../facts/privilege-text.ts';
import { objectIn, revocation } from '../../facts/privilege-words.ts';
import type { SqlCommand } from '../../facts/sql-commands.ts';
import { removeFrom } from '../../facts/sql-edits.ts';
import { isTrustedRole } from '../../facts/trusted-roles.ts';

export default defineRule({
  language: 'sql',
  severity: 'medium',
  title: 'Role may hand its privilege on to anybody',
  why: 'With WITH GRANT OPTION a role decides by itself who else gets the privilege, PUBLIC included, and those may pass it on again. '
    + 'Whoever takes over that role opens the object to others, and taking the privilege away later needs CASCADE.',
  fixing: 'The fix takes the option away and leaves the privilege. Check before whether the role has granted it to others: they keep it until it is revoked with CASCADE.',
  cwe: [269, 732],
  references: ['https://www.postgresql.org/docs/current/sql-grant.html'],
  examples: [
    { bad: 'GRANT SELECT ON app.orders TO partner «WITH GRANT OPTION»;\n', fixed: 'GRANT SELECT ON app.orders TO partner;\n' },
    {
      bad: 'ALTER DEFAULT PRIVILEGES IN SCHEMA app GRANT SELECT ON TABLES TO partner\n  «WITH GRANT OPTION»;\n',
      fixed: 'ALTER DEFAULT PRIVILEGES IN SCHEMA app GRANT SELECT ON TABLES TO partner;\n',
    },
    { good: 'GRANT ALL ON app.orders TO postgres WITH GRANT OPTION;', because: 'A superuser may do that anyway.' },
    { good: 'REVOKE GRANT OPTION FOR SELECT ON app.orders FROM partner;', because: 'It takes the option away.' },
    { good: 'GRANT readers TO partner WITH ADMIN OPTION;', because: 'That is the membership in a role, of which another rule speaks.' },
  ],
  *check({ commands }) {
    for (const { command, text } of privilegesIn(commands)) {
      if (!text.option || text.roles.every((role) => isEverybody(role) || isTrustedRole(role.name))) continue;
      const role = text.roles.length === 1 && text.roles[0]!.text.length <= 24 ? text.roles[0]!.text : 'Each of these roles';
      const edits = removeFrom(command, text.option);
      yield {
        at: command.inFile(text.option),
        message: `${role} can open ${objectIn(command, text)} to any other role`,
        fixes: edits.length > 0 ? [{ title: 'Let the role use the privilege, but not pass it on', safety: 'review', edits, statements: [withdrawal(command, text)] }] : [],
      };
    }
  },
});

function withdrawal(command: SqlCommand, text: PrivilegeText): string {
  const roles = text.roles.map((one) => one.text).join(', ');
  return revocation(command, text, roles).replace(/\bREVOKE /, 'REVOKE GRANT OPTION FOR ');
}

import type { Fix } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { isPublic } from '../../facts/sql/grants.ts';
import type { PrivilegeCommand } from '../../facts/sql/privilege-text.ts';
import { privilegesIn } from '../../facts/sql/privilege-text.ts';
import { isTrial } from '../../facts/place.ts';
import { objectIn, revocation, roleIn } from '../../facts/sql/privilege-words.ts';
import { removeFrom } from '../../facts/sql/sql-edits.ts';
import { isAdministrator, isTrustedRole } from '../../facts/sql/trusted-roles.ts';

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
    { bad: 'GRANT SELECT ON app.orders TO shop_admin «WITH GRANT OPTION»;\n', because: 'An administrator is meant to open things: low.' },
    { good: 'GRANT ALL ON app.orders TO postgres WITH GRANT OPTION;', because: 'A superuser may do that anyway.' },
    { good: 'REVOKE GRANT OPTION FOR SELECT ON app.orders FROM partner;', because: 'It takes the option away.' },
    { good: 'GRANT SELECT ON app.orders TO partner WITH GRANT OPTION;\nREVOKE GRANT OPTION FOR SELECT ON app.orders FROM partner;', because: 'A later statement takes the option back.' },
    { good: 'GRANT readers TO partner WITH ADMIN OPTION;', because: 'That is the membership in a role, of which another rule speaks.' },
  ],
  *check(facts) {
    for (const one of privilegesIn(facts)) {
      const { option, revoke, roles } = one.grant;
      if (!option || revoke) continue;
      const holders = roles.filter((role) => !isPublic(role) && !isTrustedRole(role.name) && (one.left(role)?.some(({ grantable }) => grantable) ?? true));
      if (holders.length === 0) continue;
      yield {
        at: one.command.inFile(option),
        severity: isTrial(facts.document) ? 'info' : holders.every(({ name }) => isAdministrator(name)) ? 'low' : 'medium',
        message: `${roleIn(holders)} can open ${objectIn(one)} to any other role`,
        fixes: withdraw(one, option),
      };
    }
  },
});

function withdraw(one: PrivilegeCommand, option: NonNullable<PrivilegeCommand['grant']['option']>): Fix[] {
  const edits = removeFrom(one.command, option);
  const roles = one.grant.roles.map(({ text }) => text).join(', ');
  const statement = revocation(one, roles).replace(/\bREVOKE /, 'REVOKE GRANT OPTION FOR ');
  return edits.length > 0 ? [{ title: 'Let the role use the privilege, but not pass it on', safety: 'review', edits, statements: [statement] }] : [];
}

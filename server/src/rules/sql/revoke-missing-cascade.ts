import { defineRule } from '../rule.ts';
import { isPublic } from '../../facts/sql/grants.ts';
import type { PrivilegeCommand } from '../../facts/sql/privilege-text.ts';
import { privilegesIn } from '../../facts/sql/privilege-text.ts';
import { roleIn } from '../../facts/sql/privilege-words.ts';
import { replaceIn } from '../../facts/sql/sql-edits.ts';

export default defineRule({
  language: 'sql',
  severity: 'info',
  title: 'REVOKE may fail because the privilege was passed on',
  why: 'A role with the grant option may have given the privilege to others. REVOKE without CASCADE then ends with an error and takes nothing away, '
    + 'so in a script that goes on after errors the role and all the others keep what they have.',
  fixing: 'The fix takes the privilege from everybody who got it through that role as well. Look before who that is, and grant it anew to those who need it.',
  presets: ['strict'],
  cwe: [269],
  references: ['https://www.postgresql.org/docs/current/sql-revoke.html'],
  examples: [
    {
      bad: 'GRANT SELECT ON app.orders TO partner WITH GRANT OPTION;\n«REVOKE» SELECT ON app.orders FROM partner;\n',
      fixed: 'GRANT SELECT ON app.orders TO partner WITH GRANT OPTION;\nREVOKE SELECT ON app.orders FROM partner CASCADE;\n',
    },
    { good: 'GRANT SELECT ON app.orders TO partner WITH GRANT OPTION;\nREVOKE SELECT ON app.orders FROM partner CASCADE;', because: 'It reaches everybody who got it.' },
    { good: 'GRANT SELECT ON app.orders TO partner;\nREVOKE SELECT ON app.orders FROM partner;', because: 'The role could not pass it on.' },
    { good: 'GRANT SELECT ON app.orders TO partner WITH GRANT OPTION;\nREVOKE SELECT ON app.items FROM partner;', because: 'Another table.' },
    { good: 'REVOKE SELECT ON app.orders FROM partner;\nGRANT SELECT ON app.orders TO partner WITH GRANT OPTION;', because: 'The option comes later.' },
  ],
  *check(facts) {
    const passable: PrivilegeCommand[] = [];
    for (const one of privilegesIn(facts)) {
      const { command, grant } = one;
      if (grant.option && !grant.revoke) passable.push(one);
      if (!grant.revoke || grant.cascade || one.defaults) continue;
      const given = passable.filter((other) => sameTarget(one, other)).flatMap((other) => other.grant.roles.map(({ name }) => name));
      const roles = grant.roles.filter((role) => !isPublic(role) && given.includes(role.name));
      if (roles.length === 0) continue;
      const { start } = grant.at;
      const edits = replaceIn(command, { start: command.written.text.length, end: command.written.text.length }, ' CASCADE');
      yield {
        at: command.inFile({ start, end: start + 'REVOKE'.length }),
        message: `${roleIn(roles)} keeps the privilege when it has passed it on: without CASCADE this fails`,
        fixes: edits.length > 0 ? [{ title: 'Take it from those who got it through the role too', safety: 'review', edits }] : [],
      };
    }
  },
});

function sameTarget(a: PrivilegeCommand, b: PrivilegeCommand): boolean {
  return targetOf(a) === targetOf(b);
}

function targetOf({ grant: { on, objects, schemas } }: PrivilegeCommand): string {
  const names = objects.map(({ name }) => name.parts.map((part) => part.name).join('.'));
  return [on, ...names, ...schemas.map(({ name }) => name)].join(' ');
}

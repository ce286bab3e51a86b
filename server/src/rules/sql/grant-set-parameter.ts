import type { Fix } from '../rule.ts';
import { defineRule } from '../rule.ts';
import type { SqlFacts } from '../../facts/sql.ts';
import { powerOf } from '../../facts/sql/parameter-powers.ts';
import { findParameter } from '../../catalog/parameters.ts';
import type { NamePart } from '../../facts/sql/cursor.ts';
import type { GrantObject } from '../../facts/sql/grants.ts';
import { isPublic } from '../../facts/sql/grants.ts';
import type { PrivilegeCommand } from '../../facts/sql/privilege-text.ts';
import { privilegesIn } from '../../facts/sql/privilege-text.ts';
import { roleIn } from '../../facts/sql/privilege-words.ts';
import { removeFromList, removeStatement } from '../../facts/sql/sql-edits.ts';
import { isTrustedRole } from '../../facts/sql/trusted-roles.ts';

export default defineRule({
  language: 'sql',
  severity: 'medium',
  title: 'Role may set a parameter that is meant for superusers',
  why: 'Some parameters are as good as superuser rights: a library or a command that the server loads or runs, triggers that do not fire, a log that stays empty. '
    + 'Whoever takes over the role uses them to act unseen or to take over the server.',
  fixing: 'The fix deletes the grant. Where the role needs one value now and then, a SECURITY DEFINER function that sets just that value is narrower.',
  since: 15,
  cwe: [269, 250],
  references: ['https://www.postgresql.org/docs/current/sql-grant.html', 'https://www.postgresql.org/docs/current/ddl-priv.html'],
  examples: [
    { bad: 'CREATE ROLE etl;\nGRANT SET ON PARAMETER «session_replication_role» TO etl;\n', fixed: 'CREATE ROLE etl;\n' },
    { bad: 'GRANT SET, ALTER SYSTEM ON PARAMETER work_mem, «log_statement» TO ops;\n', fixed: 'GRANT SET, ALTER SYSTEM ON PARAMETER work_mem TO ops;\n' },
    { bad: 'GRANT ALTER SYSTEM ON PARAMETER «archive_command» TO PUBLIC;\n', fixed: '' },
    { good: 'GRANT SET ON PARAMETER track_io_timing, temp_file_limit TO ops;', because: 'These open no door.' },
    { good: 'GRANT SET ON PARAMETER archive_command TO ops;', because: 'SET cannot change what belongs to the whole server, only ALTER SYSTEM can.' },
    { good: 'GRANT ALL ON PARAMETER log_statement TO postgres;', because: 'A superuser sets it anyway.' },
    { good: 'GRANT SET ON PARAMETER row_security TO ops;', because: 'Everybody may set it.' },
    { good: 'REVOKE SET ON PARAMETER session_replication_role FROM etl;', because: 'It takes the privilege away.' },
    { good: 'GRANT SET ON PARAMETER session_replication_role TO etl;', version: 14, because: 'Version 14 does not know such privileges.' },
  ],
  *check(facts) {
    for (const one of privilegesIn(facts)) {
      const { command, grant } = one;
      if (grant.revoke || grant.on !== 'parameter') continue;
      for (const object of grant.objects) {
        const name = object.name.parts.map((part) => part.name.toLowerCase()).join('.');
        const power = powerOf(name);
        const roles = grant.roles.filter((role) => !isTrustedRole(role.name) && reaches(facts, one, role, name));
        if (!power || roles.length === 0) continue;
        const everybody = roles.some(isPublic);
        yield {
          at: command.inFile(object.name),
          severity: everybody && power.severity === 'high' ? 'critical' : power.severity,
          message: `${everybody ? 'Any role' : roleIn(roles)} can ${power.verb}`,
          fixes: withdraw(facts, one, object),
        };
      }
    }
  },
});

/** SET is of use only for what a session may set with superuser rights, ALTER SYSTEM for everything. */
function reaches({ document }: SqlFacts, one: PrivilegeCommand, role: NamePart, parameter: string): boolean {
  const left = one.left(role)?.filter(({ object }) => object === parameter).map(({ privilege }) => privilege);
  const names = left ?? one.grant.privileges.flatMap(({ name }) => (name === 'ALL' ? ['SET', 'ALTER SYSTEM'] : name));
  return names.includes('ALTER SYSTEM') || (names.includes('SET') && needsSuperuser.has(findParameter(parameter, document.version)?.context ?? 'superuser'));
}

const needsSuperuser = new Set(['superuser', 'superuser-backend']);

function withdraw({ document }: SqlFacts, { command, grant }: PrivilegeCommand, { name }: GrantObject): Fix[] {
  const written = command.written.text;
  const privileges = written.slice(grant.privileges[0]!.at.start, grant.privileges.at(-1)!.at.end);
  const statements = [`REVOKE ${privileges} ON PARAMETER ${written.slice(name.start, name.end)} FROM ${grant.roles.map(({ text }) => text).join(', ')};`];
  if (grant.objects.length > 1) {
    const edits = removeFromList(command, grant.objects.map((other) => other.name), name);
    return edits.length > 0 ? [{ title: 'Leave this parameter to superusers', safety: 'review', edits, statements }] : [];
  }
  if (command.inside !== 'file') return [];
  return [{ title: 'Delete the grant', safety: 'review', edits: [removeStatement(document.text, command.inFile({ start: 0, end: written.length }))], statements }];
}

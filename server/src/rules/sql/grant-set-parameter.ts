import type { Fix } from '../rule.ts';
import { defineRule } from '../rule.ts';
import type { SqlFacts } from '../../facts/sql.ts';
import { powerOf } from '../../facts/parameter-powers.ts';
import { findParameter } from '../../catalog/parameters.ts';
import type { PrivilegeText } from '../../facts/privilege-text.ts';
import { isEverybody, privilegesIn } from '../../facts/privilege-text.ts';
import type { SqlCommand } from '../../facts/sql-commands.ts';
import { removeFromList, removeStatement } from '../../facts/sql-edits.ts';
import { isTrustedRole } from '../../facts/trusted-roles.ts';

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
    for (const { command, text } of privilegesIn(facts.commands)) {
      const role = text.roles.find(({ name }) => !isTrustedRole(name));
      if (text.revoke || text.on !== 'parameter' || !role) continue;
      const system = text.privileges.some(({ name }) => name === 'ALL' || name === 'ALTER SYSTEM');
      for (const object of text.objects) {
        const name = object.parts.map((part) => part.name.toLowerCase()).join('.');
        const power = powerOf(name);
        if (!power || (!system && !needsSuperuser.has(findParameter(name, facts.document.version)?.context ?? 'superuser'))) continue;
        const everybody = text.roles.some(isEverybody);
        yield {
          at: command.inFile(object),
          severity: everybody && power.severity === 'high' ? 'critical' : power.severity,
          message: `${everybody ? 'Any role' : role.text.length <= 24 ? role.text : 'This role'} can ${power.verb}`,
          fixes: withdraw(facts, command, text, object),
        };
      }
    }
  },
});

/** The parameters that a session may set, but only with superuser rights or such a GRANT. */
const needsSuperuser = new Set(['superuser', 'superuser-backend']);

function withdraw({ document }: SqlFacts, command: SqlCommand, text: PrivilegeText, object: PrivilegeText['objects'][number]): Fix[] {
  const written = command.written.text;
  const privileges = written.slice(text.privileges[0]!.start, text.privileges.at(-1)!.end);
  const roles = written.slice(text.roles[0]!.start, text.roles.at(-1)!.end);
  const statements = [`REVOKE ${privileges} ON PARAMETER ${written.slice(object.start, object.end)} FROM ${roles};`];
  if (text.objects.length > 1) {
    const edits = removeFromList(command, text.objects, object);
    return edits.length > 0 ? [{ title: 'Leave this parameter to superusers', safety: 'review', edits, statements }] : [];
  }
  if (command.inside === 'do') return [];
  return [{ title: 'Delete the grant', safety: 'review', statements, edits: [removeStatement(document.text, command.inFile({ start: 0, end: written.length }))] }];
}

import type { Severity } from '../rule.ts';
import { defineRule } from '../rule.ts';
import type { PrivilegeText } from '../../facts/privilege-text.ts';
import { isEverybody, privilegesIn } from '../../facts/privilege-text.ts';
import { revocation } from '../../facts/privilege-words.ts';
import { removeFromList, replaceIn } from '../../facts/sql-edits.ts';

export default defineRule({
  language: 'sql',
  severity: 'high',
  title: 'Objects to come are open to PUBLIC',
  why: 'Every table that is created from now on can be used by every role, whatever it will hold and whether or not its author thinks of it. '
    + 'Taking the default back later closes none of the tables that were created meanwhile.',
  fixing: 'The fix gives the default to roles that need it. Objects that were created while it was in force keep what PUBLIC got: revoke it from each of them.',
  cwe: [276, 732],
  references: ['https://www.postgresql.org/docs/current/sql-alterdefaultprivileges.html'],
  examples: [
    { bad: 'ALTER DEFAULT PRIVILEGES IN SCHEMA app GRANT SELECT ON TABLES TO «PUBLIC»;\n', good: 'ALTER DEFAULT PRIVILEGES IN SCHEMA app GRANT SELECT ON TABLES TO reporting;\n' },
    { bad: 'ALTER DEFAULT PRIVILEGES FOR ROLE owner GRANT ALL ON TABLES TO app, «public»;\n', fixed: 'ALTER DEFAULT PRIVILEGES FOR ROLE owner GRANT ALL ON TABLES TO app;\n' },
    { good: 'ALTER DEFAULT PRIVILEGES GRANT EXECUTE ON FUNCTIONS TO PUBLIC;', because: 'That is the default of the server.' },
    { good: 'ALTER DEFAULT PRIVILEGES IN SCHEMA app REVOKE SELECT ON TABLES FROM PUBLIC;', because: 'It takes the default back.' },
    { good: 'ALTER DEFAULT PRIVILEGES IN SCHEMA app GRANT SELECT ON TABLES TO "PUBLIC";', because: 'In quotes it is a role of that name.' },
  ],
  *check({ commands }) {
    for (const { command, text } of privilegesIn(commands)) {
      const everybody = text.roles.find(isEverybody);
      const severity = text.defaults && !text.revoke ? severityOf(text) : undefined;
      if (!everybody || !severity) continue;
      const alone = text.roles.length === 1;
      const edits = alone ? replaceIn(command, everybody, 'role_name', 'role_name') : removeFromList(command, text.roles, everybody);
      yield {
        at: command.inFile(everybody),
        severity,
        message: `Every role can use each ${text.on} that is created from now on`,
        fixes: edits.length > 0 ? [{ title: alone ? 'Give it to a role instead of PUBLIC' : 'Give it to the other roles alone', safety: 'review', edits, statements: [revocation(command, text, 'PUBLIC')] }] : [],
      };
    }
  },
});

function severityOf({ on }: PrivilegeText): Severity | undefined {
  switch (on) {
    case 'table': case 'large object': return 'high';
    case 'schema': return 'medium';
    case 'sequence': return 'low';
    default: return undefined;
  }
}

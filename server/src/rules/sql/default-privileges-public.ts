import type { Finding, Severity } from '../rule.ts';
import { defineRule } from '../rule.ts';
import type { NamePart } from '../../facts/sql/cursor.ts';
import { isPublic } from '../../facts/sql/grants.ts';
import type { GrantKind } from '../../facts/sql/grants.ts';
import type { LeftPrivilege, PrivilegeCommand } from '../../facts/sql/privilege-text.ts';
import { isTrial } from '../../facts/place.ts';
import { privilegesIn } from '../../facts/sql/privilege-text.ts';
import { revocation } from '../../facts/sql/privilege-words.ts';
import { removeFromList, replaceIn } from '../../facts/sql/sql-edits.ts';

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
    {
      bad: 'ALTER DEFAULT PRIVILEGES IN SCHEMA app GRANT SELECT ON TABLES TO «PUBLIC»;\nCREATE TABLE app.t (i int);\nALTER DEFAULT PRIVILEGES IN SCHEMA app REVOKE SELECT ON TABLES FROM PUBLIC;\n',
      because: 'The table keeps what it got.',
    },
    {
      good: 'ALTER DEFAULT PRIVILEGES IN SCHEMA app GRANT SELECT ON TABLES TO PUBLIC;\nALTER DEFAULT PRIVILEGES IN SCHEMA app REVOKE SELECT ON TABLES FROM PUBLIC;',
      because: 'It is taken back before anything was created.',
    },
    { good: 'ALTER DEFAULT PRIVILEGES GRANT EXECUTE ON FUNCTIONS TO PUBLIC;', because: 'That is the default of the server.' },
    { good: 'ALTER DEFAULT PRIVILEGES IN SCHEMA app REVOKE SELECT ON TABLES FROM PUBLIC;', because: 'It takes the default back.' },
    { good: 'ALTER DEFAULT PRIVILEGES IN SCHEMA app GRANT SELECT ON TABLES TO "PUBLIC";', because: 'In quotes it is a role of that name.' },
  ],
  *check(facts) {
    for (const one of privilegesIn(facts)) {
      const everybody = one.grant.roles.find(isPublic);
      const severity = one.defaults && !one.grant.revoke ? severities[one.grant.on] : undefined;
      if (!everybody || !severity) continue;
      const left = one.left(everybody);
      const reads = one.grant.on === 'table' && one.grant.privileges.every(({ name }) => /^(SELECT|REFERENCES)$/.test(name));
      if (left?.length !== 0) yield report(one, everybody, isTrial(facts.document) ? 'info' : reads ? 'medium' : severity, reads ? 'read' : 'use', left ?? []);
    }
  },
});

const severities: Readonly<Partial<Record<GrantKind, Severity>>> = { table: 'high', 'large object': 'high', schema: 'medium', sequence: 'low' };

function report(one: PrivilegeCommand, everybody: NamePart, severity: Severity, verb: 'read' | 'use', left: readonly LeftPrivilege[]): Finding {
  const { command, grant } = one;
  const alone = grant.roles.length === 1;
  const edits = alone ? replaceIn(command, everybody, 'role_name', 'role_name') : removeFromList(command, grant.roles, everybody);
  const made = [...new Set(left.flatMap(({ object }) => object ?? []))];
  const inForce = left.length === 0 || left.some(({ object }) => object === undefined);
  const kind = grant.on === 'sequence' || grant.on === 'schema' ? ` ON ${grant.on.toUpperCase()}` : ' ON';
  return {
    at: command.inFile(everybody),
    severity,
    message: inForce
      ? `Every role can ${verb} each ${grant.on} that is created from now on`
      : `Every role can still ${verb} ${made.length === 1 ? `${made[0]}, which was` : `${made.length} ${grant.on}s that were`} created while this was in force`.slice(0, 110),
    fixes: edits.length === 0 ? [] : [{
      title: alone ? 'Give it to a role instead of PUBLIC' : 'Give it to the other roles alone', safety: 'review', edits,
      statements: [...inForce ? [revocation(one, 'PUBLIC')] : [], ...made.map((name) => `REVOKE ALL${kind} ${name} FROM PUBLIC;`)],
    }],
  };
}

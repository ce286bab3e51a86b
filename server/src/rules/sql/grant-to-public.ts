import type { Fix, Severity } from '../rule.ts';
import { defineRule } from '../rule.ts';
import type { PrivilegeText } from '../../facts/privilege-text.ts';
import { isEverybody, privilegesIn } from '../../facts/privilege-text.ts';
import type { SqlCommand } from '../../facts/sql-commands.ts';
import { removeFromList, replaceIn } from '../../facts/sql-edits.ts';
import type { NamePart } from '../../facts/cursor.ts';
import { objectIn, revocation } from '../../facts/privilege-words.ts';

export default defineRule({
  language: 'sql',
  severity: 'medium',
  title: 'Privilege is granted to PUBLIC',
  why: 'PUBLIC is every role of the server: the one that monitors it, the one of another application, and each that is created later. '
    + 'A single stolen login is enough to read what PUBLIC may read and to destroy what it may change.',
  fixing: 'The first fix grants the privilege to the roles that need it instead: list them before, and give each new role its own GRANT afterwards.',
  cwe: [732],
  references: ['https://www.postgresql.org/docs/current/ddl-priv.html', 'https://www.postgresql.org/docs/current/sql-grant.html'],
  examples: [
    { bad: 'GRANT SELECT ON app.accounts TO «PUBLIC»;\n', good: 'GRANT SELECT ON app.accounts TO reporting;\n' },
    { bad: 'GRANT INSERT, DELETE ON TABLE app.log TO «public», writer;\n', fixed: 'GRANT INSERT, DELETE ON TABLE app.log TO writer;\n' },
    { bad: 'GRANT CREATE ON SCHEMA app TO «PUBLIC»;', because: 'Everybody could put functions in the way of those that other roles call.' },
    { bad: 'GRANT ALL ON ALL TABLES IN SCHEMA app TO GROUP «PUBLIC»;' },
    { bad: "DO $$ BEGIN GRANT UPDATE ON app.accounts TO «PUBLIC», clerk; END $$;\n", fixed: 'DO $$ BEGIN GRANT UPDATE ON app.accounts TO clerk; END $$;\n' },
    { good: 'GRANT USAGE ON SCHEMA public TO PUBLIC;', because: 'Everybody has it from the start, and looking into a schema shows names alone.' },
    { good: 'GRANT EXECUTE ON FUNCTION app.slug(text) TO PUBLIC;', because: 'Every new function is open to PUBLIC; those with rights of their owner have a rule of their own.' },
    { good: 'GRANT CONNECT, TEMP ON DATABASE shop TO PUBLIC; GRANT USAGE ON TYPE app.mood TO PUBLIC;', because: 'Both are the default.' },
    { good: 'GRANT SELECT ON app.accounts TO "PUBLIC";', because: 'In quotes it is a role of that name.' },
    { good: 'REVOKE ALL ON app.accounts FROM PUBLIC;', because: 'It takes privileges away.' },
  ],
  *check({ commands }) {
    for (const { command, text } of privilegesIn(commands)) {
      const everybody = text.roles.find(isEverybody);
      const severity = text.revoke || text.defaults ? undefined : severityOf(text);
      if (!everybody || !severity) continue;
      const names = text.privileges.map(({ name }) => name).join(', ');
      yield {
        at: command.inFile(everybody),
        severity,
        message: `Every role, also each future one, gets ${names.length <= 30 ? names : 'privileges'} on ${objectIn(command, text)}`,
        fixes: grantToRole(command, text, everybody),
      };
    }
  },
});

/** Undefined for what every role has by default, and for what other rules speak of. */
function severityOf({ on, privileges, objects }: PrivilegeText): Severity | undefined {
  const names = new Set(privileges.map(({ name }) => name));
  const has = (...wanted: string[]) => wanted.some((name) => names.has(name) || names.has('ALL'));
  switch (on) {
    case 'table': return has('INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'TRIGGER', 'MAINTAIN') ? 'high' : 'medium';
    case 'sequence': return has('UPDATE') ? 'medium' : 'low';
    case 'schema':
      if (objects.some(({ parts }) => parts[0]!.name === 'public')) return undefined;
      return has('CREATE') ? 'high' : 'low';
    case 'database': return has('CREATE') ? 'high' : undefined;
    case 'server': case 'fdw': case 'large object': return 'medium';
    case 'tablespace': return 'low';
    default: return undefined;
  }
}

function grantToRole(command: SqlCommand, text: PrivilegeText, everybody: NamePart): Fix[] {
  const { roles } = text;
  const statements = [revocation(command, text, 'PUBLIC')];
  const others = roles.filter((role) => role !== everybody);
  if (others.length > 0) {
    const edits = removeFromList(command, roles, everybody);
    return edits.length > 0 ? [{ title: `Grant it to ${others.length === 1 ? others[0]!.text : 'the other roles'} alone`, safety: 'review', edits, statements }] : [];
  }
  const edits = replaceIn(command, everybody, 'role_name', 'role_name');
  return edits.length > 0 ? [{ title: 'Grant it to a role instead of PUBLIC', safety: 'review', edits, statements }] : [];
}

import type { Fix } from '../rule.ts';
import { defineRule } from '../rule.ts';
import type { SqlFacts } from '../../facts/sql.ts';
import { append } from '../../facts/append.ts';
import type { Defaults, PrivilegeText } from '../../facts/privilege-text.ts';
import { isEverybody, privilegesIn } from '../../facts/privilege-text.ts';
import type { SqlCommand } from '../../facts/sql-commands.ts';
import { replaceIn } from '../../facts/sql-edits.ts';

export default defineRule({
  language: 'sql',
  severity: 'medium',
  title: 'REVOKE of a default privilege in one schema has no effect',
  why: 'That PUBLIC may execute new functions and use new types is a default of the whole database. Defaults of a schema can only add to it, so this '
    + 'statement succeeds, changes nothing, and every function that is created later can still be called by every role.',
  fixing: 'The fix makes the statement speak of the whole database, which is the only form that works: functions that are created later by this role, '
    + 'in any schema, need a GRANT for those who call them. Functions that exist already keep their privileges.',
  cwe: [276],
  references: ['https://www.postgresql.org/docs/current/sql-alterdefaultprivileges.html'],
  examples: [
    {
      bad: 'ALTER DEFAULT PRIVILEGES «IN SCHEMA app» REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;\n',
      fixed: 'ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;\n',
    },
    {
      bad: 'alter default privileges for role owner «in schema app, audit»\n  revoke all on types from public;\n',
      fixed: 'alter default privileges for role owner\n  revoke all on types from public;\n',
    },
    {
      bad: 'ALTER DEFAULT PRIVILEGES «IN SCHEMA public» REVOKE EXECUTE ON ROUTINES FROM PUBLIC, anon;\n',
      fixed: 'ALTER DEFAULT PRIVILEGES IN SCHEMA public REVOKE EXECUTE ON ROUTINES FROM PUBLIC, anon;\nALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON ROUTINES FROM PUBLIC;\n',
      because: 'What a schema gave to anon is taken away; only PUBLIC needs the other form.',
    },
    { good: 'ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;', because: 'Without IN SCHEMA it works.' },
    {
      good: 'ALTER DEFAULT PRIVILEGES IN SCHEMA app REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;\nALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;',
      because: 'The second statement does it.',
    },
    { good: 'ALTER DEFAULT PRIVILEGES IN SCHEMA app REVOKE SELECT ON TABLES FROM PUBLIC;', because: 'PUBLIC has no privilege on new tables, so this takes back what a GRANT gave.' },
    { good: 'ALTER DEFAULT PRIVILEGES IN SCHEMA app REVOKE EXECUTE ON FUNCTIONS FROM anon;', because: 'A role has only what was granted to it, also in a schema.' },
    {
      good: 'ALTER DEFAULT PRIVILEGES IN SCHEMA app GRANT EXECUTE ON FUNCTIONS TO PUBLIC;\nALTER DEFAULT PRIVILEGES IN SCHEMA app REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;',
      because: 'It takes back what the first statement gave in this schema.',
    },
  ],
  *check(facts) {
    const all = [...privilegesIn(facts.commands)].flatMap(({ command, text }) => (text.defaults ? [{ command, text, defaults: text.defaults }] : []));
    for (const { command, text, defaults } of all) {
      if (!text.revoke || !defaults.inSchema || !takesDefault(text)) continue;
      const others = all.filter((other) => other.command !== command && other.text.on === text.on && other.text.roles.some(isEverybody));
      const works = others.some((other) => other.text.revoke && !other.defaults.inSchema && sameRoles(other.defaults, defaults));
      const takesBack = others.some((other) => !other.text.revoke && other.defaults.schemas.some(({ name }) => defaults.schemas.some((schema) => schema.name === name)));
      if (works || takesBack) continue;
      yield {
        at: command.inFile(defaults.inSchema),
        message: `Every role can still ${text.on === 'type' ? 'use new types' : 'execute new functions'}: with IN SCHEMA this REVOKE changes nothing`,
        fixes: speakOfAll(facts, command, text, defaults),
      };
    }
  },
});

function takesDefault({ on, privileges, roles }: PrivilegeText): boolean {
  return (on === 'routine' || on === 'type') && roles.some(isEverybody) && privileges.some(({ name }) => ['ALL', 'EXECUTE', 'USAGE'].includes(name));
}

function sameRoles(a: Defaults, b: Defaults): boolean {
  return a.roles.length === b.roles.length && a.roles.every(({ name }) => b.roles.some((role) => role.name === name));
}

function speakOfAll({ document }: SqlFacts, command: SqlCommand, text: PrivilegeText, defaults: Defaults): Fix[] {
  const written = command.written.text;
  const { start, end } = defaults.inSchema!;
  const before = written.slice(0, start).trimEnd().length;
  const everybody = text.roles.find(isEverybody)!;
  const roles = written.slice(everybody.start, everybody.end);
  const statement = `${(written.slice(0, before) + written.slice(end, text.roles[0]!.start) + roles).replace(/\s+/g, ' ')};`;
  if (text.roles.every(isEverybody)) {
    const edits = replaceIn(command, { start: before, end }, '');
    return edits.length > 0 ? [{ title: 'Revoke it for all schemas, which works', safety: 'review', edits, statements: [statement] }] : [];
  }
  if (command.inside !== 'file') return [];
  const edit = append(document.text, command.statement, [statement]);
  return edit ? [{ title: 'Revoke it from PUBLIC for all schemas too, which works', safety: 'review', edits: [edit], statements: [statement] }] : [];
}

import type { Fix } from '../rule.ts';
import { defineRule } from '../rule.ts';
import type { SqlFacts } from '../../facts/sql.ts';
import { append } from '../../facts/sql/append.ts';
import { isPublic } from '../../facts/sql/grants.ts';
import type { Grant } from '../../facts/sql/grants.ts';
import type { Defaults, PrivilegeCommand } from '../../facts/sql/privilege-text.ts';
import { privilegesIn } from '../../facts/sql/privilege-text.ts';
import { replaceIn } from '../../facts/sql/sql-edits.ts';

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
    const all = privilegesIn(facts);
    for (const one of all) {
      const { command, grant, defaults } = one;
      if (!grant.revoke || !defaults?.inSchema || !takesDefault(grant) || isClosed(facts, grant, defaults)) continue;
      const takesBack = all.some((other) => other.defaults && !other.grant.revoke && other.grant.on === grant.on && other.grant.roles.some(isPublic)
        && other.defaults.schemas.some(({ name }) => defaults.schemas.some((schema) => schema.name === name)));
      if (takesBack) continue;
      yield {
        at: command.inFile(defaults.inSchema),
        message: `Every role can still ${grant.on === 'type' ? 'use new types' : 'execute new functions'}: with IN SCHEMA this REVOKE changes nothing`,
        fixes: speakOfAll(facts, one, defaults),
      };
    }
  },
});

function takesDefault({ on, privileges, roles }: Grant): boolean {
  return ['function', 'procedure', 'routine', 'type'].includes(on) && roles.some(isPublic) && privileges.some(({ name }) => ['ALL', 'EXECUTE', 'USAGE'].includes(name));
}

/** The form that works stands somewhere else. */
function isClosed({ schema }: SqlFacts, { on }: Grant, { roles }: Defaults): boolean {
  const kind = on === 'type' ? 'types' : 'functions';
  const closed = schema.defaultPrivileges.filter((other) => other.schema === undefined && other.on === kind && !other.acl.some(({ grantee }) => grantee === 'public'));
  return closed.some(({ role }) => (roles.length === 0 ? role === undefined : roles.some(({ name }) => name === role)));
}

function speakOfAll({ document }: SqlFacts, { command, grant: { roles } }: PrivilegeCommand, { inSchema }: Defaults): Fix[] {
  const written = command.written.text;
  const { start, end } = inSchema!;
  const before = written.slice(0, start).trimEnd().length;
  const everybody = roles.find(isPublic)!;
  const text = written.slice(0, before) + written.slice(end, roles[0]!.start) + everybody.text;
  const statements = [`${text.replace(/\s+/g, ' ')};`];
  if (roles.every(isPublic)) {
    const edits = replaceIn(command, { start: before, end }, '');
    return edits.length > 0 ? [{ title: 'Revoke it for all schemas, which works', safety: 'review', edits, statements }] : [];
  }
  const edit = command.inside === 'file' ? append(document.text, command.statement, statements) : undefined;
  return edit ? [{ title: 'Revoke it from PUBLIC for all schemas too, which works', safety: 'review', edits: [edit], statements }] : [];
}

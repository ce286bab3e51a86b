import { almostRevokedOf } from '../../facts/sql/almost.ts';
import type { Fix } from '../rule.ts';
import { defineRule } from '../rule.ts';
import type { NamePart } from '../../facts/sql/cursor.ts';
import { isPublic } from '../../facts/sql/grants.ts';
import type { GrantedPrivilege, GrantKind } from '../../facts/sql/grants.ts';
import type { PrivilegeCommand } from '../../facts/sql/privilege-text.ts';
import { privilegesIn } from '../../facts/sql/privilege-text.ts';
import { objectIn, revocation, roleIn } from '../../facts/sql/privilege-words.ts';
import { isTrial } from '../../facts/place.ts';
import { areViews } from '../../facts/sql/views.ts';
import type { SqlFacts } from '../../facts/sql.ts';
import { replaceIn } from '../../facts/sql/sql-edits.ts';
import { isAdministrator, isTrustedRole } from '../../facts/sql/trusted-roles.ts';

export default defineRule({
  language: 'sql',
  severity: 'low',
  strict: 'medium',
  title: 'GRANT ALL gives more than reading and writing',
  why: 'ALL on a table includes TRIGGER, with which a role runs its own code as whoever writes to the table next, even a superuser, '
    + 'and TRUNCATE, which no row-level security policy stops. Each new version of PostgreSQL may add more, such as MAINTAIN in 17.',
  fixing: 'The first fix names the privileges that an application uses. Check before whether the role truncates the table, makes triggers on it or refers to it by foreign keys.',
  cwe: [732, 269],
  references: ['https://www.postgresql.org/docs/current/ddl-priv.html'],
  examples: [
    { bad: 'GRANT «ALL» ON app.orders TO shop;\n', fixed: 'GRANT SELECT, INSERT, UPDATE, DELETE ON app.orders TO shop;\n' },
    { bad: 'grant «all privileges» on all tables in schema app to shop;\n', fixed: 'grant select, insert, update, delete on all tables in schema app to shop;\n' },
    { bad: 'GRANT «ALL» ON SCHEMA app TO shop;\n', fixed: 'GRANT USAGE ON SCHEMA app TO shop;\n' },
    { bad: 'GRANT «ALL PRIVILEGES» ON DATABASE shop TO shop;\n', fixed: 'GRANT CONNECT ON DATABASE shop TO shop;\n' },
    { bad: 'ALTER DEFAULT PRIVILEGES IN SCHEMA app GRANT «ALL» ON SEQUENCES TO shop;\n', fixed: 'ALTER DEFAULT PRIVILEGES IN SCHEMA app GRANT USAGE, SELECT ON SEQUENCES TO shop;\n' },
    { good: 'GRANT ALL ON FUNCTION app.f() TO shop; GRANT ALL ON TYPE app.mood TO shop;', because: 'There is only one privilege on them.' },
    { good: 'GRANT ALL ON app.orders TO postgres; GRANT ALL ON SCHEMA app TO CURRENT_USER;', because: 'They can do everything there anyway.' },
    { bad: 'CREATE VIEW app.open_orders AS SELECT * FROM app.orders;\nGRANT «ALL» ON app.open_orders TO shop;\n', because: 'Nobody can truncate a view: low.' },
    { good: 'GRANT ALL (email) ON app.users TO shop;', because: 'On columns there is neither TRIGGER nor TRUNCATE.' },
    { good: 'CREATE SCHEMA app AUTHORIZATION shop;\nGRANT ALL ON SCHEMA app TO shop;', because: 'The owner has every privilege anyway.' },
    { good: 'GRANT ALL ON app.orders TO shop;\nREVOKE TRUNCATE, REFERENCES, TRIGGER ON app.orders FROM shop;', because: 'A later statement takes the rest back.' },
    {
      good: 'CREATE TABLE app.doc (owner name);\nALTER TABLE app.doc ENABLE ROW LEVEL SECURITY;\nCREATE POLICY p ON app.doc USING (owner = current_user);\nGRANT ALL ON app.doc TO shop;',
      because: 'That policies do not stop TRUNCATE is worse, and said by another rule.',
    },
    { good: 'REVOKE ALL ON app.orders FROM shop;', because: 'It takes privileges away.' },
    { good: 'GRANT all_orders TO shop;', because: 'A role that is called so.' },
  ],
  *check(facts) {
    for (const one of privilegesIn(facts)) {
      const { command, grant } = one;
      const all = grant.privileges.find(({ name, columns }) => name === 'ALL' && columns.length === 0);
      const kind = kinds[grant.on];
      if (grant.revoke || !all || !kind || (grant.on === 'schema' && !grant.everything && grant.schemas.some(({ name }) => name === 'public'))) continue;
      const roles = grant.roles.filter((role) => !isPublic(role) && !isTrustedRole(role.name) && hasTooMuch(one, role, kind) && !emptiesGuarded(facts, one, role));
      if (roles.length === 0) continue;
      const views = grant.on === 'table' && areViews(facts.schema, grant);
      yield {
        at: command.inFile(all.at),
        ...(isTrial(facts.document) ? { severity: 'info' as const } : views || hardlyMatters(grant.on, roles.map(({ name }) => name)) ? { severity: 'low' as const } : {}),
        message: `${roleIn(roles)} can also ${views ? 'put triggers on' : kind.more} ${views ? objectIn(one).replace(/\btable(?=s?$)/, 'view') : objectIn(one)}`,
        related: almostRevokedOf(facts, roles.flatMap((role) => one.left(role) ?? [])),
        fixes: nameThem(one, all, kind, roles),
      };
    }
  },
});

interface Kind {
  /** What an application needs. */
  readonly enough: string;
  /** The rest of ALL. MAINTAIN is left out because older versions do not know it. */
  readonly tooMuch: string;
  readonly more: string;
}

/** Kinds of objects with a single privilege are not in here. */
const kinds: Readonly<Partial<Record<GrantKind, Kind>>> = {
  table: { enough: 'SELECT, INSERT, UPDATE, DELETE', tooMuch: 'TRUNCATE, REFERENCES, TRIGGER', more: 'put triggers on and truncate' },
  sequence: { enough: 'USAGE, SELECT', tooMuch: 'UPDATE', more: 'reset' },
  schema: { enough: 'USAGE', tooMuch: 'CREATE', more: 'create objects in' },
  database: { enough: 'CONNECT', tooMuch: 'CREATE, TEMPORARY', more: 'create schemas in' },
};

function hasTooMuch(one: PrivilegeCommand, role: NamePart, { tooMuch }: Kind): boolean {
  return one.left(role)?.some(({ privilege }) => tooMuch.split(', ').includes(privilege)) ?? true;
}

/** TRUNCATE past the policies of all these tables is worse, and said by a rule of its own. */
function emptiesGuarded({ schema }: SqlFacts, one: PrivilegeCommand, role: NamePart): boolean {
  const { objects } = one.grant;
  const guarded = objects.every(({ name: { parts } }) => {
    const table = schema.relation(parts.length > 1 ? parts.at(-2)!.name : undefined, parts.at(-1)!.name);
    return table?.rls.on === true && table.policies.length > 0;
  });
  return objects.length > 0 && guarded && one.left(role)?.some(({ privilege }) => privilege === 'TRUNCATE') === true;
}

/** Clients of PostgREST and Supabase have no way to make triggers, and tools grant them everything. */
const clients = /^(anon|authenticated|service_role|authenticator|web_anon|dashboard_user)$/;

function hardlyMatters(on: GrantKind, roles: readonly string[]): boolean {
  return on !== 'table' || roles.every((role) => clients.test(role) || isAdministrator(role));
}

function nameThem(one: PrivilegeCommand, { at }: GrantedPrivilege, { enough, tooMuch }: Kind, roles: readonly NamePart[]): Fix[] {
  const upper = /^A/.test(one.command.written.text.slice(at.start, at.end));
  const edits = replaceIn(one.command, at, upper ? enough : enough.toLowerCase());
  const statements = [revocation(one, roles.map(({ text }) => text).join(', '), tooMuch)];
  return edits.length > 0 ? [{ title: `Grant ${enough} only`, safety: 'review', edits, statements }] : [];
}

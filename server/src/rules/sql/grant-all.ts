import type { Fix, Severity } from '../rule.ts';
import { defineRule } from '../rule.ts';
import type { Privilege, PrivilegeText } from '../../facts/privilege-text.ts';
import { isEverybody, privilegesIn } from '../../facts/privilege-text.ts';
import { objectIn, revocation } from '../../facts/privilege-words.ts';
import type { SqlCommand } from '../../facts/sql-commands.ts';
import { replaceIn } from '../../facts/sql-edits.ts';
import { isTrustedRole } from '../../facts/trusted-roles.ts';

export default defineRule({
  language: 'sql',
  severity: 'medium',
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
    { good: 'GRANT ALL (email) ON app.users TO shop;', because: 'On columns there is neither TRIGGER nor TRUNCATE.' },
    { good: 'CREATE SCHEMA app AUTHORIZATION shop;\nGRANT ALL ON SCHEMA app TO shop;', because: 'The owner has every privilege anyway.' },
    { good: 'REVOKE ALL ON app.orders FROM shop;', because: 'It takes privileges away.' },
    { good: 'GRANT all_orders TO shop;', because: 'A role that is called so.' },
  ],
  *check({ commands }) {
    for (const { command, text } of privilegesIn(commands)) {
      const all = text.privileges.find(({ name, columns }) => name === 'ALL' && !columns);
      const instead = enough[text.on];
      if (text.revoke || !all || !instead || text.objects.some(({ parts }) => text.on === 'schema' && parts[0]!.name === 'public')) continue;
      const roles = text.roles.filter((role) => !isEverybody(role) && !isTrustedRole(role.name));
      if (roles.length === 0) continue;
      yield {
        at: command.inFile(all),
        severity: severityOf(text, roles.map(({ name }) => name)),
        message: `${roles.length === 1 && roles[0]!.text.length <= 24 ? roles[0]!.text : 'These roles'} can also ${more[text.on]} ${objectIn(command, text)}`,
        fixes: nameThem(command, text, all, instead, roles.map((role) => role.text)),
      };
    }
  },
});

/** What an application needs. Kinds of objects with a single privilege are not in here. */
const enough: Readonly<Partial<Record<PrivilegeText['on'], string>>> = {
  table: 'SELECT, INSERT, UPDATE, DELETE', sequence: 'USAGE, SELECT', schema: 'USAGE', database: 'CONNECT',
};
/** The rest of ALL. MAINTAIN is left out because older versions do not know it. */
const tooMuch: Readonly<Partial<Record<PrivilegeText['on'], string>>> = {
  table: 'TRUNCATE, REFERENCES, TRIGGER', sequence: 'UPDATE', schema: 'CREATE', database: 'CREATE, TEMPORARY',
};
const more: Readonly<Partial<Record<PrivilegeText['on'], string>>> = {
  table: 'put triggers on and truncate', sequence: 'reset', schema: 'create objects in', database: 'create schemas in',
};

/** Clients of PostgREST and Supabase have no way to make triggers, and tools grant them everything. */
const behindApi = new Set(['anon', 'authenticated', 'service_role', 'authenticator', 'web_anon', 'dashboard_user']);

function severityOf({ on }: PrivilegeText, roles: readonly string[]): Severity {
  return on === 'table' && !roles.every((role) => behindApi.has(role)) ? 'medium' : 'low';
}

function nameThem(command: SqlCommand, text: PrivilegeText, all: Privilege, instead: string, roles: readonly string[]): Fix[] {
  const upper = /^A/.test(command.written.text.slice(all.start, all.end));
  const edits = replaceIn(command, all, upper ? instead : instead.toLowerCase());
  const statements = [revocation(command, text, roles.join(', '), tooMuch[text.on])];
  return edits.length > 0 ? [{ title: `Grant ${instead} only`, safety: 'review', edits, statements }] : [];
}

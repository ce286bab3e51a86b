import type { Fix, Severity } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { builtins } from '../../catalog/builtins.ts';
import { almostRevokedOf } from '../../facts/sql/almost.ts';
import type { Name, NamePart } from '../../facts/sql/cursor.ts';
import { isPublic } from '../../facts/sql/grants.ts';
import { isOpenSchema } from '../../facts/schema.ts';
import { areViews } from '../../facts/sql/views.ts';
import type { SqlFacts } from '../../facts/sql.ts';
import type { PrivilegeCommand } from '../../facts/sql/privilege-text.ts';
import { privilegesIn } from '../../facts/sql/privilege-text.ts';
import { objectIn, revocation } from '../../facts/sql/privilege-words.ts';
import { isExtensionScript } from '../../facts/sql/extension-script.ts';
import { isInitdbScript, isTrial } from '../../facts/place.ts';
import { removeFromList, replaceIn } from '../../facts/sql/sql-edits.ts';

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
    { good: 'DO $$ BEGIN CREATE TEMP TABLE cache (i int); GRANT ALL ON TABLE cache TO PUBLIC; END $$;', because: 'A temporary table belongs to one session.' },
    {
      bad: 'CREATE TABLE app.doc (owner name);\nALTER TABLE app.doc ENABLE ROW LEVEL SECURITY;\nCREATE POLICY own ON app.doc USING (owner = current_user);\nGRANT SELECT, UPDATE ON app.doc TO «PUBLIC»;\n',
      because: 'Policies decide about each row: low.',
    },
    { bad: 'GRANT SELECT (id, name) ON app.accounts TO «PUBLIC»;\n', because: 'The message speaks of columns.' },
    { good: 'GRANT SELECT, UPDATE ON pg_settings TO PUBLIC;\nGRANT SELECT ON pg_catalog.pg_roles TO PUBLIC;\n', because: 'Everybody may read them from the start.' },
    { bad: 'GRANT SELECT ON pg_catalog.pg_authid TO «PUBLIC»;\n', because: 'It holds the password hashes.' },
    { good: 'CREATE TEMP TABLE seen (i int);\nGRANT ALL ON pg_temp.seen TO PUBLIC;\n', because: 'A temporary table belongs to one session.' },
    { good: 'REVOKE ALL ON app.accounts FROM PUBLIC;', because: 'It takes privileges away.' },
    { good: 'GRANT SELECT ON app.accounts TO PUBLIC;\nREVOKE ALL ON TABLE app.accounts FROM PUBLIC;', because: 'A later statement takes it back.' },
    { good: 'GRANT SELECT ON app.accounts TO PUBLIC;\nDROP SCHEMA app CASCADE;', because: 'The table is gone.' },
    { good: '/*\n * src/backend/catalog/system_views.sql\n */\nGRANT SELECT, UPDATE ON pg_settings TO PUBLIC;\n', because: 'It is how PostgreSQL makes every new cluster.' },
    { bad: 'GRANT SELECT ON app.accounts TO «PUBLIC»;\nREVOKE SELECT ON app.accounts FROM reporting;', because: 'What PUBLIC has cannot be taken from one role.' },
  ],
  *check(facts) {
    if (isInitdbScript(facts.document)) return;
    for (const one of privilegesIn(facts)) {
      const { command, grant, defaults } = one;
      const everybody = grant.roles.find(isPublic);
      if (!everybody || grant.revoke || defaults || (grant.objects.length > 0 && grant.objects.every(({ name }) => isBuiltIn(name) || name.parts[0]!.name === 'pg_temp'))) continue;
      const left = one.left(everybody);
      const names = new Set(left?.map(({ privilege }) => privilege) ?? grant.privileges.map(({ name }) => name));
      const severity = names.size > 0 ? severityIn(facts, one, names) : undefined;
      if (!severity) continue;
      const given = grant.privileges.map(({ name }) => name).join(', ');
      const columns = grant.privileges.every((privilege) => privilege.columns.length > 0);
      yield {
        at: command.inFile(everybody),
        severity: isTrial(facts.document) ? 'info' : severity,
        message: `Every role, also each future one, gets ${given.length <= 30 ? given : 'privileges'} on ${columns ? 'columns of ' : ''}${objectIn(one)}`,
        related: almostRevokedOf(facts, left ?? []),
        fixes: grantToRole(one, everybody),
      };
    }
  },
});

/** Relations of PostgreSQL that every role may read anyway. */
function isBuiltIn({ parts }: Name): boolean {
  const name = parts.at(-1)!.name;
  return (parts.length === 1 || parts[0]!.name === 'pg_catalog') && name.startsWith('pg_') && builtins.relation.has(name) && !closed.has(name);
}

/** https://www.postgresql.org/docs/current/catalogs.html: PUBLIC may not read these, or not all of their columns. */
const closed = new Set([
  'pg_authid', 'pg_shadow', 'pg_subscription', 'pg_user_mapping', 'pg_statistic', 'pg_statistic_ext_data', 'pg_largeobject', 'pg_file_settings',
  'pg_hba_file_rules', 'pg_ident_file_mappings', 'pg_config', 'pg_shmem_allocations', 'pg_shmem_allocations_numa', 'pg_backend_memory_contexts',
  'pg_replication_origin_status',
]);

/** Where PUBLIC may not use the schema, only roles that may have something of it. */
function severityIn(facts: SqlFacts, one: PrivilegeCommand, names: ReadonlySet<string>): Severity | undefined {
  const { document: { path, text }, schema } = facts;
  const severity = guarded(facts, one, names) ? 'low' : severityOf(one, names, isExtensionScript(path, text) || areViews(schema, one.grant) || namesOrdinary(one));
  const { objects, schemas, everything } = one.grant;
  const homes = everything ? schemas.map(({ name }) => name) : objects.flatMap(({ name: { parts } }) => (parts.length > 1 ? parts[0]!.name : undefined));
  return severity && homes.length > 0 && !homes.some((home) => isOpenSchema(schema, home)) ? 'low' : severity;
}

/** Tables of the application by name: where it is alone in its database, all roles are its own. */
function namesOrdinary({ grant: { objects } }: PrivilegeCommand): boolean {
  return objects.length > 0 && !objects.some(({ name: { parts } }) => closed.has(parts.at(-1)!.name));
}

/** Policies decide about each row. */
function guarded({ schema }: SqlFacts, { grant: { objects } }: PrivilegeCommand, names: ReadonlySet<string>): boolean {
  if (objects.length === 0 || ![...names].every((name) => /^(SELECT|INSERT|UPDATE|DELETE)$/.test(name))) return false;
  return objects.every(({ name: { parts } }) => {
    const table = schema.relation(parts.length > 1 ? parts.at(-2)!.name : undefined, parts.at(-1)!.name);
    return table?.rls.on === true && table.policies.length > 0;
  });
}

/** `meant`: reading is what these tables are for. Undefined for what every role has by default, and for what other rules speak of. */
function severityOf({ grant: { on, schemas } }: PrivilegeCommand, names: ReadonlySet<string>, meant: boolean): Severity | undefined {
  const has = (...wanted: string[]) => wanted.some((name) => names.has(name) || names.has('ALL'));
  switch (on) {
    case 'table': return has('INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'TRIGGER', 'MAINTAIN') ? 'high' : meant ? 'low' : 'medium';
    case 'sequence': return 'low';
    case 'schema':
      if (schemas.some(({ name }) => name === 'public')) return undefined;
      return has('CREATE') ? 'high' : 'low';
    case 'database': return has('CREATE') ? 'high' : undefined;
    case 'foreign server': case 'foreign data wrapper': case 'large object': return 'medium';
    case 'tablespace': return 'low';
    default: return undefined;
  }
}

function grantToRole(one: PrivilegeCommand, everybody: NamePart): Fix[] {
  const { command, grant: { roles } } = one;
  const statements = [revocation(one, 'PUBLIC')];
  const others = roles.filter((role) => role !== everybody);
  const edits = others.length > 0 ? removeFromList(command, roles, everybody) : replaceIn(command, everybody, 'role_name', 'role_name');
  if (edits.length === 0) return [];
  const to = others.length === 0 ? 'a role instead of PUBLIC' : others.length === 1 ? `${others[0]!.text} alone` : 'the other roles alone';
  return [{ title: `Grant it to ${to}`, safety: 'review', edits, statements }];
}

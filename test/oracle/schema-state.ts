import type { Client } from 'pg';
import { allPrivileges } from '../../server/src/facts/replay/acl.ts';
import { quoteName } from '../../server/src/facts/sql/cursor.ts';
import type { GrantKind } from '../../server/src/facts/sql/grants.ts';
import { isSame } from '../../server/src/facts/replay/replay-moves.ts';
import type { Privilege, Relation, Routine, Schema } from '../../server/src/facts/schema.ts';
import type { unsaid } from './schema-differences.ts';

/** A database's objects, one sentence for each fact, so that two of them can be compared as sets. */
export type Sentences = ReadonlySet<string>;

/** The role and the schema that stand for what files do not say. */
const session = 'postgres';
const home = 'public';

/** `gone`: the schema public was dropped, which we remember but do not tell. */
function ourSentences(schema: Schema, version: number, gone: boolean): Sentences {
  const said = new Set<string>();
  for (const role of schema.roles.filter(({ known }) => known)) {
    const { superuser, inherit, createrole, createdb, login, replication, bypassrls } = role.attributes;
    said.add(`role ${role.name} ${[superuser, inherit, createrole, createdb, login, replication, bypassrls].map(({ on }) => Number(on)).join('')}`);
    for (const [name] of role.settings) said.add(`setting of role ${role.name}: ${name}`);
  }
  for (const { role, member, admin, inherit, set } of schema.memberships) {
    const inherits = inherit ?? schema.role(member)?.attributes.inherit.on ?? true;
    said.add(`member ${member === 'current_user' ? session : member} of ${role} ${Number(admin)}${version >= 16 ? `${Number(inherits)}${Number(set)}` : ''}`);
  }
  for (const one of schema.schemas) {
    if (one.known) said.add(`schema ${one.name} of ${one.owner.role ?? session}`);
    sayAcl(said, `schema ${one.name}`, one.owner.role, 'schema', version, one.acl, one.withheld);
  }
  if (!schema.schema('public') && !gone) said.add('schema public: PUBLIC may USAGE by pg_database_owner');
  if (!schema.schema('public') && !gone && version < 15) said.add('schema public: PUBLIC may CREATE by pg_database_owner');
  for (const routine of schema.routines) if (!/^pg_/.test(routine.schema ?? '')) sayRoutine(said, routine, version);
  for (const relation of schema.relations) if (relation.known && !relation.temporary) sayRelation(said, schema, relation, version);
  for (const type of schema.types.filter(({ schema: inSchema }) => inSchema !== 'pg_catalog')) {
    const name = `type ${type.schema ?? home}.${type.name}`;
    said.add(`${name} of ${type.owner.role ?? session}`);
    sayAcl(said, name, type.owner.role, 'type', version, type.acl, type.withheld);
  }
  for (const { role, schema: inSchema, on, acl, withheld } of schema.defaultPrivileges) {
    const kind = ({ tables: 'table', sequences: 'sequence', functions: 'function', types: 'type', schemas: 'schema', 'large objects': 'large object' } as const)[on];
    sayAcl(said, `default ${role ?? session} ${inSchema ?? '*'} ${on}`, role, kind, version, acl, withheld);
  }
  for (const { name, schema: inSchema } of schema.extensions) if (name !== 'plpgsql') said.add(`extension ${name} in ${inSchema ?? home}`);
  for (const { name, event, owner } of schema.eventTriggers) said.add(`event trigger ${name} ${event} of ${owner.role ?? session}`);
  for (const { name, allTables, tables, schemas } of schema.publications) {
    said.add(`publication ${name} ${allTables}`);
    for (const table of tables) said.add(`publication ${name} has ${table.schema ?? home}.${table.name}`);
    for (const one of schemas) said.add(`publication ${name} has schema ${one}`);
  }
  return said;
}

function sayRoutine(said: Set<string>, routine: Routine, version: number): void {
  const name = routineSentence(routine);
  const path = routine.path.kind === 'list' ? routine.path.entries.map((entry) => quoteName(entry.name)).join(', ') : 'no path';
  said.add(`${name} ${routine.kind} of ${routine.owner.role ?? session} ${routine.definer ? 'definer' : 'invoker'}`);
  if (routine.path.kind !== 'unknown') said.add(`${name} path ${path}`);
  sayAcl(said, name, routine.owner.role, 'function', version, routine.acl, routine.withheld);
}

function routineSentence({ schema, name, types }: Routine): string {
  return `routine ${schema ?? home}.${name}(${types.join(',')})`;
}

function sayRelation(said: Set<string>, schema: Schema, relation: Relation, version: number): void {
  const name = `relation ${relation.schema ?? home}.${relation.name}`;
  said.add(`${name} ${relation.kind} of ${relation.owner.role ?? session} rls ${relation.rls.on} forced ${relation.forced.on}`);
  if (relation.columnsComplete && /table/.test(relation.kind)) for (const column of relation.columns) said.add(`${name} column ${column.name} ${column.type}`);
  for (const parent of relation.parents) said.add(`${name} is a ${parent.partition ? 'partition' : 'child'} of ${parent.schema ?? home}.${parent.name}`);
  for (const { name: policy, command, permissive, roles, using, check } of relation.policies) {
    said.add(`${name} policy ${policy} ${command} ${permissive} ${roles.map((role) => (role === 'current_user' ? session : role)).sort().join(',')} ${using !== undefined} ${check !== undefined}`);
  }
  for (const trigger of relation.triggers) said.add(`${name} trigger ${trigger.name} ${trigger.routine.schema ?? home}.${trigger.routine.name}`);
  for (const [option, { value }] of relation.options) {
    if (/^(security_invoker|security_barrier|check_option)$/.test(option)) said.add(`${name} option ${option}=${/^(true|on|yes|1)$/i.test(value) ? 'true' : /^(false|off|no|0)$/i.test(value) ? 'false' : value}`);
  }
  for (const read of relation.reads) {
    if (schema.relation(read.schema, read.name)?.known && !isSame(read, relation)) said.add(`${name} reads ${read.schema ?? home}.${read.name}`);
  }
  const kind = relation.kind === 'sequence' ? 'sequence' : 'table';
  sayAcl(said, name, relation.owner.role, kind, version, relation.acl, relation.withheld);
}

function sayAcl(said: Set<string>, name: string, owner: string | undefined, kind: GrantKind, version: number, acl: readonly Privilege[], withheld: readonly string[]): void {
  for (const { grantee, privilege, column, grantable, grantor } of acl) {
    const on = column === undefined ? name : `${name}.${column}`;
    said.add(`${on}: ${grantee === 'public' ? 'PUBLIC' : grantee === 'current_user' ? session : grantee} may ${privilege}${grantable ? '*' : ''} by ${grantor ?? owner ?? session}`);
  }
  for (const privilege of allPrivileges(kind, version)) if (withheld.includes(privilege)) said.add(`${name}: owner lacks ${privilege}`);
}

/** What the server has beyond a new database, in the same words. */
export async function theirSentences(client: Client): Promise<Sentences> {
  const { rows } = await client.query(queries) as unknown as { rows: { said: string }[] };
  return new Set(rows.map(({ said }) => said));
}

const user = "NOT LIKE 'pg\\_%'";
const inUserSchema = `n.nspname ${user} AND n.nspname <> 'information_schema'`;
/** Members of extensions come with them and are not in any file. */
const ofNoExtension = (catalog: string, alias: string): string => `NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = '${catalog}'::regclass AND d.objid = ${alias}.oid AND d.deptype = 'e')`;
const relations = `pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE ${inUserSchema} AND c.relkind IN ('r', 'p', 'f', 'v', 'm', 'S') AND ${ofNoExtension('pg_class', 'c')}`;

/** `name: grantee may PRIVILEGE by grantor` without what an owner has by himself, and what he lacks. */
function aclQuery(name: string, acl: string, owner: string, type: string, from: string): string {
  const grants = `aclexplode(coalesce(${acl}, acldefault(${type}, ${owner})))`;
  return `SELECT ${name} || ': ' || CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE pg_get_userbyid(a.grantee) END || ' may ' || a.privilege_type
      || CASE WHEN a.is_grantable THEN '*' ELSE '' END || ' by ' || pg_get_userbyid(a.grantor)
    FROM ${from.replace(' WHERE ', `, ${grants} a WHERE `)} AND a.grantee <> ${owner}
    UNION ALL SELECT ${name} || ': owner lacks ' || a.privilege_type
    FROM ${from.replace(' WHERE ', `, aclexplode(acldefault(${type}, ${owner})) a WHERE `)} AND a.grantee = ${owner}
      AND NOT EXISTS (SELECT FROM ${grants} b WHERE b.grantee = ${owner} AND b.privilege_type = a.privilege_type)`;
}

const relationName = "'relation ' || n.nspname || '.' || c.relname";
const routines = `pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE ${inUserSchema} AND p.prokind IN ('f', 'p') AND ${ofNoExtension('pg_proc', 'p')}
  AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'i')`;
const typeName = "CASE WHEN t.typcategory = 'A' AND t.typelem <> 0 THEN (SELECT e.typname FROM pg_type e WHERE e.oid = t.typelem) || '[]' WHEN t.typname = 'char' THEN '\"char\"' ELSE t.typname END";
const routineName = `'routine ' || n.nspname || '.' || p.proname || '(' || coalesce((SELECT string_agg(${typeName}, ',' ORDER BY o) FROM unnest(p.proargtypes) WITH ORDINALITY u(o1, o) JOIN pg_type t ON t.oid = o1), '') || ')'`;
const schemas = `pg_namespace n WHERE ${inUserSchema} AND ${ofNoExtension('pg_namespace', 'n')}`;
const types = `pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace WHERE ${inUserSchema} AND ${ofNoExtension('pg_type', 't')}
  AND (t.typtype IN ('e', 'd', 'r') OR (t.typtype = 'c' AND (SELECT relkind FROM pg_class WHERE oid = t.typrelid) = 'c') OR (t.typtype = 'b' AND t.typelem = 0 AND t.typname NOT LIKE '\\_%'))`;
const defaultKind = "CASE d.defaclobjtype WHEN 'r' THEN 'tables' WHEN 'S' THEN 'sequences' WHEN 'f' THEN 'functions' WHEN 'T' THEN 'types' WHEN 'n' THEN 'schemas' ELSE 'large objects' END";

const queries = [
  `SELECT 'role ' || rolname || ' ' || concat(rolsuper::int, rolinherit::int, rolcreaterole::int, rolcreatedb::int, rolcanlogin::int, rolreplication::int, rolbypassrls::int) AS said FROM pg_roles WHERE rolname ${user} AND rolname <> 'postgres'`,
  `SELECT 'setting of role ' || r.rolname || ': ' || split_part(c, '=', 1) FROM pg_db_role_setting s JOIN pg_roles r ON r.oid = s.setrole, unnest(s.setconfig) c WHERE s.setdatabase = 0`,
  `SELECT 'member ' || pg_get_userbyid(m.member) || ' of ' || pg_get_userbyid(m.roleid) || ' ' || m.admin_option::int
    || coalesce((to_jsonb(m)->>'inherit_option')::boolean::int::text || (to_jsonb(m)->>'set_option')::boolean::int::text, '')
    FROM pg_auth_members m WHERE pg_get_userbyid(m.member) ${user}`,
  `SELECT 'schema ' || n.nspname || ' of ' || pg_get_userbyid(n.nspowner) FROM ${schemas} AND n.nspname <> 'public'`,
  aclQuery("'schema ' || n.nspname", 'n.nspacl', 'n.nspowner', "'n'", schemas),
  `SELECT ${relationName} || CASE c.relkind WHEN 'f' THEN ' foreign table' WHEN 'v' THEN ' view' WHEN 'm' THEN ' materialized view' WHEN 'S' THEN ' sequence' ELSE ' table' END
    || ' of ' || pg_get_userbyid(c.relowner) || ' rls ' || c.relrowsecurity || ' forced ' || c.relforcerowsecurity FROM ${relations}`,
  aclQuery(relationName, 'c.relacl', 'c.relowner', "(CASE c.relkind WHEN 'S' THEN 's' ELSE 'r' END)::\"char\"", relations),
  `SELECT ${relationName} || '.' || t.attname || ': ' || CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE pg_get_userbyid(a.grantee) END || ' may ' || a.privilege_type
    || CASE WHEN a.is_grantable THEN '*' ELSE '' END || ' by ' || pg_get_userbyid(a.grantor)
    FROM pg_attribute t, aclexplode(t.attacl) a, ${relations} AND t.attrelid = c.oid AND t.attacl IS NOT NULL AND NOT t.attisdropped AND a.grantee <> c.relowner`,
  `SELECT ${relationName} || ' column ' || a.attname || ' ' || ${typeName} FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid, ${relations} AND a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN ('r', 'p', 'f')`,
  `SELECT ${relationName} || ' is a ' || CASE WHEN c.relispartition THEN 'partition' ELSE 'child' END || ' of ' || pn.nspname || '.' || pc.relname
    FROM pg_inherits i JOIN pg_class pc ON pc.oid = i.inhparent JOIN pg_namespace pn ON pn.oid = pc.relnamespace, ${relations} AND c.oid = i.inhrelid`,
  `SELECT 'relation ' || schemaname || '.' || tablename || ' policy ' || policyname || ' ' || cmd || ' ' || (permissive = 'PERMISSIVE') || ' ' || (SELECT string_agg(r, ',' ORDER BY r) FROM unnest(roles) r) || ' ' || (qual IS NOT NULL) || ' ' || (with_check IS NOT NULL) FROM pg_policies WHERE schemaname ${user}`,
  `SELECT ${relationName} || ' trigger ' || t.tgname || ' ' || fn.nspname || '.' || f.proname FROM pg_trigger t JOIN pg_proc f ON f.oid = t.tgfoid JOIN pg_namespace fn ON fn.oid = f.pronamespace, ${relations} AND t.tgrelid = c.oid AND NOT t.tgisinternal AND t.tgparentid = 0`,
  `SELECT ${relationName} || ' option ' || split_part(o, '=', 1) || '=' || CASE WHEN split_part(o, '=', 2) IN ('true', 'on', 'yes', '1') THEN 'true' WHEN split_part(o, '=', 2) IN ('false', 'off', 'no', '0') THEN 'false' ELSE split_part(o, '=', 2) END
    FROM unnest(ARRAY['x']) x, ${relations.replace(' WHERE ', ', unnest(c.reloptions) o WHERE ')} AND split_part(o, '=', 1) IN ('security_invoker', 'security_barrier', 'check_option')`,
  `SELECT DISTINCT ${relationName} || ' reads ' || rn.nspname || '.' || rc.relname FROM pg_rewrite w JOIN pg_depend d ON d.classid = 'pg_rewrite'::regclass AND d.objid = w.oid AND d.refclassid = 'pg_class'::regclass
    JOIN pg_class rc ON rc.oid = d.refobjid JOIN pg_namespace rn ON rn.oid = rc.relnamespace, ${relations} AND w.ev_class = c.oid AND rc.oid <> c.oid AND c.relkind IN ('v', 'm')
    AND ${ofNoExtension('pg_class', 'rc')} AND rc.relkind <> 'S' AND rn.nspname ${user} AND rn.nspname <> 'information_schema'`,
  `SELECT ${routineName} || CASE p.prokind WHEN 'p' THEN ' procedure' ELSE ' function' END || ' of ' || pg_get_userbyid(p.proowner) || CASE WHEN p.prosecdef THEN ' definer' ELSE ' invoker' END FROM ${routines}`,
  `SELECT ${routineName} || ' path ' || coalesce((SELECT substr(o, 13) FROM unnest(p.proconfig) o WHERE o LIKE 'search\\_path=%'), 'no path') FROM ${routines}`,
  aclQuery(routineName, 'p.proacl', 'p.proowner', "'f'", routines),
  `SELECT 'type ' || n.nspname || '.' || t.typname || ' of ' || pg_get_userbyid(t.typowner) FROM ${types}`,
  aclQuery("'type ' || n.nspname || '.' || t.typname", 't.typacl', 't.typowner', "'T'", types),
  `SELECT 'default ' || pg_get_userbyid(d.defaclrole) || ' ' || coalesce(n.nspname, '*') || ' ' || ${defaultKind} || ': ' || CASE a.grantee WHEN 0 THEN 'PUBLIC' ELSE pg_get_userbyid(a.grantee) END || ' may ' || a.privilege_type
    || CASE WHEN a.is_grantable THEN '*' ELSE '' END || ' by ' || pg_get_userbyid(a.grantor)
    FROM pg_default_acl d LEFT JOIN pg_namespace n ON n.oid = d.defaclnamespace, aclexplode(d.defaclacl) a WHERE a.grantee <> d.defaclrole
   UNION ALL SELECT 'default ' || pg_get_userbyid(d.defaclrole) || ' * ' || ${defaultKind} || ': owner lacks ' || a.privilege_type
    FROM pg_default_acl d, aclexplode(acldefault(CASE d.defaclobjtype WHEN 'S' THEN 's' ELSE d.defaclobjtype END, d.defaclrole)) a
    WHERE d.defaclnamespace = 0 AND a.grantee = d.defaclrole AND NOT EXISTS (SELECT FROM aclexplode(d.defaclacl) b WHERE b.grantee = a.grantee AND b.privilege_type = a.privilege_type)`,
  `SELECT 'extension ' || e.extname || ' in ' || n.nspname FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace WHERE e.extname <> 'plpgsql'`,
  `SELECT 'event trigger ' || evtname || ' ' || evtevent || ' of ' || pg_get_userbyid(evtowner) FROM pg_event_trigger`,
  `SELECT 'publication ' || pubname || ' ' || puballtables FROM pg_publication`,
  `SELECT 'publication ' || pubname || ' has ' || n.nspname || '.' || c.relname FROM pg_publication p JOIN pg_publication_rel r ON r.prpubid = p.oid JOIN pg_class c ON c.oid = r.prrelid JOIN pg_namespace n ON n.oid = c.relnamespace`,
  `SELECT 'publication ' || pubname || ' has schema ' || n.nspname FROM pg_publication p JOIN pg_publication_namespace r ON r.pnpubid = p.oid JOIN pg_namespace n ON n.oid = r.pnnspid`,
].join('\nUNION ALL ');

/** What is said on one side only, and what of the server's is left out because no file says it. */
export interface Compared {
  readonly differences: readonly string[];
  readonly unsaid: readonly (keyof typeof unsaid)[];
}

/** `closing`: the files close default privileges somewhere, even when nothing of that is left. */
export function compare(schema: Schema, theirs: Sentences, version: number, closing: boolean): Compared {
  const ours = ourSentences(schema, version, ![...theirs].some((said) => said.startsWith('schema public: ')));
  const columns = schema.relations.filter(({ columnsComplete }) => !columnsComplete).map((one) => `relation ${one.schema ?? home}.${one.name} column `);
  const paths = schema.routines.filter(({ path }) => path.kind === 'unknown').map((one) => `${routineSentence(one)} path `);
  const left = new Set<keyof typeof unsaid>();
  const isUnsaid = (said: string): boolean => {
    const why = closing && / PUBLIC may (?:EXECUTE|USAGE) by postgres$/.test(said) ? 'role'
      : columns.some((start) => said.startsWith(start)) ? 'columns' : paths.some((start) => said.startsWith(start)) ? 'path' : undefined;
    if (why) left.add(why);
    return why !== undefined;
  };
  const differences = [
    ...[...theirs].filter((said) => !ours.has(said) && !isUnsaid(said)).map((said) => `server only: ${said}`),
    ...[...ours].filter((said) => !theirs.has(said)).map((said) => `ours only: ${said}`),
  ];
  return { differences: differences.sort((a, b) => (a.slice(a.indexOf(':')) < b.slice(b.indexOf(':')) ? -1 : 1)), unsaid: [...left] };
}

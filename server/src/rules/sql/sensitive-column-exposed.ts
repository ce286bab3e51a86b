import { isDump } from '../../facts/sql/dumps.ts';
import { isTrialPath } from '../../facts/place.ts';
import { isAnonymousRole, isApiRole, isSupabase, readersOf, readersText } from '../../facts/sql/api.ts';
import { quoteName, spell } from '../../facts/sql/cursor.ts';
import { asksForLoginOnly } from '../../facts/sql/own-rows.ts';
import { isAlwaysTrue, isGuarded, policiesHere, shownRelation, targetOf, writtenAt } from '../../facts/sql/rls.ts';
import { holdsOneTimeCodes } from '../../facts/sql/one-time-codes.ts';
import { isTrustedRole } from '../../facts/sql/trusted-roles.ts';
import type { Place, Policy, Relation } from '../../facts/schema.ts';
import type { SqlFacts } from '../../facts/sql.ts';
import { defineRule, type Finding, type Fix } from '../rule.ts';

const sensitive = new RegExp(`^(${[
  '(\\w+_)?(password|passwd|pwd)(_(hash|digest))?', 'ssn', 'social_security(_number)?', 'tax_(id|number)', 'credit_card(_number)?', 'card_number', 'cvv', 'cvc', 'iban',
  '(\\w+_)?(secret|secret_key|private_key|encryption_key)', 'api_key', '(access|refresh|reset|session|auth|bearer)_token', '(totp|otp|mfa)_(secret|seed)', 'recovery_codes?', 'passport_(no|number)',
].join('|')})$`);

export default defineRule({
  language: 'sql',
  severity: 'medium',
  title: 'Column with secrets or personal data is readable by everybody',
  why: `The privilege is on the whole table, and no policy stands in between, or one that lets every row be read: every role reads password hashes, tokens or card numbers with a plain SELECT, \
and over PostgREST so does everybody on the internet where the role is anon.`,
  fixing: `The fix grants the other columns only. Queries of these roles with SELECT * fail from then on; name the columns in them.`,
  cwe: [200, 732],
  references: ['https://www.postgresql.org/docs/current/sql-grant.html', 'https://www.postgresql.org/docs/current/ddl-rowsecurity.html'],
  examples: [
    {
      bad: 'CREATE TABLE app.users (id int, name text, password_hash text);\nGRANT SELECT ON app.users TO «PUBLIC»;\n',
      fixed: 'CREATE TABLE app.users (id int, name text, password_hash text);\nGRANT SELECT (id, name) ON app.users TO PUBLIC;\n',
    },
    { bad: 'CREATE TABLE app.cards (id int, card_number text);\nGRANT ALL ON app.cards TO app, «anon»;\n', good: 'CREATE TABLE app.cards (id int, card_number text);\nGRANT ALL ON app.cards TO app;\n' },
    { bad: 'CREATE TABLE app.users (id int, ssn text);\nCREATE TABLE app.keys (id int, api_key text);\nGRANT SELECT ON ALL TABLES IN SCHEMA app TO «anon»;\n' },
    { bad: 'GRANT SELECT ON pg_authid TO «anon»;\nGRANT SELECT ON pg_catalog.pg_shadow TO «pooler»;\n', because: 'There PostgreSQL keeps the passwords of its own roles: high for what everybody may read.' },
    { good: 'GRANT SELECT ON pg_authid TO rdsadmin;\nGRANT SELECT (rolname) ON pg_authid TO monitor;\nGRANT SELECT ON pg_authid TO monitor;\nREVOKE SELECT ON pg_authid FROM monitor;\n' },
    { good: 'CREATE TABLE app.users (id int, password_hash text);\nGRANT SELECT (id) ON app.users TO PUBLIC;\nGRANT SELECT ON app.users TO app;\n' },
    { good: 'CREATE TABLE app.users (id int, password_hash text);\nGRANT SELECT ON app.users TO PUBLIC;\nREVOKE SELECT ON app.users FROM PUBLIC;\n', because: 'A later statement takes it back.' },
    { good: 'CREATE TABLE app.users (id int, password_hash text);\nALTER TABLE app.users ENABLE ROW LEVEL SECURITY;\nGRANT SELECT ON app.users TO anon;\n', because: 'Policies say which rows they see.' },
    { good: 'CREATE TABLE app.users (id int, password_hash text);\nGRANT INSERT ON app.users TO anon;\n', because: 'They write, but read nothing.' },
    { good: 'CREATE TABLE app.t (id int, passwordless bool, secretary text, token_count int);\nGRANT SELECT ON app.t TO PUBLIC;\n', because: 'These names speak of something else.' },
    {
      bad: 'CREATE TABLE users (id uuid, password_hash text);\nALTER TABLE users ENABLE ROW LEVEL SECURITY;\nCREATE POLICY own ON users FOR UPDATE USING (id = auth.uid());\nCREATE POLICY seen ON users FOR SELECT USING («true»);\n',
      because: 'In Supabase everybody has the privilege, and this policy shows every row: high.',
    },
    {
      bad: "CREATE TABLE email_verifications (email text, code text, used bool);\nALTER TABLE email_verifications ENABLE ROW LEVEL SECURITY;\nCREATE POLICY seen ON email_verifications FOR SELECT TO anon USING («true»);\nGRANT SELECT ON email_verifications TO anon;\n",
      because: 'Codes that prove who somebody is.',
    },
    {
      bad: 'CREATE TABLE customers (id uuid, name text, phone text);\nALTER TABLE customers ENABLE ROW LEVEL SECURITY;\nCREATE POLICY own ON customers FOR UPDATE USING (id = auth.uid());\nCREATE POLICY seen ON customers FOR SELECT USING («true»);\n',
      because: 'Numbers and addresses of people, for everybody on the internet.',
    },
    { good: 'CREATE TABLE stores (id uuid, phone text);\nALTER TABLE stores ENABLE ROW LEVEL SECURITY;\nCREATE POLICY own ON stores FOR UPDATE USING (id = auth.uid());\nCREATE POLICY seen ON stores FOR SELECT USING (true);\n', because: 'A store wants to be called.' },
    { good: 'CREATE TABLE seller_profiles (id uuid, contact_email text);\nALTER TABLE seller_profiles ENABLE ROW LEVEL SECURITY;\nCREATE POLICY own ON seller_profiles FOR UPDATE USING (id = auth.uid());\nCREATE POLICY seen ON seller_profiles FOR SELECT USING (true);\n' },
    {
      good: 'CREATE TABLE users (id uuid, password_hash text);\nALTER TABLE users ENABLE ROW LEVEL SECURITY;\nCREATE POLICY own ON users FOR SELECT USING (id = auth.uid());\n',
      because: 'Everybody reads his own row.',
    },
    {
      good: 'CREATE TABLE users (id uuid, name text, password_hash text);\nALTER TABLE users ENABLE ROW LEVEL SECURITY;\nCREATE POLICY own ON users FOR UPDATE USING (id = auth.uid());\nCREATE POLICY seen ON users FOR SELECT USING (true);\n'
        + 'REVOKE SELECT ON users FROM anon, authenticated;\nGRANT SELECT (id, name) ON users TO anon, authenticated;\n',
      because: 'They may read the other columns only.',
    },
    { good: 'GRANT SELECT ON app.users TO PUBLIC;\n', because: 'What the table holds is not known.' },
  ],
  *check(facts) {
    const { document, objects } = facts;
    if (isDump(document) || isTrialPath(document)) return;
    const exposed = new Map<number, { place: Place; grantee: string; tables: { relation: Relation; columns: string[] }[] }>();
    for (const relation of objects.relations) {
      const columns = relation.columns.filter(({ name }) => sensitive.test(name)).map(({ name }) => name);
      if (relation.kind !== 'table' || !relation.known || relation.temporary || relation.rls.on !== false || columns.length === 0) continue;
      for (const { grantee, privilege, column, place } of relation.acl) {
        if (privilege !== 'SELECT' || column !== undefined || !place || !facts.here(place) || !(grantee === 'public' || isAnonymousRole(grantee))) continue;
        const one = exposed.get(place.at.start) ?? { place, grantee, tables: [] };
        one.tables.push({ relation, columns });
        exposed.set(place.at.start, one);
      }
    }
    yield* passwordsOfRoles(facts);
    yield* shownByPolicies(facts);
    for (const { place, grantee, tables } of exposed.values()) {
      const [{ relation, columns }] = tables as [(typeof tables)[number]];
      const more = tables.length > 1 ? ` and of ${tables.length - 1} more` : '';
      yield {
        at: place.at,
        message: `${grantee === 'public' ? 'Every role' : 'Everybody without a login'} reads ${columns[0]} of ${relation.name.slice(0, 40)}${more}`,
        fixes: tables.length === 1 ? otherColumns(relation, columns, grantee, place) : [],
      };
    }
  },
});

/** Tables whose policies let everybody read every row. */
function* shownByPolicies(facts: SqlFacts): Iterable<Finding> {
  for (const { table, policy } of policiesHere(facts)) {
    const { using, permissive, command } = policy;
    if (command !== 'SELECT' || !permissive || !using || !table.known || !isGuarded(table) || table.policies.some((other) => !other.permissive)) continue;
    const everybody = isAlwaysTrue(using.text);
    const readers = everybody || asksForLoginOnly(using.text) ? readersThrough(facts, table, policy) : [];
    if (readers.length === 0) continue;
    const strangers = everybody && readers.some((role) => role !== 'authenticated');
    const secret = table.columns.find(({ name }) => sensitive.test(name) && !/^tax_/.test(name))?.name ?? (holdsOneTimeCodes(table) ? 'codes' : undefined);
    const column = secret ?? (strangers && people.test(table.name) ? table.columns.find(({ name }) => personal.test(name))?.name : undefined);
    if (column === undefined) continue;
    yield { at: writtenAt(using), severity: strangers && secret !== undefined ? 'high' : 'medium', message: `${readersText(strangers ? ['anon'] : ['authenticated'])} may read ${column.slice(0, 40)} of every row of ${shownRelation(table)}` };
  }
}

/** Tables of people who did not choose to be listed, as those of a team or a shop do. */
const people = /^((user|student|customer|patient|member)_)?profiles?$|(^|_)(users?|customers?|clients?|patients?|leads?|orders?|bookings?|reservations?|appointments?|subscribers?|students?|applicants?|candidates?|registrations?|rsvps?|donors?|wait_?list|newsletter_\w+|(contact|form)_(messages?|submissions?))$/;
const personal = /^(?!(contact|support|business|company|store|shop|public)_)(\w+_)?(e_?mail(_address)?|phone(_number)?|mobile(_number)?|telephone|telefone|whatsapp(_number)?|home_address|shipping_address|date_of_birth|birth_?date|dob)$/;

/** The roles of an API that a policy is for and that may read the whole table. */
function readersThrough(facts: SqlFacts, table: Relation, { roles }: Policy): readonly string[] {
  if (table.acl.some(({ privilege, column }) => privilege === 'SELECT' && column !== undefined)) return [];
  const granted = table.acl.filter(({ privilege }) => privilege === 'SELECT').map(({ grantee }) => grantee);
  return [...granted.filter(isApiRole), ...isSupabase(facts) ? readersOf(table) : []].filter((role) => roles.includes('public') || roles.includes(role));
}

/** The catalogues in which PostgreSQL keeps the passwords of its own roles, and of those on other servers. */
function* passwordsOfRoles(facts: SqlFacts): Iterable<Finding> {
  for (const { name, schema, known, acl } of facts.objects.relations) {
    if (known || !/^(pg_authid|pg_shadow|pg_user_mapping)$/.test(name) || (schema !== undefined && schema !== 'pg_catalog')) continue;
    for (const { grantee, privilege, column, place } of acl) {
      if (privilege !== 'SELECT' || !place || !facts.here(place) || isTrustedRole(grantee) || (column !== undefined && !/^(rolpassword|passwd|umoptions)$/.test(column))) continue;
      const everybody = grantee === 'public' || isApiRole(grantee);
      const reader = grantee === 'public' ? 'Every role' : isAnonymousRole(grantee) ? 'Everybody without a login' : grantee.slice(0, 40);
      yield { at: place.at, ...(everybody && { severity: 'high' as const }), message: `${reader} reads the password${name === 'pg_user_mapping' ? 's for other servers' : ' hashes of all roles'} in ${name}` };
    }
  }
}

/** Only for GRANT SELECT ON table TO one role, and where all columns are known. */
function otherColumns(relation: Relation, columns: readonly string[], grantee: string, { statement }: Place): Fix[] {
  const grant = /^grant\s+select\b(?=\s+on\s+(table\s+)?[\w".]+\s+to\s+[\w"]+\s*$)/i.exec(statement.written.text);
  const others = relation.columns.map(({ name }) => name).filter((name) => !columns.includes(name));
  if (!grant || !relation.columnsComplete || others.length === 0) return [];
  const at = statement.span.start + grant[0].length;
  const [target, to] = [targetOf(relation), grantee === 'public' ? 'PUBLIC' : spell(grantee)];
  const statements = [`REVOKE SELECT ON ${target} FROM ${to};`, `GRANT SELECT (${others.map(quoteName).join(', ')}) ON ${target} TO ${to};`];
  return [{ title: 'Grant the other columns only', safety: 'review', edits: [{ span: { start: at, end: at }, text: ` (${others.map(quoteName).join(', ')})` }], statements }];
}

import { spell } from '../../facts/sql/cursor.ts';
import { isApiRole } from '../../facts/sql/api.ts';
import { mendBehind } from '../../facts/sql/mending.ts';
import { ownKey, wordsIn } from '../../facts/sql/own-rows.ts';
import { ownRowChecks, type OwnRowCheck } from '../../facts/sql/policy-reach.ts';
import { isGuarded, lastOf, shownRelation, targetOf, writtenAt } from '../../facts/sql/rls.ts';
import type { Policy, PolicyExpression, Relation } from '../../facts/schema.ts';
import type { SqlFacts } from '../../facts/sql.ts';
import { uniqueColumns } from '../../facts/sql/unique-columns.ts';
import { defineRule, type Fix } from '../rule.ts';

const profiles = 'CREATE TABLE profiles (id uuid PRIMARY KEY, name text, is_admin bool DEFAULT false);\nALTER TABLE profiles ENABLE ROW LEVEL SECURITY;\n';
const ownUpdate = 'CREATE POLICY own ON profiles FOR UPDATE TO authenticated USING (id = auth.uid());\n';
const adminPosts = 'CREATE TABLE posts (id int, body text);\nALTER TABLE posts ENABLE ROW LEVEL SECURITY;\n'
  + 'CREATE POLICY admin ON posts FOR DELETE USING (EXISTS (SELECT FROM profiles p WHERE p.id = auth.uid() AND p.is_admin));\n';
const members = 'CREATE TABLE members (team_id int, user_id uuid, role text, PRIMARY KEY (team_id, user_id));\nALTER TABLE members ENABLE ROW LEVEL SECURITY;\n';
const teamDocs = 'CREATE TABLE docs (id int, team_id int);\nALTER TABLE docs ENABLE ROW LEVEL SECURITY;\n'
  + 'CREATE POLICY team ON docs FOR SELECT USING (team_id IN (SELECT team_id FROM members WHERE user_id = auth.uid()));\n';

export default defineRule({
  language: 'sql',
  severity: 'high',
  title: 'Users may write the column that decides what they may do',
  why: 'A policy lets users write their own row, all columns of it; another policy or a function reads a column of that row to decide what they may do. '
    + 'One UPDATE, or an INSERT of a row that is not there yet, makes any user an administrator or a member of any team.',
  fixing: 'Lets the role write the other columns only. What sets the column from now on has to run with the rights of another role: a function of '
    + 'SECURITY DEFINER that checks its caller, or the service. Requests that send all columns of the row fail.',
  cwe: [269, 639],
  references: ['https://www.postgresql.org/docs/current/ddl-rowsecurity.html', 'https://supabase.com/docs/guides/database/postgres/column-level-security'],
  examples: [
    {
      bad: `${profiles}CREATE POLICY own ON profiles FOR UPDATE TO authenticated USING («id = auth.uid()»);\n${adminPosts}`,
      fixed: `${profiles}${ownUpdate}REVOKE UPDATE ON profiles FROM authenticated;\nGRANT UPDATE (id, name) ON profiles TO authenticated;\n${adminPosts}`,
    },
    {
      bad: `${profiles}CREATE POLICY add ON profiles FOR INSERT TO authenticated WITH CHECK (id = auth.uid());\nCREATE POLICY own ON profiles FOR UPDATE TO authenticated USING («id = auth.uid()»);\n${adminPosts}`,
      fixed: `${profiles}CREATE POLICY add ON profiles FOR INSERT TO authenticated WITH CHECK (id = auth.uid());\n${ownUpdate}REVOKE UPDATE, INSERT ON profiles FROM authenticated;\n`
        + `GRANT UPDATE (id, name), INSERT (id, name) ON profiles TO authenticated;\n${adminPosts}`,
      because: 'The same mistake twice is said once.',
    },
    {
      bad: `${members}CREATE POLICY own ON members FOR INSERT TO authenticated WITH CHECK («user_id = (SELECT auth.uid())»);\n${teamDocs}`,
      because: 'Whoever inserts a row with his own name and any team belongs to it.',
    },
    {
      bad: `${profiles}CREATE POLICY own ON profiles FOR UPDATE TO authenticated USING («auth.uid() = id») WITH CHECK (auth.uid() = id);\n`
        + "CREATE FUNCTION is_admin() RETURNS bool LANGUAGE sql SECURITY DEFINER SET search_path = '' AS 'SELECT is_admin FROM public.profiles WHERE id = auth.uid()';\n"
        + 'CREATE TABLE posts (id int);\nALTER TABLE posts ENABLE ROW LEVEL SECURITY;\nCREATE POLICY admin ON posts USING (is_admin());\n',
      because: 'A function reads it for the policy.',
    },
    { good: `${profiles}CREATE POLICY own ON profiles FOR UPDATE USING (id = auth.uid()) WITH CHECK (id = auth.uid() AND NOT is_admin);\n${adminPosts}`, because: 'The new row is checked for it.' },
    { good: `${profiles}${ownUpdate}REVOKE UPDATE ON profiles FROM authenticated;\nGRANT UPDATE (name) ON profiles TO authenticated;\n${adminPosts}`, because: 'They may write another column only.' },
    { good: `${profiles}CREATE POLICY own ON profiles FOR SELECT USING (id = auth.uid());\n${adminPosts}`, because: 'They only read it.' },
    {
      good: `${profiles}${ownUpdate}CREATE FUNCTION keep() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW.is_admin := OLD.is_admin; RETURN NEW; END';\n`
        + `CREATE TRIGGER keep BEFORE UPDATE ON profiles FOR EACH ROW EXECUTE FUNCTION keep();\n${adminPosts}`,
      because: 'A trigger watches over the column.',
    },
    {
      good: 'CREATE TABLE docs (id int PRIMARY KEY, owner uuid, published bool);\nALTER TABLE docs ENABLE ROW LEVEL SECURITY;\nCREATE POLICY own ON docs USING (owner = auth.uid());\n'
        + 'CREATE TABLE parts (doc_id int);\nALTER TABLE parts ENABLE ROW LEVEL SECURITY;\n'
        + 'CREATE POLICY own ON parts USING (EXISTS (SELECT FROM docs d WHERE d.id = doc_id AND d.owner = auth.uid() AND NOT d.published));\n',
      because: 'The row is a thing that they own: to publish it is up to them.',
    },
    {
      good: `${profiles}${ownUpdate}CREATE FUNCTION my_profile() RETURNS SETOF profiles LANGUAGE sql SECURITY DEFINER SET search_path = '' AS 'SELECT id, name, is_admin FROM public.profiles WHERE id = auth.uid()';\n`,
      because: 'The function only shows the row.',
    },
    {
      good: 'CREATE TABLE bookings (id int PRIMARY KEY, user_id uuid, day date);\nALTER TABLE bookings ENABLE ROW LEVEL SECURITY;\nCREATE POLICY own ON bookings FOR UPDATE TO authenticated USING (user_id = auth.uid());\n'
        + "CREATE FUNCTION book(d date) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = '' AS 'BEGIN IF EXISTS (SELECT FROM public.bookings b WHERE b.user_id = auth.uid() AND b.day = d) THEN RAISE EXCEPTION ''twice''; END IF; END';\n",
      because: 'The function only keeps the same thing from being there twice.',
    },
    {
      good: "CREATE TABLE sessions (user_id uuid PRIMARY KEY, team_id int);\nALTER TABLE sessions ENABLE ROW LEVEL SECURITY;\nCREATE POLICY own ON sessions TO authenticated USING (user_id = auth.uid());\n"
        + 'CREATE TABLE docs (team_id int);\nALTER TABLE docs ENABLE ROW LEVEL SECURITY;\n'
        + 'CREATE POLICY team ON docs USING (team_id IN (SELECT s.team_id FROM sessions s WHERE s.user_id = auth.uid() AND EXISTS (SELECT FROM teams t WHERE t.id = s.team_id AND t.owner = auth.uid())));\n',
      because: 'Which team it is counts only as long as the user owns it.',
    },
    { good: `${profiles}${ownUpdate}CREATE POLICY seen ON profiles FOR SELECT USING (is_admin OR id = auth.uid());\n`, because: 'It decides what others see of the row.' },
  ],
  *check(facts) {
    for (const table of facts.objects.relations) {
      const writers = ownWriters(table);
      const holes = writers.flatMap((writer) => holesOf(facts, table, writer));
      const [first] = holes;
      if (!first || !facts.here(first.condition.place)) continue;
      const columns = [...new Set(holes.map(({ column }) => column))];
      const more = columns.length > 1 ? ` and ${columns.length - 1} more` : '';
      yield {
        at: writtenAt(first.condition),
        // A row of one's own may be there already, and who may join what is sometimes open.
        ...((first.policy.command === 'INSERT' || isOpenToNewRows(table, first, holes)) && { severity: 'medium' as const }),
        message: `Users may write ${columns[0]!.slice(0, 24)}${more} of their own row in ${shownRelation(table)}, which decides what they may do`,
        related: [facts.related(first.check.place, first.check.routine ? 'This function trusts the column' : 'This policy trusts the column')],
        fixes: otherColumns(facts, table, writers.map(({ policy }) => policy), columns),
      };
    }
  },
});

/** Who may have many rows and fill the column in a new one gains nothing by writing it in an old one. */
function isOpenToNewRows(table: Relation, { key, column }: Hole, holes: readonly Hole[]): boolean {
  return !uniqueColumns(table).has(key) && holes.some((other) => other.policy.command === 'INSERT' && other.column === column);
}

/** A policy that lets users write their own rows. */
interface Writer {
  readonly policy: Policy;
  readonly condition: PolicyExpression;
  /** The column that says whose a row is. */
  readonly key: string;
}

/** Those for rows that are there already come first. */
function ownWriters(table: Relation): readonly Writer[] {
  if (!table.known || !isGuarded(table)) return [];
  const found = table.policies.flatMap((policy): readonly Writer[] => {
    const condition = policy.command === 'INSERT' ? policy.check : policy.command === 'UPDATE' || policy.command === 'ALL' ? policy.using : undefined;
    const key = policy.permissive && condition ? ownKey(condition.text) : undefined;
    return key === undefined ? [] : [{ policy, condition: condition!, key }];
  });
  return [...found.filter(({ policy }) => policy.command !== 'INSERT'), ...found.filter(({ policy }) => policy.command === 'INSERT')];
}

interface Hole extends Writer {
  readonly column: string;
  readonly check: OwnRowCheck;
}

function holesOf(facts: SqlFacts, table: Relation, writer: Writer): readonly Hole[] {
  const checks = ownRowChecks(facts.schema).get(table) ?? [];
  return checks.flatMap((check) => decisive(table, check, writer.key).filter((column) => isWritable(facts, table, writer.policy, column)).map((column) => ({ ...writer, column, check })));
}

/** The columns that a check asks for about the row of a user, not about one of the things that a user owns. */
function decisive(table: Relation, { key, asked, refuses }: OwnRowCheck, own: string): readonly string[] {
  if (key !== own) return [];
  const unique = uniqueColumns(table);
  // Of many rows one that is there already is refused: nobody gains by writing it.
  if (refuses && !unique.has(key)) return [];
  const columns = table.columns.map(({ name }) => name).filter((name) => name !== key && asked.has(name));
  if (!unique.has(key) && columns.some((name) => unique.has(name))) return [];
  return columns.filter((name) => !unique.has(name));
}

function isWritable({ schema }: SqlFacts, table: Relation, policy: Policy, column: string): boolean {
  const restrictive = table.policies.filter((other) => !other.permissive && writes(other));
  const conditions = [policy.check ?? policy.using, ...restrictive.flatMap(({ using, check }) => [using, check])];
  if (conditions.some((condition) => condition && wordsIn(condition.text).has(column))) return false;
  const watched = table.triggers.some(({ routine: { schema: home, name } }) => {
    const routines = schema.routinesNamed(home, name);
    return routines.length === 0 || routines.some(({ created }) => created.written.body?.text.toLowerCase().includes(column.toLowerCase()));
  });
  return !watched && privileges(policy).some((privilege) => isGranted(table, policy, privilege, column));
}

function writes({ command }: Policy): boolean {
  return command !== 'SELECT' && command !== 'DELETE';
}

function privileges({ command }: Policy): readonly string[] {
  return command === 'ALL' ? ['INSERT', 'UPDATE'] : [command];
}

/** Supabase gives the roles of the API every privilege on every table; a REVOKE or a GRANT for columns says that it is not so here. */
function isGranted({ acl, almost }: Relation, policy: Policy, privilege: string, column: string): boolean {
  const items = acl.filter((item) => item.privilege === privilege && reaches(policy, item.grantee));
  const closed = almost.some(({ statement }) => statement.written.head === 'REVOKE');
  if (items.length === 0) return !closed && policy.roles.every((role) => role === 'public' || isApiRole(role)) && asksSupabase(policy);
  return items.some((item) => item.column === undefined || item.column === column);
}

function reaches({ roles }: Policy, grantee: string): boolean {
  return roles.includes('public') || roles.includes(grantee) || grantee === 'public';
}

function asksSupabase({ using, check }: Policy): boolean {
  return /\bauth\s*\.\s*(uid|jwt)\b/i.test(`${using?.text} ${check?.text}`);
}

/** Only for one role, and where no other policy lets it write the columns: it would lose them there. */
function otherColumns(facts: SqlFacts, table: Relation, policies: readonly Policy[], columns: readonly string[]): Fix[] {
  const [role, another] = new Set(policies.flatMap(({ roles }) => roles));
  if (!table.columnsComplete || another !== undefined || role === 'public') return [];
  if (table.policies.some((policy) => policy.permissive && writes(policy) && !policies.includes(policy))) return [];
  const rest = table.columns.map(({ name }) => name).filter((name) => !columns.includes(name)).map(spell).join(', ');
  const granted = [...new Set(policies.flatMap(privileges))];
  const statements = [
    `REVOKE ${granted.join(', ')} ON ${targetOf(table)} FROM ${spell(role!)};`,
    `GRANT ${granted.map((privilege) => `${privilege} (${rest})`).join(', ')} ON ${targetOf(table)} TO ${spell(role!)};`,
  ];
  const grants = table.acl.flatMap(({ privilege, grantee, place }) => (place && granted.includes(privilege) && policies.some((policy) => reaches(policy, grantee)) ? [place] : []));
  return mendBehind(facts, lastOf(facts, [table.place, ...policies.map(({ place }) => place), ...grants]), statements, `Let ${role} write the other columns only`);
}

import type { Finding, Fix } from '../rule.ts';
import { defineRule } from '../rule.ts';
import type { SqlFacts } from '../../facts/sql.ts';
import type { Routine } from '../../facts/schema.ts';
import { displayName, isOpenSchema } from '../../facts/schema.ts';
import { askers } from '../../facts/sql/caller.ts';
import { callersByDefault, isSupabase } from '../../facts/sql/api.ts';
import { onlyFillsIn, runsNoSql, touchesData, writesRows } from '../../facts/sql/touches-data.ts';
import { readsOnlyCatalogs } from '../../facts/sql/reads-catalogs.ts';
import { almostClosed } from '../../facts/sql/almost.ts';
import { append } from '../../facts/sql/append.ts';
import { later, laterStatement } from '../../facts/sql/mending.ts';

export default defineRule({
  language: 'sql',
  severity: 'medium',
  title: 'Every role may execute a SECURITY DEFINER routine',
  why: 'A new routine may be executed by PUBLIC, that is by every role of the database. With SECURITY DEFINER each of them acts with the '
    + 'rights of the owner, so data that was granted to nobody can be read or changed through it.',
  fixing: 'The first fix takes the privilege from PUBLIC directly behind the statement. Only the owner, superusers and roles with a GRANT '
    + 'can call the routine then: grant EXECUTE to the roles that need it, in the same transaction.',
  cwe: [732],
  references: [
    'https://www.postgresql.org/docs/current/sql-createfunction.html#SQL-CREATEFUNCTION-SECURITY',
    'https://www.postgresql.org/docs/current/ddl-priv.html',
  ],
  examples: [
    {
      bad: 'CREATE FUNCTION «app.secret»(x int, OUT s text) LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$ SELECT s FROM app.secrets $$;\n',
      fixed: 'CREATE FUNCTION app.secret(x int, OUT s text) LANGUAGE sql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$ SELECT s FROM app.secrets $$;\nREVOKE ALL ON FUNCTION app.secret(int) FROM PUBLIC;\n',
    },
    {
      bad: 'CREATE PROCEDURE «app.purge»() LANGUAGE sql SECURITY DEFINER AS $$ DELETE FROM app.log $$; -- nightly\n',
      fixed: 'CREATE PROCEDURE app.purge() LANGUAGE sql SECURITY DEFINER AS $$ DELETE FROM app.log $$; -- nightly\nREVOKE ALL ON PROCEDURE app.purge() FROM PUBLIC;\n',
    },
    {
      bad: "ALTER DEFAULT PRIVILEGES IN SCHEMA app REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;\nCREATE FUNCTION «app.f»() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1';",
      fixed: "ALTER DEFAULT PRIVILEGES IN SCHEMA app REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;\nCREATE FUNCTION app.f() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1';\nREVOKE ALL ON FUNCTION app.f() FROM PUBLIC;",
      because: 'With IN SCHEMA the statement does not take the built-in privilege away.',
    },
    {
      bad: 'CREATE POLICY p ON accounts USING (id = auth.uid());\nCREATE OR REPLACE FUNCTION «public.close_account»(a uuid) RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = public AS $$ DELETE FROM accounts WHERE id = a $$;\n',
      fixed: 'CREATE POLICY p ON accounts USING (id = auth.uid());\nCREATE OR REPLACE FUNCTION public.close_account(a uuid) RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = public AS $$ DELETE FROM accounts WHERE id = a $$;\n'
        + 'REVOKE ALL ON FUNCTION public.close_account(uuid) FROM PUBLIC, anon;\n',
      because: 'Supabase grants every new function to anon as well.',
    },
    {
      bad: 'CREATE POLICY p ON accounts USING (id = auth.uid());\nCREATE FUNCTION «public.close_account»(a uuid) RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = public AS $$ DELETE FROM accounts WHERE id = a $$;\n'
        + 'REVOKE ALL ON FUNCTION public.close_account(uuid) FROM PUBLIC;\n',
      fixed: 'CREATE POLICY p ON accounts USING (id = auth.uid());\nCREATE FUNCTION public.close_account(a uuid) RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = public AS $$ DELETE FROM accounts WHERE id = a $$;\n'
        + 'REVOKE ALL ON FUNCTION public.close_account(uuid) FROM PUBLIC, anon;\nREVOKE ALL ON FUNCTION public.close_account(uuid) FROM PUBLIC;\n',
      because: 'What anon has by name stays when PUBLIC loses it.',
    },
    {
      good: 'ALTER DEFAULT PRIVILEGES IN SCHEMA public REVOKE EXECUTE ON FUNCTIONS FROM anon;\nCREATE POLICY p ON accounts USING (id = auth.uid());\n'
        + 'CREATE FUNCTION public.close_account(a uuid) RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = public AS $$ DELETE FROM accounts WHERE id = a $$;\n'
        + 'REVOKE ALL ON FUNCTION public.close_account(uuid) FROM PUBLIC;\n',
      because: 'New functions are not granted to anon.',
    },
    {
      good: "CREATE FUNCTION app.f(x integer) RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1';\nREVOKE EXECUTE ON FUNCTION app.f(int) FROM PUBLIC;",
      because: 'The file takes the privilege away.',
    },
    {
      good: "ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;\nCREATE FUNCTION app.f() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT 1';",
      because: 'New routines are not open to PUBLIC.',
    },
    { bad: "CREATE FUNCTION «signal»(name text) RETURNS void LANGUAGE c SECURITY DEFINER AS 'MODULE_PATHNAME';\n", because: 'What compiled code does is not known: low.' },
    {
      good: 'CREATE FUNCTION app.log() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN RETURN NEW; END $$;',
      because: 'A trigger function cannot be called by name.',
    },
  ],
  *check(facts) {
    for (const routine of facts.routines) {
      if (!routine.definer || routine.text.trigger) continue;
      const finding = judge(facts, routine);
      if (finding) yield finding;
    }
  },
});

function judge(facts: SqlFacts, routine: Routine): Finding | undefined {
  const { publicExecute } = routine;
  if (!facts.here(publicExecute.kind === 'granted' ? publicExecute.place : routine.place)) return undefined;
  const name = displayName(routine);
  const open = isOpenSchema(facts.schema, routine.schema);
  const message = `Any role ${open ? '' : 'with USAGE on its schema '}can call ${name} and act with its owner's rights: PUBLIC may execute it`;
  switch (publicExecute.kind) {
    case 'default': return { at: routine.at, message, severity: open && !isHarmless(facts, routine) ? 'medium' : 'low', related: almostClosed(facts, routine), fixes: revokes(facts, routine) };
    // OR REPLACE keeps the privileges that an older version may have.
    case 'assumed': return {
      at: routine.at, ...(isOpenToStrangers(facts, routine)
        ? { message: `Anybody who is not logged in can call ${name} over the API and write with its owner's rights`, severity: writesLogins(routine) ? 'high' as const : 'medium' as const }
        : showsLogins(facts, routine) ? { message: `Anybody who is not logged in can call ${name} over the API and read what Supabase knows of its users`, severity: 'medium' as const }
        : { message, severity: 'low' as const }), related: almostClosed(facts, routine), fixes: revokes(facts, routine),
    };
    case 'granted': return {
      at: publicExecute.place.at, message, severity: open && !isHarmless(facts, routine) && !forRequests.test(routine.name) ? 'medium' : 'low',
      related: [facts.related(routine.place, 'It runs with the rights of its owner'), ...almostClosed(facts, routine)],
      fixes: [grantToRole(routine, publicExecute.place.at)],
    };
    case 'revoked': return leftToAnon(facts, routine) ?? (publicExecute.late && {
      at: routine.at, severity: 'info',
      message: `Any role can call ${name} until a later transaction revokes it from PUBLIC`,
      related: [facts.related(publicExecute.late, 'This belongs into the transaction that creates it')],
    });
  }
}

/** Supabase grants EXECUTE to anon by name, so that what is taken from PUBLIC is still there for anon. */
function leftToAnon(facts: SqlFacts, routine: Routine): Finding | undefined {
  const { publicExecute, at, created: { written } } = routine;
  if (publicExecute.kind !== 'revoked' || !callersByDefault(facts, routine).includes('anon') || isHarmless(facts, routine)) return undefined;
  // A yes or no that changes nothing is mostly there for policies, which ask it in the name of anon as well; a counter harms nobody.
  const answers = /\breturns\s+bool(ean)?\b/i.test(written.text) && !writesRows(written);
  const counts = !writesRows(written) && /^\W*(begin\b\s*)?update\b[^;]*;?\s*(end\b\W*)?$/i.test(written.body?.text ?? '');
  return {
    at, severity: answers || counts ? 'low' : writesLogins(routine) ? 'high' : 'medium',
    message: `Anybody who is not logged in can still call ${displayName(routine)} over the API: it was taken from PUBLIC, but not from anon`,
    related: publicExecute.by ? [facts.related(publicExecute.by, 'This leaves what Supabase grants to anon by name')] : [],
    fixes: revokeFromAnon(facts, routine),
  };
}

function revokeFromAnon(facts: SqlFacts, routine: Routine): Fix[] {
  const edit = append(facts.document.text, routine.created, [`REVOKE ALL ON ${routine.procedure ? 'PROCEDURE' : 'FUNCTION'} ${routine.target} FROM PUBLIC, anon;`]);
  return edit ? [{ title: 'Revoke it from anon as well', safety: 'review', edits: [edit], ...later(laterStatement(routine, 'REVOKE ALL ON', 'FROM PUBLIC, anon')) }] : [];
}

/** What people call before the server knows them. */
const forStrangers = /^(log_?in|sign_?(in|up)|register|authenticate|(reset|forgot)_pass(word)?|pass(word)?_reset|(validate|verify|confirm|activate)_(token|email|e_?mail|account|user|code))(_(user|account|member|new))?$/i;

/** Supabase shows it to everybody, and it writes what it is told without asking who tells it. */
function isOpenToStrangers(facts: SqlFacts, routine: Routine): boolean {
  return isShown(facts, routine) && writesRows(routine.created.written) && !onlyFillsIn(routine);
}

/** It hands out mail addresses or numbers of logins, of whomever the caller names. */
function showsLogins(facts: SqlFacts, routine: Routine): boolean {
  const { text, body } = routine.created.written;
  return isShown(facts, routine) && /\bselect\b[^;]*\b(?:email|phone|raw_user_meta_data|encrypted_password)\b[^;]*\bfrom\s+"?auth"?\s*\.\s*"?users\b/i.test(body?.text ?? text)
    && /\breturns\s+(?:setof\b|table\b|"?(?:text|varchar|character\s+varying|jsonb?|record)\b)/i.test(text);
}

function isShown(facts: SqlFacts, routine: Routine): boolean {
  const { schema = 'public', types, before, almost } = routine;
  return isSupabase(facts) && schema === 'public' && !forRequests.test(routine.name) && !asksForSecret(routine) && types.length > 0 && before === undefined && almost.length === 0
    && !isHarmless(facts, routine);
}

/** It sets passwords and tokens, or says who is an administrator: whoever calls it becomes one. */
function writesLogins({ types, created: { written: { body, text } } }: Routine): boolean {
  return types.length > 0 && powers.test(body?.text ?? text);
}

const powers = new RegExp(String.raw`\b(?:update(?:\s+only)?|insert\s+into)\s+(?:"?auth"?\s*\.\s*"?users|(?:"?public"?\s*\.\s*)?"?(?:(?:super_|platform_)?admins?(?:_users)?|user_(?:roles|permissions)))\b`, 'i');

/** Who has the secret of an invitation or a link may use it before he logs in; forms, clicks and sums that are made anew harm nobody. */
const forRequests = new RegExp(`^(fn_|rpc_|api_)?(${[
  'accept', 'book', 'calculate', 'check_rate_limit', 'create_(\\w+_)?(appointment|booking|lead|order|request|reservation|ticket)', 'confirm', 'compute', 'consume', 'count', 'decline', 'increment', 're(build|calculate|calc|compute|fresh)', 'record_(view|visit|click|event)', 'redeem', 'register', 'sign',
  'submit', 'subscribe', 'sync', 'track', 'unsubscribe', 'validate', 'verify',
].join('|')})(_|$)|(^|_)re(calcul|comput|fresh|build)\\w*(_|$)`, 'i');

/** The caller shows that he may by the code of a link or an invitation, by which it finds its row. */
function asksForSecret({ created: { written: { body, text } } }: Routine): boolean {
  const code = body?.text ?? '';
  const head = text.slice(0, text.indexOf(code));
  return [...code.matchAll(/\bwhere\b[^;]*?=\s*(?:\w+\s*\.\s*)?(\w+)/gi)].some(([, name = '']) => secret.test(name) && new RegExp(`\\b${name}\\b`, 'i').test(head));
}

const secret = /(^|_)(token|secret|nonce|otp|(uni[kq](ue)?|invit\w*|access|share|verif\w*|confirm\w*|reset|link|join|magic)_(code|kod|key|hash))(_|$)/i;

/** It only computes something of its arguments, or decides by itself what its caller gets. */
function isHarmless({ schema }: SqlFacts, routine: Routine): boolean {
  const { types, created: { written }, text: { language } } = routine;
  // Nobody can tell what compiled code does with the rights of its owner; it mostly was written for this.
  if (language === 'c' || language === 'internal') return true;
  // What stands there is there for everybody, and found without a path.
  if (routine.schema === 'pg_catalog') return true;
  return forStrangers.test(routine.name) || !touchesData(written) || readsOnlyCatalogs(written) || askers(schema)(written.body?.text ?? written.text) || (types.length === 0 && runsNoSql(routine));
}

function revokes(facts: SqlFacts, routine: Routine): Fix[] {
  const { document } = facts;
  const kind = routine.procedure ? 'PROCEDURE' : 'FUNCTION';
  const from = isSupabase(facts) && (routine.schema ?? 'public') === 'public' && !routine.grantees.includes('anon') ? 'FROM PUBLIC, anon' : 'FROM PUBLIC';
  const revoke = `REVOKE ALL ON ${kind} ${routine.target} ${from};`;
  const first = append(document.text, routine.created, [revoke]);
  if (!first) return [];
  const still = routine.grantees.length > 0 ? routine.grantees.join(', ') : 'only its owner';
  const [closed, opened] = toOneRole(routine, from);
  const title = `Revoke it from PUBLIC; ${still} can still call it, others need a GRANT`;
  const fixes: Fix[] = [{ title, safety: 'review', edits: [first], ...later(closed) }];
  if (routine.grantees.length > 0) return fixes;
  const grant = `GRANT EXECUTE ON ${kind} ${routine.target} TO `;
  const second = append(document.text, routine.created, [revoke, `${grant}role_name;`])!;
  const start = second.text.lastIndexOf(grant) + grant.length;
  const edit = { ...second, placeholders: [{ start, end: start + 'role_name'.length }] };
  return [...fixes, { title: 'Revoke it from PUBLIC and grant it to a role', safety: 'review', edits: [edit], ...opened !== undefined && { statements: [closed!, opened], blanks: ['role_name'] } }];
}

/** What runs later to take it from PUBLIC and to give it to one role. */
function toOneRole(routine: Routine, from = 'FROM PUBLIC'): readonly string[] {
  const closed = laterStatement(routine, 'REVOKE ALL ON', from);
  return closed === undefined ? [] : [closed, closed.replace(/^REVOKE ALL(.*)FROM [^;]*;$/s, 'GRANT EXECUTE$1TO role_name;')];
}

function grantToRole(routine: Routine, at: Finding['at']): Fix {
  const edit = { span: at, text: 'role_name', placeholders: [{ start: 0, end: 'role_name'.length }] };
  return { title: 'Grant it to a role instead of PUBLIC', safety: 'review', edits: [edit], statements: toOneRole(routine), blanks: ['role_name'] };
}

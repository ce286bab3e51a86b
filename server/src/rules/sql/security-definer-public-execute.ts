import type { Finding, Fix } from '../rule.ts';
import { defineRule } from '../rule.ts';
import type { SqlFacts } from '../../facts/sql.ts';
import type { Routine } from '../../facts/schema.ts';
import { displayName, isOpenSchema } from '../../facts/schema.ts';
import { asksForCaller, runsNoSql, touchesData } from '../../facts/sql/touches-data.ts';
import { almostClosed } from '../../facts/sql/almost.ts';
import { append } from '../../facts/sql/append.ts';
import { laterStatement } from '../../facts/sql/mending.ts';

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
    case 'default': return { at: routine.at, message, severity: open && !isHarmless(routine) ? 'medium' : 'low', related: almostClosed(facts, routine), fixes: revokes(facts, routine) };
    // OR REPLACE keeps the privileges that an older version may have.
    case 'assumed': return { at: routine.at, message, severity: 'low', related: almostClosed(facts, routine), fixes: revokes(facts, routine) };
    case 'granted': return {
      at: publicExecute.place.at, message, severity: open && !isHarmless(routine) ? 'medium' : 'low',
      related: [facts.related(routine.place, 'It runs with the rights of its owner'), ...almostClosed(facts, routine)],
      fixes: [grantToRole(publicExecute.place.at)],
    };
    case 'revoked': return publicExecute.late && {
      at: routine.at, severity: 'info',
      message: `Any role can call ${name} until a later transaction revokes it from PUBLIC`,
      related: [facts.related(publicExecute.late, 'This belongs into the transaction that creates it')],
    };
  }
}

/** What people call before the server knows them. */
const forStrangers = /^(log_?in|sign_?(in|up)|register|authenticate|(reset|forgot)_pass(word)?|pass(word)?_reset|(validate|verify|confirm|activate)_(token|email|e_?mail|account|user|code))(_(user|account|member|new))?$/i;

/** It only computes something of its arguments, or decides by itself what its caller gets. */
function isHarmless(routine: Routine): boolean {
  const { types, created: { written }, text: { language } } = routine;
  // Nobody can tell what compiled code does with the rights of its owner; it mostly was written for this.
  if (language === 'c' || language === 'internal') return true;
  return forStrangers.test(routine.name) || !touchesData(written) || asksForCaller(written) || (types.length === 0 && runsNoSql(routine));
}

function revokes({ document }: SqlFacts, routine: Routine): Fix[] {
  const kind = routine.procedure ? 'PROCEDURE' : 'FUNCTION';
  const revoke = `REVOKE ALL ON ${kind} ${routine.target} FROM PUBLIC;`;
  const first = append(document.text, routine.created, [revoke]);
  if (!first) return [];
  const still = routine.grantees.length > 0 ? routine.grantees.join(', ') : 'only its owner';
  const later = laterStatement(routine, 'REVOKE ALL ON', 'FROM PUBLIC');
  const title = `Revoke it from PUBLIC; ${still} can still call it, others need a GRANT`;
  const fixes: Fix[] = [{ title, safety: 'review', edits: [first], ...later && { statements: [later] } }];
  if (routine.grantees.length > 0) return fixes;
  const grant = `GRANT EXECUTE ON ${kind} ${routine.target} TO `;
  const second = append(document.text, routine.created, [revoke, `${grant}role_name;`])!;
  const start = second.text.lastIndexOf(grant) + grant.length;
  const edit = { ...second, placeholders: [{ start, end: start + 'role_name'.length }] };
  return [...fixes, { title: 'Revoke it from PUBLIC and grant it to a role', safety: 'review', edits: [edit] }];
}

function grantToRole(at: Finding['at']): Fix {
  const edit = { span: at, text: 'role_name', placeholders: [{ start: 0, end: 'role_name'.length }] };
  return { title: 'Grant it to a role instead of PUBLIC', safety: 'review', edits: [edit] };
}

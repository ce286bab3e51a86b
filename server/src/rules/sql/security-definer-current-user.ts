import { defineRule } from '../rule.ts';
import { displayName } from '../../facts/schema.ts';
import type { SqlFacts } from '../../facts/sql.ts';
import type { Routine } from '../../facts/schema.ts';
import { findRoleAnswers, findRoleChecks } from '../../facts/sql/role-checks.ts';
import { bodyTokens } from '../../facts/sql/body-tokens.ts';
import { shift } from '../../text.ts';

export default defineRule({
  language: 'sql',
  severity: 'medium',
  title: 'SECURITY DEFINER routine asks who its owner is instead of its caller',
  why: 'While such a routine runs, current_user is its owner. A check of current_user, or of privileges without naming a role, gives the same answer '
    + 'for every caller, most often that of a superuser: rows and actions that were meant for few are open to all.',
  fixing: 'The fix asks for session_user, the role that logged in. Where all clients log in through one role of a pool, session_user is that role: '
    + 'then hand the user over in another way, or let the check run in a routine with SECURITY INVOKER.',
  cwe: [863],
  references: ['https://www.postgresql.org/docs/current/functions-info.html#FUNCTIONS-INFO-SESSION', 'https://www.postgresql.org/docs/current/sql-createfunction.html#SQL-CREATEFUNCTION-SECURITY'],
  examples: [
    {
      bad: 'CREATE FUNCTION app.mine() RETURNS SETOF app.salary LANGUAGE sql SECURITY DEFINER AS $$ SELECT * FROM app.salary WHERE emp = «current_user» $$;\n',
      fixed: 'CREATE FUNCTION app.mine() RETURNS SETOF app.salary LANGUAGE sql SECURITY DEFINER AS $$ SELECT * FROM app.salary WHERE emp = session_user $$;\n',
    },
    {
      bad: "CREATE FUNCTION app.drop_it() RETURNS void LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN IF NOT «pg_has_role»('admin', 'member') THEN RAISE 'no'; END IF; END $$;\n",
      fixed: "CREATE FUNCTION app.drop_it() RETURNS void LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN IF NOT pg_has_role(session_user, 'admin', 'member') THEN RAISE 'no'; END IF; END $$;\n",
    },
    {
      bad: "CREATE FUNCTION app.g() RETURNS void LANGUAGE plpgsql AS 'BEGIN IF «CURRENT_USER» <> ''admin'' THEN RAISE ''no''; END IF; END';\nALTER FUNCTION app.g() SECURITY DEFINER;\n",
      fixed: "CREATE FUNCTION app.g() RETURNS void LANGUAGE plpgsql AS 'BEGIN IF SESSION_USER <> ''admin'' THEN RAISE ''no''; END IF; END';\nALTER FUNCTION app.g() SECURITY DEFINER;\n",
    },
    {
      bad: "CREATE FUNCTION app.h() RETURNS boolean LANGUAGE sql SECURITY DEFINER RETURN «user»::text IN ('a', 'b') OR pg_has_role(«current_user», 'admin', 'usage');\n",
      fixed: "CREATE FUNCTION app.h() RETURNS boolean LANGUAGE sql SECURITY DEFINER RETURN session_user::text IN ('a', 'b') OR pg_has_role(session_user, 'admin', 'usage');\n",
    },
    {
      good: "CREATE FUNCTION app.log() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$ DECLARE me text = current_user; BEGIN NEW.who = current_user; UPDATE app.t SET n = 1, who = current_user WHERE id = NEW.id; INSERT INTO app.log VALUES (current_user); RETURN NEW; END $$;",
      because: 'It is written down, not asked.',
    },
    {
      good: "CREATE FUNCTION app.i() RETURNS boolean LANGUAGE sql AS $$ SELECT current_user = 'admin' $$;\nSELECT 'SECURITY DEFINER';",
      because: "It runs with its caller's rights.",
    },
    {
      good: "CREATE FUNCTION app.l() RETURNS SETOF text LANGUAGE sql SECURITY DEFINER AS $$ SELECT relname FROM pg_class WHERE relowner::regrole::text <> current_user $$;",
      because: 'It asks whose tables they are.',
    },
    {
      good: 'CREATE FUNCTION app.j() RETURNS boolean LANGUAGE sql SECURITY DEFINER AS $$ SELECT current_user = session_user $$;',
      because: 'It asks whether the caller is the owner.',
    },
    {
      good: "CREATE FUNCTION app.k() RETURNS boolean LANGUAGE sql SECURITY DEFINER AS $$ SELECT has_table_privilege(session_user, 'app.t', 'SELECT') AND t.user = 1 FROM app.t $$;",
      because: 'The role is named, and user is a column of the table.',
    },
    {
      bad: "CREATE FUNCTION app.me() RETURNS name LANGUAGE sql SECURITY DEFINER AS 'SELECT «current_user»';\nCREATE POLICY own ON app.doc USING (owner = app.me());\n",
      fixed: "CREATE FUNCTION app.me() RETURNS name LANGUAGE sql SECURITY DEFINER AS 'SELECT session_user';\nCREATE POLICY own ON app.doc USING (owner = app.me());\n",
      because: 'A policy compares what it answers.',
    },
    { good: "CREATE FUNCTION app.me() RETURNS name LANGUAGE sql SECURITY DEFINER AS 'SELECT current_user';\nCREATE POLICY own ON app.doc USING (owner = current_user);\n", because: 'No policy asks it.' },
  ],
  *check(facts) {
    for (const routine of facts.routines) {
      if (!routine.definer || !facts.here(routine.place)) continue;
      const { written, span } = routine.created;
      for (const { at, word, silent, mend } of [...findRoleChecks(written), ...isAskedByPolicy(facts, routine) ? findRoleAnswers(written) : []]) {
        const text = bodyTokens(written)?.quote(mend.text);
        yield {
          at: shift(at, span.start),
          severity: silent ? 'low' : 'medium',
          message: `${word} speaks of the owner of ${displayName(routine)} here, so every caller gets the same answer`,
          related: [facts.related(routine.definer, 'This makes the owner the current user')],
          fixes: text === undefined ? [] : [{
            title: 'Ask for session_user, the role that logged in', safety: 'review',
            edits: [{ span: shift(mend.span, span.start), text }],
          }],
        };
      }
    }
  },
});

/** The condition of a policy calls it. */
function isAskedByPolicy({ schema }: SqlFacts, { name, schema: home }: Routine): boolean {
  return schema.relations.some(({ policies }) => policies.some(({ using, check }) => [using, check].some((one) => one?.calls.some((call) => call.name === name && call.schema === home))));
}

import type { Finding } from '../rule.ts';
import { defineRule } from '../rule.ts';
import type { SqlFacts } from '../../facts/sql.ts';
import type { Routine } from '../../facts/schema.ts';
import { displayName } from '../../facts/schema.ts';
import { innerCommands, type SqlCommand } from '../../facts/sql/sql-commands.ts';
import { removeFrom, removeStatement } from '../../facts/sql/sql-edits.ts';

export default defineRule({
  language: 'sql',
  severity: 'medium',
  title: 'SECURITY DEFINER routine cannot change its role',
  why: 'The server refuses to change the role or the session user while a SECURITY DEFINER routine runs, so each call that gets there ends with an error. '
    + 'Who wrote this thought that the rest of the body runs with fewer rights, and it never will.',
  fixing: 'The fix takes the statement out. What follows then runs with the rights of the owner: give the routine to an owner who has no more than it needs, or make it SECURITY INVOKER.',
  cwe: [269],
  references: ['https://www.postgresql.org/docs/current/sql-set-role.html', 'https://www.postgresql.org/docs/current/sql-createfunction.html'],
  examples: [
    {
      bad: 'CREATE FUNCTION app.f() RETURNS void LANGUAGE plpgsql SECURITY DEFINER AS $$\nBEGIN\n  «SET LOCAL ROLE reader»;\n  PERFORM 1;\nEND $$;\n',
      fixed: 'CREATE FUNCTION app.f() RETURNS void LANGUAGE plpgsql SECURITY DEFINER AS $$\nBEGIN\n  PERFORM 1;\nEND $$;\n',
    },
    {
      bad: "CREATE FUNCTION app.g(r text) RETURNS void LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN «PERFORM set_config('role', r, true)»; END $$;\n",
      fixed: 'CREATE FUNCTION app.g(r text) RETURNS void LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN  END $$;\n',
    },
    {
      bad: 'CREATE FUNCTION app.h() RETURNS int LANGUAGE sql SECURITY DEFINER «SET ROLE reader» AS $$ SELECT 1 $$;\n',
      fixed: 'CREATE FUNCTION app.h() RETURNS int LANGUAGE sql SECURITY DEFINER AS $$ SELECT 1 $$;\n',
    },
    {
      bad: "CREATE FUNCTION app.i(r text) RETURNS void LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN «EXECUTE format('SET ROLE %I', r)»; END $$;\n",
      because: 'It runs text, which may do more than that.',
    },
    { good: "CREATE FUNCTION app.f() RETURNS void LANGUAGE plpgsql AS $$ BEGIN SET ROLE reader; END $$;\nSELECT 'SECURITY DEFINER';", because: "A routine with its caller's rights may." },
    { good: "CREATE FUNCTION app.f() RETURNS void LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN SET LOCAL role_of_app.id = '1'; UPDATE app.t SET role = 'x'; END $$;", because: 'Other settings and columns may be called so.' },
  ],
  *check(facts) {
    for (const routine of facts.routines) {
      if (!routine.definer || !facts.here(routine.place)) continue;
      const clause = clauseOf(facts, routine);
      if (clause) yield clause;
      for (const command of innerCommands(routine.created)) yield* inBody(facts, routine, command);
    }
  },
});

const changesRole = /^(?:re)?set\s+(?:(?:local|session)\s+)?(?:role|session\s+authorization|authorization|session_authorization)\b(?!\s*\.)/i;
const setConfig = /^(?:perform|select)\s+(?:pg_catalog\s*\.\s*)?set_config\s*\(\s*'(?:role|session_authorization)'/i;
const executes = /^execute\s*\(?\s*(?:format\s*\(\s*)?'\s*set\s+(?:(?:local|session)\s+)?(?:role|session\s+authorization)\b/i;

function* inBody(facts: SqlFacts, routine: Routine, command: SqlCommand): Iterable<Finding> {
  const { text } = command.written;
  if (![changesRole, setConfig, executes].some((pattern) => pattern.test(text))) return;
  const at = command.inFile({ start: 0, end: text.length });
  const only = routine.text.language === 'sql' || executes.test(text) || /^select\b/i.test(text);
  yield {
    at,
    message: messageFor(routine),
    related: [facts.related(routine.definer!, 'Because of this')],
    fixes: only ? [] : [{ title: 'Delete the statement', safety: 'review', edits: [removeStatement(facts.document.text, at)] }],
  };
}

function messageFor(routine: Routine): string {
  return `Every call of ${displayName(routine)} fails here: no role can be set within SECURITY DEFINER`;
}

/** SET as an option of CREATE FUNCTION. */
function clauseOf(facts: SqlFacts, routine: Routine): Finding | undefined {
  const command = facts.commands.find(({ inside, statement }) => inside === 'file' && statement === routine.created);
  if (!command) return undefined;
  const { text, tokens } = command.written;
  const code = tokens.filter((token) => token.kind !== 'comment');
  const word = (i: number): string => (code[i]?.kind === 'word' ? text.slice(code[i]!.start, code[i]!.end).toLowerCase() : '');
  for (let i = 0; i < code.length && !(word(i) === 'begin' && word(i + 1) === 'atomic'); i++) {
    if (word(i) !== 'set') continue;
    const session = word(i + 1) === 'session' && word(i + 2) === 'authorization';
    if (!session && word(i + 1) !== 'role' && word(i + 1) !== 'session_authorization') continue;
    const name = i + (session ? 2 : 1);
    const operator = word(name + 1) === 'to' || text[code[name + 1]?.start ?? 0] === '=' ? 1 : 0;
    const span = { start: code[i]!.start, end: code[name + 1 + operator]?.end ?? code[name]!.end };
    return {
      at: command.inFile(span),
      message: messageFor(routine),
      related: [facts.related(routine.definer!, 'Because of this')],
      fixes: [{ title: 'Delete the setting', safety: 'review', edits: removeFrom(command, span) }],
    };
  }
  return undefined;
}

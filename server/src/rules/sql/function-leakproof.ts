import { Cursor } from '../../facts/sql/cursor.ts';
import { anyWriting, comesLater } from '../../facts/sql/later-text.ts';
import { later } from '../../facts/sql/mending.ts';
import { defineRule } from '../rule.ts';
import { readRoutine } from '../../facts/sql/routine-text.ts';
import { removeFrom } from '../../facts/sql/sql-edits.ts';
import type { SqlCommand } from '../../facts/sql/sql-commands.ts';

export default defineRule({
  language: 'sql',
  severity: 'medium',
  title: 'Function is declared LEAKPROOF',
  why: 'The planner may call a LEAKPROOF function on rows that a row-level security policy or a security barrier view hides. '
    + 'A function that raises an error with its argument, writes it down or only takes longer for some values then tells callers what they may not see.',
  fixing: 'The fix takes the word away: the function runs after the policy. Queries that used it in an index scan below the policy get slower, so look at their plans.',
  cwe: [200],
  references: ['https://www.postgresql.org/docs/current/sql-createfunction.html', 'https://www.postgresql.org/docs/current/rules-privileges.html'],
  examples: [
    {
      bad: "CREATE FUNCTION app.same(a text, b text) RETURNS boolean LANGUAGE sql IMMUTABLE «LEAKPROOF» AS 'SELECT a = b';\n",
      fixed: "CREATE FUNCTION app.same(a text, b text) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT a = b';\n",
    },
    { bad: 'ALTER FUNCTION app.same(text, text) COST 10 «LEAKPROOF»;\n', fixed: 'ALTER FUNCTION app.same(text, text) COST 10;\n' },
    { bad: "CREATE FUNCTION hash(x app.id) RETURNS int LANGUAGE c STRICT «LEAKPROOF» AS 'ext', 'hash';\n", because: 'Operators of an index need it; for code in C it is only worth a look.' },
    { good: "CREATE FUNCTION app.tenant() RETURNS uuid LANGUAGE sql STABLE LEAKPROOF AS $$ SELECT current_setting('app.tenant')::uuid $$;\n", because: 'Without an argument it sees no row.' },
    { good: "CREATE FUNCTION app.f() RETURNS int LANGUAGE sql NOT LEAKPROOF AS 'SELECT 1';\nALTER FUNCTION app.f() NOT LEAKPROOF;", because: 'That is the default.' },
    { good: "CREATE FUNCTION app.g() RETURNS text LANGUAGE sql AS $$ SELECT 'leakproof' AS leakproof $$;", because: 'The word stands in the body.' },
    { good: 'ALTER FUNCTION app.same(text, text) LEAKPROOF;\nALTER FUNCTION app.same(text, text) NOT LEAKPROOF;\n', because: 'A later statement takes it back.' },
    { bad: 'ALTER FUNCTION app.same(text, text) «LEAKPROOF»;\nALTER FUNCTION app.other(text, text) NOT LEAKPROOF;\n', because: 'That is about another function.' },
  ],
  *check(facts) {
    const { commands, replaced } = facts;
    // Once is enough to make somebody look at the file.
    let told = false;
    for (const command of commands) {
      if (replaced.has(command.statement)) continue;
      if (!/^(CREATE (OR REPLACE )?FUNCTION|ALTER (FUNCTION|ROUTINE))$/.test(command.written.head)) continue;
      const word = leakproof(command);
      if (!word) continue;
      const routine = readRoutine(command.written);
      if (routine?.parameters.length === 0) continue;
      // A switch tells nothing of a row.
      const switched = routine?.parameters.every(({ written }) => /\bbool(ean)?\b/i.test(written)) ?? false;
      const target = targetIn(command);
      if (target && comesLater(facts, command.statement, new RegExp(`\\balter\\s+(?:function|routine)\\s+${anyWriting(target.name)}\\s*(?:\\([^()]*\\))?[^;]*\\bnot\\s+leakproof\\b`, 'i'))) continue;
      const native = ['c', 'internal'].includes(routine?.language ?? '');
      yield {
        at: command.inFile(word),
        severity: native ? 'info' : told || switched ? 'low' : 'medium',
        message: 'It may be called on rows that a policy hides, and its errors show their values',
        fixes: native ? [] : [{ title: 'Let policies come first', safety: 'review', edits: removeFrom(command, word), ...!routine && target && later(`ALTER FUNCTION ${target.text} NOT LEAKPROOF;`) }],
      };
      told ||= !native && !switched;
    }
  },
});

/** The function that a command of the file names, as another command can name it. */
function targetIn(command: SqlCommand): { readonly name: string; readonly text: string } | undefined {
  const cursor = Cursor.over(command.written);
  while (!cursor.done && !/^(FUNCTION|ROUTINE)$/.test(cursor.word())) cursor.index++;
  cursor.index++;
  const start = cursor.token()?.start;
  const name = cursor.name();
  if (command.inside !== 'file' || start === undefined || !name) return undefined;
  const { end } = cursor.token(-1)!;
  if (cursor.here() === '(') cursor.skip();
  return { name: cursor.text.slice(start, end), text: cursor.text.slice(start, cursor.token(-1)!.end) };
}

function leakproof({ written: { text, tokens } }: SqlCommand) {
  const code = tokens.filter((token) => token.kind !== 'comment');
  const words = code.map((token) => (token.kind === 'word' ? text.slice(token.start, token.end).toLowerCase() : ''));
  const end = words.indexOf('atomic');
  const at = words.findIndex((word, i) => word === 'leakproof' && words[i - 1] !== 'not' && i > 2 && (end < 0 || i < end));
  return at < 0 ? undefined : code[at];
}

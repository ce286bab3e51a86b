import { anyWriting, comesLater } from '../../facts/sql/later-text.ts';
import { later } from '../../facts/sql/mending.ts';
import { defineRule } from '../rule.ts';
import { Cursor, spell } from '../../facts/sql/cursor.ts';
import type { NamePart } from '../../facts/sql/cursor.ts';
import { readPathChange, readRoutine } from '../../facts/sql/routine-text.ts';
import { isMisquoted } from '../../facts/sql/search-path.ts';
import type { SqlCommand } from '../../facts/sql/sql-commands.ts';
import { replaceIn } from '../../facts/sql/sql-edits.ts';

export default defineRule({
  language: 'sql',
  severity: 'medium',
  title: 'search_path is one name with a comma in it instead of a list',
  why: 'SET search_path takes a list of names, and quotes around all of them make one name that no schema has. Names are then found in pg_catalog alone, '
    + 'and behind the temporary tables and types of the session, which any role can create.',
  fixing: 'The fix writes the names that were meant. Statements that failed until now because they found nothing run afterwards.',
  cwe: [426],
  references: ['https://www.postgresql.org/docs/current/sql-set.html', 'https://www.postgresql.org/docs/current/runtime-config-client.html#GUC-SEARCH-PATH'],
  examples: [
    { bad: "SET search_path TO «'app, pg_temp'»;\n", fixed: 'SET search_path TO app, pg_temp;\n' },
    { bad: 'ALTER ROLE shop SET search_path = «"app, public"»;\n', fixed: 'ALTER ROLE shop SET search_path = app, public;\n' },
    { bad: "CREATE FUNCTION app.f() RETURNS int LANGUAGE sql SET search_path = «'pg_catalog,app'» AS 'SELECT 1';\n", fixed: "CREATE FUNCTION app.f() RETURNS int LANGUAGE sql SET search_path = pg_catalog, app AS 'SELECT 1';\n" },
    { good: "SET search_path TO 'app', 'pg_temp';", because: 'Each name may have its quotes.' },
    { good: "SELECT pg_catalog.set_config('search_path', 'app, pg_temp', false);", because: 'set_config() takes the list as one text.' },
    { good: "CREATE FUNCTION app.f() RETURNS int LANGUAGE sql SECURITY DEFINER SET search_path = 'pg_catalog, app' AS 'SELECT 1';", because: "With its owner's rights it is worse, and said by another rule." },
    { good: 'SET search_path TO ",Odd!,name";', because: 'A schema may have such a name.' },
    { good: "SET search_path TO '{{ schemas }}';", because: 'What a template becomes is not known.' },
    { good: "ALTER ROLE shop SET search_path = 'app, public';\nALTER ROLE shop SET search_path = app, public;\n", because: 'A later statement sets it right.' },
    { bad: "ALTER ROLE shop SET search_path = «'app, public'»;\nALTER ROLE clerk SET search_path = app, public;\n", fixed: 'ALTER ROLE shop SET search_path = app, public;\nALTER ROLE clerk SET search_path = app, public;\n', because: 'That is about another role.' },
  ],
  *check(facts) {
    const { commands, replaced } = facts;
    for (const command of commands) {
      if (replaced.has(command.statement)) continue;
      const entries = pathIn(command);
      const stored = entries[0] && command.inside === 'file' ? storedFor(command, entries[0]) : undefined;
      if (stored !== undefined && comesLater(facts, command.statement, new RegExp(anyWriting(stored), 'i'))) continue;
      for (const entry of entries.filter(isMisquoted)) {
        const list = entry.name.split(',').map((name) => name.trim()).filter((name) => name !== '');
        const names = list.map((name) => (name.startsWith('"') ? name : spell(name.toLowerCase())));
        const edits = replaceIn(command, entry, names.join(', '));
        yield {
          at: command.inFile(entry),
          message: 'No schema is called so: this is one name with a comma in it, not a list',
          fixes: edits.length > 0 ? [{ title: `Set search_path to ${names.join(', ')}`, safety: 'review', edits, ...later(stored && `${stored} = ${names.join(', ')};`) }] : [],
        };
      }
    }
  },
});

/** The words in front of the value of a setting that outlives the session. */
function storedFor({ written: { head, text } }: SqlCommand, { start }: NamePart): string | undefined {
  return /^ALTER (ROLE|USER|DATABASE)\b/.test(head) ? text.slice(0, start).replace(/\s*(?:=|\bto\b)\s*$/i, '') : undefined;
}

function pathIn({ written }: SqlCommand): readonly NamePart[] {
  const routine = readRoutine(written);
  if (routine) return routine.changes.path?.kind === 'list' && !routine.changes.security?.definer ? routine.changes.path.entries : [];
  const cursor = Cursor.over(written);
  if (cursor.take('ALTER', 'ROLE') || cursor.take('ALTER', 'USER') || cursor.take('ALTER', 'DATABASE')) while (!cursor.done && cursor.word() !== 'SET') cursor.skip();
  const change = cursor.word() === 'SET' ? readPathChange(cursor) : undefined;
  return change?.kind === 'list' ? change.entries : [];
}

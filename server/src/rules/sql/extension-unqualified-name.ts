import type { Finding } from '../rule.ts';
import { defineRule } from '../rule.ts';
import { createdText } from '../../facts/sql/created-text.ts';
import { outsideTrustedPath } from '../../facts/sql/script-path.ts';
import type { SqlCommand } from '../../facts/sql/sql-commands.ts';
import { isTrial } from '../../facts/place.ts';
import { replaceIn } from '../../facts/sql/sql-edits.ts';
import { bodyNames, isBuiltin } from '../../facts/sql/body-names.ts';
import { pathInBody } from '../../facts/sql/path-in-body.ts';
import type { Unqualified } from '../../facts/sql/unqualified.ts';
import { unqualifiedIn } from '../../facts/sql/unqualified.ts';

export default defineRule({
  language: 'sql',
  severity: 'low',
  title: 'Script of an extension uses names without a schema',
  why: 'While the script runs, names are looked up in the schema that the extension goes into as well. Whoever can create objects there makes a function or operator '
    + 'whose arguments fit better than those of the built-in one, and the script runs it with the rights of whoever installs the extension, often a superuser.',
  fixing: 'The fix writes pg_catalog in front of built-in functions and types. Operators take OPERATOR(pg_catalog.=); where there are many, '
    + 'SET LOCAL search_path TO pg_catalog, pg_temp around the statement protects all of them.',
  presets: ['extension'],
  cwe: [426],
  references: ['https://www.postgresql.org/docs/current/extend-extensions.html#EXTEND-EXTENSIONS-SECURITY'],
  examples: [
    { bad: "SELECT «lower»('A'), pg_catalog.upper('a');\n", fixed: "SELECT pg_catalog.lower('A'), pg_catalog.upper('a');\n" },
    { bad: "SELECT * FROM s.t WHERE id «=» 1;\n", good: 'SELECT * FROM s.t WHERE id OPERATOR(pg_catalog.=) 1;\n' },
    { bad: 'SELECT «CASE» a WHEN true THEN 1 END FROM s.t;\n', good: 'SELECT CASE WHEN a THEN 1 END FROM s.t;\n', because: 'The comparison of a simple CASE cannot name a schema.' },
    { bad: "INSERT INTO «settings» VALUES ('a');", because: 'The table may be in any schema of the path.' },
    { bad: "SELECT '1'::«int4»;\n", fixed: "SELECT '1'::pg_catalog.int4;\n" },
    { bad: '«DO» $$ BEGIN PERFORM setup(); END $$;', because: 'A block runs at once.' },
    { bad: '«DO» $$ BEGIN DO $i$ BEGIN PERFORM setup(); END $i$; END $$;', because: 'A block in a block runs as well.' },
    { bad: 'SET LOCAL search_path TO pg_catalog, pg_temp;\nCOMMIT;\nSELECT «f»();', because: 'SET LOCAL ends with the transaction.' },
    { good: "SET search_path TO pg_catalog, pg_temp;\nSELECT lower('A');\nSELECT 1 = 1;", because: 'Nobody else can create objects in these schemas.' },
    { good: "SELECT pg_catalog.set_config('search_path', 'pg_catalog, pg_temp', false);\nSELECT lower('A');", because: 'The path is set by a function.' },
    { good: 'CREATE TABLE settings (v text);\nINSERT INTO settings VALUES (1::int);', because: 'The table is the one that the script makes, and int is a word of the grammar.' },
    { good: 'WITH c AS (SELECT 1) SELECT * FROM c;', because: 'The name is that of a query.' },
    { good: "CREATE FUNCTION s.f() RETURNS text LANGUAGE sql AS $$ SELECT lower('A') $$;", because: 'The body runs later, in the path of its caller, of which another rule speaks.' },
  ],
  *check({ commands, document }) {
    const own = new Set<string>();
    for (const { written } of commands) {
      const created = createdText(written);
      if (created && created.name.parts.length === 1) own.add(created.name.parts[0]!.name);
    }
    for (const command of outsideTrustedPath(commands)) {
      const finding = command.written.head === 'DO' ? block(command) : statement(command, own);
      if (finding) yield isTrial(document) ? { ...finding, severity: 'info' } : finding;
    }
  },
});

function statement(command: SqlCommand, own: ReadonlySet<string>): Finding | undefined {
  const found = unqualifiedIn(command.written).filter(({ kind, name }) => kind !== 'relation' || !own.has(name));
  if (found.length === 0) return undefined;
  const { text } = command.written;
  const names = [...new Set(found.map(({ at }) => text.slice(at.start, at.end)))];
  return { at: command.inFile(found[0]!.at), message: messageFor(names), fixes: qualify(command, found) };
}

function block(command: SqlCommand): Finding | undefined {
  const names = bodyNames(command.written).names.filter(({ kind, name }) => kind !== 'type' || !isBuiltin(kind, name));
  if (names.length === 0 || pathInBody(command.written)) return undefined;
  const start = command.written.text.search(/\bdo\b/i);
  return { at: command.inFile({ start, end: start + 2 }), message: messageFor(names.map(({ name }) => name)) };
}

function messageFor(names: readonly string[]): string {
  const shown = names.slice(0, 3).filter((name) => name.length <= 24).join(', ');
  const more = names.length > 3 ? ` and ${names.length - 3} more` : '';
  return `What others make in a schema of the search_path can take the place of ${shown === '' ? 'these names' : shown}${more}`;
}

/** Only when every name is one that pg_catalog has and that may be written with a schema. */
function qualify(command: SqlCommand, found: readonly Unqualified[]): Finding['fixes'] {
  const builtIn = found.every(({ kind, name }) => (kind === 'function' && isBuiltin('routine', name)) || (kind === 'type' && isBuiltin('type', name)));
  const edits = found.flatMap(({ at }) => replaceIn(command, { start: at.start, end: at.start }, 'pg_catalog.'));
  return builtIn && edits.length === found.length ? [{ title: 'Name pg_catalog', safety: 'review', edits }] : [];
}

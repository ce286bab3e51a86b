import { defineRule } from '../rule.ts';
import { sharedTakeovers, takeovers } from '../../facts/sql/hijack.ts';
import { isUpdateScript } from '../../facts/sql/extension-script.ts';
import { isTrial } from '../../facts/place.ts';
import { removeFrom } from '../../facts/sql/sql-edits.ts';

export default defineRule({
  language: 'sql',
  severity: 'low',
  title: 'Script of an extension replaces what somebody else may own',
  why: 'Somebody who may create objects in the schema can make an object of this name before the extension is installed. OR REPLACE writes the new definition into it, '
    + 'but the owner stays: afterwards that role changes the function or view, and the extension runs it, often as a superuser. '
    + 'PostgreSQL refuses that within CREATE EXTENSION only since the releases of August 2022.',
  fixing: 'The fix takes OR REPLACE away, so that the script stops when the name is taken. In a script that updates an extension, drop the old object first, or make sure that the extension owns it.',
  presets: ['extension'],
  cwe: [427, 694],
  references: ['https://www.postgresql.org/docs/current/extend-extensions.html#EXTEND-EXTENSIONS-SECURITY', 'https://www.postgresql.org/support/security/CVE-2022-2625/'],
  examples: [
    { bad: 'CREATE «OR REPLACE» FUNCTION maint() RETURNS void LANGUAGE sql AS $$ SELECT 1 $$;\n', fixed: 'CREATE FUNCTION maint() RETURNS void LANGUAGE sql AS $$ SELECT 1 $$;\n' },
    { bad: 'CREATE «OR REPLACE» VIEW @extschema@.jobs AS SELECT 1 AS job;\n', fixed: 'CREATE VIEW @extschema@.jobs AS SELECT 1 AS job;\n' },
    { bad: 'CREATE AGGREGATE s.total(int) (sfunc = int4pl, stype = int);\nCREATE OR REPLACE AGGREGATE s.total(int) (sfunc = int4pl, stype = int);\nCREATE «OR REPLACE» AGGREGATE s.total(bigint) (sfunc = int8pl, stype = bigint);\n' },
    { good: 'CREATE FUNCTION s.f(a int = 1) RETURNS int LANGUAGE sql AS $$ SELECT 1 $$;\nCREATE OR REPLACE FUNCTION s.f(b int) RETURNS int LANGUAGE sql AS $$ SELECT 2 $$;', because: 'The script has made it itself.' },
    { good: 'CREATE SCHEMA s;\nCREATE OR REPLACE FUNCTION s.f() RETURNS int LANGUAGE sql AS $$ SELECT 1 $$;', because: 'Nobody else can have made anything in a new schema.' },
    { good: 'CREATE OR REPLACE TRIGGER t BEFORE INSERT ON s.t EXECUTE FUNCTION s.f();', because: 'A trigger belongs to the owner of the table.' },
  ],
  *check(facts) {
    const shared = new Set([...sharedTakeovers(facts)].map(({ command }) => command));
    for (const { command, created } of takeovers(facts.commands)) {
      if (shared.has(command) || !created.replace) continue;
      const name = command.written.text.slice(created.name.start, created.name.end);
      const edits = removeFrom(command, created.replace);
      yield {
        at: command.inFile(created.replace),
        severity: isUpdateScript(facts.document.path) || isTrial(facts.document) ? 'info' : 'low',
        message: `If another role has made ${name.length <= 30 ? name : `this ${created.kind}`} before, it stays the owner and can change it`,
        fixes: edits.length > 0 ? [{ title: 'Stop when the name is taken', safety: 'review', edits }] : [],
      };
    }
  },
});

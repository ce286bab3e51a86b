import { defineRule } from '../rule.ts';
import { sharedTakeovers, takeovers } from '../../facts/sql/hijack.ts';
import { isUpdateScript } from '../../facts/sql/extension-script.ts';
import { isTrial } from '../../facts/place.ts';
import { removeFrom } from '../../facts/sql/sql-edits.ts';

export default defineRule({
  language: 'sql',
  severity: 'low',
  title: 'Script of an extension makes do with what somebody else may own',
  why: 'Somebody who may create objects in the schema can make a table of this name before the extension is installed. IF NOT EXISTS then keeps it, with its triggers, '
    + 'rules and owner: the code of that role runs when the extension writes to it. PostgreSQL refuses that within CREATE EXTENSION only since the releases of August 2022.',
  fixing: 'The fix takes IF NOT EXISTS away, so that the script stops when the name is taken.',
  presets: ['extension'],
  cwe: [427, 694],
  references: ['https://www.postgresql.org/docs/current/extend-extensions.html#EXTEND-EXTENSIONS-SECURITY', 'https://www.postgresql.org/support/security/CVE-2022-2625/'],
  examples: [
    { bad: 'CREATE TABLE «IF NOT EXISTS» jobs (cmd text);\n', fixed: 'CREATE TABLE jobs (cmd text);\n' },
    { bad: 'CREATE INDEX «IF NOT EXISTS» jobs_cmd ON @extschema@.jobs (cmd);\n', fixed: 'CREATE INDEX jobs_cmd ON @extschema@.jobs (cmd);\n' },
    { bad: 'CREATE MATERIALIZED VIEW «IF NOT EXISTS» s.m AS SELECT 1 AS one;\nCREATE SEQUENCE «IF NOT EXISTS» s.q;\nCREATE SERVER «IF NOT EXISTS» far FOREIGN DATA WRAPPER postgres_fdw;\n' },
    { good: 'CREATE SCHEMA s;\nCREATE TABLE IF NOT EXISTS s.jobs (cmd text);\nCREATE INDEX IF NOT EXISTS i ON s.jobs (cmd);', because: 'Nobody else can have made anything in a new schema.' },
    { good: 'CREATE TABLE t (i int);\nCREATE TABLE IF NOT EXISTS t (i int);', because: 'The script has made it itself.' },
    { good: 'CREATE SCHEMA IF NOT EXISTS s;', because: 'Schemas have a rule of their own.' },
    { good: 'CREATE TEMP TABLE IF NOT EXISTS t (i int);', because: 'Temporary tables belong to the session.' },
    { good: 'CREATE EXTENSION IF NOT EXISTS citext;', because: 'Only the versions that the server offers can be there.' },
  ],
  *check(facts) {
    const shared = new Set([...sharedTakeovers(facts)].map(({ command }) => command));
    for (const { command, created } of takeovers(facts.commands)) {
      if (shared.has(command) || !created.ifNotExists || created.kind === 'schema') continue;
      const name = command.written.text.slice(created.name.start, created.name.end);
      const edits = removeFrom(command, created.ifNotExists);
      yield {
        at: command.inFile(created.ifNotExists),
        severity: isUpdateScript(facts.document.path) || isTrial(facts.document) ? 'info' : 'low',
        message: `If another role has made ${name.length <= 30 ? name : `this ${created.kind}`} before, the extension uses that one`,
        fixes: edits.length > 0 ? [{ title: 'Stop when the name is taken', safety: 'review', edits }] : [],
      };
    }
  },
});

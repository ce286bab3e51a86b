import { defineRule } from '../rule.ts';
import { takeovers } from '../../facts/sql/hijack.ts';
import { isTrial } from '../../facts/place.ts';
import { removeFrom } from '../../facts/sql/sql-edits.ts';

export default defineRule({
  language: 'sql',
  severity: 'low',
  title: 'Script makes do with a schema that somebody else may own',
  why: 'Whoever may create schemas in the database can make this one first and own it. What the script then creates in it can be dropped and replaced by that role, '
    + 'and functions that it has put there already win over those of the script.',
  fixing: 'The fix takes IF NOT EXISTS away, so that the script stops when there is such a schema. In an extension, name the schema in the control file instead.',
  presets: ['extension'],
  cwe: [427, 694],
  references: ['https://www.postgresql.org/docs/current/extend-extensions.html#EXTEND-EXTENSIONS-SECURITY'],
  examples: [
    { bad: 'CREATE SCHEMA «IF NOT EXISTS» jobs;\n', fixed: 'CREATE SCHEMA jobs;\n' },
    { bad: 'create schema «if not exists» jobs authorization worker;\n', fixed: 'create schema jobs authorization worker;\n' },
    { good: 'CREATE SCHEMA jobs;\nCREATE SCHEMA IF NOT EXISTS jobs;', because: 'The script has made it itself.' },
    { good: 'DROP SCHEMA IF EXISTS jobs CASCADE;\nCREATE SCHEMA IF NOT EXISTS jobs;', because: 'An older one is gone.' },
    { good: 'CREATE SCHEMA IF NOT EXISTS public;', because: 'It is there from the start, and belongs to the owner of the database.' },
  ],
  *check({ commands, document }) {
    for (const { command, created } of takeovers(commands)) {
      const [name] = created.name.parts;
      if (created.kind !== 'schema' || !created.ifNotExists || name!.name === 'public') continue;
      const edits = removeFrom(command, created.ifNotExists);
      yield {
        at: command.inFile(created.ifNotExists),
        severity: isTrial(document) ? 'info' : 'low',
        message: `If another role has made schema ${name!.text.length <= 30 ? name!.text : 'of this name'} before, it owns what is in there`,
        fixes: edits.length > 0 ? [{ title: 'Stop when there is such a schema', safety: 'review', edits }] : [],
      };
    }
  },
});

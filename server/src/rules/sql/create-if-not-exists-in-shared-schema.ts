import { defineRule } from '../rule.ts';
import { groupsOf, sharedTakeovers } from '../../facts/sql/hijack.ts';
import { isTrial } from '../../facts/place.ts';
import { removeFrom } from '../../facts/sql/sql-edits.ts';

export default defineRule({
  language: 'sql',
  severity: 'medium',
  title: 'IF NOT EXISTS in a schema in which everybody may create objects',
  why: 'Any role can make a table of this name first. IF NOT EXISTS keeps it, and its owner reads what is written to it, changes it, and puts triggers on it '
    + 'that run with the rights of whoever writes.',
  fixing: 'The fix takes IF NOT EXISTS away, so that the script stops when the name is taken. Better still, revoke CREATE on the schema from PUBLIC, and look who owns what is in it.',
  cwe: [427, 732],
  references: ['https://www.postgresql.org/docs/current/ddl-schemas.html#DDL-SCHEMAS-PATTERNS', 'https://www.postgresql.org/docs/current/sql-createtable.html'],
  examples: [
    {
      bad: 'GRANT ALL ON SCHEMA public TO PUBLIC;\nCREATE TABLE «IF NOT EXISTS» public.jobs (cmd text);\n',
      fixed: 'GRANT ALL ON SCHEMA public TO PUBLIC;\nCREATE TABLE public.jobs (cmd text);\n',
    },
    { bad: 'CREATE SEQUENCE «IF NOT EXISTS» numbers;\n', version: 13, fixed: 'CREATE SEQUENCE numbers;\n' },
    { good: 'CREATE TABLE IF NOT EXISTS public.jobs (cmd text);', because: 'Since version 15 nobody else may create anything there.' },
    { good: 'CREATE TABLE IF NOT EXISTS jobs (cmd text);\nREVOKE ALL ON SCHEMA public FROM PUBLIC;', version: 14, because: 'The schema is closed.' },
    { good: 'CREATE SCHEMA app;\nSET search_path = app;\nCREATE TABLE IF NOT EXISTS jobs (cmd text);', version: 14, because: 'It is created in another schema.' },
    { good: 'CREATE SCHEMA IF NOT EXISTS app; CREATE EXTENSION IF NOT EXISTS citext;', version: 14, because: 'These are in no schema.' },
  ],
  *check(facts) {
    for (const group of groupsOf([...sharedTakeovers(facts)].filter(({ created }) => created.ifNotExists))) {
      const { command, created, schema, by } = group[0]!;
      const edits = group.flatMap((one) => removeFrom(one.command, one.created.ifNotExists!));
      const what = group.length > 1 ? `each of ${group.length} objects` : `this ${created.kind}`;
      yield {
        at: command.inFile(created.ifNotExists!),
        // Elsewhere the GRANT is what has to change, and is reported.
        severity: isTrial(facts.document) ? 'info' : by && facts.here(by) ? 'medium' : 'low',
        message: `Any role can have made ${what} in ${schema.length <= 24 ? schema : 'this schema'} before, and then it is used`,
        related: by ? [facts.related(by, 'This lets others create objects there')] : [],
        fixes: edits.length > 0 ? [{ title: 'Stop when the name is taken', safety: 'review', edits }] : [],
      };
    }
  },
});

import { defineRule } from '../rule.ts';
import { groupsOf, sharedTakeovers } from '../../facts/sql/hijack.ts';
import { isExtensionScript } from '../../facts/sql/extension-script.ts';
import { isTrial } from '../../facts/place.ts';
import { removeFrom } from '../../facts/sql/sql-edits.ts';

export default defineRule({
  language: 'sql',
  severity: 'medium',
  title: 'OR REPLACE in a schema in which everybody may create objects',
  why: 'Any role can make a function of this name first. OR REPLACE writes the new body into it but leaves the owner, who then changes it at will: '
    + 'the next call, by a superuser or a job, runs the code of that role.',
  fixing: 'The fix takes OR REPLACE away, so that the script stops when the name is taken. Better still, revoke CREATE on the schema from PUBLIC, and look who owns what is in it.',
  cwe: [427, 732],
  references: ['https://www.postgresql.org/docs/current/ddl-schemas.html#DDL-SCHEMAS-PATTERNS', 'https://www.postgresql.org/docs/current/sql-createfunction.html'],
  examples: [
    {
      bad: 'GRANT CREATE ON SCHEMA public TO PUBLIC;\nCREATE «OR REPLACE» FUNCTION public.maint() RETURNS void LANGUAGE sql AS $$ SELECT 1 $$;\n',
      fixed: 'GRANT CREATE ON SCHEMA public TO PUBLIC;\nCREATE FUNCTION public.maint() RETURNS void LANGUAGE sql AS $$ SELECT 1 $$;\n',
    },
    { bad: 'CREATE «OR REPLACE» VIEW jobs AS SELECT 1 AS job;\n', version: 14, fixed: 'CREATE VIEW jobs AS SELECT 1 AS job;\n', because: 'Up to version 14 everybody may create objects in public.' },
    { good: 'CREATE OR REPLACE FUNCTION public.maint() RETURNS void LANGUAGE sql AS $$ SELECT 1 $$;', because: 'Since version 15 nobody else may create anything there.' },
    { good: 'REVOKE CREATE ON SCHEMA public FROM PUBLIC;\nCREATE OR REPLACE FUNCTION maint() RETURNS void LANGUAGE sql AS $$ SELECT 1 $$;', version: 13, because: 'The schema is closed.' },
    { good: 'CREATE OR REPLACE FUNCTION app.maint() RETURNS void LANGUAGE sql AS $$ SELECT 1 $$;', version: 14, because: 'Nobody but its owner creates objects in a schema that the file makes or finds, unless a GRANT says so.' },
    { good: 'CREATE FUNCTION maint() RETURNS void LANGUAGE sql AS $$ SELECT 1 $$;\nCREATE OR REPLACE FUNCTION maint() RETURNS void LANGUAGE sql AS $$ SELECT 2 $$;', version: 14, because: 'The file has made it itself.' },
  ],
  *check(facts) {
    for (const group of groupsOf([...sharedTakeovers(facts)].filter(({ created }) => created.replace))) {
      const { command, created, schema, by } = group[0]!;
      const edits = group.flatMap((one) => removeFrom(one.command, one.created.replace!));
      const what = group.length > 1 ? `each of ${group.length} objects` : `this ${created.kind}`;
      yield {
        at: command.inFile(created.replace!),
        // Elsewhere the GRANT is what has to change, and is reported.
        // An extension replaces its own objects only, and opens its schema in the same transaction.
        severity: isTrial(facts.document) ? 'info' : by && facts.here(by) && !isExtensionScript(facts.document.path, facts.document.text) ? 'medium' : 'low',
        message: `Any role can have made ${what} in ${schema.length <= 24 ? schema : 'this schema'} before; it stays the owner and can change it`,
        related: by ? [facts.related(by, 'This lets others create objects there')] : [],
        fixes: edits.length > 0 ? [{ title: 'Stop when the name is taken', safety: 'review', edits }] : [],
      };
    }
  },
});

import { findExtension } from '../../catalog/extensions.ts';
import { createdExtensions, type CreateExtension } from '../../facts/sql/extension-statements.ts';
import { isTrialPath } from '../../facts/place.ts';
import type { SqlFacts } from '../../facts/sql.ts';
import type { Edit } from '../../text.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'sql',
  severity: 'info',
  title: 'Extension in the schema public',
  why: `Without a schema of its own an extension lands in the first schema of the search_path, mostly public. Its functions are then beside the \
application's: whoever gives out rights on everything in public gives them out on the extension, and an API over public offers its functions to clients.`,
  fixing: `The fix puts the extension into the schema extensions and creates that. Add the schema to the search_path of the roles that use the extension \
without naming its schema; one that exists already is moved with ALTER EXTENSION … SET SCHEMA.`,
  cwe: [1188],
  references: ['https://www.postgresql.org/docs/current/sql-createextension.html'],
  examples: [
    { bad: 'CREATE EXTENSION «pgcrypto»;\n', fixed: 'CREATE SCHEMA IF NOT EXISTS extensions;\nCREATE EXTENSION pgcrypto WITH SCHEMA extensions;\n' },
    {
      bad: 'CREATE SCHEMA extensions;\nCREATE EXTENSION IF NOT EXISTS "uuid-ossp" WITH SCHEMA «public» VERSION \'1.1\';\n',
      fixed: 'CREATE SCHEMA extensions;\nCREATE EXTENSION IF NOT EXISTS "uuid-ossp" WITH SCHEMA extensions VERSION \'1.1\';\n',
    },
    { good: 'CREATE EXTENSION pgcrypto SCHEMA ext;\nCREATE EXTENSION hstore WITH SCHEMA extensions CASCADE;\n' },
    { good: 'CREATE EXTENSION plpgsql;\nCREATE EXTENSION IF NOT EXISTS plpgsql WITH SCHEMA pg_catalog;\nCREATE EXTENSION plperl;\n', because: 'Their schema is fixed.' },
    { good: 'CREATE EXTENSION pg_cron;\nCREATE EXTENSION timescaledb;\nCREATE EXTENSION my_own;\n', because: 'They bring schemas of their own, or nothing is known of them.' },
    { good: 'CREATE EXTENSION hstore;\nALTER EXTENSION hstore SET SCHEMA ext;\n', because: 'A later statement moves it.' },
    { good: 'SET search_path = ext;\nCREATE EXTENSION hstore;\n', because: 'It goes into the first schema of that path.' },
    { good: '--\n-- PostgreSQL database dump\n--\nCREATE EXTENSION IF NOT EXISTS hstore WITH SCHEMA public;\n', because: 'A dump repeats what is decided elsewhere.' },
    { good: 'CREATE EXTENSION hstore;\n', path: 'tests/setup.sql', because: 'A test database has no clients.' },
  ],
  *check(facts) {
    const { document } = facts;
    if (isTrialPath(document)) return;
    for (const extension of createdExtensions(facts)) {
      const { command, name, schema } = extension;
      const known = findExtension(name.name, document.version);
      if (!known || known.schema !== undefined || (schema && schema.name !== 'public')) continue;
      if (!/^(public)?$/.test(facts.schema.extensions.find((one) => one.name === name.name)?.schema ?? '')) continue;
      yield {
        at: command.inFile(schema ?? name),
        message: `The functions of ${name.name} end up among the application's own, where grants and APIs reach them`,
        fixes: [{ title: 'Put it into the schema extensions', safety: 'review', edits: [...newSchema(facts, extension), intoSchema(extension)], statements: ['CREATE SCHEMA IF NOT EXISTS extensions;', `ALTER EXTENSION ${name.text} SET SCHEMA extensions;`] }],
      };
    }
  },
});

function intoSchema({ command, schema, options }: CreateExtension): Edit {
  if (schema) return { span: command.inFile(schema), text: 'extensions' };
  return { span: command.inFile({ start: options.at, end: options.at }), text: options.with ? ' SCHEMA extensions' : ' WITH SCHEMA extensions' };
}

function newSchema({ document, schema }: SqlFacts, { command }: CreateExtension): Edit[] {
  const made = schema.schema('extensions');
  if (made?.known && (made.place.path !== document.path || made.place.at.start < command.statement.span.start)) return [];
  const { start } = command.inFile({ start: 0, end: 0 });
  const indentation = /[^\S\r\n]*$/.exec(document.text.slice(Math.max(0, start - 200), start))![0];
  return [{ span: { start, end: start }, text: `CREATE SCHEMA IF NOT EXISTS extensions;\n${indentation}` }];
}

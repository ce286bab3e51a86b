import { findExtension } from '../../catalog/extensions.ts';
import { quoteName } from '../../facts/sql/cursor.ts';
import { createdExtensions, type CreateExtension } from '../../facts/sql/extension-statements.ts';
import { isTrialPath } from '../../facts/place.ts';
import type { SqlFacts } from '../../facts/sql.ts';
import { defineRule, type Fix } from '../rule.ts';

export default defineRule({
  language: 'sql',
  severity: 'info',
  title: 'Extension brings others along',
  why: `CASCADE creates whatever the extension says it needs, at that time and in that version. Nobody who reads the script sees which extensions \
the database gets, and a later release may bring one that opens files or the network.`,
  fixing: 'The fix names the extensions that it needs and takes CASCADE away; where they exist already, nothing changes.',
  cwe: [1357],
  references: ['https://www.postgresql.org/docs/current/sql-createextension.html'],
  examples: [
    {
      bad: 'CREATE EXTENSION earthdistance «CASCADE»;\n',
      fixed: 'CREATE EXTENSION IF NOT EXISTS cube;\nCREATE EXTENSION earthdistance;\n',
    },
    { bad: 'CREATE EXTENSION hstore_plperl SCHEMA ext «CASCADE»;\n', fixed: 'CREATE EXTENSION IF NOT EXISTS hstore SCHEMA ext;\nCREATE EXTENSION IF NOT EXISTS plperl;\nCREATE EXTENSION hstore_plperl SCHEMA ext;\n' },
    { bad: 'CREATE EXTENSION IF NOT EXISTS pg_trgm WITH «CASCADE»;\n', fixed: 'CREATE EXTENSION IF NOT EXISTS pg_trgm;\n' },
    { bad: 'CREATE EXTENSION postgis_raster «CASCADE»;\n', because: 'What it needs is not known.' },
    { good: 'CREATE EXTENSION earthdistance;\nDROP EXTENSION cube CASCADE;\n', because: 'This drops.' },
    { good: 'CREATE EXTENSION "cascade";\n' },
  ],
  *check(facts) {
    if (isTrialPath(facts.document)) return;
    for (const extension of createdExtensions(facts)) {
      const { command, name, cascade } = extension;
      if (!cascade) continue;
      const needs = findExtension(name.name, facts.document.version)?.requires;
      yield {
        at: command.inFile(cascade),
        message: needs?.length === 0 ? `CASCADE brings nothing along today, and unseen extensions with a later ${name.name}` : `The database gets extensions that this script does not name`,
        fixes: needs ? [nameThem(facts, extension, needs)] : [],
      };
    }
  },
});

function nameThem({ document }: SqlFacts, { command, cascade, schema, options }: CreateExtension, needs: readonly string[]): Fix {
  const start = command.inFile({ start: 0, end: 0 }).start;
  const indentation = /[^\S\r\n]*$/.exec(document.text.slice(Math.max(0, start - 200), start))![0];
  const lines = needs.map((name) => {
    const own = schema && findExtension(name, document.version)?.schema === undefined ? ` SCHEMA ${schema.text}` : '';
    return `CREATE EXTENSION IF NOT EXISTS ${quoteName(name)}${own};\n${indentation}`;
  });
  const { text, tokens } = command.written;
  const alone = options.with && tokens.at(-1)!.start === cascade!.start && text.slice(options.at, cascade!.start).trim() === '';
  const before = (alone ? text.slice(0, options.at - 'WITH'.length) : text.slice(0, cascade!.start)).trimEnd().length;
  return {
    title: needs.length > 0 ? 'Name the extensions that it needs' : 'Take CASCADE away', safety: 'review',
    edits: [...needs.length > 0 ? [{ span: { start, end: start }, text: lines.join('') }] : [], { span: command.inFile({ start: before, end: cascade!.end }), text: '' }],
  };
}

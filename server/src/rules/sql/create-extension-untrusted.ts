import { extensionRisks } from '../../catalog/extension-risks.ts';
import { createdExtensions, createdLanguages } from '../../facts/sql/extension-statements.ts';
import { isTrialPath } from '../../facts/place.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'sql',
  severity: 'info',
  title: 'Extension that reaches beyond the database',
  why: `Most extensions add types and functions; this one opens files, programs or the network to SQL. An injection anywhere in the database can \
then go further than the database, and only a superuser can create it because PostgreSQL does not trust it either.`,
  cwe: [1125],
  references: ['https://www.postgresql.org/docs/current/sql-createextension.html', 'https://www.postgresql.org/docs/current/contrib.html'],
  examples: [
    { bad: 'CREATE EXTENSION «plpython3u»;\n', good: 'CREATE EXTENSION plperl;\n', because: 'It hands out the rights of the server account: medium.' },
    { bad: 'CREATE EXTENSION IF NOT EXISTS «dblink» WITH SCHEMA extensions;\nCREATE EXTENSION «"pg_cron"»;\n' },
    { bad: "DO $$ BEGIN CREATE EXTENSION «file_fdw»; END $$;\n" },
    { bad: 'CREATE OR REPLACE PROCEDURAL LANGUAGE «plperlu»;\n', because: 'Without a handler this creates the extension.' },
    { good: 'CREATE LANGUAGE plperl;\nCREATE LANGUAGE plperlu HANDLER plperlu_call_handler;\n', because: 'The one is trusted, the other is the script of the extension.' },
    { good: 'CREATE EXTENSION pgcrypto;\nCREATE EXTENSION "uuid-ossp";\nCREATE EXTENSION hstore_plperl;\n', because: 'PostgreSQL trusts these, or they stay within the database.' },
    { good: 'CREATE EXTENSION dblink;\nSELECT app.copy_over();\nDROP EXTENSION dblink;\n', because: 'It does not stay.' },
    { good: 'CREATE EXTENSION adminpack;\n', version: 17, because: 'From 17 on there is no such extension.' },
    { good: '--\n-- PostgreSQL database dump\n--\nCREATE EXTENSION IF NOT EXISTS dblink WITH SCHEMA public;\n', because: 'A dump repeats what is decided elsewhere.' },
  ],
  *check(facts) {
    const { version } = facts.document;
    for (const { command, name } of [...createdExtensions(facts), ...createdLanguages(facts)]) {
      const risk = extensionRisks.get(name.name);
      if (!risk || (name.name === 'adminpack' && version >= 17)) continue;
      yield { at: command.inFile(name), ...(risk.system && !isTrialPath(facts.document) && { severity: 'medium' as const }), message: `${name.name} ${risk.does}` };
    }
  },
});

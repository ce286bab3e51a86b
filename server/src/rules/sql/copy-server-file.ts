import { clientCopy } from '../../facts/sql/client-copy.ts';
import { asInvoker, runsAsOwner } from '../../facts/sql/invoker.ts';
import { serverCopies } from '../../facts/sql/copy-statements.ts';
import { isSensitivePath } from '../../facts/sql/server-paths.ts';
import { isTrialPath } from '../../facts/place.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'sql',
  severity: 'medium',
  title: 'COPY reads or writes a file of the server',
  why: `The path is one of the server's machine, and the server opens it with its own account. A role that may do this reads pg_hba.conf, keys and the \
data of every database, and one that may write plants a file that the server loads at its next start.`,
  fixing: `The first fix turns the command into psql's \\copy, which opens the file on the machine and with the rights of whoever runs psql. \
The file has to be there, and the script has to be run by psql.`,
  cwe: [73, 552],
  references: ['https://www.postgresql.org/docs/current/sql-copy.html', 'https://www.postgresql.org/docs/current/app-psql.html#APP-PSQL-META-COMMANDS-COPY'],
  examples: [
    { bad: "COPY app.users FROM «'/srv/import/users.csv'» WITH (FORMAT csv);\n", fixed: "\\copy app.users FROM '/srv/import/users.csv' WITH (FORMAT csv);\n", because: 'Once, in a script of an administrator: low.' },
    { bad: "COPY (SELECT 'host all all 0.0.0.0/0 trust')\n  TO «'/var/lib/postgresql/15/main/pg_hba.conf'»;\n" },
    {
      bad: "CREATE FUNCTION app.load(path text) RETURNS void LANGUAGE plpgsql AS $$ BEGIN EXECUTE 'COPY app.t FROM «''»' || quote_literal(path); END $$;\n",
      because: 'The caller names the file.',
    },
    { bad: "CREATE PROCEDURE app.export() LANGUAGE plpgsql AS $$ BEGIN COPY app.t TO «'/srv/export/t.csv'»; END $$;\n", because: 'It writes whenever somebody calls it.' },
    { good: "\\copy app.users FROM '/srv/import/users.csv' WITH (FORMAT csv)\n", because: 'psql opens the file on the client.' },
    { good: "COPY app.users FROM STDIN WITH (DELIMITER '/');\na/b\n\\.\n", because: 'The data come from the client.' },
    { good: "COPY app.users FROM '{{ data_dir }}/users.csv';\n", because: 'Where a template points is not known.' },
    { good: "COPY app.users TO STDOUT;\n-- COPY app.users TO '/srv/users.csv';\n" },
  ],
  *check(facts) {
    const trial = isTrialPath(facts.document);
    for (const copy of serverCopies(facts)) {
      const { command, target, program, writes } = copy;
      if (program || (target !== undefined && isStream(target))) continue;
      const sensitive = target !== undefined && isSensitivePath(target, writes);
      // Whoever runs it needs the right to do so, unless a routine lends its owner's.
      const lent = runsAsOwner(command);
      yield {
        at: command.inFile(copy.at),
        ...(sensitive ? { severity: 'high' as const } : !lent || trial || (target !== undefined && !writes) ? { severity: 'low' as const } : {}),
        message: messageOf(writes, sensitive, target === undefined),
        fixes: [...sensitive ? [] : clientCopy(copy, facts.document.text), ...asInvoker(command)],
      };
    }
  },
});

/** Templates, and what is no file. */
function isStream(path: string): boolean {
  return /[{}$<@]|^\/dev\/(stdin|stdout|null)$/i.test(path);
}

function messageOf(writes: boolean, sensitive: boolean, open: boolean): string {
  if (sensitive) return writes ? 'This overwrites a file that decides who gets into the server and what it runs' : 'This reads a file that holds secrets of the server';
  if (open) return `Who calls this chooses the file of the server that is ${writes ? 'written' : 'read'}`;
  return `The server ${writes ? 'writes' : 'reads'} this file with its own account, wherever the script is run`;
}

import { foreignTables } from '../../facts/sql/fdw-options.ts';
import { isSensitivePath } from '../../facts/sql/server-paths.ts';
import { isTrialPath } from '../../facts/place.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'sql',
  severity: 'high',
  title: 'Foreign table runs a program or reads a secret file of the server',
  why: 'file_fdw runs the program, or opens the file, with the operating system account of the server each time that somebody reads the table. A GRANT of SELECT '
    + 'is all that others need, and whoever can replace the program is on the machine.',
  cwe: [78, 552],
  references: ['https://www.postgresql.org/docs/current/file-fdw.html'],
  examples: [
    {
      bad: "CREATE SERVER files FOREIGN DATA WRAPPER file_fdw;\nCREATE FOREIGN TABLE disk (line text) SERVER files OPTIONS («program 'df -h'»);\n",
      good: "CREATE SERVER files FOREIGN DATA WRAPPER file_fdw;\nCREATE FOREIGN TABLE disk (line text) SERVER files OPTIONS (filename '/srv/report/disk.csv');\n",
      because: 'Let a timer of the operating system write the file.',
    },
    { bad: "CREATE FOREIGN TABLE accounts (line text) SERVER files OPTIONS (format 'text', «filename '/etc/passwd'»);\n" },
    { bad: "ALTER FOREIGN TABLE disk OPTIONS (DROP filename, «ADD program '/tmp/x'»);\n" },
    { good: "CREATE FOREIGN TABLE log (line text) SERVER files OPTIONS (filename '/var/log/postgresql/postgresql.csv', format 'csv');\n" },
    { good: "CREATE FOREIGN TABLE shows (program text OPTIONS (column_name 'program')) SERVER db OPTIONS (table_name 'program');\n", because: 'That is the name of a column.' },
    { good: 'ALTER FOREIGN TABLE disk OPTIONS (DROP program);\n' },
  ],
  *check(facts) {
    const trial = isTrialPath(facts.document);
    for (const { command, table, options } of foreignTables(facts)) {
      for (const { keyword, value, span, drops } of options) {
        const program = keyword === 'program' && !drops;
        if (!program && !(keyword === 'filename' && value && isSensitivePath(value.value, false))) continue;
        const readers = `Whoever may read ${table.parts.at(-1)!.name.slice(0, 40)}`;
        yield {
          at: command.inFile(span),
          ...(trial && { severity: 'medium' as const }),
          message: program ? `${readers} runs this program on the server, with the server's own account` : `${readers} reads a file that holds secrets of the server`,
        };
      }
    }
  },
});

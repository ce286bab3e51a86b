import { fileAccesses } from '../../facts/sql/file-access.ts';
import { isTrial } from '../../facts/place.ts';
import { baseName } from '../../paths.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'sql',
  severity: 'high',
  title: 'SQL reads or writes files that decide who gets in',
  why: `One line in pg_hba.conf lets anybody in as superuser without a password, and postgresql.conf names programs that the server runs. Statements that write
these files leave nothing in the version control of the machine, and whoever injects SQL into them opens the server.`,
  cwe: [73, 552],
  references: [
    'https://www.postgresql.org/docs/current/sql-copy.html',
    'https://www.postgresql.org/docs/current/view-pg-hba-file-rules.html',
    'https://www.postgresql.org/docs/current/sql-altersystem.html',
  ],
  examples: [
    { bad: "COPY hba TO «'/var/lib/postgresql/data/pg_hba.conf'»;\n" },
    { bad: "COPY (SELECT 'host all all 0.0.0.0/0 trust') TO «E'C:\\\\\\\\data\\\\\\\\pg_hba.conf'»;\n" },
    { bad: "COPY hba FROM «'/etc/postgresql/18/main/pg_hba.conf'»;\n", good: 'SELECT * FROM pg_hba_file_rules;\n', because: 'Reading tells who gets in, and how: medium.' },
    { bad: "COPY t FROM PROGRAM «'echo host all all all trust >> $PGDATA/pg_hba.conf'»;\n" },
    { bad: "SELECT pg_file_write(«'pg_ident.conf'», 'm /^.*$ postgres', true);\nSELECT lo_export(4711, «'/srv/data/postgresql.auto.conf'»);\n" },
    { bad: "DO $$ BEGIN PERFORM pg_read_file(«'pg_hba.conf'»); END $$;\n", because: 'Reading: medium.' },
    { good: "SELECT * FROM pg_hba_file_rules;\nSELECT pg_reload_conf();\nSHOW hba_file;\n" },
    { good: "COPY t FROM '/srv/import/pg_hba.conf.csv';\nCOPY t FROM STDIN;\nCOPY t TO '/srv/export/hba.txt';\n" },
    { good: "INSERT INTO notes VALUES ('see pg_hba.conf');\n", because: 'Only a word about it.' },
    { good: "\\copy t from 'pg_hba.conf'\n", because: 'A file of the client.' },
  ],
  *check({ commands, document }) {
    for (const { command, at, text, mode } of commands.flatMap(fileAccesses)) {
      const found = mode === 'program' ? /\bpg_(hba|ident)\.conf\b|\bpostgresql(\.auto)?\.conf\b/.exec(text)?.[0] : baseName(text.replaceAll('\\', '/'));
      if (found === undefined || !/^(pg_(hba|ident)\.conf|postgresql(\.auto)?\.conf)$/.test(found)) continue;
      yield {
        at: command.inFile(at),
        message: mode === 'read'
          ? `SQL reads ${found}: whoever can run or change this statement learns how to get in`
          : `SQL writes ${found}: whoever can run or change this statement lets himself in as superuser`,
        severity: isTrial(document) ? 'info' : mode === 'read' ? 'medium' : 'high',
      };
    }
  },
});

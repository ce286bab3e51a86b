import { almostTaken } from '../../facts/sql/almost.ts';
import { displayRole, isBuiltinSuperuser } from '../../facts/sql/role-statements.ts';
import { isTrial } from '../../facts/place.ts';
import { grantedRoles, grantRepairs } from '../../facts/sql/role-grants.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'sql',
  severity: 'high',
  title: 'Role may run programs or touch files of the server',
  why: `pg_execute_server_program runs any program as the operating system user of the server, pg_write_server_files writes into the data directory,
pg_read_server_files reads pg_hba.conf, keys and the files of every table. Each of them is a way to become superuser.`,
  fixing: `The first fix takes the grant out of the file. Where the role needs one file or one program, let a superuser own a routine with SECURITY
DEFINER that does just that and takes no path from its caller. On servers that ran the statement, revoke it as well.`,
  cwe: [250, 78],
  references: ['https://www.postgresql.org/docs/current/predefined-roles.html', 'https://www.postgresql.org/docs/current/sql-copy.html'],
  examples: [
    { bad: 'CREATE ROLE app LOGIN;\nGRANT «pg_execute_server_program» TO app;\n', fixed: 'CREATE ROLE app LOGIN;\n' },
    { bad: 'GRANT pg_monitor, «pg_read_server_files», «pg_write_server_files» TO app; -- import\n', fixed: 'GRANT pg_monitor TO app; -- import\n' },
    { bad: 'CREATE ROLE app LOGIN IN ROLE «pg_write_server_files»;\n', fixed: 'CREATE ROLE app LOGIN;\n' },
    { bad: 'DO $$\nBEGIN\n  GRANT «pg_read_server_files» TO app;\nEND $$;\n', fixed: 'DO $$\nBEGIN\nEND $$;\n' },
    { good: 'REVOKE pg_execute_server_program FROM app;\nGRANT pg_monitor TO app;\n' },
    { good: 'GRANT pg_read_server_files TO postgres;\n', because: 'A superuser may do it anyway.' },
    { good: 'GRANT SELECT ON pg_execute_server_program TO app;\n', because: 'A privilege on a table of that name.' },
    { good: 'GRANT pg_read_server_files TO app;\nSELECT load();\nREVOKE pg_read_server_files FROM app;\n', because: 'The file takes it back.' },
  ],
  *check(facts) {
    for (const granted of grantedRoles(facts)) {
      const consequence = consequences.get(granted.role.name);
      if (consequence === undefined || granted.members.every(isBuiltinSuperuser)) continue;
      yield {
        at: granted.command.inFile(granted.role),
        message: `${granted.members.length === 1 ? displayRole(granted.members[0]!) : 'Each of these roles'} ${consequence}`,
        ...(isTrial(facts.document) && { severity: 'info' as const }),
        related: almostTaken(facts, granted, [granted.role]),
        fixes: grantRepairs(facts, granted).map((repair) => ({ ...repair, safety: 'review' })),
      };
    }
  },
});

const consequences: ReadonlyMap<string, string> = new Map(Object.entries({
  pg_execute_server_program: 'can run any program on the server as its operating system user',
  pg_write_server_files: 'can write any file of the server, pg_hba.conf among them',
  pg_read_server_files: 'can read any file of the server: keys, pg_hba.conf, every table',
}));

import { almostTaken } from '../../facts/sql/almost.ts';
import { displayRole, isBuiltinSuperuser } from '../../facts/sql/role-statements.ts';
import { isTrial } from '../../facts/place.ts';
import { grantedRoles, grantRepairs } from '../../facts/sql/role-grants.ts';
import { defineRule, type Severity } from '../rule.ts';

export default defineRule({
  language: 'sql',
  severity: 'medium',
  title: 'Role reaches the data of every schema',
  why: `Some predefined roles know no schema and no table: pg_read_all_data reads everything that is there and everything that will be, and
pg_write_all_data changes it. A table with secrets that somebody adds next year is open to the role from its first day.`,
  fixing: `The first fix takes the grant out of the file. Grant the role what it needs instead: SELECT on the tables of its schemas, and ALTER DEFAULT
PRIVILEGES for those to come. On servers that ran the statement, revoke it as well.`,
  cwe: [250],
  references: ['https://www.postgresql.org/docs/current/predefined-roles.html'],
  examples: [
    { bad: 'CREATE ROLE app LOGIN;\nGRANT «pg_write_all_data» TO app;\n', fixed: 'CREATE ROLE app LOGIN;\n' },
    { bad: 'GRANT «pg_read_all_data», pg_monitor TO reports; -- dashboards\n', fixed: 'GRANT pg_monitor TO reports; -- dashboards\n' },
    { bad: 'CREATE ROLE etl LOGIN IN ROLE «pg_create_subscription», writers;\n', fixed: 'CREATE ROLE etl LOGIN IN ROLE writers;\n' },
    { bad: 'GRANT «pg_read_all_data» TO backup;\n', because: 'Dumps need it: information.' },
    { bad: 'GRANT «pg_signal_backend» TO app;\n', fixed: '', because: 'It can only disturb others: information.' },
    { good: 'GRANT pg_monitor, pg_read_all_stats, pg_checkpoint, pg_use_reserved_connections TO app;\n', because: 'None of these reaches data.' },
    { good: 'GRANT pg_maintain TO app;\n', version: 16, because: 'From 17 on; before, the server refuses it.' },
    { good: 'GRANT pg_read_all_data TO postgres;\nREVOKE pg_read_all_data FROM app;\n' },
    { good: 'GRANT pg_read_all_data TO app;\nREVOKE pg_read_all_data FROM app;\n', because: 'The file takes it back.' },
  ],
  *check(facts) {
    for (const granted of grantedRoles(facts)) {
      const found = broad.get(granted.role.name);
      if (found === undefined || facts.document.version < found.since || granted.members.every(isBuiltinSuperuser)) continue;
      const dumps = granted.role.name === 'pg_read_all_data' && granted.members.every(({ name }) => copiesData.test(name));
      yield {
        at: granted.command.inFile(granted.role),
        message: `${granted.members.length === 1 ? displayRole(granted.members[0]!) : 'Each of these roles'} ${found.consequence}`,
        severity: dumps || isTrial(facts.document) ? 'info' : found.severity,
        related: almostTaken(facts, granted, [granted.role]),
        fixes: grantRepairs(facts, granted).map((repair) => ({ ...repair, safety: 'review' })),
      };
    }
  },
});

interface Broad {
  /** First major version that has it. */
  readonly since: number;
  readonly severity: Severity;
  readonly consequence: string;
}

const broad: ReadonlyMap<string, Broad> = new Map(Object.entries({
  pg_read_all_data: { since: 14, severity: 'medium', consequence: 'can read every table of every schema, also those that are still to come' },
  pg_write_all_data: { since: 14, severity: 'medium', consequence: 'can change every table of every schema, also those that are still to come' },
  pg_create_subscription: { since: 16, severity: 'medium', consequence: 'can make the server connect to others and bring in their rows' },
  pg_signal_backend: { since: 13, severity: 'info', consequence: 'can end the queries and sessions of all roles but superusers' },
  pg_maintain: { since: 17, severity: 'info', consequence: 'can lock every table with VACUUM FULL, CLUSTER or LOCK TABLE' },
}));

const copiesData = /backup|dump|barman|backrest/i;

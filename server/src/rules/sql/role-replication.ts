import { isTrial } from '../../facts/place.ts';
import { attributesInForce, displayRole, optionOf, takeAway } from '../../facts/sql/role-statements.ts';
import { isPlatformRole } from '../../facts/sql/trusted-roles.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'sql',
  severity: 'medium',
  title: 'Role may copy the whole cluster',
  why: `A role with REPLICATION can stream every change of every database and take a base backup of the whole cluster, password hashes included; no
privilege on tables is asked for. It can also keep replication slots that fill the disk until the server stops.`,
  fixing: `The fix takes the right away. Standbys and backup tools need it: give it to a role that does nothing else, and let that role in by records of
pg_hba.conf for replication from their addresses only.`,
  cwe: [250],
  references: [
    'https://www.postgresql.org/docs/current/role-attributes.html',
    'https://www.postgresql.org/docs/current/warm-standby.html#STREAMING-REPLICATION-AUTHENTICATION',
  ],
  examples: [
    { bad: 'CREATE ROLE app LOGIN «REPLICATION» CREATEDB;\n', fixed: 'CREATE ROLE app LOGIN NOREPLICATION CREATEDB;\n' },
    { bad: 'ALTER ROLE app WITH «replication»; -- debezium\n', fixed: 'ALTER ROLE app WITH noreplication; -- debezium\n' },
    { bad: "CREATE ROLE replicator LOGIN «REPLICATION» PASSWORD :'pw';\n", because: 'A role for replication and nothing else is how it should be: information.' },
    { good: 'CREATE ROLE app LOGIN NOREPLICATION;\nCREATE ROLE replication LOGIN;\n' },
    { good: 'ALTER ROLE postgres WITH REPLICATION;\nCREATE ROLE dba SUPERUSER REPLICATION;\n', because: 'A superuser may do it anyway.' },
    { good: 'ALTER ROLE app REPLICATION;\nALTER ROLE app NOREPLICATION;\n', because: 'The file takes it back.' },
  ],
  *check(facts) {
    for (const attribute of attributesInForce(facts, 'REPLICATION')) {
      const { statement, option } = attribute;
      const { command, role } = statement;
      const forNothingElse = statement.creates && !['CREATEDB', 'CREATEROLE', 'BYPASSRLS', 'IN ROLE'].some((name) => optionOf(statement, name)?.on);
      yield {
        at: command.inFile(option.at),
        message: `${displayRole(role)} can copy every database of this cluster, password hashes included`,
        ...((forNothingElse || isTrial(facts.document) || isPlatformRole(role.name)) && { severity: 'info' as const }),
        fixes: takeAway(attribute).map((repair) => ({ title: 'Take the right to replicate away', safety: 'review', ...repair })),
      };
    }
  },
});

import { isTrial } from '../../facts/place.ts';
import { attributesInForce, displayRole, takeAway } from '../../facts/sql/role-statements.ts';
import { isAdministrator, isPlatformRole } from '../../facts/sql/trusted-roles.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'sql',
  severity: 'medium',
  title: 'Role is a superuser',
  why: `For a superuser nothing is checked: no privilege, no policy. Whoever gets hold of its password, or injects SQL into a program that uses it,
reads and changes everything, runs programs on the machine and wipes the traces.`,
  fixing: `The fix makes the role an ordinary one. Grant it what it needs: privileges on its schema, pg_monitor for monitoring, a membership in the role
that owns the objects for migrations. What only a superuser may do fails for it from then on.`,
  cwe: [250, 269],
  references: ['https://www.postgresql.org/docs/current/role-attributes.html', 'https://www.postgresql.org/docs/current/predefined-roles.html'],
  examples: [
    { bad: "CREATE ROLE app LOGIN «SUPERUSER»;\n", fixed: 'CREATE ROLE app LOGIN NOSUPERUSER;\n' },
    { bad: 'alter user app with «superuser» createdb; -- for now\n', fixed: 'alter user app with nosuperuser createdb; -- for now\n' },
    { bad: 'DO $$ BEGIN CREATE ROLE app «SUPERUSER»; END $$;\n', fixed: 'DO $$ BEGIN CREATE ROLE app NOSUPERUSER; END $$;\n' },
    { bad: 'CREATE ROLE app «SUPERUSER»;\n', path: 'test/setup.sql', because: 'A database for tests: information.' },
    { good: 'CREATE ROLE app NOSUPERUSER LOGIN;\nCREATE ROLE superuser;\n' },
    { good: 'ALTER ROLE postgres WITH SUPERUSER INHERIT CREATEROLE CREATEDB LOGIN REPLICATION BYPASSRLS;\n', because: 'The role that every cluster begins with.' },
    { good: 'ALTER ROLE app SUPERUSER;\nCREATE EXTENSION postgis;\nALTER ROLE app NOSUPERUSER;\n', because: 'The file takes it back.' },
    { bad: "DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'dba') THEN CREATE ROLE dba «SUPERUSER»; ELSE ALTER ROLE dba «SUPERUSER»; END IF; END $$;\n" },
    { good: 'CREATE ROLE app SUPERUSER;\nDROP ROLE app;\nBEGIN;\nALTER ROLE web SUPERUSER;\nROLLBACK;\n', because: 'Nothing is left of it.' },
    { good: "-- ALTER ROLE app SUPERUSER;\nSELECT 'ALTER ROLE app SUPERUSER';\n" },
  ],
  *check(facts) {
    for (const attribute of attributesInForce(facts, 'SUPERUSER')) {
      const { statement: { command, role }, option } = attribute;
      yield {
        at: command.inFile(option.at),
        message: `Nothing is checked for ${displayRole(role)}: who takes it over has all data and the machine`,
        ...(isTrial(facts.document) || isPlatformRole(role.name) ? { severity: 'info' as const } : isAdministrator(role.name) ? { severity: 'low' as const } : {}),
        fixes: takeAway(attribute).map((repair) => ({ title: 'Make it an ordinary role', safety: 'review', ...repair })),
      };
    }
  },
});

import { isTrial } from '../../facts/place.ts';
import { attributesInForce, displayRole, takeAway } from '../../facts/sql/role-statements.ts';
import { isPlatformRole } from '../../facts/sql/trusted-roles.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'sql',
  severity: 'medium',
  title: 'Role is exempt from row-level security',
  why: `No policy of any table holds for such a role. A single injected query, or a query that forgot its WHERE, gives the rows of all tenants
to whoever sent it, and nothing in the tables themselves tells that they are open.`,
  fixing: `The fix takes the exemption away. Give the role policies of its own where it has to see more (CREATE POLICY … TO it USING (true)); they can be
limited to a table and to reading. A role that makes dumps keeps the exemption, and should then do nothing else.`,
  cwe: [863],
  references: ['https://www.postgresql.org/docs/current/role-attributes.html', 'https://www.postgresql.org/docs/current/ddl-rowsecurity.html'],
  examples: [
    { bad: 'CREATE ROLE app LOGIN «BYPASSRLS»;\n', fixed: 'CREATE ROLE app LOGIN NOBYPASSRLS;\n' },
    { bad: 'ALTER ROLE app WITH «bypassrls»; -- support\n', fixed: 'ALTER ROLE app WITH nobypassrls; -- support\n' },
    { bad: 'CREATE ROLE backup LOGIN «BYPASSRLS»;\n', because: 'Dumps need it: information.' },
    { good: 'CREATE ROLE app LOGIN NOBYPASSRLS;\nCREATE ROLE bypassrls;\n' },
    { good: 'CREATE ROLE service_role NOLOGIN BYPASSRLS;\n', because: 'The role by which Supabase means just that.' },
    { good: 'CREATE ROLE dba SUPERUSER BYPASSRLS;\n', because: 'No policy holds for a superuser anyway.' },
    { good: 'ALTER ROLE app BYPASSRLS;\nUPDATE orders SET tenant = 1;\nALTER ROLE app NOBYPASSRLS;\n', because: 'The file takes it back.' },
  ],
  *check(facts) {
    for (const attribute of attributesInForce(facts, 'BYPASSRLS')) {
      const { statement: { command, role }, option } = attribute;
      if (supabaseRoles.test(role.name)) continue;
      yield {
        at: command.inFile(option.at),
        message: `No row-level security holds for ${displayRole(role)}: it sees and changes the rows of everybody`,
        ...((isTrial(facts.document) || isPlatformRole(role.name) || copiesData.test(role.name)) && { severity: 'info' as const }),
        fixes: takeAway(attribute).map((repair) => ({ title: 'Let policies hold for it', safety: 'review', ...repair })),
      };
    }
  },
});

const supabaseRoles = /^(service_role|supabase_\w+)$/;
const copiesData = /backup|dump|barman|backrest|repl|standby/i;

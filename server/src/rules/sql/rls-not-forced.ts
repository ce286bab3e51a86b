import { almostGuarded } from '../../facts/sql/almost.ts';
import { isGuarded, shownRelation, targetOf } from '../../facts/sql/rls.ts';
import { mendBehind } from '../../facts/sql/mending.ts';
import { isAdministrator } from '../../facts/sql/trusted-roles.ts';
import { defineRule, flag, names } from '../rule.ts';

export default defineRule({
  language: 'sql',
  severity: 'medium',
  title: 'The owner of the table passes by its policies',
  why: 'Policies do not hold for the owner of a table. When the application logs in as that owner, as is common, no policy ever applies to it, '
    + 'and one injected query reads the rows of all tenants.',
  fixing: 'Adds FORCE ROW LEVEL SECURITY, so that the owner is held to the policies as well; superusers and roles with BYPASSRLS are not. Jobs and '
    + 'migrations that run as the owner see fewer rows afterwards: look for them first.',
  cwe: [863],
  references: ['https://www.postgresql.org/docs/current/ddl-rowsecurity.html'],
  options: {
    applicationRoles: names([], 'Roles that the application logs in as.'),
    unknownOwners: flag(false, 'Also report tables whose owner the files do not name, as information.'),
  },
  examples: [
    {
      bad: 'CREATE ROLE app LOGIN;\nCREATE TABLE doc (id int, tenant int);\nALTER TABLE doc OWNER TO app;\nALTER TABLE doc «ENABLE ROW LEVEL SECURITY»;\nCREATE POLICY p ON doc USING (tenant = 1);\n',
      fixed: 'CREATE ROLE app LOGIN;\nCREATE TABLE doc (id int, tenant int);\nALTER TABLE doc OWNER TO app;\nALTER TABLE doc ENABLE ROW LEVEL SECURITY;\nALTER TABLE doc FORCE ROW LEVEL SECURITY;\nCREATE POLICY p ON doc USING (tenant = 1);\n',
    },
    {
      bad: 'CREATE TABLE doc (id int);\nALTER TABLE doc OWNER TO web, «ENABLE ROW LEVEL SECURITY»;\nCREATE POLICY p ON doc USING (true);\n',
      options: { applicationRoles: ['web'] },
    },
    { bad: 'CREATE TABLE doc (id int);\nALTER TABLE doc «ENABLE ROW LEVEL SECURITY»;\nCREATE POLICY p ON doc USING (true);\n', options: { unknownOwners: true } },
    { good: 'CREATE TABLE doc (id int);\nALTER TABLE doc ENABLE ROW LEVEL SECURITY;\nCREATE POLICY p ON doc USING (true);\n', because: 'Who owns it is not known, and need not be who logs in.' },
    {
      good: 'CREATE ROLE app LOGIN;\nCREATE ROLE app_owner;\nCREATE TABLE doc (id int);\nALTER TABLE doc OWNER TO app_owner;\nALTER TABLE doc ENABLE ROW LEVEL SECURITY;\nCREATE POLICY p ON doc USING (true);\n',
      because: 'Nobody logs in as the owner.',
    },
    {
      good: 'CREATE ROLE app LOGIN;\nCREATE TABLE doc (id int);\nALTER TABLE doc OWNER TO app;\nALTER TABLE doc ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;\nCREATE POLICY p ON doc USING (true);\n',
    },
    { good: 'CREATE ROLE app LOGIN;\nCREATE TABLE doc (id int);\nALTER TABLE doc OWNER TO app;\nALTER TABLE doc ENABLE ROW LEVEL SECURITY;\n', because: 'Without a policy FORCE would lock the owner out.' },
  ],
  *check(facts, { applicationRoles, unknownOwners }) {
    for (const table of facts.objects.relations) {
      const { place } = table.rls;
      if (!isGuarded(table) || table.forced.on === true || table.policies.length === 0 || !place || !facts.here(place)) continue;
      const owner = table.owner.role;
      const logsIn = owner !== undefined && (applicationRoles.includes(owner) || facts.schema.role(owner)?.attributes.login.on === true);
      if (!logsIn && !(unknownOwners && owner === undefined)) continue;
      const statement = `ALTER TABLE ${targetOf(table)} FORCE ROW LEVEL SECURITY;`;
      yield {
        at: place.at,
        message: logsIn ? `Whoever logs in as ${owner}, the owner of ${shownRelation(table)}, passes by its policies` : `Whoever logs in as the owner of ${shownRelation(table)} passes by its policies`,
        ...(!logsIn ? { severity: 'info' as const } : isAdministrator(owner) && !applicationRoles.includes(owner) ? { severity: 'low' as const } : {}),
        related: [...table.owner.place ? [facts.related(table.owner.place, 'This makes it the owner')] : [], ...almostGuarded(facts, table, 'forced')],
        fixes: mendBehind(facts, place, statement, 'Hold the owner to the policies as well'),
      };
    }
  },
});

import { almostGuarded } from '../../facts/sql/almost.ts';
import { grantees, isGuarded, shownRelation, targetOf } from '../../facts/sql/rls.ts';
import { mendBehind } from '../../facts/sql/mending.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'sql',
  severity: 'medium',
  title: 'Partition can be read past the policies of its parent',
  why: 'Policies belong to one table. A query that names the partition, or the child of a guarded table, itself is not held to the policies of the '
    + 'parent, so whoever has a privilege on it sees all of its rows.',
  fixing: 'Enables row-level security for the partition. Queries through the parent go on as before; direct ones see nothing until it has policies of its own.',
  cwe: [862],
  references: ['https://www.postgresql.org/docs/current/ddl-rowsecurity.html'],
  examples: [
    {
      bad: 'CREATE TABLE app.doc (id int, owner name) PARTITION BY LIST (id);\nCREATE TABLE «app.doc1» PARTITION OF app.doc FOR VALUES IN (1);\nALTER TABLE app.doc ENABLE ROW LEVEL SECURITY;\nCREATE POLICY p ON app.doc USING (owner = current_user);\nGRANT SELECT ON ALL TABLES IN SCHEMA app TO web;\n',
      fixed: 'CREATE TABLE app.doc (id int, owner name) PARTITION BY LIST (id);\nCREATE TABLE app.doc1 PARTITION OF app.doc FOR VALUES IN (1);\nALTER TABLE app.doc1 ENABLE ROW LEVEL SECURITY;\nALTER TABLE app.doc ENABLE ROW LEVEL SECURITY;\nCREATE POLICY p ON app.doc USING (owner = current_user);\nGRANT SELECT ON ALL TABLES IN SCHEMA app TO web;\n',
    },
    {
      good: 'CREATE TABLE app.doc (id int, owner name) PARTITION BY LIST (id);\nCREATE TABLE app.doc1 PARTITION OF app.doc FOR VALUES IN (1);\nALTER TABLE app.doc ENABLE ROW LEVEL SECURITY;\nCREATE POLICY p ON app.doc USING (owner = current_user);\nGRANT SELECT ON app.doc TO web;\n',
      because: 'Nobody else has a privilege on the partition.',
    },
    {
      good: 'CREATE TABLE app.doc (id int, owner name) PARTITION BY LIST (id);\nCREATE TABLE app.doc1 PARTITION OF app.doc FOR VALUES IN (1);\nGRANT SELECT ON ALL TABLES IN SCHEMA app TO web;\n',
    },
  ],
  *check(facts) {
    for (const child of facts.objects.relations) {
      if (child.kind !== 'table' || !child.known || !facts.here(child.place) || child.rls.on === true) continue;
      const parent = child.parents.map(({ schema, name }) => facts.schema.relation(schema, name)).find((table) => table && isGuarded(table) && table.policies.length > 0);
      const [grant] = ['SELECT', 'UPDATE', 'DELETE'].flatMap((privilege) => grantees(child, privilege));
      if (!parent || !grant) continue;
      const statement = `ALTER TABLE ${targetOf(child)} ENABLE ROW LEVEL SECURITY;`;
      yield {
        at: child.place.at,
        message: `${grant.grantee === 'public' ? 'Every role' : grant.grantee} can read ${shownRelation(child)} itself, past the policies of ${shownRelation(parent)}`,
        related: [...(parent.rls.place ? [facts.related(parent.rls.place, 'Only the parent is guarded')] : []), ...(grant.place ? [facts.related(grant.place, 'This gives the privilege on it')] : []), ...almostGuarded(facts, child, 'rls')],
        fixes: mendBehind(facts, child.place, statement, `Enable row-level security for ${shownRelation(child)}`),
      };
    }
  },
});

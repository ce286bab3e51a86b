import { append, withPlaceholder } from '../../facts/sql/append.ts';
import { isTopLevel, later } from '../../facts/sql/mending.ts';
import { shownRelation, targetOf } from '../../facts/sql/rls.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'sql',
  severity: 'info',
  title: 'Row-level security without any policy',
  why: 'Without a policy nobody but the owner, superusers and roles with BYPASSRLS sees a row of the table. That keeps data safe, and is sometimes '
    + 'meant, but an application that works today may do so only because it logs in as the owner.',
  fixing: 'Writes a policy for you to complete: say which rows a role may see. Leave it out when nobody else is meant to read the table.',
  cwe: [],
  references: ['https://www.postgresql.org/docs/current/ddl-rowsecurity.html'],
  examples: [
    {
      bad: 'CREATE TABLE doc (id int, owner name);\nALTER TABLE doc «ENABLE ROW LEVEL SECURITY»;\n',
      good: 'CREATE TABLE doc (id int, owner name);\nALTER TABLE doc ENABLE ROW LEVEL SECURITY;\nCREATE POLICY doc_owner ON doc USING (owner = current_user);\n',
    },
    { good: 'ALTER TABLE storage.objects ENABLE ROW LEVEL SECURITY;\n', because: 'The table is made elsewhere, and so may its policies.' },
    {
      path: 'V1__doc.sql', files: { 'V2__policies.sql': 'CREATE POLICY own ON doc USING (owner = current_user);\n' },
      good: 'CREATE TABLE doc (id int, owner name);\nALTER TABLE doc ENABLE ROW LEVEL SECURITY;\n',
    },
  ],
  *check(facts) {
    for (const table of facts.objects.relations) {
      const { place } = table.rls;
      if (!table.known || table.rls.on !== true || table.policies.length > 0 || !place || !facts.here(place)) continue;
      const head = `CREATE POLICY ${table.name.replace(/\W/g, '_')}_policy ON ${targetOf(table)} USING (`;
      const statement = `${head}owner = current_user);`;
      const edit = isTopLevel(place) ? append(facts.document.text, place.statement, [statement]) : undefined;
      const start = edit ? edit.text.lastIndexOf(head) + head.length : 0;
      yield {
        at: place.at,
        message: `Nobody but its owner sees a row of ${shownRelation(table)}: no policy says who may`,
        fixes: edit ? [{ title: 'Write a policy', safety: 'review', edits: [withPlaceholder(edit, start, { start: 0, end: 'owner = current_user'.length })], ...later(statement, 'owner = current_user') }] : [],
      };
    }
  },
});

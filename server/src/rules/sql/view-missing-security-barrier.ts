import { isInitdbScript } from '../../facts/place.ts';
import { grantees, isOn, shownRelation } from '../../facts/sql/rls.ts';
import { optionFixes } from '../../facts/sql/view-options.ts';
import { builtins } from '../../catalog/builtins.ts';
import { Cursor } from '../../facts/sql/cursor.ts';
import type { Relation } from '../../facts/objects.ts';
import type { Place } from '../../facts/schema.ts';
import { defineRule } from '../rule.ts';

export default defineRule({
  language: 'sql',
  severity: 'medium',
  title: 'View that hides rows leaks them to functions of the reader',
  why: 'Without security_barrier PostgreSQL may run a function from the query of the reader before the condition of the view. A cheap function of his '
    + 'own that prints its arguments then shows him the rows that the view was made to hide.',
  fixing: 'Adds security_barrier, so that the condition of the view is always checked first. Queries on the view may use indexes less well: compare '
    + 'the plans of those that matter.',
  cwe: [200],
  references: ['https://www.postgresql.org/docs/current/rules-privileges.html'],
  examples: [
    {
      bad: 'CREATE VIEW «mine» AS SELECT * FROM phone WHERE owner = current_user;\nGRANT SELECT ON mine TO PUBLIC;\n',
      fixed: 'CREATE VIEW mine WITH (security_barrier = true) AS SELECT * FROM phone WHERE owner = current_user;\nGRANT SELECT ON mine TO PUBLIC;\n',
    },
    { bad: "CREATE VIEW «v» AS SELECT * FROM doc WHERE tenant = current_setting('app.tenant')::int;\nGRANT SELECT, UPDATE ON v TO web;\n" },
    { good: 'CREATE VIEW mine WITH (security_barrier) AS SELECT * FROM phone WHERE owner = current_user;\nGRANT SELECT ON mine TO PUBLIC;\n' },
    { good: 'CREATE VIEW mine WITH (security_invoker = true) AS SELECT * FROM phone WHERE owner = current_user;\nGRANT SELECT ON mine TO PUBLIC;\n', because: 'The reader may read the table anyway.' },
    { good: 'CREATE VIEW open AS SELECT * FROM orders WHERE NOT closed;\nGRANT SELECT ON open TO web;\n', because: 'Its condition is not about who asks.' },
    { good: 'CREATE VIEW mine AS SELECT * FROM phone WHERE owner = current_user;\n', because: 'Nobody else may read it.' },
    { good: 'CREATE VIEW v AS SELECT id, current_user AS who FROM doc;\nGRANT SELECT ON v TO web;\n', because: 'No row is hidden.' },
    { good: "CREATE VIEW information_schema.mine AS SELECT rolname FROM pg_authid WHERE pg_has_role(oid, 'USAGE');\nGRANT SELECT ON information_schema.mine TO PUBLIC;\n", because: 'PostgreSQL brings these views along.' },
    {
      good: "CREATE VIEW mine AS SELECT c.relname FROM pg_catalog.pg_class c, pg_namespace n WHERE n.oid = c.relnamespace AND pg_has_role(c.relowner, 'USAGE');\nGRANT SELECT ON mine TO PUBLIC;\n",
      because: 'Every role reads these catalogues anyway.',
    },
    { bad: 'CREATE VIEW «mine» AS SELECT p.* FROM phone p, pg_roles r WHERE r.rolname = current_user AND p.owner = r.oid;\nGRANT SELECT ON mine TO web;\n' },
    { good: '/*\n * src/backend/catalog/information_schema.sql\n */\nCREATE VIEW mine AS SELECT * FROM t WHERE owner = current_user;\nGRANT SELECT ON mine TO PUBLIC;\n', because: 'It is how PostgreSQL makes every new cluster.' },
  ],
  *check(facts) {
    if (isInitdbScript(facts.document)) return;
    for (const view of facts.objects.relations) {
      if (view.kind !== 'view' || !view.known || !view.query || !facts.here(view.query)) continue;
      if (isOn(view, 'security_barrier') || isOn(view, 'security_invoker')) continue;
      const [grant] = grantees(view, 'SELECT');
      if (!grant || !asksWho(view.query) || showsCatalogs(view)) continue;
      yield {
        at: view.query.at,
        message: `${grant.grantee === 'public' ? 'Every role' : grant.grantee} can see the rows that ${shownRelation(view)} hides, through a function of its own`,
        related: grant.place ? [facts.related(grant.place, 'This lets it read the view')] : [],
        fixes: optionFixes(view, 'security_barrier', 'Check the condition of the view first'),
      };
    }
  },
});

/** All that it reads are relations of PostgreSQL itself, whose secrets no view of an application hides. */
function showsCatalogs({ schema, reads }: Relation): boolean {
  if (schema === 'information_schema') return true;
  return reads.length > 0 && reads.every(({ name, schema }) => name.startsWith('pg_') && builtins.relation.has(name) && (schema ?? 'pg_catalog') === 'pg_catalog');
}

/** A condition of the query depends on who asks. */
function asksWho({ statement }: Place): boolean {
  const cursor = Cursor.over(statement.written);
  while (!cursor.done && cursor.word() !== 'WHERE') cursor.index++;
  for (; !cursor.done; cursor.index++) {
    if (/^(CURRENT_USER|SESSION_USER|CURRENT_ROLE)$/.test(cursor.word())) return true;
    if (/^(CURRENT_SETTING|PG_HAS_ROLE|UID)$/.test(cursor.word()) && cursor.here(1) === '(') return true;
  }
  return false;
}

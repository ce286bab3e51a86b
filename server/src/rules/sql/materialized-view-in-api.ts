import { isExposed, readersOf } from '../../facts/sql/api.ts';
import { shownRelation, targetOf } from '../../facts/sql/rls.ts';
import { mendBehind } from '../../facts/sql/mending.ts';
import { defineRule, names } from '../rule.ts';

export default defineRule({
  language: 'sql',
  severity: 'medium',
  title: 'Materialized view can be read through the API',
  why: 'A materialized view has no policies. In an exposed schema Supabase grants it to anon and authenticated, so everybody reads all of it over HTTP, '
    + 'also what came from tables that are guarded.',
  fixing: 'Takes the privileges from the API roles. Offer what clients need through a function or a view that looks who asks.',
  cwe: [863],
  references: ['https://supabase.com/docs/guides/database/database-advisors?lint=0016_materialized_view_in_api'],
  presets: ['supabase'],
  options: { exposedSchemas: names(['public'], 'Schemas that the API exposes.') },
  examples: [
    {
      bad: 'CREATE MATERIALIZED VIEW «sales» AS SELECT shop, sum(price) FROM orders GROUP BY shop;\n',
      fixed: 'CREATE MATERIALIZED VIEW sales AS SELECT shop, sum(price) FROM orders GROUP BY shop;\nREVOKE ALL ON sales FROM anon, authenticated;\n',
    },
    { bad: 'CREATE MATERIALIZED VIEW «sales» AS SELECT 1 AS n;\nREVOKE ALL ON sales FROM anon, authenticated;\nGRANT SELECT ON sales TO authenticated;\n', because: 'The later GRANT gives it back.' },
    { good: 'GRANT SELECT ON ALL TABLES IN SCHEMA public TO anon;\nCREATE MATERIALIZED VIEW sales AS SELECT 1 AS n;\nGRANT SELECT ON sales TO PUBLIC;\nREVOKE SELECT ON sales FROM anon, authenticated, PUBLIC;\n' },
    { good: 'CREATE MATERIALIZED VIEW private.sales AS SELECT 1 AS n;\n' },
    { good: 'CREATE MATERIALIZED VIEW sales AS SELECT 1 AS n;\nREVOKE ALL ON TABLE sales FROM anon, authenticated;\n' },
  ],
  *check(facts, { exposedSchemas }) {
    for (const view of facts.objects.relations) {
      if (view.kind !== 'materialized view' || !view.query || !facts.here(view.query) || !isExposed(view, exposedSchemas) || readersOf(view).length === 0) continue;
      const statement = `REVOKE ALL ON ${targetOf(view)} FROM anon, authenticated;`;
      yield {
        at: view.query.at,
        message: `Every client of the API can read all of ${shownRelation(view)}: a materialized view has no policies`,
        fixes: mendBehind(facts, view.query, statement, 'Keep the API roles out'),
      };
    }
  },
});

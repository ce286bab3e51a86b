import { beforeAll, expect, test } from 'vitest';
import { lint } from '../../server/src/lint.ts';
import { loadPostgresFromDisk } from '../../server/src/node-wasm.ts';
import { filesOf } from '../files.ts';

beforeAll(loadPostgresFromDisk);

/** What is said of a routine that runs the query it is given. */
function messageFor(body: string): string | undefined {
  const text = `CREATE FUNCTION app.run(q text) RETURNS SETOF json LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$ BEGIN ${body} END $$;\n`;
  const { findings } = lint({ path: '/schema.sql', text, language: 'sql', version: 18, files: filesOf({}) });
  return findings.find(({ rule }) => rule === 'sql/security-definer-whole-query')?.message;
}

const run = "RETURN QUERY EXECUTE format('SELECT row_to_json(t) FROM (%s) t', q);";
const refuse = "RAISE EXCEPTION 'SELECT only';";

test.each([
  `IF q NOT ILIKE 'select%' THEN ${refuse} END IF; ${run}`,
  `IF lower(ltrim(q)) NOT LIKE 'select %' AND lower(ltrim(q)) NOT LIKE 'with %' THEN ${refuse} END IF; ${run}`,
  `IF q !~* '^\\s*(select|with)\\M' THEN ${refuse} END IF; ${run}`,
  `IF upper(left(q, 6)) <> 'SELECT' THEN ${refuse} END IF; ${run}`,
])('%s', (body) => {
  expect(messageFor(body)).toMatch(/; that it begins with SELECT protects nothing$/);
});

test('nothing is said of a check that is not there', () => {
  expect(messageFor(run)).not.toMatch(/begins/);
  expect(messageFor(run)).toBeDefined();
});

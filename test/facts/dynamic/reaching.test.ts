import { beforeAll, describe, expect, it } from 'vitest';
import { findDynamicSql } from '../../../server/src/facts/flow.ts';
import { loadPostgresFromDisk } from '../../../server/src/node-wasm.ts';
import { splitStatements } from '../../../server/src/syntax/sql/statements.ts';

beforeAll(loadPostgresFromDisk);

const run = `EXECUTE 'DROP TABLE ' || v;`;
const check = `IF v !~ '^[a-z]+$' THEN RAISE 'no'; END IF;`;

function seen(body: string): string[] {
  const text = `CREATE FUNCTION app.f(x text, y text, n int) RETURNS SETOF text LANGUAGE plpgsql AS $f$ DECLARE v text; BEGIN ${body} END $f$;`;
  return findDynamicSql(splitStatements(text)).flatMap(({ risks }) => risks.map(({ severity }) => severity));
}

describe('a value of a branch that leaves', () => {
  it.each([
    `v := quote_ident(x); IF n = 1 THEN v := y; RETURN; END IF; ${run}`,
    `v := quote_ident(x); IF n = 1 THEN v := y; RAISE 'no %', v; END IF; ${run}`,
    `v := quote_ident(x); IF n = 1 THEN NULL; ELSIF n = 2 THEN v := y; RETURN; ELSE NULL; END IF; ${run}`,
    `v := quote_ident(x); CASE n WHEN 1 THEN v := y; RETURN; ELSE NULL; END CASE; ${run}`,
    `v := quote_ident(x); FOR i IN 1..n LOOP IF i = 3 THEN v := y; RETURN; END IF; ${run} END LOOP;`,
    `v := x; ${check} IF n = 1 THEN v := y; RETURN; END IF; ${run}`,
    `BEGIN v := quote_ident(x); IF n = 1 THEN v := y; RAISE 'no'; END IF; ${run} EXCEPTION WHEN others THEN NULL; END;`,
  ])('does not come behind it: %s', (body) => {
    expect(seen(body)).toEqual([]);
  });

  it.each([
    ['it runs there', `v := quote_ident(x); IF n = 1 THEN v := y; ${run} RETURN; END IF;`],
    ['only a notice', `v := quote_ident(x); IF n = 1 THEN v := y; RAISE NOTICE 'no'; END IF; ${run}`],
    ['only a row', `v := quote_ident(x); IF n = 1 THEN v := y; RETURN NEXT v; END IF; ${run}`],
    ['only some leave', `v := quote_ident(x); IF n = 1 THEN v := y; IF n > 2 THEN RETURN; END IF; END IF; ${run}`],
    ['the error is caught', `v := quote_ident(x); BEGIN IF n = 1 THEN v := y; RAISE 'no'; END IF; EXCEPTION WHEN others THEN NULL; END; ${run}`],
    ['where the error is caught', `BEGIN v := quote_ident(x); IF n = 1 THEN v := y; RAISE 'no'; END IF; EXCEPTION WHEN others THEN ${run} END;`],
    ['a loop is left before', `v := quote_ident(x); LOOP IF n = 1 THEN v := y; EXIT WHEN n > 2; RETURN; END IF; END LOOP; ${run}`],
    ['the check does not speak of it', `v := x; ${check} IF n = 1 THEN v := y; ${run} RETURN; END IF;`],
    ['the loop comes round', `v := x; ${check} IF n = 1 THEN LOOP ${run} v := y; END LOOP; RETURN; END IF;`],
  ])('is told: %s', (_why, body) => {
    expect(seen(body)).toEqual(['medium']);
  });
});

describe('a value that every branch replaces', () => {
  it.each([
    `v := x; IF n = 1 THEN v := quote_ident(v); ELSE v := 'a'; END IF; ${run}`,
    `v := x; IF n = 1 THEN v := 'a'; ELSIF n = 2 THEN v := 'b'; ELSE RAISE 'no'; END IF; ${run}`,
    `v := x; CASE n WHEN 1 THEN v := 'a'; WHEN 2 THEN v := 'b'; END CASE; ${run}`,
    `v := x; IF n = 1 THEN IF y = 'a' THEN v := 'a'; ELSE v := 'b'; END IF; ELSE v := 'c'; END IF; ${run}`,
    `v := x; FOR i IN 1..n LOOP IF i = 1 THEN v := 'a'; ELSIF i = 2 THEN v := 'b'; ELSE CONTINUE; END IF; ${run} v := x; END LOOP;`,
    `v := x; IF n = 1 THEN v := y; v := 'a'; ELSE v := 'b'; END IF; ${run}`,
  ])('does not come behind them: %s', (body) => {
    expect(seen(body)).toEqual([]);
  });

  it.each([
    ['one branch leaves it', `v := x; IF n = 1 THEN v := 'a'; ELSIF n = 2 THEN NULL; ELSE v := 'b'; END IF; ${run}`],
    ['no branch may run', `v := x; IF n = 1 THEN v := 'a'; ELSIF n = 2 THEN v := 'b'; END IF; ${run}`],
    ['the loop may not run', `v := x; FOR i IN 1..n LOOP IF i = 1 THEN v := 'a'; ELSE v := 'b'; END IF; END LOOP; ${run}`],
    ['a loop is left before', `v := 'c'; LOOP IF n = 1 THEN v := x; EXIT WHEN n > 2; v := 'a'; ELSE v := 'b'; END IF; END LOOP; ${run}`],
    ['an error comes before', `v := x; BEGIN IF n = 1 THEN PERFORM 1 / n; v := 'a'; ELSE v := 'b'; END IF; EXCEPTION WHEN others THEN NULL; END; ${run}`],
    ['it is appended to', `v := x; IF n = 1 THEN v := v || '_a'; ELSE v := 'b'; END IF; ${run}`],
  ])('is told: %s', (_why, body) => {
    expect(seen(body)).toEqual(['medium']);
  });
});

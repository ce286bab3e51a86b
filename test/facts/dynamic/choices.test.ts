import { beforeAll, describe, expect, it } from 'vitest';
import { findDynamicSql } from '../../../server/src/facts/flow.ts';
import { loadPostgresFromDisk } from '../../../server/src/node-wasm.ts';
import { splitStatements } from '../../../server/src/syntax/sql/statements.ts';

beforeAll(loadPostgresFromDisk);

function seen(body: string): string[] {
  const text = `CREATE FUNCTION app.f(x text, y text, b boolean) RETURNS void LANGUAGE plpgsql AS $b$ DECLARE q text; BEGIN ${body} END $b$;`;
  return findDynamicSql(splitStatements(text)).flatMap(({ risks }) => risks).map((risk) => `${risk.severity} ${text.slice(risk.at.start, risk.at.end)}`);
}

const run = `EXECUTE 'SELECT 1 FROM app.' || x;`;

describe('a branch whose last statement leaves in all its branches', () => {
  it.each([
    `IF x NOT IN ('a', 'b') THEN IF b THEN RAISE EXCEPTION 'no'; ELSE RAISE WARNING 'no'; RETURN; END IF; END IF; ${run}`,
    `IF x NOT IN ('a', 'b') THEN CASE WHEN b THEN RAISE EXCEPTION 'no'; WHEN y = '' THEN RETURN; END CASE; END IF; ${run}`,
    `IF x NOT IN ('a') THEN IF b THEN RETURN; ELSE IF y = '' THEN RETURN; ELSE RAISE 'no'; END IF; END IF; END IF; ${run}`,
    `FOR i IN 1 .. 2 LOOP IF x NOT IN ('a') THEN IF b THEN CONTINUE; ELSE RETURN; END IF; END IF; ${run} END LOOP;`,
  ])('%s', (body) => {
    expect(seen(body)).toEqual([]);
  });

  it.each([
    `IF x NOT IN ('a', 'b') THEN IF b THEN RAISE EXCEPTION 'no'; ELSE RAISE WARNING 'no'; END IF; END IF; ${run}`,
    `IF x NOT IN ('a', 'b') THEN IF b THEN RAISE EXCEPTION 'no'; END IF; END IF; ${run}`,
    `IF x NOT IN ('a', 'b') THEN IF b THEN RETURN; ELSE RETURN; END IF; END IF; x := y; ${run}`,
    `FOR i IN 1 .. 2 LOOP IF x NOT IN ('a') THEN IF b THEN EXIT; ELSE RETURN; END IF; END IF; END LOOP; ${run}`,
    `BEGIN IF x NOT IN ('a') THEN IF b THEN RAISE 'no'; ELSE RETURN; END IF; END IF; EXCEPTION WHEN others THEN NULL; END; ${run}`,
  ])('but not %s', (body) => {
    expect(seen(body)).toEqual(['medium x']);
  });
});

describe('CASE with conditions', () => {
  it.each([
    `CASE WHEN lower(x) = 'a' THEN ${run} ELSE RAISE EXCEPTION 'no'; END CASE;`,
    `q := 'SELECT 1 FROM app.' || x; CASE WHEN (lower(x) = 'a') THEN EXECUTE q || ' WHERE true'; ELSE NULL; END CASE;`,
    `CASE WHEN b THEN NULL; WHEN x IN ('a', 'b') THEN ${run} ELSE NULL; END CASE;`,
    `CASE WHEN x !~ '^[a-z]+$' THEN RAISE EXCEPTION 'no'; ELSE NULL; END CASE; ${run}`,
    `CASE WHEN x !~ '^[a-z]+$' THEN NULL; ELSE ${run} END CASE;`,
  ])('%s', (body) => {
    expect(seen(body)).toEqual([]);
  });

  it.each([
    `CASE WHEN lower(x) <> 'a' THEN ${run} ELSE RAISE EXCEPTION 'no'; END CASE;`,
    `CASE WHEN x IN ('a', 'b') THEN NULL; ELSE ${run} END CASE;`,
    `CASE WHEN b THEN NULL; WHEN x !~ '^[a-z]+$' THEN RAISE EXCEPTION 'no'; ELSE NULL; END CASE; ${run}`,
    `q := 'SELECT 1 FROM app.' || x; x := 'a'; CASE WHEN x = 'a' THEN EXECUTE q; ELSE NULL; END CASE;`,
  ])('but not %s', (body) => {
    expect(seen(body)).toEqual(['medium x']);
  });
});

describe('what every way through a statement has been told', () => {
  it.each([
    `IF x IN ('a', 'b') THEN PERFORM 1; ELSE RAISE EXCEPTION 'no'; END IF; ${run}`,
    `IF x = 'a' THEN q := '1'; ELSIF x = 'b' THEN q := '2'; ELSE RETURN; END IF; ${run}`,
    `CASE WHEN x = 'a' THEN q := '1'; WHEN x = 'b' THEN q := '2'; END CASE; ${run}`,
    `IF x = 'a' THEN IF b THEN RETURN; END IF; ELSE RAISE 'no'; END IF; ${run}`,
  ])('%s', (body) => {
    expect(seen(body)).toEqual([]);
  });

  it.each([
    `IF x IN ('a', 'b') THEN PERFORM 1; END IF; ${run}`,
    `IF x IN ('a', 'b') THEN PERFORM 1; ELSE RAISE NOTICE 'no'; END IF; ${run}`,
    `IF x = 'a' THEN NULL; ELSIF b THEN NULL; ELSE RETURN; END IF; ${run}`,
    `IF x = 'a' THEN x := y; ELSE RETURN; END IF; ${run}`,
    `BEGIN IF x = 'a' THEN NULL; ELSE RAISE 'no'; END IF; EXCEPTION WHEN others THEN NULL; END; ${run}`,
  ])('but not %s', (body) => {
    expect(seen(body).map((one) => one.replace(/y$/, 'x'))).toContain('medium x');
  });
});

import { beforeAll, describe, expect, it } from 'vitest';
import { findDynamicSql } from '../../../server/src/facts/flow.ts';
import { loadPostgresFromDisk } from '../../../server/src/node-wasm.ts';
import { splitStatements } from '../../../server/src/syntax/sql/statements.ts';

beforeAll(loadPostgresFromDisk);

function seen(body: string, made = ''): string[] {
  const text = `${made}\nCREATE FUNCTION app.run(x text) RETURNS void LANGUAGE plpgsql AS $$ DECLARE v text; w text; BEGIN ${body} END $$;`;
  return findDynamicSql(splitStatements(text)).flatMap(({ risks }) => risks).map(({ at, severity, problem }) => `${severity} ${problem} ${text.slice(at.start, at.end)}`);
}

describe('a statement that a function makes of which nothing is known', () => {
  it('is told where the function is called', () => {
    expect(seen('EXECUTE app.build(x);')).toEqual(['info result app.build(x)']);
    expect(seen(`EXECUTE 'SELECT ' || app.build(x);`)).toEqual(['info concatenated app.build(x)']);
  });

  it.each([
    `v := app.build(x); EXECUTE v;`, `SELECT app.build(x) INTO v; EXECUTE v;`, `FOR v IN SELECT app.build(x) LOOP EXECUTE v; END LOOP;`, `v := app.build(x); EXECUTE v || ' LIMIT 1';`,
    `IF x = '' THEN v := app.build(x); ELSE v := app.other(x); END IF; EXECUTE v;`,
    `SELECT * INTO v FROM app.build(x); EXECUTE v;`, `FOR v IN SELECT * FROM app.build(x) LOOP EXECUTE v; END LOOP;`,
  ])('is told where a variable holds it: %s', (body) => {
    expect(seen(body)).toEqual(['info result v']);
  });

  it.each([
    `v := app.build(x); IF v NOT IN ('VACUUM', 'ANALYZE') THEN RAISE 'no'; END IF; EXECUTE v;`,
    `v := app.build(x); IF v !~ '^[a-z]+$' THEN RAISE 'no'; END IF; EXECUTE v;`,
    `v := app.build(x); v := 'SELECT 1'; EXECUTE v;`, `v := pg_get_viewdef('app.t'); EXECUTE v;`, `v := quote_ident(x); EXECUTE v;`,
  ])('is not told where something is known of it: %s', (body) => {
    expect(seen(body)).toEqual([]);
  });

  it.each([
    [`v := 'DROP TABLE ' || x; IF x = '' THEN SELECT * INTO v FROM app.build(x); END IF; EXECUTE v;`, ['medium concatenated x']],
    [`v := 'DROP TABLE ' || quote_ident(x); IF x = '' THEN SELECT * INTO v FROM app.t; END IF; EXECUTE v;`, ['info whole v']],
    [`SELECT value INTO v FROM app.t; IF NOT FOUND THEN SELECT * INTO v FROM app.build(x); END IF; EXECUTE v;`, ['info whole v']],
  ])('hides nothing of what else a variable holds: %s', (body, expected) => {
    expect(seen(body)).toEqual(expected);
  });

  it('may be made by a function of the workspace', () => {
    const made = `CREATE FUNCTION app.build(x text) RETURNS text LANGUAGE sql AS $$ SELECT format('DROP TABLE %I', x) $$;`;
    expect(seen('v := app.build(x); EXECUTE v;', made)).toEqual([]);
  });
});

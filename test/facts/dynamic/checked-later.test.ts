import { beforeAll, describe, expect, it } from 'vitest';
import { findDynamicSql } from '../../../server/src/facts/flow.ts';
import { loadPostgresFromDisk } from '../../../server/src/node-wasm.ts';
import { splitStatements } from '../../../server/src/syntax/sql/statements.ts';

beforeAll(loadPostgresFromDisk);

function seen(declared: string, body: string, clause = ''): string[] {
  const text = `CREATE FUNCTION app.f(x text, y text) RETURNS void LANGUAGE plpgsql ${clause} AS $b$ DECLARE n text; ${declared} BEGIN ${body} END $b$;`;
  return findDynamicSql(splitStatements(text)).flatMap(({ risks }) => risks).map(({ at, severity }) => `${severity} ${text.slice(at.start, at.end)}`);
}

describe('what was made of a value before the value is looked up', () => {
  const lookUp = `SELECT t.kind INTO n FROM app.kinds t WHERE t.name = x; IF n IS NULL THEN RAISE EXCEPTION 'no'; END IF;`;
  const run = `EXECUTE 'SELECT 1 FROM app.t WHERE t.' || k || ' = 1';`;

  it.each([
    [`k text := substr(x, 3) || '_key';`, 'low substr(x, 3)'],
    [`k text := 'key_' || lower(trim(x));`, 'low lower(trim(x))'],
  ])('%s', (declared, told) => {
    expect(seen(declared, `${lookUp} ${run}`)).toEqual([told]);
  });

  it('says as much of a text that is made of several', () => {
    const fails = (made: string, name: string) => seen(`k text := ${made};`, `n := app.columns_of(${name}); IF n IS NULL THEN RAISE EXCEPTION 'no'; END IF; EXECUTE 'DELETE FROM ' || k;`);
    expect(fails(`x || '.' || y`, 'k')).toEqual(['low x', 'low y']);
    expect(fails(`x || '.' || y`, 'x')).toEqual(['low x', 'medium y']);
  });

  it.each([
    [`k text := substr(y, 3) || '_key';`, lookUp, 'medium substr(y, 3)'],
    [`k text := replace(x, 'a', y) || '_key';`, lookUp, "medium replace(x, 'a', y)"],
    [`k text;`, `${lookUp} x := y; k := substr(x, 3) || '_key';`, 'medium substr(x, 3)'],
    [`k text := substr(x, 3) || '_key';`, `SELECT t.kind INTO n FROM app.kinds t WHERE t.name = x;`, 'medium substr(x, 3)'],
  ])('but not %s %s', (declared, before, told) => {
    expect(seen(declared, `${before} ${run}`)).toContain(told);
  });
});

describe('the role of now', () => {
  const run = (role: string) => `EXECUTE 'CREATE INDEX i_' || ${role} || ' ON app.t (a)';`;

  it.each(['current_user', 'user', 'current_role'])('%s is the owner of a definer', (role) => {
    expect(seen('', run(role), 'SECURITY DEFINER')).toEqual([`info ${role}`]);
    expect(seen(`r text := ${role};`, run('r'), 'SECURITY DEFINER')).toEqual(['info r']);
    expect(seen('', run(role))).toEqual([`info ${role}`]);
  });

  it('session_user is not, nor what else is a name there', () => {
    expect(seen('', run('session_user'), 'SECURITY DEFINER')).toEqual(['medium session_user']);
    expect(seen('', run('current_schema()'), 'SECURITY DEFINER')).toEqual(['medium current_schema()']);
    expect(seen('', run('current_user || x'), 'SECURITY DEFINER')).toContain('high x');
  });
});

describe('a joined name that a cast has to find', () => {
  const run = `EXECUTE 'ALTER TABLE ' || x || '.' || y || ' ADD z int';`;

  it.each([
    `n := (SELECT format_type(c.atttypid, c.atttypmod) FROM pg_attribute c WHERE c.attrelid = (x || '.' || y)::regclass AND c.attname = 'a');`,
    `SELECT c.attname INTO n FROM pg_attribute c WHERE c.attrelid = (quote_ident(x) || '.' || quote_ident(y))::regclass LIMIT 1;`,
    `SELECT c.attname INTO n FROM pg_attribute c WHERE format('%I.%I', x, y)::regclass = c.attrelid LIMIT 1;`,
    `n := (x || '.' || y)::regclass;`,
    `PERFORM (x || '.' || y)::regclass;`,
  ])('%s', (before) => {
    expect(seen('', `${before} ${run}`)).toEqual(['info x', 'info y']);
  });

  it.each([
    `n := (SELECT 'a' FROM pg_attribute c WHERE c.attrelid = (x || '.' || y)::regclass OR c.attname = 'a');`,
    `SELECT c.attname INTO n FROM pg_attribute c WHERE c.attrelid = to_regclass(x || '.' || y);`,
    `n := app.made(x || '.' || y)::regclass;`,
    `n := coalesce('app.t', (x || '.' || y)::regclass::text);`,
    `n := (x || '.' || y)::text;`,
    `PERFORM 1 FROM app.t WHERE app.t.id > (x || '.' || y)::regclass;`,
  ])('but not %s', (before) => {
    expect(seen('', `${before} ${run}`).map((one) => one.replace('low', 'medium'))).toEqual(['medium x', 'medium y']);
  });
});

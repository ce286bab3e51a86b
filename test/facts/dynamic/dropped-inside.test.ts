import { beforeAll, describe, expect, it } from 'vitest';
import { findDynamicSql } from '../../../server/src/facts/flow.ts';
import { loadPostgresFromDisk } from '../../../server/src/node-wasm.ts';
import { splitStatements } from '../../../server/src/syntax/sql/statements.ts';

beforeAll(loadPostgresFromDisk);

function seen(text: string): string[] {
  return findDynamicSql(splitStatements(text)).flatMap(({ risks }) => risks).map(({ severity, message }) => `${severity}${message.endsWith('; what creates the routine drops it again') ? ' dropped' : ''}`);
}

const makes = (name = 'app.helper', or = '') => `CREATE ${or}FUNCTION ${name}(t text) RETURNS void LANGUAGE plpgsql AS $h$ BEGIN EXECUTE 'TRUNCATE ' || t; END $h$`;
const call = `PERFORM app.helper(r.name);`;
const routine = (body: string, header = 'app.tidy(n int) RETURNS void') => `CREATE FUNCTION ${header} LANGUAGE plpgsql AS $b$ DECLARE r record; v text; BEGIN ${body} END $b$;`;
const loop = (inside: string) => `FOR r IN SELECT name FROM app.tabs LOOP ${inside} END LOOP;`;

describe('a helper that a routine creates, calls and drops', () => {
  it.each([
    `${makes()}; ${loop(call)} DROP FUNCTION app.helper(text);`,
    `${makes('helper')}; ${loop('PERFORM helper(r.name);')} DROP FUNCTION IF EXISTS helper(text);`,
    `EXECUTE $e$ ${makes()} $e$; ${loop(call)} EXECUTE 'DROP FUNCTION app.helper(text)';`,
    `EXECUTE $e$ ${makes('app.helper', 'OR REPLACE ')} $e$; SELECT app.helper('a') INTO v; DROP ROUTINE app.helper;`,
    `${makes()}; IF n > 1 THEN ${loop(call)} END IF; DROP FUNCTION app.helper;`,
    `${makes()}; CREATE TABLE IF NOT EXISTS app.done (n int); ${loop(call)} DROP FUNCTION app.helper;`,
    `IF n > 1 THEN ${makes()}; ${loop(call)} DROP FUNCTION app.helper; END IF;`,
  ])('is given what the routine gives it: %s', (body) => {
    expect(seen(routine(body))).toEqual(['low dropped']);
    expect(seen(`DO $b$ DECLARE r record; v text; n int; BEGIN ${body} END $b$;`)).toEqual(['low dropped']);
  });

  it.each([
    `${makes()}; ${loop(call)}`,
    `${makes()}; DROP FUNCTION app.helper(text);`,
    `${makes()}; GRANT EXECUTE ON FUNCTION app.helper(text) TO public; DROP FUNCTION app.helper(text);`,
    `DROP FUNCTION IF EXISTS app.helper(text); ${makes()}; ${loop(call)}`,
    `${makes()}; ${loop(call)} -- DROP FUNCTION app.helper(text);\n`,
    `${makes()}; ${loop(call)} DROP FUNCTION app.helper2(text);`,
    `${makes()}; ${loop(call)} IF n > 1 THEN DROP FUNCTION app.helper(text); END IF;`,
    `${makes()}; ${loop(call)} IF n > 1 THEN RETURN; END IF; DROP FUNCTION app.helper(text);`,
    `${makes()}; ${loop(call)} DROP FUNCTION app.helper(text); ${makes()};`,
  ])('stays: %s', (body) => {
    expect(new Set(seen(routine(body)))).toEqual(new Set(['medium']));
  });

  it('is given what others choose', () => {
    const passing = (value: string) => `${makes()}; PERFORM app.helper(${value}); DROP FUNCTION app.helper(text);`;
    expect(seen(routine(passing('x'), 'app.tidy(x text) RETURNS void'))).toEqual(['medium']);
    expect(seen(routine(`v := x; ${passing('v')}`, 'app.tidy(x text) RETURNS void'))).toEqual(['medium']);
    expect(seen(routine(passing('$1'), 'app.tidy(text) RETURNS void'))).toEqual(['medium']);
    expect(seen(routine(passing('NEW.name'), 'app.tidy() RETURNS trigger'))).toEqual(['medium']);
    expect(seen(routine(passing(`'a'`), 'app.tidy(x text) RETURNS void'))).toEqual(['low dropped']);
  });
});

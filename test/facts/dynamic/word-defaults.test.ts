import { beforeAll, describe, expect, it } from 'vitest';
import { findDynamicSql } from '../../../server/src/facts/flow.ts';
import { loadPostgresFromDisk } from '../../../server/src/node-wasm.ts';
import { splitStatements } from '../../../server/src/syntax/sql/statements.ts';

beforeAll(loadPostgresFromDisk);

function risks(parameters: string, body: string) {
  const table = 'CREATE TABLE app.t (id int, a text);';
  const text = `${table} CREATE FUNCTION app.f(${parameters}) RETURNS void LANGUAGE plpgsql AS $b$ DECLARE c text; BEGIN ${body} END $b$;`;
  return findDynamicSql(splitStatements(text)).flatMap((one) => one.risks);
}

describe('a parameter that is SQL when it is left out', () => {
  const column = `EXECUTE 'SELECT ' || p || ' FROM app.t';`;
  const value = `EXECUTE 'UPDATE app.t SET a = ' || p;`;
  const count = (fallback: string, body: string) => risks(`p text${fallback}`, body).map(({ fixes }) => fixes.length > 0);

  it.each([`DEFAULT 'null'`, `= 'true'`, `DEFAULT '1'`, `DEFAULT '*'`, `DEFAULT 'null'::text`, `DEFAULT 'ID'`, `DEFAULT ''`])('has no fix as a name: %s', (fallback) => {
    expect(count(` ${fallback}`, column)).toEqual([false]);
  });

  it.each([`DEFAULT 'null'`, `DEFAULT 'now()'`, `DEFAULT 'current_date'`])('has no fix as a value: %s', (fallback) => {
    expect(count(` ${fallback}`, value)).toEqual([false]);
  });

  it.each([['', column], [` DEFAULT 'id'`, column], [' DEFAULT NULL', column], [', q text = \'null\'', column], ['', value], [` DEFAULT 'open'`, value], [` DEFAULT '1'`, value]])('has one otherwise: %s %s', (fallback, body) => {
    expect(count(fallback, body)).toEqual([true]);
  });
});

describe('a list whose elements are quoted and that is cut then', () => {
  const told = (body: string) => risks('a text[], p text', body).map(({ message, fixes }) => `${message} ${fixes.length}`);
  const quoted = (by: string) => `array_to_string(ARRAY(SELECT ${by}(x) FROM unnest(a) x), ', ')`;

  it('needs no quotes around its elements', () => {
    expect(told(`c := regexp_replace(${quoted('quote_literal')}, ', [^,]*$', ''); EXECUTE 'SELECT 1 FROM app.t WHERE a IN (' || c || ')';`))
      .toEqual(['A caller can put SQL of their own into this statement through c; its elements are quoted, but cut afterwards: cut them before 0']);
  });

  it('is no name that could be quoted once more', () => {
    expect(told(`SELECT string_agg(quote_ident(x), ', ') INTO c FROM unnest(a) x; c := regexp_replace(c, ', [^,]*$', ''); EXECUTE 'SELECT ' || c || ' FROM app.t';`)).toEqual([expect.stringMatching(/ 0$/)]);
  });

  it('is told as before where nobody quotes', () => {
    expect(told(`c := regexp_replace(array_to_string(a, ', '), ', [^,]*$', ''); EXECUTE 'SELECT 1 FROM app.t WHERE a IN (' || c || ')';`)).toEqual([expect.stringContaining('quote each part of it')]);
    expect(told(`c := regexp_replace(${quoted('quote_literal')}, ',\\s*$', ''); EXECUTE 'SELECT 1 FROM app.t WHERE a IN (' || c || ')';`)).toEqual([]);
  });
});

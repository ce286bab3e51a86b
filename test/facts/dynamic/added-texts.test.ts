import { beforeAll, describe, expect, it } from 'vitest';
import { findDynamicSql } from '../../../server/src/facts/flow.ts';
import { loadPostgresFromDisk } from '../../../server/src/node-wasm.ts';
import { splitStatements } from '../../../server/src/syntax/sql/statements.ts';

beforeAll(loadPostgresFromDisk);

function seen(body: string) {
  const text = `CREATE FUNCTION app.f(x text, y text, l text[]) RETURNS void LANGUAGE plpgsql AS $f$ DECLARE q text := 'DELETE FROM app.t WHERE true'; e text; BEGIN ${body} END $f$;`;
  return findDynamicSql(splitStatements(text)).flatMap(({ risks }) => risks).map(({ at, severity, problem }) => `${severity} ${problem} ${text.slice(at.start, at.end)}`);
}

describe('a variable whose name is written in quotes', () => {
  const told = (body: string, declarations = '"q" text; "e" text; r record; "Q" text;') => {
    const text = `CREATE FUNCTION app.f(x text, l text[]) RETURNS void LANGUAGE plpgsql AS $f$ DECLARE ${declarations} BEGIN ${body} END $f$;`;
    return findDynamicSql(splitStatements(text)).flatMap(({ risks }) => risks).map(({ severity }) => severity);
  };

  it.each([
    `"q" := 'DROP TABLE ' || x; EXECUTE "q";`, `"q" = 'DROP TABLE ' || x; EXECUTE q;`, `q := 'DROP TABLE '; "q" := "q" || x; EXECUTE q;`, `"r".f := x; EXECUTE 'DROP TABLE ' || r.f;`,
    `FOREACH "e" IN ARRAY l LOOP EXECUTE 'DROP TABLE ' || e; END LOOP;`, `"Q" := 'DROP TABLE ' || x; EXECUTE "Q";`,
  ])('is filled like others: %s', (body) => {
    expect(told(body)).toEqual(['medium']);
  });

  it('is another one than the same name without them, when it has capitals', () => {
    expect(told(`"Q" := 'DROP TABLE ' || x; q := 'SELECT 1'; EXECUTE q;`)).toEqual([]);
  });
});

describe('a text that grows', () => {
  it.each([
    [`q := concat(q, ' AND a = ', quote_literal(e));`, []],
    [`q := concat(q, ' AND a = ''', y, '''');`, ['medium concatenated y']],
    [`q := CONCAT( Q , ' AND ', y, ' IS NULL');`, ['medium concatenated y']],
    [`q := format('%s AND a = %L', q, e);`, []],
    [`q := format('%s AND c <> '''' AND a = %L AND b = %s', q, e, y);`, ['medium formatted y']],
    [`q := coalesce(q, '') || ' AND a = ' || y;`, ['medium concatenated y']],
  ])('is followed part by part also in a loop: %s', (grows, told) => {
    expect(seen(`FOREACH e IN ARRAY l LOOP ${grows} END LOOP; EXECUTE q;`)).toEqual(told);
    expect(seen(`${grows} ${grows} EXECUTE rtrim(q, ', ');`).slice(0, 1)).toEqual(told);
  });

  it('begins with what was in it before', () => {
    expect(seen(`q := x; q := concat(q, ' AND a = ', quote_literal(y)); EXECUTE concat('DELETE FROM app.t WHERE ', q);`)).toEqual(['medium fragment x']);
    expect(seen(`q := concat(q, ' AND a = ''', x); q := concat(q, ''' AND b = ', quote_literal(y)); EXECUTE q;`)).toEqual(['medium concatenated x']);
  });

  it('is replaced when something else stands first', () => {
    expect(seen(`q := x; q := concat('DELETE FROM app.t', ''); EXECUTE q;`)).toEqual([]);
    expect(seen(`q := x; q := format('DELETE FROM app.t WHERE a = %L', y); EXECUTE q;`)).toEqual([]);
  });
});

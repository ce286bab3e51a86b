import { beforeAll, describe, expect, it } from 'vitest';
import { findDynamicSql } from '../../../server/src/facts/flow.ts';
import { loadPostgresFromDisk } from '../../../server/src/node-wasm.ts';
import { splitStatements } from '../../../server/src/syntax/sql/statements.ts';

beforeAll(loadPostgresFromDisk);

function seen(body: string, returns = 'void'): string[] {
  const text = `CREATE FUNCTION app.f(x text, y text, fmt text) RETURNS ${returns} LANGUAGE plpgsql AS $b$ DECLARE r record; part text; BEGIN ${body} END $b$;`;
  return findDynamicSql(splitStatements(text)).flatMap(({ risks }) => risks).map(({ at, severity }) => `${severity} ${text.slice(at.start, at.end)}`);
}

describe('the row that a recursive query begins with', () => {
  const loop = (first: string, next: string, rest: string) =>
    seen(`FOR r IN WITH RECURSIVE d (o_name, depth) AS (SELECT ${first} UNION SELECT ${next} FROM pg_class c JOIN d ON d.o_name = c.reltoastrelid::regclass::text) SELECT o_name, depth FROM ${rest} LOOP EXECUTE 'DROP VIEW ' || r.o_name; END LOOP;`);

  it.each([
    ['x, 0', 'c.relname, d.depth + 1', 'd WHERE depth > 0'],
    ['x, 0', 'c.relname, depth + 1', 'd AS e WHERE e.depth <> 0 AND e.o_name IS NOT NULL'],
    ['x, 1', 'c.relname, d.depth + 1', 'd WHERE depth >= 2 ORDER BY depth'],
  ])('does not come out: %s, %s, %s', (first, next, rest) => {
    expect(loop(first, next, rest)).toEqual(['info r.o_name']);
  });

  it.each([
    ['x, 0', 'c.relname, d.depth + 1', 'd WHERE depth >= 0'],
    ['x, 0', 'c.relname, d.depth + 1', 'd'],
    ['x, 0', 'd.o_name, d.depth + 1', 'd WHERE depth > 0'],
    ['x, 0', 'o_name::name, d.depth + 1', 'd WHERE depth > 0'],
    ['x, 0', 'c.relname, d.depth + 1', `d WHERE depth > 0 OR o_name <> ''`],
    ['x, 1', 'c.relname, d.depth + 1', 'd WHERE depth > 0'],
    ['x, length(y)', 'c.relname, d.depth + 1', 'd WHERE depth > 0'],
    ['x, 0', 'c.relname, d.depth + 1', 'd WHERE depth > 0 UNION SELECT o_name, depth FROM d'],
  ])('but does here: %s, %s, %s', (first, next, rest) => {
    expect(loop(first, next, rest)).toEqual(['medium r.o_name']);
  });
});

describe('to_char() with a picture that is not written here', () => {
  const run = `EXECUTE 'INSERT INTO app.t_' || part || ' VALUES (1)'; RETURN NULL;`;

  it('gives the letters of the picture, whoever writes the value', () => {
    expect(seen(`part := to_char(new.x, 'YYYYMM'); ${run}`, 'trigger')).toEqual([]);
    expect(seen(`SELECT p.picture INTO r FROM app.parts p; part := to_char(new.x, r.picture); ${run}`, 'trigger')).toEqual(['low part']);
    expect(seen(`part := to_char(now(), fmt); ${run}`)).toEqual(['medium part']);
    expect(seen(`part := to_char(new.x, new.picture); ${run}`, 'trigger')).toEqual(['medium part']);
  });

  it('is one that is known in a body that a routine creates, or not', () => {
    const create = (value: string) => seen(`SELECT p.picture INTO part FROM app.parts p; EXECUTE 'CREATE FUNCTION app.x() RETURNS trigger LANGUAGE plpgsql AS $c$ DECLARE part text; BEGIN part := ${value}; EXECUTE ''INSERT INTO app.t_'' || part || '' VALUES (1)''; RETURN NULL; END $c$';`);
    expect(create(`to_char(new.x, ' || quote_literal(part) || ')`)).not.toContain('medium part');
    expect(create(`lower(new.x)`)).toContain('medium part');
  });
});

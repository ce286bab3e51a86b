import { beforeAll, describe, expect, it } from 'vitest';
import { saysWhichSigns } from '../../../server/src/facts/dynamic/bounded-pattern.ts';
import { findDynamicSql } from '../../../server/src/facts/flow.ts';
import { loadPostgresFromDisk } from '../../../server/src/node-wasm.ts';
import { splitStatements } from '../../../server/src/syntax/sql/statements.ts';

beforeAll(loadPostgresFromDisk);

function levels(body: string, declarations = 'v text;'): string[] {
  const text = `CREATE FUNCTION app.f(x text, y text) RETURNS void LANGUAGE plpgsql AS $b$ DECLARE ${declarations} BEGIN ${body} END $b$;`;
  return findDynamicSql(splitStatements(text)).flatMap(({ risks }) => risks).map(({ severity }) => severity);
}

const run = (value: string) => `EXECUTE 'SELECT * FROM app.t WHERE a = ' || ${value};`;

describe('patterns for the whole value', () => {
  it.each(['^\\d+(.\\d+)?$', '^[a-z]+.[a-z]+$', '^a.b.c.d$', '^(a|b).?c$', '^[.a*]+$', '^\\.+$'])('say which signs there are: %s', (pattern) => {
    expect(saysWhichSigns(pattern, false)).toBe(true);
  });

  it.each(['^.*$', '^.+$', '^.{20}$', '^(.)*$', '^(a.?)+$', '^((.))+$', '^(.a){2}$', '^....$', '^\\d+(.\\d+)?', '^a|.$', '^\\D$', '^[^a]$', "^a.'$"])('say nothing: %s', (pattern) => {
    expect(saysWhichSigns(pattern, false)).toBe(false);
  });
});

describe('a check in an expression of which nobody can tell what it lets through', () => {
  const number = `x ~ '^\\d+(.\\d+)?$'`;

  it.each([
    run(`CASE WHEN ${number} THEN x ELSE quote_literal(x) END`),
    run(`(CASE WHEN ${number} AND y = '' THEN x ELSE 'NULL' END)`),
    run(`CASE WHEN NOT ${number} THEN quote_literal(x) ELSE x END`),
    run(`CASE WHEN x !~ '^\\d+(.\\d+)?$' THEN quote_literal(x) ELSE x END`),
    `v := CASE WHEN ${number} THEN x ELSE quote_literal(x) END; ${run('v')}`,
    run(`CASE WHEN EXISTS (SELECT 1 FROM app.numbers n WHERE lower(n.code) = upper(x)) THEN x ELSE '0' END`),
    `IF ${number} THEN ${run('x')} END IF;`,
  ])('lowers it: %s', (body) => {
    expect(levels(body)).toEqual(['low']);
  });

  it.each([
    run(`CASE WHEN ${number} THEN quote_literal(x) ELSE x END`),
    run(`CASE WHEN ${number} THEN y ELSE quote_literal(x) END`),
    run(`CASE WHEN x ~ '^.+$' THEN x ELSE quote_literal(x) END`),
    run(`CASE WHEN x ~ '\\d+(.\\d+)?$' THEN x ELSE quote_literal(x) END`),
    run(`CASE WHEN length(x) > 3 THEN x ELSE quote_literal(x) END`),
    `IF x ~ '^.+$' THEN ${run('x')} END IF;`,
    `v := CASE WHEN ${number} THEN 'a' ELSE 'b' END; ${run('x')}`,
  ])('does not: %s', (body) => {
    expect(levels(body)).toEqual(['medium']);
  });

  it('which says enough leaves nothing', () => {
    expect(levels(run(`CASE WHEN x ~ '^\\d+(\\.\\d+)?$' THEN x ELSE quote_literal(x) END`))).toEqual([]);
  });
});
